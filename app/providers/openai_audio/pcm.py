"""Raw samples as a WAV: a header goes before them while they arrive.

Sources: OpenAI's guide "Text to speech" (24 kHz, 16 bit, little-endian, one channel); openedai-speech, which says the
rate in the content type: `audio/pcm;rate=22050`.
"""

from __future__ import annotations

import re
import struct

USUAL_RATE_HZ = 24_000

_RATE = re.compile(r";\s*(?:sample_)?rate\s*=\s*\"?([0-9]{4,6})\b", re.IGNORECASE)
_CHANNELS = re.compile(r";\s*channels\s*=\s*\"?([12])\b", re.IGNORECASE)
_UNKNOWN_SIZE = 0xFFFFFFFF  # what live writers leave; it is repaired when the file is saved


def is_raw(content_type: str) -> bool:
    """Whether an answer calls itself raw samples."""
    return content_type.partition(";")[0].strip().lower() in ("audio/pcm", "audio/l16", "audio/x-pcm", "audio/raw")


def wav_header(content_type: str, asked_rate_hz: int | None = None) -> bytes:
    """The 44 bytes before the samples.

    Args:
        content_type: Of the answer; it may name rate and channels.
        asked_rate_hz: What the request asked for.
    """
    told_rate, told_channels = _RATE.search(content_type), _CHANNELS.search(content_type)
    rate_hz = int(told_rate[1]) if told_rate else asked_rate_hz or USUAL_RATE_HZ
    channels = int(told_channels[1]) if told_channels else 1
    frame_bytes = 2 * channels
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * frame_bytes, frame_bytes, 16)
    return b"".join(
        (
            b"RIFF",
            struct.pack("<I", _UNKNOWN_SIZE),
            b"WAVEfmt ",
            struct.pack("<I", len(form)),
            form,
            b"data",
            struct.pack("<I", _UNKNOWN_SIZE),
        )
    )
