from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.audio.peaks import build
from app.ui.overview_strip import OverviewStrip
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from tests.ui.listening_room import RATE_HZ, write_tone
from tests.ui.wave_desk import turn_wheel

WIDTH = 400


@pytest.fixture
def strip(theme: Theme, tmp_path: Path, qtbot: QtBot) -> OverviewStrip:
    strip = OverviewStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(WIDTH, 28)
    strip.show_span(ViewSpan(12_000, 24_000, RATE_HZ))
    strip.show_peaks(build(write_tone(tmp_path / "a.wav", loud_from=24_000)))
    strip.show()
    return strip


def wanted(strip: OverviewStrip, start: int, end: int) -> ViewSpan:
    spans: list[ViewSpan] = []
    strip.span_wanted.connect(spans.append)
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(start, 14))
    QTest.mouseMove(strip, QPoint(end, 14))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(end, 14))
    return spans[-1]


def test_dragging_the_frame_moves_the_view(strip: OverviewStrip) -> None:
    assert wanted(strip, 150, 250) == ViewSpan(24_000, 36_000, RATE_HZ)


def test_dragging_an_edge_zooms(strip: OverviewStrip) -> None:
    assert wanted(strip, 100, 50) == ViewSpan(6_000, 24_000, RATE_HZ)
    assert wanted(strip, 200, 300) == ViewSpan(6_000, 36_000, RATE_HZ)


def test_pressing_beside_the_frame_brings_it_there(strip: OverviewStrip) -> None:
    assert wanted(strip, 300, 300) == ViewSpan(30_000, 42_000, RATE_HZ)


def test_the_wave_is_louder_where_the_take_is(strip: OverviewStrip, theme: Theme) -> None:
    strip.show_span(ViewSpan.whole(RATE_HZ))
    image = strip.grab().toImage()

    def height(x: int) -> int:
        return sum(image.pixelColor(x, y).name() == theme.color("wpeak").name() for y in range(28))

    assert height(100) * 3 < height(300)


def test_what_is_out_of_view_is_veiled(strip: OverviewStrip, theme: Theme) -> None:
    image = strip.grab().toImage()

    assert image.pixelColor(300, 14).name() != theme.color("wpeak").name()


def test_a_narrow_frame_can_still_be_moved(strip: OverviewStrip) -> None:
    strip.show_span(ViewSpan(12_000, 13_200, RATE_HZ))  # 10 px

    assert wanted(strip, 105, 205) == ViewSpan(24_000, 25_200, RATE_HZ)


def test_the_wheel_zooms_the_view_at_the_pointer(strip: OverviewStrip) -> None:
    spans: list[ViewSpan] = []
    strip.span_wanted.connect(spans.append)

    turn_wheel(strip, 150, 1)

    assert spans == [ViewSpan(18_000 - 4_800, 18_000 + 4_800, RATE_HZ)]


def test_clipped_samples_are_marked_however_long_the_take_is(
    strip: OverviewStrip, theme: Theme, tmp_path: Path
) -> None:
    sound = np.full((RATE_HZ * 60, 1), 0.1, np.float32)
    sound[RATE_HZ * 30 : RATE_HZ * 30 + 3] = 1.0
    soundfile.write(tmp_path / "clipped.wav", sound, RATE_HZ, subtype="PCM_16")
    strip.show_span(ViewSpan.whole(len(sound)))
    strip.show_peaks(build(tmp_path / "clipped.wav"))

    image = strip.grab().toImage()

    red = [x for x in range(WIDTH) if image.pixelColor(x, 3) == theme.color("err")]
    assert red == [WIDTH // 2, WIDTH // 2 + 1]


def test_a_small_window_gets_a_lower_strip(strip: OverviewStrip) -> None:
    strip.set_small(True)

    assert strip.sizeHint().height() == 22
