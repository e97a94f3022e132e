"""The menu of the waveform: what can be done with the clip, the selection and the looks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF

from app.ui.clip_menu import ClipMenu
from app.ui.wave_menu import offer_looks, offer_selection

if TYPE_CHECKING:
    from app.ui.preview_panel import PreviewPanel


def open_preview_menu(preview: PreviewPanel, sample_rate_hz: int, where: QPoint) -> None:
    """Open it over the waveform, about what is under the pointer; by the keyboard about the playhead."""
    clip, view = preview.clip, preview.waveform
    is_pointed = view.underMouse()  # else the key for menus was pressed
    point = QPointF(where)
    frame = view.frame_at(point) if is_pointed else view.position
    handle = clip.handle_at(point, view.lane_area, view.span) if is_pointed else None
    menu = ClipMenu(clip, frame, sample_rate_hz, view.region, handle, preview)
    menu.addSeparator()
    offer_selection(menu.addMenu("Selection"), view)
    offer_looks(menu.addMenu("View"), view)
    menu.addSeparator()
    menu.offer("Copy as file\tCtrl+C", preview.bar.handle.click)
    menu.offer("Export…\tCtrl+E", preview.export)
    menu.popup(view.mapToGlobal(where))
