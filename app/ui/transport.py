"""Between the player's thread and the window: wishes go there, events and positions come back on the GUI thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.audio.player_events import (
    Buffering,
    EndedEarly,
    Failed,
    Monitor,
    PlayedShape,
    PlayerEvent,
    PlayerState,
    StateChanged,
)
from app.domain.errors import AppError
from app.ui.background import Background
from app.ui.loop_region import LoopRegion

if TYPE_CHECKING:
    from app.audio.player import Player
    from app.audio.sound_card import OutputDevice

TICK_MS = 16
_SETTLE_MS = 200  # how long the player may take until its position follows a seek


class Transport(QObject):
    """Plays one take at a time.

    The player is made with the first take, off the GUI thread; until it is there, and where it can't be made, what
    it should do is kept here. That sound is impossible is only said when somebody wants to hear something.

    Args:
        make_player: May block and may raise PlaybackError; called again at the next play after a failure.
    """

    state_changed = Signal(object)  # PlayerState
    # Frames of the take, an int that 32 bits may not hold; 60 times a second while it plays and is watched.
    position_changed = Signal(object)
    levels_changed = Signal(object, float)  # Levels; seconds that they stand for
    underruns_changed = Signal(int)  # how often samples came too late, since the start
    failed = Signal(object)  # AppError
    buffering_changed = Signal(bool)  # whether it waits in silence for more of a take that arrives
    ended_early = Signal()  # what there is of a take that broke off was heard
    _told = Signal(object)  # PlayerEvent, emitted on the player's thread

    def __init__(
        self, make_player: Callable[[], Player], background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_player = make_player
        self._background = background
        self._player: Player | None = None
        self._is_making = False
        self._is_impossible = False
        self._is_closed = False
        self._stop_listening: Callable[[], None] | None = None
        self._look_first: Callable[[], Coroutine[None, None, None] | None] = lambda: None
        self._state = PlayerState.EMPTY
        self._path: Path | None = None
        self._is_arriving = False
        self._position = 0
        self._region: LoopRegion | None = None
        self._shape: PlayedShape | None = None
        self._gain_db = 0.0
        self._take_gain_db = 0.0
        self._monitor = Monitor.STEREO
        self._underruns = 0
        self._is_scrubbing = False
        self._device: OutputDevice | None = None
        self._wants_sound = False
        self._looks = 0  # that are awaited: until they are done nothing plays
        self._ticked_at_s = 0.0
        self._is_watched = True
        self._settling = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settling.timeout.connect(self._tick)
        self._ticker = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._ticker.timeout.connect(self._tick)
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    @property
    def state(self) -> PlayerState:
        return self._state

    @property
    def is_playing(self) -> bool:
        return self._state is PlayerState.PLAYING

    @property
    def position_frames(self) -> int:
        """What is heard now, or where it would go on."""
        return self._position

    # wishes; none of them blocks

    def load(self, path: Path, *, gain_db: float = 0.0, shape: PlayedShape | None = None) -> None:
        """Take a file, at its start, silent and without a loop.

        Args:
            gain_db: Of this file alone.
            shape: Its trim and fades; see `set_shape`.
        """
        self._load(path, gain_db, shape, is_arriving=False)

    def load_arriving(self, path: Path) -> None:
        """Take a WAV that is still being written; as `load` otherwise. `arrived` or `broke_off` ends that."""
        self._load(path, 0.0, None, is_arriving=True)

    def arrived(self, path: Path) -> None:
        """It is whole, and has this name now; whatever it does, it goes on doing."""
        self._path, self._is_arriving = path, False
        if self._player is not None:
            self._player.arrived(path)

    def broke_off(self) -> None:
        """No more of it will come; what is there may be heard to its end."""
        if self._player is not None:
            self._player.broke_off()

    def switch(self, path: Path, frames: int, *, gain_db: float = 0.0, shape: PlayedShape | None = None) -> None:
        """Go on with another file, `frames` long, at the same position; at its start if there is nothing of it there.

        Args:
            gain_db: Of this file alone.
            shape: Its trim and fades; see `set_shape`.
        """
        self._path, self._is_arriving, self._shape, self._take_gain_db = path, False, shape, gain_db
        first, end = (0, frames) if shape is None else (shape.start, shape.end)
        if not first <= self._position < end:
            self._move_to(first)
        if self._player is not None:
            self._player.switch(path, gain_db=gain_db, shape=shape)

    def unload(self) -> None:
        """Let the file go."""
        self._path, self._region, self._wants_sound = None, None, False
        self._shape = None
        self._move_to(0)
        if self._player is not None:
            self._player.unload()

    def play(self) -> None:
        """Play on; if there is something to look for first, as soon as that is done."""
        if self._path is None:
            return
        look = self._look_first()
        if look is not None:
            self._look_and_play(look)
        else:
            self._play_now()

    def pause(self) -> None:
        """Stay where it is heard."""
        self._wants_sound = False
        if self._player is not None:
            self._player.pause()

    def toggle(self) -> None:
        """Play or pause."""
        if self._wants_sound:
            self.pause()
            return
        look = None if self.is_playing or self._path is None else self._look_first()
        if look is not None:
            self._look_and_play(look)
        elif self._player is not None:
            self._player.toggle()
        else:
            self.play()

    def stop(self) -> None:
        """Fall silent and go to the start of what is heard."""
        self._wants_sound = False
        self._move_to(0 if self._shape is None else self._shape.start)
        if self._player is not None:
            self._player.stop()

    def seek(self, frame: int) -> None:
        """Go to a frame of the take; of a clip that is trimmed, to the one that is nearest to it."""
        self._move_to(self._inside(frame))
        if self._player is not None:
            self._player.seek(frame)

    def begin_scrub(self) -> None:
        """The playhead is taken in hand: what lies under it is heard until `end_scrub`."""
        self._is_scrubbing = True
        self._refresh_ticker()
        if self._player is not None:
            self._player.begin_scrub()

    def scrub(self, frame: int) -> None:
        """The playhead is dragged to a frame."""
        self._move_to(frame)
        if self._player is not None:
            self._player.scrub(frame)

    def end_scrub(self) -> None:
        """The playhead is let go: play on there, or rest."""
        self._is_scrubbing = False
        self._refresh_ticker()
        self._settling.start()
        if self._player is not None:
            self._player.end_scrub()

    def set_loop(self, region: LoopRegion | None) -> None:
        """Repeat a region; None plays on to the end."""
        self._region = region
        if self._player is not None:
            self._loop_in(self._player)

    def set_shape(self, shape: PlayedShape | None) -> None:
        """Play a clip as it will be handed over; None plays the whole file. A new file has none."""
        self._shape = shape
        if not self.is_playing and self._inside(self._position) != self._position:
            self._move_to(self._inside(self._position))
        if self._player is not None:
            self._player.set_shape(shape)

    def set_gain(self, gain_db: float) -> None:
        """Volume; 0 dB leaves the samples as they are, -inf is silence."""
        self._gain_db = gain_db
        if self._player is not None:
            self._player.set_gain(gain_db)

    def set_take_gain(self, gain_db: float) -> None:
        """Another gain of the loaded file alone, from now on; it glides there."""
        if gain_db != self._take_gain_db:
            self._take_gain_db = gain_db
            if self._player is not None:
                self._player.set_take_gain(gain_db)

    def set_monitor(self, monitor: Monitor) -> None:
        """Which channels are heard, whatever is loaded."""
        self._monitor = monitor
        if self._player is not None:
            self._player.set_monitor(monitor)

    def set_device(self, device: OutputDevice | None) -> None:
        """Where to play; None is the system's default."""
        self._device = device
        if self._player is not None:
            self._player.set_device(device)

    def set_watched(self, is_watched: bool) -> None:
        """Whether anybody looks: positions are asked for only then."""
        self._is_watched = is_watched
        self._refresh_ticker()

    async def close(self) -> None:
        """Fall silent for good."""
        self._is_closed = True
        self._ticker.stop()
        self._settling.stop()
        if self._stop_listening is not None:
            self._stop_listening()
        player, self._player = self._player, None
        if player is not None:
            await asyncio.to_thread(player.close)

    def look_first(self, look: Callable[[], Coroutine[None, None, None] | None]) -> None:
        """Ask this before each play; what it gives is awaited."""
        self._look_first = look

    def _look_and_play(self, look: Coroutine[None, None, None]) -> None:
        self._wants_sound = True
        self._looks += 1
        self._background.start(self._play_after(look))

    async def _play_after(self, look: Coroutine[None, None, None]) -> None:
        try:
            await look
        finally:
            self._looks -= 1
        if self._wants_sound:  # nobody has thought better of it meanwhile
            self._wants_sound = False
            self._play_now()

    def _play_now(self) -> None:
        if self._player is not None:
            self._player.play()
        else:
            self._wants_sound = True
            self._make_soon()

    # making the player

    def _load(self, path: Path, gain_db: float, shape: PlayedShape | None, *, is_arriving: bool) -> None:
        self._path, self._region, self._wants_sound = path, None, False
        self._shape = shape
        self._is_arriving, self._take_gain_db = is_arriving, gain_db
        self._move_to(0 if shape is None else shape.start)
        if self._player is not None:
            self._hand_over(path, self._player)
        elif not self._is_impossible:
            self._make_soon()

    def _hand_over(self, path: Path, player: Player) -> None:
        if self._is_arriving:
            player.load_arriving(path)
        else:
            player.load(path, gain_db=self._take_gain_db, shape=self._shape)

    def _make_soon(self) -> None:
        if not self._is_making and not self._is_closed:
            self._is_making = True
            self._background.start(self._make())

    async def _make(self) -> None:
        try:
            player = await asyncio.to_thread(self._make_player)
        except AppError as error:
            self._is_impossible = True
            if self._wants_sound:
                self._wants_sound = False
                self.failed.emit(error)
            return
        finally:
            self._is_making = False
        if self._is_closed:
            await asyncio.to_thread(player.close)
            return
        self._is_impossible = False
        self._player = player
        self._stop_listening = player.listen(self._told.emit)
        player.set_gain(self._gain_db)
        player.set_monitor(self._monitor)
        if self._device is not None:
            player.set_device(self._device)
        if self._path is not None:
            self._hand_over(self._path, player)
            self._loop_in(player)
            player.seek(self._position)
            if self._wants_sound and not self._looks:
                player.play()
        self._wants_sound = self._wants_sound and bool(self._looks)

    def _loop_in(self, player: Player) -> None:
        if self._region is None:
            player.set_loop(None)
        else:
            player.set_loop(self._region.start, self._region.end)

    # what the player tells

    def _on_told(self, event: PlayerEvent) -> None:
        if isinstance(event, Failed):
            self.failed.emit(event.error)
        elif isinstance(event, Buffering):
            self.buffering_changed.emit(event.is_waiting)
        elif isinstance(event, EndedEarly):
            self.ended_early.emit()
        elif isinstance(event, StateChanged):
            self._state = event.state
            self._tick()
            self._refresh_ticker()
            self.state_changed.emit(event.state)

    def _refresh_ticker(self) -> None:
        is_needed = (self.is_playing or self._is_scrubbing) and self._is_watched
        if is_needed and not self._ticker.isActive():
            self._ticked_at_s = time.monotonic()
            self._ticker.start()
        elif not is_needed:
            self._ticker.stop()

    def _tick(self) -> None:
        if self._player is None:
            return
        now_s = time.monotonic()
        if not self._settling.isActive() and not self._is_scrubbing:
            position = self._player.position_frames
            if position != self._position:
                self._position = position
                self.position_changed.emit(position)
        if self.is_playing or self._is_scrubbing:
            self.levels_changed.emit(self._player.levels(), now_s - self._ticked_at_s)
        self._ticked_at_s = now_s
        underruns = self._player.underruns
        if underruns != self._underruns:
            self._underruns = underruns
            self.underruns_changed.emit(underruns)

    def _inside(self, frame: int) -> int:
        """Where the player rests, too, when it is sent to a frame that was cut off; it tells nobody."""
        shape = self._shape
        return frame if shape is None else min(max(frame, shape.start), shape.end)

    def _move_to(self, frame: int) -> None:
        """Show the playhead where it was asked to be; the player will be there in a moment."""
        self._position = frame
        self._settling.start()
        self.position_changed.emit(frame)
