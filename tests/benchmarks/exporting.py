"""Ten minutes of sound into each format, beside ffmpeg at the same encoder settings; both flush what they wrote."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

from app.audio.encoding import encode
from app.domain.audio import AudioFormat, BitDepth
from tests.benchmarks.process import measured
from tests.benchmarks.table import Row

_RATE_HZ = 48_000
_BUDGET = 1.5
# What ffmpeg is told for the same work: dither and VHQ of soxr; LAME at its own quality 3, which libsndfile leaves.
_FFMPEG = {
    "wav": ("-af", "aresample=osf=s16:dither_method=triangular", "-c:a", "pcm_s16le", "-f", "wav"),
    "wav at 44.1 kHz": (
        *("-af", "aresample=44100:resampler=soxr:precision=28:dither_method=triangular"),
        *("-c:a", "pcm_s24le", "-f", "wav"),
    ),
    "flac": ("-c:a", "flac", "-f", "flac"),
    "mp3": ("-c:a", "libmp3lame", "-b:a", "192k", "-compression_level", "3", "-f", "mp3"),
    "mp3 vbr": ("-c:a", "libmp3lame", "-q:a", "2", "-compression_level", "3", "-f", "mp3"),
    "ogg": ("-c:a", "libvorbis", "-q:a", "5", "-f", "ogg"),
    "opus": ("-c:a", "libopus", "-b:a", "128k", "-f", "opus"),
}


def rows(seconds: int = 600, times: int = 3) -> list[Row]:
    """Each format by the clock, and what it takes of the processor; nothing where ffmpeg isn't installed."""
    if shutil.which("ffmpeg") is None:
        return []
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = _written(folder / "source.wav", seconds)
        for kind in _FFMPEG:
            took: list[tuple[dict[str, float], dict[str, float]]] = []
            for run in range(times):  # in turn, so that what else the computer does meets both
                target = folder / f"{run}.out"
                took.append((measured("one_export", kind, source, target), _ffmpeg(kind, source, target)))
                target.unlink()
            what = f"export of {seconds / 60:g} min, {kind}"
            ours, theirs = ({key: median(each[side][key] for each in took) for key in took[0][side]} for side in (0, 1))
            found.append(Row(what, ours["clock_s"], "s", theirs["clock_s"], _BUDGET))
            found.append(Row("  the same, of the processor", ours["processor_s"], "s", theirs["processor_s"], _BUDGET))
    return found


def _ffmpeg(kind: str, source: Path, target: Path) -> dict[str, float]:
    command = ["ffmpeg", "-nostdin", "-y", "-v", "error", "-i", str(source), *_FFMPEG[kind], str(target)]
    clock, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True)
    with target.open("rb+") as file:
        os.fsync(file.fileno())  # as an export does
    after = os.times()
    processor = after.children_user - before.children_user + after.children_system - before.children_system
    return {"clock_s": time.perf_counter() - clock, "processor_s": processor}


def _written(path: Path, seconds: int) -> Path:
    """Tones over noise, swelling, in 24 bit stereo."""
    noise = np.random.default_rng(3)

    def blocks() -> Iterator[npt.NDArray[np.float32]]:
        time_s = np.arange(_RATE_HZ) / _RATE_HZ
        for second in range(seconds):
            swell = 0.3 + 0.25 * np.sin(2 * np.pi * (time_s + second) / 7)
            tones = np.stack([np.sin(2 * np.pi * hz * (time_s + second)) for hz in (220, 331)], axis=1)
            grain = noise.standard_normal((_RATE_HZ, 2))
            yield (swell[:, None] * (0.3 * tones + 0.1 * grain)).astype(np.float32)

    encode(blocks(), path, format=AudioFormat.WAV, sample_rate_hz=_RATE_HZ, channels=2, bit_depth=BitDepth.INT24)
    return path
