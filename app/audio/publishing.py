"""Put a finished file in its place, whole or not at all, and never over another by accident."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EXDEV}

# With the number of the process that writes it, or with the take that is copied.
_OURS = re.compile(r"\.cuesmith-(?:([1-9][0-9]{0,9})-[0-9a-f]{32}\.partial|[0-9a-f]{12}-[1-9][0-9]{0,3}\.part)")


def remove_left_partials(folder: Path, older_than: timedelta = timedelta(days=1)) -> None:
    """Remove what processes that were killed left half written in a folder of the user's; nothing else is touched.

    A file goes only if it has a name of ours, nobody has written to it for so long, and no such process is alive
    here. What can't be removed stays: it only takes up room.
    """
    latest = time.time() - older_than.total_seconds()
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            ours = _OURS.fullmatch(path.name)
            if ours is None or (ours[1] is not None and _is_alive(int(ours[1]))):
                continue
            with contextlib.suppress(OSError):  # Windows refuses while somebody has it open
                if path.lstat().st_mtime <= latest and path.is_file() and not path.is_symlink():
                    path.unlink()


def _is_alive(process: int) -> bool:
    """Whether a process has this number now, maybe another one by chance."""
    if sys.platform == "win32":
        return False  # asking would end it; its open file can't be removed there
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def written_beside(target: Path, *, replace: bool) -> Iterator[Path]:
    """Give a temporary name beside the target; what was written there is flushed and becomes the target.

    If the block raises, nothing is left behind.

    Raises:
        FileExistsError: The target exists and `replace` is False; it is as it was.
        OSError: The folder can't be written.
    """
    beside = target.with_name(f".cuesmith-{os.getpid()}-{uuid.uuid4().hex}.partial")
    try:
        if not replace and os.path.lexists(target):  # known before the work rather than after
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        yield beside
        _flush(beside)
        if replace:
            beside.replace(target)
        else:
            rename_without_replacing(beside, target)
        _flush_folder(target.parent)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()


def rename_without_replacing(source: Path, target: Path) -> None:
    """Give a file a name that is free, as one act; the first name may stay beside it.

    Raises:
        FileExistsError: The name is taken; whoever has it keeps it.
        OSError: The folder can't be written.
    """
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
