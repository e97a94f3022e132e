"""A WAV that is written piece by piece, as a service sends it."""

from __future__ import annotations

import io
from pathlib import Path

import soundfile

from tests.audio.conftest import Floats
from tests.servers.sounds import with_placeholder_sizes

RATE_HZ = 48_000
SAMPLE_BYTES = {"PCM_U8": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8}


class ArrivingWav:
    """The file, and the bytes that are still held back.

    Attributes:
        path: Where it grows; another name once it is whole.
    """

    def __init__(
        self,
        folder: Path,
        samples: Floats,
        *,
        subtype: str = "PCM_16",
        rate_hz: int = RATE_HZ,
        placeholder: int | None = 0xFFFFFFFF,
    ) -> None:
        file = io.BytesIO()
        soundfile.write(file, samples, rate_hz, subtype=subtype, format="WAV")
        self._start = file.getvalue().index(b"data") + 8
        self._frame_bytes = samples.shape[1] * SAMPLE_BYTES[subtype]
        whole = file.getvalue()[: self._start + len(samples) * self._frame_bytes]  # who streams doesn't pad
        self._whole = whole
        self._rest = whole if placeholder is None else with_placeholder_sizes(whole, placeholder)
        self.path = folder / "take.partial"
        self.path.touch()

    def send(self, count: int) -> int:
        """So many bytes more; says how many there were."""
        with self.path.open("ab") as file:
            file.write(self._rest[:count])
        sent, self._rest = len(self._rest[:count]), self._rest[count:]
        return sent

    def send_until(self, frame: int) -> None:
        """Everything up to this frame."""
        sent = self.path.stat().st_size
        self.send(self._start + frame * self._frame_bytes - sent)

    def finish(self) -> Path:
        """The rest, its true sizes, and its name."""
        self.send(len(self._rest))
        with self.path.open("r+b") as file:
            file.write(self._whole[: self._start])
        self.path = self.path.rename(self.path.with_name("take.wav"))
        return self.path

    def cut(self) -> Path:
        """No more of it comes."""
        self.path = self.path.rename(self.path.with_name("take.incomplete"))
        return self.path
