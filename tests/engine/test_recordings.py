"""A recording made ready for a transcription model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from app.audio.files import verify
from app.domain.audio import AudioFormat
from app.domain.input_facts import InputFacts
from app.domain.model_spec import Kind, ModelSpec
from app.domain.request import InputFile, InputKind, TranscriptionRequest
from app.domain.transcript import TranscriptFormat
from app.domain.transcription_spec import TranscriptionSpec
from app.engine.recordings import Recordings, Stretch
from app.storage.take_files import TakeFiles
from tests.fakes.sounds import tone

LONG = ModelSpec(
    "service",
    "model",
    "Model",
    (Kind.TRANSCRIPTION,),
    transcription=TranscriptionSpec((TranscriptFormat.TEXT,), longest_s=1.0),
)


class EndlessSplit:
    """Works on a recording until nobody wants it any more."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ended = threading.Event()
        self.folder: Path | None = None

    def __call__(
        self,
        path: Path,
        longest_s: float | None,
        folder: Path,
        *,
        file_format: AudioFormat,
        cancelled: Callable[[], bool],
    ) -> Sequence[Stretch]:
        self.folder = folder
        self.begun.set()
        try:
            while not cancelled():
                (folder / "0.mp3").write_bytes(path.read_bytes())
            raise CancelledError
        finally:
            self.ended.set()


async def test_whoever_gives_up_waits_for_no_more_than_a_block_and_leaves_no_files(tmp_path: Path) -> None:
    (tmp_path / "interview.wav").write_bytes(tone(2))
    request = TranscriptionRequest("service", "model", InputFile(tmp_path / "interview.wav"), TranscriptFormat.TEXT)
    split = EndlessSplit()

    async def probe(file: InputFile) -> InputFacts:
        return InputFacts(InputKind.CLIP, file.path.stat().st_size, 2.0)

    recordings = Recordings(TakeFiles(tmp_path / "takes", verify), probe, split)
    getting_ready = asyncio.ensure_future(recordings.ready(request, LONG))
    await asyncio.to_thread(split.begun.wait)

    getting_ready.cancel()
    with pytest.raises(asyncio.CancelledError):
        await getting_ready

    assert split.ended.is_set()
    assert split.folder is not None
    assert not split.folder.exists()
