"""A waveform on screens of any ratio: whole device pixels, wherever its widget begins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from app.audio.peaks import build
from app.ui.device_pixels import device_pixels, hairline
from app.ui.lane_painter import LanePainter
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.time_ruler import TimeRuler
from app.ui.view_span import ViewSpan
from tests.ui.listening_room import RATE_HZ, write_tone

FRAMES = RATE_HZ
WIDTH, HEIGHT = 403, 111
RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)


class Screen:
    """What a painter has to know of the widget that it paints on."""

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio

    def width(self) -> int:
        return WIDTH

    def devicePixelRatioF(self) -> float:
        return self._ratio


def painted(theme: Theme, ratio: float, path: Path, left: float = 14.0) -> QImage:
    """The lanes as they come to a screen on which their widget begins `left` pixels from the edge."""
    painter_of_lanes = LanePainter(theme, Screen(ratio))  # type: ignore[arg-type]
    painter_of_lanes.show_channels(("L", "R"))
    painter_of_lanes.show(build(path))
    image = QImage(round((WIDTH + 30) * ratio), round((HEIGHT + 30) * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(theme.color("canvas"))
    painter = QPainter(image)
    area = QRectF(left, 9, WIDTH, HEIGHT)
    span = ViewSpan.whole(FRAMES)
    painter_of_lanes.paint(painter, area, span, LoopRegion(FRAMES // 4, FRAMES // 2))
    painter_of_lanes.paint_playhead(painter, area, painter_of_lanes.column_of(FRAMES * 3 // 4, span))
    painter.end()
    return image


def pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()] & 0xFFFFFF


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("left", [14.0, 15.0])
def test_the_wave_has_only_its_own_colours(theme: Theme, tmp_path: Path, ratio: float, left: float) -> None:
    """Half-covered pixels would be of colours between them. The corners, with names and levels, are left out."""
    image = painted(theme, ratio, write_tone(tmp_path / "a.wav"), left)

    names = ("canvas", "wpeak", "wcore", "wzero", "line", "line_field")
    pure = {theme.color(name).rgb() & 0xFFFFFF for name in names}
    middle = pixels(image)[:, round((left + 220) * ratio) : round((left + 290) * ratio)]
    assert set(np.unique(middle).tolist()) <= pure
    assert theme.color("wcore").rgb() & 0xFFFFFF in np.unique(middle)


@pytest.mark.parametrize("ratio", RATIOS)
def test_lines_are_as_wide_as_they_should_be_and_stand_where_they_should(
    theme: Theme, tmp_path: Path, ratio: float
) -> None:
    image = painted(theme, ratio, write_tone(tmp_path / "a.wav", loud_from=FRAMES))

    row = pixels(image)[round(15 * ratio)]
    playhead = np.flatnonzero(row == theme.color("playhead").rgb() & 0xFFFFFF)
    inside = np.flatnonzero(row == theme.color("wsel").rgb() & 0xFFFFFF)
    assert len(playhead) == hairline(ratio)
    assert abs(playhead[0] - (14 + WIDTH * 0.75) * ratio) <= 1.0
    assert abs(inside[0] - hairline(ratio) - (14 + WIDTH * 0.25) * ratio) <= 1.0


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_playhead_is_whole_also_at_the_very_end(theme: Theme, ratio: float) -> None:
    lanes = LanePainter(theme, Screen(ratio))  # type: ignore[arg-type]
    span = ViewSpan(0, FRAMES / 2, FRAMES)

    assert lanes.column_of(FRAMES // 2, span) + hairline(ratio) == lanes.columns
    assert lanes.column_of(0, span) == 0
    assert lanes.column_of(FRAMES // 2 + 200, span) >= lanes.columns


@pytest.mark.parametrize("ratio", RATIOS)
def test_every_device_pixel_has_a_column_of_its_own(theme: Theme, ratio: float) -> None:
    """A picture of stripes, one pixel each, is on the screen as it is."""
    width = round(100 * ratio)
    stripes = QImage(width, 4, QImage.Format.Format_RGB32)
    for x in range(width):
        for y in range(4):
            stripes.setPixel(x, y, 0xFFFFFFFF if x % 2 else 0xFF000000)
    screen = QImage(width + 40, 40, QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(ratio)
    painter = QPainter(screen)

    with device_pixels(painter, QPointF(7, 3), ratio):
        painter.drawImage(0, 0, stripes)
    painter.end()

    left, top = round(7 * ratio), round(3 * ratio)
    seen = pixels(screen)[top : top + 4, left : left + width]
    assert (seen == pixels(stripes)).all()


def test_a_loop_of_hours_has_its_brace_also_over_a_few_samples(theme: Theme) -> None:
    total = 6 * 3600 * 192_000
    image = QImage(400, 24, QImage.Format.Format_RGB32)
    image.fill(theme.color("panel"))
    painter = QPainter(image)

    span = ViewSpan(total / 2, total / 2 + 16, total)
    TimeRuler(theme).paint_brace(painter, QRectF(0, 0, 400, 24), span, LoopRegion(0, total), 1.0)
    painter.end()

    assert (pixels(image)[20] == theme.color("accent").rgb() & 0xFFFFFF).all()


@pytest.mark.parametrize("ratio", RATIOS)
def test_ticks_are_whole_device_pixels(theme: Theme, ratio: float) -> None:
    image = QImage(round(400 * ratio), round(24 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(theme.color("panel"))
    painter = QPainter(image)

    TimeRuler(theme).paint_scale(painter, QRectF(0, 0, 400, 24), ViewSpan.whole(FRAMES), RATE_HZ, ratio)
    painter.end()

    lowest = pixels(image)[image.height() - 1]
    names = ("panel", "line_control", "line_field")
    assert set(np.unique(lowest).tolist()) == {theme.color(name).rgb() & 0xFFFFFF for name in names}
    ticks = np.flatnonzero(lowest != theme.color("panel").rgb() & 0xFFFFFF)
    assert len(ticks) % hairline(ratio) == 0
