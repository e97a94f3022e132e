"""Kill the app again and again, and count what that costs: `python -m tests.campaigns.kills --kills 200`."""

from __future__ import annotations

import argparse
import contextlib
import logging
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.campaigns.kills import report
from tests.campaigns.kills.campaign import Campaign
from tests.campaigns.kills.person import Person
from tests.campaigns.kills.stand_ins import stand_ins
from tests.campaigns.kills.user import NeverAtRest
from tests.campaigns.kills.ways import WAYS
from tests.end_to_end.desktop import Desktop, desktop, missing_parts

_log = logging.getLogger("tests.campaigns.kills")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how often the app is killed (default: 200)")
    parser.add_argument("--seed", type=int, help="of all that is left to chance; a new one if not given")
    parser.add_argument(
        "--window-share", type=float, default=0.2, help="of the kills that hit the window (default: 0.2)"
    )
    parser.add_argument("--way", action="append", metavar="NAME", help="only ways whose names begin so")
    parser.add_argument("--keep", action="store_true", help="keep the library and the logs in any case")
    options = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO)
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    folder = Path(tempfile.mkdtemp(prefix="cuesmith-kills-"))
    _log.info("seed %s; library and logs: %s", seed, folder)
    ways = [way for way in WAYS if options.way is None or way.name.startswith(tuple(options.way))]
    started_s = time.monotonic()
    with _screen(folder, options.window_share) as screen, stand_ins() as services:
        environment = screen.environment if isinstance(screen, Desktop) else screen
        person = Person(screen) if isinstance(screen, Desktop) else None
        campaign = Campaign(folder, services, ways, random.Random(seed), environment, options.window_share, person)
        try:
            findings = campaign.run(options.kills)
        except NeverAtRest as error:
            _log.error("tasks never came to rest: %s; see %s/lives, seed %s", error, folder, seed)
            return 1
    for line in report.table(campaign.deaths.hits):
        _log.info("%s", line)
    _log.info("moments: %s", report.moments(campaign.deaths.moments))
    _log.info(
        "of the kills %d hit the window; %d SIGINT and SIGTERM besides; %d processes in %.0f s",
        campaign.deaths.of_windows,
        campaign.deaths.polite,
        len(campaign.deaths.nursery.lives),
        time.monotonic() - started_s,
    )
    for line in (*report.summary(campaign.deaths.kills, findings), *report.details(findings)):
        _log.info("%s", line)
    if findings.is_clean and not options.keep:
        shutil.rmtree(folder)
    elif not findings.is_clean:
        _log.error(
            "to repeat: python -m tests.campaigns.kills --kills %d --seed %d; see %s/lives", options.kills, seed, folder
        )
    return 0 if findings.is_clean else 1


@contextlib.contextmanager
def _screen(folder: Path, share: float) -> Iterator[Desktop | Mapping[str, str] | None]:
    """A desktop of its own for the window; where that can't be had, the environment of one that nobody sees."""
    if not share:
        yield None
    elif sys.platform == "linux" and not missing_parts():
        (folder / "desktop").mkdir()
        with desktop(folder / "desktop") as screen:
            yield screen
    else:
        yield {"QT_QPA_PLATFORM": "offscreen"}


if __name__ == "__main__":
    raise SystemExit(main())
