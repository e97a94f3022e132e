"""What a campaign must not find: money lost or spent twice, files that nobody knows, a library that isn't whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from app.audio.files import verify
from app.domain.errors import AppError
from app.storage.locations import Locations
from app.storage.locks import TaskLocks
from tests.campaigns.kills.library import OPEN, Snapshot, snapshot
from tests.campaigns.kills.stand_ins import KEYS, StandIns
from tests.campaigns.kills.ways import Way

_SHORTEST_SHARE = 0.95
_CENTS_OF_A_CENT = Decimal("0.0000005")


@dataclass(frozen=True)
class Click:
    """What one command asked for, and what the user said about it later.

    Attributes:
        wanted: Results that may be charged for one click: takes, or parts of a recording.
        said_anew: How often "submit anew" was said to one of its tasks.
        told: How often one of its tasks was shown as uncertain, so that the user knew of a result that may be lost.
        given_up: How many of its tasks the user marked as failed.
        is_handed_over: Of a sheet that was gone on with to its end: whether that went well.
    """

    way: Way
    wanted: int
    said_anew: int = 0
    told: int = 0
    given_up: int = 0
    is_handed_over: bool | None = None


@dataclass
class Findings:
    """Everything that should be empty, each in words; and what was told as uncertain."""

    lost: list[str] = field(default_factory=list)
    charged_twice: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    reservations: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    handing_over: list[str] = field(default_factory=list)
    disturbed: list[str] = field(default_factory=list)
    deaf: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    told: int = 0

    @property
    def headings(self) -> dict[str, list[str]]:
        return {
            "paid results lost": self.lost,
            "paid parts of takes lost": self.parts,
            "double charges": self.charged_twice,
            "orphan files": self.orphans,
            "unreadable files": self.unreadable,
            "damage of the library": self.damage,
            "tasks stuck": self.stuck,
            "reservations left": self.reservations,
            "receipts other than the bill": self.receipts,
            "tasks failed for no reason": self.failed,
            "disturbed by another process": self.disturbed,
            "signals not obeyed": self.deaf,
            "files of sheets amiss": self.handing_over,
            "keys in files or at other hosts": self.keys,
            "tasks vanished": self.vanished,
            "faults of the app in its log": self.crashes,
        }

    @property
    def is_clean(self) -> bool:
        return not any(self.headings.values())


@dataclass(frozen=True)
class Places:
    """Everything that a campaign has on the disk, under one folder.

    Attributes:
        home: The app's.
        files: What commands name.
        out: A folder for each sheet, by the mark of its click.
        temporary: Where the app is told to put temporary files.
        lives: What the app printed, and the log of the campaign.
    """

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def temporary(self) -> Path:
        return self.folder / "temporary"

    @property
    def lives(self) -> Path:
        return self.folder / "lives"


def judge(
    places: Places, services: StandIns, clicks: Mapping[str, Click], *, seen: Collection[str], parts: Collection[str]
) -> Findings:
    """Look at a library in which everything has come to rest.

    Args:
        clicks: By their marks.
        seen: Ids of all tasks that were ever read.
        parts: Names of takes of which something has come that nobody brings again.
    """
    found, locations = Findings(), Locations.under(places.home)
    library = snapshot(locations, thorough=True)
    found.damage += library.damage
    found.damage += [f"kept aside: {path.name}" for path in locations.data.glob(f"{locations.database.name}.*damaged*")]
    _judge_money(found, services, clicks, library)
    there = {path.stem for path in locations.takes.rglob("*") if path.suffix != ".partial"}
    found.parts += sorted(set(parts) - there)
    found.vanished += sorted(set(seen) - {task.id for task in library.tasks})
    _judge_tasks(found, clicks, library)
    found.orphans += orphans(locations, library)
    found.orphans += sorted(f"temporary {path.name}" for path in places.temporary.rglob("*") if path.is_file())
    found.stuck += _held_locks(locations)
    found.unreadable += _unreadable(locations, clicks, library)
    found.unreadable += _missing(locations, library)
    for mark, click in clicks.items():
        if click.is_handed_over is not None:
            found.handing_over += _not_handed_over(locations, mark, click, library, places.out / mark)
    found.keys += _with_keys([places.home, places.lives, places.out, places.temporary])
    found.keys += services.violations
    found.crashes += _crashes(locations.log_file)
    return found


def _judge_money(found: Findings, services: StandIns, clicks: Mapping[str, Click], library: Snapshot) -> None:
    """A result that is charged is there, or its user was told; and no click is charged for more than it asked for."""
    charges: Counter[str] = Counter()
    paid_usd: dict[str, Decimal] = {}
    for provider in services.ledgers:
        charges += services.charges(provider)
        paid_usd |= services.paid_usd(provider)
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
        tasks = library.of_click(mark)
        billed_usd = sum((task.billed_usd for task in tasks), Decimal(0))
        if click.way.tells_cost and not click.told and abs(billed_usd - paid_usd[mark]) > _CENTS_OF_A_CENT:
            found.receipts.append(f"{mark} ({click.way}): {billed_usd} USD in the library, {paid_usd[mark]} paid")
        there = sum(task.stored + task.announced for task in tasks)
        missing = count - there
        if missing > click.told:
            states = ", ".join(f"{task.id} {task.state} {task.failure}" for task in tasks)
            found.lost.append(f"{mark} ({click.way}): {missing} of {count} paid results; told {click.told}; {states}")
        found.told += max(0, min(missing, click.told))


def _judge_tasks(
    found: Findings,
    clicks: Mapping[str, Click],
    library: Snapshot,
) -> None:
    """Each has come to an end that somebody can explain, and holds no money any more."""
    for task in library.tasks:
        line = f"{task.id} {task.click} {task.state} ({task.provider}) {task.failure}"
        if task.state in OPEN or task.announced:
            found.stuck.append(line)
        click = clicks[task.click]
        if task.held and task.state in ("finished", "failed") and click.way.tells_cost:
            found.reservations.append(line)
        if task.state == "failed" and not click.given_up:
            found.failed.append(line)
        wanted = click.wanted if click.way.is_transcription else task.takes
        if task.state == "finished" and task.stored < wanted:
            found.lost.append(f"{line}: {task.stored} of {wanted} results, and it is called finished")


def _held_locks(locations: Locations) -> Iterator[str]:
    """Nobody is alive who could hold one. Looking removes a lock file, so it comes after the orphans."""
    locks = TaskLocks(locations.task_locks)
    for path in sorted(locations.task_locks.glob("*.lock")):
        if locks.is_held(path.stem):
            yield f"the lock {path.name} is held"


def orphans(locations: Locations, library: Snapshot) -> list[str]:
    """Files in the library that no row knows, or that nobody reads or removes any more.

    Known are: the library's own files; takes and transcripts that a row names, takes that broke off among them;
    copies of inputs that a task names by their hash; the one guard of the locks. Everything else below the folders of
    data and settings is an orphan.
    """
    known = {locations.settings_file, locations.config / "window.json"}
    known |= set((locations.config / "catalogue").glob("*"))
    known |= {locations.database.with_name(locations.database.name + end) for end in ("", "-wal", "-shm", ".opening")}
    known |= {locations.takes / file for task in library.tasks for file in task.files}
    known |= {locations.transcripts / task.transcript for task in library.tasks if task.transcript is not None}
    known |= {locations.inputs / name for task in library.tasks for name in task.inputs}
    known.add(locations.task_locks / "guard")
    roots = (locations.data, locations.config)
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(locations.data.parent)) for path in files if path not in known)


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


def _missing(locations: Locations, library: Snapshot) -> Iterator[str]:
    """What a row names and nobody finds: parts of takes and inputs as well."""
    for task in library.tasks:
        named = [locations.takes / file for file in task.files] + [locations.inputs / name for name in task.inputs]
        if task.transcript is not None:
            named.append(locations.transcripts / task.transcript)
        for path in named:
            if not path.is_file() or not path.stat().st_size:
                yield f"{task.id} names {path.relative_to(locations.data)}: nothing is there"


def _not_handed_over(locations: Locations, mark: str, click: Click, library: Snapshot, folder: Path) -> Iterator[str]:
    """The folder of a sheet has every take once, as it is in the library, the list of them, and nothing besides."""
    if not click.is_handed_over:
        yield f"{mark} ({click.way}): the command for it ended badly once everything was made"
    takes = Counter((locations.takes / take.file).read_bytes() for take in library.takes if take.click == mark)
    there = Counter(path.read_bytes() for path in folder.iterdir() if path.name != "manifest.csv")
    if there != takes or not (folder / "manifest.csv").is_file():
        names = ", ".join(sorted(path.name for path in folder.iterdir()))
        yield f"{mark} ({click.way}): {sum(takes.values())} takes in the library, in the folder {names}"


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
