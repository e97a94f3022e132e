"""Shows in the preview what the player does: whether it plays, where it is, and how loud that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.audio.player_events import Levels, PlayerState
from app.ui.level_meter import LevelMeter
from app.ui.overview_strip import OverviewStrip
from app.ui.sound_on_show import SoundOnShow
from app.ui.transport import Transport
from app.ui.transport_bar import TransportBar
from app.ui.waveform_view import WaveformView

if TYPE_CHECKING:
    from app.ui.blind_cover import BlindCover
    from app.ui.transcript_panel import TranscriptPanel


class PlaybackDisplay(QObject):
    """Leads the playheads and the meter, and takes the player to where somebody pointed.

    Args:
        cover: What hides the waveform, if anything does.
    """

    def __init__(
        self,
        on_show: SoundOnShow,
        transport: Transport,
        waveform: WaveformView,
        overview: OverviewStrip,
        meter: LevelMeter,
        bar: TransportBar,
        cover: Callable[[], BlindCover | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_show = on_show
        self._transport = transport
        self._waveform = waveform
        self._overview = overview
        self._meter = meter
        self._bar = bar
        self._words: TranscriptPanel | None = None
        self._cover = cover
        waveform.seek_wanted.connect(self.seek)
        waveform.scrub_started.connect(transport.begin_scrub)
        waveform.scrubbed.connect(transport.scrub)
        waveform.scrub_ended.connect(transport.end_scrub)
        waveform.scrub_ended.connect(lambda: self._on_state(transport.state))
        transport.state_changed.connect(self._on_state)
        transport.position_changed.connect(self.show_position)
        transport.levels_changed.connect(self._on_levels)
        transport.underruns_changed.connect(bar.show_underruns)
        meter.clip_dismissed.connect(bar.hide_clip)
        bar.dbtp.alarm_dismissed.connect(meter.dismiss_clip)
        bar.monitor.chosen.connect(transport.set_monitor)

    @property
    def time_line(self) -> WaveformView | BlindCover:
        """What shows the position: the waveform, or what hides it."""
        return self._cover() or self._waveform

    def follow_in(self, words: TranscriptPanel) -> None:
        """From now on what is heard is marked in a transcript, too, and its sentences lead there."""
        self._words = words
        words.seek_wanted.connect(self.seek_time)

    def seek(self, frame: int) -> None:
        self._transport.seek(frame)
        self.time_line.announce_position()

    def seek_time(self, seconds: float) -> None:
        """A sentence of the transcript was clicked, or a time of hidden takes: its sound is next."""
        sound = self._on_show.sound
        if sound is not None:
            self.seek(min(round(seconds * sound.info.sample_rate_hz), max(0, sound.info.frames - 1)))

    def show_position(self, frame: int) -> None:
        """Show where the player is wherever that is shown."""
        self._bar.show_position(frame)
        sound, cover = self._on_show.sound, self._cover()
        if cover is not None and sound is not None:
            cover.show_position(frame / sound.info.sample_rate_hz)
            return
        self._waveform.show_position(frame, follow=True)
        self._overview.show_position(frame)
        recording = self._on_show.recording
        if recording is not None and self._words is not None:
            seconds = frame / recording.info.sample_rate_hz
            self._words.show_position(seconds, is_playing=self._transport.is_playing)

    def _on_state(self, state: PlayerState) -> None:
        is_playing = state is PlayerState.PLAYING
        self._bar.show_playing(is_playing=is_playing)
        if not is_playing:
            self._meter.let_fall()
            self.time_line.announce_position()

    def _on_levels(self, levels: Levels, elapsed_s: float) -> None:
        self._meter.advance(levels.peak, levels.rms, elapsed_s)
        if self._meter.is_clipped:
            self._bar.show_clip()
