from __future__ import annotations

import errno
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.decoding import Sound
from app.audio.player import Failed, Loaded, Monitor, PlayedShape, PlayerState, StateChanged
from app.audio.sound_card import OutputDevice
from app.domain.errors import BrokenAudio, PlaybackError, StorageError
from app.domain.export_settings import FadeShape
from tests.audio.conftest import Deck, Floats, WriteWav, noise
from tests.fakes.sound_card import SPEAKERS

RATE = 48_000
FADE = 240  # frames of 5 ms
LATENCY = 2_400  # frames of the silent card's 50 ms


def test_nothing_happens_without_a_file(deck: Deck) -> None:
    deck.player.play()
    deck.player.seek(100)
    deck.player.set_loop(0, 10)
    deck.player.stop()
    deck.settle()

    assert deck.player.state is PlayerState.EMPTY
    assert deck.events.empty()
    assert deck.card.opened == []


def test_loading_tells_what_the_file_is_and_opens_no_device(deck: Deck, write_wav: WriteWav) -> None:
    path = write_wav(noise(1_000, 1))

    deck.player.load(path)
    deck.settle()

    loaded = deck.event()
    assert isinstance(loaded, Loaded)
    assert (loaded.path, loaded.info.frames, loaded.info.channels) == (path, 1_000, 1)
    assert deck.event() == StateChanged(PlayerState.STOPPED)
    assert deck.player.duration_frames == 1_000
    assert deck.card.opened == []


@pytest.mark.parametrize(("subtype", "bits"), [("PCM_16", 16), ("PCM_24", 24), ("FLOAT", 24)])
def test_the_card_gets_the_file_bit_for_bit(deck: Deck, write_wav: WriteWav, subtype: str, bits: int) -> None:
    samples = noise(60_000, bits=bits)

    deck.start(write_wav(samples, subtype=subtype))
    got = deck.take(70_000)

    assert np.array_equal(got[:60_000], samples)
    assert not got[60_000:].any()
    assert deck.player.underruns == 0


def test_the_device_may_fill_its_whole_buffer_at_once_with_the_beginning(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    deck.card.gulp_frames = 12_000  # a quarter of a second, though a tenth was asked for

    deck.start(write_wav(samples))
    got = deck.take(5_000)

    assert np.array_equal(deck.card.gulped, samples[:12_000])
    assert np.array_equal(got, samples[12_000:17_000])
    assert deck.player.underruns == 0


def test_what_is_loaded_is_open_and_decoded_before_anybody_clicks(deck: Deck, write_wav: WriteWav) -> None:
    """Play only has to start the device. That the file is open is told by playing it without its name."""
    samples = noise(60_000)
    path = write_wav(samples)
    deck.player.load(path)
    deck.player.seek(20_000)
    deck.make_ready()
    path.unlink()

    deck.player.play()
    got = deck.take(30_000)

    assert np.array_equal(got[FADE:], samples[20_000 + FADE : 50_000])


def test_what_cannot_be_made_ready_is_told_when_somebody_plays_it(deck: Deck, write_wav: WriteWav) -> None:
    path = write_wav(noise(60_000))
    deck.player.load(path)
    deck.settle()
    path.unlink()
    deck.player.seek(5)
    deck.make_ready()
    told = list(deck.events.queue)

    deck.player.play()

    assert not any(isinstance(event, Failed) for event in told)
    assert isinstance(deck.failure().error, StorageError)


def test_mono_goes_to_both_channels_unchanged(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(5_000, 1)

    deck.start(write_wav(samples))
    got = deck.take(5_000)

    assert np.array_equal(got, np.repeat(samples, 2, axis=1))


def test_six_channels_are_folded_down_without_clipping(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(np.full((5_000, 6), 0.999, np.float32)))

    got = deck.take(5_000)

    assert got.shape == (5_000, 2)
    assert 0.99 < np.abs(got).max() <= 1.0


def test_a_card_with_one_channel_gets_the_mean(deck: Deck, write_wav: WriteWav) -> None:
    deck.card.most_channels = 1
    samples = noise(5_000)

    deck.start(write_wav(samples))
    got = deck.take(5_000)

    assert np.allclose(got[:, 0], samples.mean(axis=1), atol=1e-7)


def test_the_position_is_what_is_heard_not_what_was_sent(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(noise(60_000)))

    positions = []
    for _ in range(10):
        deck.take(4_800)
        positions.append(deck.player.position_frames)

    assert positions == [4_800 * (turn + 1) - LATENCY for turn in range(10)]


def test_the_last_sample_is_heard_before_it_is_over(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(noise(10_000)))

    deck.take(10_000 + LATENCY - 480)
    before = deck.player.state
    deck.take(960)

    assert before is PlayerState.PLAYING
    assert deck.player.state is PlayerState.ENDED
    assert deck.player.position_frames == 10_000


def test_after_the_end_play_begins_anew_bit_for_bit(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(10_000)
    deck.start(write_wav(samples))
    deck.take(20_000)
    assert deck.player.state is PlayerState.ENDED

    deck.player.play()
    got = deck.take(10_000)

    assert np.array_equal(got, samples)
    assert len(deck.card.opened) == 1


def test_pause_fades_out_and_play_goes_on_without_losing_a_frame(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    deck.start(write_wav(samples))
    deck.take(10_000)

    deck.player.pause()
    paused = deck.take(10_000)
    resting = deck.player.position_frames
    deck.player.play()
    resumed = deck.take(10_000)

    assert deck.player.state is PlayerState.PLAYING
    assert not paused[FADE:].any()
    assert resting == 10_000 + FADE
    assert np.array_equal(resumed[FADE:], samples[resting + FADE : resting + 10_000])
    assert np.abs(resumed[:10]).max() < 10 / FADE


def test_stop_goes_to_the_start(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    deck.start(write_wav(samples))
    deck.take(10_000)

    deck.player.stop()
    silence = deck.take(5_000)
    deck.player.play()
    got = deck.take(5_000)

    assert not silence[FADE:].any()
    assert np.array_equal(got, samples[:5_000])


def test_a_seek_while_playing_crosses_over_and_lands_on_the_very_frame(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(200_000)
    deck.start(write_wav(samples))
    deck.take(10_000)

    deck.player.seek(150_000)
    got = deck.take(10_000)

    assert np.array_equal(got[FADE:], samples[150_000 + FADE : 160_000])
    assert deck.player.position_frames == 160_000 - LATENCY


def test_a_seek_never_clicks(deck: Deck, write_wav: WriteWav) -> None:
    """From the top of a wave to its bottom: no step is larger than the fade makes it."""
    square = np.repeat(np.float32([[0.9], [-0.9]]), 50_000, axis=0)
    deck.start(write_wav(square, subtype="FLOAT"))
    deck.take(10_000)

    deck.player.seek(70_000)
    got = deck.take(2_000)

    assert got[0, 0] > 0.85
    assert got[-1, 0] == np.float32(-0.9)
    assert np.abs(np.diff(got[:, 0])).max() < 2.1 * 0.9 / FADE


def test_of_many_seeks_the_last_one_counts(deck: Deck, write_wav: WriteWav) -> None:
    deck.player.load(write_wav(noise(60_000)))

    for frame in range(0, 50_000, 100):
        deck.player.seek(frame)
    deck.settle()

    assert deck.player.position_frames == 49_900


@pytest.mark.parametrize(
    ("start", "end"),
    [(1_000, 1_010), (0, 4_001), (20_000, 47_777), (5_000, 5_001), (30_000, 330_000)],
)
def test_a_loop_has_no_gap_and_no_frame_too_many(deck: Deck, write_wav: WriteWav, start: int, end: int) -> None:
    samples = noise(340_000)
    deck.player.load(write_wav(samples))
    deck.player.set_loop(start, end)
    deck.player.play()
    deck.settle()

    length = max(3 * (end - start), 30_000)
    got = deck.take(length)

    wanted = samples[start + np.arange(length) % (end - start)]
    fade = FADE if start else 0
    assert np.array_equal(got[fade:], wanted[fade:])
    assert deck.player.underruns == 0


def test_the_position_stays_inside_the_loop(deck: Deck, write_wav: WriteWav) -> None:
    deck.player.load(write_wav(noise(60_000)))
    deck.player.set_loop(10_000, 12_345)
    deck.player.play()
    deck.settle()

    for turn in range(1, 20):
        deck.take(4_800)
        heard = turn * 4_800 - LATENCY
        assert deck.player.position_frames == 10_000 + heard % 2_345


def test_ending_the_loop_plays_on_without_a_gap(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    deck.player.load(write_wav(samples))
    deck.player.set_loop(0, 10_000)
    deck.player.play()
    deck.take(14_000)

    deck.player.set_loop(None)
    got = deck.take(10_000)

    assert np.allclose(got, samples[4_000:14_000], atol=1e-6)


def test_a_loop_set_elsewhere_takes_the_playhead_along(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    deck.start(write_wav(samples))
    deck.take(5_000)

    deck.player.set_loop(30_000, None)
    got = deck.take(5_000)

    assert np.array_equal(got[FADE:], samples[30_000 + FADE : 35_000])


def test_switching_takes_is_in_step_and_without_a_gap(deck: Deck, write_wav: WriteWav) -> None:
    first, second = noise(60_000), noise(60_000, seed=7)
    deck.start(write_wav(first))
    deck.take(10_000)

    deck.player.switch(write_wav(second, name="b.wav"))
    got = deck.take(10_000)

    fade = (np.arange(1, FADE + 1, dtype=np.float32) / FADE)[:, None]
    crossing = first[10_000 : 10_000 + FADE] * (1 - fade) + second[10_000 : 10_000 + FADE] * fade
    assert np.allclose(got[:FADE], crossing, atol=1e-6)
    assert np.array_equal(got[FADE:], second[10_000 + FADE : 20_000])
    assert deck.player.position_frames == 20_000 - LATENCY
    assert deck.player.path is not None
    assert deck.player.path.name == "b.wav"


def test_switching_while_the_card_goes_on_stays_in_step(deck: Deck, write_wav: WriteWav) -> None:
    """The card takes samples while the new file is being opened: the new one catches up."""
    samples = noise(60_000)
    deck.start(write_wav(samples))
    other = write_wav(samples, name="b.wav")
    deck.take(4_800)

    deck.player.switch(other)
    got = [deck.card.take(480) for _ in range(20)]
    deck.settle()

    assert np.allclose(np.concatenate(got), samples[4_800 : 4_800 + 9_600], atol=1e-6)


def test_switching_to_a_file_of_another_rate_keeps_the_time(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(noise(96_000)))
    deck.take(48_000)

    deck.player.switch(write_wav(noise(88_200), rate_hz=44_100, name="b.wav"))
    deck.take(9_600)

    heard_s = 1.2 - 0.05
    assert abs(deck.player.position_frames - heard_s * 44_100) <= 2
    assert len(deck.card.opened) == 1


def test_switching_to_a_shorter_take_begins_it_anew(deck: Deck, write_wav: WriteWav) -> None:
    short = noise(5_000, seed=3)
    deck.start(write_wav(noise(60_000)))
    deck.take(10_000)

    deck.player.switch(write_wav(short, name="b.wav"))
    got = deck.take(5_000)

    assert np.array_equal(got[FADE:], short[FADE:])


def test_switching_while_paused_keeps_the_place(deck: Deck, write_wav: WriteWav) -> None:
    deck.player.load(write_wav(noise(60_000)))
    deck.player.seek(12_345)

    deck.player.switch(write_wav(noise(60_000), name="b.wav"))
    deck.settle()

    assert deck.player.position_frames == 12_345
    assert deck.player.state is PlayerState.PAUSED


def test_a_rate_that_the_card_refuses_is_resampled(deck: Deck, write_wav: WriteWav) -> None:
    deck.card.rates = {48_000}
    seconds = np.arange(44_100, dtype=np.float64) / 44_100
    tone = (0.5 * np.sin(2 * np.pi * 1_000 * seconds)).astype(np.float32)[:, None]

    deck.start(write_wav(tone, rate_hz=44_100, subtype="FLOAT"))
    got = deck.take(48_000)

    wanted = 0.5 * np.sin(2 * np.pi * 1_000 * np.arange(48_000) / 48_000)
    middle = slice(4_800, 43_200)
    assert np.abs(got[middle, 0] - wanted[middle]).max() < 1e-4
    assert abs(deck.player.position_frames - (1.0 - 0.05) * 44_100) <= 2


def test_each_file_is_played_at_its_own_rate(deck: Deck, write_wav: WriteWav) -> None:
    low = noise(5_000)
    deck.start(write_wav(noise(5_000)))
    deck.take(1_000)

    deck.start(write_wav(low, rate_hz=22_050, name="b.wav"))
    got = deck.take(5_000)

    assert deck.card.stream is not None
    assert deck.card.stream.sample_rate_hz == 22_050
    assert np.array_equal(got, low)


def test_without_a_device_play_says_so_and_everything_else_goes_on(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(5_000)
    plugged_in = deck.card.devices
    deck.card.devices = []

    deck.start(write_wav(samples))
    failure = deck.failure()
    deck.card.devices = plugged_in
    deck.player.play()
    got = deck.take(5_000)

    assert isinstance(failure.error, PlaybackError)
    assert np.array_equal(got, samples)


def test_a_vanished_device_pauses_where_it_was_heard(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    plugged_in = deck.card.devices
    deck.start(write_wav(samples))
    deck.take(10_000)

    deck.card.unplug()
    failure = deck.failure()
    state, position = deck.player.state, deck.player.position_frames
    deck.card.devices = plugged_in
    deck.player.play()
    got = deck.take(5_000)

    assert isinstance(failure.error, PlaybackError)
    assert (state, position) == (PlayerState.PAUSED, 10_000 - LATENCY)
    assert np.array_equal(got[FADE:], samples[position + FADE : position + 5_000])


def test_a_device_that_asks_for_nothing_any_more_has_vanished(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(noise(60_000)))
    deck.take(10_000)

    deck.clock.advance(3.1)

    assert isinstance(deck.failure().error, PlaybackError)


def test_a_device_that_vanishes_in_silence_is_no_news(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(60_000)
    deck.start(write_wav(samples))
    deck.take(10_000)
    deck.player.pause()
    deck.take(5_000)
    while not deck.events.empty():
        deck.events.get()

    assert deck.card.stream is not None
    deck.card.stream.is_active = False
    deck.player.play()
    got = deck.take(1_000)

    assert deck.event() == StateChanged(PlayerState.PLAYING)
    assert np.array_equal(got[FADE:], samples[10_000 + 2 * FADE : 11_000 + FADE])


def test_another_device_goes_on_where_it_was_heard(deck: Deck, write_wav: WriteWav) -> None:
    headphones = OutputDevice("Headphones", "Silent", 2, 48_000, is_default=False)
    deck.card.devices.append(headphones)
    samples = noise(60_000)
    deck.start(write_wav(samples))
    deck.take(10_000)

    deck.player.set_device(headphones)
    got = deck.take(5_000)

    assert deck.card.opened == [None, headphones]
    heard = 10_000 - LATENCY
    assert np.array_equal(got[FADE:], samples[heard + FADE : heard + 5_000])


def test_the_device_is_let_go_half_a_minute_after_the_last_sound(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(noise(60_000)))
    deck.take(10_000)
    deck.player.pause()
    deck.take(5_000)
    stream = deck.card.stream
    assert stream is not None

    for _ in range(10):
        deck.card.take(48_000 * 2, block=4_800)
    deck.settle()
    was_open = not stream.is_closed
    for _ in range(6):
        deck.card.take(48_000 * 2, block=4_800) if stream.is_active else None
    deck.settle()

    assert was_open
    assert stream.is_closed
    assert deck.player.position_frames == 10_000 + FADE


def test_the_volume_scales_and_the_meter_shows_it(deck: Deck, write_wav: WriteWav) -> None:
    samples = np.tile(np.float32([[0.5, -0.25]]), (60_000, 1))
    deck.player.set_gain(-20.0)
    deck.start(write_wav(samples, subtype="FLOAT"))

    got = deck.take(4_800)
    level = deck.player.levels().peak
    deck.player.set_gain(0.0)
    deck.take(FADE)
    exact = deck.take(4_800)

    assert np.allclose(got, samples[:4_800] * 0.1, rtol=1e-5)
    assert level == pytest.approx((0.05, 0.025), rel=1e-5)
    assert np.array_equal(exact, samples[:4_800])
    assert deck.player.levels().peak[0] == 0.5
    assert deck.player.levels() == ((0.0, 0.0), (0.0, 0.0))


def test_samples_that_come_too_late_are_counted(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(noise(480_000)))

    deck.card.take(100_000, block=100_000)  # in one go: far more than is decoded ahead

    assert deck.player.underruns > 0
    deck.settle()
    assert deck.player.state is PlayerState.PLAYING


def test_a_broken_file_says_so_and_the_next_one_plays(deck: Deck, write_wav: WriteWav, tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound at all")
    samples = noise(5_000)

    deck.player.load(broken)
    broken_failure = deck.failure()
    deck.player.load(tmp_path / "missing.wav")
    missing_failure = deck.failure()
    state = deck.player.state
    deck.start(write_wav(samples))

    assert isinstance(broken_failure.error, BrokenAudio)
    assert isinstance(missing_failure.error, StorageError)
    assert state is PlayerState.EMPTY
    assert np.array_equal(deck.take(5_000), samples)


def test_a_file_that_breaks_off_while_it_plays_pauses(deck: Deck, tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, noise(480_000), RATE)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    deck.start(path)
    for _ in range(30):
        deck.settle()
        if deck.player.is_playing:
            deck.card.take(12_000)

    assert isinstance(deck.failure().error, BrokenAudio)
    assert not deck.player.is_playing


def test_a_take_that_is_broken_where_it_would_go_on_leaves_the_present_one_playing(
    deck: Deck, write_wav: WriteWav, tmp_path: Path
) -> None:
    samples = noise(480_000)
    broken = tmp_path / "a.flac"
    soundfile.write(broken, noise(480_000, seed=7), RATE)
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    path = write_wav(samples)
    deck.start(path)
    deck.player.seek(400_000)
    deck.take(10_000)

    deck.player.switch(broken)
    failure = deck.failure()
    got = deck.take(10_000)

    assert isinstance(failure.error, BrokenAudio)
    assert np.array_equal(got, samples[410_000:420_000])
    assert (deck.player.path, deck.player.is_playing) == (path, True)


@pytest.mark.parametrize("is_at_once", [True, False])
def test_a_file_that_cannot_be_read_any_further_pauses(
    deck: Deck, write_wav: WriteWav, monkeypatch: pytest.MonkeyPatch, is_at_once: bool
) -> None:
    """A network drive that goes away, or a stick that is pulled out."""

    def read(self: Sound, frames: int) -> Floats:
        raise OSError(errno.EIO, "Input/output error")

    deck.player.load(write_wav(noise(480_000)))
    if is_at_once:
        monkeypatch.setattr(Sound, "read", read)
        deck.player.seek(100)
    deck.player.play()
    deck.settle()
    monkeypatch.setattr(Sound, "read", read)
    if deck.player.is_playing:
        deck.take(30_000)

    assert "can’t be read" in str(deck.failure().error)
    assert not deck.player.is_playing


def test_a_short_and_an_empty_file_just_end(deck: Deck, write_wav: WriteWav) -> None:
    one = noise(1)
    deck.start(write_wav(one))
    got = deck.take(LATENCY + 960)
    assert np.array_equal(got[:1], one)
    assert deck.player.state is PlayerState.ENDED

    deck.start(write_wav(np.zeros((0, 2), np.float32), name="b.wav"))
    deck.take(LATENCY + 960)
    assert deck.player.state is PlayerState.ENDED


def test_unloading_lets_the_file_go(deck: Deck, write_wav: WriteWav) -> None:
    deck.start(write_wav(noise(60_000)))
    deck.take(5_000)

    deck.player.unload()
    got = deck.take(5_000)

    assert deck.player.state is PlayerState.EMPTY
    assert (deck.player.path, deck.player.duration_frames, deck.player.position_frames) == (None, 0, 0)
    assert not got[FADE:].any()


def test_a_closed_player_takes_no_wishes(write_wav: WriteWav) -> None:
    deck = Deck()
    deck.start(write_wav(noise(5_000)))

    deck.player.close()
    deck.player.play()
    deck.player.close()

    assert deck.card.stream is not None
    assert deck.card.stream.is_closed


def test_a_listener_can_leave(deck: Deck, write_wav: WriteWav) -> None:
    heard: list[object] = []
    leave = deck.player.listen(heard.append)

    leave()
    deck.player.load(write_wav(noise(10)))
    deck.settle()

    assert heard == []


_FRAMES = st.integers(-10, 70_000)
_SHAPES = st.builds(PlayedShape, _FRAMES, _FRAMES, _FRAMES, _FRAMES, st.sampled_from(FadeShape))
WISHES = st.lists(
    st.one_of(
        st.sampled_from(["play", "pause", "stop", "toggle", "unload", "begin_scrub", "end_scrub"]).map(
            lambda it: (it,)
        ),
        st.sampled_from(["switch", "load", "unplug", "plug in", "list"]).map(lambda it: (it,)),
        st.tuples(st.sampled_from(["seek", "scrub"]), _FRAMES),
        st.tuples(st.just("set_loop"), _FRAMES, _FRAMES | st.none()),
        st.tuples(st.just("set_shape"), _SHAPES | st.none()),
        st.tuples(st.just("set_monitor"), st.sampled_from(Monitor)),
        st.tuples(st.just("set_take_gain"), st.sampled_from([0.0, -6.0, -math.inf])),
        st.tuples(st.just("take"), st.integers(1, 9_000)),
    ),
    max_size=30,
)


def carry_out(deck: Deck, wish: tuple[Any, ...], files: list[Path]) -> None:
    match wish:
        case ("switch",):
            deck.player.switch(files[deck.player.path == files[0]])
        case ("load",):
            deck.player.load(files[0])
        case ("unplug",):
            deck.card.unplug()
        case ("plug in",):
            deck.card.devices = [SPEAKERS]
        case ("list",):
            deck.card.list_output_devices()
        case ("take", frames):
            _take(deck, frames)
        case (name, *arguments):
            getattr(deck.player, name)(*arguments)
    deck.settle()


def _take(deck: Deck, frames: int) -> None:
    deck.settle()
    if deck.card.stream is not None and deck.card.stream.is_active:
        got = deck.card.take(frames)
        assert np.isfinite(got).all()
        assert np.abs(got).max() <= 1.0


@given(wishes=WISHES)
@settings(max_examples=40)
def test_whatever_is_wished_the_player_keeps_its_promises(
    tmp_path_factory: pytest.TempPathFactory, wishes: list[tuple[Any, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    files = [folder / "a.wav", folder / "b.wav"]
    soundfile.write(files[0], noise(20_000), RATE)
    soundfile.write(files[1], noise(60_000, 1), 44_100)
    deck = Deck()
    player = deck.player
    try:
        player.load(files[0])
        for wish in wishes:
            carry_out(deck, wish, files)
            assert 0 <= player.position_frames <= player.duration_frames
            assert (player.state is PlayerState.EMPTY) == (player.info is None)
        while not deck.events.empty():
            event = deck.events.get()
            assert not isinstance(event, Failed) or isinstance(event.error, PlaybackError)
    finally:
        player.close()
