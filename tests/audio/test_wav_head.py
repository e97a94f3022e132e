"""A WAV is known by its first bytes, however few of them arrive at a time."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from app.audio.files import inspect
from app.audio.wav_head import NotAWav, WavHead, WavHeadReader, read_wav_head
from tests.audio.conftest import noise
from tests.servers.sounds import with_placeholder_sizes


def wav(frames: int = 100, *, subtype: str = "PCM_16", rate_hz: int = 44_100, channels: int = 2) -> bytes:
    file = io.BytesIO()
    form = "WAVEX" if channels > 2 else "WAV"
    soundfile.write(file, noise(frames, channels), rate_hz, subtype=subtype, format=form)
    return file.getvalue()


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_it_says_the_same_as_the_decoder(tmp_path: Path, subtype: str, channels: int) -> None:
    data = wav(subtype=subtype, channels=channels)
    path = tmp_path / "a.wav"
    path.write_bytes(data)

    head = read_wav_head(data)

    assert head is not None
    assert head.info(len(data)) == inspect(path)


@given(sizes=st.lists(st.integers(1, 40), max_size=60))
def test_the_head_is_found_whatever_the_chunks(sizes: list[int]) -> None:
    data = wav()
    reader, at = WavHeadReader(), 0
    for size in [*sizes, len(data)]:
        reader.feed(data[at : at + size])
        at += size

    assert reader.head == read_wav_head(data)


def test_every_beginning_of_a_wav_may_still_become_one() -> None:
    data = wav()
    start = data.find(b"data") + 8

    assert [read_wav_head(data[:length]) for length in range(start)] == [None] * start


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFF000])
def test_a_placeholder_is_no_length(size: int) -> None:
    head = read_wav_head(with_placeholder_sizes(wav(), size))

    assert head is not None
    assert head.data_bytes is None
    assert head.frames_in(head.start + 41) == 10


def test_what_follows_after_the_samples_is_no_sound() -> None:
    head = WavHead(48_000, 2, 16, is_float=False, start=44, data_bytes=400)

    assert head.frames_in(10_000) == 100


@pytest.mark.parametrize(
    "data",
    [
        b"ID3\x03\x00\x00\x00\x00\x00\x00",
        b"fLaC\x00\x00\x00\x22",
        b"OggS\x00\x02",
        b"RIFF\x00\x00\x00\x00AVI LIST",
        wav()[:12] + b"data" + bytes(8),
        wav().replace(struct.pack("<HHI", 1, 2, 44_100), struct.pack("<HHI", 7, 2, 44_100)),
        wav().replace(struct.pack("<HHI", 1, 2, 44_100), struct.pack("<HHI", 1, 0, 44_100)),
        wav().replace(struct.pack("<HHI", 1, 2, 44_100), struct.pack("<HHI", 1, 2, 0)),
        wav()[:12] + b"LIST" + struct.pack("<I", 1 << 20) + bytes(100),
    ],
)
def test_what_cannot_be_read_while_it_grows_is_known_at_once(data: bytes) -> None:
    with pytest.raises(NotAWav):
        read_wav_head(data)

    reader = WavHeadReader()
    reader.feed(data)
    reader.feed(wav())
    assert reader.head is None
