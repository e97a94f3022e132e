"""How long the first paint takes: from the start of the process until the window stands there, whole.

    python -m tests.benchmarks.first_paint [STARTS]

starts, in turn, an empty PySide6 window, the first example of Qt’s own tutorial (a line of text and a button), and
Cuesmith with an empty library and with 100,000 tasks, and prints medians and how often the empty window and the
example fit into them. Modules are compiled beforehand, as an installed app’s are; each kind has had a start before the
first that counts. Beside the time on the clock stands that of the processor, which says more while others use the
machine. The last column is the longest time that the GUI thread was away in the three seconds after the paint, while
the library is opened and the rest is loaded.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks.library_of import make_library

_CHECKOUT = Path(__file__).resolve().parents[2]
_WATCHED = Path(__file__).with_name("watched_start.py")
_STARTS = 7
_TASKS = 100_000
_STAY_MS = 3_000


@dataclass
class _Row:
    """One kind of window, and how its starts went."""

    title: str
    kind: str
    environ: Mapping[str, str]
    paint_ms: list[float] = field(default_factory=list)
    busy_ms: list[float] = field(default_factory=list)
    gap_ms: list[float] = field(default_factory=list)


def _start(row: _Row) -> None:
    began = time.monotonic()
    stay_ms = _STAY_MS if row.kind == "cuesmith" else 0
    done = subprocess.run(
        [sys.executable, str(_WATCHED), row.kind, str(stay_ms)],
        env=row.environ,
        cwd=_CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    painted, busy_s, longest_ms = map(float, done.stdout.split())
    row.paint_ms.append((painted - began) * 1_000)
    row.busy_ms.append(busy_s * 1_000)
    row.gap_ms.append(longest_ms)


def _rows(folder: Path) -> list[_Row]:
    shared = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    shared |= {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(_CHECKOUT),
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",  # the user's own is not asked
    }
    return [
        _Row("empty window", "empty", shared),
        _Row("Qt’s first example", "example", shared),
        _Row("Cuesmith, no task", "cuesmith", {**shared, "CUESMITH_HOME": str(folder / "empty")}),
        _Row(f"Cuesmith, {_TASKS:,} tasks", "cuesmith", {**shared, "CUESMITH_HOME": str(folder / "full")}),
    ]


def main() -> None:
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else _STARTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(make_library(folder / "full", _TASKS))
        rows = _rows(folder)
        for _ in range(1 + starts):
            for row in rows:
                _start(row)
    heads = (f"{name:>12}{'/ empty':>9}{'/ example':>11}" for name in ("first paint", "processor"))
    sys.stdout.write(f"{'':24}{''.join(heads)}{'longest gap':>14}\n")
    for row in rows:
        sys.stdout.write(f"{row.title:24}{_cells(row, rows, 'paint_ms')}{_cells(row, rows, 'busy_ms')}")
        sys.stdout.write(f"{median(row.gap_ms[1:]):>11.0f} ms\n" if row.kind == "cuesmith" else "\n")


def _cells(row: _Row, rows: Sequence[_Row], name: str) -> str:
    """The median of one measure, without the first start, and its ratios to those of the first two rows."""
    own, empty, example = (median(getattr(each, name)[1:]) for each in (row, *rows[:2]))
    return f"{own:>9.0f} ms{own / empty:>8.2f}x{own / example:>10.2f}x"


if __name__ == "__main__":
    main()
