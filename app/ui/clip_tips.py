"""What the handles on the waveform are for, once the pointer rests on one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from app.ui.clip_handles import ClipHandles, Handle
from app.ui.drag_chip import DragChip
from app.ui.waveform_view import WaveformView

_TIPS = {
    Handle.START: "Trim start: drag it, or press [ to start the clip at the playhead. A double click resets it.",
    Handle.END: "Trim end: drag it, or press ] to end the clip at the playhead. A double click resets it.",
    Handle.FADE_IN: "Fade in: drag it. A right click chooses the shape, a double click removes it.",
    Handle.FADE_OUT: "Fade out: drag it. A right click chooses the shape, a double click removes it.",
}
CHIP_TIP = "Drag the selection into a DAW or a folder. Ctrl+C copies it as a file."


class ClipTips(QObject):
    """Watches the waveform for the pointer that rests."""

    def __init__(self, view: WaveformView, clip: ClipHandles, chip: DragChip) -> None:
        super().__init__(view)
        self._view = view
        self._clip = clip
        self._chip = chip
        view.installEventFilter(self)

    def tip_at(self, point: QPointF) -> str:
        """What is told at a point; empty where nothing is."""
        view = self._view
        handle = self._clip.handle_at(point, view.lane_area, view.span)
        if handle is not None:
            return _TIPS[handle]
        place = self._chip.place(view.lane_area, view.span)
        return CHIP_TIP if place is not None and place.contains(point) else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = self.tip_at(QPointF(event.pos()))
            if tip:
                QToolTip.showText(event.globalPos(), tip, self._view)
                return True
        return super().eventFilter(watched, event)
