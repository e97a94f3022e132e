"""The clip of a voice is fetched when somebody wants to hear it, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.audio.files import verify
from app.domain.errors import BrokenAudio, ResultExpired, ResultGone
from app.domain.provider import AudioSink
from app.domain.voice import Voice
from app.engine.voice_library import VoiceLibrary
from app.engine.voice_samples import VoiceSamples
from app.storage.voice_samples import VoiceSampleFiles
from tests.fakes.sounds import tone

ANNA = Voice("v1", "Anna", "acme", sample="https://clips.example/anna.wav?signature=1")
MUTE = Voice("v2", "Mute", "acme")


class Choir:
    """A service whose clips lie behind signed addresses; only the newest one is valid."""

    def __init__(self) -> None:
        self.data = tone(1, frames=4_800)
        self.signature = 1
        self.asked: list[str] = []
        self.listed = True

    async def voices(self) -> tuple[Voice, ...]:
        return (replace(ANNA, sample=self._address()), MUTE) if self.listed else (MUTE,)

    async def sample(self, voice: Voice, into: AudioSink) -> None:
        self.asked.append(voice.sample)
        if voice.sample != self._address():
            raise ResultExpired("too old")
        for start in range(0, len(self.data), 1_000):
            await into.write(self.data[start : start + 1_000])

    def _address(self) -> str:
        return f"https://clips.example/anna.wav?signature={self.signature}"


@pytest.fixture
def choir() -> Choir:
    return Choir()


@pytest.fixture
def start(choir: Choir, tmp_path: Path) -> Callable[[], VoiceSamples]:
    """As after a start of the app."""

    def make(most_bytes: int = 1 << 20) -> VoiceSamples:
        providers = {"acme": choir}
        files = VoiceSampleFiles(tmp_path / "voices", verify, most_bytes=most_bytes)
        return VoiceSamples(providers, VoiceLibrary(providers), files)  # type: ignore[arg-type]

    return make


def files_in(folder: Path) -> list[bytes]:
    return [each.read_bytes() for each in folder.iterdir()]


async def test_a_clip_is_fetched_once_also_over_a_restart(choir: Choir, start, tmp_path) -> None:
    first = await start().file(ANNA)
    again = await start().file(replace(ANNA, sample="https://clips.example/anna.wav?signature=99"))

    assert first == again
    assert files_in(tmp_path / "voices") == [choir.data]
    assert len(choir.asked) == 1


async def test_an_address_that_expired_is_asked_for_anew(choir: Choir, start) -> None:
    choir.signature = 2

    path = await start().file(ANNA)

    assert path.read_bytes() == choir.data
    assert choir.asked == [ANNA.sample, "https://clips.example/anna.wav?signature=2"]


async def test_a_voice_that_lost_its_clip_says_so(choir: Choir, start, tmp_path) -> None:
    choir.signature, choir.listed = 2, False

    with pytest.raises(ResultGone):
        await start().file(ANNA)

    assert files_in(tmp_path / "voices") == []


async def test_what_is_no_audio_is_not_kept(choir: Choir, start, tmp_path) -> None:
    choir.data = b"<html>Sorry</html>"

    with pytest.raises(BrokenAudio):
        await start().file(ANNA)

    assert files_in(tmp_path / "voices") == []


async def test_an_endless_clip_is_cut_off(choir: Choir, start, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("app.storage.voice_samples._LARGEST_BYTES", 5_000)

    with pytest.raises(BrokenAudio):
        await start().file(ANNA)

    assert files_in(tmp_path / "voices") == []


async def test_the_oldest_clips_go_when_there_are_too_many(choir: Choir, start, tmp_path) -> None:
    samples = start(most_bytes=int(len(choir.data) * 1.5))
    await samples.file(ANNA)

    newest = await samples.file(replace(ANNA, id="v3"))

    assert list((tmp_path / "voices").iterdir()) == [newest]
