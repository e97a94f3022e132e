"""A file that still grows is read up to what is there, and nothing of it twice or not at all."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.decoding import Sound
from app.audio.files import inspect
from app.audio.growing import Growth
from app.audio.growing_peaks import GrowingPeaks
from app.audio.mixing import mix
from app.audio.peaks import BASE_FRAMES, build
from app.audio.source import Source
from app.audio.track import Loop, Plan
from app.domain.errors import BrokenAudio
from tests.audio.arriving import RATE_HZ, ArrivingWav
from tests.audio.conftest import Floats, noise

SUBTYPES = ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"]
HEAD_BYTES = 128


def source_of(growth: Growth, *, begin: int = 0, loop: Loop | None = None, out_rate_hz: int = RATE_HZ) -> Source:
    plan = Plan(Fraction(begin), 1 << 60, loop, Fraction(RATE_HZ, out_rate_hz))
    return Source(growth.open(), plan, rate_hz=RATE_HZ, out_rate_hz=out_rate_hz)


def all_that_is_there(source: Source) -> list[Floats]:
    blocks = []
    while (block := source.read()) is not None and not source.is_waiting:
        blocks.append(block)
    return blocks


@settings(max_examples=150)
@given(
    subtype=st.sampled_from(SUBTYPES),
    channels=st.integers(1, 3),
    frames=st.integers(1, 3_000),
    sizes=st.lists(st.integers(0, 2_000), max_size=25),
    placeholder=st.sampled_from([None, 0, 0xFFFFFFFF]),
)
def test_whatever_the_chunks_of_the_writer_the_reader_gets_what_the_decoder_gets(
    subtype: str, channels: int, frames: int, sizes: list[int], placeholder: int | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wav = ArrivingWav(Path(folder), noise(frames, channels), subtype=subtype, placeholder=placeholder)
        wav.send(HEAD_BYTES)
        growth = Growth(wav.path)
        source = source_of(growth)
        blocks = all_that_is_there(source)
        for size in sizes:
            wav.send(size)
            blocks += all_that_is_there(source)
            assert sum(map(len, blocks)) == growth.info.frames
        path = wav.finish()
        blocks += all_that_is_there(source)
        growth.is_over = True
        blocks += all_that_is_there(source)

        assert source.read() is None
        assert growth.info == inspect(path)
        whole = mix(soundfile.read(path, dtype="float32", always_2d=True)[0], 2)
        assert np.allclose(np.concatenate(blocks), whole, rtol=0, atol=0 if channels < 3 else 1e-6)
        source.close()
        growth.close()


@settings(max_examples=20)
@given(sizes=st.lists(st.integers(1, 20_000), max_size=12))
def test_a_change_of_rate_goes_on_over_every_wait(sizes: list[int]) -> None:
    samples = noise(12_000, 1)
    with tempfile.TemporaryDirectory() as folder:
        wav = ArrivingWav(Path(folder), samples)
        wav.send(HEAD_BYTES)
        growth = Growth(wav.path)
        waiting = source_of(growth, out_rate_hz=44_100)
        blocks = all_that_is_there(waiting)
        for size in sizes:
            wav.send(size)
            blocks += all_that_is_there(waiting)
        path = wav.finish()
        growth.is_over = True
        blocks += all_that_is_there(waiting)
        plan = Plan(Fraction(0), len(samples), None, Fraction(RATE_HZ, 44_100))
        whole = Source(Sound(path), plan, rate_hz=RATE_HZ, out_rate_hz=44_100)
        at_once = all_that_is_there(whole)

        got, wanted = np.concatenate(blocks), np.concatenate(at_once)
        assert len(got) == len(wanted)
        assert np.allclose(got, wanted, atol=1e-6)
        for each in (waiting, whole, growth):
            each.close()


def test_it_begins_anywhere_and_loops_in_what_is_there(tmp_path: Path) -> None:
    samples = noise(4_000)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(1_000)
    growth = Growth(wav.path)

    later = source_of(growth, begin=400)
    around = source_of(growth, loop=Loop(100, 300))

    assert np.array_equal(np.concatenate(all_that_is_there(later)), samples[400:1_000])
    first = around.read()
    second = around.read()
    assert first is not None
    assert second is not None
    heard = np.concatenate([first, second])
    assert np.array_equal(heard[:300], samples[:300])
    assert np.array_equal(heard[300:500], samples[100:300])
    for each in (later, around, growth):
        each.close()


def test_it_stays_the_same_file_whatever_becomes_of_its_name(tmp_path: Path) -> None:
    samples = noise(2_000)
    wav = ArrivingWav(tmp_path, samples)
    wav.send_until(1_000)
    growth = Growth(wav.path)
    source = source_of(growth)
    first = all_that_is_there(source)

    path = wav.finish()
    assert growth.is_at(path)
    assert not growth.is_at(tmp_path / "take.partial")
    path.unlink()
    growth.close()

    assert np.array_equal(np.concatenate(first + all_that_is_there(source)), samples)
    source.close()


def test_samples_that_are_no_numbers_are_silent(tmp_path: Path) -> None:
    samples = noise(100, 1)
    samples[10:13, 0] = [np.nan, np.inf, -np.inf]
    wav = ArrivingWav(tmp_path, samples, subtype="FLOAT")
    wav.send_until(100)
    growth = Growth(wav.path)
    source = source_of(growth)

    [block] = all_that_is_there(source)

    assert block[10:13, 0].tolist() == [0.0, 1.0, -1.0]
    source.close()
    growth.close()


@pytest.mark.parametrize(
    ("data", "words"), [(b"RIFF", "Too little"), (b"ID3\x03\x00\x00\x00", "before it is whole"), (b"", "Too little")]
)
def test_what_cannot_be_heard_yet_says_so(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "take.partial"
    path.write_bytes(data)

    with pytest.raises(BrokenAudio, match=words):
        Growth(path)


@settings(max_examples=40)
@given(sizes=st.lists(st.integers(0, 3_000), max_size=20), frames=st.integers(1, 6_000))
def test_the_peaks_grow_to_those_of_the_whole_file(sizes: list[int], frames: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wav = ArrivingWav(Path(folder), noise(frames))
        wav.send(HEAD_BYTES)
        growing = GrowingPeaks(wav.path)
        seen = [peaks for size in sizes if wav.send(size) >= 0 and (peaks := growing.more()) is not None]
        wav.send_until(frames)
        seen += [peaks for peaks in [growing.more()] if peaks is not None]
        whole = build(wav.finish())

    there = frames // BASE_FRAMES
    assert [peaks.frames for peaks in seen] == sorted({peaks.frames for peaks in seen})
    assert (seen[-1].frames if seen else 0) == there * BASE_FRAMES
    if seen:
        low, high, _ = seen[-1].base.whole
        assert np.allclose(low, whole.base.whole.low[:, :there] / np.float32(1 << 15))
        assert np.allclose(high, whole.base.whole.high[:, :there] / np.float32(1 << 15))


@pytest.mark.parametrize("subtype", SUBTYPES)
def test_what_is_clipped_is_known_while_it_arrives(tmp_path: Path, subtype: str) -> None:
    samples = noise(2_000, level=0.3)
    samples[300:310, 1] = 1.0
    wav = ArrivingWav(tmp_path, samples, subtype=subtype)
    wav.send_until(1_000)

    so_far = GrowingPeaks(wav.path).more()

    assert so_far is not None
    assert [runs.tolist() for runs in so_far.clipped_runs.channels] == [[[], []], [[300], [310]]]
    assert [runs.tolist() for runs in build(wav.finish()).clipped_runs.channels] == [[[], []], [[300], [310]]]
