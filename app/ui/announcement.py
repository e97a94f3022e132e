"""What a screen reader says without being asked."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Tell assistive technology once; assertive interrupts what it is reading."""
    # late: PySide makes the eight enums of this class as it is first named, 2 ms that the first paint needn't wait for
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    event = QAccessibleAnnouncementEvent(widget, text)
    kind = QAccessible.AnnouncementPoliteness
    event.setPoliteness(kind.Assertive if assertive else kind.Polite)
    QAccessible.updateAccessibility(event)
