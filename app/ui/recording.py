"""A recording that is listened to beside its transcript."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.audio import AudioInfo


@dataclass(frozen=True, slots=True)
class Recording:
    """Where its audio lies, and what that holds."""

    path: Path
    info: AudioInfo
