"""A shorter copy of a clip, for services that take only so much of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.audio.convert import ConversionSettings, convert
from app.audio.files import inspect, reading
from app.domain.audio import AudioFormat
from app.domain.errors import StorageError

_READ_BYTES = 1 << 20


def trimmed(path: Path, longest_s: float, folder: Path) -> Path:
    """The beginning of a clip as WAV, in a folder of such copies; made once for each content. Blocking.

    A clip that is short enough is returned as it is. The copy is called like the clip.

    Raises:
        BrokenAudio: It can't be decoded.
        ExportError, StorageError: It can't be read, or the copy can't be written.
    """
    info = inspect(path)
    if info.duration_s <= longest_s:
        return path
    target = folder / f"{_fingerprint(path)}-{longest_s:g}s" / f"{path.stem[:60]}.wav"
    if not target.exists():
        _make(target.parent)
        end_frame = int(longest_s * info.sample_rate_hz)
        convert(path, target, ConversionSettings(AudioFormat.WAV, end_frame=end_frame))
    return target


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StorageError(f"The folder {folder} can’t be made: {exc.strerror}.") from exc


def _fingerprint(path: Path) -> str:
    digest = hashlib.sha256()
    with reading(path), path.open("rb") as file:
        while portion := file.read(_READ_BYTES):
            digest.update(portion)
    return digest.hexdigest()[:12]
