"""File names that Windows, macOS and Linux all take, from any text.

Source: Microsoft, "Naming Files, Paths, and Namespaces" (device names, also before a dot; characters;
trailing dots and spaces). 255 bytes is the limit of ext4, which is the narrowest of the usual ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

MAX_BYTES = 255
_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"}
)
_NEVER_FIRST = " .-~"  # hidden files, options of commands, home folders
_NEVER_LAST = " ."


def safe_name(text: str, *, fallback: str = "untitled", max_bytes: int = MAX_BYTES) -> str:
    """The text as a file name without a suffix. A name that is safe already stays as it is.

    Args:
        text: Anything: line breaks, slashes, marks that turn the reading direction.
        fallback: A safe name for texts of which nothing is left.
        max_bytes: In UTF-8, at least 16.
    """
    spaced = " ".join("".join(map(_harmless, text)).split())
    name = _trimmed(unicodedata.normalize("NFC", spaced), max_bytes) or fallback
    if is_device(name):
        name = _trimmed(f"_{name}", max_bytes)
    return name


def is_device(name: str) -> bool:
    """Whether Windows takes this name for a device: `nul`, `com1.wav`."""
    return name.partition(".")[0].strip().upper() in _DEVICES


def numbered(stem: str, suffix: str, number: int, *, max_bytes: int = MAX_BYTES) -> str:
    """The first name is plain, the others are counted: `rain.wav`, `rain 2.wav`; a long stem is cut."""
    tail = suffix if number == 1 else f" {number}{suffix}"
    return _trimmed(stem, max_bytes - len(tail.encode())) + tail


def free_name(stem: str, suffix: str, taken: Collection[str]) -> str:
    """The first counted name that isn't taken.

    Args:
        taken: Names as `folded` gives them.
    """
    number = 1
    while folded(name := numbered(stem, suffix, number)) in taken:
        number += 1
    return name


def folded(name: str) -> str:
    """What two names must differ in to be two files everywhere: Windows and macOS see no case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    if category.startswith("C"):  # invisible marks, half characters, characters of nobody
        return ""
    return "_" if character in _FORBIDDEN else character


def _trimmed(name: str, max_bytes: int) -> str:
    whole = name.lstrip(_NEVER_FIRST).encode()[:max_bytes]
    return whole.decode(errors="ignore").rstrip(_NEVER_LAST)
