"""Export odd files in every way at random, and look at what comes out: `python -m tests.campaigns.odd [--minutes N]`.

Prints each export that went wrong with the number that makes it again, and how many there were.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.audio.odd_files import FILES
from tests.campaigns.odd.exports import Export, went_wrong


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.odd", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long (default: 5)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="the one export of this number")
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="NUMBER", help="the first (default: 0)")
    options = parser.parse_args(arguments)
    ends_s, number = time.monotonic() + 60 * options.minutes, options.first
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = {file: _written(folder, file) for file, odd in FILES.items() if odd.is_read}
        while time.monotonic() < ends_s:
            export = Export.by_chance(random.Random(options.only or number), sources)
            outcome, wrong = went_wrong(export, folder)
            outcomes[outcome] += 1
            for each in wrong:
                outcomes["wrong"] += 1
                sys.stdout.write(f"WRONG  {options.only or number}  {export}\n       {each}\n")
            if options.only is not None:
                break
            number += 1
    sys.stdout.write(f"{', '.join(f'{count:,} {outcome}' for outcome, count in sorted(outcomes.items()))}\n")
    return 1 if outcomes["wrong"] else 0


def _written(folder: Path, file: str) -> Path:
    path = folder / f"{list(FILES).index(file)}{FILES[file].suffix}"
    path.write_bytes(FILES[file].make())
    return path


if __name__ == "__main__":
    sys.exit(main())
