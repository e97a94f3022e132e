"""What is cut and faded of the take on show: to be seen and dragged in the lanes, told below them, and heard."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.domain.clip_edit import ClipEdit
from app.ui.clip_handles import ClipHandles
from app.ui.drag_chip import DragChip
from app.ui.peaks_loader import PeaksLoader
from app.ui.theme import Theme
from app.ui.transport import Transport
from app.ui.transport_bar import TransportBar
from app.ui.waveform_view import WaveformView


class ClipDisplay(QObject):
    """Puts the handles of the clip, and a chip to drag the selection out by, into the waveform."""

    def __init__(
        self,
        theme: Theme,
        transport: Transport,
        peaks: PeaksLoader,
        waveform: WaveformView,
        bar: TransportBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._transport = transport
        self._waveform = waveform
        self._bar = bar
        self.handles = ClipHandles(theme, waveform.update, lambda: waveform.selection.is_snapping, self)
        self.chip = DragChip(
            theme, lambda: waveform.region if self.handles.is_shown else None, waveform.devicePixelRatioF, self
        )
        for layer in (self.chip, self.handles):
            waveform.add_layer(layer)
        for grips in (self.handles, self.chip):
            waveform.add_grips(grips)
        self.chip.drag_begun.connect(waveform.drop_mouse)  # where the files are dropped, its release is heard
        waveform.picture_shown.connect(self.handles.show_over_picture)
        bar.whole_wanted.connect(self.handles.clear)
        self.handles.changed.connect(self._on_clip)
        self.handles.crossings_wanted.connect(peaks.load_crossings)
        peaks.crossings_ready.connect(self.handles.snap)

    def _on_clip(self, edit: ClipEdit) -> None:
        """It is heard as it will be handed over."""
        self._bar.show_edit(edit)
        self._waveform.show_edit(edit)
        if self.handles.is_shown:
            self._transport.set_shape(self.handles.played)
