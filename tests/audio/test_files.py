from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.audio import containers
from app.audio.files import (
    BIT_DEPTHS,
    RATES,
    bitrates_of,
    encode,
    inspect,
    nearest_rate,
    open_sound,
    read_blocks,
    verify,
)
from app.audio.mp3_frames import first_frame, has_info, read_header
from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.errors import BrokenAudio, StorageError
from tests.audio.conftest import Floats, noise

FORMATS = list(AudioFormat)


def write(path: Path, audio_format: AudioFormat, samples: Floats, rate_hz: int = 48_000) -> Path:
    encode([samples], path, format=audio_format, sample_rate_hz=rate_hz, channels=samples.shape[1])
    return path


def read(path: Path, **part: int) -> Floats:
    blocks = list(read_blocks(path, **part))
    return np.concatenate(blocks) if blocks else np.zeros((0, 0), np.float32)


MATRIX = [
    (audio_format, rate_hz, channels, depth)
    for audio_format in FORMATS
    for rate_hz in RATES[audio_format]
    for channels in (1, 2)
    for depth in BIT_DEPTHS[audio_format] or (None,)
]


@pytest.mark.parametrize(("audio_format", "rate_hz", "channels", "depth"), MATRIX)
def test_every_offered_combination_is_written_and_read_back(
    tmp_path: Path, audio_format: AudioFormat, rate_hz: int, channels: int, depth: BitDepth | None
) -> None:
    samples = noise(rate_hz // 4 + 7, channels, bits=16)
    path = tmp_path / "sound"

    written = encode(
        [samples[:100], samples[100:]],
        path,
        format=audio_format,
        sample_rate_hz=rate_hz,
        channels=channels,
        bit_depth=depth,
    )

    assert written == AudioInfo(audio_format, rate_hz, channels, len(samples), depth)
    assert inspect(path) == written
    assert verify(path) == written
    if audio_format.is_lossless:
        assert np.array_equal(read(path), samples)


@pytest.mark.parametrize("rate_hz", RATES[AudioFormat.MP3])
def test_an_mp3_has_exactly_the_bit_rate_that_was_chosen(tmp_path: Path, rate_hz: int) -> None:
    samples = noise(rate_hz // 4)
    path = tmp_path / "a.mp3"

    for bitrate in bitrates_of(AudioFormat.MP3, rate_hz):
        encode(
            [samples],
            path,
            format=AudioFormat.MP3,
            sample_rate_hz=rate_hz,
            channels=2,
            bitrate_kbps=bitrate,
        )
        data = path.read_bytes()
        start = first_frame(data)
        assert start is not None
        found = set()
        while (header := read_header(data, start)) is not None:
            if not has_info(data, start, header):  # that one is no sound, and may need more room
                found.add(header.bitrate_kbps)
            start += header.length_bytes
        assert found == {bitrate}


@pytest.mark.parametrize("audio_format", [AudioFormat.OGG, AudioFormat.OPUS])
def test_a_higher_bit_rate_makes_a_larger_file(tmp_path: Path, audio_format: AudioFormat) -> None:
    samples = noise(48_000)
    bitrates = bitrates_of(audio_format, 48_000)
    sizes = []

    for bitrate in bitrates:
        path = tmp_path / "sound"
        encode([samples], path, format=audio_format, sample_rate_hz=48_000, channels=2, bitrate_kbps=bitrate)
        sizes.append(path.stat().st_size)

    # Noise is the hardest of all sounds: encoders that aim at an average overshoot.
    assert sizes == sorted(sizes)
    assert 0.7 * bitrates[0] < sizes[0] * 8 / 1000 < 1.7 * bitrates[0]
    assert 0.7 * bitrates[-1] < sizes[-1] * 8 / 1000 < 1.7 * bitrates[-1]


@pytest.mark.parametrize(
    ("audio_format", "changed"),
    [
        (AudioFormat.OPUS, {"sample_rate_hz": 44_100}),
        (AudioFormat.MP3, {"sample_rate_hz": 96_000}),
        (AudioFormat.MP3, {"bitrate_kbps": 100}),
        (AudioFormat.WAV, {"bitrate_kbps": 128}),
        (AudioFormat.FLAC, {"bit_depth": BitDepth.FLOAT32}),
    ],
)
def test_what_a_format_cannot_hold_is_refused(
    tmp_path: Path, audio_format: AudioFormat, changed: dict[str, object]
) -> None:
    wish = {"format": audio_format, "sample_rate_hz": 48_000, "channels": 2, **changed}

    with pytest.raises(ValueError):
        encode([noise(100)], tmp_path / "a", **wish)  # type: ignore[arg-type]


def test_three_channels_are_no_mp3(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        encode([noise(9, 3)], tmp_path / "a", format=AudioFormat.MP3, sample_rate_hz=48_000, channels=3)


@given(value=st.floats(-1.5, 1.5, width=32))
def test_integers_are_rounded_to_the_nearest_step_and_stop_at_full_scale(
    tmp_path_factory: pytest.TempPathFactory, value: float
) -> None:
    path = tmp_path_factory.getbasetemp() / "rounded.wav"
    for depth, bits in ((BitDepth.INT16, 16), (BitDepth.INT24, 24)):
        encode(
            [np.full((3, 1), value, np.float32)],
            path,
            format=AudioFormat.WAV,
            sample_rate_hz=8_000,
            channels=1,
            bit_depth=depth,
        )
        step = 2.0 ** (1 - bits)
        assert abs(read(path)[0, 0] - np.clip(value, -1.0, 1.0 - step)) <= step / 2


@pytest.mark.parametrize("audio_format", FORMATS)
def test_the_format_is_told_by_the_bytes_not_by_the_name(tmp_path: Path, audio_format: AudioFormat) -> None:
    for name in ("a.wav", "b.mp3", "c.raw", "d", "e.txt"):
        path = write(tmp_path / name, audio_format, noise(5_000))

        assert inspect(path).format is audio_format
        assert verify(path).frames == 5_000


@pytest.mark.parametrize("audio_format", FORMATS)
@given(where=st.floats(0.0, 0.99))
@settings(max_examples=25)
def test_a_file_is_never_taken_for_a_whole_one_if_it_can_be_told_that_it_was_cut(
    tmp_path_factory: pytest.TempPathFactory, audio_format: AudioFormat, where: float
) -> None:
    folder = tmp_path_factory.getbasetemp()
    whole = folder / f"whole.{audio_format}"
    if not whole.exists():
        write(whole, audio_format, noise(30_000))
    data = whole.read_bytes()
    length = int(len(data) * where)
    assume(length not in _ends_of_pages(data))
    cut = folder / f"cut.{audio_format}"
    cut.write_bytes(data[:length])

    with pytest.raises(BrokenAudio):
        verify(cut)


@pytest.mark.parametrize("audio_format", [AudioFormat.OGG, AudioFormat.OPUS])
def test_whole_pages_of_an_ogg_are_a_shorter_file(tmp_path: Path, audio_format: AudioFormat) -> None:
    data = write(tmp_path / "whole", audio_format, noise(100_000)).read_bytes()
    *_, last_but_one, _last = _ends_of_pages(data)
    cut = tmp_path / "cut"
    cut.write_bytes(data[:last_but_one])

    assert 0 < verify(cut).frames < 100_000


def _ends_of_pages(data: bytes) -> list[int]:
    """After how many bytes each page of an Ogg ends, which doesn’t say whether one follows; none of other files."""
    ends: list[int] = []
    at = 0
    while data[at : at + 4] == b"OggS":
        segments = data[at + 26]
        at += 27 + segments + sum(data[at + 27 : at + 27 + segments])
        ends.append(at)
    return ends


@pytest.mark.parametrize("audio_format", FORMATS)
def test_a_file_without_its_last_byte_is_cut(tmp_path: Path, audio_format: AudioFormat) -> None:
    path = write(tmp_path / "a", audio_format, noise(30_000))
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(BrokenAudio):
        verify(path)


@given(junk=st.binary(max_size=300))
@settings(max_examples=200)
def test_garbage_is_broken_audio_and_nothing_else(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.mp3"
    for head in (b"", b"RIFF\x10\0\0\0WAVE", b"fLaC", b"OggS\0\2", b"ID3\4\0\0\0\0\0\5", b"\xff\xfb\x90\x64"):
        path.write_bytes(head + junk)
        with pytest.raises(BrokenAudio):
            verify(path)


@pytest.mark.parametrize("audio_format", FORMATS)
def test_a_damaged_middle_is_found_or_still_decodes(tmp_path: Path, audio_format: AudioFormat) -> None:
    path = write(tmp_path / "a", audio_format, noise(30_000))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 300] = bytes(300)
    path.write_bytes(data)

    try:
        info = verify(path)
    except BrokenAudio:
        return
    assert info.frames > 0


def test_a_file_without_frames_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((0, 2), np.float32), 48_000)

    with pytest.raises(BrokenAudio, match="no sound"):
        verify(path)
    assert inspect(path).frames == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_broken(tmp_path: Path, bad: float) -> None:
    samples = noise(100_000)
    samples[70_000, 1] = bad
    path = tmp_path / "a.wav"
    soundfile.write(path, samples, 48_000, subtype="FLOAT")

    with pytest.raises(BrokenAudio, match="numbers"):
        verify(path)


def test_odd_but_sound_files_are_accepted(tmp_path: Path) -> None:
    one = write(tmp_path / "one.wav", AudioFormat.WAV, noise(1))
    low = write(tmp_path / "low.wav", AudioFormat.WAV, noise(800, 1), 8_000)
    high = write(tmp_path / "high.wav", AudioFormat.WAV, noise(19_200), 192_000)
    six = write(tmp_path / "six.wav", AudioFormat.WAV, noise(4_800, 6))
    loud = tmp_path / "loud.wav"
    soundfile.write(loud, np.full((100, 2), 3.5, np.float32), 48_000, subtype="FLOAT")

    assert verify(one) == AudioInfo(AudioFormat.WAV, 48_000, 2, 1, BitDepth.INT24)
    assert (verify(low).sample_rate_hz, verify(low).channels) == (8_000, 1)
    assert verify(high).sample_rate_hz == 192_000
    assert verify(six).channels == 6
    assert verify(loud).bit_depth is BitDepth.FLOAT32
    assert read(loud).max() == 3.5


def test_limits_stop_what_is_too_long_or_too_large(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", AudioFormat.FLAC, np.zeros((480_000, 2), np.float32))

    assert verify(path, max_duration_s=10.0).frames == 480_000
    with pytest.raises(BrokenAudio, match="longer"):
        verify(path, max_duration_s=9.9)
    with pytest.raises(BrokenAudio, match="bytes"):
        verify(path, max_bytes=100)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for ask in (inspect, verify, lambda path: list(read_blocks(path))):
        with pytest.raises(StorageError, match=r"gone\.wav is missing"):
            ask(tmp_path / "gone.wav")


def test_a_folder_is_no_audio_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        verify(tmp_path)


@pytest.mark.parametrize("audio_format", FORMATS)
@given(start=st.integers(0, 31_000), frames=st.integers(0, 31_000) | st.none(), block=st.integers(1, 9_000))
@settings(max_examples=20)
def test_a_part_reads_the_same_as_in_the_whole(
    tmp_path_factory: pytest.TempPathFactory,
    audio_format: AudioFormat,
    start: int,
    frames: int | None,
    block: int,
) -> None:
    path = tmp_path_factory.getbasetemp() / f"part.{audio_format}"
    if not path.exists():
        write(path, audio_format, noise(30_000))
    end = None if frames is None else start + frames

    blocks = list(read_blocks(path, start, frames, block_frames=block))

    assert all(0 < len(each) <= block for each in blocks)
    got = np.concatenate([np.zeros((0, 2), np.float32), *blocks])
    # A lossy decoder needs a moment to settle after a jump.
    assert np.allclose(got, read(path)[start:end], atol=0.0 if audio_format.is_lossless else 1e-5)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFF000])
def test_a_streamed_wav_gets_its_true_sizes(tmp_path: Path, size: int) -> None:
    samples = noise(10_000)
    path = tmp_path / "a.wav"
    soundfile.write(path, samples, 48_000)
    true = path.read_bytes()
    streamed = bytearray(true)
    at = streamed.find(b"data") + 4
    streamed[at : at + 4] = streamed[4:8] = struct.pack("<I", size)
    path.write_bytes(streamed)

    assert containers.repair_wav_sizes(path)

    assert path.read_bytes() == true
    assert verify(path).frames == 10_000
    assert not containers.repair_wav_sizes(path)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg isn't installed")
@pytest.mark.parametrize(
    ("options", "audio_format"),
    [
        (["-f", "mp3"], AudioFormat.MP3),
        (["-f", "mp3", "-write_xing", "0", "-id3v2_version", "0"], AudioFormat.MP3),
        (["-f", "mp3", "-metadata", "title=A long title", "-write_id3v1", "1"], AudioFormat.MP3),
        (["-f", "wav"], AudioFormat.WAV),
        (["-f", "flac"], AudioFormat.FLAC),
        (["-f", "ogg", "-c:a", "libvorbis"], AudioFormat.OGG),
        (["-f", "opus"], AudioFormat.OPUS),
    ],
)
def test_what_services_stream_through_a_pipe_is_accepted(
    tmp_path: Path, options: list[str], audio_format: AudioFormat
) -> None:
    """Piped files have no lengths in their headers."""
    source = write(tmp_path / "source.wav", AudioFormat.WAV, noise(100_001))
    path = tmp_path / "streamed"
    with path.open("wb") as file:
        subprocess.run(["ffmpeg", "-loglevel", "error", "-i", source, *options, "-"], stdout=file, check=True)

    info = verify(path)

    assert info == inspect(path)
    assert info.format is audio_format
    assert info.frames == sum(len(block) for block in read_blocks(path))
    assert 100_001 <= info.frames <= 100_001 + 2 * 1_152 + 1_105


def test_the_nearest_rate_is_the_next_higher_one() -> None:
    assert nearest_rate(AudioFormat.OPUS, 44_100) == 48_000
    assert nearest_rate(AudioFormat.OPUS, 96_000) == 48_000
    assert nearest_rate(AudioFormat.MP3, 8_001) == 11_025
    assert nearest_rate(AudioFormat.WAV, 44_101) == 44_101


@pytest.mark.parametrize("audio_format", FORMATS)
@given(places=st.lists(st.integers(0, 200_000), min_size=1, max_size=6))
@settings(max_examples=20)
def test_any_number_of_jumps_in_one_file_land_on_the_very_frame(
    tmp_path_factory: pytest.TempPathFactory, audio_format: AudioFormat, places: list[int]
) -> None:
    path = tmp_path_factory.getbasetemp() / f"jumps.{audio_format}"
    if not path.exists():
        write(path, audio_format, noise(200_000))
    whole = read(path)

    with open_sound(path) as sound:
        for place in places:
            sound.seek(place)
            got = sound.read(500)
            assert np.allclose(got, whole[place : place + 500], atol=0.0 if audio_format.is_lossless else 1e-5)
