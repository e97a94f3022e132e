"""The computer's own libsndfile, for the two encoders that are slow in the one that comes with soundfile.

soundfile's wheels for Linux are made with `CFLAGS=-fPIC` alone (bastibe/libsndfile-binaries, linux_build.sh): LAME and
libopus are then compiled without any optimization, and take 2.5 to 3.2 times as long; Vorbis and FLAC bring flags of
their own. Most desktops have the same library from their distribution, since PulseAudio and PipeWire need it. It is the
same code with the same settings, so what it writes sounds the same; where it isn't there, soundfile writes.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from app.domain.audio import AudioFormat

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_FORMATS = {AudioFormat.MP3: 0x230000 | 0x0082, AudioFormat.OPUS: 0x200000 | 0x0064}  # container and codec
_BITRATE_MODES = {"CONSTANT": 0, "AVERAGE": 1, "VARIABLE": 2}
_WRITE = 0x20
_SET_COMPRESSION_LEVEL, _SET_BITRATE_MODE = 0x1301, 0x1305
_OLDEST = (1, 2)  # 1.1 was the first with MP3, and had some faults in it


class _Info(ctypes.Structure):
    """SF_INFO."""

    _fields_ = (
        ("frames", ctypes.c_int64),
        ("samplerate", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("format", ctypes.c_int),
        ("sections", ctypes.c_int),
        ("seekable", ctypes.c_int),
    )


class SystemFile:
    """A file that the computer's own library writes; as much of `soundfile.SoundFile` as an encoder needs."""

    def __init__(
        self,
        library: ctypes.CDLL,
        path: Path,
        info: _Info,
        *,
        compression_level: float | None = None,
        bitrate_mode: str | None = None,
    ) -> None:
        """
        Raises:
            OSError: The file can't be written, or the encoder refuses the settings.
        """
        self._library = library
        self._channels = info.channels
        self._handle = library.sf_open(os.fsencode(path), _WRITE, ctypes.byref(info))
        if not self._handle:
            raise OSError(self._problem())
        # In this order: setting the mode is what tells the encoder what the level means.
        if compression_level is not None:
            self._set(_SET_COMPRESSION_LEVEL, ctypes.c_double(compression_level))
        if bitrate_mode is not None:
            self._set(_SET_BITRATE_MODE, ctypes.c_int(_BITRATE_MODES[bitrate_mode]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, block: npt.NDArray[np.float32]) -> None:
        """Encode frames, shape (n, channels).

        Raises:
            OSError: They can't be written.
        """
        import numpy as np

        frames = np.ascontiguousarray(block, np.float32)
        written = self._library.sf_writef_float(self._handle, frames.ctypes.data, len(frames))
        # A full disk is told by the one or by the other: MP3 counts what went into the encoder.
        if written != len(frames) or self._library.sf_error(self._handle):
            raise OSError(self._problem())

    def close(self) -> None:
        """Write what the encoder still holds.

        Raises:
            OSError: It can't be written.
        """
        handle, self._handle = self._handle, None
        if handle and (problem := self._library.sf_close(handle)):
            raise OSError(self._library.sf_error_number(problem).decode(errors="replace"))

    def _set(self, command: int, value: ctypes.c_double | ctypes.c_int) -> None:
        if not self._library.sf_command(self._handle, command, ctypes.byref(value), ctypes.sizeof(value)):
            self.close()
            raise OSError("the encoder refuses its settings")

    def _problem(self) -> str:
        text: bytes = self._library.sf_strerror(self._handle)
        return text.decode(errors="replace").strip(" .")


def opened(
    path: Path,
    audio_format: AudioFormat,
    sample_rate_hz: int,
    channels: int,
    *,
    compression_level: float | None = None,
    bitrate_mode: str | None = None,
) -> SystemFile | None:
    """A file to write to; None where soundfile is as quick, or this computer has no library that can.

    What keeps it from being written is for soundfile to find out and to tell.
    """
    if audio_format not in _FORMATS:
        return None
    library = _library()
    info = _Info(samplerate=sample_rate_hz, channels=channels, format=_FORMATS[audio_format])
    if library is None or not library.sf_format_check(ctypes.byref(info)):
        return None
    try:
        return SystemFile(library, path, info, compression_level=compression_level, bitrate_mode=bitrate_mode)
    except OSError:
        return None


@cache
def _library() -> ctypes.CDLL | None:
    """Looked for by its whole path: by its name alone, one would be given soundfile's, which has the same."""
    if sys.platform != "linux":  # that for Windows is a release build; and neither it nor macOS has another
        return None
    for folder in (f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64", "/usr/lib"):
        with contextlib.suppress(OSError, AttributeError):  # there is none, or none that this process can use
            # Its names stay its own: the two libraries share most of them.
            library = ctypes.CDLL(f"{folder}/libsndfile.so.1", mode=ctypes.RTLD_LOCAL)
            library.sf_version_string.restype = ctypes.c_char_p
            if _version(library.sf_version_string().decode()) >= _OLDEST:
                return _declared(library)
    return None


def _version(text: str) -> tuple[int, ...]:
    """The first two numbers of what a library says, such as libsndfile-1.2.0."""
    return tuple(int(each) for each in text.rpartition("-")[2].split(".")[:2] if each.isdecimal())


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    library.sf_open.restype = ctypes.c_void_p
    library.sf_open.argtypes = (ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(_Info))
    library.sf_format_check.argtypes = (ctypes.POINTER(_Info),)
    library.sf_command.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
    library.sf_writef_float.restype = ctypes.c_int64
    library.sf_writef_float.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
    library.sf_error.argtypes = (ctypes.c_void_p,)
    library.sf_close.argtypes = (ctypes.c_void_p,)
    library.sf_strerror.restype = ctypes.c_char_p
    library.sf_strerror.argtypes = (ctypes.c_void_p,)
    library.sf_error_number.restype = ctypes.c_char_p
    library.sf_error_number.argtypes = (ctypes.c_int,)
    return library
