"""The ordinary button: outlined, or in the colour of a warning where it may cost money again."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QWidget

from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.theme import Theme

Size = Literal["row", "control", "option", "dialog", "hero"]
Tone = Literal["normal", "warn"]

_SHAPES: dict[Size, Shape] = {
    "row": Shape(22, 8, radius=5, gap=4, icon_size=14, font="small"),
    "control": Shape(28, 10),
    "option": Shape(30, 10, min_width=116),
    "dialog": Shape(32, 14),
    "hero": Shape(36, 14, radius=6),
}


class Button(PaintedButton):
    """A verb with its object. `warn` is for what needs a decision or may be charged again."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str | None = None,
        size: Size = "control",
        tone: Tone = "normal",
        parent: QWidget | None = None,
    ) -> None:
        self._tone = tone
        super().__init__(theme, text, _SHAPES[size], icon=icon, parent=parent)

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        if not self.isEnabled():
            return Look("disabled", fill="field", outline="line")
        if self._tone == "warn":
            return Look("warn", fill="warn_tint" if hovered or pressed else None, outline="warn")
        fill = "pressed" if pressed else "raised" if hovered else "field"
        return Look("text", fill=fill, outline="line_field")
