"""Processes that are killed at planned moments, and in which state their tasks were then."""

from __future__ import annotations

import contextlib
import random
import signal
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.campaigns.kills.library import OPEN, Snapshot, snapshot
from tests.campaigns.kills.lives import Life, Nursery
from tests.campaigns.kills.moments import After, AtChange, Moment, commits
from tests.campaigns.kills.person import FROM_THE_WINDOW, Person
from tests.campaigns.kills.plan import Kind, Rehearsed, kinds_for, moment_of, victims
from tests.campaigns.kills.stand_ins import StandIns
from tests.campaigns.kills.verdict import Click
from tests.campaigns.kills.ways import Way

RESUME = ("resume", "--json")
_WINDOW: tuple[str, ...] = ()
_POLITE_SHARE, _GROUP_SHARE, _AGAIN_SHARE, _COMPANY_SHARE = 0.12, 0.3, 0.6, 0.4
_RESUME_S, _WINDOW_S, _DECISION_S = 1.5, 5.0, 0.8
_IN_A_WINDOW = Rehearsed(seconds=2.0, commits=12, results=3)


@dataclass
class Deaths:
    """Everything that is killed, in one library.

    Args:
        files: What the commands name.
        window: The environment of a window.

    Attributes:
        clicks: By their marks.
        seen: Ids of all tasks that were ever read.
        parts: Names of takes of which something had come when their process was killed, and that nobody brings again.
        sheets: Commands that make a sheet and weren't gone on with to their end, by the marks of their clicks.
        hits: Tasks by the name of their way and their state when their process was killed.
        moments: Kills by the kind of moment.
        polite: How many of them were by SIGINT or SIGTERM.
        disturbed: Processes that were left alone and ended badly, because another one came along.
    """

    nursery: Nursery
    services: StandIns
    ways: Sequence[Way]
    dice: random.Random
    files: Path
    window: Mapping[str, str]
    clicks: dict[str, Click] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    sheets: dict[str, list[str]] = field(default_factory=dict)
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    of_windows: int = 0
    polite: int = 0
    disturbed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known = {way.name: _IN_A_WINDOW for way in FROM_THE_WINDOW}
        self._victims = victims(self.ways, self.dice)

    @property
    def kills(self) -> int:
        """By SIGKILL, of processes that were alive."""
        return sum(self.moments.values()) - self.polite

    def read(self) -> Snapshot:
        library = snapshot(self.nursery.locations)
        self.seen |= {task.id for task in library.tasks}
        return library

    def comes(self, share: float) -> bool:
        """Whether something happens that happens so often."""
        return self.dice.random() < share

    # Whom it hits

    def rehearse(self) -> None:
        """Learn from an undisturbed life of each command how long it takes; nobody else is alive meanwhile."""
        for way in self.ways:
            mark = self._click(way)
            watch = AtChange("", commits(self.nursery.locations.database), count=1_000_000, most_s=60.0)
            life = self.nursery.live(way.command(mark, self.files), watch)
            if life.code != 0:
                raise RuntimeError(f"undisturbed, {way} ended with {life.code}: see {life.number:04}.out")
            charges = self.services.charges(way.provider)[mark] if way.provider in self.services.ledgers else 0
            self._known[way.name] = Rehearsed(life.seconds, watch.changes, charges or way.takes)
            self.clicks[mark] = Click(way, self._known[way.name].results)

    def of_a_click(self) -> None:
        """The next command in turn; one that makes a sheet may be given, and killed, again and again."""
        way, kind = next(self._victims)
        mark = self._click(way)
        command = way.command(mark, self.files)
        self.strike(command, kind, self._moment(kind, way), mark)
        if way.rows:
            self.sheets[mark] = command
            while self.comes(_AGAIN_SHARE):
                kind = self._kind(way)
                self.strike(command, kind, self._moment(kind, way), mark)

    def of_a_bystander(self) -> None:
        """A `resume` that comes along while another process is in the middle of a task, which then goes on."""
        way = self.dice.choice([way for way in self.ways if way.phases and not way.rows])
        kinds = [kind for kind in kinds_for(way) if kind.phase and kind.name != "answered"]
        queued = [kind for kind in kinds if kind.phase == "upload"]  # whoever takes that up may send it a second time
        kind = self.dice.choice(queued if queued and self.comes(0.5) else kinds)
        moment = self._moment(kind, way)
        birth = self.nursery.begin(way.command(self._click(way), self.files), moment)
        moment.wait(birth.process)
        bystander = self.nursery.live(RESUME, After(self.dice.uniform(0.5, 2 * _RESUME_S)))
        moment.over()
        life = self.nursery.end(replace(birth, moment=None))
        if life.code != 0:
            self.disturbed.append(f"{life.in_words} while a resume came along {kind}")
        self._count(bystander, Kind("bystander"), signal.SIGKILL)

    def of_resumes(self) -> None:
        """As long as there is something to resume, and chance wants it."""
        while self.comes(_AGAIN_SHARE) and self.read().in_states(*OPEN):
            kind, moment = self._moment_of_others(_RESUME_S)
            with self._company():
                self.strike(RESUME, kind, moment)

    def of_a_window(self) -> None:
        """One that carries on what was left."""
        kind, moment = self._moment_of_others(_WINDOW_S)
        with self._company():
            self.strike(_WINDOW, kind, moment)

    def of_a_window_in_use(self, person: Person) -> None:
        """From the click on Generate on, after which it goes as with a command."""
        way = self.dice.choice(FROM_THE_WINDOW)
        kind = self._kind(way)
        mark = self._click(way)
        moment = self._moment(kind, way)
        birth = self.nursery.begin(_WINDOW, environment=self._environment(_WINDOW))
        try:
            hand = person.fill_in(way, f"Rain on a tin roof, {mark}")
            moment.prepare()
            person.generate(hand)
        except AssertionError as error:
            self.nursery.note(f"     {mark}: the window couldn't be used: {error}")
        life = self.nursery.end(replace(birth, moment=moment))
        self._count(life, kind, signal.SIGKILL)
        self.of_windows += life.was_killed
        self._note_states(self.read(), set(), mark)

    def of_a_decision(self, command: Sequence[str]) -> None:
        """Before or after it is written down."""
        database = self.nursery.locations.database
        moments: tuple[Moment, ...] = (
            AtChange("at a commit", commits(database), self.dice.randint(1, 2)),
            After(self.dice.uniform(0.1, _DECISION_S)),
        )
        self.strike(command, Kind("decision"), self.dice.choice(moments))

    def of_a_retry(self, task_id: str, way: Way) -> None:
        kind = self._kind(way)
        self.strike(["retry", task_id], kind, self._moment(kind, way))

    # How

    def strike(self, command: Sequence[str], kind: Kind, moment: Moment, mark: str = "") -> None:
        """Start a command, kill it at the moment, and note what that hit.

        Args:
            mark: Of the click that it makes; without one it hits whatever was open.
        """
        number = self.dice.choice((signal.SIGINT, signal.SIGTERM)) if self.comes(_POLITE_SHARE) else signal.SIGKILL
        before = {task.id for task in self.read().in_states(*OPEN)} | set(command)
        whole_group, environment = self.comes(_GROUP_SHARE), self._environment(command)
        life = self.nursery.live(command, moment, kill_by=number, whole_group=whole_group, environment=environment)
        self._count(life, kind, number)
        if life.was_killed and not command:
            self.of_windows += number is signal.SIGKILL
        library = self.read()
        if life.was_killed:
            self._note_states(library, before, mark)
            self._note_parts(library)

    @contextlib.contextmanager
    def _company(self) -> Iterator[None]:
        """Now and then a second process works on the same library meanwhile, and may be killed as well."""
        if not self.comes(_COMPANY_SHARE):
            yield
            return
        beside = self.nursery.begin(RESUME, After(self.dice.uniform(0.2, 2 * _RESUME_S)))
        yield
        self._count(self.nursery.end(beside), Kind("beside"), signal.SIGKILL)

    def _click(self, way: Way) -> str:
        mark = f"click-{len(self.clicks):05}"
        self.clicks[mark] = Click(way, self._known[way.name].results if way.name in self._known else way.takes)
        return mark

    def _kind(self, way: Way) -> Kind:
        return self.dice.choice(kinds_for(way))

    def _moment(self, kind: Kind, way: Way, seconds: float | None = None) -> Moment:
        known = self._known[way.name]
        known = known if seconds is None else replace(known, seconds=seconds)
        return moment_of(kind, way, known, self.services, self.nursery.home, self.dice)

    def _moment_of_others(self, seconds: float) -> tuple[Kind, Moment]:
        """A moment for a process that takes up what is open."""
        marks = [task.click for task in self.read().in_states(*OPEN) if task.click in self.clicks]
        if not marks:
            return Kind("timer"), After(self.dice.uniform(0.1, seconds))
        way = self.clicks[self.dice.choice(marks)].way
        kind = self.dice.choice([each for each in kinds_for(way) if each.name != "input"])  # that is over by now
        return kind, self._moment(kind, way, seconds)

    def _environment(self, command: Sequence[str]) -> Mapping[str, str]:
        return {} if command else {**self.window, **self.nursery.environment, "PYTHONWARNINGS": ""}

    def _count(self, life: Life, kind: Kind, number: signal.Signals) -> None:
        if life.was_killed:
            self.moments[f"polite, {kind.name}" if number is not signal.SIGKILL else kind.name] += 1
            self.polite += number is not signal.SIGKILL

    def _note_states(self, library: Snapshot, before: set[str], mark: str) -> None:
        if mark and not library.of_click(mark):
            self._hit(self.clicks[mark].way, "no row yet")
        for task in library.tasks:
            if (task.click == mark if mark else task.id in before) and task.click in self.clicks:
                self._hit(self.clicks[task.click].way, task.state)

    def _note_parts(self, library: Snapshot) -> None:
        """What has come of takes that nobody brings again."""
        ways = {task.id: self.clicks[task.click].way for task in library.tasks if task.click in self.clicks}
        for path in self.nursery.locations.takes.glob("*/*.partial"):
            way = ways.get(path.stem.partition("-")[0])
            if way is not None and way.keeps_parts and path.stat().st_size:
                self.parts.add(path.stem)

    def _hit(self, way: Way, state: str) -> None:
        self.hits[way.name, state] += 1
        self.nursery.note(f"     {way}: {state}")
