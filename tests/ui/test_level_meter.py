from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.ui.level_meter import FLOOR_DBFS, HOLD_S, LevelMeter, Needle, dbfs_of, height_share
from app.ui.theme import Theme


@given(st.floats(0, 100))
def test_any_amplitude_has_a_level_and_a_height(amplitude: float) -> None:
    level = dbfs_of(amplitude)

    assert level >= FLOOR_DBFS
    assert 0 <= height_share(level) <= 1


def test_levels_are_decibels_below_full_scale() -> None:
    assert dbfs_of(1.0) == 0
    assert dbfs_of(0.5) == pytest.approx(-6.02, abs=0.01)
    assert (height_share(0), height_share(-60)) == (1, 0)


@given(st.lists(st.tuples(st.floats(-80, 6), st.floats(0.001, 0.2)), max_size=60))
def test_the_peak_is_never_below_the_level(steps: list[tuple[float, float]]) -> None:
    needle = Needle()

    for level, elapsed_s in steps:
        needle.advance(level, elapsed_s)
        assert needle.held_dbfs >= needle.level_dbfs >= max(level, FLOOR_DBFS)


def test_it_rises_at_once_and_falls_twenty_decibels_a_second() -> None:
    needle = Needle()

    needle.advance(-6.0, 0.016)
    assert needle.level_dbfs == -6.0
    needle.advance(-60.0, 0.5)
    assert needle.level_dbfs == pytest.approx(-16.0)


def test_the_peak_stays_for_a_while_and_then_falls() -> None:
    needle = Needle()
    needle.advance(-6.0, 0.016)

    for _ in range(14):
        needle.advance(-60.0, 0.1)
    assert needle.held_dbfs == -6.0
    needle.advance(-60.0, HOLD_S)
    assert needle.held_dbfs < -6.0


def test_the_bar_shows_danger_in_other_colours(theme: Theme, qtbot: QtBot) -> None:
    meter = LevelMeter(theme, head_px=0)
    qtbot.addWidget(meter)
    meter.resize(44, 200)
    meter.show()

    meter.advance([-20.0, 0.0], 0.016)

    image = meter.grab().toImage()
    left = {image.pixelColor(3, y).name() for y in range(200)}
    right = {image.pixelColor(12, y).name() for y in range(200)}
    assert theme.color("accent").name() in left
    assert theme.color("warn").name() not in left
    assert {theme.color(role).name() for role in ("accent", "warn", "err")} <= right


def test_it_sinks_to_rest_when_the_sound_stops(theme: Theme, qtbot: QtBot) -> None:
    meter = LevelMeter(theme)
    qtbot.addWidget(meter)
    meter.show()
    meter.set_channels(1)
    meter.advance([-58.0], 0.016)

    meter.let_fall()

    qtbot.waitUntil(lambda: meter.levels_dbfs == (FLOOR_DBFS,))
    meter.hide()
    assert meter.is_at_rest


def test_silence_has_no_logarithm() -> None:
    assert dbfs_of(0.0) == FLOOR_DBFS
    assert not math.isnan(dbfs_of(0.0))


@pytest.mark.parametrize("scale", [0.8, 1.0, 1.25, 1.5, 2.0])
def test_the_numbers_end_before_the_edge_at_every_size_of_text(theme: Theme, qtbot: QtBot, scale: float) -> None:
    theme.set_text_scale(scale)
    meter = LevelMeter(theme)
    qtbot.addWidget(meter)
    meter.resize(meter.sizeHint().width(), theme.px(300))

    image = meter.grab().toImage()

    ground = image.pixelColor(image.width() - 1, 0)
    last = image.width() - 1
    assert all(image.pixelColor(last, y) == ground for y in range(image.height()))
    assert any(image.pixelColor(last - theme.px(5), y) != ground for y in range(theme.px(58), image.height()))
