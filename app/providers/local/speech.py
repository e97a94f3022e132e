"""Speech from text, by a formant synthesiser: plain, but it speaks many languages and needs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import GenerationFailed, RequestRejected
from app.domain.voice import Voice
from app.providers.local.espeak import espeak
from app.providers.local.voices import as_voices, resolved
from app.providers.local.watch import CancelFlag, Watch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_SILENT = 8  # of 32,768: nothing anybody could hear


@dataclass(frozen=True, slots=True)
class Speech:
    """One spoken text.

    Attributes:
        samples: Shape (frames, 1), float32, -1.0 to 1.0.
    """

    samples: npt.NDArray[np.float32]
    sample_rate_hz: int
    voice: Voice


def list_voices(provider: str) -> tuple[Voice, ...]:
    """All voices. Quick, but loads a library: not for the thread of a window.

    Raises:
        GenerationFailed: The library can't be loaded.
    """
    return as_voices(espeak().voices(), provider)


def speak(
    text: str,
    voice: str,
    *,
    speed_wpm: int = 175,
    pitch: int = 50,
    volume: int = 100,
    progress: Callable[[float], None] | None = None,
    cancelled: CancelFlag | None = None,
) -> Speech:
    """Speak a text. The library lets a voice waver a little, so two readings differ by a few milliseconds.

    Args:
        voice: An id of `list_voices`, or a language.
        speed_wpm: Words a minute, 80 to 450.
        pitch: 0 to 99; 50 is normal.
        volume: 0 to 200; 100 is normal.
    Raises:
        RequestRejected: There is no such voice.
        GenerationFailed: Nothing in the text can be spoken.
        Cancelled: `cancelled` was set.
    """
    import numpy as np

    chosen = resolved(voice, list_voices("local"))
    if chosen is None:
        raise RequestRejected(f"There is no voice “{voice}”. Choose another one.", "voice")
    watch = Watch(progress, cancelled)
    blocks: list[bytes] = []
    furthest = 0

    def heard(samples: bytes, position: int) -> bool:
        nonlocal furthest
        furthest = max(furthest, min(position, len(text)))  # most blocks don't say where they are
        watch.reached(furthest / (len(text) + 1))
        blocks.append(samples)
        return True

    watch.check()
    espeak().speak(text, chosen.id, speed_wpm=speed_wpm, pitch=pitch, volume=volume, heard=heard)
    spoken = np.frombuffer(b"".join(blocks), dtype=np.int16)
    if not len(spoken) or int(np.max(np.abs(spoken.astype(np.int32)))) < _SILENT:
        raise GenerationFailed(
            "This voice found nothing to say in the text. Use words, or a voice that reads this script."
        )
    watch.reached(1.0)
    samples = (spoken.astype(np.float32) / 32_768.0).reshape(-1, 1)
    return Speech(samples, espeak().sample_rate_hz, chosen)
