"""From one take of an order to the bytes of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, Protocol

from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.providers.local.orders import Audio, Order, SketchOrder, SpeechOrder
from app.providers.local.watch import CancelFlag, Watch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_BLOCK = 32_768
_SHARE_OF_SOUND = 0.9


class Encoder(Protocol):
    """Writes samples as an audio file; 24 bit where the format is lossless."""

    def __call__(
        self,
        blocks: Iterable[npt.NDArray[np.float32]],
        target: IO[bytes],
        *,
        format: AudioFormat,  # noqa: A002  (the word for it everywhere)
        sample_rate_hz: int,
        channels: int,
        bit_depth: BitDepth | None = None,
        bitrate_kbps: int | None = None,
    ) -> AudioInfo: ...


@dataclass(frozen=True, slots=True)
class Made:
    """A finished take: its file, and what there is to say about it."""

    data: bytes
    remark: str


def make(order: Order, number: int, encode: Encoder, progress: Callable[[float], None], cancelled: CancelFlag) -> Made:
    """Make take `number` (from 0) of an order. A sketch is the same to the sample each time, speech to the ear.

    Raises:
        Cancelled: `cancelled` was set.
        AppError: It can't be made.
    """
    watch = Watch(progress, cancelled)
    watch.within(0.0, _SHARE_OF_SOUND)
    if isinstance(order, SketchOrder):
        samples, rate_hz, remark = _sketched(order, number, watch.reached, cancelled)
    else:
        samples, rate_hz, remark = _spoken(order, watch.reached, cancelled)
    watch.within(_SHARE_OF_SOUND, 1.0 - _SHARE_OF_SOUND)
    return Made(_encoded(samples, rate_hz, order.audio, encode, watch), remark)


def _sketched(
    order: SketchOrder, number: int, progress: Callable[[float], None], cancelled: CancelFlag
) -> tuple[npt.NDArray[np.float32], int, str]:
    from app.providers.local.sketch import SAMPLE_RATE_HZ, render

    sketch = render(order.prompt, order.duration_s, order.seeds[number], progress=progress, cancelled=cancelled)
    return sketch.samples, SAMPLE_RATE_HZ, sketch.summary


def _spoken(
    order: SpeechOrder, progress: Callable[[float], None], cancelled: CancelFlag
) -> tuple[npt.NDArray[np.float32], int, str]:
    from app.providers.local.speech import speak

    speech = speak(
        order.text,
        order.voice,
        speed_wpm=order.speed_wpm,
        pitch=order.pitch,
        volume=order.volume,
        progress=progress,
        cancelled=cancelled,
    )
    return speech.samples, speech.sample_rate_hz, f"Spoken by {speech.voice.name}"


def _encoded(samples: npt.NDArray[np.float32], rate_hz: int, audio: Audio, encode: Encoder, watch: Watch) -> bytes:
    """The samples as a file of the wanted rate and channels."""
    fitted = _fitted(samples, rate_hz, audio)

    def blocks() -> Iterable[npt.NDArray[np.float32]]:
        for start in range(0, len(fitted), _BLOCK):
            watch.reached(start / len(fitted))
            yield fitted[start : start + _BLOCK]

    # In memory: a process that is killed leaves nothing on the disk.
    file = BytesIO()
    encode(
        blocks(),
        file,
        format=audio.format,
        sample_rate_hz=audio.sample_rate_hz,
        channels=audio.channels,
        bitrate_kbps=audio.bitrate_kbps,
    )
    return file.getvalue()


def _fitted(samples: npt.NDArray[np.float32], rate_hz: int, audio: Audio) -> npt.NDArray[np.float32]:
    """The samples at another rate and with another number of channels, never above full scale."""
    import numpy as np

    if samples.shape[1] > audio.channels:
        samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
    elif samples.shape[1] < audio.channels:
        samples = np.repeat(samples, audio.channels, axis=1)
    if rate_hz != audio.sample_rate_hz:
        import soxr

        samples = soxr.resample(samples, rate_hz, audio.sample_rate_hz, quality="HQ")
        # Between two old samples a new one may be higher than both.
        peak = float(np.max(np.abs(samples), initial=0.0))
        if peak > 1.0:
            samples = samples / np.float32(peak)
    return np.ascontiguousarray(samples, dtype=np.float32)
