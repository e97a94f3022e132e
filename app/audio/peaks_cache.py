"""Peaks kept on disk, so that a file is read only once. Anything odd in the cache means: build anew."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

from app.audio.files import reading
from app.audio.peaks import TOLD_EVERY_S, build
from app.audio.peaks_entry import entry_of, read_base, read_outline
from app.audio.pyramid import Peaks
from app.domain.errors import StorageError

_KEPT_SHARE = 0.9
_ABANDONED_AFTER_S = 3_600


class PeaksCache:
    """Peaks by file. A file is known by its path, size and time of change: a changed one is read again.

    Several threads may ask one cache, and several processes may use one folder. What somebody waits for, to see it,
    comes before what is wanted for a list.
    """

    def __init__(self, folder: Path, *, max_bytes: int = 1 << 30) -> None:
        """Use a folder, made when needed; what wasn't used for longest goes when all is larger than `max_bytes`."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._written = max_bytes  # nobody knows yet what is there
        self._waiting = 0
        self._nobody_waits = threading.Condition()

    def load_or_build(
        self,
        path: Path,
        *,
        grown: Callable[[Peaks], None] = lambda _peaks: None,
        grown_every_s: float = TOLD_EVERY_S,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Peaks:
        """The peaks of a file; see `peaks.build` for the arguments and errors. Blocks.

        Of a file in the cache `grown` is given an outline first: all of it, but nothing finer than a whole screen
        needs. A cache that can't be written is no error: the peaks are built each time.
        """
        with self._before_others():
            key = _key(path)
            peaks = self._load(key, grown)
            if peaks is None:
                peaks = build(path, grown=grown, grown_every_s=grown_every_s, cancelled=cancelled)
                self._store(path, key, peaks)
        return peaks

    def outline(self, path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> Peaks:
        """The peaks of a file for a small picture of all of it; finer layers may be missing. Blocks.

        Lets everybody pass who calls `load_or_build`, and gives up the file where they have built it meanwhile.
        """

        def is_superseded() -> bool:
            self._let_others_pass()
            return cancelled() or (not has_bad_entry and self._entry(key).exists())

        while True:
            self._let_others_pass()
            key = _key(path)
            has_bad_entry = self._entry(key).exists()
            peaks = self._load(key, lambda _outline: None, is_outline_enough=True)
            if peaks is not None:
                return peaks
            try:
                peaks = build(path, cancelled=is_superseded, threads=1)
            except CancelledError:
                if cancelled():
                    raise
            else:
                self._store(path, key, peaks)
                return peaks

    @contextlib.contextmanager
    def _before_others(self) -> Iterator[None]:
        with self._nobody_waits:
            self._waiting += 1
        try:
            yield
        finally:
            with self._nobody_waits:
                self._waiting -= 1
                self._nobody_waits.notify_all()

    def _let_others_pass(self) -> None:
        with self._nobody_waits:
            self._nobody_waits.wait_for(lambda: not self._waiting)

    def _entry(self, key: str) -> Path:
        return self._folder / f"{key}.peaks"

    def _load(self, key: str, grown: Callable[[Peaks], None], *, is_outline_enough: bool = False) -> Peaks | None:
        """The entry, or None if it is missing, damaged or from another version."""
        entry = self._entry(key)
        try:
            with entry.open("rb", buffering=0) as file:
                os.utime(entry)  # it was used just now
                found = read_outline(file, key)
                if found is None:
                    return None
                head, outline = found
                if is_outline_enough or not head.base_points:
                    return outline
                grown(outline)
                return read_base(file, head, outline)
        except OSError:
            return None

    def _store(self, path: Path, key: str, peaks: Peaks) -> None:
        with contextlib.suppress(OSError, StorageError):
            if _key(path) != key:  # it changed while it was read
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            entry = self._entry(key)
            beside = entry.with_suffix(f".{uuid.uuid4().hex}.partial")
            try:
                peaks_bytes = beside.write_bytes(entry_of(key, peaks))
                beside.replace(entry)
            finally:
                beside.unlink(missing_ok=True)
            self._written += peaks_bytes
            if self._written > self._max_bytes * (1 - _KEPT_SHARE):
                self._make_room()
                self._written = 0

    def _make_room(self) -> None:
        """Delete what wasn't used for longest until the rest fits, and what a crash left half written."""
        entries = []
        for each in self._folder.iterdir():
            with contextlib.suppress(OSError):  # another process tidies up as well
                stat = each.stat()
                if each.suffix == ".partial" and stat.st_mtime < time.time() - _ABANDONED_AFTER_S:
                    each.unlink()
                elif each.suffix == ".peaks":
                    entries.append((stat.st_mtime_ns, stat.st_size, each))
        total = sum(size for _, size, _ in entries)
        for _, size, entry in sorted(entries):
            if total <= self._max_bytes * _KEPT_SHARE:
                return
            with contextlib.suppress(OSError):  # on Windows one that is being read stays
                entry.unlink(missing_ok=True)
                total -= size


def _key(path: Path) -> str:
    with reading(path):
        stat = path.stat()
        text = f"{path.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}"
    return hashlib.sha1(os.fsencode(text), usedforsecurity=False).hexdigest()
