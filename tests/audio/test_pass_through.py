"""An export that changes nothing hands over the same audio, byte for byte, whatever tags are put beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.audio import containers, mp3_frames
from app.audio.convert import ConversionSettings, convert
from app.audio.encoding import encode
from app.audio.files import inspect, read_blocks
from app.audio.formats import BIT_DEPTHS
from app.audio.tags import Tags, read_tags
from app.domain.audio import AudioFormat, BitDepth
from tests.audio.conftest import noise

CASES = [(each, depth) for each in AudioFormat for depth in BIT_DEPTHS[each] or (None,)]
TAGS = Tags(title="Rain", prompt="rain on a tin roof", service="local", seed="7")


def audio_of(path: Path, audio_format: AudioFormat) -> bytes:
    """The bytes of the sound, without the words around it."""
    data = path.read_bytes()
    if audio_format is AudioFormat.WAV:
        with path.open("rb") as file:
            found = containers._find_wav_data(file)
        assert found is not None
        return data[found.start : found.start + found.announced]
    if audio_format is AudioFormat.FLAC:
        at, is_last = 4, False
        while not is_last:
            is_last = bool(data[at] & 0x80)
            at += 4 + int.from_bytes(data[at + 1 : at + 4], "big")
        return data[at:]
    if audio_format is AudioFormat.MP3:
        return data[mp3_frames.first_frame(data) :]
    return b"".join(body for position, body in _pages(data) if position != 0)


def _pages(data: bytes) -> list[tuple[int, bytes]]:
    """Position in samples, and body, of the pages of an Ogg file; those of its heads are at 0."""
    at, found = 0, []
    while at < len(data):
        segments = data[at + 26]
        body = at + 27 + segments
        end = body + sum(data[at + 27 : body])
        found.append((int.from_bytes(data[at + 6 : at + 14], "little", signed=True), data[body:end]))
        at = end
    return found


@pytest.mark.parametrize(("audio_format", "depth"), CASES)
def test_the_sound_is_the_same_to_the_last_byte(
    tmp_path: Path, audio_format: AudioFormat, depth: BitDepth | None
) -> None:
    source, plain, tagged = (tmp_path / name for name in ("source", "plain", "tagged"))
    encode([noise(60_000)], source, format=audio_format, sample_rate_hz=48_000, channels=2, bit_depth=depth)

    convert(source, plain, ConversionSettings())
    convert(source, tagged, ConversionSettings(audio_format, 48_000, 2, depth), tags=TAGS)

    assert plain.read_bytes() == source.read_bytes()
    assert audio_of(tagged, audio_format) == audio_of(source, audio_format)
    assert len(audio_of(source, audio_format)) > 0.5 * source.stat().st_size
    assert read_tags(tagged) == TAGS
    assert inspect(tagged) == inspect(source)
    assert all(np.array_equal(*pair) for pair in zip(read_blocks(tagged), read_blocks(source), strict=True))
