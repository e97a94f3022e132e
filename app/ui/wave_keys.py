"""What the keys do while a waveform has the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.ui.loop_region import Edge

if TYPE_CHECKING:
    from app.ui.waveform_view import WaveformView

NUDGE_S, LONG_NUDGE_S = 0.01, 1.0
DESCRIPTION = (
    "Position in milliseconds. Left and Right move 10 milliseconds, with Shift one second, with Ctrl one sample. "
    "Page Up and Page Down turn the page, plus and minus zoom, 0 shows all, E the selection. "
    "I and O set the ends of the selection here; Alt with Left and Right moves its end, with Shift its start."
)
_Acts = dict[int, Callable[[], None]]


class WaveKeys:
    """Up, down and digits belong to the list and the takes: they are left to the window."""

    def __init__(self, view: WaveformView) -> None:
        self._view = view

    def act_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key is for; None where it means nothing here."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift, alt = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
        if held == Qt.KeyboardModifier.NoModifier:
            return self._plain(NUDGE_S).get(event.key())
        if held == shift:
            return self._plain(LONG_NUDGE_S).get(event.key())
        if held == Qt.KeyboardModifier.ControlModifier:
            return self._with_ctrl().get(event.key())
        if held in (alt, alt | shift):
            return self._with_alt(Edge.START if held & shift else Edge.END).get(event.key())
        return None

    def _plain(self, step_s: float) -> _Acts:
        view = self._view
        return {
            Qt.Key.Key_Left: lambda: view.nudge(-step_s),
            Qt.Key.Key_Right: lambda: view.nudge(step_s),
            Qt.Key.Key_Home: lambda: view.seek(0),
            Qt.Key.Key_End: lambda: view.seek(view.span.total),
            Qt.Key.Key_PageUp: lambda: view.turn_pages(-1),
            Qt.Key.Key_PageDown: lambda: view.turn_pages(1),
            Qt.Key.Key_Plus: view.zoom_in,
            Qt.Key.Key_Equal: view.zoom_in,
            Qt.Key.Key_Minus: view.zoom_out,
            Qt.Key.Key_0: view.zoom_to_fit,
            Qt.Key.Key_E: view.zoom_to_selection,
            Qt.Key.Key_I: view.start_loop_here,
            Qt.Key.Key_O: view.end_loop_here,
            Qt.Key.Key_Z: view.toggle_snapping,
            Qt.Key.Key_D: view.toggle_scale,
        }

    def _with_ctrl(self) -> _Acts:
        view = self._view
        return {
            Qt.Key.Key_Left: lambda: view.seek(view.position - 1),
            Qt.Key.Key_Right: lambda: view.seek(view.position + 1),
            Qt.Key.Key_A: view.select_all,
        }

    def _with_alt(self, edge: Edge) -> _Acts:
        view = self._view
        return {
            Qt.Key.Key_Left: lambda: view.nudge_edge(edge, -1),
            Qt.Key.Key_Right: lambda: view.nudge_edge(edge, 1),
            Qt.Key.Key_I: lambda: view.start_loop_here(is_inverted=True),
            Qt.Key.Key_O: lambda: view.end_loop_here(is_inverted=True),
        }
