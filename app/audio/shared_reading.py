"""Reading a file while somebody else still writes, renames or removes it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import _winapi
    import msvcrt

    _SHARE_READ_WRITE_DELETE = 1 | 2 | 4


def open_shared(path: Path) -> BinaryIO:
    """Open a file without standing in its writer's way; what is read stays the same file under any name.

    Raises:
        OSError: It isn't there or can't be read.
    """
    if sys.platform == "win32":
        # A file that Python opens can't be renamed on Windows until it is closed.
        handle = _winapi.CreateFile(
            str(path),
            _winapi.GENERIC_READ,
            _SHARE_READ_WRITE_DELETE,
            _winapi.NULL,
            _winapi.OPEN_EXISTING,
            0,
            _winapi.NULL,
        )
        descriptor = msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY)
    else:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return os.fdopen(descriptor, "rb", buffering=0)
