"""What is done with one file to see it, timed inside a running process: `one_wave WHAT FILE CACHE TIMES`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median

import numpy as np
import soundfile  # noqa: F401 - a running app has it

from app.audio.files import open_sound
from app.audio.peaks import Peaks, build
from app.audio.peaks_cache import PeaksCache
from tests.most_memory import most_megabytes

_SCREEN_PX = 3_840
_READ_BYTES = 1 << 20


def main() -> None:
    what, path, cache, times = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    work: dict[str, Callable[[], object]] = {
        "read": lambda: _read(path),
        "decode": lambda: _decode(path),
        "extremes": lambda: build(path, with_rms=False),
        "peaks": lambda: build(path),
        "first picture": lambda: _reopen(path, cache, is_outline_enough=True),
        "reopen": lambda: _reopen(path, cache, is_outline_enough=False),
    }
    if what in ("first picture", "reopen"):
        PeaksCache(cache).load_or_build(path)
    clock, processor = [], []
    for _ in range(times):
        before = time.perf_counter(), time.process_time()
        work[what]()
        clock.append(time.perf_counter() - before[0])
        processor.append(time.process_time() - before[1])
    took = {"clock_ms": median(clock) * 1000, "processor_ms": median(processor) * 1000, "most_mb": most_megabytes()}
    sys.stdout.write(json.dumps(took) + "\n")


def _read(path: Path) -> None:
    block = bytearray(_READ_BYTES)
    with path.open("rb", buffering=0) as file:
        while file.readinto(block):
            pass


def _decode(path: Path) -> None:
    with open_sound(path) as sound:
        block = np.empty((65_536, sound.channels), np.float32)
        while len(sound.read_into(block)):
            pass


def _reopen(path: Path, cache: Path, *, is_outline_enough: bool) -> None:
    """Up to the columns of a picture that shows all of the file."""

    def picture(peaks: Peaks) -> None:
        peaks.columns(0, peaks.frames, _SCREEN_PX)
        if is_outline_enough:
            raise _Enough

    with suppress(_Enough):
        picture(PeaksCache(cache).load_or_build(path, grown=picture))


class _Enough(Exception):
    """The first picture can be drawn."""


if __name__ == "__main__":
    main()
