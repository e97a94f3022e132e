"""How a take is heard: one side of it, at another loudness, metered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.mixing import mix
from app.audio.player import Levels, Monitor
from tests.audio.conftest import Deck, WriteWav, noise

RATE, FADE = 48_000, 240

# Monitor


@pytest.mark.parametrize(
    ("monitor", "wanted"),
    [
        (Monitor.STEREO, lambda both: both),
        (Monitor.LEFT, lambda both: both[:, [0, 0]]),
        (Monitor.RIGHT, lambda both: both[:, [1, 1]]),
        (Monitor.MONO, lambda both: np.repeat(both.mean(axis=1, keepdims=True), 2, axis=1)),
    ],
    ids=[each.value for each in Monitor],
)
def test_one_side_or_the_mean_goes_to_both(deck: Deck, write_wav: WriteWav, monitor: Monitor, wanted: object) -> None:
    samples = noise(20_000)
    deck.start(write_wav(samples))

    deck.player.set_monitor(monitor)
    got = deck.take(10_000)

    assert callable(wanted)
    assert np.array_equal(got[FADE:], wanted(samples[FADE:10_000]))


def test_back_to_stereo_samples_are_untouched(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(40_000)
    deck.start(write_wav(samples))

    for monitor in (Monitor.MONO, Monitor.LEFT, Monitor.STEREO):
        deck.player.set_monitor(monitor)
        deck.settle()
        deck.card.take(100)
    deck.take(3 * FADE)
    got = deck.take(5_000)

    assert np.array_equal(got, samples[300 + 3 * FADE :][:5_000])


def test_the_monitor_changes_without_a_click(deck: Deck, write_wav: WriteWav) -> None:
    opposed = np.tile(np.float32([[0.8, -0.8]]), (40_000, 1))
    deck.start(write_wav(opposed, subtype="FLOAT"))
    deck.take(1_000)

    heard = []
    for monitor in (Monitor.LEFT, Monitor.RIGHT, Monitor.MONO, Monitor.STEREO):
        deck.player.set_monitor(monitor)
        deck.settle()
        heard.append(deck.card.take(1_000, block=97))

    steps = np.abs(np.diff(np.concatenate(heard), axis=0))
    assert steps.max() < 1.61 / FADE


def test_the_monitor_stays_when_the_device_is_opened_anew(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(5_000)
    deck.player.set_monitor(Monitor.RIGHT)
    deck.start(write_wav(samples, rate_hz=22_050))

    got = deck.take(5_000)

    assert np.array_equal(got, samples[:, [1, 1]])


# Loudness of one take


def test_each_take_has_a_gain_of_its_own_and_keeps_it_while_it_leaves(deck: Deck, write_wav: WriteWav) -> None:
    first, second = (np.full((40_000, 2), level, np.float32) for level in (0.25, 0.5))
    paths = write_wav(first, subtype="FLOAT"), write_wav(second, subtype="FLOAT", name="b.wav")
    deck.player.load(paths[0], gain_db=-6.0)
    deck.player.play()
    deck.settle()
    before = deck.take(1_000)

    deck.player.switch(paths[1], gain_db=-20.0)
    got = deck.take(1_000)

    quieter = 0.25 * 10 ** (-6 / 20)
    rising = np.arange(1, FADE + 1)[:, None] / FADE
    assert np.allclose(before, quieter, rtol=1e-6)
    assert np.allclose(got[:FADE], quieter * (1 - rising) + 0.05 * rising, atol=1e-6)
    assert np.allclose(got[FADE:], 0.05, rtol=1e-6)


def test_the_gain_of_a_take_glides_and_at_0_db_it_is_bit_exact(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(40_000)
    deck.start(write_wav(samples))
    deck.take(1_000)
    deck.player.set_take_gain(-12.0)
    quieter = deck.take(1_000)

    deck.player.set_take_gain(0.0)
    got = deck.take(5_000)

    assert np.allclose(quieter[FADE:], samples[1_000 + FADE : 2_000] * 10 ** (-12 / 20), rtol=1e-5)
    assert np.abs(quieter[0]).max() > 0.9 * np.abs(samples[1_000]).max()
    assert np.array_equal(got[FADE:], samples[2_000 + FADE : 7_000])


def test_a_new_take_has_no_gain_of_the_one_before(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(5_000)
    deck.player.load(write_wav(noise(5_000, seed=8)), gain_db=-20.0)

    deck.start(write_wav(samples, name="b.wav"))

    assert np.array_equal(deck.take(5_000), samples)


# Levels


def test_levels_are_the_peak_and_the_rms_since_last_asked(deck: Deck, write_wav: WriteWav) -> None:
    at = np.arange(96_000) / RATE
    both = np.stack([0.5 * np.sin(2 * np.pi * 1_000 * at), 2.0 * np.sin(2 * np.pi * 500 * at)], axis=1)
    deck.start(write_wav(both.astype(np.float32), subtype="FLOAT"))
    deck.take(48_000)

    levels = deck.player.levels()

    assert levels.peak == pytest.approx((0.5, 2.0), rel=1e-4)  # above full scale it tells what it is
    assert levels.rms == pytest.approx((0.5 / np.sqrt(2), 2 / np.sqrt(2)), rel=1e-4)
    silence = Levels((0.0, 0.0), (0.0, 0.0))
    assert [deck.player.levels(), deck.player.levels()] == [silence, silence]


@given(blocks=st.lists(st.integers(1, 9_000), min_size=1, max_size=6))
@settings(max_examples=20)
def test_levels_do_not_depend_on_how_the_card_asks(blocks: Sequence[int]) -> None:
    from app.audio.meter import Meter

    samples = noise(sum(blocks), level=0.9)
    meter, at = Meter(4_096), 0
    for count in blocks:
        for start in range(at, at + count, 4_096):
            meter.note(samples[start : min(start + 4_096, at + count)])
        at += count

    levels = meter.take()

    assert levels.peak == tuple(np.abs(samples).max(axis=0))
    assert levels.rms == pytest.approx(tuple(np.sqrt((samples.astype(np.float64) ** 2).mean(axis=0))), rel=1e-4)


def test_six_channels_can_be_heard_one_side_at_a_time(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(5_000, 6)
    deck.player.set_monitor(Monitor.LEFT)
    deck.start(write_wav(samples))

    got = deck.take(5_000)

    assert np.allclose(got, mix(samples, 2)[:, [0, 0]], atol=1e-6)
