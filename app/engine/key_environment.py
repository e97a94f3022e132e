"""Keys of environment variables: taken into memory at the start, so that no program we start inherits them."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, MutableMapping


def take_keys(environ: MutableMapping[str, str], variables: Collection[str]) -> dict[str, str]:
    """Remove these variables from an environment, and return what they held.

    The process shows its first environment for good (`/proc/PID/environ`, `ps e`), and crash reporters copy it to the
    disk; where this is the process's own on Linux, the values are overwritten there too. What the shell that started
    us holds is not ours to change.
    """
    taken = {name: environ[name] for name in variables if name in environ}
    for name, value in taken.items():
        if environ is os.environ and sys.platform == "linux":
            _overwrite(name, value)
        del environ[name]
    return taken


def _overwrite(name: str, value: str) -> None:
    """Fill the value with zeros where the C library found it when the process started."""
    import ctypes  # 5 ms that a start without such keys can do without

    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    address = getenv(os.fsencode(name))
    if address is not None and ctypes.string_at(address) == os.fsencode(value):
        ctypes.memset(address, 0, len(os.fsencode(value)))
