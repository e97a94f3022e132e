"""The one filled button: what the user most likely wants now, with its price and its key."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeySequence, QPainter
from PySide6.QtWidgets import QWidget

from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

Size = Literal["control", "dialog", "hero", "toolbar"]

_SHAPES: dict[Size, Shape] = {
    "control": Shape(28, 10, font="control"),
    "dialog": Shape(32, 14, font="control"),
    "hero": Shape(36, 14, radius=6, font="body", icon_size=17),
    "toolbar": Shape(40, 14, radius=6, font="body", icon_size=17),
}
_LINE_GAP = 10
_LINE_HEIGHT = 18
_CHIP_PADDING = 5
_CHIP_HEIGHT = 18


class PrimaryButton(PaintedButton):
    """Verb and object; behind a line the price, and the key that presses it."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str | None = None,
        size: Size = "dialog",
        parent: QWidget | None = None,
    ) -> None:
        self._price = ""
        self._key_hint = ""
        super().__init__(theme, text, _SHAPES[size], icon=icon, parent=parent)

    def set_price(self, text: str) -> None:
        """What a click will cost, in words: "about $0.07", "free", "price unknown". Empty hides it."""
        self._price = text
        self._refresh()

    def set_key_hint(self, keys: str) -> None:
        """Show the shortcut, given as in `QKeySequence` ("Ctrl+Return"). Empty hides it."""
        self._key_hint = key_hint_text(keys)
        self._refresh()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._refresh()

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        if not self.isEnabled():
            return Look("disabled", fill="field", outline="line", bold=True)
        fill = "accent_pressed" if pressed else "accent_hover" if hovered else "accent_fill"
        return Look("on_accent", fill=fill, bold=True)

    def text_font(self, *, bold: bool) -> QFont:  # noqa: ARG002 - a primary button is always bold
        return super().text_font(bold=True)

    def extra_width(self) -> int:
        px = self._theme.px
        width = 0
        if self._price:
            width += 2 * px(_LINE_GAP) + 1 + QFontMetrics(self.text_font(bold=True)).horizontalAdvance(self._price)
        if self._key_hint:
            width += px(_LINE_GAP) + self._chip_width()
        return width

    def paint_extra(self, painter: QPainter, rect: QRectF, color: QColor) -> None:
        px = self._theme.px
        x, middle = rect.left(), rect.center().y()
        if self._price:
            x += px(_LINE_GAP)
            faint = QColor(color)
            faint.setAlphaF(0.35)
            line = px(_LINE_HEIGHT)
            painter.fillRect(QRectF(round(x), round(middle - line / 2), 1, line), faint)
            x += 1 + px(_LINE_GAP)
            font = self.text_font(bold=True)
            width = QFontMetrics(font).horizontalAdvance(self._price)
            painter.setFont(font)
            painter.drawText(QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self._price)
            x += width
        if self._key_hint:
            self._paint_chip(painter, x + px(_LINE_GAP), middle, color)

    def _paint_chip(self, painter: QPainter, x: float, middle: float, color: QColor) -> None:
        height = self._theme.px(_CHIP_HEIGHT)
        box = QRectF(round(x), round(middle - height / 2), self._chip_width(), height)
        soft = QColor(color)
        soft.setAlphaF(0.75)
        fill_rounded(painter, box, self._theme.px(3), None, soft)
        painter.setPen(soft)
        painter.setFont(self._theme.font("caption", medium=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key_hint)

    def _chip_width(self) -> int:
        metrics = QFontMetrics(self._theme.font("caption", medium=True))
        return 2 * self._theme.px(_CHIP_PADDING) + metrics.horizontalAdvance(self._key_hint)

    def _icon_stroke(self) -> float:
        return 2.0

    def _refresh(self) -> None:
        self.setAccessibleName(", ".join(part for part in (self.text(), self._price) if part))
        self.updateGeometry()
        self.update()


def key_hint_text(keys: str) -> str:
    """A shortcut as it is written on keys: "Ctrl+Return" is "Ctrl ↵" (on macOS the signs of its keyboard)."""
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return native.replace("Return", "↵").replace("Enter", "↵").replace("+", " ").strip()
