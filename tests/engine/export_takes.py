"""Stored takes with real files, for the tests of the export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from app.audio.encoding import encode
from app.audio.files import verify
from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.model_spec import Kind
from app.domain.request import GenerationRequest
from app.domain.take import Take, TakeState
from app.domain.task import Task, TaskState
from app.engine.export_plan import ExportSource
from app.storage.take_files import TakeFiles

MADE = datetime(2026, 3, 4, 12, 30, 5, tzinfo=UTC)


@dataclass(frozen=True)
class ExportTakes:
    """A library folder, and takes that are put into it."""

    files: TakeFiles
    folder: Path

    def take(
        self,
        number: int = 1,
        *,
        prompt: str = "Heavy rain",
        format: AudioFormat = AudioFormat.WAV,  # noqa: A002
        rate_hz: int = 48_000,
        channels: int = 2,
        seconds: float = 1.0,
        level: float = 0.25,
        bit_depth: BitDepth | None = BitDepth.INT24,
    ) -> ExportSource:
        """A take of a sine in a file of its own."""
        frames = np.arange(int(seconds * rate_hz)) / rate_hz
        tone = (level * np.sin(2 * np.pi * 440 * frames)).astype(np.float32)
        name = f"2026-03/0123456789ab-{number}{format.suffix}"
        path = self.files.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        info = encode(
            [np.repeat(tone[:, None], channels, axis=1)],
            path,
            format=format,
            sample_rate_hz=rate_hz,
            channels=channels,
            bit_depth=bit_depth if format.is_lossless else None,
        )
        return ExportSource(_task(prompt), _stored(number, name, info))


def source_of(file: str, info: AudioInfo) -> ExportSource:
    """A take of any file in a library."""
    return ExportSource(_task("Heavy rain"), _stored(1, file, info))


def takes_in(folder: Path) -> ExportTakes:
    """An empty library."""
    return ExportTakes(TakeFiles(folder, verify), folder)


def _task(prompt: str) -> Task:
    request = GenerationRequest("local", "sketch", prompt)
    return Task("0123456789ab", "c" * 12, request, Kind.EFFECT, TaskState.FINISHED, MADE, MADE)


def _stored(number: int, file: str, info: AudioInfo) -> Take:
    return Take(
        f"0123456789ab-{number}",
        "0123456789ab",
        "attempt",
        number,
        f"result-{number}",
        TakeState.STORED,
        file=file,
        info=info,
        seed=40 + number,
    )
