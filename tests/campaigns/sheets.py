"""Kill `cuesmith batch` at random moments, run its sheet to the end, and count: `python -m tests.campaigns.sheets`."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.cli.programs import Cuesmith, CuesmithHere
from tests.servers.runware import KEY, RunwareServer

_ROWS = 8
_KILLS_A_SHEET = (2, 4)
_LIVES_S = (0.4, 5.0)


def main() -> int:
    """Print the figures; the exit code is 0 where nothing was lost, paid twice or left over."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.sheets", description=__doc__)
    parser.add_argument("--sheets", type=int, default=12, help="how many sheets are run to their end (default: 12)")
    parser.add_argument("--seed", type=int, default=1, help="for the same moments once more (default: 1)")
    options = parser.parse_args()
    dice, figures = random.Random(options.seed), Counter[str]()
    for _ in range(options.sheets):
        with tempfile.TemporaryDirectory() as folder, RunwareServer(result_seconds=0.5) as server:
            figures += run(Path(folder), server, dice)
    names = ("kills", "takes", "double charges", "lost files", "files left over", "bad ends")
    sys.stdout.writelines(f"{name:<18}{figures[name]:>6}\n" for name in names)
    return int(any(figures[name] for name in names[2:]))


def run(folder: Path, server: RunwareServer, dice: random.Random) -> Counter[str]:
    """One sheet, killed a few times and then left alone."""
    app = Cuesmith(folder / "home", {"RUNWARE_API_KEY": KEY})
    for setting, value in (("base_url", server.url), ("poll_interval_s", "0.05")):
        CuesmithHere(app.home).run("config", "set", f"providers.runware.{setting}", value)
    sheet, out = folder / "sheet.csv", folder / "out"
    takes = [1 + number % 2 for number in range(_ROWS)]
    rows = [f"r{number},rain {number},{count}\n" for number, count in enumerate(takes)]
    sheet.write_text("".join(["id,prompt,takes\n", *rows]))
    command = ("batch", sheet, "--out", out, "--provider", "runware", "--format", "wav")
    figures = Counter[str](takes=sum(takes))
    for _ in range(dice.randint(*_KILLS_A_SHEET)):
        process = app.start(*command)
        time.sleep(dice.uniform(*_LIVES_S))  # any moment will do: nothing is waited for
        figures["kills"] += process.poll() is None
        process.kill()
        process.communicate()
    figures["bad ends"] += app.run(*command).code != 0
    wanted = {"manifest.csv"} | {
        f"r{number}.wav" if count == 1 else f"r{number}_{take:02d}.wav"
        for number, count in enumerate(takes)
        for take in range(1, count + 1)
    }
    found = {path.name for path in out.iterdir()}
    library = {path.read_bytes() for path in (app.home / "data" / "takes").rglob("*.wav")}
    same = {path.name for path in out.glob("*.wav") if path.read_bytes() in library} | {"manifest.csv"}
    figures["double charges"] += len(server.ledger.charges) - sum(takes)
    figures["lost files"] += len(wanted - (found & same))
    figures["files left over"] += len(found - wanted)
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
