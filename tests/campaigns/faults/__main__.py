"""python -m tests.campaigns.faults [WORD...]: play every case, or those whose names hold all the words."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.campaigns.faults.campaign import Campaign
from tests.campaigns.faults.misfortunes import cases
from tests.campaigns.faults.table import summary_of, table_of
from tests.campaigns.faults.verdict import Verdict


def main(words: Sequence[str]) -> int:
    chosen = [case for case in cases() if all(word in case.name for word in words)]
    started_s, verdicts, broken = time.monotonic(), list[Verdict](), 0
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        campaign = Campaign(folder)
        for case in chosen:
            try:
                verdict = campaign.play(case)
            except Exception:  # noqa: BLE001 - one case that can't be played must not hide the others
                broken += 1
                print(f"COULD NOT BE PLAYED  {case.name}\n{traceback.format_exc()}", file=sys.stderr)
                continue
            verdicts.append(verdict)
            for wrong in verdict.wrong:
                print(f"WRONG  {case.name}\n       {wrong}", file=sys.stderr)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(table_of(verdicts))
    print(summary_of(verdicts, broken, time.monotonic() - started_s))
    return 1 if broken or any(verdict.wrong for verdict in verdicts) else 0


if __name__ == "__main__":
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    sys.exit(main(sys.argv[1:]))
