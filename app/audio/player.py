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
    Buffering,
    EndedEarly,
    Failed,
    Listener,
    Loaded,
    PlayerEvent,
    PlayerState,
    StateChanged,
)
from app.audio.sound_card import OutputDevice, SoundCard
from app.domain.audio import AudioInfo

if TYPE_CHECKING:
    from app.audio.playback import Playback

__all__ = ["Buffering", "EndedEarly", "Failed", "Loaded", "Player", "PlayerEvent", "PlayerState", "StateChanged"]

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
        self._seeks = itertools.count(1)
        self._newest_seek = 0
        self._playback: Playback | None = None
        self._is_closed = False

        def make_playback() -> Playback:
            from app.audio.playback import Playback  # NumPy and the decoder, loaded off the GUI thread

            return Playback(
                sound_card,
                device,
                self._announce,
                latency_s=latency_s,
                buffer_s=buffer_s,
                fade_s=fade_s,
                close_after_s=close_after_s,
                stall_s=stall_s,
                clock=clock,
            )

        self._make_playback = make_playback
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._start_lock = threading.Lock()

    # What to play.

    def load(self, path: Path) -> None:
        """Take a file, at its start and silent; `Loaded` or `Failed` follows."""
        self._wish(lambda playback: playback.load(path))

    def load_arriving(self, path: Path) -> None:
        """Take a WAV that is still being written, at its start and silent; `Loaded` or `Failed` follows.

        It sounds once half a second is there. Where there is no more yet it waits in silence (`Buffering`), and
        goes on by itself. `arrived` or `broke_off` tells how it ended.
        """
        self._wish(lambda playback: playback.load_arriving(path))

    def arrived(self, path: Path) -> None:
        """The WAV that was arriving is whole, and has this name now; what plays goes on without a gap.

        One that couldn't be opened while it was arriving is loaded now.
        """
        self._wish(lambda playback: playback.arrived(path))

    def broke_off(self) -> None:
        """No more of it will come. If it plays, it does so to the end of what is there; then follows `EndedEarly`."""
        self._wish(lambda playback: playback.broke_off())

    def switch(self, path: Path) -> None:
        """Go on with another file at the same time in it, in step and without a gap; its loop stays.

        A file that is shorter than that begins at its start.
        """
        self._wish(lambda playback: playback.switch(path))

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
        """Go to a frame, brought into the file's length; of several wishes in a row the last counts."""
        serial = self._newest_seek = next(self._seeks)
        self._wish(lambda playback: playback.seek(frame) if serial == self._newest_seek else None)

    def set_loop(self, start: int | None, end: int | None = None) -> None:
        """Repeat frames start to end (not included; None is the end of the file) without a gap.

        `set_loop(None)` ends the loop. A playhead outside the loop jumps to its start. A new file has none.
        """
        self._wish(lambda playback: playback.set_loop(start, end))

    def set_gain(self, gain_db: float) -> None:
        """Set the volume in dB; 0 leaves the samples as they are, -inf is silence."""
        self._wish(lambda playback: playback.set_gain(gain_db))

    def set_device(self, device: OutputDevice | None) -> None:
        """Play on another device (None: the system's default), going on where it was heard."""
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
        """How often samples came too late, since the player was made."""
        return 0 if self._playback is None else self._playback.underruns

    def level(self) -> tuple[float, float]:
        """The highest absolute sample sent to left and right since this was last asked; 1.0 is full scale."""
        return (0.0, 0.0) if self._playback is None else self._playback.level()

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
                    continue
                if wish is None:
                    return
                playback.carry_out(wish)
        finally:
            playback.close()
