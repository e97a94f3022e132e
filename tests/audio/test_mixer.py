from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from app.audio.mixer import Mixer, Order
from app.audio.track import Plan, Timeline, Track
from tests.audio.conftest import Floats, noise
from tests.fakes.sound_card import HandClock

RATE, FADE = 48_000, 240
SOUND = noise(40_000)


def make_mixer() -> Mixer:
    return Mixer(rate_hz=RATE, channels=2, gain=1.0, fade_s=FADE / RATE, clock=HandClock())


def track_from(
    frame: int,
    *,
    decoded: int = 20_000,
    capacity: int = 30_000,
    timeline: Timeline | None = None,
    sound: Floats = SOUND,
) -> Track:
    """A track on a timeline that begins with the sound."""
    plan = Plan(Fraction(frame), len(sound), None, Fraction(1))
    track = Track(plan, object(), RATE, capacity, timeline=timeline, start=frame)
    track.write(sound[frame : frame + decoded])
    return track


def take(mixer: Mixer, frames: int) -> Floats:
    out = np.full((frames, 2), np.nan, np.float32)
    mixer.fill(out, 0.0, False)
    return out


@pytest.mark.parametrize("meanwhile", [0, 1, 480, 4_097, 9_999])
def test_a_track_that_takes_over_skips_what_was_played_meanwhile(meanwhile: int) -> None:
    mixer = make_mixer()
    first = track_from(0)
    mixer.follow(Order(first, is_playing=True, is_abrupt=True))
    take(mixer, 1_000)
    second = track_from(first.reached, timeline=first.timeline)  # from here on it is being opened

    if meanwhile:
        take(mixer, meanwhile)
    mixer.follow(Order(second, is_playing=True))
    got = take(mixer, 2_000)

    begin = 1_000 + meanwhile
    assert np.allclose(got, SOUND[begin : begin + 2_000], atol=1e-6)
    assert second.read == meanwhile + 2_000
    assert mixer.underruns == 0


def test_a_track_that_is_behind_has_to_catch_up_first() -> None:
    mixer = make_mixer()
    first = track_from(0)
    second = track_from(0, decoded=3_000, timeline=first.timeline)
    mixer.follow(Order(first, is_playing=True, is_abrupt=True))
    take(mixer, 5_000)

    mixer.follow(Order(second, is_playing=True))
    waiting = take(mixer, 1_000)
    second.write(SOUND[3_000:20_000])
    taken_over = take(mixer, 1_000)

    assert np.array_equal(waiting, SOUND[5_000:6_000])
    assert np.allclose(taken_over, SOUND[6_000:7_000], atol=1e-6)
    assert second.read == 7_000


def test_a_track_that_can_never_catch_up_is_taken_all_the_same() -> None:
    mixer = make_mixer()
    first = track_from(0)
    second = track_from(0, decoded=1_000, capacity=1_000, timeline=first.timeline)
    mixer.follow(Order(first, is_playing=True, is_abrupt=True))
    take(mixer, 5_000)

    mixer.follow(Order(second, is_playing=True))
    take(mixer, 480)

    assert second.read == 1_000


@pytest.mark.parametrize("block", [1, 7, 239, 240, 241, 5_000])
def test_a_fade_is_the_same_in_blocks_of_any_size(block: int) -> None:
    mixer = make_mixer()
    mixer.follow(Order(track_from(500), is_playing=True))

    got = np.concatenate([take(mixer, block) for _ in range(-(-1_000 // block))])[:1_000]

    ramp = np.minimum(np.arange(1, 1_001) / FADE, 1.0)[:, None]
    assert np.allclose(got, SOUND[500:1_500] * ramp, atol=1e-6)


@pytest.mark.parametrize("block", [7, 240, 5_000])
def test_the_volume_glides_without_a_step(block: int) -> None:
    mixer = make_mixer()
    steady = Track(Plan(Fraction(0), 20_000, None, Fraction(1)), object(), RATE, 20_000)
    steady.write(np.ones((20_000, 2), np.float32))
    steady.is_complete = True
    mixer.follow(Order(steady, is_playing=True, is_abrupt=True))
    take(mixer, 100)

    mixer.gain = 0.25
    got = np.concatenate([take(mixer, block) for _ in range(-(-6_000 // block))])

    assert got[-1, 0] == 0.25
    assert np.abs(np.diff(got[:, 0])).max() <= 0.75 / FADE * 1.01
    assert got[0, 0] > 0.9


def test_a_wish_during_a_fade_is_followed_after_it() -> None:
    mixer = make_mixer()
    mixer.follow(Order(track_from(0), is_playing=True, is_abrupt=True))
    take(mixer, 1_000)

    mixer.follow(Order(track_from(10_000), is_playing=True))
    take(mixer, 100)
    mixer.follow(Order(track_from(20_000), is_playing=True))
    take(mixer, 140)
    got = take(mixer, 1_000)

    assert np.array_equal(got[FADE:], SOUND[20_000 + FADE : 21_000])


def test_back_at_full_volume_samples_are_untouched_again() -> None:
    mixer = make_mixer()
    mixer.follow(Order(track_from(0), is_playing=True, is_abrupt=True))
    mixer.gain = 0.5
    take(mixer, 104)
    mixer.gain = 1.0

    got = np.concatenate([take(mixer, 104) for _ in range(20)])

    assert np.array_equal(got[FADE:], SOUND[104 + FADE : 104 + 20 * 104])


def test_takes_called_up_in_one_fade_all_keep_in_step() -> None:
    """1-2-3-1 faster than a fade: what waits for its turn, and what waits behind that, knows where the sound is."""
    mixer = make_mixer()
    others = [noise(40_000, seed=seed) for seed in (5, 6)]
    first = track_from(0)
    mixer.follow(Order(first, is_playing=True, is_abrupt=True))
    take(mixer, 1_000)

    for sound in (*others, SOUND):
        reached = mixer.reached(first.timeline)
        assert reached is not None
        mixer.follow(Order(track_from(reached, timeline=first.timeline, sound=sound), is_playing=True))
        take(mixer, 50)
    take(mixer, FADE)
    got = take(mixer, 4_000)

    assert np.array_equal(got[FADE:], SOUND[1_150 + 2 * FADE : 5_150 + FADE])
    assert mixer.underruns == 0


def test_a_jump_that_takes_the_place_of_a_switch_begins_at_its_own_first_frame() -> None:
    mixer = make_mixer()
    first = track_from(0)
    mixer.follow(Order(first, is_playing=True, is_abrupt=True))
    take(mixer, 1_000)
    mixer.follow(Order(track_from(1_000, timeline=first.timeline), is_playing=True))

    mixer.follow(Order(track_from(20_000), is_playing=True))
    got = take(mixer, 1_000)

    assert np.array_equal(got[FADE:], SOUND[20_000 + FADE : 21_000])
