"""The sound card's callback allocates no array, whatever it is told to do: a wait for memory would be heard."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction

import numpy as np
import pytest

from app.audio.grains import Grain
from app.audio.mixer import Mixer, Order
from app.audio.player_events import Monitor
from app.audio.track import Plan, Track
from tests.audio.conftest import Floats, noise

RATE, FRAMES = 48_000, 4_096
SOUND = noise(RATE)
SMALLEST_ARRAY = FRAMES * 4  # bytes of one channel: whoever writes `out * gain` makes a larger one
FEW_BYTES = 3_000  # views, tuples and numbers, gone when the call is over
WARM_UP, CALLS = 1_050, 200  # longer than what is remembered of what was sent
FADE_S = 0.1  # longer than a call, so that what happens in fades alone happens to whole arrays

Prepare = Callable[[Mixer, int], None]


def endless() -> Track:
    """A track that always has more."""
    track = Track(Plan(Fraction(0), 10**12, None, Fraction(1)), object(), RATE, RATE)
    track.write(SOUND)
    return track


def nothing(mixer: Mixer, turn: int) -> None:
    pass


def volume(mixer: Mixer, turn: int) -> None:
    mixer.gain = (0.5, 1.0, 0.0)[turn % 3]


def monitor(mixer: Mixer, turn: int) -> None:
    mixer.monitor = list(Monitor)[turn % 4]


def one_side(mixer: Mixer, turn: int) -> None:
    mixer.gain, mixer.monitor = 0.25, Monitor.MONO


def take_gain(mixer: Mixer, turn: int) -> None:
    for track in mixer.tracks:
        track.gain = (0.5, 1.0)[turn % 2]


def pause(mixer: Mixer, turn: int) -> None:
    [track] = mixer.tracks
    mixer.follow(Order(track, is_playing=turn % 2 == 0))


TAKES = [endless() for _ in range(3)]


def switch(mixer: Mixer, turn: int) -> None:
    mixer.follow(Order(TAKES[turn % 3], is_playing=True))


GRAINS = [Grain(SOUND[:3_360]) for _ in range(4)]


def scrub(mixer: Mixer, turn: int) -> None:
    mixer.follow(Order(None, is_playing=False))
    mixer.grains.offered = GRAINS[turn % 4]


def run_dry(mixer: Mixer, turn: int) -> None:
    for track in mixer.tracks:
        track.written = track.read + (turn % 2) * 100


@contextmanager
def traced() -> Iterator[None]:
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
        gc.enable()


WISHES = (nothing, volume, monitor, one_side, take_gain, pause, switch, scrub, run_dry)


@pytest.mark.parametrize(("prepare", "channels"), [*((each, 2) for each in WISHES), (nothing, 1), (one_side, 1)])
def test_thousands_of_calls_allocate_no_array_and_keep_nothing(prepare: Prepare, channels: int) -> None:
    mixer = Mixer(rate_hz=RATE, channels=channels, gain=1.0, fade_s=FADE_S, clock=lambda: 0.0)
    mixer.follow(Order(endless(), is_playing=True))
    most = [0]

    def call(turn: int, out: Floats) -> None:
        for track in mixer.tracks:
            track.written = track.read + RATE // 2
        prepare(mixer, turn)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        mixer.fill(out, 0.0, turn % 5 == 0)
        most[0] = max(most[0], tracemalloc.get_traced_memory()[1] - before)

    short, whole = np.zeros((300, channels), np.float32), np.zeros((FRAMES, channels), np.float32)
    with traced():
        for turn in range(WARM_UP):
            call(turn, short)
        for turn in range(20):
            call(turn, whole)
        most[0], kept = 0, tracemalloc.get_traced_memory()[0]
        for turn in range(CALLS):
            call(turn, whole)
        kept = tracemalloc.get_traced_memory()[0] - kept

    assert most[0] < FEW_BYTES < SMALLEST_ARRAY
    assert kept < CALLS * 4  # not even one more place in a list with each call
