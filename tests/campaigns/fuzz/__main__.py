"""Feed everything that reads what others wrote: `python -m tests.campaigns.fuzz [--minutes N] [--only WORD]`.

Prints a line for each reader: how many inputs it was given, how long the slowest took, and what it failed over.
"""

from __future__ import annotations

import argparse
import faulthandler
import logging
import sys
import time
import traceback
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from tests.campaigns.fuzz.targets import Target, targets

_BATCH = 200
_SLOW_S = 5.0


@dataclass
class Figures:
    """What came of one target.

    Attributes:
        failures: What was raised, with the last of where; each kind once.
    """

    inputs: int = 0
    slowest_s: float = 0.0
    failures: dict[str, Any] = field(default_factory=dict)


def run(target: Target, seconds: float) -> Figures:
    """Give a target one batch of inputs after the other until the time is over; failures are counted, and go on."""
    figures = Figures()
    until = time.monotonic() + seconds

    def one(value: Any) -> None:
        if time.monotonic() > until:
            return
        began_s = time.process_time()
        try:
            target(value)
        except Exception as error:  # noqa: BLE001 - that's what is looked for
            place = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} at {place.filename.rpartition('/')[2]}:{place.lineno}: {str(error)[:100]!r}"
            figures.failures.setdefault(kind, value)
        figures.inputs += 1
        took_s = time.process_time() - began_s
        if took_s > max(_SLOW_S, figures.slowest_s):
            figures.failures.setdefault(f"slow: more than {_SLOW_S:g} s", value)
        figures.slowest_s = max(figures.slowest_s, took_s)

    feed = settings(
        max_examples=_BATCH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(given(target.inputs)(one))
    while time.monotonic() < until:
        feed()
    return figures


def main() -> int:
    faulthandler.enable()
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long altogether (default: 5)")
    parser.add_argument("--only", default="", metavar="WORD", help="targets with this word in their name")
    options = parser.parse_args()
    chosen = [target for target in targets() if options.only in target.name]
    write = sys.stdout.write
    write(f"{'reader':<28}{'inputs':>9}{'slowest':>10}{'failures':>10}\n")
    total = failed = 0
    for target in chosen:
        figures = run(target, options.minutes * 60 / len(chosen))
        total += figures.inputs
        failed += len(figures.failures)
        write(f"{target.name:<28}{figures.inputs:>9,}{figures.slowest_s:>8.2f} s{len(figures.failures):>10}\n")
        for kind, value in figures.failures.items():
            write(f"    {kind}\n        {repr(value)[:400]}\n")
        sys.stdout.flush()
    write(f"{'altogether':<28}{total:>9,}{'':>10}{failed:>10}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
