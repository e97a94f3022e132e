"""Peaks as pixels: one device-pixel column at a time, lowest to highest sample and, on top, plus and minus RMS.

A picture is made by adding up. Where a colour begins in a column, its difference to the colour above is noted;
then every row is the row above it plus what is noted. Pixels are whole numbers of 32 bits, which come out right
also where a difference is negative. That is several times faster than to ask of each pixel what lies there.
Imports NumPy, so the window loads this module with the first take and not at its start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from app.ui.lane_place import LanePlace
from app.ui.wave_scale import FLOOR_DBFS, WaveScale

Floats = npt.NDArray[np.float32]
_Rows = npt.NDArray[np.intp]
_Pixels = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class LaneColumns:
    """One channel reduced to pixel columns; each array has shape (columns,), nominally -1.0 to 1.0.

    Attributes:
        rms: Not negative; None paints the envelope alone.
        clipped: Which columns hold samples that were cut off; None: it isn't known.
        read: How many columns are known; those after them are drawn as a quiet line. None: all of them.
        kept: The first column of the clip and the first after it; those outside are grey. None: all belong to it.
    """

    lowest: Floats
    highest: Floats
    rms: Floats | None = None
    clipped: npt.NDArray[np.bool_] | None = None
    read: int | None = None
    kept: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class WaveColors:
    """What a wave is painted with.

    Attributes:
        unread: For what isn't known yet.
        clipped: For the marks at the edges of a lane.
        envelope_off: Of what was cut off; None is as the rest.
        core_off: The same for its core.
    """

    envelope: QColor
    core: QColor
    unread: QColor
    clipped: QColor
    envelope_off: QColor | None = None
    core_off: QColor | None = None


def wave_image(
    lanes: Sequence[tuple[LaneColumns, LanePlace]],
    size: tuple[int, int],
    colors: WaveColors,
    *,
    scale: WaveScale = WaveScale.LINEAR,
    gain: float = 1.0,
    thickness: int = 1,
    reuse: QImage | None = None,
) -> QImage:
    """A transparent picture with every lane in its place.

    Args:
        size: Width and height in device pixels; every lane has as many columns as the picture is wide.
        gain: What the samples are multiplied with.
        thickness: How many device pixels a line of one pixel is high.
        reuse: A picture that isn't needed any more.
    """
    image, pixels = transparent(size, reuse)
    for columns, place in lanes:
        painted = _note_lane(columns, place, pixels, colors, scale, gain, thickness)
        for above, row in pairwise(pixels[painted]):
            np.add(above, row, out=row)
    for columns, place in lanes:
        mark_clipped(columns.clipped, place, pixels, colors.clipped, thickness)
    return image


def transparent(size: tuple[int, int], reuse: QImage | None = None) -> tuple[QImage, _Pixels]:
    """An empty picture of this width and height, and its pixels: shape (height, width), premultiplied ARGB.

    Args:
        reuse: A picture that isn't needed any more. New memory comes page by page, which takes as long as the wave.
    """
    width, height = max(size[0], 1), max(size[1], 1)
    if reuse is not None and (reuse.width(), reuse.height()) == (width, height):
        image = reuse
    else:
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(height, width)
    pixels.fill(0)
    return image, pixels


def mark_clipped(
    clipped: npt.NDArray[np.bool_] | None, place: LanePlace, pixels: _Pixels, color: QColor, thickness: int
) -> None:
    """A mark at both edges of the lane over each column that holds clipped samples."""
    if clipped is None or not clipped.any():
        return
    wide = clipped.copy()
    for step in range(1, 2 * thickness):  # one column alone would be hard to find
        wide[step:] |= clipped[:-step]
    high = min(3 * thickness, place.height)
    for top in (place.top, place.top + place.height - high):
        pixels[top : top + high, wide] = color.rgba()


def mapped(values: Floats, scale: WaveScale) -> Floats:
    """`WaveScale.share` of many samples."""
    if scale is WaveScale.LINEAR:
        return values
    with np.errstate(divide="ignore"):
        heights = 1 - 20 / FLOOR_DBFS * np.log10(np.abs(values))
    return np.copysign(np.maximum(heights, 0), values).astype(np.float32)


def joined(lowest: Floats, highest: Floats) -> tuple[Floats, Floats]:
    """Columns stretched until they touch their left neighbour, so that a steep wave has no gaps."""
    low, high = lowest.copy(), highest.copy()
    np.minimum(low[1:], highest[:-1], out=low[1:])
    np.maximum(high[1:], lowest[:-1], out=high[1:])
    return low, high


def _note_lane(
    columns: LaneColumns,
    place: LanePlace,
    pixels: _Pixels,
    colors: WaveColors,
    scale: WaveScale,
    gain: float,
    thickness: int,
) -> slice:
    """Note where each colour begins and ends; the rows of the picture in which anything is noted."""
    lowest, highest = joined(columns.lowest, columns.highest)
    if scale is WaveScale.DECIBELS:  # a level is as high as it is above the floor, which is the line in the middle
        lowest, highest = np.minimum(lowest, 0), np.maximum(highest, 0)
    top = _rows(mapped(highest * gain, scale), place)
    bottom = np.maximum(_rows(mapped(lowest * gain, scale), place) + 1, top + thickness)  # silence is a line
    bottom = np.minimum(bottom, place.top + place.height)
    envelope = _painted(columns, colors.envelope, colors.envelope_off)
    if columns.read is not None:
        envelope[columns.read :] = colors.unread.rgba()
    _note_band(top, bottom, pixels, envelope)
    if columns.rms is not None:
        reach = mapped(columns.rms * gain, scale)
        core_top = np.clip(_rows(reach, place), top, bottom)
        core_bottom = np.clip(_rows(-reach, place) + 1, core_top, bottom)
        core = _painted(columns, colors.core, colors.core_off) - envelope
        if columns.read is not None:
            core[columns.read :] = 0
        _note_band(core_top, core_bottom, pixels, core)
    return slice(int(top.min()), int(bottom.max()) + 1)


def _painted(columns: LaneColumns, color: QColor, off: QColor | None) -> _Pixels:
    """The colour of each column."""
    painted = np.full(len(columns.lowest), color.rgba(), np.uint32)
    if columns.kept is not None and off is not None:
        first, after = columns.kept
        painted[:first] = off.rgba()
        painted[after:] = off.rgba()
    return painted


def _rows(shares: Floats, place: LanePlace) -> _Rows:
    """The rows of the picture in which these heights lie, all of them inside the lane."""
    rows = np.floor(place.middle + 0.5 - shares * np.float32(place.reach))
    inside: _Rows = np.clip(rows, place.top, place.top + place.height - 1).astype(np.intp)
    return inside


def _note_band(top: _Rows, bottom: _Rows, pixels: _Pixels, differences: _Pixels) -> None:
    """Each column changes its colour at row `top`, and back before row `bottom`."""
    height, width = pixels.shape
    flat = pixels.reshape(-1)
    columns = np.arange(width)
    flat[top * width + columns] += differences
    ends = bottom < height
    flat[(bottom * width + columns)[ends]] -= differences[ends]
