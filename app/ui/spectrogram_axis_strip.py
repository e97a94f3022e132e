"""The frequencies of a spectrogram, in a strip of their own left of its lanes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.audio.spectrogram_axis import FrequencyAxis
from app.ui.theme import Theme
from app.ui.waveform_view import WaveformView

_TICK_PX, _TICK_GAP_PX, _LEFT_PX = 3, 3, 2
# Where there isn't room for all, the first of these have it.
_NAMED = {
    1_000.0: "1k",
    20_000.0: "20k",
    100.0: "100",
    5_000.0: "5k",
    10_000.0: "10k",
    2_000.0: "2k",
    500.0: "500",
    200.0: "200",
    3_000.0: "3k",
    15_000.0: "15k",
    7_000.0: "7k",
    300.0: "300",
    700.0: "700",
    1_500.0: "1.5k",
}
_WIDEST = ("100", "1.5k", "20k")


class SpectrogramAxisStrip(QWidget):
    """Stands beside a waveform, as high as that, and is there only while it has an axis to show."""

    def __init__(self, theme: Theme, view: WaveformView) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self._axis: FrequencyAxis | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Frequencies")
        self.hide()
        theme.changed.connect(self._refresh_from_theme)

    def show_axis(self, axis: FrequencyAxis | None) -> None:
        """Name the frequencies of another axis; without one there is no strip."""
        self._axis = axis
        self.setVisible(axis is not None)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font("caption", medium=True))
        widest = max(metrics.horizontalAdvance(text) for text in _WIDEST)
        return QSize(self._theme.px(_LEFT_PX) + widest + self._beside_text_px, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._axis is None:
            return
        theme = self._theme
        painter = QPainter(self)
        painter.setFont(theme.font("caption", medium=True))
        painter.setPen(theme.color("text3"))
        line, tick = theme.line_height("caption"), theme.px(_TICK_PX)
        for lane in self._view.lanes():
            for y, text in placed(self._axis, lane.height(), line):
                at = round(lane.top() + min(y, lane.height() - 1))
                painter.fillRect(self.width() - tick, at, tick, 1, theme.color("line_control"))
                top = lane.top() + _middle(y, lane.height(), line) - line / 2
                room = QRectF(0, top, self.width() - self._beside_text_px, line)
                painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    @property
    def _beside_text_px(self) -> int:
        return self._theme.px(_TICK_PX) + self._theme.px(_TICK_GAP_PX)

    def _refresh_from_theme(self) -> None:
        self.updateGeometry()
        self.update()


def placed(axis: FrequencyAxis, height: float, line: float) -> list[tuple[float, str]]:
    """Which frequencies are named in a lane, and how far down: none over another."""
    found: list[tuple[float, str]] = []
    for hz, text in _NAMED.items():
        y = (1 - axis.share_of(hz)) * height
        middle = _middle(y, height, line)
        is_inside = axis.low_hz <= hz <= axis.high_hz and height >= line
        if is_inside and all(abs(middle - _middle(other, height, line)) >= line for other, _ in found):
            found.append((y, text))
    return found


def _middle(y: float, height: float, line: float) -> float:
    """Where the middle of a text is that lies as near to a place as its lane lets it."""
    return min(max(y, line / 2), height - line / 2)
