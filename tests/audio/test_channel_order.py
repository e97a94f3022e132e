"""Every loudspeaker keeps its sound: what other programs read of our files, and we of theirs.

Each channel sounds alone, one after the other, so that the order in which they are heard is the order of the file.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from app.audio.convert import ConversionSettings, convert
from app.audio.files import encode, inspect, open_sound, read_blocks
from app.audio.formats import MAX_CHANNELS
from app.audio.measures import measure
from app.domain.audio import AudioFormat
from tests.audio.conftest import Floats

RATE_HZ = 48_000
ALONE = RATE_HZ // 4
LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
IN_OGG = (AudioFormat.OGG, AudioFormat.OPUS)
LFE = 3

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg isn't installed")


def one_after_the_other(channels: int) -> Floats:
    """Deep enough for the LFE, of which an encoder may keep no more."""
    samples = np.zeros((channels * ALONE, channels), np.float32)
    for channel in range(channels):
        at = slice(channel * ALONE, (channel + 1) * ALONE)
        samples[at, channel] = 0.3 * np.sin(2 * np.pi * 80 * np.arange(ALONE) / RATE_HZ)
    return samples


def heard(samples: Floats) -> list[int]:
    """The loudest channel of each stretch, its ends left out: a codec smears."""
    channels = samples.shape[1]
    stretches = (samples[at * ALONE + ALONE // 4 : (at + 1) * ALONE - ALONE // 4] for at in range(channels))
    return [int(np.argmax((stretch.astype(np.float64) ** 2).sum(axis=0))) for stretch in stretches]


def decoded(path: Path) -> Floats:
    return np.concatenate(list(read_blocks(path)))


def written(path: Path, audio_format: AudioFormat, samples: Floats) -> Path:
    encode([samples], path, format=audio_format, sample_rate_hz=RATE_HZ, channels=samples.shape[1])
    return path


def by_ffmpeg(path: Path, channels: int) -> Floats:
    command = ["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, channels)


@needs_ffmpeg
@pytest.mark.parametrize(
    ("audio_format", "channels"),
    [
        (audio_format, channels)
        for audio_format in (AudioFormat.WAV, AudioFormat.FLAC, AudioFormat.MP3, *IN_OGG)
        for channels in range(1, min(8, MAX_CHANNELS[audio_format]) + 1)
    ],
)
def test_ffmpeg_hears_each_loudspeaker_of_our_files(tmp_path: Path, audio_format: AudioFormat, channels: int) -> None:
    path = written(tmp_path / "ours", audio_format, one_after_the_other(channels))

    probed = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=channel_layout", "-of", "csv=p=0", path],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert heard(by_ffmpeg(path, channels)) == list(range(channels))
    is_named = channels > 2 or audio_format is not AudioFormat.WAV  # a plain WAV names no loudspeakers
    assert probed.strip().removesuffix("(side)") == (LAYOUTS[channels] if is_named else "unknown")


@needs_ffmpeg
@pytest.mark.parametrize("channels", LAYOUTS)
@pytest.mark.parametrize(("codec", "container"), [("flac", "flac"), ("libvorbis", "ogg"), ("libopus", "ogg")])
def test_we_hear_each_loudspeaker_of_ffmpegs_files(tmp_path: Path, codec: str, container: str, channels: int) -> None:
    """As it does itself: its Opus encoder (5.1.9) mistakes the centre of 5.0 and 6.1 for another one."""
    target = ["-f", container, tmp_path / "theirs"]
    layout = ["-ac", str(channels), "-channel_layout", LAYOUTS[channels]]
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "f32le", "-ar", str(RATE_HZ), *layout, "-i", "-", "-c:a", codec, *target],
        input=one_after_the_other(channels).tobytes(),
        check=True,
    )

    path = tmp_path / "theirs"
    assert heard(decoded(path)) == heard(by_ffmpeg(path, channels))
    assert codec == "libopus" or heard(decoded(path)) == list(range(channels))


@needs_ffmpeg
def test_channels_of_opus_without_loudspeakers_stay_as_they_are_numbered(tmp_path: Path) -> None:
    source = ["-f", "f32le", "-ar", str(RATE_HZ), "-ac", "6", "-i", "-"]
    codec = ["-c:a", "libopus", "-mapping_family", "255", "-f", "ogg"]
    subprocess.run(
        ["ffmpeg", "-v", "error", *source, *codec, tmp_path / "theirs"],
        input=one_after_the_other(6).tobytes(),
        check=True,
    )

    assert heard(decoded(tmp_path / "theirs")) == list(range(6))


@pytest.mark.parametrize("channels", LAYOUTS)
@pytest.mark.parametrize("audio_format", IN_OGG)
def test_every_way_of_reading_gives_the_same_order(tmp_path: Path, audio_format: AudioFormat, channels: int) -> None:
    path = written(tmp_path / "sound", audio_format, one_after_the_other(channels))
    whole = decoded(path)
    last = (channels - 1) * ALONE

    with open_sound(path) as sound:
        filled = sound.read_into(np.empty((len(whole), channels), np.float32))
    with open_sound(path) as sound:
        whole_numbers = sound.read_into(np.empty((len(whole), channels), np.int16))
    with open_sound(path) as sound:
        sound.seek(last)
        rest = sound.read(ALONE)

    assert heard(whole) == heard(filled) == heard(whole_numbers) == list(range(channels))
    assert rest.flags.c_contiguous
    assert int(np.argmax(np.abs(rest).sum(axis=0))) == channels - 1


@pytest.mark.parametrize("audio_format", IN_OGG)
def test_a_wav_made_of_an_ogg_has_the_order_of_wav(tmp_path: Path, audio_format: AudioFormat) -> None:
    ogg = written(tmp_path / "six.ogg", audio_format, one_after_the_other(6))

    convert(ogg, tmp_path / "six.wav", ConversionSettings(format=AudioFormat.WAV))
    convert(ogg, tmp_path / "two.wav", ConversionSettings(format=AudioFormat.WAV, channels=2))

    assert inspect(tmp_path / "six.wav").channels == 6
    assert heard(decoded(tmp_path / "six.wav")) == list(range(6))
    left, right = np.abs(decoded(tmp_path / "two.wav").reshape(6, ALONE, 2)[:, ALONE // 4 : -ALONE // 4]).max(axis=1).T
    assert (left > 0.02).tolist() == [True, False, True, False, True, False]
    assert (right > 0.02).tolist() == [False, True, True, False, False, True]


@pytest.mark.parametrize("channels", [6, 7, 8])
@pytest.mark.parametrize("audio_format", [AudioFormat.WAV, *IN_OGG])
def test_the_low_frequency_channel_counts_nothing_in_the_loudness(
    tmp_path: Path, audio_format: AudioFormat, channels: int
) -> None:
    samples = np.zeros((2 * RATE_HZ, channels), np.float32)
    samples[:, LFE] = 0.5 * np.sin(2 * np.pi * 80 * np.arange(len(samples)) / RATE_HZ)

    measured = measure(written(tmp_path / "low", audio_format, samples))

    assert measured.integrated_lufs is None or measured.integrated_lufs < -60
    assert measured.sample_peak_dbfs is not None
    assert measured.sample_peak_dbfs == pytest.approx(-6, abs=3)
