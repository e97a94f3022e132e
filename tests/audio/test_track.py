"""Which frame of a file sounds when: exact at any rates, around any loop, and after hours."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.source import Source
from app.audio.track import Loop, Plan, reachable, run_up
from tests.audio.conftest import Floats, noise
from tests.audio.in_memory import Memory

RATES = st.sampled_from([8_000, 11_025, 22_050, 44_100, 47_999, 48_000, 88_200, 96_000, 192_000])


def all_of(source: Source, at_least: int) -> Floats:
    blocks: list[Floats] = []
    while sum(map(len, blocks)) < at_least and (block := source.read()) is not None:
        blocks.append(block)
    return np.concatenate(blocks)


def resampled(samples: Floats, rate_hz: int, out_rate_hz: int) -> Floats:
    """The whole of it, after a second of silence; otherwise the resampler makes up what was before."""
    silence = np.zeros((rate_hz, 2), np.float32)
    found: Floats = soxr.resample(np.concatenate([silence, samples]), rate_hz, out_rate_hz, quality="VHQ")
    return found[out_rate_hz:]


def played(samples: Floats, begin: Fraction, rate_hz: int, out_rate_hz: int, loop: Loop | None = None) -> Source:
    plan = Plan(begin, len(samples), loop, Fraction(rate_hz, out_rate_hz))
    return Source(Memory(samples), plan, rate_hz=rate_hz, out_rate_hz=out_rate_hz)


@given(begin=st.integers(0, 500), start=st.integers(0, 400), length=st.integers(1, 90), sent=st.integers(0, 5_000))
def test_a_loop_is_counted_as_somebody_walks_around_it(begin: int, start: int, length: int, sent: int) -> None:
    plan = Plan(Fraction(begin), 600, Loop(start, start + length), Fraction(1))

    frame = begin
    for _ in range(sent):
        frame = min(frame + 1, 600)
        if frame == start + length and begin < start + length:
            frame = start

    assert plan.frame_at(sent) == frame


@given(rate_hz=RATES, out_rate_hz=RATES, begin=st.integers(0, 10**6), hours=st.integers(0, 100))
def test_hours_later_it_is_in_step_to_the_frame(rate_hz: int, out_rate_hz: int, begin: int, hours: int) -> None:
    plan = Plan(Fraction(begin), 10**12, None, Fraction(rate_hz, out_rate_hz))

    assert plan.frame_at(hours * 3_600 * out_rate_hz) == begin + hours * 3_600 * rate_hz
    assert plan.place_at(1 + hours * 3_600 * out_rate_hz) == begin + hours * 3_600 * rate_hz + plan.ratio


@given(
    rate_hz=RATES, out_rate_hz=RATES, begin=st.integers(0, 10**6), sent=st.integers(0, 10**6), least=st.integers(0, 99)
)
def test_a_run_up_begins_on_a_whole_frame(rate_hz: int, out_rate_hz: int, begin: int, sent: int, least: int) -> None:
    ratio = Fraction(rate_hz, out_rate_hz)
    place = begin + sent * ratio

    back = run_up(place, ratio, least)

    assert reachable(place, ratio) == place
    assert back >= least
    assert (place - back * ratio).denominator == 1
    assert back < least + ratio.denominator


@given(rate_hz=RATES, out_rate_hz=RATES, numerator=st.integers(0, 10**6), other_hz=RATES)
def test_a_place_that_cannot_be_reached_becomes_the_next_frame(
    rate_hz: int, out_rate_hz: int, numerator: int, other_hz: int
) -> None:
    ratio = Fraction(rate_hz, out_rate_hz)
    place = Fraction(numerator, other_hz) * rate_hz

    found = reachable(place, ratio)

    assert abs(found - place) <= Fraction(1, 2)
    assert (found * ratio.denominator).denominator == 1


@given(
    rates=st.sampled_from([(44_100, 48_000), (48_000, 44_100), (8_000, 48_000), (192_000, 48_000), (22_050, 96_000)]),
    sent=st.integers(0, 30_000),
)
@settings(max_examples=30)
def test_wherever_it_begins_it_is_the_whole_file_resampled(rates: tuple[int, int], sent: int) -> None:
    rate_hz, out_rate_hz = rates
    samples = noise(rate_hz, seed=4)
    whole = resampled(samples, rate_hz, out_rate_hz)

    got = all_of(played(samples, sent * Fraction(rate_hz, out_rate_hz), rate_hz, out_rate_hz), 10**9)

    assert np.allclose(got, whole[sent:], rtol=0, atol=1e-6)


@pytest.mark.parametrize("rates", [(44_100, 48_000), (48_000, 44_100), (192_000, 48_000)])
@pytest.mark.parametrize("loop", [Loop(0, 37), Loop(1_001, 1_002), Loop(4_000, 6_401), Loop(3, 19_999)])
def test_a_resampled_loop_is_the_endless_sound_resampled(rates: tuple[int, int], loop: Loop) -> None:
    """Over the seam the resampler goes on as if the file had been written out again and again."""
    rate_hz, out_rate_hz = rates
    samples = noise(20_000, seed=6)
    turns = -(-60_000 // (loop.end - loop.start))
    endless = np.concatenate([samples[: loop.end], *([samples[loop.start : loop.end]] * turns)])[:60_000]
    wanted = resampled(endless, rate_hz, out_rate_hz)
    sure = len(wanted) - 1_000  # what comes after 60,000 frames is heard a little before

    got = all_of(played(samples, Fraction(0), rate_hz, out_rate_hz, loop), sure)

    assert np.allclose(got[:sure], wanted[:sure], rtol=0, atol=1e-6)


def test_before_its_beginning_a_file_is_silent() -> None:
    samples = noise(1_000)

    got = all_of(played(samples, Fraction(-300), 48_000, 48_000), 10**9)

    assert not got[:300].any()
    assert np.array_equal(got[300:], samples)
