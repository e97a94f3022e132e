"""Copies of the files that go along with requests, named by their content.

A copy is made before the task that needs it. Until somebody has seen that there is such a task, a claim lies beside
the copy: an empty file. So a click that died in between leaves a copy that can be found and removed, while no other
copy is ever called into question, whatever becomes of the library.
"""

from __future__ import annotations

import hashlib
import shutil
import stat
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import IO
from uuid import uuid4

from app.domain.errors import StorageError
from app.storage.disk_failures import as_storage_errors
from app.storage.durable_files import is_older, put_in_place

_PORTION_BYTES = 1 << 20
_CLAIM = ".claim"


class InputFiles:
    """The folder of copies. A request may be sent long after the user moved or changed the original."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def path(self, sha256: str) -> Path:
        """Where a copy is."""
        return self._folder / sha256

    def adopt(self, path: Path) -> str:
        """Copy a file, unless its content is here already; returns its SHA-256, hexadecimal. Blocking.

        Raises:
            StorageError: It can't be read, is larger than the limit, or can't be copied.
        """
        with as_storage_errors(path):
            if not stat.S_ISREG(path.stat().st_mode):  # a pipe or a device may never end
                raise StorageError(f"{path} isn’t a file.")
            source = path.open("rb")
        with source, as_storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside = self._folder / f".{uuid4().hex}"
            try:
                sha256 = self._copy(path, source, beside)
                target, claim = self.path(sha256), self._claim(sha256)
                if not target.exists():
                    claim.touch()
                    put_in_place(beside, target)
                elif claim.exists():
                    claim.touch()
            finally:
                beside.unlink(missing_ok=True)
        return sha256

    def make_folder(self) -> Path:
        """An empty folder for files that are adopted in a moment. Blocking.

        Raises:
            StorageError: It can't be made.
        """
        folder = self._folder / f".{uuid4().hex}"
        with as_storage_errors(self._folder):
            folder.mkdir(parents=True)
        return folder

    def claimed(self, older_than: timedelta) -> list[str]:
        """Hashes of copies that were made that long ago and for which no task has been seen yet. Blocking."""
        with as_storage_errors(self._folder):
            return [path.stem for path in self._folder.glob(f"*{_CLAIM}") if is_older(path, older_than)]

    def settle(self, claimed: Collection[str], needed: Collection[str], older_than: timedelta) -> None:
        """Remove those copies that no task needs, and anything that was half copied. Blocking.

        Args:
            claimed: What `claimed` said.
            needed: Those among them that a task names.
        """
        with as_storage_errors(self._folder):
            for sha256 in claimed:
                claim = self._claim(sha256)
                if is_older(claim, older_than):  # else somebody adopts it this very moment
                    if sha256 not in needed:
                        self.path(sha256).unlink(missing_ok=True)
                    claim.unlink(missing_ok=True)
            for path in self._folder.glob(".*"):
                if _is_half_copied(path) and is_older(path, older_than):
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def _claim(self, sha256: str) -> Path:
        return self._folder / f"{sha256}{_CLAIM}"

    def _copy(self, path: Path, source: IO[bytes], beside: Path) -> str:
        """Returns the SHA-256 of the content, hexadecimal."""
        digest = hashlib.sha256()
        size = 0
        with beside.open("wb") as copy:
            while portion := source.read(_PORTION_BYTES):
                size += len(portion)
                if size > self._limit_bytes:
                    raise StorageError(f"{path} is too large: at most {self._limit_bytes >> 20:,} MB are possible.")
                digest.update(portion)
                copy.write(portion)
        return digest.hexdigest()


def _is_half_copied(path: Path) -> bool:
    """Whether the name is one that we give to what isn't finished."""
    name = path.name.removeprefix(".")
    return len(name) == 32 and name.isalnum()
