"""Scrolls a waveform while the mouse is dragged past one of its ends: the farther, the quicker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QTimer

if TYPE_CHECKING:
    from app.ui.waveform_view import WaveformView

_TICK_MS = 16
_SLOWEST, _FASTEST = 0.004, 0.08  # of the visible part, in one tick
_FASTEST_FROM_PX = 200


class EdgeScroll(QObject):
    """Told where the mouse is; stands still while that is over the view.

    Args:
        moved: Told after each step: something else is under the mouse now.
    """

    def __init__(self, view: WaveformView, moved: Callable[[QPointF], None]) -> None:
        super().__init__(view)
        self._view = view
        self._moved = moved
        self._at = QPointF()
        self._ticks = QTimer(self, interval=_TICK_MS)
        self._ticks.timeout.connect(self._step)

    def follow(self, point: QPointF) -> None:
        """The mouse is here, with its button down."""
        self._at = point
        if not self._beyond():
            self._ticks.stop()
        elif not self._ticks.isActive():
            self._ticks.start()

    def stop(self) -> None:
        self._ticks.stop()

    def _beyond(self) -> float:
        """How many pixels the mouse is to the right of the view, or, negative, to the left of it."""
        return min(self._at.x(), 0.0) or max(self._at.x() - self._view.width(), 0.0)

    def _step(self) -> None:
        beyond = self._beyond()
        share = _SLOWEST + (_FASTEST - _SLOWEST) * min(abs(beyond) / _FASTEST_FROM_PX, 1.0)
        span = self._view.span
        scrolled = span.scrolled((share if beyond > 0 else -share) * span.length)
        if scrolled == span:
            self._ticks.stop()
            return
        self._view.show_span(scrolled)
        self._moved(self._at)
