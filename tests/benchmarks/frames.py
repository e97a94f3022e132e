"""One frame of the waveform of an hour, 3,840 pixels wide, while somebody zooms or scrolls."""

from __future__ import annotations

from statistics import median, quantiles

from tests.benchmarks.process import measured
from tests.benchmarks.table import Row

_FRAME_MS = 1_000 / 60
_SHARE = 0.25
_WHAT = {
    "zoom": "zoom, from an hour to half a minute",
    "scroll": "scroll, a third of an hour in sight",
    "zoom close": "zoom, from ten samples a pixel to ten pixels a sample",
    "scroll close": "scroll, ten samples a pixel",
}


def rows(seconds: int = 3_600, frames: int = 120) -> list[Row]:
    """Stereo with a region and clipped marks; on a plain screen and on one with twice as many pixels."""
    found = []
    for ratio in (1, 2):
        took = measured("frames_work", seconds, frames, environ={"QT_SCALE_FACTOR": str(ratio)})
        wide = f"{took['columns']:,} px" + (f" (ratio {took['ratio']:g})" if ratio > 1 else "")
        for name, what in _WHAT.items():
            found += [
                Row(f"one frame, {wide}: {what}", median(took[name]["clock_ms"]), "ms", _FRAME_MS, _SHARE),
                Row("  work of the GUI thread itself", median(took[name]["work_ms"]), "ms", _FRAME_MS, _SHARE),
                Row("  19 of 20 are quicker than", quantiles(took[name]["clock_ms"], n=20)[-1], "ms"),
            ]
        found += [
            Row("  to fill a picture of that size", median(took["fill"]["clock_ms"]), "ms"),
            Row("  to move the playhead", median(took["playhead"]["clock_ms"]), "ms"),
        ]
    return found
