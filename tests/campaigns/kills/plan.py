"""Which process is killed when: every phase of every way, and moments of chance, in an order of chance."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.storage.locations import Locations
from tests.campaigns.kills.moments import After, AtChange, InPhase, Moment, checkpoints, commits, names_in
from tests.campaigns.kills.stand_ins import StandIns
from tests.campaigns.kills.ways import Way
from tests.servers.faults import Hold, HoldAfter

_WITH_BODIES = ("files:download", "speech", "result")
_OF_CHANCE = ("timer", "timer", "timer", "commit", "commit", "commit", "rename", "checkpoint")
_JUST_AFTER_S, _ARRIVING_S = 0.06, 0.3
_MOST_PARTS = 4
_LATEST_S = 2.0


@dataclass(frozen=True)
class Rehearsed:
    """What is known of a command that was left alone.

    Attributes:
        results: How many it was charged for.
    """

    seconds: float
    commits: int
    results: int


@dataclass(frozen=True)
class Kind:
    """A kind of moment. `phase` is empty for those that no service has a part in."""

    name: str
    phase: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.phase}".strip()


def kinds_for(way: Way) -> list[Kind]:
    """All kinds of moments that make sense for a way."""
    kinds = [Kind(name) for name in _OF_CHANCE]
    if way.has_inputs:
        kinds += [Kind("input"), Kind("input")]
    if way.is_transcription:
        kinds += [Kind("transcript")]
    for phase in way.phases:
        kinds += [Kind("before", phase), Kind("after", phase), Kind("answered", phase)]
        if phase in _WITH_BODIES:
            kinds += [Kind("amid", phase)] * 3
    return kinds


def victims(ways: Sequence[Way], dice: random.Random) -> Iterator[tuple[Way, Kind]]:
    """Without end: the ways by turns, and of each all its kinds before one comes again."""
    left: dict[str, list[Kind]] = {way.name: [] for way in ways}
    while True:
        for way in dice.sample(ways, len(ways)):
            if not left[way.name]:
                left[way.name] = dice.sample(kinds_for(way), len(kinds_for(way)))
            yield way, left[way.name].pop()


def moment_of(kind: Kind, way: Way, known: Rehearsed, services: StandIns, home: Path, dice: random.Random) -> Moment:
    """A moment in the life of a command.

    Args:
        known: How long it lives, and how often it commits, if it is left alone.
    """
    locations = Locations.under(home)
    match kind.name:
        case "commit":
            return AtChange("at a commit", commits(locations.database), dice.randint(1, max(known.commits, 1)))
        case "rename":
            return AtChange("at a name in the takes", names_in(locations.takes), dice.randint(1, 2 * way.takes))
        case "input":
            return AtChange("at a copy of an input", names_in(locations.inputs), dice.randint(1, 4))
        case "transcript":
            return AtChange("at a transcript", names_in(locations.transcripts), dice.randint(1, 2))
        case "checkpoint":
            return AtChange("in a checkpoint", checkpoints(locations.database))
        case "timer":
            return After(dice.uniform(0, known.seconds))
    faults, phase = services.faults_of(way.provider, kind.phase)
    after = dice.randrange(_MOST_PARTS) if way.is_transcription else 0
    late_s = dice.choice((0.0, 0.0, dice.uniform(0.1, _LATEST_S)))
    match kind.name:
        case "before":
            return InPhase(f"before {phase}", faults, phase, Hold(), after, late_s=late_s)
        case "after":
            return InPhase(f"after {phase}", faults, phase, Hold(processed=True), after, late_s=late_s)
        case "amid":
            part, held_s = dice.uniform(0.05, 0.95), dice.uniform(0, _ARRIVING_S)
            return InPhase(f"amid {phase}", faults, phase, HoldAfter(part), after, held_s)
    then_s = dice.uniform(0, _JUST_AFTER_S)
    return InPhase(f"answered {phase}", faults, phase, Hold(processed=True), after, then_s=then_s)
