"""One life of the app: a process that is started, killed at some moment, and whose last state is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.storage.locations import Locations
from tests.campaigns.kills.moments import Moment

ROOT = Path(__file__).resolve().parents[3]
_PATIENCE_S = 90.0
_POLITE = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Life:
    """What became of a process.

    Attributes:
        moment: When it was to be killed; "" where it was left alone.
        was_killed: It was still alive then.
        code: What it returned; negative is the signal that ended it.
    """

    number: int
    command: str
    moment: str
    number_of_signal: int
    was_killed: bool
    code: int
    seconds: float

    @property
    def in_words(self) -> str:
        ending = f"killed by signal {self.number_of_signal} {self.moment}" if self.was_killed else "ended by itself"
        return f"{self.number:04} {self.command}: {ending} ({self.code}) after {self.seconds:.3f} s"


@dataclass
class Nursery:
    """Starts the app in one home, under one environment, and writes a line about each life.

    Attributes:
        lives: Of all processes, in the order of their ends.
        deaf: Processes that didn't obey a polite signal.
        log: What they wrote is in the folder of the log, under their numbers.
    """

    home: Path
    environment: Mapping[str, str]
    log: Path
    lives: list[Life] = field(default_factory=list)
    deaf: list[str] = field(default_factory=list)
    _started: int = 0

    @property
    def locations(self) -> Locations:
        return Locations.under(self.home)

    @property
    def kills(self) -> int:
        return sum(life.was_killed for life in self.lives)

    def note(self, line: str) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")

    def live(
        self,
        arguments: Sequence[str],
        moment: Moment | None = None,
        *,
        kill_by: signal.Signals = signal.SIGKILL,
        whole_group: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Life:
        """Start the app, and kill it at the moment, or wait for its end.

        Args:
            arguments: None of them is the window.
            whole_group: Kill its children with it.
        """
        birth = self.begin(arguments, moment, environment=environment)
        return self.end(birth, kill_by=kill_by, whole_group=whole_group)

    def begin(
        self, arguments: Sequence[str], moment: Moment | None = None, *, environment: Mapping[str, str] | None = None
    ) -> Birth:
        """Start the app; `end` must follow."""
        self._started += 1
        if moment is not None:
            moment.prepare()
        out = self.log.parent / f"{self._started:04}.out"
        with out.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "app", *arguments],
                cwd=ROOT,
                env={**os.environ, **self.environment, **(environment or {}), "CUESMITH_HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Birth(self._started, " ".join(arguments) or "the window", process, moment, time.monotonic())

    def end(self, birth: Birth, *, kill_by: signal.Signals = signal.SIGKILL, whole_group: bool = False) -> Life:
        """Wait for the moment, or the process's own end, and see it dead."""
        process, moment = birth.process, birth.moment
        try:
            if moment is not None:
                moment.wait(process)
            else:
                process.wait(_PATIENCE_S)
        finally:
            seconds = time.monotonic() - birth.at_s
            was_killed = process.poll() is None
            if was_killed:
                _kill(process, kill_by if moment is not None else signal.SIGKILL, whole_group=whole_group)
            if moment is not None:
                moment.over()
            if not _ends(process):
                self.deaf.append(f"{birth.number:04} {birth.command}: signal {kill_by} {birth.moment_name}")
                _kill(process, signal.SIGKILL, whole_group=True)
        life = Life(birth.number, birth.command, birth.moment_name, kill_by, was_killed, process.returncode, seconds)
        self.lives.append(life)
        self.note(life.in_words)
        return life


@dataclass(frozen=True)
class Birth:
    """A process that lives."""

    number: int
    command: str
    process: subprocess.Popen[bytes]
    moment: Moment | None
    at_s: float

    @property
    def moment_name(self) -> str:
        return self.moment.name if self.moment is not None else ""


def _ends(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(process: subprocess.Popen[bytes], number: signal.Signals, *, whole_group: bool) -> None:
    """What is polite is obeyed once the service has answered; it is let go before the end is waited for."""
    if whole_group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    if number in _POLITE:
        return
    process.wait()
