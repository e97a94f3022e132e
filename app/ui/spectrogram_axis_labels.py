"""The frequencies at the left edge of a spectrogram’s lanes, on a ground that keeps them readable."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from app.audio.spectrogram_axis import FrequencyAxis
from app.ui.spectrogram_map import GROUND
from app.ui.theme import Theme
from app.ui.tokens import DARK
from app.ui.view_span import ViewSpan

AXIS_PX = 42
_TICK_PX = 3
_GROUND_ALPHA = 0.78
# Where there isn't room for all, the first of these have it.
_NAMED = {
    1_000.0: "1k",
    10_000.0: "10k",
    100.0: "100",
    5_000.0: "5k",
    2_000.0: "2k",
    500.0: "500",
    20_000.0: "20k",
    200.0: "200",
    3_000.0: "3k",
    15_000.0: "15k",
    7_000.0: "7k",
    300.0: "300",
    700.0: "700",
    1_500.0: "1.5k",
}


class AxisGround:
    """A layer above the wave and below everything else there: the handles of a clip lie on it."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._is_shown = False

    def show(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown

    def paint(self, painter: QPainter, lanes: Sequence[QRectF], span: ViewSpan) -> None:  # noqa: ARG002 - a layer has it
        if self._is_shown:
            ground = QColor(GROUND)
            ground.setAlphaF(_GROUND_ALPHA)
            for lane in lanes:
                painter.fillRect(QRectF(lane.left(), lane.top(), self._theme.px(AXIS_PX), lane.height()), ground)


class AxisLabels:
    """A layer above the veil of what is cut: keeps a picture for a height of lane, and puts it onto every lane."""

    def __init__(self, theme: Theme, view: QWidget) -> None:
        self._theme = theme
        self._view = view
        self._axis: FrequencyAxis | None = None
        self._kept: tuple[tuple[float, FrequencyAxis, float], QPixmap] | None = None
        theme.changed.connect(self._forget)

    def show_axis(self, axis: FrequencyAxis | None) -> None:
        """Name the frequencies of another axis, or none."""
        self._axis = axis
        self._view.update()

    def paint(self, painter: QPainter, lanes: Sequence[QRectF], span: ViewSpan) -> None:  # noqa: ARG002 - a layer has it
        if self._axis is not None:
            for lane in lanes:
                painter.drawPixmap(
                    lane.topLeft(), self._picture(lane.height(), self._axis, self._view.devicePixelRatioF())
                )

    def _picture(self, height: float, axis: FrequencyAxis, ratio: float) -> QPixmap:
        key = (height, axis, ratio)
        if self._kept is None or self._kept[0] != key:
            self._kept = (key, self._drawn(height, axis, ratio))
        return self._kept[1]

    def _drawn(self, height: float, axis: FrequencyAxis, ratio: float) -> QPixmap:
        theme = self._theme
        width = theme.px(AXIS_PX)
        pixmap = QPixmap(round(width * ratio), max(1, round(height * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setFont(theme.font("caption", medium=True))
        painter.setPen(QColor(DARK.text2))
        line, tick = theme.line_height("caption"), theme.px(_TICK_PX)
        for y, text in placed(axis, height, line):
            painter.fillRect(QRectF(width - tick, round(y), tick, 1), QColor(DARK.text3))
            top = min(max(y - line / 2, 0), height - line)
            where = QRectF(0, top, width - tick - theme.px(3), line)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
        return pixmap

    def _forget(self) -> None:
        self._kept = None


def placed(axis: FrequencyAxis, height: float, line: float) -> list[tuple[float, str]]:
    """Which frequencies are named in a lane, and how far down: none over another."""
    found: list[tuple[float, str]] = []
    for hz, text in _NAMED.items():
        y = (1 - axis.share_of(hz)) * height
        middle = min(max(y, line / 2), height - line / 2)
        is_inside = axis.low_hz <= hz <= axis.high_hz and height >= line
        if is_inside and all(abs(middle - min(max(other, line / 2), height - line / 2)) >= line for other, _ in found):
            found.append((y, text))
    return found
