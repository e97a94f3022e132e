"""What a menu offers of the waveform: what is selected, and how it is looked at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from app.ui.wave_scale import WaveScale
from app.ui.waveform_view import WaveformView


def offer_selection(menu: QMenu, view: WaveformView) -> None:
    """What the mouse and keys do to the selection; what can't be done now is greyed."""
    can_see_all = view.span.is_whole
    _offer(menu, "Select all", "Ctrl+A", view.select_all)
    _offer(menu, "Select what is in sight", "", view.select_visible, is_possible=not can_see_all)
    _offer(menu, "Type start and end…", "", view.typing_wanted.emit)
    _offer(menu, "Loop start here", "I", view.start_loop_here)
    _offer(menu, "Loop end here", "O", view.end_loop_here)
    _offer(menu, "Clear the selection", "", view.clear_region, is_possible=view.region is not None)
    menu.addSeparator()
    _offer(menu, "Snap to zero crossings", "Z", view.toggle_snapping, is_on=view.selection.is_snapping)


def offer_looks(menu: QMenu, view: WaveformView) -> None:
    """Zoom and scale; what can't be done now is greyed."""
    _offer(menu, "Zoom in", "+", view.zoom_in)
    _offer(menu, "Zoom out", "−", view.zoom_out, is_possible=not view.span.is_whole)
    _offer(menu, "Zoom to the selection", "E", view.zoom_to_selection, is_possible=view.region is not None)
    _offer(menu, "Show the whole take", "0", view.zoom_to_fit, is_possible=not view.span.is_whole)
    menu.addSeparator()
    _offer(menu, "Scale in decibels", "D", view.toggle_scale, is_on=view.scale is WaveScale.DECIBELS)


def _offer(
    menu: QMenu,
    text: str,
    keys: str,
    act: Callable[[], object],
    *,
    is_possible: bool = True,
    is_on: bool | None = None,
) -> None:
    action = menu.addAction(f"{text}\t{keys}" if keys else text)
    action.setEnabled(is_possible)
    if is_on is not None:
        action.setCheckable(True)
        action.setChecked(is_on)
    action.triggered.connect(lambda: act())
