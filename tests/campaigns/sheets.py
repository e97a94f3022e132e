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

_TAKES = (1, 2, 1, 2, 1, 2, 1, 2)  # of each row
_KILLS_A_SHEET = (2, 4)
_FIRST_MOMENT_S = 0.2


def main() -> int:
    """Print the figures; the exit code is 0 where nothing was lost, paid twice or left over."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.sheets", description=__doc__)
    parser.add_argument("--sheets", type=int, default=12, help="how many sheets are run to their end (default: 12)")
    parser.add_argument("--seed", type=int, default=1, help="for the same moments once more (default: 1)")
    options = parser.parse_args()
    dice, figures = random.Random(options.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, RunwareServer(result_seconds=0.5) as server:
        app, command = prepared(Path(folder), server)
        began_s = time.monotonic()
        app.run(*command)  # how long a sheet takes on this computer that nobody kills
        life_s = time.monotonic() - began_s
    for _ in range(options.sheets):
        with tempfile.TemporaryDirectory() as folder, RunwareServer(result_seconds=0.5) as server:
            figures += run(Path(folder), server, dice, life_s)
    names = ("kills", "takes", "double charges", "lost files", "files left over", "bad ends")
    sys.stdout.writelines(f"{name:<18}{figures[name]:>6}\n" for name in names)
    return int(any(figures[name] for name in names[2:]))


def prepared(folder: Path, server: RunwareServer) -> tuple[Cuesmith, tuple[str | Path, ...]]:
    """A home that knows the service, a sheet, and the command that makes what it asks for."""
    app = Cuesmith(folder / "home", {"RUNWARE_API_KEY": KEY})
    for setting, value in (("base_url", server.url), ("poll_interval_s", "0.05")):
        CuesmithHere(app.home).run("config", "set", f"providers.runware.{setting}", value)
    sheet = folder / "sheet.csv"
    rows = [f"r{number},rain {number},{count}\n" for number, count in enumerate(_TAKES)]
    sheet.write_text("".join(["id,prompt,takes\n", *rows]))
    return app, ("batch", sheet, "--out", folder / "out", "--provider", "runware", "--format", "wav")


def run(folder: Path, server: RunwareServer, dice: random.Random, life_s: float) -> Counter[str]:
    """One sheet, killed a few times and then left alone.

    Args:
        life_s: How long it takes if nobody kills it; a moment within that is as good as any other.
    """
    app, command = prepared(folder, server)
    out = folder / "out"
    figures = Counter[str](takes=sum(_TAKES))
    for _ in range(dice.randint(*_KILLS_A_SHEET)):
        process = app.start(*command)
        time.sleep(dice.uniform(_FIRST_MOMENT_S, life_s))
        figures["kills"] += process.poll() is None
        process.kill()
        process.communicate()
    figures["bad ends"] += app.run(*command).code != 0
    wanted = {"manifest.csv"} | {
        f"r{number}.wav" if count == 1 else f"r{number}_{take:02d}.wav"
        for number, count in enumerate(_TAKES)
        for take in range(1, count + 1)
    }
    found = {path.name for path in out.iterdir()}
    library = {path.read_bytes() for path in (app.home / "data" / "takes").rglob("*.wav")}
    same = {path.name for path in out.glob("*.wav") if path.read_bytes() in library} | {"manifest.csv"}
    figures["double charges"] += len(server.ledger.charges) - sum(_TAKES)
    figures["lost files"] += len(wanted - (found & same))
    figures["files left over"] += len(found - wanted)
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
