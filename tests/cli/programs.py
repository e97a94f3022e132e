"""The command line, in a home of its own: as a real process, or in this one, which is quicker."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.building import build
from app.cli.command_line import run
from app.cli.console import Console
from app.cli.context import Context
from app.domain.provider import AudioProvider
from app.storage.locations import Locations
from app.storage.settings import SettingsStore

_CHECKOUT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Finished:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass(frozen=True)
class Cuesmith:
    """Starts `python -m app` with everything of it under one folder.

    Attributes:
        environment: Besides that of the tests.
    """

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str | Path) -> Finished:
        """Run a command to its end."""
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return Finished(process.returncode, out, err)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "app", *map(str, arguments)],
            cwd=_CHECKOUT,
            env={**os.environ, **self.environment, "CUESMITH_HOME": str(self.home), "PYTHONWARNINGS": "error"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


@dataclass(frozen=True)
class CuesmithHere:
    """Runs commands in this process.

    Attributes:
        providers: Instead of the app's own, made anew for each command.
    """

    home: Path
    providers: Callable[[], Mapping[str, AudioProvider]] | None = None

    def run(self, *arguments: str | Path) -> Finished:
        """Run a command to its end."""
        locations, out, err = Locations.under(self.home), io.StringIO(), io.StringIO()
        context = Context(
            Console(out, err),
            settings=lambda: SettingsStore(locations.settings_file),
            services=lambda: build(locations, self.providers() if self.providers is not None else None),
            self_check=lambda: 0,
        )
        return Finished(run([*map(str, arguments)], context), out.getvalue(), err.getvalue())
