"""What can be done with a waveform, and how it looks, under the right button of the mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.ui.wave_scale import WaveScale

if TYPE_CHECKING:
    from app.ui.waveform_view import WaveformView


class WaveMenu(QMenu):
    """Everything that keys do as well; what can't be done now is greyed."""

    def __init__(self, view: WaveformView) -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        has_region = view.region is not None
        self._offer("Zoom to the selection", "E", view.zoom_to_selection, is_possible=has_region)
        self._offer("Show the whole take", "0", view.zoom_to_fit, is_possible=not view.span.is_whole)
        self.addSeparator()
        self._offer("Select all", "Ctrl+A", view.select_all)
        self._offer("Select what is in sight", "", view.select_visible, is_possible=not view.span.is_whole)
        self._offer("Loop start here", "I", view.start_loop_here)
        self._offer("Loop end here", "O", view.end_loop_here)
        self._offer("Clear the selection", "", view.clear_region, is_possible=has_region)
        self.addSeparator()
        self._offer("Snap to zero crossings", "Z", view.toggle_snapping, is_on=view.selection.is_snapping)
        self._offer("Scale in decibels", "D", view.toggle_scale, is_on=view.scale is WaveScale.DECIBELS)

    def _offer(
        self, text: str, keys: str, act: Callable[[], object], *, is_possible: bool = True, is_on: bool | None = None
    ) -> None:
        action = self.addAction(f"{text}\t{keys}" if keys else text)
        action.setEnabled(is_possible)
        if is_on is not None:
            action.setCheckable(True)
            action.setChecked(is_on)
        action.triggered.connect(lambda: act())
