"""What a screen reader gets to know of a widget."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget


def interface(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def name(widget: QWidget) -> str:
    return interface(widget).text(QAccessible.Text.Name)


def description(widget: QWidget) -> str:
    return interface(widget).text(QAccessible.Text.Description)


def role(widget: QWidget) -> QAccessible.Role:
    return interface(widget).role()


def press(widget: QWidget) -> None:
    """Do the first thing that the widget offers, as assistive technology does."""
    actions = interface(widget).actionInterface()
    actions.doAction(actions.actionNames()[0])


def names_inside(widget: QWidget) -> list[str]:
    """What a screen reader finds below a widget and can be seen, in its order."""
    found: list[str] = []

    def walk(item: QAccessibleInterface) -> None:
        for place in range(item.childCount()):
            child = item.child(place)
            if not child.state().invisible:
                found.append(child.text(QAccessible.Text.Name))
                walk(child)

    walk(interface(widget))
    return [each for each in found if each]
