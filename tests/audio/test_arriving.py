"""A take is heard while it still arrives: every frame once, silence where there is none yet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.audio.player import Buffering, EndedEarly, Loaded, PlayerState
from app.domain.errors import BrokenAudio
from tests.audio.arriving import RATE_HZ, ArrivingWav
from tests.audio.conftest import Deck, Floats, WriteWav, noise

HALF_S = RATE_HZ // 2
FADE = 240


def start(deck: Deck, wav: ArrivingWav) -> None:
    deck.player.load_arriving(wav.path)
    deck.player.play()
    deck.settle()


def heard(deck: Deck, frames: int) -> Floats:
    """What sounds in so much time, without the silence before, between and after."""
    got = deck.take(frames)
    return got[got.any(axis=1)]


def events_of(deck: Deck) -> list[object]:
    deck.settle()
    events: list[object] = []
    while not deck.events.empty():
        events.append(deck.event())
    return events


def test_what_has_arrived_is_loaded_at_its_start_and_silent(deck: Deck, tmp_path: Path) -> None:
    wav = ArrivingWav(tmp_path, noise(RATE_HZ))
    wav.send_until(30_000)

    deck.player.load_arriving(wav.path)
    deck.settle()

    loaded = deck.event()
    assert isinstance(loaded, Loaded)
    assert (loaded.info.frames, loaded.info.sample_rate_hz, loaded.info.channels) == (30_000, RATE_HZ, 2)
    assert deck.player.state is PlayerState.STOPPED
    assert deck.card.opened == []


def test_what_is_there_sounds_then_silence_then_the_rest_and_every_frame_once(deck: Deck, tmp_path: Path) -> None:
    samples = noise(4 * RATE_HZ)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(2 * RATE_HZ)

    start(deck, wav)
    first = deck.take(3 * RATE_HZ)
    assert deck.player.is_buffering
    assert deck.player.is_playing
    wav.send_until(3 * RATE_HZ)
    deck.settle()
    assert not deck.player.is_buffering
    second = heard(deck, 2 * RATE_HZ)
    deck.player.arrived(wav.finish())
    third = heard(deck, 2 * RATE_HZ)

    assert np.array_equal(first[: 2 * RATE_HZ], samples[: 2 * RATE_HZ])
    assert not first[2 * RATE_HZ :].any()
    assert np.array_equal(second, samples[2 * RATE_HZ : 3 * RATE_HZ])
    assert np.array_equal(third, samples[3 * RATE_HZ :])
    assert deck.player.underruns == 0
    assert deck.player.state is PlayerState.ENDED
    told = [event.is_waiting for event in events_of(deck) if isinstance(event, Buffering)]
    assert told == [True, False, True, False]


def test_the_last_bytes_and_the_name_come_without_a_gap(deck: Deck, tmp_path: Path) -> None:
    samples = noise(3 * RATE_HZ)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(RATE_HZ)

    start(deck, wav)
    first = deck.take(HALF_S)
    path = wav.finish()
    deck.player.arrived(path)
    rest = deck.take(3 * RATE_HZ)

    assert np.array_equal(np.concatenate([first, rest])[: len(samples)], samples)
    assert not rest[len(samples) - HALF_S :].any()
    assert (deck.player.path, deck.player.duration_frames) == (path, len(samples))
    assert deck.player.underruns == 0


def test_with_less_than_half_a_second_it_waits_and_then_begins_at_the_start(deck: Deck, tmp_path: Path) -> None:
    samples = noise(2 * RATE_HZ)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(HALF_S - 1)

    start(deck, wav)
    silence = deck.take(RATE_HZ)
    assert deck.player.is_buffering
    wav.send_until(HALF_S)
    deck.settle()

    assert not silence.any()
    assert np.array_equal(deck.take(HALF_S), samples[:HALF_S])
    assert deck.player.underruns == 0


def test_a_trickle_does_not_stutter(deck: Deck, tmp_path: Path) -> None:
    samples = noise(3 * RATE_HZ)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(HALF_S)
    start(deck, wav)
    deck.take(RATE_HZ)

    wav.send_until(2 * HALF_S - 1)
    assert not deck.take(RATE_HZ).any()
    wav.send_until(2 * HALF_S)
    deck.settle()

    assert np.array_equal(heard(deck, RATE_HZ), samples[HALF_S : 2 * HALF_S])


def test_a_whole_file_shorter_than_half_a_second_sounds(deck: Deck, tmp_path: Path) -> None:
    samples = noise(10_000)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(5_000)
    start(deck, wav)
    assert not deck.take(4_800).any()

    deck.player.arrived(wav.finish())
    deck.settle()

    assert np.array_equal(heard(deck, RATE_HZ), samples)


def test_the_position_stands_still_while_it_waits(deck: Deck, tmp_path: Path) -> None:
    wav = ArrivingWav(tmp_path, noise(2 * RATE_HZ))
    wav.send_until(RATE_HZ)
    start(deck, wav)

    deck.take(2 * RATE_HZ)
    position = deck.player.position_frames
    deck.take(RATE_HZ)

    assert position == deck.player.position_frames == RATE_HZ


def test_a_break_ends_the_sound_where_it_ends_with_a_sentence(deck: Deck, tmp_path: Path) -> None:
    samples = noise(2 * RATE_HZ)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(RATE_HZ)
    start(deck, wav)
    first = deck.take(HALF_S)

    wav.cut()
    deck.player.broke_off()
    rest = heard(deck, 2 * RATE_HZ)

    assert np.array_equal(np.concatenate([first, rest]), samples[:RATE_HZ])
    assert deck.player.state is PlayerState.ENDED
    assert events_of(deck)[-1] == EndedEarly()


def test_a_break_while_it_waits_ends_it_at_once(deck: Deck, tmp_path: Path) -> None:
    wav = ArrivingWav(tmp_path, noise(2 * RATE_HZ))
    wav.send_until(RATE_HZ)
    start(deck, wav)
    deck.take(2 * RATE_HZ)

    wav.cut().unlink()
    deck.player.broke_off()
    deck.take(RATE_HZ)

    assert deck.player.state is PlayerState.ENDED
    assert not deck.player.is_buffering
    assert EndedEarly() in events_of(deck)


def test_a_break_in_silence_says_nothing(deck: Deck, tmp_path: Path) -> None:
    wav = ArrivingWav(tmp_path, noise(2 * RATE_HZ))
    wav.send_until(RATE_HZ)
    deck.player.load_arriving(wav.path)

    deck.player.broke_off()

    assert EndedEarly() not in events_of(deck)


def test_pause_and_play_work_while_it_waits(deck: Deck, tmp_path: Path) -> None:
    samples = noise(3 * RATE_HZ)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(RATE_HZ)
    start(deck, wav)
    deck.take(2 * RATE_HZ)

    deck.player.pause()
    deck.take(FADE)
    assert not deck.player.is_buffering
    deck.player.arrived(wav.finish())
    assert not deck.take(RATE_HZ).any()
    deck.player.play()
    rest = heard(deck, 3 * RATE_HZ)

    assert len(rest) == 2 * RATE_HZ
    assert np.array_equal(rest[FADE:], samples[RATE_HZ + FADE :])


def test_a_seek_goes_anywhere_in_what_is_there(deck: Deck, tmp_path: Path) -> None:
    samples = noise(3 * RATE_HZ)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(2 * RATE_HZ)
    start(deck, wav)
    deck.take(1_000)

    deck.player.seek(RATE_HZ)
    middle = deck.take(HALF_S)
    deck.player.seek(3 * RATE_HZ)  # there is less: as far as it goes, and there it waits
    deck.take(FADE)
    waiting = deck.take(RATE_HZ)
    assert deck.player.is_buffering
    deck.player.arrived(wav.finish())
    rest = heard(deck, 2 * RATE_HZ)

    assert np.array_equal(middle[FADE:], samples[RATE_HZ + FADE : RATE_HZ + HALF_S])
    assert not waiting.any()
    assert np.array_equal(rest[FADE:], samples[2 * RATE_HZ + FADE :])


def test_another_take_and_a_device_that_changes_the_rate(deck: Deck, tmp_path: Path, write_wav: WriteWav) -> None:
    deck.card.rates = {44_100}
    deck.card.devices = [type(deck.card.devices[0])("Old", "Silent", 2, 44_100, is_default=True)]
    wav = ArrivingWav(tmp_path, noise(2 * RATE_HZ))
    wav.send_until(RATE_HZ)
    start(deck, wav)
    first = heard(deck, 88_200)
    deck.player.arrived(wav.finish())
    second = heard(deck, 88_200)

    assert len(first) + len(second) == pytest.approx(2 * 44_100, abs=2)
    assert deck.player.underruns == 0
    other = write_wav(noise(RATE_HZ, seed=5), name="other.wav")
    deck.player.load(other)
    deck.settle()
    assert deck.player.path == other


def test_a_finished_file_that_is_another_one_is_gone_over_to(deck: Deck, tmp_path: Path, write_wav: WriteWav) -> None:
    samples = noise(3 * RATE_HZ)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(RATE_HZ)
    start(deck, wav)
    deck.take(HALF_S)

    deck.player.arrived(write_wav(samples, name="copy.wav"))
    rest = deck.take(3 * RATE_HZ)

    assert np.array_equal(rest[FADE : 2 * RATE_HZ], samples[HALF_S + FADE :][: 2 * RATE_HZ - FADE])
    assert deck.player.duration_frames == len(samples)


def test_what_cannot_be_heard_yet_fails_and_everything_else_goes_on(deck: Deck, tmp_path: Path, a_wav: Path) -> None:
    path = tmp_path / "take.partial"
    path.write_bytes(b"ID3\x03\x00\x00\x00\x00")

    deck.player.load_arriving(path)
    assert isinstance(deck.failure().error, BrokenAudio)
    deck.start(a_wav)

    assert deck.player.is_playing
