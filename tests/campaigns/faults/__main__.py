"""python -m tests.campaigns.faults [WORD...]: play every case, or those whose names hold all the words."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.campaigns.faults.campaign import Campaign
from tests.campaigns.faults.cases import cases
from tests.campaigns.faults.table import summary_of, table_of
from tests.campaigns.faults.verdict import Verdict

_IN_MEMORY = Path("/dev/shm")
"""Where flushing to the disk takes no time; power cuts aren’t among the faults."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        "python -m tests.campaigns.faults", description="Play every case, or those whose names hold all the words."
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="such as runware or timeout")
    words = parser.parse_args(arguments).words
    chosen = [case for case in cases() if all(word in case.name for word in words)]
    if not chosen:
        parser.error(f"no case has {' and '.join(words)} in its name")
    started_s, verdicts, broken = time.monotonic(), list[Verdict](), 0
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None))
    try:
        campaign = Campaign(folder)
        for case in chosen:
            try:
                verdict = campaign.play(case)
            except Exception:  # noqa: BLE001 - one case that can't be played must not hide the others
                broken += 1
                sys.stderr.write(f"COULD NOT BE PLAYED  {case.name}\n{traceback.format_exc()}\n")
                continue
            verdicts.append(verdict)
            for wrong in verdict.wrong:
                sys.stderr.write(f"WRONG  {case.name}\n       {wrong}\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"{table_of(verdicts)}\n{summary_of(verdicts, broken, time.monotonic() - started_s)}\n")
    return 1 if broken or any(verdict.wrong for verdict in verdicts) else 0


if __name__ == "__main__":
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    sys.exit(main(sys.argv[1:]))
