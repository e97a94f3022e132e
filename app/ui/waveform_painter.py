"""Peaks as pixels: one device-pixel column at a time, lowest to highest sample and, on top, plus and minus RMS.

Imports NumPy, so the window loads this module with the first take and not at its start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

HEADROOM = 0.99

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LaneColumns:
    """One channel reduced to pixel columns; each array has shape (columns,), nominally -1.0 to 1.0.

    Attributes:
        rms: Not negative; None paints the envelope alone.
    """

    lowest: Floats
    highest: Floats
    rms: Floats | None = None


@dataclass(frozen=True, slots=True)
class LanePlace:
    """Where a lane lies in the picture, in device pixels."""

    top: int
    height: int


def wave_image(
    lanes: list[tuple[LaneColumns, LanePlace]],
    size: tuple[int, int],
    *,
    envelope: QColor,
    core: QColor,
    gain: float = HEADROOM,
) -> QImage:
    """A transparent picture with every lane in its place.

    Args:
        size: Width and height in device pixels; every lane has as many columns as the picture is wide.
        gain: Share of half a lane that full scale takes.
    """
    width, height = size
    stride = (width + 3) // 4 * 4  # QImage wants every line to begin at a multiple of four bytes
    levels = np.zeros((max(height, 1), max(stride, 4)), dtype=np.uint8)
    for columns, place in lanes:
        _draw_lane(columns, levels[place.top : place.top + place.height, :width], gain)
    image = QImage(levels.data, max(width, 1), levels.shape[0], levels.shape[1], QImage.Format.Format_Indexed8)
    image.setColorTable([QColor(0, 0, 0, 0).rgba(), envelope.rgba(), core.rgba()])
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)  # a copy: `levels` may go


def _draw_lane(columns: LaneColumns, levels: npt.NDArray[np.uint8], gain: float) -> None:
    """Write which pixel shows what into `levels`, shape (height, columns), which is zero before."""
    height = len(levels)
    lowest, highest = joined(columns.lowest, columns.highest)
    middle, scale = height / 2, height / 2 * gain
    top = _rows(middle - highest * scale, height - 1)
    bottom = np.maximum(_rows(middle - lowest * scale, height), top + 1)  # silence is a line
    _draw_band(top, bottom, levels)
    if columns.rms is not None:
        reach = np.maximum(columns.rms * scale, 0.5)
        core_top = np.maximum(_rows(middle - reach, height - 1), top)
        core_bottom = np.minimum(_rows(middle + reach, height), bottom)
        _draw_band(core_top, core_bottom, levels)


def joined(lowest: Floats, highest: Floats) -> tuple[Floats, Floats]:
    """Columns stretched until they touch their left neighbour, so that a steep wave has no gaps."""
    low, high = lowest.copy(), highest.copy()
    np.minimum(low[1:], highest[:-1], out=low[1:])
    np.maximum(high[1:], lowest[:-1], out=high[1:])
    return low, high


def _rows(y: Floats, last: int) -> npt.NDArray[np.int16]:
    return np.clip(np.rint(y), 0, last).astype(np.int16)


def _draw_band(top: npt.NDArray[np.int16], bottom: npt.NDArray[np.int16], levels: npt.NDArray[np.uint8]) -> None:
    """Count up every pixel from `top` to before `bottom` of its column."""
    rows = np.arange(len(levels), dtype=np.int16)[:, None]
    # One comparison instead of two: a distance below the top wraps around to a large number.
    distance = (rows - top[None, :]).view(np.uint16)
    inside = distance < np.maximum(bottom - top, 0).astype(np.uint16)[None, :]
    levels += inside.view(np.uint8)
