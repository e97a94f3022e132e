"""How fast, how smooth and how large the app is, against the budgets of its design.

    python -m tests.benchmarks [NAME...]

runs all benchmarks, or those that are named, and prints a table. Each stands beside what it is measured against, in
the same run; the last column says whether the budget is met. Takes some minutes, and wants the computer for itself:
what else runs on it counts.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from tests.benchmarks import engine, exporting, first_paint, frames, listening, spectra, waves, window
from tests.benchmarks.table import Row, printed

BENCHMARKS: dict[str, Callable[[], Sequence[Row]]] = {
    "engine": engine.throughput,
    "gaps": lambda: (*window.gaps(), *window.scenes()),
    "memory": lambda: (*engine.weight(), *window.weight()),
    "start": first_paint.rows,
    "search": window.search,
    "frames": frames.rows,
    "spectrogram": spectra.rows,
    "export": exporting.rows,
    "play": listening.rows,
    "peaks": waves.peaks,
    "reopen": waves.reopen,
}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        "python -m tests.benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; all if none is named")
    names = parser.parse_args(arguments).names
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there is {', '.join(BENCHMARKS)}")
    rows: list[Row] = []
    for name in names or BENCHMARKS:
        sys.stderr.write(f"{name} …\n")
        rows += BENCHMARKS[name]()
    sys.stdout.write(printed(rows))
    if hasattr(os, "getloadavg"):
        load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        sys.stdout.write(f"\n{os.cpu_count()} processors; load in the last 1, 5 and 15 minutes: {load}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
