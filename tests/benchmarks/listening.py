"""From the click on play to the first sample that is heard, beyond what the device itself takes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

import numpy as np
import soundfile

from tests.benchmarks.process import measured
from tests.benchmarks.table import Row
from tests.sound_server import SoundServer, missing_tool

_RATE_HZ = 48_000
_FIRST_MS, _AGAIN_MS = 60.0, 20.0
_KINDS: dict[str, tuple[str, str, int]] = {
    "WAV": ("WAV", "PCM_24", 60),
    "FLAC": ("FLAC", "PCM_24", 60),
    "MP3": ("MP3", "MPEG_LAYER_III", 60),
    "Ogg Vorbis": ("OGG", "VORBIS", 60),
    "Opus": ("OGG", "OPUS", 60),
}
_HOURS = 3


def rows(times: int = 3, again: int = 8, kinds: tuple[str, ...] = (*_KINDS, f"{_HOURS} h WAV")) -> list[Row]:
    """First play and play again of each kind of file; nothing where there is no sound server to play on."""
    if missing_tool() is not None:
        return []
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as name, SoundServer() as server:
        for kind in kinds:
            path = _written(Path(name), kind)
            took = [measured("one_play", path, again, environ=server.environment) for _ in range(times)]
            ms = {key: 1_000 * median(each[key] for each in took) for key in took[0]}
            first, later = (ms[f"{which}_s"] - ms[f"own_{which}_s"] for which in ("first", "again"))
            own_first, own_again = f"{ms['own_first_s']:.0f} ms", f"{ms['own_again_s']:.0f} ms"
            found.append(Row(f"play, {kind}: beyond the device’s own {own_first}", first, "ms", budget=_FIRST_MS))
            found.append(Row(f"  again: beyond its own {own_again}", later, "ms", budget=_AGAIN_MS))
            found.append(Row("  the longest again", ms["longest_again_s"] - ms["own_again_s"], "ms"))
    return found


def _written(folder: Path, kind: str) -> Path:
    if kind not in _KINDS:
        return _hours(folder / "hours.wav")
    container, subtype, seconds = _KINDS[kind]
    path = folder / kind
    at = np.arange(seconds * _RATE_HZ) / _RATE_HZ
    tone = 0.2 * np.cos(2 * np.pi * 220 * at)  # loud from the first sample on
    with soundfile.SoundFile(path, "w", _RATE_HZ, 2, subtype, format=container) as file:
        for start in range(0, len(tone), 65_536):
            file.write(np.repeat(tone[start : start + 65_536, None], 2, axis=1))
    return path


def _hours(path: Path) -> Path:
    """A WAV as long as an evening that takes no room: a second of tone, then a hole."""
    tone = np.full((_RATE_HZ, 2), 0.25)
    soundfile.write(path, tone, _RATE_HZ, subtype="PCM_16", format="WAV")
    data_bytes = _HOURS * 3_600 * _RATE_HZ * 4
    with path.open("r+b") as file:
        head = file.read(64)
        at = head.index(b"data") + 4
        file.seek(4)
        file.write((at + 4 + data_bytes - 8).to_bytes(4, "little"))
        file.seek(at)
        file.write(data_bytes.to_bytes(4, "little"))
        file.truncate(at + 4 + data_bytes)
    return path
