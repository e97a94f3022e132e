"""Clips to audition voices by, kept so that each is fetched only once. Anything may vanish without harm."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from app.domain.errors import BrokenAudio
from app.domain.voice import Voice
from app.storage.disk_failures import as_storage_errors

_LARGEST_BYTES = 32 << 20
_MOST_BYTES = 256 << 20
_PARTIAL = ".partial"


class VoiceSampleFiles:
    """A folder of clips, by voice. Everything here blocks."""

    def __init__(self, folder: Path, verify: Callable[[Path], object], *, most_bytes: int = _MOST_BYTES) -> None:
        """
        Args:
            verify: Decodes a whole file; raises BrokenAudio.
            most_bytes: The clips that were fetched longest ago go when all are larger than that.
        """
        self._folder = folder
        self._verify = verify
        self._most_bytes = most_bytes

    def find(self, voice: Voice) -> Path | None:
        """The clip of a voice, if it is here."""
        path = self._path(voice)
        return path if path.is_file() else None

    def begin(self) -> ArrivingSample:
        """A place for one that is fetched now.

        Raises:
            StorageError: It can't be written.
        """
        with as_storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            return ArrivingSample(self._folder / f"{uuid4().hex}{_PARTIAL}")

    def keep(self, voice: Voice, arrived: ArrivingSample) -> Path:
        """Take in a clip that has arrived.

        Raises:
            BrokenAudio: It can't be played.
            StorageError: It can't be kept.
        """
        target = self._path(voice)
        arrived.close()
        self._verify(arrived.path)
        with as_storage_errors(target):
            arrived.path.replace(target)
            self._make_room(target)
        return target

    def _path(self, voice: Voice) -> Path:
        """By voice and place, without what is signed: that differs each time."""
        parts = urlsplit(voice.sample)
        text = "\0".join((voice.provider, voice.id, parts.netloc, parts.path))
        return self._folder / hashlib.sha256(text.encode()).hexdigest()[:32]

    def _make_room(self, newest: Path) -> None:
        clips = [(each.stat(), each) for each in self._folder.iterdir() if each.suffix != _PARTIAL]
        total = sum(stat.st_size for stat, _ in clips)
        for stat, clip in sorted(clips, key=lambda each: each[0].st_mtime_ns):
            if total <= self._most_bytes:
                return
            if clip != newest:
                clip.unlink(missing_ok=True)
                total -= stat.st_size


class ArrivingSample:
    """One clip on its way; `drop` it at the end, also after it was kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = FileIO(path, "wb")
        self._size = 0
        self._lock = threading.Lock()  # it may be dropped while the last bytes are still being written

    def write(self, data: bytes) -> None:
        """
        Raises:
            BrokenAudio: It is larger than any clip of a voice.
            StorageError: It can't be written.
        """
        self._size += len(data)
        if self._size > _LARGEST_BYTES:
            raise BrokenAudio("The sample of this voice is larger than any should be.")
        with self._lock, as_storage_errors(self.path):
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def drop(self) -> None:
        """Remove what is left of it."""
        self.close()
        with as_storage_errors(self.path):
            self.path.unlink(missing_ok=True)
