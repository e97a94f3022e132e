"""A take that can be seen and heard while its audio still arrives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.audio.player_events import HEARD_AFTER_S, PlayerState
from app.domain.take import Take
from app.ui.announcement import announce
from app.ui.level_meter import LevelMeter
from app.ui.overview_strip import OverviewStrip
from app.ui.peaks_loader import PeaksLoader
from app.ui.recording import Recording
from app.ui.take_on_show import audio_of, is_arriving
from app.ui.transport import Transport
from app.ui.transport_bar import BUFFERING, RECEIVING, TransportBar
from app.ui.waveform_view import WaveformView

if TYPE_CHECKING:
    from app.engine.live import Receiving


class ArrivingTake(QObject):
    """Leads the parts of the preview from a take's first bytes to the stored take, or to where it broke off.

    Args:
        path_of: Where the audio of a stored take lies.
    """

    stored = Signal(object, object)  # Path: where it grew; Path: where it lies now
    over = Signal()  # what there is of a take that broke off isn't heard any more

    def __init__(
        self,
        transport: Transport,
        peaks: PeaksLoader,
        waveform: WaveformView,
        overview: OverviewStrip,
        meter: LevelMeter,
        bar: TransportBar,
        path_of: Callable[[Take], Path],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._transport = transport
        self._peaks = peaks
        self._waveform = waveform
        self._overview = overview
        self._meter = meter
        self._bar = bar
        self._path_of = path_of
        self._take_id: str | None = None
        self._path: Path | None = None
        self._recording: Recording | None = None
        self._is_long_enough = False
        self._has_ended = False
        self._has_broken_off = False
        self._is_buffering = False
        transport.buffering_changed.connect(self._on_buffering)
        transport.state_changed.connect(self._on_state)

    @property
    def is_on_show(self) -> bool:
        return self._take_id is not None

    @property
    def recording(self) -> Recording | None:
        """What has arrived of it; None if nothing more will come."""
        return self._recording

    @property
    def can_play(self) -> bool:
        """Whether enough of it is there."""
        return self.is_on_show and self._is_long_enough

    def takes_over(self, take: Take | None, receiving: Receiving | None, *, is_under_way: bool = False) -> bool:
        """Bring the parts in line with the take that is to be shown; False: it is no take that arrives.

        Args:
            receiving: What arrives of the take's task.
            is_under_way: Nothing is written down yet of how the exchange that brings it has ended.
        """
        arrives = receiving if is_arriving(take, receiving) else None
        if take is None or take.id != self._take_id:
            self._forget()
            return take is not None and arrives is not None and self._begin(take, arrives)
        if audio_of(take) is not None:
            return self._finish(take)
        if self._has_broken_off:
            return True
        if arrives is not None and arrives.path == self._path and not self._has_ended:
            self._grow(arrives)
            return True
        if arrives is None and is_under_way:  # the last byte may be there: that is told in a moment
            self._has_ended = True
            self._peaks.forget()  # what comes under that name now may be another file
            return True
        return self._break_off()  # what is sent anew begins with the next news of it

    def _begin(self, take: Take, receiving: Receiving) -> bool:
        info, path = receiving.info, receiving.path
        if info is None or path is None or not info.frames:
            return False
        self._take_id, self._path = take.id, path
        self._waveform.show_take(info.frames, info.sample_rate_hz, info.channels)
        self._overview.show_peaks(None)
        self._overview.show_region(None)
        self._overview.show_span(self._waveform.span)
        self._meter.set_channels(info.channels)
        self._bar.show_take(info.frames, info.sample_rate_hz, info.channels)
        self._transport.load_arriving(path)
        self._peaks.follow(path)
        self._grow(receiving)
        return True

    def _grow(self, receiving: Receiving) -> None:
        info = receiving.info
        if info is None:
            return
        self._recording = Recording(self._path, info, is_growing=True) if self._path else None
        self._is_long_enough = info.duration_s >= HEARD_AFTER_S
        self._waveform.grow(info.frames)
        self._bar.show_length(info.frames, info.sample_rate_hz, is_growing=True)
        self._bar.show_position(self._transport.position_frames)
        self._bar.show_arriving(can_play=self._is_long_enough)
        self._show_status()

    def _finish(self, take: Take) -> bool:
        """It is stored: everything stays as it is, and becomes that of a usual take."""
        before = self._path
        self._forget()
        info, path = take.info, self._path_of(take)
        if info is None:
            return False
        self.stored.emit(before, path)
        self._transport.arrived(path)
        region = self._waveform.region
        self._waveform.grow(info.frames)
        self._bar.show_take(info.frames, info.sample_rate_hz, info.channels)
        self._bar.show_position(self._transport.position_frames)
        self._bar.show_region(region)
        self._peaks.load(path)
        return True

    def _break_off(self) -> bool:
        """Nothing more comes; what sounds may sound to its end."""
        self._has_broken_off = self._transport.is_playing
        self._recording = None
        if self._has_broken_off:
            self._transport.broke_off()
            self._peaks.forget()  # what comes under that name now is another file
            self._show_status()
        else:
            self._forget()
        return self._has_broken_off

    def _forget(self) -> None:
        self._take_id = self._path = self._recording = None
        self._is_long_enough = self._has_ended = self._has_broken_off = self._is_buffering = False
        self._bar.show_status("")

    def _show_status(self) -> None:
        receiving = "" if self._has_broken_off else RECEIVING
        self._bar.show_status(BUFFERING if self._is_buffering else receiving)

    def _on_buffering(self, is_buffering: bool) -> None:
        self._is_buffering = is_buffering
        if not self.is_on_show:
            return
        self._show_status()
        if is_buffering:
            announce(self._bar, BUFFERING)

    def _on_state(self, state: PlayerState) -> None:
        if self._has_broken_off and state in (PlayerState.ENDED, PlayerState.STOPPED, PlayerState.EMPTY):
            self._forget()
            self.over.emit()
