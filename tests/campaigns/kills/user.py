"""What a user does with a library after some deaths: resumes, decides, takes up again, and hands files over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.campaigns.kills.deaths import RESUME, Deaths
from tests.campaigns.kills.library import OPEN, TaskRow

_CANCEL_SHARE, _GIVE_UP_SHARE = 0.15, 0.5
_KILLED_DECISION_SHARE = 0.3
_MOST_ROUNDS_TO_REST = 12


class NeverAtRest(Exception):
    """Something goes on and on."""


@dataclass
class User:
    """Decides by chance. Some of the decisions are killed before they are written down, and made again."""

    deaths: Deaths
    _told: set[tuple[str, int]] = field(default_factory=set)
    _said_anew: set[tuple[str, int]] = field(default_factory=set)

    def cancel_something(self) -> None:
        tasks = self.deaths.read().in_states(*OPEN)
        if tasks and self.deaths.comes(_CANCEL_SHARE):
            self._say(["cancel", self.deaths.dice.choice(tasks).id])

    def come_to_rest(self) -> None:
        """Resume and decide until nothing is open, uncertain or cancelled any more.

        Raises:
            NeverAtRest: It doesn't come to that.
        """
        for _ in range(_MOST_ROUNDS_TO_REST):
            self.deaths.nursery.live(RESUME)
            library = self.deaths.read()
            left = library.in_states("uncertain", "cancelled")
            if not left and not library.in_states(*OPEN):
                return
            for task in left:
                self._decide(task)
        raise NeverAtRest(", ".join(f"{task.id} {task.click} {task.state}" for task in library.in_states(*OPEN)))

    def hand_over_sheets(self) -> None:
        """Give each command of a sheet once more, which must bring its files and charge for nothing."""
        clicks = self.deaths.clicks
        for mark, command in self.deaths.sheets.items():
            if not clicks[mark].given_up:
                life = self.deaths.nursery.live(command)
                clicks[mark] = replace(clicks[mark], is_handed_over=life.code == 0)
        self.deaths.sheets.clear()

    def _decide(self, task: TaskRow) -> None:
        """What is uncertain is submitted anew or given up; what was cancelled is taken up again."""
        if task.state == "uncertain":
            self._hear_of(task)
            if self.deaths.comes(_GIVE_UP_SHARE):
                self._give_up(task)
                return
            self._say_anew(task)
        if self.deaths.comes(_KILLED_DECISION_SHARE):
            self.deaths.of_a_retry(task.id, self.deaths.clicks[task.click].way)
        else:
            self.deaths.nursery.live(["retry", task.id])

    def _hear_of(self, task: TaskRow) -> None:
        if (task.id, task.attempts) not in self._told:
            self._told.add((task.id, task.attempts))
            click = self.deaths.clicks[task.click]
            self.deaths.clicks[task.click] = replace(click, told=click.told + 1)

    def _say_anew(self, task: TaskRow) -> None:
        if (task.id, task.attempts) not in self._said_anew:
            self._said_anew.add((task.id, task.attempts))
            click = self.deaths.clicks[task.click]
            self.deaths.clicks[task.click] = replace(click, said_anew=click.said_anew + 1)

    def _give_up(self, task: TaskRow) -> None:
        click = self.deaths.clicks[task.click]
        self.deaths.clicks[task.click] = replace(click, given_up=click.given_up + 1)
        self._say(["resolve", task.id, "--failed"])

    def _say(self, command: Sequence[str]) -> None:
        if self.deaths.comes(_KILLED_DECISION_SHARE):
            self.deaths.of_a_decision(command)
        else:
            self.deaths.nursery.live(command)
