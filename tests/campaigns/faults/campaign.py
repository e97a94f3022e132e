"""Cases played one after the other, each with a library, a service and a clock of its own."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from tests.campaigns.faults.cases import Case
from tests.campaigns.faults.playing import Player
from tests.campaigns.faults.verdict import Verdict, judged
from tests.campaigns.faults.watching import WatchedNetwork
from tests.campaigns.faults.ways import WAYS
from tests.fakes.virtual_loop import run_virtually

_KEYS = frozenset(way.subject.key for way in WAYS)
_REALLY_S = 1.5


class Campaign:
    """
    Args:
        folder: Each case gets a folder in it, which is gone afterwards.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._network = WatchedNetwork(_KEYS)

    def play(self, case: Case) -> Verdict:
        """In no real time: every wait is over at once."""
        home = self._home()
        try:
            story = run_virtually(lambda loop: Player(self._network).play(case, home, loop))
            return judged(story)
        finally:
            self._tidy()

    def play_for_real(self, case: Case) -> Verdict:
        """By the clock on the wall, with little patience."""
        home = self._home()
        network = WatchedNetwork(_KEYS, _REALLY_S)
        try:
            return judged(asyncio.run(Player(network).play(case, home, None)))
        finally:
            self._tidy()

    def _home(self) -> Path:
        home = self._folder / "library"
        home.mkdir(parents=True)
        return home

    def _tidy(self) -> None:
        for folder in self._folder.glob("library*"):
            shutil.rmtree(folder)
