"""Check boxes and radio buttons."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

_BOX, _GAP, _HEIGHT = 16, 8, 26


class CheckBox(QCheckBox):
    """A box to tick."""

    def __init__(self, theme: Theme, text: str, *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._problem = False
        _prepare(self, theme)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def set_error(self, problem: str | bool | None) -> None:
        """Outline the box as wrong, or not."""
        self._problem = bool(problem)
        self.update()

    def sizeHint(self) -> QSize:
        return _size(self, self._theme)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = _box(self, self._theme)
        color = self._theme.color
        checked = self.isChecked()
        if checked:
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
            outline = _outline(self, problem=self._problem)
            fill_rounded(painter, box, self._theme.px(4), color("field"), color(outline))
        _paint_text(self, painter, self._theme)

    def _refresh_from_theme(self) -> None:
        self.setFont(self._theme.font("small"))
        self.updateGeometry()
        self.update()


class RadioButton(QRadioButton):
    """One of several, below each other."""

    def __init__(self, theme: Theme, text: str, *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._problem = False
        _prepare(self, theme)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def set_error(self, problem: str | bool | None) -> None:
        """Outline the button as wrong, or not."""
        self._problem = bool(problem)
        self.update()

    def sizeHint(self) -> QSize:
        return _size(self, self._theme)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = _box(self, self._theme)
        color = self._theme.color
        checked = self.isChecked()
        outline = "accent" if checked and self.isEnabled() else _outline(self, problem=self._problem)
        fill_rounded(painter, box, box.width() / 2, color("field"), color(outline))
        if checked:
            inset = box.width() / 4
            dot = box.adjusted(inset, inset, -inset, -inset)
            fill_rounded(painter, dot, dot.width() / 2, color("accent" if self.isEnabled() else "disabled"))
        _paint_text(self, painter, self._theme)

    def _refresh_from_theme(self) -> None:
        self.setFont(self._theme.font("small"))
        self.updateGeometry()
        self.update()


def _prepare(button: QAbstractButton, theme: Theme) -> None:
    button.setAttribute(Qt.WidgetAttribute.WA_Hover)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setProperty("ringRadius", theme.px(4))


def _size(button: QAbstractButton, theme: Theme) -> QSize:
    text = QFontMetrics(theme.font("small")).horizontalAdvance(button.text())
    gap = theme.px(_GAP) if button.text() else 0
    return QSize(theme.px(_BOX) + gap + text + 2, theme.px(_HEIGHT))


def _box(button: QAbstractButton, theme: Theme) -> QRectF:
    side = theme.px(_BOX)
    return QRectF(0, (button.height() - side) // 2, side, side)


def _outline(button: QAbstractButton, *, problem: bool) -> str:
    if problem:
        return "err"
    if not button.isEnabled():
        return "line"
    return "text" if button.underMouse() else "line_control"


def _paint_text(button: QAbstractButton, painter: QPainter, theme: Theme) -> None:
    painter.setFont(theme.font("small"))
    painter.setPen(theme.color("text" if button.isEnabled() else "disabled"))
    left = theme.px(_BOX) + theme.px(_GAP)
    room = QRectF(left, 0, button.width() - left, button.height())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, button.text())
