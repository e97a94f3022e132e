"""Bytes of one take on their way to its file."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.audio.wav_head import WavHeadReader
from app.domain.audio import AudioInfo
from app.domain.errors import AppError, BrokenAudio, StorageError
from app.domain.provider import AudioSink, AudioStream
from app.domain.take import Take, TakeState
from app.engine import results
from app.engine.live import Receiving
from app.storage.partial_take import PartialTake
from app.storage.take_files import TakeFiles

Pull = Callable[[AudioSink], Awaitable[None]]
Watch = Callable[[Receiving], None]
HoldOut = Callable[[StorageError, int], Awaitable[None]]
"""Given what the disk said, and how many times in a row."""

_SPARE_BYTES = 64 << 20  # several minutes of speech

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A take that is in its place, decoded and flushed."""

    file: str
    info: AudioInfo

    def of(self, take: Take) -> Take:
        return results.stored(take, self.file, self.info)


@dataclass(frozen=True, slots=True)
class Missed:
    """A take that isn't.

    Attributes:
        kept: Below the takes folder: what arrived of it, if that is worth keeping.
    """

    error: AppError
    kept: str | None = None

    def of(self, take: Take, state: TakeState) -> Take:
        return results.not_stored(take, state, self.error, self.kept)


async def receive(
    files: TakeFiles,
    take: Take,
    pull: Pull,
    *,
    is_repeatable: bool,
    watch: Watch | None = None,
    hold_out: HoldOut | None = None,
) -> Arrived | Missed:
    """Write a take beside its place, check it, and put it there.

    Args:
        pull: Writes all bytes into the sink it is given.
        is_repeatable: Whether the bytes can be had again. If not, what arrived before a break is kept, as is
            everything that arrived whole and isn't playable.
        watch: Told of everything that has arrived.
        hold_out: Waits until a disk that refuses may be tried again; without it, a refusal ends the take. What can't
            be had again is read to its end meanwhile, and kept in memory.
    """
    spare_bytes = 0 if is_repeatable or hold_out is None else _SPARE_BYTES
    partial = files.open(take.task_id, take.number, spare_bytes=spare_bytes)
    try:
        await pull(partial if watch is None else _Watched(partial, take.number, watch))
        file, info = await _finished(partial, hold_out if spare_bytes else None)
    except AppError as error:
        keep = isinstance(error, BrokenAudio) or not is_repeatable
        return Missed(error, await _given_up(partial, keep=keep))
    except BaseException:
        await _given_up(partial, keep=not is_repeatable)
        raise
    return Arrived(file, info)


async def _finished(partial: PartialTake, hold_out: HoldOut | None) -> tuple[str, AudioInfo]:
    failures = 0
    while True:
        try:
            return await partial.finish()
        except BrokenAudio:
            raise
        except StorageError as error:
            if hold_out is None:
                raise
            failures += 1
            await hold_out(error, failures)


class _Watched:
    """A take on its way to its file, with somebody who looks on."""

    def __init__(self, partial: PartialTake, number: int, watch: Watch) -> None:
        self._partial = partial
        self._watch = watch
        self._wav = WavHeadReader()
        self._told = Receiving(number)
        watch(self._told)

    async def write(self, data: bytes) -> None:
        await self._partial.write(data)
        self._wav.feed(data)
        there = self._told.bytes + len(data)
        info = None if self._wav.head is None else self._wav.head.info(there)
        self._told = Receiving(self._told.take, there, self._partial.path, info)
        self._watch(self._told)


async def _given_up(partial: PartialTake, *, keep: bool) -> str | None:
    try:
        return await partial.abort(keep)
    except StorageError:
        _log.warning("what arrived of a take could not be tidied up", exc_info=True)
        return None


def from_stream(stream: AudioStream) -> Pull:
    """Everything that an open response brings."""

    async def pull(into: AudioSink) -> None:
        async for data in stream:
            await into.write(data)

    return pull
