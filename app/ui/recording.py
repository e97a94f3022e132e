"""A sound that is on show: a take, or the recording that is listened to beside its transcript."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.audio import AudioInfo


@dataclass(frozen=True, slots=True)
class Recording:
    """Where its audio lies, and what that holds.

    Attributes:
        is_growing: It is a WAV that still arrives; `info` tells of what is there.
    """

    path: Path
    info: AudioInfo
    is_growing: bool = False
