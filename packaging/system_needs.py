"""What has to be there besides Python packages: libraries, programs, and what Debian takes out of Python."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How one finds out whether a thing is there."""

    LIBRARY = "loaded by the name it is linked with"
    PROGRAM = "found on the path"
    MODULE = "found by this Python"


@dataclass(frozen=True)
class Need:
    """A thing by its own name, and the Debian package that has it; empty if none has.

    Where a package was renamed (Debian 13 and Ubuntu 24.04 have libglib2.0-0t64), the old name stands here:
    the new package provides it, and apt understands it everywhere.
    """

    name: str
    package: str
    kind: Kind = Kind.LIBRARY


# What Qt's widgets and its xcb plugin are linked with; read off the libraries with objdump -p.
_QT = (
    Need("libGL.so.1", "libgl1"),
    Need("libEGL.so.1", "libegl1"),
    Need("libglib-2.0.so.0", "libglib2.0-0"),
    Need("libgthread-2.0.so.0", "libglib2.0-0"),
    Need("libdbus-1.so.3", "libdbus-1-3"),
    Need("libfontconfig.so.1", "libfontconfig1"),
    Need("libfreetype.so.6", "libfreetype6"),
    Need("libxkbcommon.so.0", "libxkbcommon0"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Need("libX11.so.6", "libx11-6"),
    Need("libX11-xcb.so.1", "libx11-xcb1"),
    Need("libxcb.so.1", "libxcb1"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4"),
    Need("libxcb-image.so.0", "libxcb-image0"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Need("libxcb-randr.so.0", "libxcb-randr0"),
    Need("libxcb-render.so.0", "libxcb-render0"),
    Need("libxcb-render-util.so.0", "libxcb-render-util0"),
    Need("libxcb-shape.so.0", "libxcb-shape0"),
    Need("libxcb-shm.so.0", "libxcb-shm0"),
    Need("libxcb-sync.so.1", "libxcb-sync1"),
    Need("libxcb-util.so.1", "libxcb-util1"),
    Need("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1"),
)
_SOUND = (Need("libportaudio.so.2", "libportaudio2"),)

COMMAND_LINE: tuple[Need, ...] = (Need("libstdc++.so.6", "libstdc++6"),)
WINDOW: tuple[Need, ...] = (*COMMAND_LINE, *_QT, *_SOUND)


def making_an_environment(version: Sequence[int], prefix: str) -> tuple[Need, ...]:
    """What `python -m venv` needs of the Python at `prefix`: Debian and Ubuntu ship theirs without ensurepip.

    Each Python that Debian packages has a package of this form; python3-venv only stands for the default one.
    """
    package = f"python{version[0]}.{version[1]}-venv" if prefix == "/usr" else ""
    return (Need("venv", package, Kind.MODULE), Need("ensurepip", package, Kind.MODULE))


def freezing(version: Sequence[int], prefix: str) -> tuple[Need, ...]:
    """What PyInstaller needs of a Linux system: a reader of libraries, and Python as one."""
    needs = [Need("objdump", "binutils", Kind.PROGRAM), Need("objcopy", "binutils", Kind.PROGRAM)]
    if prefix == "/usr":  # any other Python brings its library along, where only its own program looks
        package = f"libpython{version[0]}.{version[1]}"
        needs.append(Need(f"{package}.so.1.0", package))
    return tuple(needs)


def missing(wanted: Iterable[Need], is_there: Callable[[Need], bool] | None = None) -> tuple[Need, ...]:
    """Those of `wanted` that are not there, in order. On macOS and Windows the wheels bring all libraries.

    Args:
        wanted: What to look for.
        is_there: Looks for one; by default as the program itself will.
    """
    found = is_there or _is_there
    return tuple(need for need in wanted if not found(need))


def _is_there(need: Need) -> bool:
    if need.kind is not Kind.MODULE and not sys.platform.startswith("linux"):
        return True
    match need.kind:
        case Kind.PROGRAM:
            return shutil.which(need.name) is not None
        case Kind.MODULE:
            importlib.invalidate_caches()
            return importlib.util.find_spec(need.name) is not None
        case Kind.LIBRARY:
            try:
                ctypes.CDLL(need.name)  # about a millisecond, and right about paths, caches and architectures
            except OSError:
                return False
            return True
