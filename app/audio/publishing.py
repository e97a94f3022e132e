"""Put a finished file in its place, whole or not at all, and never over another by accident."""

from __future__ import annotations

import contextlib
import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EXDEV}


@contextmanager
def written_beside(target: Path, *, replace: bool) -> Iterator[Path]:
    """Give a temporary name beside the target; what was written there is flushed and becomes the target.

    If the block raises, nothing is left behind.

    Raises:
        FileExistsError: The target exists and `replace` is False; it is as it was.
        OSError: The folder can't be written.
    """
    beside = target.with_name(f".cuesmith-{uuid.uuid4().hex}.partial")
    try:
        if not replace and os.path.lexists(target):  # known before the work rather than after
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        yield beside
        _flush(beside)
        if replace:
            beside.replace(target)
        else:
            _rename_without_replacing(beside, target)
        _flush_folder(target.parent)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()


def _rename_without_replacing(source: Path, target: Path) -> None:
    if os.name == "nt":
        source.rename(target)  # fails there if the target exists
        return
    try:
        target.hardlink_to(source)
    except OSError as exc:
        if exc.errno not in _NO_HARD_LINKS:
            raise
        # FAT and some network folders: claim the name with an empty file, then put the real one over it.
        target.open("xb").close()
        source.replace(target)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name durable; Windows does so by itself and can't open folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
