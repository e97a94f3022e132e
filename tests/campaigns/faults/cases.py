"""Which cases there are: every misfortune at every phase of every way that can have it, once and again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.campaigns.faults.meanings import Tells
from tests.campaigns.faults.misfortunes import MISFORTUNES, Misfortune
from tests.campaigns.faults.ways import WAYS, Phase, Way


@dataclass(frozen=True)
class Case:
    """One misfortune at one phase of one way, once or again and again."""

    way: Way
    phase: Phase
    misfortune: Misfortune
    is_lasting: bool

    @property
    def name(self) -> str:
        how = "again and again" if self.is_lasting else "once"
        return f"{self.way.name}: {self.phase.value}: {self.misfortune.name}, {how}"


def cases() -> tuple[Case, ...]:
    """All there are, in a fixed order."""
    return tuple(_cases())


def spread() -> tuple[Case, ...]:
    """A part of them: every misfortune at every phase, once and lasting, each at another way than the one before.

    What means something of its own at a service is played there.
    """
    alike: dict[tuple[str, Phase, bool], list[Case]] = {}
    for case in cases():
        alike.setdefault((case.misfortune.name, case.phase, case.is_lasting), []).append(case)
    chosen = [group[number % len(group)] for number, group in enumerate(alike.values())]
    for case in cases():
        is_new = not any((other.way, other.phase) == (case.way, case.phase) for other in chosen)
        if is_new or (case.misfortune.is_told_apart(case.way, case.phase) and case not in chosen):
            chosen.append(case)
    return tuple(chosen)


def one_of_each() -> tuple[Case, ...]:
    """One case of each misfortune, but of those that are nothing but minutes of patience."""
    alike: dict[str, list[Case]] = {}
    for case in cases():
        needs_minutes = case.misfortune.is_patient and case.misfortune.tells.get(case.phase) is Tells.FINE
        if case.phase is not Phase.AGAIN and not needs_minutes:
            alike.setdefault(case.misfortune.name, []).append(case)
    return tuple(group[number % len(group)] for number, group in enumerate(alike.values()))


def _cases() -> Iterator[Case]:
    for way in WAYS:
        for phase in way.phases:
            for misfortune in MISFORTUNES:
                if not misfortune.can_be_at(way, phase):
                    continue
                if not misfortune.only_lasting:
                    yield Case(way, phase, misfortune, is_lasting=False)
                if misfortune.can_last or misfortune.only_lasting:
                    yield Case(way, phase, misfortune, is_lasting=True)
