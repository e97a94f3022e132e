"""What an input file holds, as read from its bytes, and whether a model takes it."""

from __future__ import annotations

from collections.abc import Iterator
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
        elif spec.is_limit_of_service:
            yield from self.warnings(file, spec)

    def warnings(self, file: InputFile, spec: ReferenceSpec) -> Iterator[Problem]:
        """What is outside the known limits of a model, each with the allowed values."""
        name = file.path.name
        if spec.largest_bytes is not None and self.size_bytes > spec.largest_bytes:
            most, size = spec.largest_bytes / 1e6, self.size_bytes / 1e6
            yield Problem(
                "references", f"{name} may have {number(round(most, 1))} MB; it has {number(round(size, 1))}."
            )
        if self.kind is not InputKind.CLIP or self.duration_s is None:
            return
        length = number(round(self.duration_s, 1))
        if spec.longest_s is not None and self.duration_s > spec.longest_s:
            yield Problem("references", f"{name} is too long: at most {number(spec.longest_s)} s; it has {length} s.")
        if spec.shortest_s is not None and self.duration_s < spec.shortest_s:
            yield Problem(
                "references", f"{name} is too short: at least {number(spec.shortest_s)} s; it has {length} s."
            )
