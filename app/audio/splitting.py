"""Recordings that are too long for a service, cut where nobody speaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.audio.convert import ConversionSettings, convert
from app.audio.files import inspect, read_blocks
from app.domain.audio import AudioFormat
from app.domain.transcription_spec import SPOKEN_KBPS

_WINDOW_S = 0.05
_PAUSE_S = 0.4  # shorter than a breath between sentences, longer than one inside a word
_SEARCHED_SHARE = 0.15  # of the longest part, before its end


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a recording, in a file of its own.

    Attributes:
        start_s, end_s: Seconds from the start of the recording.
    """

    start_s: float
    end_s: float
    path: Path


def split(
    path: Path,
    longest_s: float | None,
    folder: Path,
    *,
    file_format: AudioFormat = AudioFormat.MP3,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Cut]:
    """Write a recording as parts of at most so many seconds each, mono, cut at the quietest places. Blocking.

    Args:
        longest_s: None keeps it in one part.
        folder: Where the parts are written.
        cancelled: Asked again and again, from the thread that works.
    Raises:
        BrokenAudio: It can't be decoded.
        StorageError: It can't be read, or a part can't be written.
        CancelledError: Nobody wants it any more; the parts that were written are left to the caller.
    """
    info = inspect(path)
    cuts_s = [] if longest_s is None else cut_points(path, longest_s, cancelled=cancelled)
    ends = [0, *(round(cut * info.sample_rate_hz) for cut in cuts_s), info.frames]
    made: list[Cut] = []
    for number, (start, end) in enumerate(pairwise(ends)):
        bitrate = SPOKEN_KBPS if file_format is AudioFormat.MP3 and info.sample_rate_hz >= 32_000 else None
        settings = ConversionSettings(file_format, channels=1, bitrate_kbps=bitrate, start_frame=start, end_frame=end)
        target = folder / f"{number}{file_format.suffix}"
        convert(path, target, settings, cancelled=cancelled)
        made.append(Cut(start / info.sample_rate_hz, end / info.sample_rate_hz, target))
    return made


def cut_points(path: Path, longest_s: float, *, cancelled: Callable[[], bool] = lambda: False) -> list[float]:
    """Where to cut, in seconds, rising; no part between two cuts is longer than allowed."""
    info = inspect(path)
    frames_a_window = max(1, round(_WINDOW_S * info.sample_rate_hz))
    levels = _levels(path, frames_a_window, cancelled)
    # Not _WINDOW_S: at 22,050 Hz the rounding adds up to three seconds in two hours.
    return cuts_of(levels, frames_a_window / info.sample_rate_hz, longest_s, info.duration_s)


def cuts_of(levels: Sequence[float], window_s: float, longest_s: float, duration_s: float) -> list[float]:
    """The quietest pause before each part would become too long.

    Args:
        levels: Mean square of each window of the recording.
        window_s: Length of a window in seconds.
    """
    width = max(1, round(_PAUSE_S / window_s))
    sums = np.concatenate(([0.0], np.cumsum(np.asarray(levels, dtype=np.float64))))
    cuts: list[float] = []
    start_s = 0.0
    while duration_s - start_s > longest_s:
        last = int((start_s + longest_s) / window_s) - width
        first = max(int((start_s + longest_s * (1 - _SEARCHED_SHARE)) / window_s), int(start_s / window_s) + 1)
        last = min(max(last, first), len(levels) - width)
        if last < first:
            cut_s = start_s + longest_s
        else:
            pauses = sums[first + width : last + width + 1] - sums[first : last + 1]
            cut_s = min((first + int(pauses.argmin()) + width / 2) * window_s, start_s + longest_s)
        cuts.append(cut_s)
        start_s = cut_s
    return cuts


def _levels(path: Path, frames_a_window: int, cancelled: Callable[[], bool]) -> list[float]:
    levels: list[float] = []
    rest: npt.NDArray[np.float32] = np.zeros(0, dtype=np.float32)
    for block in read_blocks(path):
        if cancelled():
            raise CancelledError
        mono = np.concatenate((rest, block.mean(axis=1, dtype=np.float32)))
        whole = len(mono) // frames_a_window
        windows = mono[: whole * frames_a_window].reshape(whole, frames_a_window)
        levels += np.square(windows, dtype=np.float32).mean(axis=1).tolist()
        rest = mono[whole * frames_a_window :]
    if len(rest):
        levels.append(float(np.square(rest).mean()))
    return levels
