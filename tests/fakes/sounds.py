"""Small sounds for services that are not there, and a quick check that they are whole."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.errors import BrokenAudio

RATE_HZ = 8_000


def tone(number: int, frames: int = 400) -> bytes:
    """A mono WAV file that differs for each number."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(b"".join(((number * 37 + n) % 30_000).to_bytes(2, "little") for n in range(frames)))
    return file.getvalue()


def whole_wav(path: Path) -> AudioInfo:
    """What a WAV file holds; stands in for the decoder, which knows many more formats and is slower.

    Raises:
        BrokenAudio: it isn't one, or bytes are missing.
    """
    try:
        with wave.open(str(path), "rb") as sound:
            frames, channels, width = sound.getnframes(), sound.getnchannels(), sound.getsampwidth()
            if len(sound.readframes(frames)) != frames * channels * width:
                raise BrokenAudio("The result is cut short.")
            return AudioInfo(AudioFormat.WAV, sound.getframerate(), channels, frames, BitDepth.INT16)
    except (wave.Error, EOFError) as error:
        raise BrokenAudio("The result isn't playable audio.") from error
