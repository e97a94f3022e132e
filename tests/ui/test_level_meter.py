"""What the meter shows of a sound: its mean, its peak, where the peak was, and that it clipped."""

from __future__ import annotations

import math
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.level_meter import LevelMeter
from app.ui.needle import FLOOR_DBFS, HOLD_S, Needle, dbfs_of, height_share
from app.ui.theme import Theme

TICK_S = 0.016


class Paints(QObject):
    """Counts what a widget paints."""

    def __init__(self, meter: LevelMeter) -> None:
        super().__init__(meter)
        self.areas: list[QRect] = []
        meter.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.areas.append(event.rect())
        return False


@pytest.fixture
def meter(theme: Theme, qtbot: QtBot) -> LevelMeter:
    meter = LevelMeter(theme, head_px=20)
    qtbot.addWidget(meter)
    meter.resize(44, 220)
    with qtbot.waitExposed(meter):
        meter.show()
    QApplication.processEvents()
    return meter


def amplitude(dbfs: float) -> float:
    return math.pow(10, dbfs / 20)


def colours(meter: LevelMeter, x: int) -> set[str]:
    image = meter.grab().toImage()
    return {image.pixelColor(x, y).name() for y in range(20, 220)}


@given(st.floats(0, 100))
def test_any_amplitude_has_a_level_and_a_height(amplitude: float) -> None:
    level = dbfs_of(amplitude)

    assert level >= FLOOR_DBFS
    assert 0 <= height_share(level) <= 1


def test_levels_are_decibels_below_full_scale() -> None:
    assert dbfs_of(1.0) == 0
    assert dbfs_of(0.5) == pytest.approx(-6.02, abs=0.01)
    assert (height_share(0), height_share(-60)) == (1, 0)
    assert dbfs_of(0.0) == FLOOR_DBFS


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0, 1), st.floats(0.001, 0.2)), max_size=60))
def test_the_held_peak_is_never_below_the_peak_nor_the_mean_above_it(steps: list[tuple[float, float, float]]) -> None:
    needle = Needle()

    for peak, share, elapsed_s in steps:
        needle.advance(peak, peak * share, elapsed_s)
        assert needle.held_dbfs >= needle.peak_dbfs >= max(dbfs_of(peak), FLOOR_DBFS)
        assert FLOOR_DBFS <= needle.rms_dbfs <= needle.held_dbfs + 1e-6


def test_the_peak_rises_at_once_and_falls_twenty_decibels_a_second() -> None:
    needle = Needle()

    needle.advance(amplitude(-6.0), 0.1, TICK_S)
    assert needle.peak_dbfs == pytest.approx(-6.0)
    needle.advance(0.0, 0.0, 0.5)
    assert needle.peak_dbfs == pytest.approx(-16.0)


def test_the_held_peak_stays_for_a_second_and_a_half_and_then_falls() -> None:
    needle = Needle()
    needle.advance(amplitude(-6.0), 0.1, TICK_S)

    for _ in range(14):
        needle.advance(0.0, 0.0, 0.1)
    assert needle.held_dbfs == pytest.approx(-6.0)
    needle.advance(0.0, 0.0, HOLD_S)
    assert needle.held_dbfs < -6.0


@pytest.mark.parametrize("tick_s", [0.004, 0.016, 0.05, 0.7])
def test_the_mean_of_a_steady_sine_is_right_after_three_hundred_milliseconds(tick_s: float) -> None:
    needle = Needle()

    for _ in range(math.ceil(0.3 / tick_s)):
        needle.advance(1.0, math.sqrt(0.5), tick_s)

    assert needle.rms_dbfs == pytest.approx(-3.01, abs=0.01)


def test_the_mean_forgets_what_is_older_than_three_hundred_milliseconds() -> None:
    needle = Needle()
    for _ in range(30):
        needle.advance(1.0, 0.7, TICK_S)

    for _ in range(10):
        needle.advance(0.1, 0.05, TICK_S)
    assert needle.rms_dbfs > dbfs_of(0.4), "half of the window is still loud"
    for _ in range(10):
        needle.advance(0.1, 0.05, TICK_S)

    assert needle.rms_dbfs == pytest.approx(dbfs_of(0.05), abs=0.01)


def test_danger_has_other_colours_and_the_mean_is_the_solid_part(theme: Theme, meter: LevelMeter) -> None:
    meter.advance([amplitude(-20), 1.0], [amplitude(-30), 1.0], 0.3)

    left, right = colours(meter, 3), colours(meter, 12)
    assert theme.color("accent").name() in left
    assert theme.color("warn").name() not in left
    assert {theme.color(role).name() for role in ("accent", "warn", "err")} <= right
    image = meter.grab().toImage()
    between = 220 - round(200 * (height_share(-20) + height_share(-30)) / 2)
    lighter = image.pixelColor(3, between)
    assert lighter not in (theme.color("accent"), theme.color("canvas"))
    assert image.pixelColor(3, 218) == theme.color("accent")


def test_a_mono_take_has_one_bar(theme: Theme, meter: LevelMeter) -> None:
    meter.set_channels(1)
    meter.advance([1.0, 1.0], [0.7, 0.7], 0.3)

    accent = theme.color("accent").name()
    assert accent in colours(meter, 3)
    assert accent not in colours(meter, 12)


def test_it_sinks_to_rest_when_the_sound_stops(meter: LevelMeter, qtbot: QtBot) -> None:
    meter.advance([amplitude(-58)] * 2, [amplitude(-59)] * 2, 2.0)
    meter.needles[0]._hold_left_s = meter.needles[1]._hold_left_s = 0.0

    meter.let_fall()

    qtbot.waitUntil(lambda: meter.is_at_rest)


def test_behind_a_hidden_window_it_rests_at_once(meter: LevelMeter) -> None:
    meter.advance([0.5, 0.5], [0.3, 0.3], TICK_S)

    meter.hide()

    assert meter.is_at_rest
    meter.let_fall()
    assert not meter._fall.isActive()


def test_it_paints_nothing_while_it_is_at_rest_or_nothing_moves(meter: LevelMeter) -> None:
    paints = Paints(meter)

    for _ in range(5):
        meter.advance([0.0, 0.0], [0.0, 0.0], TICK_S)
        QApplication.processEvents()
    assert paints.areas == []

    for _ in range(40):
        meter.advance([0.5, 0.0], [0.3, 0.0], TICK_S)
        QApplication.processEvents()
    moving = len(paints.areas)
    assert all(area.right() < 9 for area in paints.areas[1:]), "the silent side and the numbers stay as they are"
    for _ in range(5):
        meter.advance([0.5, 0.0], [0.3, 0.0], TICK_S)
        QApplication.processEvents()
    assert len(paints.areas) == moving


def test_the_clip_light_stays_until_it_is_clicked(theme: Theme, meter: LevelMeter, qtbot: QtBot) -> None:
    light = QPoint(12, 20 - 4)

    def lit() -> bool:
        return meter.grab().toImage().pixelColor(light) == theme.color("err")

    meter.advance([0.9, 32_767 / 32_768], [0.5, 0.5], TICK_S)
    for _ in range(200):
        meter.advance([0.0, 0.0], [0.0, 0.0], 0.1)
    assert meter.is_at_rest
    assert lit()
    assert meter.grab().toImage().pixelColor(3, light.y()) != theme.color("err"), "the left side didn’t clip"

    with qtbot.waitSignal(meter.clip_dismissed):
        QTest.mouseClick(meter, Qt.MouseButton.LeftButton, pos=light)

    assert not lit()
    assert not meter.is_clipped


def test_another_take_begins_with_the_light_out(meter: LevelMeter) -> None:
    meter.advance([1.0, 1.0], [1.0, 1.0], TICK_S)

    meter.set_channels(2)

    assert not meter.is_clipped
    assert meter.is_at_rest


def test_assistive_technology_reads_a_value_and_words(meter: LevelMeter) -> None:
    assert (meter.value(), meter.accessibleDescription()) == (-60, "Silent")

    meter.set_channels(2)
    meter._told.invalidate()
    meter.advance([amplitude(-6), 1.0], [amplitude(-18), 1.0], 0.3)

    assert meter.value() == 0
    assert meter.accessibleDescription().startswith("Left: peak −6.0, mean −18.0 dBFS; right: peak 0.0, mean 0.0 dBFS")
    assert "Full scale was reached" in meter.accessibleDescription()


@pytest.mark.parametrize("height_px", [40, 70, 110, 160, 240])
def test_numbers_of_the_scale_never_overlap(theme: Theme, qtbot: QtBot, height_px: int) -> None:
    theme.set_text_scale(1.5)
    meter = LevelMeter(theme, head_px=0)
    qtbot.addWidget(meter)
    meter.resize(meter.sizeHint().width(), height_px)

    image = meter.grab().toImage()

    ground = image.pixelColor(image.width() - 1, 0)
    columns = range(meter._scale_left(), image.width())
    inked = [any(image.pixelColor(x, y) != ground for x in columns) for y in range(image.height())]
    runs = [len(list(run)) for has_ink, run in groupby(inked) if has_ink]
    assert max(runs) <= theme.line_height("caption")


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
