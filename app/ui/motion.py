"""The few things that move by themselves, and how they stand still for people who ask for that."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, Qt
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme

FOLD_MS = 120
FADE_MS = 150
HOVER_OUT_MS = 80


def duration_ms(theme: Theme, usual_ms: int) -> int:
    """How long a movement lasts: not at all with reduced motion."""
    return 0 if theme.reduce_motion else usual_ms


def animate_height(widget: QWidget, to_px: int, *, theme: Theme, on_done: Callable[[], None] | None = None) -> None:
    """Fold or unfold a widget by its maximum height; at once if it can't be seen or motion is unwanted."""
    for earlier in widget.findChildren(QPropertyAnimation, options=Qt.FindChildOption.FindDirectChildrenOnly):
        earlier.stop()
    duration = duration_ms(theme, FOLD_MS) if widget.window().isVisible() else 0
    if duration == 0:
        widget.setMaximumHeight(to_px)
        if on_done is not None:
            on_done()
        return
    animation = QPropertyAnimation(widget, b"maximumHeight", widget)
    animation.setDuration(duration)
    animation.setEasingCurve(QEasingCurve.Type.OutCubic)
    animation.setStartValue(min(widget.height(), widget.maximumHeight()))
    animation.setEndValue(to_px)
    if on_done is not None:
        animation.finished.connect(on_done)
    animation.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
