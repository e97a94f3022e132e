"""Where the playhead is and how long the take is: `00:03.482 / 00:08.412`."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.readouts import length
from app.ui.theme import Theme

_GAP_PX = 4


def clock(frames: int, sample_rate_hz: int) -> str:
    """A position: `00:03.482`, above an hour `1:00:03.482`."""
    milliseconds = max(0, frames) * 1000 // max(sample_rate_hz, 1)
    seconds, rest_ms = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{f'{hours}:' if hours else ''}{minutes:02}:{seconds:02}.{rest_ms:03}"


class PositionReadout(QWidget):
    """Painted, not a label: it changes 60 times a second, which a screen reader would be told each time.

    The waveform is what tells assistive technology the position.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._position = ""
        self._length = ""
        self._is_short = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)
        self.show_time(0, 0, 1)

    def show_time(self, position: int, frames: int | None, sample_rate_hz: int, *, is_growing: bool = False) -> None:
        """Show a position in a take of `frames`, or of so many up to now: `0:01.2…`; None keeps the length secret."""
        if frames is None:
            whole = ""
        else:
            whole = f"{length(frames / max(sample_rate_hz, 1))}…" if is_growing else clock(frames, sample_rate_hz)
        if len(whole) != len(self._length):
            self.updateGeometry()
        changed = (clock(position, sample_rate_hz), whole)
        if changed != (self._position, self._length):
            self._position, self._length = changed
            self.update()

    def set_short(self, is_short: bool) -> None:
        """Leave out the length, where there is little room."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.updateGeometry()
            self.update()

    @property
    def text(self) -> str:
        """What it shows, in one line."""
        return f"{self._position} / {self._length}" if self._length else self._position

    def sizeHint(self) -> QSize:
        # As wide as the longest position is, so that nothing beside it moves while it plays.
        end = max(self._length, self._position, key=len)
        wide = QFontMetrics(self._theme.font("time")).horizontalAdvance(_widest(end))
        narrow = QFontMetrics(self._theme.font("body")).horizontalAdvance(self._after(_widest(self._length)))
        return QSize(wide + narrow + self._theme.px(_GAP_PX), self._theme.line_height("time"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _after(self, whole: str) -> str:
        """What stands behind the position."""
        return f"/ {whole}" if whole and not self._is_short else ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setFont(theme.font("time"))
        metrics = painter.fontMetrics()
        baseline = round((self.height() + metrics.capHeight()) / 2)
        painter.setPen(theme.color("text"))
        painter.drawText(QPointF(0, baseline), self._position)
        left = metrics.horizontalAdvance(self._position) + theme.px(_GAP_PX)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text3"))
        rest = self._after(self._length)
        if left + painter.fontMetrics().horizontalAdvance(rest) <= self.width():  # half of it misleads
            painter.drawText(QPointF(left, baseline), rest)


def _widest(text: str) -> str:
    return "".join("0" if char.isdigit() else char for char in text)
