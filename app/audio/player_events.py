"""What a player is told and tells its listeners, in values that load no library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.domain.audio import AudioInfo
from app.domain.errors import AppError

if TYPE_CHECKING:
    from app.domain.export_settings import FadeShape

HEARD_AFTER_S = 0.5  # so much of a file that still arrives has to be there before it sounds, or sounds again


class PlayerState(StrEnum):
    """EMPTY: nothing is loaded; STOPPED: at the start; ENDED: the last sample was heard."""

    EMPTY = "empty"
    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"


class Monitor(StrEnum):
    """What of two channels is heard: LEFT and RIGHT put that one on both sides, MONO the mean of both."""

    STEREO = "stereo"
    LEFT = "left"
    RIGHT = "right"
    MONO = "mono"


class Levels(NamedTuple):
    """How loud left and right were; 1.0 is full scale."""

    peak: tuple[float, float]
    rms: tuple[float, float]


SILENT = Levels((0.0, 0.0), (0.0, 0.0))


class PlayedShape(NamedTuple):
    """A clip as it will be handed over: from start to end of a file, with its fades, as `fading.faded` makes them.

    Attributes:
        start: The first frame of the file that is heard.
        end: The first one after the clip.
        fade_in: Frames, 0 for none.
        fade_out: Frames, 0 for none; both together are at most as long as the clip.
    """

    start: int
    end: int
    fade_in: int
    fade_out: int
    shape: FadeShape


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
