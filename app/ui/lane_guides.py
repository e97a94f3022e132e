"""What helps to read the lanes of a waveform: the zero line, lines at a few levels, and names of channels."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.ui.lane_place import LanePlace
from app.ui.theme import Theme
from app.ui.tokens import DARK
from app.ui.wave_scale import WaveScale

_MARGIN_PX = 18  # beside the handles of fades in the corners
_LOWEST_LANE_PX = 40  # with less room a label would hide the wave
_PLATE = 0.8  # how opaque


class LaneGuides:
    """Draws onto lanes that somebody else owns; keeps nothing."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def paint_lines(
        self, painter: QPainter, width: int, places: Sequence[LanePlace], scale: WaveScale, thickness: int, ratio: float
    ) -> None:
        """Lines behind the wave; everything in device pixels."""
        line, zero = self._theme.color("line"), self._theme.color("wzero")
        for place in places:
            for guide in scale.guides(place.reach / ratio, self._apart_px):
                for share in (guide.share, -guide.share):
                    painter.fillRect(0, place.row_of(share), width, thickness, line)
            painter.fillRect(0, place.middle, width, thickness, zero)

    def paint_labels(
        self, painter: QPainter, lanes: Sequence[QRectF], scale: WaveScale, ratio: float, *, is_over_picture: bool
    ) -> None:
        """The levels of the lines, at the right end and above the middle, on a shade that keeps them legible."""
        theme = self._theme
        painter.setFont(theme.font("caption"))
        metrics, height = painter.fontMetrics(), theme.line_height("caption")
        # The picture is dark in any scheme.
        color, plate = theme.color("text3"), self._plate
        if is_over_picture:
            color, plate = QColor(DARK.text3), _faint(QColor(DARK.canvas))
        for lane in lanes:
            if lane.height() < theme.px(_LOWEST_LANE_PX):
                continue
            place = LanePlace(round(lane.top() * ratio), round(lane.height() * ratio))
            for guide in scale.guides(place.reach / ratio, self._apart_px):
                width = metrics.horizontalAdvance(guide.label) + theme.px(4)
                top = place.row_of(guide.share) / ratio - height / 2
                box = QRectF(lane.right() - width - theme.px(_MARGIN_PX), max(top, lane.top()), width, height)
                painter.fillRect(box.toRect(), plate)
                painter.setPen(color)
                painter.drawText(box.toRect(), Qt.AlignmentFlag.AlignCenter, guide.label)

    def paint_names(
        self, painter: QPainter, lanes: Sequence[QRectF], names: Sequence[str], note: str, *, is_over_picture: bool
    ) -> None:
        """The channels' names in the corner of their lanes; after the first one, what there is to say of all."""
        theme = self._theme
        line = theme.line_height("caption")
        painter.setPen(QColor(DARK.text) if is_over_picture else theme.color("text3"))
        margin = theme.px(_MARGIN_PX)
        for number, (name, lane) in enumerate(zip(names, lanes, strict=False)):
            painter.setFont(theme.font("caption", bold=True))
            left = lane.left() + margin
            top = lane.top() + min(theme.px(4), max((lane.height() - line) / 2, 0))
            advance = painter.fontMetrics().horizontalAdvance(name)
            box = QRectF(left, top, advance, line).toRect()
            if not is_over_picture:
                painter.fillRect(box.adjusted(-2, 0, 2, 0), self._plate)
            painter.drawText(box.adjusted(0, 0, 2, 0), Qt.AlignmentFlag.AlignVCenter, name)
            if number == 0 and note:
                painter.setFont(theme.font("caption"))
                rest = QRectF(left + advance + theme.px(8), top, lane.width(), line)
                rest.setWidth(painter.fontMetrics().horizontalAdvance(note) + 4)
                painter.fillRect(rest.toRect(), self._plate)
                painter.drawText(rest.toRect(), Qt.AlignmentFlag.AlignVCenter, note)

    @property
    def _plate(self) -> QColor:
        return _faint(self._theme.color("canvas"))

    @property
    def _apart_px(self) -> float:
        return self._theme.line_height("caption") * 0.9  # figures are lower than a line


def _faint(color: QColor) -> QColor:
    color.setAlphaF(_PLATE)
    return color
