"""Kill the app again and again, and count what that costs: `python -m tests.campaigns.kills --kills 200`."""

from __future__ import annotations

import argparse
import contextlib
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.campaigns.kills import report
from tests.campaigns.kills.campaign import Campaign, NeverAtRest
from tests.campaigns.kills.stand_ins import stand_ins
from tests.campaigns.kills.ways import WAYS
from tests.end_to_end.desktop import desktop, missing_parts


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how often the app is killed (default: 200)")
    parser.add_argument("--seed", type=int, help="of all that is left to chance; a new one if not given")
    parser.add_argument("--window-share", type=float, default=0.2, help="of the kills that hit the window (default: 0.2)")
    parser.add_argument("--way", action="append", metavar="NAME", help="only ways whose names begin so")
    parser.add_argument("--keep", action="store_true", help="keep the library and the logs in any case")
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    folder = Path(tempfile.mkdtemp(prefix="cuesmith-kills-"))
    print(f"seed {seed}; library and logs: {folder}", flush=True)
    ways = [way for way in WAYS if options.way is None or way.name.startswith(tuple(options.way))]
    started_s = time.monotonic()
    with _screen(folder, options.window_share) as screen, stand_ins() as services:
        campaign = Campaign(folder, services, ways, random.Random(seed), screen, options.window_share)
        try:
            findings = campaign.run(options.kills)
        except NeverAtRest as error:
            print(f"tasks never came to rest: {error}")
            return 1
    for line in report.table(campaign.hits):
        print(line)
    print(f"moments: {report.moments(campaign.moments)}")
    print(
        f"of the kills {campaign.window_kills} hit the window; {campaign.polite} SIGINT and SIGTERM besides; "
        f"{len(campaign.nursery.lives)} processes in {time.monotonic() - started_s:.0f} s"
    )
    for line in (*report.summary(campaign.kills, findings), *report.details(findings)):
        print(line)
    if findings.is_clean and not options.keep:
        shutil.rmtree(folder)
    elif not findings.is_clean:
        print(f"to repeat: python -m tests.campaigns.kills --kills {options.kills} --seed {seed}; see {folder}/lives")
    return 0 if findings.is_clean else 1


@contextlib.contextmanager
def _screen(folder: Path, share: float) -> Iterator[Mapping[str, str] | None]:
    """The environment of a window: a desktop of its own, or Qt without a screen where that can't be had."""
    if not share:
        yield None
    elif sys.platform == "linux" and not missing_parts():
        (folder / "desktop").mkdir()
        with desktop(folder / "desktop") as screen:
            yield screen.environment
    else:
        yield {"QT_QPA_PLATFORM": "offscreen"}


if __name__ == "__main__":
    raise SystemExit(main())
