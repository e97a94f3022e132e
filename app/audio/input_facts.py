"""What a file that goes along with a request really is: its bytes say, never its name."""

from __future__ import annotations

import stat
from pathlib import Path

from app.audio.files import inspect
from app.domain.errors import BrokenAudio, StorageError
from app.domain.input_facts import InputFacts
from app.domain.request import InputKind

_HEAD_BYTES = 16


def facts_of(path: Path) -> InputFacts:
    """Read what a file is. Blocking.

    Raises:
        StorageError: It is missing or can't be read.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device may never end
            raise StorageError(f"{path} isn’t a file.")
        size_bytes = found.st_size
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise StorageError(f"{path} can’t be read: {error.strerror}.") from error
    if _is_picture(head):
        return InputFacts(InputKind.PICTURE, size_bytes)
    try:
        info = inspect(path)
    except BrokenAudio:
        return InputFacts(None, size_bytes)
    return InputFacts(InputKind.CLIP, size_bytes, info.duration_s)


def _is_picture(head: bytes) -> bool:
    """JPEG, PNG or WebP, which are what services take."""
    is_webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    return head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or is_webp
