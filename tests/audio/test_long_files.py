"""Files of many hours are streamed: whatever is done with them takes the memory and the work of a short one."""

from __future__ import annotations

import struct
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.audio.decoding import Sound
from app.audio.player import PlayerState
from tests.audio.conftest import Deck, Floats, noise
from tests.fakes.sound_card import SPEAKERS

RATE, FADE, LATENCY = 48_000, 240, 2_400
HOURS = 10
FRAMES = HOURS * 3_600 * RATE
MOST_BYTES = 12 << 20  # rings, blocks and the pieces kept for dragging; an hour of it is 1,400 MB


@pytest.fixture(scope="module")
def end() -> Floats:
    return noise(RATE, seed=12)


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory, end: Floats) -> Path:
    """10 hours of 16 bit stereo, 6.9 GB as RF64: a hole on the disk with a second of sound at its end."""
    path = tmp_path_factory.mktemp("long") / "a.wav"
    soundfile.write(path, np.zeros((1, 2)), RATE, format="RF64", subtype="PCM_16")
    with path.open("r+b") as file:
        head = file.read(4_096)
        sizes, data = head.index(b"ds64") + 8, head.index(b"data") + 8
        file.seek(sizes)
        file.write(struct.pack("<QQQ", data - 8 + FRAMES * 4, FRAMES * 4, FRAMES))
        file.seek(data + (FRAMES - RATE) * 4)
        file.write((end * 32_768).astype("<i2").tobytes())
    return path


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many frames each read decoded."""
    counts: list[int] = []
    read = Sound.read

    def counting(self: Sound, frames: int) -> Floats:
        block = read(self, frames)
        counts.append(len(block))
        return block

    monkeypatch.setattr(Sound, "read", counting)
    return counts


def test_the_last_second_of_ten_hours_is_reached_exactly_and_at_once(
    deck: Deck, long_file: Path, end: Floats, decoded: list[int]
) -> None:
    deck.start(long_file)
    deck.take(5_000)
    decoded.clear()

    deck.player.seek(FRAMES - RATE)
    got = deck.take(RATE + LATENCY + 480)

    assert deck.player.duration_frames == FRAMES
    assert np.array_equal(got[FADE:RATE], end[FADE:])
    assert not got[RATE:].any()
    assert deck.player.state is PlayerState.ENDED
    assert deck.player.position_frames == FRAMES
    assert sum(decoded) < 3 * RATE


def test_a_loop_around_ten_hours_has_no_gap(deck: Deck, long_file: Path, end: Floats) -> None:
    deck.player.load(long_file)
    deck.player.set_loop(FRAMES - 9 * RATE, None)  # too long to be kept in memory
    deck.player.seek(FRAMES - RATE)
    deck.player.play()

    got = deck.take(11 * RATE)

    assert np.array_equal(got[FADE:RATE], end[FADE:])
    assert not got[RATE : 9 * RATE].any()
    assert np.array_equal(got[9 * RATE : 10 * RATE], end)
    assert not got[10 * RATE :].any()


def test_hours_long_takes_are_switched_in_step(deck: Deck, long_file: Path, tmp_path: Path, end: Floats) -> None:
    deck.start(long_file)
    deck.player.seek(FRAMES - RATE)
    deck.take(10_000)

    deck.player.switch(long_file)
    got = deck.take(10_000)

    assert np.allclose(got, end[10_000:20_000], atol=1e-6)


def test_ten_hours_take_the_memory_of_a_moment(deck: Deck, long_file: Path) -> None:
    deck.start(long_file)
    deck.take(5_000)
    tracemalloc.start()
    try:
        for part in range(50):
            deck.player.seek(part * FRAMES // 50 + 1_234)
            deck.take(480)
        deck.player.set_loop(0, FRAMES // 2)
        deck.take(480)
        deck.player.begin_scrub()
        for part in range(70):
            deck.player.scrub(part * FRAMES // 70)
            deck.settle()
            deck.card.take(480)
        deck.player.end_scrub()
        deck.take(48_000)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < MOST_BYTES


def test_dragging_through_hours_decodes_only_what_lies_around_the_pointer(
    deck: Deck, long_file: Path, decoded: list[int]
) -> None:
    deck.player.load(long_file)
    deck.player.begin_scrub()
    deck.settle()
    decoded.clear()

    for frame in (FRAMES // 2, 100, FRAMES - 100, FRAMES // 2 + 200):
        deck.player.scrub(frame)
        deck.settle()

    assert sum(decoded) <= 4 * 2 * 32_768


def test_a_resampled_file_is_in_step_after_hours(deck: Deck, long_file: Path) -> None:
    deck.card.rates = {44_100}
    deck.card.devices = [replace(SPEAKERS, default_sample_rate_hz=44_100)]
    deck.start(long_file)
    deck.player.seek(FRAMES - RATE)
    deck.take(22_050 - 441)

    heard = 22_050 - 441 - 2_205
    assert abs(deck.player.position_frames - (FRAMES - RATE + heard * 48_000 / 44_100)) <= 2
