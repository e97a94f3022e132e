from __future__ import annotations

import math
import re
import shutil
import subprocess
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest

from app.audio.loudness import NotMeasured, measure, measure_blocks
from app.domain.errors import BrokenAudio
from tests.audio.conftest import Floats, WriteWav, noise


def tone(
    level_dbfs: float, seconds: float, *, frequency_hz: float = 1_000, rate_hz: int = 48_000, channels: int = 2
) -> Floats:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    samples = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * frequency_hz * time_s)
    return np.repeat(samples.astype(np.float32)[:, None], channels, axis=1)


# EBU Tech 3341, table 1, cases 1 to 5: parts of (dBFS, seconds) and the loudness they must have.
EBU_CASES = {
    "1": ([(-23.0, 20)], -23.0),
    "2": ([(-33.0, 20)], -33.0),
    "3": ([(-36.0, 10), (-23.0, 60), (-36.0, 10)], -23.0),
    "4": ([(-72.0, 10), (-36.0, 10), (-23.0, 60), (-36.0, 10), (-72.0, 10)], -23.0),
    "5": ([(-26.0, 20), (-20.0, 20.1), (-26.0, 20)], -23.0),
}


@pytest.mark.parametrize("case", EBU_CASES)
def test_the_ebu_cases_agree_within_a_tenth(write_wav: WriteWav, case: str) -> None:
    parts, expected = EBU_CASES[case]
    path = write_wav(np.concatenate([tone(level, seconds) for level, seconds in parts]), subtype="PCM_24")

    assert measure(path).integrated_lufs == pytest.approx(expected, abs=0.1)


def test_the_ebu_case_of_five_channels_agrees_within_a_tenth(write_wav: WriteWav) -> None:
    """Case 6: -28 dBFS in front, -24 in the centre, -30 behind."""
    silence = tone(-200, 20, channels=1)
    front, centre, behind = (tone(level, 20, channels=1) for level in (-28.0, -24.0, -30.0))
    path = write_wav(np.hstack([front, front, centre, silence, behind, behind]), subtype="PCM_24")

    assert measure(path).integrated_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 96_000, 192_000])
def test_the_rate_changes_nothing(write_wav: WriteWav, rate_hz: int) -> None:
    path = write_wav(tone(-23.0, 5, rate_hz=rate_hz), rate_hz=rate_hz, subtype="PCM_24")

    assert measure(path).integrated_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg isn't installed")
@pytest.mark.parametrize(("rate_hz", "channels"), [(48_000, 2), (44_100, 2), (44_100, 1), (22_050, 2), (48_000, 6)])
def test_ffmpeg_agrees_within_a_tenth(write_wav: WriteWav, rate_hz: int, channels: int) -> None:
    time_s = np.arange(6 * rate_hz) / rate_hz
    swell = (0.1 + np.sin(time_s * 0.9) ** 2).astype(np.float32)[:, None]
    path = write_wav(noise(len(time_s), channels, bits=24) * swell * 0.5, rate_hz=rate_hz, subtype="PCM_24")
    report = subprocess.run(
        ["ffmpeg", "-nostats", "-hide_banner", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    theirs = float(re.findall(r"I:\s+(\S+) LUFS", report)[-1])
    their_peak = float(re.findall(r"Peak:\s+(\S+) dBFS", report)[-1])

    ours = measure(path)

    assert ours.integrated_lufs == pytest.approx(theirs, abs=0.1)
    assert their_peak - 0.4 <= ours.true_peak_dbtp <= their_peak + 0.4


def test_the_true_peak_lies_between_the_samples(write_wav: WriteWav) -> None:
    """A tone at a quarter of the rate, 45 degrees on: every sample is 3 dB under the peak."""
    samples = 0.5 * np.sin(np.pi / 2 * np.arange(48_000) + np.pi / 4)
    path = write_wav(samples.astype(np.float32)[:, None], subtype="FLOAT")

    measured = measure(path)

    assert measured.sample_peak_dbfs == pytest.approx(-9.03, abs=0.01)
    assert -6.02 - 0.4 <= measured.true_peak_dbtp <= -6.02 + 0.2


def test_the_length_of_the_blocks_of_reading_changes_nothing(write_wav: WriteWav) -> None:
    quiet, loud = tone(-40, 3), tone(-20, 3)
    one = measure(write_wav(np.concatenate([quiet, loud]), subtype="FLOAT"))
    other = measure(write_wav(np.concatenate([loud, quiet]), subtype="FLOAT", name="b.wav"))

    assert one.integrated_lufs == pytest.approx(other.integrated_lufs, abs=0.1)


def test_a_very_short_file_has_a_peak_but_no_loudness(write_wav: WriteWav) -> None:
    short = measure(write_wav(tone(-20, 0.399), subtype="FLOAT"))
    just_long_enough = measure(write_wav(tone(-20, 0.4), subtype="FLOAT", name="b.wav"))

    assert short.integrated_lufs is None
    assert short.reason is NotMeasured.TOO_SHORT
    assert short.sample_peak_dbfs == pytest.approx(-20, abs=0.1)
    assert just_long_enough.integrated_lufs is not None
    assert just_long_enough.reason is None


def test_silence_has_neither(write_wav: WriteWav) -> None:
    silence = measure(write_wav(np.zeros((48_000, 2), np.float32)))
    faint = measure(write_wav(tone(-80, 2), subtype="FLOAT", name="b.wav"))

    assert silence.integrated_lufs is None
    assert silence.reason is NotMeasured.SILENT
    assert silence.true_peak_dbtp == silence.sample_peak_dbfs == -math.inf
    assert faint.reason is NotMeasured.SILENT


def test_single_samples_and_nothing_do_no_harm(write_wav: WriteWav) -> None:
    assert measure(write_wav(noise(1))).reason is NotMeasured.TOO_SHORT
    assert measure(write_wav(noise(0), name="b.wav")).true_peak_dbtp == -math.inf


def test_measuring_can_be_stopped(write_wav: WriteWav) -> None:
    with pytest.raises(CancelledError):
        measure(write_wav(noise(1_000)), cancelled=lambda: True)


def test_what_is_no_audio_has_no_loudness(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("nothing")

    with pytest.raises(BrokenAudio):
        measure(tmp_path / "a.wav")


@pytest.mark.parametrize("block_frames", [1_000, 65_536, 200_000])
def test_what_is_measured_is_the_same_in_blocks_of_any_length(write_wav: WriteWav, block_frames: int) -> None:
    samples = noise(200_000)
    blocks = [samples[at : at + block_frames] for at in range(0, len(samples), block_frames)]

    in_blocks = measure_blocks(blocks, 48_000, 2)

    of_file = measure(write_wav(samples))
    assert in_blocks.integrated_lufs == pytest.approx(of_file.integrated_lufs, abs=1e-4)
    assert in_blocks.true_peak_dbtp == pytest.approx(of_file.true_peak_dbtp, abs=1e-4)
