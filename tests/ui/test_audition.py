"""A clip is heard beside the takes: one sound at a time, and a second press stops it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.audio.player_events import PlayerState
from app.domain.errors import AppError, PlaybackError, ServiceUnavailable, StorageError
from app.ui.audition import Audition
from tests.ui.listening_room import RATE_HZ, Room, write_tone
from tests.ui.waiting import until


class Studio:
    """The takes and the audition, each with a sound card in the test's hand."""

    def __init__(self) -> None:
        self.takes, self.beside = Room(), Room()
        self.audition = Audition(self.beside.transport, self.takes.transport, self.beside.background)
        self.failures: list[tuple[AppError, object]] = []
        self.audition.failed.connect(lambda error, what: self.failures.append((error, what)))

    async def hear(self, path: Path) -> None:
        self.audition.toggle(path.name, at_once(path))
        await until(lambda: self.beside.transport.is_playing)

    async def close(self) -> None:
        await self.audition.close()
        await self.beside.close()
        await self.takes.close()


def at_once(path: Path) -> Callable[[], Awaitable[Path]]:
    async def find() -> Path:
        return path

    return find


@pytest.fixture
async def studio(qapp: QApplication) -> AsyncIterator[Studio]:
    studio = Studio()
    yield studio
    await studio.close()


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_tone(tmp_path / "clip.wav", frames=2 * RATE_HZ)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return write_tone(tmp_path / "other.wav", frames=2 * RATE_HZ)


async def test_a_press_plays_and_a_second_one_stops(studio: Studio, clip: Path) -> None:
    await studio.hear(clip)
    assert studio.audition.sounding == "clip.wav"

    studio.audition.toggle("clip.wav", at_once(clip))

    assert studio.audition.sounding is None
    await until(lambda: studio.beside.transport.state is PlayerState.EMPTY)


async def test_another_clip_takes_over_and_stays_marked(studio: Studio, clip: Path, other: Path) -> None:
    await studio.hear(clip)

    studio.audition.toggle("other.wav", at_once(other))
    await until(lambda: studio.beside.players[0].path == other and studio.beside.transport.is_playing)

    assert studio.audition.sounding == "other.wav"


async def test_at_its_end_nothing_is_marked_any_more(studio: Studio, clip: Path) -> None:
    await studio.hear(clip)

    studio.beside.hear(2 * RATE_HZ)
    studio.beside.clock.advance(3)

    await until(lambda: studio.audition.sounding is None)
    await until(lambda: studio.beside.transport.state is PlayerState.EMPTY)


async def test_a_clip_silences_the_take_which_stays_where_it_was(studio: Studio, clip: Path, other: Path) -> None:
    takes = studio.takes.transport
    takes.load(other)
    takes.play()
    await until(lambda: takes.is_playing)
    studio.takes.hear(RATE_HZ // 2)

    await studio.hear(clip)

    await until(lambda: takes.state is PlayerState.PAUSED)
    assert studio.takes.players[0].position_frames > 0


async def test_a_take_silences_the_clip(studio: Studio, clip: Path, other: Path) -> None:
    await studio.hear(clip)

    studio.takes.transport.load(other)
    studio.takes.transport.play()

    await until(lambda: studio.takes.transport.is_playing)
    assert studio.audition.sounding is None
    await until(lambda: studio.beside.transport.state is PlayerState.EMPTY)


async def test_what_is_still_fetched_when_another_is_wanted_is_never_played(
    studio: Studio, clip: Path, other: Path
) -> None:
    arrives = asyncio.Event()

    async def slowly() -> Path:
        await arrives.wait()
        return clip

    studio.audition.toggle("slow", slowly)
    assert studio.audition.is_fetching
    await asyncio.sleep(0)
    studio.audition.toggle("other.wav", at_once(other))
    arrives.set()
    await until(lambda: studio.beside.transport.is_playing)

    assert studio.audition.sounding == "other.wav"
    assert not studio.audition.is_fetching
    assert studio.beside.players[0].path == other


async def test_a_take_that_begins_meanwhile_is_not_interrupted_by_a_sample(
    studio: Studio, clip: Path, other: Path
) -> None:
    arrives = asyncio.Event()

    async def slowly() -> Path:
        await arrives.wait()
        return clip

    studio.audition.toggle("slow", slowly)
    studio.takes.transport.load(other)
    studio.takes.transport.play()
    await until(lambda: studio.takes.transport.is_playing)
    arrives.set()
    await until(lambda: not len(studio.beside.background))

    assert studio.takes.transport.is_playing
    assert studio.beside.players == []


@pytest.mark.parametrize("error", [ServiceUnavailable("down"), StorageError("gone")])
async def test_what_cannot_be_fetched_is_told(studio: Studio, error: AppError) -> None:
    async def fail() -> Path:
        raise error

    studio.audition.toggle("voice", fail)
    await until(lambda: studio.failures)

    assert studio.failures == [(error, "voice")]
    assert studio.audition.sounding is None
    assert not studio.audition.is_fetching


async def test_what_is_no_audio_is_told(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "letter.wav"
    path.write_text("Dear all")

    studio.audition.toggle("letter", at_once(path))
    await until(lambda: studio.failures)

    assert studio.failures[0][1] == "letter"
    assert studio.audition.sounding is None


async def test_without_a_sound_device_nothing_is_marked_as_playing(studio: Studio, clip: Path) -> None:
    studio.beside.missing = PlaybackError("No output device.")

    studio.audition.toggle("clip", at_once(clip))
    await until(lambda: studio.failures)

    assert studio.audition.sounding is None


async def test_a_device_that_goes_away_ends_it(studio: Studio, clip: Path) -> None:
    await studio.hear(clip)

    assert studio.beside.card.stream is not None
    studio.beside.card.stream.is_active = False

    await until(lambda: studio.failures)
    assert studio.audition.sounding is None
