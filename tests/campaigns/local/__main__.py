"""What is wrong with this computer, one thing at a time: `python -m tests.campaigns.local`."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Sequence

from tests.campaigns.local.cases import CASES
from tests.campaigns.local.ground import NoSmallDisk, ground

_log = logging.getLogger("tests.campaigns.local")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.local", description=__doc__)
    parser.add_argument("--case", action="append", metavar="WORDS", help="only cases whose names hold these words")
    options = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO)
    chosen = [case for case in CASES if not options.case or any(words in case.name for words in options.case)]
    failed = 0
    for case in chosen:
        began_s = time.monotonic()
        try:
            with ground() as place:
                verdict, seen = "as it should", case.run(place)
        except NoSmallDisk as error:
            _log.info("left out: %s", error)
            return 1
        except (AssertionError, TimeoutError) as error:
            failed += 1
            verdict, seen = "FAILED", " ".join(str(error).split())[:600]
        _log.info("%-48s %-12s %5.1f s  %s", case.name, verdict, time.monotonic() - began_s, seen)
    _log.info("%d cases, %d failed", len(chosen), failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
