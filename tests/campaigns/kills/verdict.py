"""What a campaign must not find: money lost or spent twice, files that nobody knows, a library that isn't whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.audio.files import verify
from app.domain.errors import AppError
from app.storage.locations import Locations
from app.storage.locks import TaskLocks
from tests.campaigns.kills.library import OPEN, Snapshot, snapshot
from tests.campaigns.kills.stand_ins import KEYS, StandIns
from tests.campaigns.kills.ways import Way

_SHORTEST_SHARE = 0.95


@dataclass(frozen=True)
class Click:
    """What one command asked for, and what the user said about it later.

    Attributes:
        wanted: Results that may be charged for one click: takes, or parts of a recording.
        said_anew: How often "submit anew" was said to one of its tasks.
        told: How often one of its tasks was shown as uncertain, so that the user knew of a result that may be lost.
    """

    way: Way
    wanted: int
    said_anew: int = 0
    told: int = 0


@dataclass
class Findings:
    """Everything that should be empty, each in words; and how much was told as uncertain."""

    lost: list[str] = field(default_factory=list)
    charged_twice: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    reservations: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    told: int = 0

    @property
    def headings(self) -> dict[str, list[str]]:
        return {
            "paid results lost": self.lost,
            "double charges": self.charged_twice,
            "orphan files": self.orphans,
            "unreadable files": self.unreadable,
            "damage of the library": self.damage,
            "tasks stuck": self.stuck,
            "reservations left": self.reservations,
            "keys in files or at other hosts": self.keys,
            "tasks vanished": self.vanished,
            "faults of the app in its log": self.crashes,
        }

    @property
    def is_clean(self) -> bool:
        return not any(self.headings.values())


def judge(
    locations: Locations,
    services: StandIns,
    clicks: Mapping[str, Click],
    *,
    seen: Collection[str],
    settled: Collection[str],
    output: Path,
    temporary: Path,
) -> Findings:
    """Look at a library in which everything has come to rest.

    Args:
        clicks: By their marks.
        seen: Ids of all tasks that were ever read.
        settled: Names of the ways whose tasks hold no money once they are finished undisturbed.
        output: What the app printed.
        temporary: The folder for temporary files that it was given.
    """
    found = Findings()
    library = snapshot(locations, thorough=True)
    found.damage += library.damage
    found.damage += [f"kept aside: {path.name}" for path in locations.data.glob(f"{locations.database.name}.*damaged*")]
    _judge_money(found, services, clicks, library)
    _judge_tasks(found, clicks, library, seen, settled)
    found.orphans += orphans(locations, library, temporary)
    found.stuck += _held_locks(locations)
    found.unreadable += _unreadable(locations, clicks, library)
    found.keys += _with_keys([locations.data.parent, output, temporary])
    found.keys += services.violations
    found.crashes += _crashes(locations.log_file)
    return found


def _judge_money(found: Findings, services: StandIns, clicks: Mapping[str, Click], library: Snapshot) -> None:
    """A result that is charged is there, or its user was told; and no click is charged for more than it asked for."""
    charges: Counter[str] = Counter()
    for provider in services.ledgers:
        charges += services.charges(provider)
    for mark, count in sorted(charges.items()):
        if mark not in clicks:
            found.charged_twice.append(f"{count} charges that belong to no click")
            continue
        click = clicks[mark]
        if not click.way.is_billed:
            continue  # a server on this computer: the app may have it made again
        allowed = click.wanted * (1 + click.said_anew)
        if count > allowed:
            found.charged_twice.append(f"{mark} ({click.way}): {count} charges where {allowed} are allowed")
        there = sum(task.stored + task.announced for task in library.of_click(mark))
        missing = count - there
        if missing > click.told:
            states = ", ".join(f"{task.id} {task.state} {task.failure}" for task in library.of_click(mark))
            found.lost.append(f"{mark} ({click.way}): {missing} of {count} paid results; told {click.told}; {states}")
        found.told += max(0, min(missing, click.told))


def _judge_tasks(
    found: Findings,
    clicks: Mapping[str, Click],
    library: Snapshot,
    seen: Collection[str],
    settled: Collection[str],
) -> None:
    found.vanished += sorted(set(seen) - {task.id for task in library.tasks})
    for task in library.tasks:
        line = f"{task.id} {task.click} {task.state} ({task.provider}) {task.failure}"
        if task.state in OPEN or task.announced:
            found.stuck.append(line)
        click = clicks.get(task.click)
        if task.held and task.state in ("finished", "failed") and click is not None and click.way.name in settled:
            found.reservations.append(line)


def _held_locks(locations: Locations) -> Iterator[str]:
    """Nobody is alive who could hold one. Looking removes a lock file, so it comes after the orphans."""
    locks = TaskLocks(locations.task_locks)
    for path in sorted(locations.task_locks.glob("*.lock")):
        if locks.is_held(path.stem):
            yield f"the lock {path.name} is held"


def orphans(locations: Locations, library: Snapshot, temporary: Path) -> list[str]:
    """Files in the library that no row knows, or that nobody reads or removes any more.

    Known are: the library's own files; takes and transcripts that a row names, takes that broke off among them;
    copies of inputs that a task names by their hash; the one guard of the locks. Everything else below the folders of
    data and settings is an orphan, and so is everything in the folder for temporary files.
    """
    known = {locations.settings_file, locations.config / "window.json"}
    known |= set((locations.config / "catalogue").glob("*"))
    known |= {locations.database.with_name(locations.database.name + end) for end in ("", "-wal", "-shm", ".opening")}
    known |= {locations.takes / file for task in library.tasks for file in task.files}
    known |= {locations.transcripts / task.transcript for task in library.tasks if task.transcript is not None}
    known |= {locations.inputs / name for task in library.tasks for name in task.inputs}
    known.add(locations.task_locks / "guard")
    roots = (locations.data, locations.config, temporary)
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(temporary.parent)) for path in files if path not in known)


def _unreadable(locations: Locations, clicks: Mapping[str, Click], library: Snapshot) -> Iterator[str]:
    """Takes that don't decode, aren't what their row says, or are shorter than what their service made."""
    for take in library.takes:
        try:
            info = verify(locations.takes / take.file)
        except (AppError, OSError) as error:
            yield f"{take.file}: {error}"
            continue
        if (info.frames, info.sample_rate_hz) != (take.frames, take.sample_rate_hz):
            yield f"{take.file}: {info.frames} frames, its row says {take.frames}"
        click = clicks.get(take.click)
        seconds = click.way.seconds if click is not None else None
        if seconds is not None and info.duration_s < seconds * _SHORTEST_SHARE:
            yield f"{take.file}: {info.duration_s:.3f} s of {seconds:g} s"
    for task in library.tasks:
        if task.transcript is not None and not (locations.transcripts / task.transcript).read_bytes().strip():
            yield f"{task.transcript} is empty"


def _with_keys(places: Collection[Path]) -> Iterator[str]:
    secrets = {name: key.encode() for name, key in KEYS.items()}
    files = [path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()]
    for path in files:
        content = path.read_bytes()
        yield from (f"{name} in {path}" for name, key in secrets.items() if key in content)


def _crashes(log: Path) -> Iterator[str]:
    """What the app itself calls a fault."""
    for path in sorted(log.parent.glob(f"{log.name}*")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if " ERROR " in line or " CRITICAL " in line:
                yield line
