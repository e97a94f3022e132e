"""A take is heard with its trim and fades, as it will be handed over."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.fading import faded
from app.audio.player import PlayedShape, PlayerState
from app.domain.export_settings import FadeShape
from tests.audio.conftest import Deck, Floats, WriteWav, noise

RATE, FADE, LATENCY = 48_000, 240, 2_400


SHAPE = PlayedShape(5_000, 25_000, 1_000, 3_000, FadeShape.S_CURVE)


def handed_over(samples: Floats, shape: PlayedShape) -> Floats:
    """The clip as an export writes it."""
    part = samples[shape.start : shape.end]
    [whole] = faded([part], len(part), fade_in=shape.fade_in, fade_out=shape.fade_out, shape=shape.shape)
    return whole


@given(
    start=st.integers(0, 9_999),
    length=st.integers(1, 10_000),
    fades=st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)),
    curve=st.sampled_from(FadeShape),
)
@settings(max_examples=25)
def test_a_shape_is_heard_sample_by_sample_as_it_is_handed_over(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, fades: tuple[int, int], curve: FadeShape
) -> None:
    samples = noise(20_000)
    path = tmp_path_factory.mktemp("shape") / "a.wav"
    soundfile.write(path, samples, RATE)
    fade_in = min(fades[0], length)
    shape = PlayedShape(start, start + length, fade_in, min(fades[1], length - fade_in), curve)
    deck = Deck()
    try:
        deck.player.load(path)
        deck.player.set_shape(shape)
        deck.player.play()
        got = deck.take(length + 500)
    finally:
        deck.player.close()

    assert np.array_equal(got[:length], handed_over(samples, shape))
    assert not got[length:].any()


def test_a_resampled_shape_is_the_clip_resampled(deck: Deck, write_wav: WriteWav) -> None:
    import soxr

    deck.card.rates = {48_000}
    samples, shape = noise(44_100), SHAPE._replace(fade_in=0)
    deck.player.load(write_wav(samples, rate_hz=44_100), shape=shape)
    deck.player.play()
    got = deck.take(20_000)

    silence = np.zeros((44_100, 2), np.float32)
    clip = np.concatenate([silence, handed_over(samples, shape)])
    assert np.allclose(got, soxr.resample(clip, 44_100, 48_000, quality="VHQ")[48_000:68_000], atol=1e-6)


def test_positions_stay_frames_of_the_file_and_the_end_is_that_of_the_clip(deck: Deck, write_wav: WriteWav) -> None:
    deck.player.load(write_wav(noise(60_000)))
    deck.player.set_shape(SHAPE)
    deck.settle()
    begin = deck.player.position_frames
    deck.player.play()
    deck.take(10_000)
    middle = deck.player.position_frames
    deck.take(20_000)

    assert (begin, middle) == (5_000, 15_000 - LATENCY)
    assert deck.player.state is PlayerState.ENDED
    assert deck.player.position_frames == 25_000
    assert deck.player.duration_frames == 60_000


@pytest.mark.parametrize(("asked", "found"), [(0, 5_000), (12_345, 12_345), (50_000, 25_000)])
def test_a_seek_outside_of_the_trim_is_brought_inside(deck: Deck, write_wav: WriteWav, asked: int, found: int) -> None:
    deck.player.load(write_wav(noise(60_000)))
    deck.player.set_shape(SHAPE)

    deck.player.seek(asked)
    deck.settle()

    assert deck.player.position_frames == found


def test_a_loop_runs_inside_the_trim(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    deck.player.load(write_wav(samples))
    deck.player.set_loop(0, None)
    deck.player.set_shape(SHAPE)
    deck.player.play()

    got = deck.take(50_000)

    assert np.array_equal(got, np.tile(handed_over(samples, SHAPE), (3, 1))[:50_000])


def test_a_shape_that_changes_while_it_plays_goes_on_in_step(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    deck.start(write_wav(samples))
    deck.take(10_000)

    deck.player.set_shape(SHAPE)
    inside = deck.take(2_000)
    deck.player.set_shape(None)
    whole = deck.take(2_000)
    deck.player.set_shape(PlayedShape(20_000, 30_000, 0, 0, FadeShape.LINEAR))
    moved = deck.take(2_000)

    assert np.array_equal(inside[FADE:], samples[10_000 + FADE : 12_000])
    assert np.array_equal(whole[FADE:], samples[12_000 + FADE : 14_000])
    assert np.array_equal(moved[FADE:], samples[20_000 + FADE : 22_000])


def test_another_take_comes_with_its_own_shape(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    deck.player.load(write_wav(noise(60_000, seed=5)), shape=SHAPE)
    deck.player.play()
    deck.take(5_000)

    deck.player.switch(write_wav(samples, name="b.wav"), shape=PlayedShape(9_000, 11_500, 0, 0, FadeShape.LINEAR))
    got = deck.take(3_000)

    assert np.array_equal(got[FADE:1_500], samples[10_000 + FADE : 11_500])
    assert not got[1_500:].any()


@pytest.mark.parametrize("shape", [(-5, 10**9, 10**9, 10**9), (700, 600, 5, 5), (10**6, 10**6, 0, 0)])
def test_a_shape_beyond_the_file_does_no_harm(
    deck: Deck, write_wav: WriteWav, shape: tuple[int, int, int, int]
) -> None:
    deck.player.load(write_wav(noise(5_000)), shape=PlayedShape(*shape, FadeShape.LINEAR))
    deck.player.play()

    got = deck.take(10_000)

    assert np.isfinite(got).all()
    assert deck.player.state is PlayerState.ENDED
