"""Which levels of a spectrogram have colours: a small bar with its colours, to be pulled at both ends."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QSizePolicy, QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.readouts import MINUS
from app.ui.spectrogram_map import (
    HIGH_DBFS,
    HIGHEST_DBFS,
    LEAST_RANGE_DB,
    LOW_DBFS,
    LOWEST_DBFS,
    color_at,
)
from app.ui.theme import Theme

_BAR_PX, _BAR_HEIGHT_PX, _HEIGHT_PX = 68, 8, 28
_PAGE_DB = 6
_SHADES = 16


class SpectrogramRange(QWidget):
    """`changed` carries the lowest and the highest level with a colour, in dBFS, by the user's hand."""

    changed = Signal(float, float)
    automatic_wanted = Signal()  # a double click: as the sound itself has it

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low = _End(theme, "Quietest level with a colour, in dBFS", unit="")
        self._high = _End(theme, "Loudest level with a colour, in dBFS", unit=" dB")
        self._bar = _Bar(theme, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        for each in (self._low, self._bar, self._high):
            row.addWidget(each)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip("Levels with a colour. Drag an end; double-click to fit them to the take.")
        self._low.valueChanged.connect(lambda _value: self._on_changed())
        self._high.valueChanged.connect(lambda _value: self._on_changed())
        for end in (self._low, self._high):
            end.automatic_wanted.connect(self.automatic_wanted)
        self.show_range(LOW_DBFS, HIGH_DBFS)

    @property
    def low_dbfs(self) -> float:
        return float(self._low.value())

    @property
    def high_dbfs(self) -> float:
        return float(self._high.value())

    def show_range(self, low_dbfs: float, high_dbfs: float) -> None:
        """Show other ends, in whole decibels, at least `LEAST_RANGE_DB` apart; announces nothing."""
        high = min(max(round(high_dbfs), round(LOWEST_DBFS + LEAST_RANGE_DB)), round(HIGHEST_DBFS))
        low = min(max(round(low_dbfs), round(LOWEST_DBFS)), round(high - LEAST_RANGE_DB))
        with QSignalBlocker(self._low), QSignalBlocker(self._high):
            self._low.setRange(round(LOWEST_DBFS), round(high - LEAST_RANGE_DB))
            self._high.setRange(round(low + LEAST_RANGE_DB), round(HIGHEST_DBFS))
            self._low.setValue(low)
            self._high.setValue(high)
        for each in (self._low, self._high, self._bar):
            each.update()

    def move_end(self, *, is_high: bool, dbfs: float) -> None:
        """Pull one end, as far as the other lets it."""
        (self._high if is_high else self._low).setValue(round(dbfs))

    def _on_changed(self) -> None:
        self.show_range(self.low_dbfs, self.high_dbfs)
        self.changed.emit(self.low_dbfs, self.high_dbfs)


class _End(QAbstractSlider):
    """One end as a number that is a slider to keys, wheel and assistive technology."""

    automatic_wanted = Signal()

    def __init__(self, theme: Theme, name: str, *, unit: str) -> None:
        super().__init__()
        self._theme = theme
        self._unit = unit
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setSingleStep(1)
        self.setPageStep(_PAGE_DB)
        self.setAccessibleName(name)
        self.setProperty("ringRadius", 3)
        theme.changed.connect(self.updateGeometry)

    @property
    def text(self) -> str:
        return f"{MINUS if self.value() < 0 else ''}{abs(self.value())}{self._unit}"

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(f"{MINUS}120{self._unit}"), self._theme.px(_HEIGHT_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.automatic_wanted.emit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.automatic_wanted.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font("caption", medium=True))
        painter.setPen(self._theme.color("text" if self.hasFocus() else "text3"))
        side = Qt.AlignmentFlag.AlignLeft if self._unit else Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(self.rect()), side | Qt.AlignmentFlag.AlignVCenter, self.text)


class _Bar(QWidget):
    """All levels there are, with the colours where they are now; pulling moves the nearer end."""

    def __init__(self, theme: Theme, owner: SpectrogramRange) -> None:
        super().__init__(owner)
        self._theme = theme
        self._owner = owner
        self._pulls_high: bool | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_BAR_PX), self._theme.px(_HEIGHT_PX))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            at = self._dbfs_at(event.position().x())
            self._pulls_high = abs(at - self._owner.high_dbfs) < abs(at - self._owner.low_dbfs)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pulls_high is not None:
            self._owner.move_end(is_high=self._pulls_high, dbfs=self._dbfs_at(event.position().x()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._pulls_high = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._pulls_high = None
        self._owner.automatic_wanted.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        height = self._theme.px(_BAR_HEIGHT_PX)
        bar = QRectF(0, (self.height() - height) / 2, self.width(), height)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        low, high = self._share_of(self._owner.low_dbfs), self._share_of(self._owner.high_dbfs)
        for shade in range(_SHADES + 1):
            gradient.setColorAt(low + (high - low) * shade / _SHADES, color_at(shade / _SHADES))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 2, 2)
        fill_rounded(painter, bar, 2, None, self._theme.color("line_field"))
        for share in (low, high):
            x = round(min(max(share * bar.width() - 1, 0), bar.width() - 2))
            painter.fillRect(QRectF(x, bar.top() - 3, 2, height + 6), self._theme.color("text2"))

    def _share_of(self, dbfs: float) -> float:
        return (dbfs - LOWEST_DBFS) / (HIGHEST_DBFS - LOWEST_DBFS)

    def _dbfs_at(self, x: float) -> float:
        return LOWEST_DBFS + min(max(x / max(self.width(), 1), 0.0), 1.0) * (HIGHEST_DBFS - LOWEST_DBFS)
