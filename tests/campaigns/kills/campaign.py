"""The story of a campaign: clicks, deaths, resumptions, more deaths, decisions, and what is left in the end."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.campaigns.kills.library import OPEN, Snapshot, TaskRow, snapshot
from tests.campaigns.kills.lives import Life, Nursery
from tests.campaigns.kills.moments import After, AtChange, Moment, commits
from tests.campaigns.kills.person import FROM_THE_WINDOW, Person
from tests.campaigns.kills.plan import Kind, Rehearsed, kinds_for, moment_of, victims
from tests.campaigns.kills.stand_ins import KEYS, StandIns
from tests.campaigns.kills.verdict import Click, Findings, judge
from tests.campaigns.kills.ways import Way, write_files

_RESUME = ("resume", "--json")
_WINDOW: tuple[str, ...] = ()
_POLITE_SHARE, _GROUP_SHARE, _AGAIN_SHARE, _CANCEL_SHARE, _COMPANY_SHARE = 0.12, 0.3, 0.6, 0.15, 0.4
_PERSON_SHARE, _DECISION_SHARE = 0.4, 0.3
_DECISION_S = 0.8
_RESUME_S, _WINDOW_S = 1.5, 5.0
_WINDOW_TASK_S, _WINDOW_COMMITS = 2.0, 12
_MOST_ROUNDS_TO_REST = 12
_REST_S = 30.0
_AN_AGE_S = 3 * 24 * 3600.0


class NeverAtRest(Exception):
    """Something goes on and on."""


@dataclass
class Campaign:
    """Kills the app in one library until it was killed often enough.

    Args:
        folder: Empty; the home, the inputs and the logs go there.
        screen: The environment of a window; None leaves windows out.
        window_share: Of all kills.
        person: Uses some of the windows; the others only carry on what commands left.

    Attributes:
        hits: Tasks by the name of their way and their state when their process was killed.
        moments: Kills by the kind of moment.
    """

    folder: Path
    services: StandIns
    ways: Sequence[Way]
    dice: random.Random
    screen: Mapping[str, str] | None = None
    window_share: float = 0.0
    person: Person | None = None
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    window_kills: int = 0
    polite: int = 0

    def __post_init__(self) -> None:
        home, temporary, lives = (self.folder / name for name in ("home", "temporary", "lives"))
        temporary.mkdir()
        lives.mkdir()
        write_files(self.folder / "files")
        self.services.configure(home / "config")
        environment = {**KEYS, "TMPDIR": str(temporary), "PYTHONWARNINGS": "error"}
        self.nursery = Nursery(home, environment, lives / "campaign.log")
        self._clicks: dict[str, Click] = {}
        self._known: dict[str, Rehearsed] = {}
        self._seen: set[str] = set()
        self._told: set[tuple[str, int]] = set()
        self._said_anew: set[tuple[str, int]] = set()
        self._sheets: dict[str, list[str]] = {}
        self._victims = victims(self.ways, self.dice)

    @property
    def kills(self) -> int:
        """By SIGKILL, of processes that were alive."""
        return sum(self.moments.values()) - self.polite

    def run(self, kills: int) -> Findings:
        """Kill so often, let everything come to rest, and judge.

        Raises:
            NeverAtRest: Tasks can't be brought to their end.
        """
        for way in self.ways:
            self._rehearse(way)
        while self.kills < kills:
            is_for_window = self.screen is not None and self.window_kills < self.window_share * (self.kills + 1)
            for _ in range(2 if is_for_window else self.dice.randint(1, 3)):
                self._kill_a_click()
            if is_for_window:
                self._kill_a_window()
            if is_for_window and self.person is not None and self.dice.random() < _PERSON_SHARE:
                self._kill_a_window_in_use(self.person)
            self._cancel_something()
            while self.dice.random() < _AGAIN_SHARE and self._read().in_states(*OPEN):
                self._kill_a_resume()
            self._come_to_rest()
            self._hand_over_sheets()
        return self._conclude()

    # Deaths

    def _rehearse(self, way: Way) -> None:
        """Learn from an undisturbed life how long it takes; nobody else is alive meanwhile."""
        click, database = self._click(way, 0), self.nursery.locations.database
        watch = AtChange("", commits(database), count=1_000_000, most_s=60.0)
        life = self.nursery.live(way.command(click, self.folder / "files"), watch)
        if life.code != 0:
            raise RuntimeError(
                f"undisturbed, {way} ended with {life.code}: see {life.number:04}.out in {self.nursery.log}"
            )
        results = self.services.charges(way.provider)[click] if way.provider in self.services.ledgers else 0
        self._known[way.name] = Rehearsed(life.seconds, watch.changes, results or way.takes)
        self._clicks[click] = replace(self._clicks[click], wanted=self._known[way.name].results)

    def _click(self, way: Way, wanted: int) -> str:
        mark = f"click-{len(self._clicks):05}"
        self._clicks[mark] = Click(way, wanted)
        return mark

    def _kill_a_click(self) -> None:
        way, kind = next(self._victims)
        known = self._known[way.name]
        mark = self._click(way, known.results)
        surroundings = (self.services, self.nursery.home, self.dice)
        moment = moment_of(kind, way, known, *surroundings)
        command = way.command(mark, self.folder / "files")
        self._kill(command, kind, moment, mark)
        if way.rows:
            self._sheets[mark] = command
            while self.dice.random() < _AGAIN_SHARE:  # a sheet is gone on with by the same command
                kind = self.dice.choice(kinds_for(way))
                self._kill(command, kind, moment_of(kind, way, known, *surroundings), mark)

    def _kill_a_resume(self) -> None:
        kind, moment = self._moment_of_others(_RESUME_S)
        with self._company():
            self._kill(_RESUME, kind, moment)

    def _kill_a_window(self) -> None:
        kind, moment = self._moment_of_others(_WINDOW_S)
        with self._company():
            self._kill(_WINDOW, kind, moment)

    def _kill_a_window_in_use(self, person: Person) -> None:
        """From the click on Generate on, after which it goes as with a command."""
        way = self.dice.choice(FROM_THE_WINDOW)
        kind = self.dice.choice(kinds_for(way))
        known = self._known[way.name] = Rehearsed(_WINDOW_TASK_S, _WINDOW_COMMITS, way.takes)
        mark = self._click(way, known.results)
        moment = moment_of(kind, way, known, self.services, self.nursery.home, self.dice)
        birth = self.nursery.begin(_WINDOW, environment=self._window_environment)
        try:
            hand = person.fill_in(way, f"Rain on a tin roof, {mark}")
            moment.prepare()
            person.generate(hand)
        except AssertionError as error:
            self.nursery.note(f"     {mark}: the window couldn't be used: {error}")
        life = self.nursery.end(replace(birth, moment=moment))
        self._count(life, kind, signal.SIGKILL)
        self.window_kills += life.was_killed
        self._note_states(self._read(), set(), mark)

    @property
    def _window_environment(self) -> dict[str, str]:
        return {**(self.screen or {}), **self.nursery.environment, "PYTHONWARNINGS": ""}

    @contextlib.contextmanager
    def _company(self) -> Iterator[None]:
        """Now and then a second process works on the same library meanwhile, and may be killed as well."""
        if self.dice.random() >= _COMPANY_SHARE:
            yield
            return
        beside = self.nursery.begin(_RESUME, After(self.dice.uniform(0.2, 2 * _RESUME_S)))
        yield
        self._count(self.nursery.end(beside), Kind("beside"), signal.SIGKILL)

    def _moment_of_others(self, seconds: float) -> tuple[Kind, Moment]:
        """A moment for a process that takes up what is open."""
        marks = [task.click for task in self._read().in_states(*OPEN) if task.click in self._clicks]
        if not marks:
            return Kind("timer"), After(self.dice.uniform(0.1, seconds))
        way = self._clicks[self.dice.choice(marks)].way
        kind = self.dice.choice([each for each in kinds_for(way) if each.name != "input"])  # that is over by now
        known = replace(self._known[way.name], seconds=seconds)
        return kind, moment_of(kind, way, known, self.services, self.nursery.home, self.dice)

    def _kill(self, command: Sequence[str], kind: Kind, moment: Moment, mark: str = "") -> None:
        number = self.dice.choice((signal.SIGINT, signal.SIGTERM)) if self._comes("polite") else signal.SIGKILL
        before = {task.id for task in self._read().in_states(*OPEN)}
        environment = None if command else self._window_environment
        life = self.nursery.live(
            command, moment, kill_by=number, whole_group=self._comes("group"), environment=environment
        )
        self._count(life, kind, number)
        if life.was_killed and not command:
            self.window_kills += number is signal.SIGKILL
        library = self._read()
        if life.was_killed:
            self._note_states(library, before, mark)

    def _comes(self, what: str) -> bool:
        return self.dice.random() < {"polite": _POLITE_SHARE, "group": _GROUP_SHARE}[what]

    def _count(self, life: Life, kind: Kind, number: signal.Signals) -> None:
        if life.was_killed:
            self.moments[f"polite, {kind.name}" if number is not signal.SIGKILL else kind.name] += 1
            self.polite += number is not signal.SIGKILL

    def _note_states(self, library: Snapshot, before: set[str], mark: str) -> None:
        if mark and not library.of_click(mark):
            self._hit(self._clicks[mark].way, "no row yet")
        for task in library.tasks:
            if (task.click == mark if mark else task.id in before) and task.click in self._clicks:
                self._hit(self._clicks[task.click].way, task.state)

    def _hit(self, way: Way, state: str) -> None:
        self.hits[way.name, state] += 1
        self.nursery.note(f"     {way}: {state}")

    # What a user does

    def _hand_over_sheets(self) -> None:
        """Give each command of a sheet once more, which must bring its files and charge for nothing."""
        for mark, command in self._sheets.items():
            if not self._clicks[mark].given_up:
                life = self.nursery.live(command)
                self._clicks[mark] = replace(self._clicks[mark], is_handed_over=life.code == 0)
        self._sheets.clear()

    def _cancel_something(self) -> None:
        tasks = self._read().in_states(*OPEN)
        if tasks and self.dice.random() < _CANCEL_SHARE:
            self._say(["cancel", self.dice.choice(tasks).id])

    def _come_to_rest(self) -> None:
        """Resume and decide until nothing is open, uncertain or cancelled any more."""
        for _ in range(_MOST_ROUNDS_TO_REST):
            self.nursery.live(_RESUME)
            library = self._read()
            left = library.in_states("uncertain", "cancelled")
            if not left and not library.in_states(*OPEN):
                return
            for task in left:
                self._decide(task)
        states = ", ".join(f"{task.id} {task.click} {task.state}" for task in library.tasks if task.state in OPEN)
        raise NeverAtRest(states)

    def _decide(self, task: TaskRow) -> None:
        """What is uncertain is submitted anew or given up; what was cancelled is taken up again."""
        click = self._clicks[task.click]
        asked = (task.id, task.attempts)
        if task.state == "uncertain":
            if asked not in self._told:
                self._told.add(asked)
                click = self._clicks[task.click] = replace(click, told=click.told + 1)
            if self.dice.random() < 0.5:
                self._clicks[task.click] = replace(click, given_up=click.given_up + 1)
                self._say(["resolve", task.id, "--failed"])
                return
            if asked not in self._said_anew:
                self._said_anew.add(asked)
                self._clicks[task.click] = replace(click, said_anew=click.said_anew + 1)
        kind = self.dice.choice(kinds_for(click.way))
        if self.dice.random() < 0.3:
            known = self._known[click.way.name]
            moment = moment_of(kind, click.way, known, self.services, self.nursery.home, self.dice)
            self._kill(["retry", task.id], kind, moment)
        else:
            self.nursery.live(["retry", task.id])

    def _say(self, command: Sequence[str]) -> None:
        """A decision, whose process may be killed before or after it is written down."""
        if self.dice.random() < _DECISION_SHARE:
            moments: tuple[Moment, ...] = (
                AtChange("at a commit", commits(self.nursery.locations.database), self.dice.randint(1, 2)),
                After(self.dice.uniform(0.1, _DECISION_S)),
            )
            self._kill(command, Kind("decision"), self.dice.choice(moments))
        else:
            self.nursery.live(command)

    # The end

    def _conclude(self) -> Findings:
        until = time.monotonic() + _REST_S
        while not self.services.is_at_rest and time.monotonic() < until:
            time.sleep(0.1)
        self._let_days_pass()
        self._come_to_rest()
        lives, temporary = self.nursery.log.parent, self.folder / "temporary"
        return judge(
            self.nursery.locations,
            self.services,
            self._clicks,
            seen=self._seen,
            output=lives,
            temporary=temporary,
            handed_over=self.folder / "out",
        )

    def _let_days_pass(self) -> None:
        """What a crash left is removed only after some time, for somebody may still be writing it."""
        for path in self.nursery.locations.data.rglob("*"):
            if path.is_file() and not path.name.startswith(self.nursery.locations.database.name):
                found = path.stat()
                os.utime(path, (found.st_atime - _AN_AGE_S, found.st_mtime - _AN_AGE_S))

    def _read(self) -> Snapshot:
        library = snapshot(self.nursery.locations)
        self._seen |= {task.id for task in library.tasks}
        return library
