"""The audio that the services make."""

from __future__ import annotations

import io

import pytest
import soundfile

from tests.servers.runware_models import MP3_BITRATES_KBPS
from tests.servers.sounds import CONTENT_TYPES, OPUS_RATES_HZ, Sound, with_placeholder_sizes

_MPEG1_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2_KBPS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_STANDARD_KBPS = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}


def _kbps_of_frames(content: bytes) -> set[int]:
    """The bit rates in the headers of the first frames, found without a decoder."""
    rates = set()
    at = content.index(b"\xff")
    for _ in range(8):
        assert content[at] == 0xFF
        assert content[at + 1] & 0xE0 == 0xE0
        version = content[at + 1] >> 3 & 3
        kbps = (_MPEG1_KBPS if version == 3 else _MPEG2_KBPS)[content[at + 2] >> 4]
        rate_hz = (44_100, 48_000, 32_000)[content[at + 2] >> 2 & 3] // {3: 1, 2: 2, 0: 4}[version]
        rates.add(kbps)
        at += (144 if version == 3 else 72) * kbps * 1000 // rate_hz + (content[at + 2] >> 1 & 1)
    return rates


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate_hz", MP3_BITRATES_KBPS)
def test_mp3_has_exactly_the_bit_rate_asked_for(rate_hz, channels):
    least, most = MP3_BITRATES_KBPS[rate_hz]
    for kbps in sorted(rate for rate in _STANDARD_KBPS if least <= rate <= most):
        content = Sound("mp3", rate_hz, channels, 0.8, kbps).encoded()

        assert _kbps_of_frames(content) == {kbps}


@pytest.mark.parametrize(
    ("audio_format", "rate_hz", "subtype"),
    [
        ("wav", 44_100, "PCM_16"),
        ("flac", 48_000, "PCM_16"),
        ("mp3", 22_050, "MPEG_LAYER_III"),
        ("ogg", 8_000, "VORBIS"),
        *(("opus", rate_hz, "OPUS") for rate_hz in OPUS_RATES_HZ),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_files_are_what_they_are_called(audio_format, rate_hz, subtype, channels):
    content = Sound(audio_format, rate_hz, channels, 0.5).encoded()

    with soundfile.SoundFile(io.BytesIO(content)) as file:
        assert file.subtype == subtype
        assert file.channels == channels
        assert file.samplerate == rate_hz
        assert file.frames == rate_hz // 2
        assert abs(file.read()).max() > 0.2


def test_a_long_vorbis_file_is_written_whole():
    content = Sound("ogg", 48_000, 2, 10.0).encoded()

    assert soundfile.info(io.BytesIO(content)).frames == 480_000


def test_headerless_formats_have_the_size_of_their_frames():
    assert len(Sound("pcm", 24_000, 1, 0.5).encoded()) == 24_000
    assert len(Sound("ulaw", 8_000, 1, 0.5).encoded()) == 4_000
    assert len(Sound("alaw", 8_000, 1, 0.5).encoded()) == 4_000


@pytest.mark.parametrize("audio_format", CONTENT_TYPES)
def test_every_number_sounds_different_and_always_the_same(audio_format):
    sounds = [Sound(audio_format, 24_000, 1, 0.2, number=number) for number in range(60)]

    assert len({sound.encoded() for sound in sounds}) == 60
    assert Sound(audio_format, 24_000, 1, 0.2, number=7).encoded() == sounds[7].encoded()


def test_aac_is_a_stream_of_frames_that_follow_one_another():
    content = Sound("aac", 24_000, 1, 0.5).encoded()

    sizes, at = [], 0
    while at < len(content):
        assert content[at : at + 2] == b"\xff\xf1"
        sizes.append((content[at + 3] & 3) << 11 | content[at + 4] << 3 | content[at + 5] >> 5)
        at += sizes[-1]

    assert at == len(content)
    assert len(sizes) == 12


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0])
def test_a_streamed_wav_says_nothing_of_its_length_and_is_else_the_same(size):
    whole = Sound("wav", 24_000, 1, 0.25).encoded()

    streamed = with_placeholder_sizes(whole, size)

    assert streamed[4:8] == streamed[40:44] == size.to_bytes(4, "little")
    assert streamed[:4] + streamed[8:40] + streamed[44:] == whole[:4] + whole[8:40] + whole[44:]
