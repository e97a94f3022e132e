"""What an input file holds, as read from its bytes, and whether a model takes it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.domain.errors import Problem
from app.domain.parameter_spec import number
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import InputFile, InputKind


@dataclass(frozen=True, slots=True)
class InputFacts:
    """
    Attributes:
        kind: None for a file that is neither audio nor a picture that anybody here can read.
        duration_s: Of audio, in seconds.
    """

    kind: InputKind | None
    size_bytes: int
    duration_s: float | None = None

    def problems(self, file: InputFile, spec: ReferenceSpec) -> Iterator[Problem]:
        """Why a file can't go along, each with its name."""
        name = file.path.name
        if self.kind is not file.kind:
            wanted = "audio" if file.kind is InputKind.CLIP else "a picture"
            yield Problem("references", f"{name} isn't {wanted} that can be used. Choose another file.")
        elif self.duration_s == 0:
            yield Problem("references", f"{name} holds no sound. Choose another file.")
        elif spec.is_limit_of_service:
            yield from (Problem("references", f"{name} {limit.refused}") for limit in self._passed(spec))

    def warnings(self, file: InputFile, spec: ReferenceSpec) -> Iterator[Problem]:
        """What is outside the limits that are assumed of a model, though its service names none."""
        if not spec.is_limit_of_service:
            yield from (Problem("references", f"{file.path.name} has {limit.doubted}") for limit in self._passed(spec))

    def is_too_long(self, spec: ReferenceSpec) -> bool:
        """Whether a shorter copy of it could go along."""
        return spec.longest_s is not None and self.duration_s is not None and self.duration_s > spec.longest_s

    def _passed(self, spec: ReferenceSpec) -> Iterator[_Limit]:
        if spec.largest_bytes is not None and self.size_bytes > spec.largest_bytes:
            most, size = (number(round(count / 1e6, 1)) for count in (spec.largest_bytes, self.size_bytes))
            yield _Limit(f"may have {most} MB; it has {size}.", f"{size} MB; more than {most} MB may be refused.")
        if self.kind is not InputKind.CLIP or self.duration_s is None:
            return
        above, below = (_tenths(self.duration_s, to_whole) for to_whole in (math.ceil, math.floor))
        if spec.longest_s is not None and self.is_too_long(spec):
            yield _Limit(
                f"is too long: at most {number(spec.longest_s)} s; it has {number(above)} s.",
                f"{_time(above)}; more than {_time(spec.longest_s)} may be refused.",
            )
        if spec.shortest_s is not None and self.duration_s < spec.shortest_s:
            yield _Limit(
                f"is too short: at least {number(spec.shortest_s)} s; it has {number(below)} s.",
                f"{_time(below)}; less than {_time(spec.shortest_s)} may be refused.",
            )


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit that a file passes: where it is the service's own, and where it is only assumed."""

    refused: str
    doubted: str


def _tenths(seconds: float, to_whole: Callable[[float], int]) -> float:
    """Rounded away from the limit that it passes, so that it never reads like that."""
    return to_whole(round(seconds * 10, 3)) / 10


def _time(seconds: float) -> str:
    """`0:42`; with a tenth where there is one: `0:30.1`."""
    whole, tenth = divmod(round(seconds * 10), 10)
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02d}.{tenth}" if tenth else f"{minutes}:{rest:02d}"
