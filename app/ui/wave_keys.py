"""What the keys do while a waveform has the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from app.ui.waveform_view import WaveformView

NUDGE_S, LONG_NUDGE_S = 0.01, 1.0
_OTHERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class WaveKeys:
    """Up, down and digits belong to the list and the takes: they are left to the window."""

    def __init__(self, view: WaveformView) -> None:
        self._view = view

    def act_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key is for; None where it means nothing here."""
        if event.modifiers() & _OTHERS:
            return None
        with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step_s = LONG_NUDGE_S if with_shift else NUDGE_S
        view = self._view
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: view.nudge(-step_s),
            Qt.Key.Key_Right: lambda: view.nudge(step_s),
            Qt.Key.Key_Home: lambda: view.seek(0),
            Qt.Key.Key_End: lambda: view.seek(view.span.total),
            Qt.Key.Key_Plus: view.zoom_in,
            Qt.Key.Key_Equal: view.zoom_in,
            Qt.Key.Key_Minus: view.zoom_out,
            Qt.Key.Key_0: view.zoom_to_fit,
            Qt.Key.Key_I: view.start_loop_here,
            Qt.Key.Key_O: view.end_loop_here,
        }
        return acts.get(event.key())
