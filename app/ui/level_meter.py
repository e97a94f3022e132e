"""How loud it is right now: one bar a channel with a line that holds the peak."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.readouts import MINUS
from app.ui.theme import Theme

FLOOR_DBFS = -60.0
FALL_DB_PER_S = 20.0
HOLD_S = 1.5
TICK_MS = 16
_WARN_DBFS, _ERR_DBFS = -9.0, -1.0
_MARKS_DBFS = (0, -6, -12, -20, -30, -45)
_FEW_MARKS_DBFS = (0, -9, -20, -40)
_FEW_BELOW_PX = 170
_BAR_PX, _PITCH_PX, _WIDTH_PX, _HOLD_PX = 7, 9, 44, 2
_GAP_PX, _EDGE_PX = 6, 2
_HEADING = "dBFS"


def height_share(dbfs: float) -> float:
    """Share of the bar's height that a level fills, 0.0 to 1.0; quiet sounds get less room than loud ones."""
    return math.pow(max(0.0, (min(dbfs, 0.0) - FLOOR_DBFS) / -FLOOR_DBFS), 1.35)


def dbfs_of(amplitude: float) -> float:
    """The level of a sample peak, 1.0 is 0 dBFS; at least the meter's floor."""
    return max(FLOOR_DBFS, 20 * math.log10(amplitude)) if amplitude > 0 else FLOOR_DBFS


class Needle:
    """One channel: rises at once, falls 20 dB a second, and its peak stays for 1.5 s."""

    def __init__(self) -> None:
        self.level_dbfs = FLOOR_DBFS
        self.held_dbfs = FLOOR_DBFS
        self._hold_left_s = 0.0

    def advance(self, dbfs: float, elapsed_s: float) -> None:
        """Take in what was loudest during the last `elapsed_s` seconds."""
        fallen = FALL_DB_PER_S * elapsed_s
        self.level_dbfs = max(dbfs, self.level_dbfs - fallen, FLOOR_DBFS)
        self._hold_left_s -= elapsed_s
        if self.level_dbfs >= self.held_dbfs:
            self.held_dbfs, self._hold_left_s = self.level_dbfs, HOLD_S
        elif self._hold_left_s <= 0:
            self.held_dbfs = max(self.level_dbfs, self.held_dbfs - fallen)

    @property
    def is_at_rest(self) -> bool:
        return self.held_dbfs <= FLOOR_DBFS


class LevelMeter(QWidget):
    """The bars, with a scale in dBFS. `head_px` keeps the top free, so that the bars stand beside the lanes."""

    def __init__(self, theme: Theme, *, head_px: int = 58, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._head_px = head_px
        self._needles: list[Needle] = [Needle(), Needle()]
        self._fall = QTimer(self, interval=TICK_MS)
        self._fall.timeout.connect(self._fall_on)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Level")
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    def set_head_px(self, head_px: int) -> None:
        """Where the bars begin, in design pixels."""
        if head_px != self._head_px:
            self._head_px = head_px
            self.update()

    def set_channels(self, channels: int) -> None:
        """One bar a channel, two at the most; starts from silence."""
        self._needles = [Needle() for _ in range(min(max(channels, 1), 2))]
        self._fall.stop()
        self.update()

    def advance(self, levels_dbfs: Sequence[float], elapsed_s: float) -> None:
        """Show the loudest of the last `elapsed_s` seconds of each channel."""
        self._fall.stop()
        for needle, level in zip(self._needles, levels_dbfs, strict=False):
            needle.advance(level, elapsed_s)
        self.update()

    def let_fall(self) -> None:
        """The sound has stopped: sink to the floor."""
        if self.isVisible():
            self._fall.start()
        else:
            self.set_channels(len(self._needles))

    @property
    def is_at_rest(self) -> bool:
        return all(needle.is_at_rest for needle in self._needles)

    @property
    def levels_dbfs(self) -> tuple[float, ...]:
        return tuple(needle.level_dbfs for needle in self._needles)

    def _fall_on(self) -> None:
        for needle in self._needles:
            needle.advance(FLOOR_DBFS, TICK_MS / 1000)
        if self.is_at_rest:
            self._fall.stop()
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        self.set_channels(len(self._needles))  # nothing moves behind a hidden window
        super().hideEvent(event)

    def sizeHint(self) -> QSize:
        """As wide as its numbers need: letters grow in whole pixels and may outgrow the share of their column."""
        theme = self._theme
        metrics = QFontMetrics(theme.font("caption", medium=True))
        numbers = max(metrics.horizontalAdvance(_text_of(mark)) for mark in _MARKS_DBFS)
        needed = max(self._scale_left() + numbers, metrics.horizontalAdvance(_HEADING)) + theme.px(_EDGE_PX)
        return QSize(max(theme.px(_WIDTH_PX), needed), theme.px(120))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        top = float(theme.px(self._head_px))
        height = self.height() - top
        if height <= 0:
            return
        width, pitch = theme.px(_BAR_PX), theme.px(_PITCH_PX)
        for number, needle in enumerate(self._needles):
            self._paint_bar(painter, QRectF(number * pitch, top, width, height), needle)
        self._paint_scale(painter, top, height)

    def _paint_bar(self, painter: QPainter, bar: QRectF, needle: Needle) -> None:
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("canvas"))
        painter.drawRoundedRect(bar, 2, 2)

        def y(dbfs: float) -> float:
            return round(bar.bottom() - bar.height() * height_share(dbfs))

        ranges = (
            (FLOOR_DBFS, _WARN_DBFS, "accent"),
            (_WARN_DBFS, _ERR_DBFS, "warn"),
            (_ERR_DBFS, 0.0, "err"),
        )
        for low, high, role in ranges:
            if needle.level_dbfs > low:
                upper = y(min(needle.level_dbfs, high))
                painter.fillRect(QRectF(bar.left(), upper, bar.width(), y(low) - upper), theme.color(role))
        if not needle.is_at_rest:
            held = min(y(needle.held_dbfs), bar.bottom() - _HOLD_PX)
            painter.fillRect(QRectF(bar.left(), held, bar.width(), _HOLD_PX), theme.color("text"))

    def _paint_scale(self, painter: QPainter, top: float, height: float) -> None:
        theme = self._theme
        line = theme.line_height("caption")
        painter.setFont(theme.font("caption", medium=True))
        painter.setPen(theme.color("text3"))
        left = self._scale_left()
        marks = _FEW_MARKS_DBFS if height < theme.px(_FEW_BELOW_PX) else _MARKS_DBFS
        for mark in marks:
            middle = top + height * (1 - height_share(mark))
            place = min(max(middle - line / 2, top), self.height() - line)
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
