"""Bit rates and qualities of the lossy formats, read from the frames that were written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from app.audio.convert import ConversionSettings, convert
from app.audio.files import bitrates_of, inspect, read_blocks, verify
from app.audio.formats import QUALITIES, RATES
from app.audio.mp3_frames import first_frame, read_header
from app.audio.tags import Tags
from app.domain.audio import AudioFormat
from app.domain.errors import ExportError
from tests.audio.conftest import WriteWav, noise


def mp3_bitrates(path: Path) -> list[int]:
    """Of every frame of sound, in kbit/s."""
    data = path.read_bytes()
    at, rates = first_frame(data), []
    assert at is not None
    while (header := read_header(data, at)) is not None and at + header.length_bytes <= len(data):
        rates.append(header.bitrate_kbps)
        at += header.length_bytes
    return rates[1:]  # the first holds the table of contents


@pytest.mark.parametrize("rate_hz", [48_000, 22_050, 8_000])
def test_a_constant_bit_rate_is_that_of_every_frame(tmp_path: Path, write_wav: WriteWav, rate_hz: int) -> None:
    source = write_wav(noise(rate_hz // 2), rate_hz=rate_hz)

    for kbps in bitrates_of(AudioFormat.MP3, rate_hz):
        target = tmp_path / f"{kbps}.mp3"
        convert(source, target, ConversionSettings(AudioFormat.MP3, bitrate_kbps=kbps))
        assert set(mp3_bitrates(target)) == {kbps}


@pytest.mark.parametrize("rate_hz", RATES[AudioFormat.MP3])
def test_the_sound_is_as_long_and_begins_when_it_did_at_every_bit_rate(
    tmp_path: Path, write_wav: WriteWav, rate_hz: int
) -> None:
    """Where a frame has no room for the encoder's own note of that, we put one before it."""
    frames = rate_hz // 2 + 77
    time_s = np.arange(frames) / rate_hz
    burst = np.sin(2 * np.pi * 400 * time_s) * np.exp(-(((time_s - 0.2) / 0.03) ** 2))
    source = write_wav(np.repeat(0.5 * burst.astype(np.float32)[:, None], 2, axis=1), rate_hz=rate_hz)

    for number, kbps in enumerate((None, *bitrates_of(AudioFormat.MP3, rate_hz))):
        target = tmp_path / f"{number}.mp3"
        convert(source, target, ConversionSettings(AudioFormat.MP3, bitrate_kbps=kbps), tags=Tags(title="Burst"))
        heard = np.concatenate(list(read_blocks(target))).mean(axis=1)
        assert verify(target).frames == inspect(target).frames == len(heard) == frames, kbps
        assert np.sum(heard**2 * time_s) / np.sum(heard**2) == pytest.approx(0.2, abs=0.002), kbps


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg isn't installed")
@pytest.mark.parametrize("kbps", [32, 40, 320])
def test_another_decoder_understands_the_note_too(tmp_path: Path, write_wav: WriteWav, kbps: int) -> None:
    source, target = write_wav(noise(50_000)), tmp_path / "a.mp3"

    convert(source, target, ConversionSettings(AudioFormat.MP3, bitrate_kbps=kbps))
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", target, "-f", "s16le", "-"], capture_output=True, check=True)

    assert raw.stderr == b""
    assert len(raw.stdout) == 50_000 * 4


def test_a_variable_bit_rate_follows_the_sound_and_its_quality(tmp_path: Path, write_wav: WriteWav) -> None:
    """What is simple gets few bits, what is dense many; and all together fewer, the lower the quality."""
    time_s = np.arange(48_000) / 48_000
    simple = np.repeat((0.3 * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32)[:, None], 2, axis=1)
    source = write_wav(np.concatenate([simple, noise(48_000)]))

    means = []
    for quality in (0.0, 2.0, 4.5, 9.0):
        target = tmp_path / f"{quality}.mp3"
        convert(source, target, ConversionSettings(AudioFormat.MP3, quality=quality))
        rates = mp3_bitrates(target)
        means.append(float(np.mean(rates)))
        assert np.mean(rates[: len(rates) // 3]) < 0.7 * np.mean(rates[-len(rates) // 3 :])

    assert means == sorted(means, reverse=True)
    assert means[0] > 1.5 * means[-1]


def test_a_quality_of_vorbis_is_the_encoders_own(tmp_path: Path, write_wav: WriteWav) -> None:
    """As a bit rate names the same scale: 160 kbit/s is quality 5."""
    source = write_wav(noise(48_000))
    sizes = []
    for quality in (0.0, 2.5, 5.0, 10.0):
        target = tmp_path / f"{quality}.ogg"
        convert(source, target, ConversionSettings(AudioFormat.OGG, quality=quality))
        sizes.append(target.stat().st_size)

    convert(source, tmp_path / "160.ogg", ConversionSettings(AudioFormat.OGG, bitrate_kbps=160))

    assert sizes == sorted(sizes)
    assert (tmp_path / "160.ogg").stat().st_size == sizes[2]


@pytest.mark.parametrize("audio_format", list(AudioFormat))
def test_a_quality_that_an_encoder_lacks_is_refused(
    tmp_path: Path, write_wav: WriteWav, audio_format: AudioFormat
) -> None:
    highest = QUALITIES.get(audio_format, (0, 5))[1]

    for settings in (
        ConversionSettings(audio_format, quality=highest if audio_format not in QUALITIES else highest + 0.1),
        ConversionSettings(audio_format, quality=float("nan")),
        ConversionSettings(audio_format, quality=1.0, bitrate_kbps=128),
    ):
        with pytest.raises(ExportError, match=r"quality|bit rate"):
            convert(write_wav(noise(1_000)), tmp_path / "b", settings)

    assert not (tmp_path / "b").exists()
