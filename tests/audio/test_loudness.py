"""Loudness as the standards want it: the signals of EBU Tech 3341 and 3342, made from their descriptions.

Of Tech 3341 (version 4.0, table 1) cases 1 to 6 and 9 to 14 are here and 15 to 23, on true peaks, in `test_measures`;
of Tech 3342 (table 1) cases 1 to 4. The rest, 7 and 8 of the one and 5 and 6 of the other, are authentic programmes
that no description makes; ten files measured beside ffmpeg, in `test_measures`, stand for them.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audio.k_weighting import KWeighting
from app.audio.loudness import Loudness, LoudnessMeter
from tests.audio.conftest import Floats
from tests.audio.tones import parts, tone

RATE_HZ = 48_000


def meter_over(power: Floats, rate_hz: int = RATE_HZ) -> Loudness:
    """What the meter says of power that was weighted before."""
    meter = LoudnessMeter(rate_hz)
    meter.add(power)
    return meter.finish()


def power_of(samples: Floats, rate_hz: int = RATE_HZ) -> Floats:
    """K-weighted, frame by frame."""
    weighting = KWeighting(rate_hz, samples.shape[1])
    step = weighting.block_frames
    return np.concatenate([weighting.power(samples[at : at + step]) for at in range(0, len(samples), step)])


def loudness_of(samples: Floats, rate_hz: int = RATE_HZ, block_frames: int | None = None) -> Loudness:
    """What the meter says of samples of shape (n, channels), given in blocks."""
    weighting = KWeighting(rate_hz, samples.shape[1])
    meter = LoudnessMeter(rate_hz)
    step = block_frames or weighting.block_frames
    for start in range(0, len(samples), step):
        meter.add(weighting.power(samples[start : start + step]))
    return meter.finish()


# EBU Tech 3341, table 1, cases 1 to 5: parts of (dBFS, seconds) and the loudness they must have.
PROGRAMMES = {
    "1": ([(-23.0, 20)], -23.0),
    "2": ([(-33.0, 20)], -33.0),
    "3": ([(-36.0, 10), (-23.0, 60), (-36.0, 10)], -23.0),
    "4": ([(-72.0, 10), (-36.0, 10), (-23.0, 60), (-36.0, 10), (-72.0, 10)], -23.0),
    "5": ([(-26.0, 20), (-20.0, 20.1), (-26.0, 20)], -23.0),
}


@pytest.mark.parametrize("case", PROGRAMMES)
def test_the_integrated_loudness_agrees_within_a_tenth(case: str) -> None:
    levels, expected = PROGRAMMES[case]

    assert loudness_of(parts(levels)).integrated_lufs == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("case", ["1", "2"])
def test_of_a_constant_tone_all_three_agree(case: str) -> None:
    """Cases 1 and 2 ask that of momentary and short-term loudness, too."""
    levels, expected = PROGRAMMES[case]

    assert loudness_of(parts(levels))[:3] == pytest.approx((expected,) * 3, abs=0.1)


def test_the_five_channels_of_case_6_agree_within_a_tenth() -> None:
    """-28 dBFS in front, -24 in the centre, -30 behind, nothing for low-frequency effects."""
    front, centre, behind = (tone(level, 20, channels=1) for level in (-28.0, -24.0, -30.0))
    samples = np.hstack([front, front, centre, np.zeros_like(front), behind, behind])

    assert loudness_of(samples).integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_low_frequency_effects_count_for_nothing() -> None:
    silent = tone(-23.0, 2, channels=1) * 0

    assert loudness_of(np.hstack([silent] * 3 + [tone(-3.0, 2, channels=1)] + [silent] * 2)).integrated_lufs is None


def test_mono_counts_half_of_what_the_same_in_both_channels_does() -> None:
    mono, stereo = (loudness_of(tone(-23.0, 5, channels=channels)).integrated_lufs for channels in (1, 2))

    assert mono == pytest.approx(-26.0, abs=0.1)
    assert stereo == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_the_rate_changes_nothing(rate_hz: int) -> None:
    loudness = loudness_of(tone(-23.0, 4, rate_hz=rate_hz), rate_hz)

    assert loudness[:3] == pytest.approx((-23.0, -23.0, -23.0), abs=0.1)


def test_the_short_term_loudness_of_case_9_is_constant() -> None:
    """-20 dBFS for 1.34 s and -30 for 1.66 s, five times: any 3 s have the same power."""
    samples = parts([(-20.0, 1.34), (-30.0, 1.66)] * 5)

    power = power_of(samples)
    windows = [power[at : at + 3 * RATE_HZ] for at in range(RATE_HZ // 10, 12 * RATE_HZ, RATE_HZ // 10)]

    assert [meter_over(each).short_term_max_lufs for each in windows] == pytest.approx([-23.0] * 119, abs=0.1)
    assert loudness_of(samples).range_lu == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("number", range(20))
def test_the_highest_short_term_loudness_of_case_10_is_found_wherever_it_begins(number: int) -> None:
    """A tone of 3 s after `number` times 150 ms of silence, and a second of silence after it."""
    samples = parts([(-200.0, number * 0.15), (-23.0, 3), (-200.0, 1)])

    assert loudness_of(samples).short_term_max_lufs == pytest.approx(-23.0, abs=0.1)


def test_the_highest_short_term_loudness_of_case_11_rises_by_one_with_each_tone() -> None:
    """Tones of 3 s from -38 to -19 dBFS, with 150 ms more of silence before each: what a meter holds while it runs."""
    power = [power_of(parts([(-200.0, number * 0.15), (-38.0 + number, 3), (-200.0, 1)])) for number in range(20)]

    held = [meter_over(np.concatenate(power[: number + 1])).short_term_max_lufs for number in range(20)]

    assert held == pytest.approx([-38.0 + number for number in range(20)], abs=0.1)


def test_the_momentary_loudness_of_case_12_is_constant() -> None:
    """-20 dBFS for 0.18 s and -30 for 0.22 s, 25 times: any 0.4 s have the same power."""
    power = power_of(parts([(-20.0, 0.18), (-30.0, 0.22)] * 25))
    windows = [power[at : at + 2 * RATE_HZ // 5] for at in range(RATE_HZ // 10, 9 * RATE_HZ, RATE_HZ // 20)]

    assert [meter_over(each).momentary_max_lufs for each in windows] == pytest.approx([-23.0] * 178, abs=0.1)


@pytest.mark.parametrize("number", range(20))
def test_the_highest_momentary_loudness_of_case_13_is_found_wherever_it_begins(number: int) -> None:
    """A tone of 400 ms after `number` times 20 ms of silence, and a second of silence after it."""
    samples = parts([(-200.0, number * 0.02), (-23.0, 0.4), (-200.0, 1)])

    assert loudness_of(samples).momentary_max_lufs == pytest.approx(-23.0, abs=0.1)


def test_the_highest_momentary_loudness_of_case_14_rises_by_one_with_each_tone() -> None:
    """Tones of 400 ms from -38 to -19 dBFS, with 20 ms more of silence before each."""
    power = [power_of(parts([(-200.0, number * 0.02), (-38.0 + number, 0.4), (-200.0, 1)])) for number in range(20)]

    held = [meter_over(np.concatenate(power[: number + 1])).momentary_max_lufs for number in range(20)]

    assert held == pytest.approx([-38.0 + number for number in range(20)], abs=0.1)


def test_the_highest_momentary_loudness_is_found_between_steps_too() -> None:
    samples = parts([(-200.0, 0.2051), (-23.0, 0.4), (-200.0, 1)])

    assert loudness_of(samples).momentary_max_lufs == pytest.approx(-23.0, abs=0.1)


# EBU Tech 3342, table 1: parts of (dBFS, seconds) and the range they must have.
RANGES = {
    "1": ([(-20.0, 20), (-30.0, 20)], 10.0),
    "2": ([(-20.0, 20), (-15.0, 20)], 5.0),
    "3": ([(-40.0, 20), (-20.0, 20)], 20.0),
    "4": ([(-50.0, 20), (-35.0, 20), (-20.0, 20), (-35.0, 20), (-50.0, 20)], 15.0),
}


@pytest.mark.parametrize("case", RANGES)
def test_the_loudness_range_agrees_within_one(case: str) -> None:
    levels, expected = RANGES[case]

    assert loudness_of(parts(levels)).range_lu == pytest.approx(expected, abs=1.0)


def test_under_three_seconds_there_is_no_range() -> None:
    assert loudness_of(tone(-20.0, 2.99)).range_lu is None
    assert loudness_of(tone(-20.0, 3.0)).range_lu == pytest.approx(0.0, abs=0.01)


def test_a_sound_under_400_ms_has_as_much_momentary_loudness_as_fits_into_400_ms() -> None:
    whole = loudness_of(tone(-20.0, 0.4))
    half = loudness_of(tone(-20.0, 0.2))

    assert whole.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    assert half.integrated_lufs is None
    assert half.momentary_max_lufs == pytest.approx(-20.0 - 3.01, abs=0.1)
    assert half.short_term_max_lufs == pytest.approx(-20.0 - 11.76, abs=0.1)


def test_silence_has_no_level_and_what_is_faint_has_one_but_no_integrated_loudness() -> None:
    assert loudness_of(np.zeros((RATE_HZ, 2), np.float32)) == Loudness(None, None, None, None)
    faint = loudness_of(tone(-80.0, 4))
    assert (faint.integrated_lufs, faint.range_lu) == (None, None)
    assert faint.momentary_max_lufs == pytest.approx(-80.0, abs=0.1)


DICE = np.random.default_rng(5)
SWELL = (DICE.standard_normal((20_000, 2)) * np.sin(np.arange(20_000) * 0.001)[:, None] * 0.2).astype(np.float32)
AT_ONCE = loudness_of(SWELL, 5_000)


@given(st.integers(500, 8_000))
def test_the_length_of_the_blocks_changes_nothing(frames: int) -> None:
    assert loudness_of(SWELL, 5_000, frames) == pytest.approx(AT_ONCE, abs=1e-4)


def test_single_frames_make_the_same_steps_as_whole_blocks() -> None:
    power = np.abs(SWELL[:3_000, 0])
    one, other = LoudnessMeter(1_025), LoudnessMeter(1_025)  # steps of 10.25 frames

    one.add(power)
    for frame in power:
        other.add(np.array([frame]))

    assert one.finish() == pytest.approx(other.finish(), abs=1e-6)
