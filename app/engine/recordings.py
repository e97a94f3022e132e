"""A recording made ready for a transcription model: checked, copied, and cut where it is too long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from app.domain.audio import AudioFormat
from app.domain.errors import Problem, RequestInvalid
from app.domain.input_facts import InputFacts
from app.domain.model_spec import ModelSpec
from app.domain.request import AudioPart, InputFile, InputKind, TranscriptionRequest
from app.domain.transcription_spec import TranscriptionSpec
from app.storage.take_files import TakeFiles


class Stretch(Protocol):
    """A part of a recording in a file of its own."""

    @property
    def start_s(self) -> float: ...

    @property
    def end_s(self) -> float: ...

    @property
    def path(self) -> Path: ...


class Split(Protocol):
    """Cuts a recording; blocking, until `cancelled` says that nobody wants it any more."""

    def __call__(
        self,
        path: Path,
        longest_s: float | None,
        folder: Path,
        *,
        file_format: AudioFormat,
        cancelled: Callable[[], bool],
    ) -> Sequence[Stretch]: ...


Probe = Callable[[InputFile], Awaitable[InputFacts]]


class Recordings:
    """
    Args:
        probe: Says what a file is.
    """

    def __init__(self, files: TakeFiles, probe: Probe, split: Split) -> None:
        self._files = files
        self._probe = probe
        self._split = split

    async def ready(self, request: TranscriptionRequest, spec: ModelSpec) -> TranscriptionRequest:
        """The request with its recording in the library, in as many parts as the service needs.

        Raises:
            RequestInvalid: With every problem at its field.
            StorageError: The recording can't be read or copied.
            BrokenAudio: It must be cut and can't be decoded.
        """
        problems = spec.check_transcription(request)
        if problems:
            raise RequestInvalid(problems)
        assert spec.transcription is not None
        facts = await self._probe(request.audio)
        name = request.audio.path.name
        if facts.kind is not InputKind.CLIP or facts.duration_s is None:
            raise RequestInvalid([Problem("audio", f"{name} isn’t audio that can be read. Choose another file.")])
        if not facts.duration_s:  # a service would take money for nothing
            raise RequestInvalid([Problem("audio", f"{name} holds no sound. Choose another file.")])
        source = await asyncio.to_thread(self._source, request.audio)
        suffix = await asyncio.to_thread(_suffix_of, source)
        limits = spec.transcription
        part_s = limits.part_s(facts.duration_s, facts.size_bytes)
        if part_s is not None or (limits.suffixes and suffix not in limits.suffixes):
            request = replace(request, duration_s=facts.duration_s)
            return await self._in_parts(request, source, limits, part_s)
        refused = list(limits.file_problems(name, suffix, facts.size_bytes))
        if refused:
            raise RequestInvalid(refused)
        audio = await self._files.adopt_input(request.audio)
        assert audio.sha256 is not None
        part = AudioPart(0.0, facts.duration_s, audio.sha256, suffix)
        return replace(request, audio=audio, parts=(part,), duration_s=facts.duration_s)

    async def _in_parts(
        self, request: TranscriptionRequest, source: Path, limits: TranscriptionSpec, part_s: float | None
    ) -> TranscriptionRequest:
        """Cut, or written in a format that the service reads; both in temporary files that the library copies."""
        may_be_mp3 = not limits.suffixes or AudioFormat.MP3.suffix in limits.suffixes
        file_format = AudioFormat.MP3 if may_be_mp3 else AudioFormat.WAV
        async with self._files.workshop() as folder:
            stretches = await self._stretches(source, part_s, folder, file_format)
            parts = [await self._adopted(each, limits) for each in stretches]
        return replace(request, parts=tuple(parts))

    async def _stretches(
        self, source: Path, part_s: float | None, folder: Path, file_format: AudioFormat
    ) -> Sequence[Stretch]:
        """Cancelling ends the work at the next block, and waits until nothing is written into the folder any more."""
        is_over = threading.Event()
        cut = partial(self._split, source, part_s, folder, file_format=file_format, cancelled=is_over.is_set)
        cutting = asyncio.ensure_future(asyncio.to_thread(cut))
        try:
            return await asyncio.shield(cutting)
        finally:
            is_over.set()
            await asyncio.wait([cutting])

    def _source(self, audio: InputFile) -> Path:
        """Where its bytes are: of an earlier request the copy, for the original may have changed or gone. Blocking."""
        copy = self._files.input_path(audio.sha256) if audio.sha256 is not None else None
        return copy if copy is not None and copy.exists() else audio.path

    async def _adopted(self, stretch: Stretch, limits: TranscriptionSpec) -> AudioPart:
        size = await asyncio.to_thread(lambda: stretch.path.stat().st_size)
        refused = list(limits.file_problems(stretch.path.name, stretch.path.suffix, size))
        if refused:
            raise RequestInvalid(refused)
        copy = await self._files.adopt_input(InputFile(stretch.path))
        assert copy.sha256 is not None
        return AudioPart(stretch.start_s, stretch.end_s, copy.sha256, stretch.path.suffix)


def _suffix_of(path: Path) -> str:
    """What the bytes are; the name only where they tell nothing."""
    from app.audio.containers import format_of

    return format_of(path).suffix
