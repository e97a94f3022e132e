"""Buttons without a box: words or an icon that light up under the pointer."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.theme import Theme

Size = Literal["row", "control"]

_SHAPES: dict[Size, Shape] = {
    "row": Shape(22, 8, gap=4, icon_size=14, font="small"),
    "control": Shape(28, 10),
}


class GhostButton(PaintedButton):
    """A word, with an icon or without; checked it is lit in the accent."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str | None = None,
        checkable: bool = False,
        size: Size = "control",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, _SHAPES[size], icon=icon, parent=parent)
        self.setCheckable(checkable)

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        return _ghost_look(self, hovered=hovered, pressed=pressed, role="text2")

    def _reserves_bold(self) -> bool:
        return False


class IconButton(PaintedButton):
    """An icon alone. Its name is what a screen reader says, and its tooltip unless another is given."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        tooltip: str | None = None,
        checkable: bool = False,
        size: float = 28,
        icon_size: int = 16,
        role: str = "text2",
        parent: QWidget | None = None,
    ) -> None:
        self._role = role
        super().__init__(theme, "", Shape(size, 0, icon_size=icon_size, min_width=size), icon=icon, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCheckable(checkable)
        self.set_name(name, tooltip)

    def set_name(self, name: str, tooltip: str | None = None) -> None:
        """Say something else; the tooltip repeats it unless given."""
        self.setAccessibleName(name)
        self.setToolTip(name if tooltip is None else tooltip)

    def set_icon(self, name: str | None, *, filled: bool = False, role: str | None = None) -> None:
        """Show another icon, and in another colour if a role is given."""
        if role is not None:
            self._role = role
        super().set_icon(name, filled=filled)

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        return _ghost_look(self, hovered=hovered, pressed=pressed, role=self._role)


def _ghost_look(button: PaintedButton, *, hovered: bool, pressed: bool, role: str) -> Look:
    if not button.isEnabled():
        return Look("disabled")
    if button.isChecked():
        return Look("accent", fill="accent_tint")
    if pressed:
        return Look("text", fill="pressed")
    if hovered:
        return Look("text" if role == "text2" else role, fill="hover")
    return Look(role)
