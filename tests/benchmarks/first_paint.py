"""How long the first paint takes: from the start of the process until the window stands there, whole.

Started in turn: an empty PySide6 window; a bare main window with a text box, a button and a table of three by three,
which the budget is measured against; Cuesmith with an empty library and with 100,000 tasks. Modules are compiled
beforehand, as an installed app’s are; each kind has had a start before the first that counts. Beside the time on the
clock stands that of the processor, which says more while others use the machine. The longest gap is the longest time
that the GUI thread was away in the three seconds after the paint, while the library is opened and the rest is loaded.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks.library_of import make_library
from tests.benchmarks.process import CHECKOUT, surroundings
from tests.benchmarks.table import Row

_WATCHED = Path(__file__).with_name("watched_start.py")
_STARTS = 7
_TASKS = 100_000
_STAY_MS = 3_000


@dataclass
class _Start:
    """One kind of window, and how its starts went."""

    title: str
    kind: str
    environ: Mapping[str, str]
    paint_ms: list[float] = field(default_factory=list)
    busy_ms: list[float] = field(default_factory=list)
    gap_ms: list[float] = field(default_factory=list)


def _start(kind: _Start, stay_ms: int, *, is_counted: bool) -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(_WATCHED), kind.kind, str(stay_ms if kind.kind == "cuesmith" else 0)],
        env=kind.environ,
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        timeout=60,
    )
    painted, busy_s, longest_ms = map(float, done.stdout.split())
    if is_counted:
        kind.paint_ms.append((painted - began) * 1_000)
        kind.busy_ms.append(busy_s * 1_000)
        kind.gap_ms.append(longest_ms)


def _kinds(folder: Path, tasks: int) -> list[_Start]:
    shared = {name: value for name, value in surroundings().items() if name != "PYTHONDONTWRITEBYTECODE"}
    shared |= {"PYTHONPATH": str(CHECKOUT), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    return [
        _Start("empty window", "empty", shared),
        _Start("bare window", "bare", shared),
        _Start("Cuesmith, no task", "cuesmith", {**shared, "CUESMITH_HOME": str(folder / "empty")}),
        _Start(f"Cuesmith, {tasks:,} tasks", "cuesmith", {**shared, "CUESMITH_HOME": str(folder / "full")}),
    ]


def watched(tasks: int, starts: int, stay_ms: int) -> list[_Start]:
    """Every kind of window in turn; the first start of each doesn't count."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(make_library(folder / "full", tasks))
        kinds = _kinds(folder, tasks)
        for number in range(1 + starts):
            for each in kinds:
                _start(each, stay_ms, is_counted=number > 0)
    return kinds


def rows(tasks: int = _TASKS, starts: int = _STARTS, stay_ms: int = _STAY_MS) -> list[Row]:
    """First paint against a bare window, on the clock and of the processor; and the gap after it."""
    empty, bare, fresh, full = watched(tasks, starts, stay_ms)

    def row(what: str, each: _Start, against: _Start, *, budget: float | None = None) -> Row:
        return Row(what, median(each.paint_ms), "ms", median(against.paint_ms), budget)

    return [
        row(f"first paint, {tasks:,} tasks", full, bare, budget=2.5),
        Row("  the same, of the processor", median(full.busy_ms), "ms", median(bare.busy_ms), 2.5),
        row("  against an empty window", full, empty),
        row("first paint, no task", fresh, bare),
        Row("longest gap in the 3 s after the paint", median(full.gap_ms), "ms", budget=50),
    ]
