"""The engine at a service that answers at once: how much slower than the bare calls, and what tasks weigh."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks import stand_in
from tests.benchmarks.process import measured
from tests.benchmarks.table import Row
from tests.benchmarks.thousand_tasks import AT_ONCE

_KINDS = ("httpx", "httpx-flushed", "engine")


def throughput(tasks: int = 1_000, times: int = 3) -> list[Row]:
    """The three kinds in turn, so that what else the computer does meets all of them."""
    took: dict[str, list[dict[str, float]]] = {kind: [] for kind in _KINDS}
    with tempfile.TemporaryDirectory() as name, stand_in.running() as origin:
        for run in range(times):
            for kind in _KINDS:
                took[kind].append(measured("thousand_tasks", kind, origin, Path(name) / f"{kind}-{run}", tasks))

    def of(kind: str, what: str) -> float:
        return median(each[what] for each in took[kind])

    what = f"engine, {tasks:,} tasks, {AT_ONCE} at once"
    return [
        Row(what, of("engine", "clock_s"), "s", of("httpx-flushed", "clock_s"), 2),
        Row("  the same, of the processor", of("engine", "processor_s"), "s", of("httpx-flushed", "processor_s"), 2),
        Row("  against httpx that flushes no file", of("engine", "clock_s"), "s", of("httpx", "clock_s")),
    ]


def weight(tasks: int = 10_000) -> list[Row]:
    """Private memory of tasks that wait in the queue."""
    with tempfile.TemporaryDirectory() as name, stand_in.running() as origin:
        held = measured("thousand_tasks", "waiting", origin, name, tasks)
    what = f"memory of {tasks:,} queued tasks"
    return [Row(what, held["tasks_kb"] / 1_024, "MB"), Row("  of each", held["tasks_kb"] / tasks, "KB")]
