"""What a row shows beyond the stored state: progress, what is waited for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.domain.audio import AudioInfo
from app.engine.changes import Changes
from app.engine.pace import Clock


@dataclass(frozen=True, slots=True)
class Receiving:
    """A take whose audio still arrives.

    Attributes:
        take: Its number.
        bytes: How many are in the file.
        path: The file that grows; None before its first byte.
        info: What can be read of it so far; None before that is known, and for whatever has to be whole to be heard.
    """

    take: int
    bytes: int = 0
    path: Path | None = None
    info: AudioInfo | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """One task, right now.

    Attributes:
        fraction: 0.0 to 1.0 of the work at the service, or None where it doesn't say.
        since: When this process began to work on it, or when it paused.
        words: What is being waited for or what is wrong; empty while all is well.
        next_try_at: When it is tried again by itself, if that is what it waits for.
        is_paused: Nothing happens until somebody says "check again".
        receiving: What has come of an answer that is the audio itself; None while nothing arrives.
    """

    since: datetime
    fraction: float | None = None
    words: str = ""
    next_try_at: datetime | None = None
    is_paused: bool = False
    receiving: Receiving | None = None


class LiveBoard:
    """The live states of all tasks of this process; each task is announced at most every so often.

    Args:
        every_s: Least time between two announcements of one task's progress. What comes sooner is there for
            whoever asks, and announced with the next.
    """

    def __init__(self, clock: Clock, every_s: float) -> None:
        self.changed: Changes[str] = Changes()
        self._clock = clock
        self._every_s = every_s
        self._live: dict[str, Live] = {}
        self._announced_s: dict[str, float] = {}
        self._late: dict[str, asyncio.TimerHandle] = {}

    def of(self, task_id: str) -> Live | None:
        return self._live.get(task_id)

    def begin(self, task_id: str) -> None:
        self._live[task_id] = Live(self._clock.now())
        self._announce(task_id)

    def forget(self, task_id: str) -> None:
        if self._live.pop(task_id, None) is not None:
            self._announce(task_id)
        self._announced_s.pop(task_id, None)

    def show_fraction(self, task_id: str, fraction: float | None) -> None:
        """Show progress; all is well. Too soon after the last one, it is shown with the next."""
        live = replace(self._current(task_id), fraction=fraction, words="", next_try_at=None)
        if live == self._live.get(task_id):
            return
        self._live[task_id] = live
        if self._must_wait_s(task_id) <= 0:
            self._announce(task_id)

    def show_receiving(self, task_id: str, receiving: Receiving) -> None:
        """Show what has arrived; all is well. Too soon after the last one, it is announced a little later."""
        live = replace(self._current(task_id), receiving=receiving, words="", next_try_at=None)
        if live == self._live.get(task_id):
            return
        self._live[task_id] = live
        wait_s = self._must_wait_s(task_id)
        if wait_s <= 0:
            self._announce(task_id)
        elif task_id not in self._late:  # a stream may pause for long after any of its bytes
            self._late[task_id] = asyncio.get_running_loop().call_later(wait_s, self._announce, task_id)

    def end_receiving(self, task_id: str) -> None:
        """Nothing arrives any more."""
        live = self._live.get(task_id)
        if live is not None and live.receiving is not None:
            self._show(task_id, replace(live, receiving=None))

    def show_words(self, task_id: str, words: str, next_try_at: datetime | None = None) -> None:
        self._show(task_id, replace(self._current(task_id), words=words, next_try_at=next_try_at))

    def remind(self, task_id: str) -> None:
        """Announce a task although it looks as before: whether waiting for it makes sense has changed."""
        self._announce(task_id)

    def show_paused(self, task_id: str, words: str) -> None:
        paused = Live(self._clock.now(), self._current(task_id).fraction, words, is_paused=True)
        self._show(task_id, paused)

    def _current(self, task_id: str) -> Live:
        return self._live.get(task_id) or Live(self._clock.now())

    def _show(self, task_id: str, live: Live) -> None:
        if live != self._live.get(task_id):
            self._live[task_id] = live
            self._announce(task_id)

    def _must_wait_s(self, task_id: str) -> float:
        """How long until progress of this task may be announced again."""
        elapsed_s = self._clock.monotonic() - self._announced_s.get(task_id, float("-inf"))
        return self._every_s - elapsed_s

    def _announce(self, task_id: str) -> None:
        late = self._late.pop(task_id, None)
        if late is not None:
            late.cancel()
        self._announced_s[task_id] = self._clock.monotonic()
        asyncio.get_running_loop().call_soon(self.changed.announce, task_id)
