"""Another sound comes on show: player, lanes, bar and meter go over to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.audio.player_events import PlayerState
from app.domain.clip_edit import ClipEdit
from app.domain.take import Take
from app.ui.clip_handles import played_shape
from app.ui.comparing import Comparing
from app.ui.level_meter import LevelMeter
from app.ui.part_choice import PartChoice
from app.ui.playback_display import PlaybackDisplay
from app.ui.recording import Recording
from app.ui.sound_on_show import SoundOnShow
from app.ui.sound_picture import SoundPicture
from app.ui.transport import Transport
from app.ui.transport_bar import TransportBar

if TYPE_CHECKING:
    from app.audio.player_events import PlayedShape
    from app.domain.audio import AudioInfo


class SoundChange(QObject):
    """Carries it out; what sounds goes on wherever that is possible.

    Args:
        edit_of: What is cut and faded of a take.
    """

    made = Signal()  # another sound is on show, or none; it isn't played yet

    def __init__(
        self,
        on_show: SoundOnShow,
        transport: Transport,
        comparing: Comparing,
        picture: SoundPicture,
        part: PartChoice,
        playback: PlaybackDisplay,
        meter: LevelMeter,
        bar: TransportBar,
        edit_of: Callable[[Take], ClipEdit],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_show = on_show
        self._transport = transport
        self._comparing = comparing
        self._picture = picture
        self._part = part
        self._playback = playback
        self._meter = meter
        self._bar = bar
        self._edit_of = edit_of

    @property
    def gain_db(self) -> float:
        """What the take on show is to be played with."""
        return self._comparing.gain_db(self._on_show.take) if self._on_show.has_whole_take else 0.0

    def make(self, *, is_same_task: bool) -> None:
        """Go over to what is on show now.

        Args:
            is_same_task: Another take of the same task goes on at the same position.
        """
        sound = self._on_show.sound
        if sound is None:
            self._picture.show_nothing()
            self._transport.unload()
            self._bar.show_nothing()
            self.made.emit()
            return
        info, path = sound.info, sound.path
        gain_db, shape = self.gain_db, self._shape(info)
        goes_on = is_same_task and self._transport.state is not PlayerState.EMPTY
        was_playing = self._transport.is_playing
        self._meter.set_channels(info.channels)
        self._bar.show_take(info.frames, info.sample_rate_hz, info.channels)
        if not self._comparing.is_blind:
            self._show_picture(sound, keeps_region=goes_on)
        if goes_on:
            self._transport.switch(path, info.frames, gain_db=gain_db, shape=shape)
        else:
            self._transport.load(path, gain_db=gain_db, shape=shape)
        self._part.apply()
        self.made.emit()
        if was_playing and not goes_on:
            self._transport.play()
        self._playback.show_position(self._transport.position_frames)

    def show_again(self, sound: Recording) -> None:
        """It is hidden from now on, or isn't any more; the player does what it did."""
        if not self._comparing.is_blind:
            self._show_picture(sound, keeps_region=True)
        self.made.emit()
        self._playback.show_position(self._transport.position_frames)

    def _show_picture(self, sound: Recording, *, keeps_region: bool) -> None:
        if not keeps_region:
            self._part.forget()
        self._picture.show(sound)
        self._part.show_again(sound.info)

    def _shape(self, info: AudioInfo) -> PlayedShape | None:
        """Trim and fades, from the first sample on: also those of takes that are hidden."""
        take = self._on_show.take
        if take is None or not self._on_show.has_whole_take:
            return None
        return played_shape(self._edit_of(take).within(info.frames), info.frames)
