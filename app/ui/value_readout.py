"""A measured value with its unit below; a click copies it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.plain_tooltip import plain
from app.ui.readouts import NOT_MEASURED
from app.ui.theme import Theme

_VALUE_LINE_PX, _UNIT_LINE_PX, _GAP_PX = 16, 12, 4
_ALARM_GAP_PX = 6


class ValueReadout(QAbstractButton):
    """Right-aligned value and unit. An alarm is a word beside the unit; a click on it sets it back.

    Args:
        explanation: How it was measured, for the tooltip.
        alarm_room: The widest alarm there will be; its room is kept, so that nothing moves when it comes.
    """

    alarm_dismissed = Signal()

    def __init__(
        self, theme: Theme, unit: str, explanation: str, *, alarm_room: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._unit = unit
        self._explanation = explanation
        self._value = NOT_MEASURED
        self._warns = False
        self._alarm = ""
        self._alarm_room = alarm_room
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)
        self._refresh()

    def show_value(
        self, text: str, unit: str | None = None, explanation: str | None = None, *, warns: bool = False
    ) -> None:
        """The value as people read it; a dash where there is none.

        Args:
            unit: Another one from now on.
            explanation: Likewise.
            warns: It is in the colour of warnings.
        """
        shown = (text, unit or self._unit, explanation or self._explanation, warns)
        if shown != (self._value, self._unit, self._explanation, self._warns):
            self._value, self._unit, self._explanation, self._warns = shown
            self._refresh()

    def set_alarm(self, word: str) -> None:
        """A word that stays until it is clicked; empty for none."""
        if word != self._alarm:
            self._alarm = word
            self._refresh()

    @property
    def value(self) -> str:
        return self._value

    @property
    def alarm(self) -> str:
        return self._alarm

    def sizeHint(self) -> QSize:
        px = self._theme.px
        value = QFontMetrics(self._theme.font("title")).horizontalAdvance(self._value)
        # Room for the widest value there usually is: nothing moves from take to take.
        usual = QFontMetrics(self._theme.font("title")).horizontalAdvance("−88.8")
        height = px(_VALUE_LINE_PX) + px(_GAP_PX) + px(_UNIT_LINE_PX)
        return QSize(max(value, usual, self._caption_width()) + 1, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setFont(theme.font("title"))
        width = painter.fontMetrics().horizontalAdvance(self._value)
        painter.setPen(theme.color("warn" if self._warns else "text"))
        painter.drawText(QPointF(self.width() - width, theme.px(13)), self._value)
        painter.setFont(theme.font("caption"))
        metrics = painter.fontMetrics()
        baseline = self.height() - theme.px(2)
        right = float(self.width())
        if self._alarm:
            right -= metrics.horizontalAdvance(self._alarm)
            painter.setPen(theme.color("err"))
            painter.drawText(QPointF(right, baseline), self._alarm)
            right -= theme.px(_ALARM_GAP_PX)
        painter.setPen(theme.color("text3"))
        painter.drawText(QPointF(right - metrics.horizontalAdvance(self._unit), baseline), self._unit)

    def _caption_width(self) -> int:
        metrics = QFontMetrics(self._theme.font("caption"))
        unit = metrics.horizontalAdvance(self._unit)
        widest = max(metrics.horizontalAdvance(word) for word in (self._alarm, self._alarm_room))
        return unit + widest + self._theme.px(_ALARM_GAP_PX) if widest else unit

    def _on_clicked(self) -> None:
        if self._alarm:
            self.set_alarm("")
            self.alarm_dismissed.emit()
        elif self._value != NOT_MEASURED:
            QGuiApplication.clipboard().setText(f"{self._value} {self._unit}")

    def _refresh(self) -> None:
        what = "not measured" if self._value == NOT_MEASURED else self._value
        alarm = f", {self._alarm}" if self._alarm else ""
        self.setAccessibleName(f"{self._unit}: {what}{alarm}")
        click = "Click to set “clip” back." if self._alarm else "Click to copy."
        self.setToolTip(plain(f"{self._explanation}\n{click}"))
        self.setAccessibleDescription(self._explanation)
        self.updateGeometry()
        self.update()
