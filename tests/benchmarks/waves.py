"""From a file to its waveform: peaks beside reading or decoding the file, and from the cache beside decoding it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from tests.benchmarks.process import measured
from tests.benchmarks.table import Row

_RATE_HZ = 44_100
_READING_BUDGET, _WITH_RMS = 4.0, 3.0
_MEMORY_BUDGET_MB = 100
_DECODING_BUDGET = 1.5
_REOPENING_BUDGET = 1 / 50
_KINDS = ("flac", "mp3")
_MP3_SHARE = 6  # a sixth of the length: encoding an hour takes minutes


def peaks(seconds: int = 3_600, times: int = 5, kinds: Sequence[str] = _KINDS) -> list[Row]:
    """16 bit stereo: against reading the file from the page cache; compressed: against decoding it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wav, _ = _file("wav", folder, seconds)
        read, extremes, whole = (_took(what, wav, folder, times) for what in ("read", "extremes", "peaks"))
        of = f"of {_length(seconds)}, 16 bit stereo"
        rows = [
            Row(f"peaks {of}, min and max", extremes["clock_ms"], "ms", read["clock_ms"], _READING_BUDGET),
            Row("  of the processor", extremes["processor_ms"], "ms", read["processor_ms"]),
            Row("  and RMS", whole["clock_ms"], "ms", read["clock_ms"], _READING_BUDGET * _WITH_RMS),
            Row("  of the processor", whole["processor_ms"], "ms", read["processor_ms"]),
            Row("  memory", whole["most_mb"], "MB", budget=_MEMORY_BUDGET_MB),
        ]
        for kind in kinds:
            path, length = _file(kind, folder, seconds)
            decode, built = _took("decode", path, folder, 3), _took("peaks", path, folder, 3)
            what = f"peaks of {_length(length)}, {kind}"
            rows.append(Row(what, built["clock_ms"], "ms", decode["clock_ms"], _DECODING_BUDGET))
            rows.append(Row("  of the processor", built["processor_ms"], "ms", decode["processor_ms"]))
        return rows


def reopen(seconds: int = 3_600, times: int = 9, kinds: Sequence[str] = ("wav", *_KINDS)) -> list[Row]:
    """Columns for a screen from the cache, beside decoding the file: what is seen first, and all there is."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in kinds:
            path, length = _file(kind, folder, seconds)
            decode = _took("decode", path, folder, 3)
            first, whole = (_took(what, path, folder, times) for what in ("first picture", "reopen"))
            what = f"first picture of {_length(length)}, {kind}, kept"
            rows.append(Row(what, first["clock_ms"], "ms", decode["clock_ms"], _REOPENING_BUDGET))
            rows.append(Row("  until it can be drawn at any zoom", whole["clock_ms"], "ms", decode["clock_ms"]))
    return rows


def _took(what: str, path: Path, folder: Path, times: int) -> dict[str, float]:
    return measured("one_wave", what, path, folder / "cache", times)


def _file(kind: str, folder: Path, seconds: int) -> tuple[Path, int]:
    """A file of that kind, and its length in seconds."""
    length = max(1, seconds // _MP3_SHARE) if kind == "mp3" else seconds
    return _written(folder / f"long.{kind}", length), length


def _written(path: Path, seconds: int) -> Path:
    """A tone over noise, swelling."""
    noise = np.random.default_rng(1)
    time_s = np.arange(_RATE_HZ) / _RATE_HZ
    with soundfile.SoundFile(path, "w", _RATE_HZ, 2) as file:
        for second in range(seconds):
            swell = 0.5 + 0.5 * np.sin(second / 7)
            left = swell * (0.3 * np.sin(2 * np.pi * 220 * time_s) + 0.1 * noise.standard_normal(_RATE_HZ))
            file.write(np.stack([left, left[::-1]], axis=1).astype(np.float32))
    return path


def _length(seconds: int) -> str:
    return f"{seconds // 3_600} h" if seconds % 3_600 == 0 else f"{seconds / 60:g} min"
