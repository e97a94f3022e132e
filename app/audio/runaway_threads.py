"""End a thread of PortAudio that went into an endless loop when its sound server died.

PortAudio's code for ALSA (19.6 and 19.7, `PaAlsaStream_WaitForFrames`) leaves with an error by jumping to a label, and
checks behind that label once more with a jump to the same one. So a server that dies just after an underrun makes the
thread of a stream print the same line to stderr for ever, more than 100 MB of it a second, and closing the stream waits
for that thread for ever: it can't be cancelled in there. All that it calls is `vfprintf(stderr, …)`. So stderr becomes,
for a moment, a stream whose first write is `pthread_exit(PTHREAD_CANCELED)`: the thread ends as PortAudio ends
its threads itself, with all that it does to leave the device.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Collection
from functools import cache
from pathlib import Path

_THREADS = Path("/proc/self/task")
_MOMENT_S = 0.002  # it prints a line in 10 µs
_ATTEMPTS = 10  # on a busy machine it may not have its turn
_UNBUFFERED = 2  # _IONBF
_CANCELLED = ctypes.c_void_p(-1)  # PTHREAD_CANCELED


def threads() -> frozenset[int]:
    """The numbers that the system gave to the threads of this process; none where it doesn't tell."""
    try:
        return frozenset(int(each.name) for each in _THREADS.iterdir())
    except OSError:
        return frozenset()


def writes(thread_ids: Collection[int]) -> dict[int, int]:
    """How often each of these threads has written anything; without those that are gone or that can't be asked."""
    return {thread_id: count for thread_id in thread_ids if (count := _writes(thread_id)) is not None}


def end(thread_ids: Collection[int]) -> None:
    """End those of these threads that print to the C library's stderr all the time; blocks for some milliseconds.

    Whoever else does so meanwhile would end as well. Python can't, for none runs, but a decoder or Qt could: so this
    is only for threads that were seen to write without end.
    """
    trap = _trap()
    if trap is None:
        return
    stderr, exiting = trap
    usual = stderr.value
    for _ in range(_ATTEMPTS):
        until = time.perf_counter() + _MOMENT_S
        stderr.value = exiting
        try:
            while time.perf_counter() < until:
                pass
        finally:
            stderr.value = usual
        if threads().isdisjoint(thread_ids):
            return


def _writes(thread_id: int) -> int | None:
    try:
        told = (_THREADS / str(thread_id) / "io").read_text()
    except OSError:
        return None
    return next((int(line.rpartition(" ")[2]) for line in told.splitlines() if line.startswith("syscw:")), None)


class _Functions(ctypes.Structure):
    """cookie_io_functions_t."""

    _fields_ = (
        ("read", ctypes.c_void_p),
        ("write", ctypes.c_void_p),
        ("seek", ctypes.c_void_p),
        ("close", ctypes.c_void_p),
    )


@cache
def _trap() -> tuple[ctypes.c_void_p, int] | None:
    """The variable `stderr`, and a stream that passes PTHREAD_CANCELED to pthread_exit instead of writing."""
    if sys.platform != "linux":
        return None
    library = ctypes.PyDLL(None)
    try:
        stderr = ctypes.c_void_p.in_dll(library, "stderr")
        write = ctypes.cast(library.pthread_exit, ctypes.c_void_p).value
        make = library.fopencookie
    except (AttributeError, ValueError):  # another C library than that of GNU
        return None
    make.restype = ctypes.c_void_p
    make.argtypes = (ctypes.c_void_p, ctypes.c_char_p, _Functions)
    stream = make(_CANCELLED, b"w", _Functions(None, write, None, None))
    if stream is None:
        return None
    # Without a buffer nothing is left in it that would be written when the process ends.
    library.setvbuf(ctypes.c_void_p(stream), None, _UNBUFFERED, ctypes.c_size_t(0))
    return stderr, stream
