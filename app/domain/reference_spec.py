"""What a model accepts as files to go by: clips that the prompt may name, or a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.errors import Problem
from app.domain.parameter_spec import counted
from app.domain.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class ReferenceSpec:
    """Which files may go along.

    Attributes:
        min_clips, max_clips: Reference clips.
        max_pictures: Reference pictures.
        is_one_kind: Clips or pictures, never both.
        mention: What the prompt calls a clip, without its number: `@Audio` for `@Audio1`; empty where clips have
            no names.
        shortest_s, longest_s: Length of a clip, in seconds.
        largest_bytes: Of one file.
        is_limit_of_service: Whether the service itself documents length and size; else they are only warned of.
    """

    min_clips: int = 0
    max_clips: int = 0
    max_pictures: int = 0
    is_one_kind: bool = False
    mention: str = ""
    shortest_s: float | None = None
    longest_s: float | None = None
    largest_bytes: int | None = None
    is_limit_of_service: bool = False

    @property
    def is_any(self) -> bool:
        return self.max_clips > 0 or self.max_pictures > 0

    def name_of_clip(self, number: int) -> str:
        """`@Audio2`; counted from 1."""
        return f"{self.mention}{number}"

    def mentioned(self, prompt: str) -> tuple[int, ...]:
        """Numbers of the clips that a prompt names, in the order of the text."""
        if not self.mention:
            return ()
        # `@Audio12` is clip 12, never clip 1 and a 2; `x@Audio1` is part of an address.
        return tuple(
            int(found[1]) for found in re.finditer(rf"(?<!\w){re.escape(self.mention)}(\d{{1,6}})(?!\d)", prompt)
        )

    def problems(self, label: str, request: GenerationRequest) -> Iterator[Problem]:
        """What is wrong with the files of a request, and with the names that its prompt gives them."""
        yield from self._of_counts(label, request)
        clips = len(request.clips)
        for number in dict.fromkeys(self.mentioned(request.prompt)):
            if not 1 <= number <= clips:
                there = f"there {'is' if clips == 1 else 'are'} {counted(clips, 'clip') if clips else 'no clip'}"
                yield Problem(
                    "prompt", f"{self.name_of_clip(number)} has no clip: {there}. Add one or change the text."
                )

    def _of_counts(self, label: str, request: GenerationRequest) -> Iterator[Problem]:
        clips, pictures = len(request.clips), len(request.pictures)
        for count, most, noun in ((clips, self.max_clips, "clip"), (pictures, self.max_pictures, "picture")):
            if count > most:
                allowed = f"takes {counted(most, noun)} at most" if most else f"takes no {noun}s"
                yield Problem("references", f"{label} {allowed}; there {'is' if count == 1 else 'are'} {count}.")
        if clips < self.min_clips:
            yield Problem("references", f"{label} needs {counted(self.min_clips, 'clip')} to go by; add one.")
        if self.is_one_kind and clips and pictures:
            yield Problem("references", f"{label} takes clips or a picture, not both. Remove one kind.")

    def warnings(self, request: GenerationRequest) -> Iterator[Problem]:
        """Clips that the prompt never names."""
        if not self.mention or not request.clips:
            return
        named = set(self.mentioned(request.prompt))
        missing = [self.name_of_clip(n) for n in range(1, len(request.clips) + 1) if n not in named]
        if missing:
            yield Problem("references", f"The prompt never mentions {' or '.join(missing)}.")
