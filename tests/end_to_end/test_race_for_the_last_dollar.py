"""Four processes at once, a limit with room for one of them: one request leaves, also if its process is killed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest

from tests.cli.programs import Cuesmith
from tests.servers.faults import Hold
from tests.servers.runware import KEY, RunwareServer

SCENE = ("generate", "rain", "--provider", "runware", "--model", "bytedance:seed-audio@1.0")  # at most $0.316
RACERS = 4
PATIENCE_S = 60


@pytest.fixture
def runware() -> Iterator[RunwareServer]:
    with RunwareServer(result_seconds=1.5) as server:
        yield server


def with_limit(home: Path, server: RunwareServer, limit: str) -> Cuesmith:
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(
        f'[spending]\n{limit} = "0.50"\n\n[providers.runware]\nbase_url = "{server.url}"\npoll_interval_s = 0.05\n'
    )
    return Cuesmith(home, {"RUNWARE_API_KEY": KEY})


@dataclass
class Race:
    """Processes that are started at once.

    Attributes:
        losers: How those ended that didn't go on: exit code and what was told.
    """

    racers: list[subprocess.Popen[str]]
    losers: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ended: SimpleQueue[tuple[subprocess.Popen[str], str]] = SimpleQueue()
        for racer in self.racers:
            Thread(target=self._note, args=(racer,), daemon=True).start()

    def _note(self, racer: subprocess.Popen[str]) -> None:
        _, told = racer.communicate()
        self._ended.put((racer, told))

    def winner(self) -> subprocess.Popen[str]:
        """The one that is left once all others have ended."""
        left = list(self.racers)
        while len(left) > 1:
            loser, told = self._ended.get(timeout=PATIENCE_S)
            self.losers.append((loser.returncode, told))
            left.remove(loser)
        return left[0]

    def kill(self, racer: subprocess.Popen[str]) -> None:
        racer.kill()
        self._ended.get(timeout=PATIENCE_S)


@pytest.mark.parametrize(("limit", "when"), [("day_usd", "today"), ("month_usd", "this month")])
def test_of_four_processes_one_request_leaves_and_the_others_are_refused(
    tmp_path: Path, runware: RunwareServer, limit: str, when: str
) -> None:
    cuesmith = with_limit(tmp_path / "home", runware, limit)
    held = runware.faults.at("poll", Hold())

    race = Race([cuesmith.start(*SCENE) for _ in range(RACERS)])
    race.kill(race.winner())
    after_its_death = cuesmith.run(*SCENE)
    held.release()
    resumed = cuesmith.run("resume")

    assert [code for code, _ in race.losers] == [2] * (RACERS - 1)
    assert all(f"your limit of $0.50 {when}: $0.316 held, about $0.316 needed" in told for _, told in race.losers)
    assert after_its_death.code == 2
    assert resumed.code == 0, resumed.err
    assert len(runware.jobs) == len(runware.ledger.charges) == 1
