"""A take is heard under the playhead while that is dragged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.player import Failed, PlayerState, StateChanged
from app.audio.scrubbing import KeptSound
from app.domain.errors import StorageError
from tests.audio.conftest import Deck, Floats, WriteWav, noise
from tests.audio.in_memory import Memory

RATE, FADE = 48_000, 240
GRAIN = 3_360


def scrub(deck: Deck, frame: int, frames: int) -> Floats:
    deck.player.scrub(frame)
    deck.settle()
    return deck.card.take(frames, block=120)


def test_dragging_is_heard_and_resting_is_silent(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(96_000)
    deck.player.load(write_wav(samples))
    deck.player.begin_scrub()
    deck.settle()

    one = scrub(deck, 30_000, GRAIN)
    resting = scrub(deck, 30_000, 5_000)

    window = np.sin(np.pi * (np.arange(GRAIN) + 0.5) / GRAIN)[:, None] ** 2
    around = samples[30_000 - GRAIN // 2 :][:GRAIN]
    assert np.allclose(one, around * window, atol=1e-6)
    assert not resting.any()
    assert deck.player.position_frames == 30_000


def test_while_the_pointer_moves_grains_add_up_to_the_whole_level(deck: Deck, write_wav: WriteWav) -> None:
    steady = np.full((96_000, 2), 0.5, np.float32)
    deck.player.load(write_wav(steady, subtype="FLOAT"))
    deck.player.begin_scrub()
    deck.settle()

    heard = np.concatenate([scrub(deck, 20_000 + 100 * turn, 720) for turn in range(40)])

    assert np.allclose(heard[GRAIN // 2 : -GRAIN], 0.5, atol=1e-5)
    assert np.abs(np.diff(heard[:, 0])).max() < 0.5 * np.pi / GRAIN * 1.01


@given(moves=st.lists(st.tuples(st.integers(-100, 100_000), st.integers(1, 4_000)), min_size=1, max_size=12))
@settings(max_examples=25)
def test_however_it_is_dragged_nothing_clicks(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, int]]
) -> None:
    """Also when the playing sound is grabbed and let go. The file's own steps are small, and none at its ends."""
    frames = 99_840  # 104 periods
    hum = 0.9 * np.sin(2 * np.pi * np.arange(frames) / 960)
    path = tmp_path_factory.mktemp("scrub") / "a.wav"
    soundfile.write(path, hum.astype(np.float32), RATE, subtype="FLOAT")
    deck = Deck()
    try:
        deck.start(path)
        heard = [deck.take(1_000)]
        deck.player.begin_scrub()
        heard += [scrub(deck, frame, frames) for frame, frames in moves]
        deck.player.end_scrub()
        heard.append(deck.take(500))
    finally:
        deck.player.close()

    sound = np.concatenate(heard)
    assert np.abs(np.diff(sound[:, 0])).max() < 0.9 * (2 * np.pi / 960 + np.pi / GRAIN + 2 / FADE) * 1.05
    assert np.abs(sound).max() <= 1.81


def test_let_go_it_plays_on_from_there_if_it_played(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(96_000)
    deck.start(write_wav(samples))
    deck.take(1_000)
    deck.player.begin_scrub()
    deck.settle()
    state = deck.player.state
    scrub(deck, 50_000, 2 * GRAIN)

    deck.player.end_scrub()
    got = deck.take(5_000)

    assert state is deck.player.state is PlayerState.PLAYING
    assert np.array_equal(got[FADE:], samples[50_000 + FADE : 55_000])


@pytest.mark.parametrize(("frame", "state"), [(0, PlayerState.STOPPED), (50_000, PlayerState.PAUSED)])
def test_let_go_it_rests_there_if_it_rested(deck: Deck, write_wav: WriteWav, frame: int, state: PlayerState) -> None:
    samples = noise(96_000)
    deck.player.load(write_wav(samples))
    deck.player.begin_scrub()
    deck.settle()
    scrub(deck, frame, 2 * GRAIN)

    deck.player.end_scrub()
    silence = deck.take(5_000)
    deck.player.play()
    got = deck.take(5_000)

    assert not silence.any()
    assert np.array_equal(got[FADE:], samples[frame + FADE : frame + 5_000])
    assert StateChanged(state) in list(deck.events.queue) or state is PlayerState.STOPPED


def test_of_many_drags_the_last_counts(deck: Deck, write_wav: WriteWav) -> None:
    deck.player.load(write_wav(noise(96_000)))
    deck.player.begin_scrub()

    for frame in range(0, 90_000, 100):
        deck.player.scrub(frame)
    deck.settle()

    assert deck.player.position_frames == 89_900


def test_a_play_takes_the_playhead_out_of_the_hand(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(96_000)
    deck.player.load(write_wav(samples))
    deck.player.begin_scrub()
    deck.settle()
    scrub(deck, 20_000, 2 * GRAIN)

    deck.player.play()
    got = deck.take(2_000)
    deck.player.scrub(40_000)  # a seek, for nobody holds it any more
    after = deck.take(2_000)

    assert np.array_equal(got[FADE:], samples[20_000 + FADE : 22_000])
    assert np.array_equal(after[FADE:], samples[40_000 + FADE : 42_000])


def test_without_a_device_the_playhead_is_dragged_in_silence(deck: Deck, write_wav: WriteWav) -> None:
    deck.card.devices = []
    deck.player.load(write_wav(noise(96_000)))

    deck.player.begin_scrub()
    deck.player.scrub(20_000)
    deck.player.end_scrub()
    deck.settle()

    assert deck.player.position_frames == 20_000
    assert not any(isinstance(event, Failed) for event in deck.events.queue)


def test_a_playhead_that_cannot_be_heard_while_it_is_dragged_says_why_and_moves(
    deck: Deck, write_wav: WriteWav
) -> None:
    path = write_wav(noise(480_000))
    deck.start(path)
    deck.take(10_000)
    path.unlink()

    deck.player.begin_scrub()
    failure = deck.failure()
    deck.player.scrub(20_000)
    deck.player.end_scrub()
    deck.settle()

    assert isinstance(failure.error, StorageError)
    assert deck.player.state is PlayerState.PAUSED
    assert deck.player.position_frames == 20_000


def test_a_device_that_vanishes_under_the_hand_leaves_the_playhead_there(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(noise(480_000)))
    deck.take(10_000)
    deck.player.begin_scrub()
    deck.settle()
    scrub(deck, 30_000, 1_000)

    deck.card.unplug()
    failure = deck.failure()
    deck.player.scrub(40_000)
    deck.player.end_scrub()
    deck.settle()

    assert "is gone" in str(failure.error)
    assert deck.player.state is PlayerState.PAUSED
    assert deck.player.position_frames == 40_000


@pytest.mark.parametrize(("kind", "subtype"), [("FLAC", "PCM_16"), ("MP3", None), ("OGG", "VORBIS"), ("OGG", "OPUS")])
def test_what_is_dragged_over_is_what_lies_there_in_every_format(
    deck: Deck, tmp_path: Path, kind: str, subtype: str | None
) -> None:
    path = tmp_path / "a"
    soundfile.write(path, noise(5 * RATE), RATE, format=kind, subtype=subtype)
    samples = soundfile.read(path, dtype="float32", always_2d=True)[0]
    deck.player.load(path, gain_db=-6.0)
    deck.player.begin_scrub()
    deck.settle()

    for frame in (200_000, 30_000, 199_000, 100):
        got = scrub(deck, frame, 2 * GRAIN)[:GRAIN]

        window = np.sin(np.pi * (np.arange(GRAIN) + 0.5) / GRAIN)[:, None] ** 2 * 10 ** (-6 / 20)
        around = np.concatenate([np.zeros((GRAIN, 2)), samples])[frame + GRAIN - GRAIN // 2 :][:GRAIN]
        assert np.allclose(got, around * window, atol=1e-5)


@given(frames=st.lists(st.integers(0, 2_000_000), max_size=30), count=st.integers(1, 5_000))
@settings(max_examples=30)
def test_what_is_kept_for_dragging_is_what_the_file_holds(frames: list[int], count: int) -> None:
    samples = np.arange(1_999_999, dtype=np.float32)[:, None]
    kept = KeptSound(Memory(samples))

    for frame in frames:
        kept.seek(frame)
        got = np.concatenate([kept.read(count), kept.read(count), kept.read(count)])

        assert len(got) >= min(count, len(samples) - frame)
        assert np.array_equal(got, samples[frame : frame + len(got)])


def test_dragging_backwards_does_not_go_back_in_the_file_for_every_step() -> None:
    """Vorbis decodes all that is before a place in order to find it."""
    sound = Memory(np.zeros((2_000_000, 1), np.float32))
    kept = KeptSound(sound)

    for frame in range(1_990_000, 0, -10_000):
        kept.seek(frame)
        kept.read(1_000)

    assert len(sound.seeks) <= 10
