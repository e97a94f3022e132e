"""When a process is killed: after some time, in a phase of a service, or at something that happens on the disk."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.servers.faults import Fault, Faults
from tests.servers.gate import Gate

_LOOK_EVERY_S = 0.0005
_TURN_S = 0.02


class Holding(Protocol):
    """A fault that holds an exchange: `Hold` or `HoldAfter`."""

    reached: Gate

    def release(self) -> None: ...


class Moment(Protocol):
    """Attributes: name: What it is, for the table and the log."""

    name: str

    def prepare(self) -> None:
        """Before the process starts."""

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        """Until it has come, or the process has ended by itself."""

    def over(self) -> None:
        """After the process is dead."""


@dataclass
class After:
    """So many seconds after the start."""

    seconds: float

    @property
    def name(self) -> str:
        return f"after {self.seconds:.3f} s"

    def prepare(self) -> None:
        """Nothing is needed."""

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(self.seconds)
        except subprocess.TimeoutExpired:
            return

    def over(self) -> None:
        """Nothing is left."""


@dataclass
class InPhase:
    """While a service holds an exchange; or, with `then_s`, so long after it let go: when the answer has just come.

    Attributes:
        held_s: So long it is held at least: what has been sent by then may have come to the disk.
        late_s: So long after the death the service goes on: somebody may have asked about it by then.
        most_s: If nothing is held by then, it is killed anyway.
    """

    name: str
    faults: Faults
    phase: str
    fault: Holding
    after: int = 0
    held_s: float = 0.0
    then_s: float | None = None
    late_s: float = 0.0
    most_s: float = 6.0

    def prepare(self) -> None:
        assert isinstance(self.fault, Fault)
        self.faults.at(self.phase, self.fault, after=self.after)

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + self.most_s
        while process.poll() is None and time.monotonic() < until:
            try:
                self.fault.reached.wait_in_thread(_TURN_S)
            except TimeoutError:
                continue
            break
        After(self.held_s).wait(process)
        if self.then_s is not None:
            self.fault.release()
            After(self.then_s).wait(process)

    def over(self) -> None:
        self.faults.clear(self.phase)
        if self.late_s:
            threading.Timer(self.late_s, self.fault.release).start()
        else:
            self.fault.release()


@dataclass
class AtChange:
    """At the `count`-th change of something on the disk, such as the length of SQLite's log: one a commit.

    Attributes:
        changes: How many were seen.
    """

    name: str
    look: Callable[[], object]
    count: int = 1
    most_s: float = 6.0
    changes: int = 0

    def prepare(self) -> None:
        """What it is compared with is seen when the process starts."""
        self._seen = self.look()

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + self.most_s
        while process.poll() is None and time.monotonic() < until:
            seen = self.look()
            if seen != self._seen:
                self._seen = seen
                self.changes += 1
                if self.changes >= self.count:
                    return
            time.sleep(_LOOK_EVERY_S)

    def over(self) -> None:
        """Nothing is left."""


def commits(database: Path) -> Callable[[], object]:
    """Changes with every commit."""
    log = database.with_name(f"{database.name}-wal")

    def look() -> object:
        try:
            found = log.stat()
        except FileNotFoundError:
            return None
        return found.st_size, found.st_mtime_ns

    return look


def checkpoints(database: Path) -> Callable[[], object]:
    """Changes while SQLite copies its log into the file of the library."""

    def look() -> object:
        try:
            found = database.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns

    return look


def names_in(folder: Path) -> Callable[[], object]:
    """Changes whenever a file below appears, is renamed or goes."""

    def look() -> object:
        return frozenset(name for _, _, names in os.walk(folder) for name in names)

    return look
