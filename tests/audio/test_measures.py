"""What is measured of files: every kind that there is, in one pass, with little memory."""

from __future__ import annotations

import re
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import astuple
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from app.audio import measures as module
from app.audio.files import inspect, read_blocks
from app.audio.k_weighting import KWeighting
from app.audio.measures import measure, measure_blocks
from app.audio.silence import SoundingPart
from app.audio.true_peak import TruePeak, true_peak_dbtp
from app.domain.errors import BrokenAudio, StorageError
from app.domain.measures import LoudnessBasis
from tests.audio.conftest import Floats, WriteWav, noise
from tests.audio.tones import parts, tone

RATE_HZ = 48_000


# True peak


class Wave(NamedTuple):
    """A sine: its frequency as a part of the rate, its amplitude and its phase in degrees."""

    part: int
    amplitude: float
    degrees: float
    peak_dbtp: float


# EBU Tech 3341, table 1, cases 15 to 19; and one whose peak is between the samples of twice the rate, too.
WAVES = {
    "15": Wave(4, 0.5, 0.0, -6.0),
    "16": Wave(4, 0.5, 45.0, -6.0),
    "17": Wave(6, 0.5, 60.0, -6.0),
    "18": Wave(8, 0.5, 67.5, -6.0),
    "19": Wave(4, 1.41, 45.0, 3.0),
    "a third": Wave(3, 0.5, 0.0, -6.0),
}


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 192_000])
@pytest.mark.parametrize("case", WAVES)
def test_the_true_peak_of_a_sine_lies_between_the_samples(write_wav: WriteWav, case: str, rate_hz: int) -> None:
    wave = WAVES[case]
    samples = wave.amplitude * np.sin(2 * np.pi * np.arange(rate_hz // 4) / wave.part + np.radians(wave.degrees))
    fade = np.minimum(np.arange(len(samples)) / 480, 1.0)  # one that is there at once really is higher at its start

    measured = measure(
        write_wav((samples * fade * fade[::-1]).astype(np.float32)[:, None], rate_hz=rate_hz, subtype="FLOAT")
    )

    assert measured.true_peak_dbtp is not None
    assert wave.peak_dbtp - 0.4 <= measured.true_peak_dbtp <= wave.peak_dbtp + 0.2


@pytest.mark.parametrize("offset", range(4))
def test_a_single_peak_is_found_wherever_it_lies_between_the_samples(write_wav: WriteWav, offset: int) -> None:
    """EBU Tech 3341, cases 20 to 23: one period of full scale in a sine of half of it, the rate of a quarter."""
    fine = 0.5 * np.sin(2 * np.pi * np.arange(4 * 9_600) / 24)
    fine[800 * 24 : 801 * 24] *= 2
    spectrum = np.fft.rfft(fine)
    spectrum[len(spectrum) // 4 * 92 // 100 :] = 0  # what the lower rate can't hold
    fine = np.fft.irfft(spectrum)
    peak_dbfs = 20 * np.log10(np.abs(fine).max())

    measured = measure(write_wav(fine[offset::4].astype(np.float32)[:, None], subtype="FLOAT"))

    assert peak_dbfs == pytest.approx(0.0, abs=0.3)
    assert measured.true_peak_dbtp is not None
    assert peak_dbfs - 0.4 <= measured.true_peak_dbtp <= peak_dbfs + 0.2
    assert -0.4 <= measured.true_peak_dbtp <= 0.2


def test_the_sample_peak_is_that_of_the_samples_and_no_true_peak_is_lower(write_wav: WriteWav) -> None:
    samples = 0.5 * np.sin(np.pi / 2 * np.arange(RATE_HZ) + np.pi / 4)
    quarter = measure(write_wav(samples.astype(np.float32)[:, None], subtype="FLOAT"))
    lone = measure(write_wav(np.array([[0.0], [-0.5], [0.0]], np.float32), subtype="FLOAT", name="b.wav"))

    assert quarter.sample_peak_dbfs == pytest.approx(-9.03, abs=0.01)
    assert lone.sample_peak_dbfs == pytest.approx(-6.02, abs=0.01)
    assert lone.true_peak_dbtp is not None
    assert lone.true_peak_dbtp >= lone.sample_peak_dbfs


@given(st.lists(st.integers(1, 700), max_size=12))
def test_the_length_of_the_blocks_changes_no_true_peak(lengths: list[int]) -> None:
    samples = noise(2_000, 2, level=0.9)
    at_once, in_blocks = TruePeak(RATE_HZ, 2), TruePeak(RATE_HZ, 2)
    at_once.add(samples)
    for block in cut(samples, lengths):
        in_blocks.add(block)

    assert in_blocks.finish() == pytest.approx(at_once.finish(), rel=1e-6)


# Silence at the ends, and DC


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("head", "tail"), [(0, 0), (1, 0), (12_000, 24_000), (70_000, 3_000), (5, 200_000)])
def test_silence_is_measured_up_to_the_first_and_from_the_last_sample_of_any_channel(
    write_wav: WriteWav, head: int, tail: int, channels: int
) -> None:
    samples = np.zeros((head + 2 + 30_000 + tail, channels), np.float32)
    samples[head + 1 : head + 30_001, channels - 1] = 0.0009  # below -60 dBFS, which is 0.001
    samples[head, 0] = 0.0011
    samples[head + 30_001, channels - 1] = -0.0011

    measured = measure(write_wav(samples, subtype="FLOAT"))

    assert (measured.head_silence_s, measured.tail_silence_s) == (head / RATE_HZ, tail / RATE_HZ)


def test_what_is_silent_throughout_is_so_from_its_start(write_wav: WriteWav) -> None:
    measured = measure(write_wav(np.full((RATE_HZ, 2), 0.0009, np.float32), subtype="FLOAT"))

    assert (measured.head_silence_s, measured.tail_silence_s) == (1.0, 0.0)


@given(st.lists(st.sampled_from([0.0, 0.4, -0.4, 0.6, -0.6]), max_size=40), st.lists(st.integers(1, 9), max_size=9))
def test_the_length_of_the_blocks_changes_no_end(values: list[float], lengths: list[int]) -> None:
    part = SoundingPart(-6.0)
    for block in cut(np.array(values, np.float32).reshape(-1, 1), lengths):
        part.add(block)

    loud = [at for at, value in enumerate(values) if abs(value) > 0.5012]
    assert part.frames == len(values)
    assert part.found == ((loud[0], loud[-1] + 1) if loud else None)


@pytest.mark.parametrize("frames", [100, 48_000, 150_001])
def test_the_offset_is_that_of_the_worst_channel_with_its_sign(write_wav: WriteWav, frames: int) -> None:
    samples = noise(frames, 2, level=0.2, bits=24)
    samples -= samples.mean(axis=0, dtype=np.float64).astype(np.float32)
    samples += np.array([0.001, -0.004], np.float32)

    assert measure(write_wav(samples, subtype="FLOAT")).dc_offset == pytest.approx(-0.004, abs=2e-7)


# All kinds of files


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_a_file_of_any_rate_and_number_of_channels_is_measured(
    write_wav: WriteWav, rate_hz: int, channels: int
) -> None:
    measured = measure(write_wav(tone(-23.0, 3.5, rate_hz=rate_hz, channels=channels), rate_hz=rate_hz))

    weights = {1: 1.0, 2: 2.0, 6: 3 + 2 * 1.41}
    expected = -23.0 + 10 * np.log10(weights[channels] / 2)
    assert measured.basis is LoudnessBasis.INTEGRATED
    assert measured.integrated_lufs == pytest.approx(expected, abs=0.1)
    assert measured.true_peak_dbtp == pytest.approx(-23.0, abs=0.1)
    assert measured.range_lu == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(("seconds", "basis"), [(0.399, LoudnessBasis.SHORT), (0.4, LoudnessBasis.INTEGRATED)])
def test_a_file_under_400_ms_says_what_its_number_means(
    write_wav: WriteWav, seconds: float, basis: LoudnessBasis
) -> None:
    measured = measure(write_wav(tone(-20, seconds), subtype="FLOAT"))

    assert measured.basis is basis
    assert measured.loudness_lufs == pytest.approx(-20.0, abs=0.1)
    assert (measured.integrated_lufs is None) == (basis is LoudnessBasis.SHORT)


def test_a_click_is_as_loud_as_the_same_click_in_silence(write_wav: WriteWav) -> None:
    """The filters make more of it after the file's end; that belongs to it."""
    click = np.ones((1, 1), np.float32)
    alone = measure(write_wav(click, subtype="FLOAT"))
    silence = np.zeros((RATE_HZ, 1), np.float32)
    in_silence = measure(write_wav(np.concatenate([silence, click, silence]), subtype="FLOAT", name="b.wav"))

    assert alone.basis is LoudnessBasis.SHORT
    assert alone.loudness_lufs == pytest.approx(in_silence.momentary_max_lufs, abs=0.01)
    assert alone.short_term_max_lufs == pytest.approx(in_silence.short_term_max_lufs, abs=0.01)


def test_digital_silence_has_no_level(write_wav: WriteWav) -> None:
    silence = measure(write_wav(np.zeros((RATE_HZ, 2), np.float32)))
    faint = measure(write_wav(tone(-80, 2), subtype="FLOAT", name="b.wav"))

    assert silence.basis is faint.basis is LoudnessBasis.QUIET
    assert (silence.true_peak_dbtp, silence.sample_peak_dbfs, silence.momentary_max_lufs) == (None, None, None)
    assert faint.loudness_lufs is None
    assert faint.sample_peak_dbfs == pytest.approx(-80.0, abs=0.1)


def test_nothing_does_no_harm(write_wav: WriteWav) -> None:
    nothing = measure(write_wav(noise(0)))

    assert (nothing.basis, nothing.loudness_lufs, nothing.true_peak_dbtp) == (LoudnessBasis.SHORT, None, None)
    assert (nothing.head_silence_s, nothing.tail_silence_s, nothing.dc_offset) == (0.0, 0.0, 0.0)


def test_sound_above_full_scale_is_measured_as_it_is(write_wav: WriteWav) -> None:
    measured = measure(write_wav(tone(12.0, 1), subtype="FLOAT"))

    assert measured.sample_peak_dbfs == pytest.approx(12.0, abs=0.01)
    assert measured.true_peak_dbtp == pytest.approx(12.0, abs=0.1)
    assert measured.integrated_lufs == pytest.approx(12.0, abs=0.1)


def test_samples_that_are_no_numbers_count_for_nothing(write_wav: WriteWav) -> None:
    samples = tone(-20.0, 4)
    samples[RATE_HZ] = np.nan
    samples[-1, 1] = np.nan

    measured = measure(write_wav(samples, subtype="FLOAT"))

    assert measured.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    assert measured.sample_peak_dbfs == pytest.approx(-20.0, abs=0.01)
    assert measured.dc_offset == pytest.approx(0.0, abs=1e-4)


def test_an_endless_sample_is_a_very_high_one(write_wav: WriteWav) -> None:
    samples = tone(-20.0, 1)
    samples[100, 0] = np.inf

    measured = measure(write_wav(samples, subtype="FLOAT"))

    assert measured.sample_peak_dbfs == pytest.approx(120.0)
    assert all(np.isfinite([measured.momentary_max_lufs, measured.true_peak_dbtp, measured.dc_offset]))


def test_what_is_there_of_a_cut_file_is_measured(write_wav: WriteWav, tmp_path: Path) -> None:
    whole = write_wav(tone(-20.0, 4))
    cut_off = tmp_path / "cut.wav"
    cut_off.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2 + 1])

    measured = measure(cut_off)

    assert measured.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    assert measured.range_lu is None, "two seconds are left"


def test_what_is_no_audio_or_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("nothing")

    with pytest.raises(BrokenAudio):
        measure(tmp_path / "a.wav")
    with pytest.raises(StorageError):
        measure(tmp_path / "b.wav")


def test_measuring_can_be_stopped(write_wav: WriteWav) -> None:
    with pytest.raises(CancelledError):
        measure(write_wav(noise(1_000)), cancelled=lambda: True)


# In one pass, and with little memory


@pytest.mark.parametrize("block_frames", [1_000, 65_536, 200_000])
def test_what_is_measured_is_the_same_in_blocks_of_any_length(write_wav: WriteWav, block_frames: int) -> None:
    samples = noise(200_000)
    blocks = [samples[at : at + block_frames] for at in range(0, len(samples), block_frames)]

    in_blocks = measure_blocks(blocks, 48_000, 2)

    of_file = measure(write_wav(samples))
    assert astuple(in_blocks)[1:] == pytest.approx(astuple(of_file)[1:], abs=1e-4)


def test_hours_are_read_once_and_need_little_memory(write_wav: WriteWav, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_wav(noise(100, 1), rate_hz=8_000)
    block = tone(-20.0, 4.0, rate_hz=8_000, channels=1)
    passes = []

    def two_hours(_path: Path) -> Iterator[Floats]:
        passes.append(1)
        return (block for _ in range(1_800))

    monkeypatch.setattr(module, "read_blocks", two_hours)
    measure_shortly(path)  # imports, and the filters of the rate
    passes.clear()
    tracemalloc.start()
    measured = measure(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert measured.integrated_lufs == pytest.approx(-23.0, abs=0.1)
    assert len(passes) == 1
    assert peak < 40e6


def measure_shortly(path: Path) -> None:
    calls = iter([False, True])
    with pytest.raises(CancelledError):
        measure(path, cancelled=lambda: next(calls))


# Against another program


def _swelling(seconds: float, channels: int, rate_hz: int) -> Floats:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    swell = (0.02 + np.sin(time_s * 0.9) ** 2).astype(np.float32)[:, None]
    return noise(len(time_s), channels, bits=24) * swell * 0.5


def _plucks(rate_hz: int) -> Floats:
    time_s = np.arange(rate_hz) / rate_hz
    one = np.exp(-6 * time_s) * np.sin(2 * np.pi * 220 * time_s)
    gains = (0.8, 0.1, 0.4, 0.02, 0.6, 0.3)
    return np.concatenate([gain * one for gain in gains]).astype(np.float32)[:, None]


FILES: dict[str, tuple[int, Callable[[], Floats]]] = {
    "noise, 48 kHz stereo": (48_000, lambda: _swelling(8, 2, 48_000)),
    "noise, 44.1 kHz stereo": (44_100, lambda: _swelling(8, 2, 44_100)),
    "noise, 44.1 kHz mono": (44_100, lambda: _swelling(8, 1, 44_100)),
    "noise, 22.05 kHz stereo": (22_050, lambda: _swelling(8, 2, 22_050)),
    "noise, 5.1": (48_000, lambda: _swelling(5, 6, 48_000)),
    "noise, 96 kHz": (96_000, lambda: _swelling(5, 2, 96_000)),
    "half loud, half quiet": (48_000, lambda: parts([(-18.0, 5), (-32.0, 5)])),
    "silence around it": (48_000, lambda: parts([(-200.0, 2), (-20.0, 4), (-200.0, 3)])),
    "low hum": (48_000, lambda: tone(-12.0, 5, frequency_hz=50)),
    "plucks": (48_000, lambda: _plucks(48_000)),
}


def _highest_at_hops(path: Path, seconds: float) -> float:
    """The highest loudness of windows that end at whole tenths of a second."""
    info = inspect(path)
    weighting = KWeighting(info.sample_rate_hz, info.channels)
    blocks = read_blocks(path, block_frames=weighting.block_frames)
    upto = np.concatenate([[0.0], np.cumsum(np.concatenate([weighting.power(each) for each in blocks]), dtype=float)])
    hop = info.sample_rate_hz // 10
    ends = np.arange(hop, info.frames + 1, hop)
    starts = np.maximum(ends - round(seconds * info.sample_rate_hz), 0)
    means = (upto[ends] - upto[starts]) / (seconds * info.sample_rate_hz)
    return float(-0.691 + 10 * np.log10(means.max()))


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg isn't installed")
@pytest.mark.parametrize("name", FILES)
def test_ffmpeg_agrees_within_a_tenth(write_wav: WriteWav, name: str) -> None:
    rate_hz, make = FILES[name]
    path = write_wav(make(), rate_hz=rate_hz, subtype="PCM_24")
    report = subprocess.run(
        ["ffmpeg", "-nostats", "-hide_banner", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr

    def theirs(pattern: str) -> float:
        return max(float(each) for each in re.findall(pattern, report.partition("Summary")[0]))

    def summed_up(pattern: str) -> float:
        [value] = re.findall(pattern, report.partition("Summary")[2])
        return float(value)

    ours = measure(path)
    momentary, short_term = (_highest_at_hops(path, seconds) for seconds in (0.4, 3.0))

    assert ours.integrated_lufs == pytest.approx(summed_up(r"I:\s+(\S+) LUFS"), abs=0.1)
    # They count the first windows before three seconds are over, with silence in them; of so short files that tells.
    assert ours.range_lu == pytest.approx(summed_up(r"LRA:\s+(\S+) LU\n"), abs=1.0)
    # They look every 100 ms, so that they may miss the highest 400 ms; there we agree, and between we find more.
    assert momentary == pytest.approx(theirs(r" M:\s*(\S+)"), abs=0.1)
    assert short_term == pytest.approx(theirs(r" S:\s*(\S+)"), abs=0.1)
    assert ours.momentary_max_lufs is not None
    assert ours.short_term_max_lufs is not None
    assert momentary - 0.001 <= ours.momentary_max_lufs <= momentary + 1.0
    assert short_term - 0.001 <= ours.short_term_max_lufs <= short_term + 0.1
    assert ours.true_peak_dbtp == pytest.approx(summed_up(r"Peak:\s+(\S+) dBFS"), abs=0.4)


def test_encoded_files_are_measured_as_they_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, tone(-20.0, 4), RATE_HZ, format="FLAC")

    assert measure(path).integrated_lufs == pytest.approx(-20.0, abs=0.1)


def cut(samples: Floats, lengths: list[int]) -> Iterator[Floats]:
    """The samples in pieces of these lengths; what is left comes last."""
    start = 0
    for length in lengths:
        if start < len(samples):
            yield samples[start : start + length]
        start += length
    if start < len(samples):
        yield samples[start:]


@pytest.mark.parametrize("container", ["WAV", "FLAC", "MP3", "OGG"])
def test_the_true_peak_alone_is_the_one_that_is_measured(tmp_path: Path, container: str) -> None:
    path = tmp_path / "a"
    soundfile.write(path, noise(100_000, level=0.9), RATE_HZ, format=container)

    assert true_peak_dbtp(path) == pytest.approx(measure(path).true_peak_dbtp, abs=1e-4)


def test_the_true_peak_of_silence_is_no_number_to_reckon_with(write_wav: WriteWav) -> None:
    assert true_peak_dbtp(write_wav(np.zeros((100, 2), np.float32))) == -np.inf
