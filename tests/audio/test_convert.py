from __future__ import annotations

import signal
import sys
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.audio.convert import ConversionSettings, convert, plan
from app.audio.files import BIT_DEPTHS, encode, inspect, read_blocks, verify
from app.audio.publishing import written_beside
from app.audio.tags import Tags, read_tags
from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.errors import BrokenAudio, ExportError, StorageError
from tests.audio.conftest import Floats, WriteWav, noise

KEEP = ConversionSettings()


def read(path: Path) -> Floats:
    return np.concatenate(list(read_blocks(path)))


def sine(frequency_hz: float, rate_hz: int, seconds: float = 2.0, level: float = 0.5) -> Floats:
    time_s = np.arange(round(rate_hz * seconds), dtype=np.float64) / rate_hz
    return (level * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)[:, None]


@pytest.mark.parametrize("audio_format", list(AudioFormat))
def test_a_file_that_changes_in_nothing_is_copied_byte_by_byte(tmp_path: Path, audio_format: AudioFormat) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    encode([noise(30_000)], source, format=audio_format, sample_rate_hz=48_000, channels=2)

    info = convert(source, target, ConversionSettings(format=audio_format, sample_rate_hz=48_000, channels=2))

    assert target.read_bytes() == source.read_bytes()
    assert info == inspect(source)


@pytest.mark.parametrize(
    ("audio_format", "depth"),
    [(audio_format, depth) for audio_format in AudioFormat for depth in BIT_DEPTHS[audio_format] or (None,)],
)
def test_every_format_comes_out_as_asked(
    tmp_path: Path, write_wav: WriteWav, audio_format: AudioFormat, depth: BitDepth | None
) -> None:
    source, target = write_wav(noise(44_100), rate_hz=44_100), tmp_path / "b"

    info = convert(
        source,
        target,
        ConversionSettings(audio_format, sample_rate_hz=48_000, channels=1, bit_depth=depth),
    )

    assert info == verify(target)
    assert (info.format, info.sample_rate_hz, info.channels) == (audio_format, 48_000, 1)
    assert info.bit_depth is depth
    assert abs(info.frames - 48_000) <= 1


@pytest.mark.parametrize(
    ("subtype", "bits", "depth"),
    [("PCM_16", 16, BitDepth.INT24), ("PCM_24", 24, BitDepth.FLOAT32), ("PCM_16", 16, None)],
)
def test_a_change_of_container_or_more_depth_keeps_every_bit(
    tmp_path: Path, write_wav: WriteWav, subtype: str, bits: int, depth: BitDepth | None
) -> None:
    samples = noise(30_000, bits=bits)
    target = tmp_path / "b"
    audio_format = AudioFormat.WAV if depth is BitDepth.FLOAT32 else AudioFormat.FLAC

    convert(write_wav(samples, subtype=subtype), target, ConversionSettings(audio_format, bit_depth=depth))

    assert np.array_equal(read(target), samples)


def test_a_selection_is_exact(tmp_path: Path, write_wav: WriteWav) -> None:
    samples = noise(100_000)
    target = tmp_path / "b.wav"

    convert(write_wav(samples), target, ConversionSettings(start_frame=12_345, end_frame=90_001))

    assert np.array_equal(read(target), samples[12_345:90_001])


@pytest.mark.parametrize(("start", "end"), [(50, 50), (60, 50), (1_000, None)])
def test_an_empty_selection_is_refused(tmp_path: Path, write_wav: WriteWav, start: int, end: int | None) -> None:
    with pytest.raises(ExportError, match="empty"):
        convert(write_wav(noise(1_000)), tmp_path / "b", ConversionSettings(start_frame=start, end_frame=end))


def test_gain_scales(tmp_path: Path, write_wav: WriteWav) -> None:
    samples = noise(10_000)
    target = tmp_path / "b.wav"

    convert(write_wav(samples), target, ConversionSettings(bit_depth=BitDepth.FLOAT32, gain_db=-6.0))

    assert np.allclose(read(target), samples * 10 ** (-6 / 20), rtol=1e-6)


def test_too_much_gain_stops_at_full_scale(tmp_path: Path, write_wav: WriteWav) -> None:
    target = tmp_path / "b.wav"

    convert(write_wav(sine(440, 48_000)), target, ConversionSettings(gain_db=20.0))

    assert read(target).max() == pytest.approx(1.0, abs=1e-4)
    assert read(target).min() == -1.0


def test_stereo_becomes_the_mean_and_mono_both_sides(tmp_path: Path, write_wav: WriteWav) -> None:
    stereo, mono = noise(10_000), noise(10_000, 1)
    down, up = tmp_path / "down.wav", tmp_path / "up.wav"

    convert(write_wav(stereo), down, ConversionSettings(channels=1, bit_depth=BitDepth.FLOAT32))
    convert(write_wav(mono), up, ConversionSettings(channels=2))

    assert np.allclose(read(down)[:, 0], stereo.mean(axis=1), atol=1e-7)
    assert np.array_equal(read(up), np.repeat(mono, 2, axis=1))


def test_six_channels_become_stereo_where_the_format_takes_no_more(tmp_path: Path, write_wav: WriteWav) -> None:
    source = write_wav(noise(10_000, 6))

    info = convert(source, tmp_path / "b.mp3", ConversionSettings(AudioFormat.MP3))

    assert info.channels == 2
    assert convert(source, tmp_path / "c.flac", ConversionSettings(AudioFormat.FLAC)).channels == 6


def test_a_rate_that_the_format_lacks_becomes_the_nearest(tmp_path: Path, write_wav: WriteWav) -> None:
    source = write_wav(noise(44_100), rate_hz=44_100)

    info = convert(source, tmp_path / "b.opus", ConversionSettings(AudioFormat.OPUS))

    assert info.sample_rate_hz == 48_000
    with pytest.raises(ExportError, match=r"OPUS can’t be written at 44,100 Hz"):
        convert(source, tmp_path / "c.opus", ConversionSettings(AudioFormat.OPUS, sample_rate_hz=44_100))


def test_the_same_export_twice_gives_the_same_samples(tmp_path: Path, write_wav: WriteWav) -> None:
    source = write_wav(noise(10_000, bits=24), subtype="PCM_24")

    for name in ("b.wav", "c.wav"):
        convert(source, tmp_path / name, ConversionSettings(bit_depth=BitDepth.INT16))

    assert (tmp_path / "b.wav").read_bytes() == (tmp_path / "c.wav").read_bytes()


def test_an_existing_file_is_never_replaced_silently(tmp_path: Path, write_wav: WriteWav) -> None:
    source, target = write_wav(noise(1_000)), tmp_path / "b.wav"
    target.write_text("precious")

    with pytest.raises(ExportError, match="exists already"):
        convert(source, target, KEEP)
    kept = target.read_text()
    convert(source, target, KEEP, replace=True)

    assert kept == "precious"
    assert verify(target).frames == 1_000


def test_a_file_that_appears_meanwhile_is_not_replaced_either(tmp_path: Path) -> None:
    target = tmp_path / "b"

    def write_while_another_does() -> None:
        with written_beside(target, replace=False) as beside:
            beside.write_text("mine")
            target.write_text("theirs")

    with pytest.raises(FileExistsError):
        write_while_another_does()

    assert target.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_stopping_and_failing_leave_nothing_behind(tmp_path: Path, write_wav: WriteWav) -> None:
    source = write_wav(noise(300_000))
    broken = tmp_path / "broken.flac"
    soundfile.write(broken, noise(300_000), 48_000)
    broken.write_bytes(broken.read_bytes()[:300_000])
    before = sorted(tmp_path.iterdir())
    asked: list[bool] = []

    def after_three() -> bool:
        asked.append(True)
        return len(asked) > 3

    for settings in (KEEP, ConversionSettings(AudioFormat.OGG)):
        asked.clear()
        with pytest.raises(CancelledError):
            convert(source, tmp_path / "b", settings, cancelled=after_three if settings.format else lambda: True)
    with pytest.raises(BrokenAudio):
        convert(broken, tmp_path / "b", ConversionSettings(AudioFormat.WAV))
    with pytest.raises(StorageError):
        convert(tmp_path / "gone.wav", tmp_path / "b", KEEP)

    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_is_not_there_says_so(tmp_path: Path, write_wav: WriteWav) -> None:
    with pytest.raises(ExportError, match=r"b\.wav can’t be written"):
        convert(write_wav(noise(1_000)), tmp_path / "nowhere" / "b.wav", KEEP)


def test_progress_only_grows_and_ends_at_one(tmp_path: Path, write_wav: WriteWav) -> None:
    source = write_wav(noise(300_000))

    for name, settings in (("b.wav", KEEP), ("c.mp3", ConversionSettings(AudioFormat.MP3))):
        told: list[float] = []
        convert(source, tmp_path / name, settings, progress=told.append)
        assert told == sorted(told)
        assert told[-1] == 1.0


def test_tags_are_in_the_file_when_it_appears(tmp_path: Path, write_wav: WriteWav) -> None:
    samples = noise(10_000)
    target = tmp_path / "b.wav"
    tags = Tags(title="Rain", prompt="rain on a tin roof", seed="7", is_made_with_ai=True)

    convert(write_wav(samples), target, KEEP, tags=tags)

    assert read_tags(target) == tags
    assert np.array_equal(read(target), samples)


def test_the_plan_keeps_what_is_not_asked_for() -> None:
    source = AudioInfo(AudioFormat.MP3, 44_100, 2, 1_000, None)

    kept = plan(source, KEEP)
    as_wav = plan(source, ConversionSettings(AudioFormat.WAV))

    assert kept.is_copy
    assert (as_wav.sample_rate_hz, as_wav.channels, as_wav.bit_depth) == (44_100, 2, BitDepth.INT24)
    assert (
        plan(AudioInfo(AudioFormat.WAV, 48_000, 1, 9, BitDepth.FLOAT32), ConversionSettings(AudioFormat.FLAC)).bit_depth
        is BitDepth.INT24
    )
    with pytest.raises(ExportError, match="bit rate"):
        plan(source, ConversionSettings(AudioFormat.MP3, bitrate_kbps=100))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to set")
@pytest.mark.parametrize("audio_format", list(AudioFormat))
def test_a_full_disk_is_told_by_every_encoder_and_nothing_is_left(
    tmp_path: Path, write_wav: WriteWav, audio_format: AudioFormat
) -> None:
    import resource

    source = write_wav(noise(480_000))
    before, (soft, hard) = sorted(tmp_path.iterdir()), resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        with pytest.raises(ExportError, match=r"b\.out can’t be written: .+ Look whether its disk is full\."):
            convert(source, tmp_path / "b.out", ConversionSettings(audio_format, channels=1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)

    assert sorted(tmp_path.iterdir()) == before


def test_a_sample_that_a_lower_rate_has_no_room_for_is_no_empty_file(tmp_path: Path, write_wav: WriteWav) -> None:
    source = write_wav(noise(1))

    with pytest.raises(ExportError, match="no sample of it is left at 12,000 Hz"):
        convert(source, tmp_path / "b.wav", ConversionSettings(sample_rate_hz=12_000))

    assert list(tmp_path.iterdir()) == [source]
