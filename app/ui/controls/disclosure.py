"""What only some people need, behind a line with a chevron."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.theme import Theme

_HEIGHT_PX, _ICON_PX = 28, 14


class Disclosure(QWidget):
    """Closed at first; `content` is the layout to fill."""

    toggled = Signal(bool)

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = _Line(theme, title, self)
        self._inside = QWidget()
        self.content = QVBoxLayout(self._inside)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._line)
        column.addWidget(self._inside)
        self._inside.hide()
        self._line.toggled.connect(self._inside.setVisible)
        self._line.toggled.connect(self.toggled)

    def is_open(self) -> bool:
        return self._line.isChecked()

    def set_open(self, wanted: bool) -> None:
        self._line.setChecked(wanted)


class _Line(PaintedButton):
    """Chevron and words; the whole line can be pressed."""

    def __init__(self, theme: Theme, title: str, parent: QWidget) -> None:
        super().__init__(theme, title, Shape(_HEIGHT_PX, 0, icon_size=_ICON_PX, font="label"), parent=parent)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        return Look("text" if hovered or pressed else "text2")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() + self._theme.px(_ICON_PX + 6), self._theme.px(_HEIGHT_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        role = self.look(hovered=self.underMouse(), pressed=self.isDown()).text
        name = "chevron-down" if self.isChecked() else "chevron-right"
        side = self._theme.px(_ICON_PX)
        picture = self._theme.pixmap(name, role, size=_ICON_PX, device_pixel_ratio=self.devicePixelRatioF())
        painter.drawPixmap(0, (self.height() - side) // 2, picture)
        painter.setFont(self._theme.font("label"))
        painter.setPen(self._theme.color(role))
        left = side + self._theme.px(6)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
