"""The story of a campaign: clicks and deaths, resumptions and more deaths, decisions, and what is left in the end."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.campaigns.kills.deaths import Deaths
from tests.campaigns.kills.lives import Nursery
from tests.campaigns.kills.person import Person
from tests.campaigns.kills.stand_ins import KEYS, StandIns
from tests.campaigns.kills.user import NeverAtRest, User
from tests.campaigns.kills.verdict import Findings, Places, judge
from tests.campaigns.kills.ways import Way, write_files

_PERSON_SHARE, _BYSTANDER_SHARE = 0.4, 0.35
_REST_S = 30.0  # what a service accepted goes on and is charged, though nobody asks for it
_AN_AGE_S = 3 * 24 * 3600.0


class Campaign:
    """Kills the app in one library until it was killed often enough.

    Args:
        folder: Empty; the home, the inputs and the logs go there.
        screen: The environment of a window; None leaves windows out.
        window_share: Of all kills.
        person: Uses some of the windows; the others only carry on what commands left.
    """

    def __init__(
        self,
        folder: Path,
        services: StandIns,
        ways: Sequence[Way],
        dice: random.Random,
        screen: Mapping[str, str] | None = None,
        window_share: float = 0.0,
        person: Person | None = None,
    ) -> None:
        self._places = Places(folder)
        for each in (self._places.temporary, self._places.lives):
            each.mkdir()
        write_files(self._places.files)
        services.configure(self._places.home / "config")
        environment = {**KEYS, "TMPDIR": str(self._places.temporary), "PYTHONWARNINGS": "error"}
        nursery = Nursery(self._places.home, environment, self._places.lives / "campaign.log")
        self._services = services
        self._has_windows, self._window_share, self._person = screen is not None, window_share, person
        self.deaths = Deaths(nursery, services, ways, dice, self._places.files, screen or {})
        self._user = User(self.deaths)

    def run(self, kills: int) -> Findings:
        """Kill so often, let everything come to rest, and judge.

        Raises:
            NeverAtRest: Tasks can't be brought to their end.
        """
        deaths, user = self.deaths, self._user
        deaths.rehearse()
        while deaths.kills < kills:
            self._kill_some()
            user.cancel_something()
            deaths.of_resumes()
            user.come_to_rest()
            user.hand_over_sheets()
        if not self._services.come_to_rest(_REST_S):
            raise NeverAtRest("a job at a service")
        self._let_days_pass()
        user.come_to_rest()
        found = judge(self._places, self._services, deaths.clicks, seen=deaths.seen, parts=deaths.parts)
        found.disturbed += deaths.disturbed
        found.deaf += deaths.nursery.deaf
        return found

    def _kill_some(self) -> None:
        deaths = self.deaths
        is_for_window = self._has_windows and deaths.of_windows < self._window_share * (deaths.kills + 1)
        for _ in range(2 if is_for_window else deaths.dice.randint(1, 3)):
            deaths.of_a_click()
        if deaths.comes(_BYSTANDER_SHARE):
            deaths.of_a_bystander()
        if is_for_window:
            deaths.of_a_window()
        if is_for_window and self._person is not None and deaths.comes(_PERSON_SHARE):
            deaths.of_a_window_in_use(self._person)

    def _let_days_pass(self) -> None:
        """What a crash left is removed only after some time, for somebody may still be writing it."""
        database = self.deaths.nursery.locations.database
        for path in (*self._places.home.rglob("*"), *self._places.temporary.rglob("*")):
            if not path.name.startswith(database.name):
                found = path.stat()
                os.utime(path, (found.st_atime - _AN_AGE_S, found.st_mtime - _AN_AGE_S))
