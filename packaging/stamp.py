"""The record of what is completely installed in an environment: written last, atomically, and only then."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# An environment that holds the left one holds the right ones as well.
_EXTENDS = {
    "requirements-test.lock": ("requirements.lock",),
    "requirements-freeze.lock": ("requirements.lock",),
}


@dataclass(frozen=True)
class Stamp:
    """Which Python an environment has, and the hashes of the lock files that were installed to the end.

    Attributes:
        python: Full version, like "3.11.7".
        locks: File name of a lock -> SHA-256 of its content, in hex.
    """

    python: str
    locks: Mapping[str, str] = field(default_factory=dict)

    def covers(self, lock: Path, python: str) -> bool:
        """Whether an environment with this stamp is complete for `lock` on this Python."""
        return self.python == python and self.locks.get(lock.name) == fingerprint(lock)

    def after_installing(self, lock: Path) -> Stamp:
        """The stamp for an environment that got `lock` on top of what it had."""
        names = (lock.name, *_EXTENDS.get(lock.name, ()))
        return Stamp(self.python, {**self.locks, **{name: fingerprint(lock.with_name(name)) for name in names}})


def fingerprint(lock: Path) -> str:
    """SHA-256 of a lock file; line ends don't count, since a checkout may convert them."""
    return hashlib.sha256(lock.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def read_stamp(path: Path) -> Stamp | None:
    """The stamp at `path`; None where there is none, or none that can be understood."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return Stamp(str(content["python"]), {str(name): str(value) for name, value in content["locks"].items()})
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def write_stamp(path: Path, stamp: Stamp) -> None:
    """Write beside, flush, rename: a stamp is there as a whole or not at all."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump({"python": stamp.python, "locks": dict(stamp.locks)}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
