from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.audio.player_events import Levels, PlayedShape, PlayerState
from app.domain.errors import PlaybackError
from app.domain.export_settings import FadeShape
from app.ui.loop_region import LoopRegion
from tests.fakes.sound_card import SPEAKERS
from tests.ui.listening_room import RATE_HZ, Room, write_tone
from tests.ui.waiting import until


@pytest.fixture
async def room(qapp: QApplication) -> AsyncIterator[Room]:
    room = Room()
    yield room
    await room.close()


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    return write_tone(tmp_path / "tone.wav", frames=4 * RATE_HZ)


async def playing(room: Room, path: Path) -> None:
    room.transport.load(path)
    room.transport.play()
    await until(lambda: room.transport.is_playing)


async def test_no_player_is_made_before_there_is_something_to_play(room: Room) -> None:
    room.transport.toggle()
    room.transport.set_gain(-6)
    await asyncio.sleep(0)

    assert room.players == []
    assert len(room.background) == 0


async def test_play_makes_the_player_off_the_gui_thread_and_plays(room: Room, tone: Path) -> None:
    states: list[PlayerState] = []
    room.transport.state_changed.connect(states.append)

    await playing(room, tone)

    assert states == [PlayerState.STOPPED, PlayerState.PLAYING]
    assert len(room.players) == 1


async def test_the_position_follows_what_is_heard(room: Room, tone: Path) -> None:
    positions: list[int] = []
    room.transport.position_changed.connect(positions.append)
    await playing(room, tone)

    room.hear(RATE_HZ)
    await until(lambda: room.transport.position_frames > RATE_HZ // 2)

    room.transport.pause()
    await until(lambda: room.transport.state is PlayerState.PAUSED)
    assert positions[-1] == room.transport.position_frames
    assert positions == sorted(positions)


async def test_a_seek_is_shown_at_once_and_before_the_player_is_there(room: Room, tone: Path) -> None:
    room.transport.load(tone)
    room.transport.seek(50_000)

    assert room.transport.position_frames == 50_000
    await until(lambda: room.players and room.players[0].position_frames == 50_000)
    assert room.transport.position_frames == 50_000


async def test_nobody_is_asked_for_positions_while_nobody_looks(room: Room, tone: Path) -> None:
    positions: list[int] = []
    await playing(room, tone)
    room.transport.set_watched(False)
    room.transport.position_changed.connect(positions.append)

    room.hear(RATE_HZ)
    room.transport.pause()
    await until(lambda: room.transport.state is PlayerState.PAUSED)

    assert len(positions) <= 1


async def test_levels_are_told_while_it_plays(room: Room, tone: Path) -> None:
    told: list[Levels] = []
    room.transport.levels_changed.connect(lambda levels, _elapsed_s: told.append(levels))
    await playing(room, tone)

    room.hear(RATE_HZ // 2)

    await until(lambda: any(levels.peak[0] > 0.7 and levels.rms[0] > 0.3 for levels in told))
    assert all(levels.rms[0] <= levels.peak[0] for levels in told)


async def test_another_take_goes_on_at_the_same_position(room: Room, tone: Path, tmp_path: Path) -> None:
    other = write_tone(tmp_path / "other.wav", frames=3 * RATE_HZ)
    await playing(room, tone)
    room.hear(RATE_HZ)
    await until(lambda: room.transport.position_frames > RATE_HZ // 2)
    before = room.transport.position_frames

    room.transport.switch(other, 3 * RATE_HZ)
    await until(lambda: room.players[0].path == other)

    assert room.transport.is_playing
    assert room.players[0].position_frames >= before


async def test_a_take_too_short_for_the_position_begins_at_its_start(room: Room, tone: Path, tmp_path: Path) -> None:
    short = write_tone(tmp_path / "short.wav", frames=RATE_HZ)
    room.transport.load(tone)
    room.transport.seek(3 * RATE_HZ)
    await until(lambda: room.players and room.players[0].position_frames == 3 * RATE_HZ)

    room.transport.switch(short, RATE_HZ)

    assert room.transport.position_frames == 0
    await until(lambda: room.players[0].path == short)


async def test_a_loop_chosen_before_the_player_is_there_counts(room: Room, tone: Path) -> None:
    room.transport.load(tone)
    room.transport.set_loop(LoopRegion(0, 4_800))
    room.transport.play()
    await until(lambda: room.transport.is_playing)

    for _ in range(4):
        room.hear(6_000)
        await until(lambda: room.players[0].position_frames <= 4_800)

    assert room.transport.is_playing


async def test_without_sound_a_take_loads_quietly_and_play_says_why_it_cannot(room: Room, tone: Path) -> None:
    room.missing = PlaybackError("Sound can’t be played because the PortAudio library is missing.")
    room.transport.load(tone)
    await until(lambda: len(room.background) == 0)
    assert room.failures == []

    room.transport.play()
    await until(lambda: room.failures)

    assert str(room.failures[0]).startswith("Sound can’t be played")
    room.missing = None
    room.transport.play()
    await until(lambda: room.transport.is_playing)


async def test_a_vanished_device_is_told_and_everything_else_goes_on(room: Room, tone: Path) -> None:
    room.card.devices = []
    room.transport.load(tone)
    room.transport.play()

    await until(lambda: room.failures)

    assert isinstance(room.failures[0], PlaybackError)
    assert not room.transport.is_playing
    room.card.devices = [SPEAKERS]
    room.transport.play()
    await until(lambda: room.transport.is_playing)


async def test_device_and_volume_chosen_early_reach_the_player(room: Room, tone: Path) -> None:
    levels: list[float] = []
    room.transport.levels_changed.connect(lambda told, _elapsed_s: levels.append(told.peak[0]))
    room.transport.set_device(SPEAKERS)
    room.transport.set_gain(-20.0)

    await playing(room, tone)
    room.hear(RATE_HZ // 2)
    await until(lambda: levels and max(levels) > 0)

    assert room.card.opened == [SPEAKERS]
    assert max(levels) < 0.1


async def test_samples_that_came_too_late_are_counted(room: Room, tone: Path) -> None:
    counts: list[int] = []
    room.transport.underruns_changed.connect(counts.append)
    await playing(room, tone)
    assert room.card.stream is not None

    for is_dry in (True, False, True):
        room.card.stream.fill(np.zeros((480, 2), np.float32), 0.05, is_dry)
    await until(lambda: counts and counts[-1] == 2)

    assert sorted(set(counts)) == counts


@pytest.mark.parametrize("is_playing", [False, True], ids=["resting", "playing"])
async def test_the_position_follows_a_drag_at_once_and_stays_where_it_ended(
    room: Room, tone: Path, is_playing: bool
) -> None:
    room.transport.load(tone)
    if is_playing:
        await playing(room, tone)
        room.hear(4_800)
    positions: list[int] = []
    room.transport.position_changed.connect(positions.append)

    room.transport.begin_scrub()
    for frame in (RATE_HZ, 2 * RATE_HZ, 3 * RATE_HZ // 2):
        room.transport.scrub(frame)
        assert positions[-1] == room.transport.position_frames == frame
    room.transport.end_scrub()

    await until(lambda: room.players and room.players[0].position_frames >= 3 * RATE_HZ // 2)
    await until(lambda: room.transport.is_playing is is_playing)
    assert room.transport.position_frames >= 3 * RATE_HZ // 2


async def test_what_is_to_be_looked_for_first_is_done_before_it_plays(room: Room, tone: Path) -> None:
    found = asyncio.Event()

    async def look() -> None:
        await found.wait()
        room.transport.set_device(SPEAKERS)

    room.transport.load(tone)
    room.transport.look_first(look)
    room.transport.toggle()
    await until(lambda: room.transport.state is PlayerState.STOPPED)  # the player was made meanwhile
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    room.players[0]._wish(lambda _: loop.call_soon_threadsafe(done.set))
    await done.wait()
    assert room.card.opened == []

    found.set()
    await until(lambda: room.transport.is_playing)

    assert room.card.opened[-1] == SPEAKERS


async def test_a_second_toggle_while_it_looks_thinks_better_of_it(room: Room, tone: Path) -> None:
    found = asyncio.Event()

    async def look() -> None:
        await found.wait()

    room.transport.load(tone)
    room.transport.look_first(look)
    room.transport.toggle()
    room.transport.toggle()
    found.set()
    await until(lambda: len(room.background) == 0)

    assert not room.transport.is_playing


async def test_closing_ends_the_players_thread(room: Room, tone: Path) -> None:
    await playing(room, tone)

    await room.transport.close()

    assert room.card.stream is not None
    assert room.card.stream.is_closed
    room.transport.play()
    room.transport.seek(10)
    await until(lambda: len(room.background) == 0)
    assert len(room.players) == 1


async def test_a_playhead_that_rests_is_shown_where_the_clip_will_be_heard_from(room: Room, tone: Path) -> None:
    transport, shape = room.transport, PlayedShape(24_000, 96_000, 0, 0, FadeShape.LINEAR)
    transport.load(tone)
    await until(lambda: transport.state is PlayerState.STOPPED)
    shown: list[int] = []

    transport.set_shape(shape)
    shown.append(transport.position_frames)
    transport.seek(120_000)
    shown.append(transport.position_frames)
    transport.set_shape(None)
    transport.seek(150_000)
    transport.switch(tone, 4 * RATE_HZ, shape=shape)
    shown.append(transport.position_frames)
    transport.load(tone, shape=shape)
    shown.append(transport.position_frames)

    assert shown == [24_000, 96_000, 24_000, 24_000]
    await until(lambda: room.players[0].position_frames == 24_000)
