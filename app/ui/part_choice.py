"""The part of a take that somebody selected, and whether that, or else all of it, plays in a loop."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.domain.audio import AudioInfo
from app.ui.loop_region import LoopRegion
from app.ui.overview_strip import OverviewStrip
from app.ui.sound_on_show import SoundOnShow
from app.ui.theme import Theme
from app.ui.transport import Transport
from app.ui.transport_bar import TransportBar
from app.ui.waveform_view import WaveformView


class PartChoice(QObject):
    """Keeps waveform, overview, bar and player in step about it; the takes of a task share the choice."""

    def __init__(
        self,
        theme: Theme,
        on_show: SoundOnShow,
        transport: Transport,
        waveform: WaveformView,
        overview: OverviewStrip,
        bar: TransportBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._on_show = on_show
        self._transport = transport
        self._waveform = waveform
        self._overview = overview
        self._bar = bar
        self._is_looping = False
        self._wanted: LoopRegion | None = None  # as it was chosen; a take that is shorter shows less of it
        self._wanted_rate_hz = 0  # of the take that it was chosen in
        waveform.region_changed.connect(self._on_region)
        waveform.typing_wanted.connect(self._ask)
        bar.loop_toggled.connect(self.set_looping)
        bar.clear_wanted.connect(waveform.clear_region)

    def forget(self) -> None:
        """Another sound comes: nothing of it is selected."""
        self._wanted = None

    def show_again(self, info: AudioInfo) -> None:
        """Show what was chosen, at the same time in another take."""
        self._show(self._chosen_in(info))

    @property
    def is_looping(self) -> bool:
        """Whether what is chosen, or else all, is played again and again."""
        return self._is_looping

    def toggle_looping(self) -> None:
        self.set_looping(not self._is_looping)

    def set_looping(self, is_looping: bool) -> None:
        self._is_looping = is_looping
        self._bar.show_looping(is_looping=is_looping)
        self.apply()

    def apply(self) -> None:
        """Tell the player what is to be played again and again."""
        sound = self._on_show.sound
        if sound is None:  # a take that arrives has no end to loop at yet
            part = self._waveform.region
        else:
            part = self._chosen_in(sound.info) or LoopRegion.between(0, sound.info.frames, sound.info.frames)
        self._transport.set_loop(part if self._is_looping else None)

    def _on_region(self, region: LoopRegion | None) -> None:
        self._wanted, self._wanted_rate_hz = region, self._waveform.sample_rate_hz
        self._show(region)
        self.apply()
        if region is not None and not self._transport.is_playing:
            self._transport.seek(region.start)

    def _chosen_in(self, info: AudioInfo) -> LoopRegion | None:
        if self._wanted is None:
            return None
        scale = info.sample_rate_hz / self._wanted_rate_hz
        return LoopRegion.between(self._wanted.start * scale, self._wanted.end * scale, info.frames)

    def _show(self, region: LoopRegion | None) -> None:
        self._waveform.show_region(region)
        self._overview.show_region(region)
        self._bar.show_region(region)

    def _ask(self) -> None:
        """Let the times be typed; without a selection those of the whole take are offered."""
        from app.ui.selection_dialog import SelectionDialog  # late: see late_parts

        sound, view = self._on_show.sound, self._waveform
        if sound is None:
            return
        region = view.region or LoopRegion.between(0, sound.info.frames, sound.info.frames)
        if region is None:
            return
        dialog = SelectionDialog(
            self._theme,
            region,
            sound.info.frames,
            sound.info.sample_rate_hz,
            in_samples=view.counts_samples,
            parent=view.window(),
        )
        dialog.chosen.connect(lambda chosen: view.selection.choose(chosen, can_snap=False))
        dialog.open()
