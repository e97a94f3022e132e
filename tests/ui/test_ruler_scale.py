from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetrics

from app.ui.ruler_scale import NARROWEST_STEP_PX, label, step_for, ticks
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan


@given(st.integers(64, 48_000 * 3600 * 30), st.integers(200, 4000), st.sampled_from([8_000, 44_100, 48_000, 192_000]))
def test_labels_never_come_closer_than_they_are_wide(frames: int, width: int, rate_hz: int) -> None:
    shown = [tick.x for tick in ticks(ViewSpan.whole(frames), width, rate_hz) if tick.label is not None]

    gaps = [after - before for before, after in pairwise(shown)]
    assert all(gap >= NARROWEST_STEP_PX - 0.01 for gap in gaps)
    assert len(shown) <= width / NARROWEST_STEP_PX + 2


@given(st.floats(0.001, 1e6))
def test_steps_begin_with_one_two_or_five(frames_per_px: float) -> None:
    step = step_for(frames_per_px, 48_000)
    figure = step.frames if step.seconds is None else step.seconds
    if step.seconds is not None and step.seconds >= 60:
        figure = step.seconds / 60 if step.seconds < 3600 else step.seconds / 3600

    assert f"{figure:.0e}"[0] in "125"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (7.0, ["0:00", "0:01", "0:02"]),
        (3.0, ["0:00.0", "0:00.5", "0:01.0"]),
        (0.1, ["0:00.00", "0:00.01", "0:00.02"]),
        (0.004, ["0:00.000", "0:00.001", "0:00.002"]),
        (600.0, ["0:00", "1:00", "2:00"]),
        (36_000.0, ["0:00", "1:00:00", "2:00:00"]),
    ],
)
def test_labels_are_as_fine_as_the_step(seconds: float, expected: list[str]) -> None:
    shown = ticks(ViewSpan.whole(round(seconds * 48_000)), 1022, 48_000)

    assert [tick.label for tick in shown if tick.label is not None][:3] == expected


def test_closest_up_the_ruler_counts_samples() -> None:
    assert label(3, step_for(0.05, 48_000)) == "30 samples"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(16, 4000), st.floats(0, 1), st.integers(0, 9))
def test_names_of_samples_have_room_also_after_hours(theme: Theme, length: int, share: float, digits: int) -> None:
    total = max(4 * 10**digits, length)
    start = share * (total - length)
    metrics = QFontMetrics(theme.font("caption", medium=True))

    shown = [tick for tick in ticks(ViewSpan(start, start + length, total), 1200, 192_000) if tick.label is not None]

    for tick, after in pairwise(shown):
        assert tick.x + 4 + metrics.horizontalAdvance(tick.label or "") < after.x


def test_a_named_tick_stands_exactly_on_its_sample() -> None:
    span = ViewSpan(4_146_999_960.5, 4_147_000_000.5, 4_147_200_000)

    named = [tick for tick in ticks(span, 1000, 192_000) if tick.label is not None]

    assert named[0].label == "4,146,999,970 samples"
    assert [tick.x for tick in named] == [
        pytest.approx(span.x_of(4_146_999_970 + 10 * number, 1000)) for number in range(len(named))
    ]


def test_there_are_three_quarter_ticks_between_two_names() -> None:
    names = [tick.label is not None for tick in ticks(ViewSpan.whole(48_000 * 4), 1000, 48_000)]

    assert names[:9] == [True, False, False, False, True, False, False, False, True]
