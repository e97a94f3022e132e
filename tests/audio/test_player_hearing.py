"""How a take is heard: one side of it, at another loudness, trimmed and faded, under a dragged playhead, metered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.fading import faded
from app.audio.mixing import mix
from app.audio.player import Failed, Levels, Monitor, PlayedShape, PlayerState, StateChanged
from app.audio.scrubbing import KeptSound
from app.domain.errors import StorageError
from app.domain.export_settings import FadeShape
from tests.audio.conftest import Deck, Floats, WriteWav, noise
from tests.audio.in_memory import Memory

RATE, FADE, LATENCY = 48_000, 240, 2_400
GRAIN = 3_360

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


# Trim and fades


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


# Scrubbing


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


# Underruns


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


def test_six_channels_can_be_heard_one_side_at_a_time(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(5_000, 6)
    deck.player.set_monitor(Monitor.LEFT)
    deck.start(write_wav(samples))

    got = deck.take(5_000)

    assert np.allclose(got, mix(samples, 2)[:, [0, 0]], atol=1e-6)
