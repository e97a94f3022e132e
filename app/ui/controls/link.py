"""A few words in the accent that can be pressed, inside a line of text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.theme import Theme


class LinkButton(PaintedButton):
    """Underlined under the pointer."""

    def __init__(self, theme: Theme, text: str, *, font: str = "small", parent: QWidget | None = None) -> None:
        super().__init__(theme, text, Shape(24, 0, radius=3, font=font), parent=parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def look(self, *, hovered: bool, pressed: bool) -> Look:  # noqa: ARG002 - one look, underlined by its font
        return Look("accent" if self.isEnabled() else "disabled")

    def text_font(self, *, bold: bool) -> QFont:  # noqa: ARG002 - links have one weight
        font = self._theme.font(self._shape.font, medium=True)
        font.setUnderline(self.underMouse() and self.isEnabled())
        return font
