"""How loud it is right now: a bar a channel with its mean, its peak, a line that holds the peak, and a clip light."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from app.ui.needle import FLOOR_DBFS, Needle, height_share
from app.ui.readouts import MINUS, level
from app.ui.theme import Theme

TICK_MS = 16
_TOLD_EVERY_MS = 1_000  # a screen reader follows a number that changes sixty times a second no better than an eye
_WARN_DBFS, _ERR_DBFS = -9.0, -1.0
_MARKS_DBFS = (0, -6, -12, -20, -30, -45)
_FEW_MARKS_DBFS = (0, -9, -20, -40)
_FEW_BELOW_PX = 170
_BAR_PX, _PITCH_PX, _WIDTH_PX, _HOLD_PX = 7, 9, 44, 2
_LIGHT_PX, _LIGHT_GAP_PX = 4, 2
_GAP_PX, _EDGE_PX = 6, 2
_PEAK_ALPHA = 0.45
_LINE_SHARE = 0.9  # of a line of text, that is taken by digits
_HEADING = "dBFS"
_RANGES = ((FLOOR_DBFS, _WARN_DBFS, "accent"), (_WARN_DBFS, _ERR_DBFS, "warn"), (_ERR_DBFS, 0.0, "err"))
_TOOLTIP = (
    "What is heard now. Solid: the mean (RMS) of 300 ms; light: the highest sample; line: the peak held for 1.5 s."
)
_CLIPPED = "Full scale was reached. Click to set the light back."


class LevelMeter(QProgressBar):
    """The bars, with a scale in dBFS; a click sets the clip lights back.

    To assistive technology it is a bar whose value is the highest held peak in whole dBFS.
    It paints only what changed, and nothing while it is at rest.
    """

    clip_dismissed = Signal()

    def __init__(self, theme: Theme, *, head_px: int = 58, parent: QWidget | None = None) -> None:
        """Make a meter at rest.

        Args:
            head_px: The top that is kept free, so that the bars stand beside the lanes.
        """
        super().__init__(parent)
        self._theme = theme
        self._head_px = head_px
        self._needles: list[Needle] = [Needle(), Needle()]
        self._painted: list[tuple[int, ...]] = []
        self._clipped: list[bool] = [False, False]
        self._told = QElapsedTimer()
        self._fall = QTimer(self, interval=TICK_MS)
        self._fall.timeout.connect(self._fall_on)
        self.setRange(round(FLOOR_DBFS), 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Level")
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)
        self._begin(2)

    def set_head_px(self, head_px: int) -> None:
        """Where the bars begin, in design pixels."""
        if head_px != self._head_px:
            self._head_px = head_px
            self._painted = []
            self._show()

    def set_channels(self, channels: int) -> None:
        """One bar a channel, two at the most; starts from silence, with the clip lights out."""
        self._begin(min(max(channels, 1), 2))

    def advance(self, peaks: Sequence[float], rms: Sequence[float], elapsed_s: float) -> None:
        """Take in the highest sample and the mean of each channel over `elapsed_s` seconds; 1.0 is full scale."""
        self._fall.stop()
        for number, (needle, peak, mean) in enumerate(zip(self._needles, peaks, rms, strict=False)):
            needle.advance(peak, mean, elapsed_s)
            self._clipped[number] = self._clipped[number] or needle.is_clipping
        self._show()

    def let_fall(self) -> None:
        """The sound has stopped: sink to the floor."""
        if not self.isVisible():
            self._rest()
        elif not self.is_at_rest:
            self._fall.start()

    def dismiss_clip(self) -> None:
        """Put the clip lights out."""
        if self.is_clipped:
            self._clipped = [False] * len(self._needles)
            self._show()
            self.clip_dismissed.emit()

    @property
    def is_at_rest(self) -> bool:
        return all(needle.is_at_rest for needle in self._needles)

    @property
    def is_clipped(self) -> bool:
        """Whether full scale was reached since the lights were put out."""
        return any(self._clipped)

    @property
    def needles(self) -> Sequence[Needle]:
        """One a bar, from left to right."""
        return self._needles

    def _begin(self, channels: int) -> None:
        self._fall.stop()
        self._needles = [Needle() for _ in range(channels)]
        self._clipped = [False] * channels
        self._painted = []
        self._told.invalidate()
        self._show()

    def _rest(self) -> None:
        """Silence at once; the clip lights stay."""
        self._fall.stop()
        self._needles = [Needle() for _ in self._needles]
        self._show()

    def _fall_on(self) -> None:
        for needle in self._needles:
            needle.advance(0.0, 0.0, TICK_MS / 1000)
        if self.is_at_rest:
            self._fall.stop()
        self._show()

    def _show(self) -> None:
        """Repaint the bars that look different now; tell assistive technology now and then."""
        shown = self._pixels()
        if len(shown) != len(self._painted):
            self.update()
        else:
            for number, (now, before) in enumerate(zip(shown, self._painted, strict=True)):
                if now != before:
                    self.update(self._column(number))
        self._painted = shown
        if not self._told.isValid() or self.is_at_rest or self._told.hasExpired(_TOLD_EVERY_MS):
            self._tell()

    def _tell(self) -> None:
        self._told.start()
        words = "; ".join(
            f"{name}peak {level(needle.held_dbfs)}, mean {level(needle.rms_dbfs)} dBFS"
            for name, needle in zip(
                ("Left: ", "right: ") if len(self._needles) > 1 else ("",), self._needles, strict=True
            )
        )
        said = "Silent" if self.is_at_rest else words
        clip = f". {_CLIPPED}" if self.is_clipped else ""
        if (told := f"{said}{clip}") != self.accessibleDescription():
            self.setAccessibleDescription(told)
            self.setToolTip(f"{_TOOLTIP}{f' {_CLIPPED}' if self.is_clipped else ''}")
        self.setValue(round(max(needle.held_dbfs for needle in self._needles)))

    def hideEvent(self, event: QHideEvent) -> None:
        self._rest()  # nothing moves behind a hidden window
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._painted = self._pixels()  # Qt has all of it painted anyway
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.dismiss_clip()

    # Painting

    def sizeHint(self) -> QSize:
        """As wide as its numbers need: letters grow in whole pixels and may outgrow the share of their column."""
        theme = self._theme
        metrics = QFontMetrics(theme.font("caption", medium=True))
        numbers = max(metrics.horizontalAdvance(_text_of(mark)) for mark in _MARKS_DBFS)
        needed = max(self._scale_left() + numbers, metrics.horizontalAdvance(_HEADING)) + theme.px(_EDGE_PX)
        return QSize(max(theme.px(_WIDTH_PX), needed), theme.px(120))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), self._theme.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = self._top()
        if self.height() <= top:
            return
        for number in range(len(self._needles)):
            if event.rect().intersects(self._column(number)):
                self._paint_bar(painter, number)
        if event.rect().right() >= self._scale_left():
            self._paint_scale(painter, top, self.height() - top)

    def _top(self) -> int:
        return self._theme.px(self._head_px)

    def _column(self, number: int) -> QRect:
        """Where a bar and its light are."""
        px = self._theme.px
        above = px(_LIGHT_PX + _LIGHT_GAP_PX)
        return QRect(number * px(_PITCH_PX), self._top() - above, px(_BAR_PX), self.height() - self._top() + above)

    def _y(self, dbfs: float) -> int:
        top = self._top()
        return round(self.height() - (self.height() - top) * height_share(dbfs))

    def _pixels(self) -> list[tuple[int, ...]]:
        """What can be seen of each bar: it is painted again only if this changes."""
        return [
            (*map(self._y, (each.rms_dbfs, each.peak_dbfs, each.held_dbfs)), each.is_at_rest, is_clipped)
            for each, is_clipped in zip(self._needles, self._clipped, strict=True)
        ]

    def _paint_bar(self, painter: QPainter, number: int) -> None:
        theme, needle = self._theme, self._needles[number]
        column = QRectF(self._column(number))
        bar = column.adjusted(0, self._top() - column.top(), 0, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("canvas"))
        painter.drawRoundedRect(bar, 2, 2)
        for low, high, role in _RANGES:
            for dbfs, alpha in ((needle.peak_dbfs, _PEAK_ALPHA), (needle.rms_dbfs, 1.0)):
                if dbfs > low:
                    upper = self._y(min(dbfs, high))
                    colour = theme.color(role)
                    colour.setAlphaF(alpha)
                    painter.fillRect(QRectF(bar.left(), upper, bar.width(), self._y(low) - upper), colour)
        if not needle.is_at_rest:
            held = min(self._y(needle.held_dbfs), round(bar.bottom()) - _HOLD_PX)
            painter.fillRect(QRectF(bar.left(), held, bar.width(), _HOLD_PX), theme.color("text"))
        light = QRectF(column.left(), column.top(), column.width(), theme.px(_LIGHT_PX))
        painter.fillRect(light, theme.color("err" if self._clipped[number] else "raised"))

    def _paint_scale(self, painter: QPainter, top: float, height: float) -> None:
        theme = self._theme
        line = theme.line_height("caption")
        painter.setFont(theme.font("caption", medium=True))
        painter.setPen(theme.color("text3"))
        left = self._scale_left()
        marks = _FEW_MARKS_DBFS if height < theme.px(_FEW_BELOW_PX) else _MARKS_DBFS
        free_from = top
        for mark in marks:
            middle = top + height * (1 - height_share(mark))
            place = min(max(middle - line / 2, top), self.height() - line)
            if place < free_from:  # in a low meter a number has no room below the one before
                continue
            free_from = place + line * _LINE_SHARE
            room = QRectF(left, place, self.width() - left, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _text_of(mark))
        if top >= line:
            heading = QRectF(0, top - theme.px(14) - line / 2, self.width(), line)
            painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter, _HEADING)

    def _scale_left(self) -> int:
        """Where the numbers begin."""
        return self._theme.px(_PITCH_PX) + self._theme.px(_BAR_PX) + self._theme.px(_GAP_PX)


def _text_of(mark: int) -> str:
    return f"{MINUS}{-mark}" if mark else "0"
