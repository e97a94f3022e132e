"""Copies of the files that go along with requests, named by their content."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO
from uuid import uuid4

from app.domain.errors import StorageError
from app.storage.disk_failures import as_storage_errors
from app.storage.durable_files import put_in_place

_PORTION_BYTES = 1 << 20


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
            source = path.open("rb")
        with source, as_storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside = self._folder / f".{uuid4().hex}"
            try:
                sha256 = self._copy(path, source, beside)
                target = self.path(sha256)
                if not target.exists():
                    put_in_place(beside, target)
            finally:
                beside.unlink(missing_ok=True)
        return sha256

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
