"""The window while tasks run, with a large library, and while somebody searches."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from tests.benchmarks import stand_in
from tests.benchmarks.library_of import make_library
from tests.benchmarks.process import measured, screens
from tests.benchmarks.table import Row
from tests.benchmarks.thousand_tasks import prepare_home

_FRAME_MS = 1_000 / 60
_LARGE = 100_000


def gaps(tasks: int = 1_000, *, on_a_screen: bool = True) -> list[Row]:
    """The longest time that the GUI thread was away while tasks ran through; off the screen, and on one."""
    rows = []
    with tempfile.TemporaryDirectory() as name, stand_in.running() as origin, screens() as found:
        for screen, environ in found.items() if on_a_screen else [*found.items()][:1]:
            home = prepare_home(Path(name) / screen, origin)
            seen = measured("window_work", "tasks", tasks, environ={**home, **environ})
            rows += [
                *gap_rows(f"longest gap, {tasks:,} tasks ({screen})", seen),
                Row("  gaps over 50 ms", seen["over_budget"], "times"),
            ]
    return rows


def scenes(rows: int = 10_000, tasks: int = 5_000, receipts: int = _LARGE) -> list[Row]:
    """The longest time that the GUI thread was away while somebody did something large, step by step."""
    measured_rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name, stand_in.running() as origin:
        asyncio.run(make_library(Path(name) / "ledger", receipts))
        for scene, number, of_what in (
            ("sheet", rows, f"a script of {rows:,} lines"),
            ("stop", tasks, f"{tasks:,} tasks"),
            ("ledger", receipts, f"{receipts:,} receipts"),
        ):
            seen = measured("window_work", scene, number, environ=prepare_home(Path(name) / scene, origin))
            for what, gap in seen.items():
                measured_rows += gap_rows(f"longest gap, {of_what} {what}", gap)
    return measured_rows


def gap_rows(what: str, seen: Mapping[str, float]) -> tuple[Row, Row]:
    """Two rows of what `gui_gaps.Gaps` saw."""
    return (
        Row(what, seen["longest_ms"], "ms", budget=50),
        Row("  longest work of the GUI thread itself", seen["longest_work_ms"], "ms", budget=50),
    )


def weight(few: int = 10_000, many: int = _LARGE) -> list[Row]:
    """Private memory of the window by the size of its library."""
    held: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as name:
        for tasks in (0, few, many):
            home = Path(name) / str(tasks)
            if tasks:
                asyncio.run(make_library(home, tasks))
            seen = measured("window_work", "memory", environ={"CUESMITH_HOME": str(home)})
            held[tasks] = seen["private_kb"] / 1_024
    rows = [Row("memory of the window, empty library", held[0], "MB")]
    for tasks in (few, many):
        rows.append(Row(f"  with {tasks:,} tasks", held[tasks], "MB"))
        rows.append(Row("    of each task", max(held[tasks] - held[0], 0) * 1_024 / tasks, "KB"))
    return rows


def search(tasks: int = _LARGE, letters: int = 6) -> list[Row]:
    """From the press of one letter to the painted list, without the pause in which more letters may come."""
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(make_library(Path(name), tasks))
        took = measured("window_work", "search", letters, environ={"CUESMITH_HOME": name})
    rows = []
    for what, each in took.items():
        order, _, share = what.partition(", ")
        title = f"  {share}, by {order}" if share else f"one letter typed, {tasks:,} tasks, by {order}"
        rows.append(Row(title, median(each), "ms", _FRAME_MS, 3))
    return rows
