"""Sound that was interrupted is counted; silence that is meant isn't."""

from __future__ import annotations

import numpy as np

from app.audio.player import PlayerState
from tests.audio.conftest import Deck, Floats, WriteWav, noise

RATE, LATENCY = 48_000, 2_400


def test_a_dry_spell_counts_once_however_often_the_card_asks_in_it(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(480_000)
    deck.start(write_wav(samples))
    ready = deck.card.take(12_000)

    dry = deck.card.take(100_000)  # the player can't keep up: nothing is decoded while a test holds its hands
    deck.settle()
    sounding = deck.take(10_000)

    assert np.array_equal(ready, samples[:12_000])
    assert deck.player.underruns in (0, 1)
    heard = np.concatenate([dry, sounding])
    assert np.array_equal(heard[heard.any(axis=1)], samples[12_000:][: int(heard.any(axis=1).sum())])


def test_underruns_of_mixer_and_card_count_each_spell() -> None:
    from fractions import Fraction

    from app.audio.mixer import Mixer, Order
    from app.audio.track import Plan, Track

    samples = noise(10_000)
    mixer = Mixer(rate_hz=RATE, channels=2, gain=1.0, fade_s=0.005, clock=lambda: 0.0)
    track = Track(Plan(Fraction(0), 10_000, None, Fraction(1)), object(), RATE, 20_000)
    track.write(samples[:1_000])
    mixer.follow(Order(track, is_playing=True, is_abrupt=True))

    def take(frames: int, *, has_underflowed: bool = False) -> Floats:
        out = np.full((frames, 2), np.nan, np.float32)
        mixer.fill(out, 0.0, has_underflowed)
        return out

    heard = [take(480) for _ in range(5)]
    counts = [mixer.underruns]
    track.write(samples[1_000:2_000])
    heard += [take(480), take(480), take(480)]
    counts.append(mixer.underruns)
    track.write(samples[2_000:])
    heard += [take(480, has_underflowed=True), take(480, has_underflowed=True), take(480)]
    counts.append(mixer.underruns)
    heard.append(take(480, has_underflowed=True))
    counts.append(mixer.underruns)

    sound = np.concatenate(heard)
    assert counts == [1, 2, 3, 4]
    assert np.array_equal(sound[sound.any(axis=1)], samples[: int(sound.any(axis=1).sum())])
    assert track.plan.frame_at(track.read) == int(sound.any(axis=1).sum())


def test_the_position_is_right_after_an_underrun(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(480_000)
    deck.start(write_wav(samples))
    deck.card.take(100_000, block=100_000)  # in one go: far more than is decoded ahead

    got = deck.take(12_000)
    position = deck.player.position_frames

    after = int(np.flatnonzero((samples == got[-1]).all(axis=1))[0]) + 1
    assert deck.player.underruns == 1
    assert position == after - LATENCY


def test_silence_at_the_end_and_in_a_pause_is_no_underrun(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(noise(10_000)))
    deck.take(3_000)
    deck.player.pause()
    deck.take(5_000)
    deck.player.play()
    deck.take(20_000)

    assert deck.player.state is PlayerState.ENDED
    assert deck.player.underruns == 0
