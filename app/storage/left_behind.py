"""What a process that died left of a take that nobody can bring a second time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.audio import AudioFormat, AudioInfo
from app.domain.errors import BrokenAudio
from app.storage.disk_failures import as_storage_errors
from app.storage.partial_take import INCOMPLETE, PARTIAL


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A file that isn't recorded yet.

    Attributes:
        file: Below the folder of takes, with forward slashes.
        info: What it holds; None where it is only a part of a take.
    """

    file: str
    info: AudioInfo | None


def left_behind(folder: Path, name: str, verify: Callable[[Path], AudioInfo]) -> LeftBehind | None:
    """Look for a take that died with its process. Blocks on the disk.

    A take gets its name only once it is whole, flushed and checked, so one that has it came to its end. A part
    is marked as incomplete, so that it isn't swept away.

    Args:
        name: File name of the take without a suffix.
    """
    with as_storage_errors(folder):
        for suffix in (each.suffix for each in AudioFormat):
            for path in folder.glob(f"*/{name}{suffix}"):
                try:
                    return LeftBehind(_file(folder, path), verify(path))
                except BrokenAudio:
                    continue
        for path in folder.glob(f"*/{name}{PARTIAL}"):
            if path.stat().st_size:
                path.replace(path.with_name(name + INCOMPLETE))
            else:  # it died before the first byte
                path.unlink()
        for path in folder.glob(f"*/{name}{INCOMPLETE}"):
            return LeftBehind(_file(folder, path), None)
    return None


def _file(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
