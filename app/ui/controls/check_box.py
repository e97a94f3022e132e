"""Check boxes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

_BOX, _GAP, _HEIGHT = 16, 8, 26


class CheckBox(QCheckBox):
    """A box to tick."""

    def __init__(self, theme: Theme, text: str, *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._problem = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", theme.px(4))
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def set_error(self, problem: str | bool | None) -> None:
        """Outline the box as wrong, or not."""
        self._problem = bool(problem)
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.px
        text = QFontMetrics(self._theme.font("small")).horizontalAdvance(self.text())
        gap = px(_GAP) if self.text() else 0
        return QSize(px(_BOX) + gap + text + 2, px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self._theme.px(_BOX)
        box = QRectF(0, (self.height() - side) // 2, side, side)
        color = self._theme.color
        if self.isChecked():
            fill = "accent_fill" if self.isEnabled() else "disabled"
            fill_rounded(painter, box, self._theme.px(4), color(fill))
            tick = self._theme.pixmap(
                "check",
                "on_accent" if self.isEnabled() else "panel",
                size=12,
                device_pixel_ratio=self.devicePixelRatioF(),
                stroke=3,
            )
            inset = (box.width() - self._theme.px(12)) / 2
            painter.drawPixmap(QPointF(box.left() + inset, box.top() + inset), tick)
        else:
            fill_rounded(painter, box, self._theme.px(4), color("field"), color(self._outline()))
        self._paint_text(painter)

    def _outline(self) -> str:
        if self._problem:
            return "err"
        if not self.isEnabled():
            return "line"
        return "text" if self.underMouse() else "line_control"

    def _paint_text(self, painter: QPainter) -> None:
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text" if self.isEnabled() else "disabled"))
        left = self._theme.px(_BOX) + self._theme.px(_GAP)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())

    def _refresh_from_theme(self) -> None:
        self.setFont(self._theme.font("small"))
        self.updateGeometry()
        self.update()
