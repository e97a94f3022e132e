"""What a player tells its listeners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.domain.audio import AudioInfo
from app.domain.errors import AppError

HEARD_AFTER_S = 0.5  # so much of a file that still arrives has to be there before it sounds, or sounds again


class PlayerState(StrEnum):
    """EMPTY: nothing is loaded; STOPPED: at the start; ENDED: the last sample was heard."""

    EMPTY = "empty"
    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StateChanged:
    state: PlayerState


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file was loaded, or switched to."""

    path: Path
    info: AudioInfo


@dataclass(frozen=True, slots=True)
class Failed:
    """A wish couldn't be carried out, or the device vanished; the player goes on and takes new wishes.

    Attributes:
        error: A PlaybackError (device) or a StorageError (file).
    """

    error: AppError


@dataclass(frozen=True, slots=True)
class Buffering:
    """It plays a file that still arrives, and waits in silence for more of it; or it goes on."""

    is_waiting: bool


@dataclass(frozen=True, slots=True)
class EndedEarly:
    """What arrived of a file that broke off meanwhile was heard to its end."""


PlayerEvent = StateChanged | Loaded | Failed | Buffering | EndedEarly
Listener = Callable[[PlayerEvent], None]
