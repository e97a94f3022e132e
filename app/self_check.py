"""`cuesmith --self-check`: whether this installation is whole, whatever it was installed as."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.domain.audio import AudioFormat
from app.domain.errors import AppError, PlaybackError
from app.storage.locations import resources_dir

_FONT_MAGIC = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_RATE_HZ = 48_000


class Verdict(StrEnum):
    """What a check found; only a failure makes the installation unusable."""

    OK = "ok"
    MISSING = "missing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    verdict: Verdict
    name: str
    words: str

    def __str__(self) -> str:
        return f"{self.verdict:<8} {self.name:<12} {self.words}"


class _Missing(Exception):
    """Something that the app can do without."""


def run(say: Callable[[str], None]) -> int:
    """Make every check and say one line for each; 1 if something failed that the app needs, else 0."""
    findings = list(_findings())
    for finding in findings:
        say(str(finding))
    return 1 if any(finding.verdict is Verdict.FAILED for finding in findings) else 0


def _findings() -> Iterator[Finding]:
    for name, check in (
        ("resources", _resources),
        ("fonts", _fonts),
        ("icons", _icons),
        ("catalogue", _catalogue),
        ("audio files", _audio_files),
        ("speech", _speech),
        ("keychain", _keychain),
        ("TLS", _tls),
        ("SQLite", _sqlite),
        ("PortAudio", _portaudio),
        ("window", _window),
    ):
        yield _checked(name, check)


def _checked(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(Verdict.OK, name, check())
    except _Missing as missing:
        return Finding(Verdict.MISSING, name, str(missing))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with an installation is what is asked for here
        words = str(error) if isinstance(error, AppError) else f"{type(error).__name__}: {error}"
        return Finding(Verdict.FAILED, name, words)


def _resources() -> str:
    return str(resources_dir())


def _fonts() -> str:
    fonts = sorted((resources_dir() / "fonts").rglob("*.[ot]tf"))
    for font in fonts:
        with font.open("rb") as file:
            _expect(file.read(4) in _FONT_MAGIC, f"{font.name} is no font")
    _expect(bool(fonts), "there are no fonts")
    return f"{len(fonts)} fonts"


def _icons() -> str:
    icons = list((resources_dir() / "icons").glob("*.svg"))
    for icon in icons:
        _expect("<svg" in icon.read_text(encoding="utf-8"), f"{icon.name} is no icon")
    _expect(bool(icons), "there are no icons")
    return f"{len(icons)} icons"


def _catalogue() -> str:
    from app.storage.catalogue import Catalogue

    catalogue = Catalogue.load([resources_dir() / "catalogue"])
    for problem in catalogue.problems:
        _expect(False, f"{problem.file}:{problem.line}: {problem.reason}")
    _expect(bool(catalogue.models), "there are no models")
    return f"{len(catalogue.models)} models"


def _audio_files() -> str:
    """A second of sound through every format, there and back."""
    import numpy as np
    import soundfile

    from app.audio.encoding import encode
    from app.audio.files import verify

    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(_RATE_HZ) / _RATE_HZ).astype(np.float32)
    with tempfile.TemporaryDirectory(prefix="cuesmith-check-") as folder:
        for audio_format in AudioFormat:
            path = Path(folder) / f"tone{audio_format.suffix}"
            encode([tone], path, format=audio_format, sample_rate_hz=_RATE_HZ, channels=1)
            info = verify(path)
            _expect(info.format is audio_format, f"{audio_format} became {info.format}")
            _expect(abs(info.duration_s - 1) < 0.1, f"a second of {audio_format} became {info.duration_s} s")
    return f"libsndfile {soundfile.__libsndfile_version__}: {', '.join(AudioFormat)}"


def _speech() -> str:
    from app.providers.local.speech import list_voices, speak

    spoken = speak("Ready.", "en-us")
    _expect(len(spoken.samples) > spoken.sample_rate_hz // 10, "a word became nothing")
    return f"{len(list_voices('local'))} voices"


def _keychain() -> str:
    from app.storage.keychain_backends import NoKeychain, find_backend, name_of

    try:
        return name_of(find_backend())
    except NoKeychain as error:
        raise _Missing(f"{error} Keys can be kept until the app quits.") from error


def _tls() -> str:
    import httpx

    roots = len(httpx.create_ssl_context().get_ca_certs())
    _expect(roots > 0, "there are no root certificates")
    return f"{roots} root certificates"


def _sqlite() -> str:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (word)")
    finally:
        connection.close()
    return f"SQLite {sqlite3.sqlite_version} with FTS5"


def _portaudio() -> str:
    from app.audio.devices import list_output_devices, portaudio_version

    try:
        devices = list_output_devices()
        return f"{portaudio_version()}, {len(devices)} output devices"
    except PlaybackError as error:
        raise _Missing(str(error)) from error


def _window() -> str:
    try:
        from PySide6 import QtCore, QtGui, QtSvg, QtWidgets
    except ImportError as error:
        raise _Missing(f"Qt can’t be loaded, so only the command line works: {error}") from error
    _expect(bool(QtGui and QtSvg and QtWidgets), "Qt is not whole")
    return f"Qt {QtCore.qVersion()}"


def _expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise RuntimeError(otherwise)
