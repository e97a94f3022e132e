"""Play a take: play, pause, seek, loop, switch; whatever may block happens on the player's own thread."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio.player_events import (
    SILENT,
    Buffering,
    EndedEarly,
    Failed,
    Levels,
    Listener,
    Loaded,
    Monitor,
    PlayedShape,
    PlayerEvent,
    PlayerState,
    StateChanged,
)
from app.audio.sound_card import OutputDevice, SoundCard
from app.domain.audio import AudioInfo

if TYPE_CHECKING:
    from app.audio.playback import Playback

__all__ = [
    "Buffering",
    "EndedEarly",
    "Failed",
    "Levels",
    "Loaded",
    "Monitor",
    "PlayedShape",
    "Player",
    "PlayerEvent",
    "PlayerState",
    "StateChanged",
]

_WAIT_WHILE_OPEN_S = 0.02
_CLOSING_PATIENCE_S = 5.0


class Player:
    """Plays one file at a time.

    Every method may be called from any thread and returns at once: wishes are queued and carried out in order
    by the player's own thread, which opens files and devices and decodes ahead. What came of them arrives as
    events; listeners are called on the player's thread and hand over to their own.

    Samples reach the device unchanged at a gain of 0 dB if the device takes the file's rate; mono goes to
    both channels, more channels are folded down. A beginning at the very start is bit-exact; elsewhere sound
    fades in and out over a few milliseconds, so that no jump clicks. Files are streamed, however long.
    """

    def __init__(
        self,
        sound_card: SoundCard,
        *,
        device: OutputDevice | None = None,
        latency_s: float = 0.1,
        buffer_s: float = 1.0,
        fade_s: float = 0.005,
        close_after_s: float = 30.0,
        stall_s: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a player; nothing is opened before the first play.

        Args:
            sound_card: Opens the streams, for example `PortAudio()`.
            device: Where to play; None is the system's default.
            latency_s: What is asked of the device.
            buffer_s: How far to decode ahead.
            fade_s: How long a fade over a jump takes.
            close_after_s: The device is let go this long after the last sound.
            stall_s: A device that asks for nothing this long has vanished.
            clock: Seconds, never going back.
        """
        self._listeners: tuple[Listener, ...] = ()
        self._wishes: queue.SimpleQueue[Callable[[Playback], None] | None] = queue.SimpleQueue()
        self._serials = itertools.count(1)
        self._newest: dict[str, int] = {}  # of each kind of wish of which only the last one counts
        self._playback: Playback | None = None
        self._is_closed = False

        def make_playback() -> Playback:
            from app.audio.device_care import DeviceCare
            from app.audio.feeding import Feeding
            from app.audio.playback import Playback  # NumPy and the decoder, loaded off the GUI thread
            from app.audio.sounding import Sounding

            care = DeviceCare(
                sound_card,
                device,
                latency_s=latency_s,
                fade_s=fade_s,
                close_after_s=close_after_s,
                stall_s=stall_s,
                clock=clock,
            )
            sounding = Sounding(care, Feeding(latency_s=latency_s, buffer_s=buffer_s))
            return Playback(sounding, self._announce)

        self._make_playback = make_playback
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._start_lock = threading.Lock()

    # What to play.

    def load(self, path: Path, *, gain_db: float = 0.0, shape: PlayedShape | None = None) -> None:
        """Take a file, at its start and silent; `Loaded` or `Failed` follows.

        Args:
            gain_db: Of this file alone, beside the volume; 0 leaves the samples as they are.
            shape: Its trim and fades; see `set_shape`.
        """
        self._wish(lambda playback: playback.load(path, _factor(gain_db), shape))

    def load_arriving(self, path: Path, *, gain_db: float = 0.0) -> None:
        """Take a WAV that is still being written, at its start and silent; `Loaded` or `Failed` follows.

        It sounds once half a second is there. Where there is no more yet it waits in silence (`Buffering`), and
        goes on by itself. `arrived` or `broke_off` tells how it ended.
        """
        self._wish(lambda playback: playback.load_arriving(path, _factor(gain_db)))

    def arrived(self, path: Path) -> None:
        """The WAV that was arriving is whole, and has this name now; what plays goes on without a gap.

        One that couldn't be opened while it was arriving is loaded now.
        """
        self._wish(lambda playback: playback.arrived(path))

    def broke_off(self) -> None:
        """No more of it will come. If it plays, it does so to the end of what is there; then follows `EndedEarly`."""
        self._wish(lambda playback: playback.broke_off())

    def switch(self, path: Path, *, gain_db: float = 0.0, shape: PlayedShape | None = None) -> None:
        """Go on with another file at the same time in it, in step and without a gap; its loop stays.

        A file that is shorter than that begins at its start. What is left keeps its own gain while it fades out.

        Args:
            gain_db: Of the new file alone.
            shape: The new file's trim and fades.
        """
        self._wish(lambda playback: playback.switch(path, _factor(gain_db), shape))

    def unload(self) -> None:
        """Let the file go, for instance before it is moved or deleted."""
        self._wish(lambda playback: playback.unload())

    # Transport.

    def play(self) -> None:
        """Play on; after the end, or outside the loop, from its start."""
        self._wish(lambda playback: playback.play())

    def pause(self) -> None:
        """Stay where it is heard."""
        self._wish(lambda playback: playback.pause())

    def toggle(self) -> None:
        """Pause if it plays, else play."""
        self._wish(lambda playback: playback.toggle())

    def stop(self) -> None:
        """Fall silent and go to the start."""
        self._wish(lambda playback: playback.stop())

    def seek(self, frame: int) -> None:
        """Go to a frame, brought into what is heard of the file; of several wishes in a row the last counts."""
        self._wish_newest("seek", lambda playback: playback.seek(frame))

    def set_loop(self, start: int | None, end: int | None = None) -> None:
        """Repeat frames start to end (not included; None is the end of the file) without a gap.

        `set_loop(None)` ends the loop. A playhead outside the loop jumps to its start. A new file has none.
        """
        self._wish(lambda playback: playback.set_loop(start, end))

    def set_shape(self, shape: PlayedShape | None) -> None:
        """Play the file as it will be handed over: from start to end, with its fades; None plays all of it untouched.

        What plays goes on in step. Positions stay frames of the file; a playhead or a loop outside of the shape is
        brought inside. Of several wishes in a row the last counts. A new file has none.
        """
        self._wish_newest("shape", lambda playback: playback.set_shape(shape))

    def begin_scrub(self) -> None:
        """Somebody takes hold of the playhead: fall silent until `scrub`."""
        self._wish(lambda playback: playback.begin_scrub())

    def scrub(self, frame: int) -> None:
        """The playhead was dragged there: what lies around it is heard, once; of several wishes the last counts."""
        self._wish_newest("scrub", lambda playback: playback.scrub(frame))

    def end_scrub(self) -> None:
        """Somebody lets go of the playhead: play on from there, or rest there, as before."""
        self._wish(lambda playback: playback.end_scrub())

    def set_gain(self, gain_db: float) -> None:
        """Set the volume in dB; 0 leaves the samples as they are, -inf is silence."""
        self._wish(lambda playback: playback.set_gain(_factor(gain_db)))

    def set_take_gain(self, gain_db: float) -> None:
        """Set the gain of the loaded file alone, for instance so that takes are compared at the same loudness."""
        self._wish(lambda playback: playback.set_take_gain(_factor(gain_db)))

    def set_monitor(self, monitor: Monitor) -> None:
        """Hear both channels, one of them or their mean; STEREO leaves the samples as they are."""
        self._wish(lambda playback: playback.set_monitor(monitor))

    def set_device(self, device: OutputDevice | None) -> None:
        """Play on another device (None: the system's default), going on where it was heard.

        It stays chosen when it vanishes, and plays again as soon as it is back and something is to be played.
        """
        self._wish(lambda playback: playback.set_device(device))

    def close(self) -> None:
        """Fall silent and end the thread. Blocks for a moment: call it at the very end."""
        with self._start_lock:
            if self._is_closed:
                return
            self._is_closed = True
            is_running = self._thread.is_alive()
        if is_running:
            self._wishes.put(None)
            self._thread.join(_CLOSING_PATIENCE_S)

    # What is going on; quick to ask, from any thread.

    @property
    def state(self) -> PlayerState:
        return PlayerState.EMPTY if self._playback is None else self._playback.state

    @property
    def is_playing(self) -> bool:
        return self.state is PlayerState.PLAYING

    @property
    def is_buffering(self) -> bool:
        """It plays, and is silent because the rest of the file hasn't arrived yet."""
        return self._playback is not None and self._playback.is_buffering

    @property
    def path(self) -> Path | None:
        """The loaded file."""
        return None if self._playback is None else self._playback.path

    @property
    def info(self) -> AudioInfo | None:
        """What the loaded file is."""
        return None if self._playback is None else self._playback.info

    @property
    def duration_frames(self) -> int:
        """Length of the loaded file, 0 without one."""
        return 0 if self.info is None else self.info.frames

    @property
    def position_frames(self) -> int:
        """The frame of the loaded file that is heard now (not the one last sent to the device)."""
        return 0 if self._playback is None else self._playback.position_frames()

    @property
    def underruns(self) -> int:
        """How often the sound was interrupted since the player was made, by us or by the device."""
        return 0 if self._playback is None else self._playback.underruns

    def levels(self) -> Levels:
        """How loud it was, left and right as sent to the device, since this was last asked."""
        return SILENT if self._playback is None else self._playback.take_levels()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call this with every event, on the player's thread; returns what ends it."""
        self._listeners = (*self._listeners, listener)

        def stop() -> None:
            self._listeners = tuple(each for each in self._listeners if each is not listener)

        return stop

    def _wish(self, wish: Callable[[Playback], None]) -> None:
        with self._start_lock:
            if self._is_closed:
                return
            self._wishes.put(wish)
            if self._thread.ident is None:
                self._thread.start()

    def _wish_newest(self, kind: str, wish: Callable[[Playback], None]) -> None:
        """A wish that is dropped if there is a newer one of its kind when its turn comes."""
        serial = self._newest[kind] = next(self._serials)
        self._wish(lambda playback: wish(playback) if serial == self._newest[kind] else None)

    def _announce(self, event: PlayerEvent) -> None:
        for listener in self._listeners:
            listener(event)

    def _run(self) -> None:
        playback = self._playback = self._make_playback()
        try:
            while True:
                try:
                    wish = self._wishes.get(timeout=_WAIT_WHILE_OPEN_S if playback.needs_care else None)
                except queue.Empty:
                    playback.take_care()
                else:
                    if wish is None:
                        return
                    playback.carry_out(wish)
                if self._wishes.empty():
                    playback.prepare()
        finally:
            playback.close()


def _factor(gain_db: float) -> float:
    return float(10.0 ** (gain_db / 20.0))
