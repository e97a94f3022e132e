"""Tiles of a spectrogram, beside nothing but the FFTs of the same frames; and one frame of it, 3,840 pixels wide."""

from __future__ import annotations

from statistics import median, quantiles

from tests.benchmarks.process import measured
from tests.benchmarks.table import Row
from tests.benchmarks.window import gap_rows

_FRAME_MS = 1_000 / 60
_SHARE = 0.25
_TILE_BUDGETS = {"far": 2.0, "medium": 4.0, "close": 10.0}  # closer, 512 rows are more than an FFT has bins
_TILES = {
    "far": "an hour across 3,840 px",
    "medium": "eight seconds across 1,000 px",
    "close": "0.2 s across 1,000 px",
}
_FRAMES = {"zoom": "zoom, from eight seconds to 0.08", "scroll": "scroll, eight seconds in sight"}


def rows(tiles: int = 24, frames: int = 120, seconds: int = 300) -> list[Row]:
    """Stereo, 48 kHz, from a WAV of 24 bits to levels; both sides on one thread, in turn, by time of the processor."""
    took = measured("spectra_work", tiles, frames)
    found: list[Row] = []
    for name, what in _TILES.items():
        ours, plain = took["tiles"][name], took["plain"][name]
        found += [
            Row(f"one tile of a spectrogram, {what}", median(ours), "ms", median(plain), _TILE_BUDGETS[name]),
            Row("  so many a second", 1_000 / median(ours), "tiles"),
        ]
    for name, what in _FRAMES.items():
        found += [
            Row(f"one frame of a spectrogram, 3,840 px: {what}", median(took[name]), "ms", _FRAME_MS, _SHARE),
            Row("  19 of 20 are quicker than", quantiles(took[name], n=20)[-1], "ms"),
        ]
    found.append(Row("  to move the playhead", median(took["playhead"]), "ms"))
    return [*found, *_gaps(seconds)]


def _gaps(seconds: int) -> list[Row]:
    """The GUI thread while tiles of a whole file come in, beside the same window at rest for as long."""
    took = measured("spectra_gaps_work", seconds)
    return [
        *gap_rows(f"longest gap while {seconds} s of MP3 come into sight, 3,840 px", took["seen"]),
        Row("  longest gap of the same window at rest", took["at_rest"]["longest_ms"], "ms"),
        Row("  until all of it is there", took["took_s"], "s"),
    ]
