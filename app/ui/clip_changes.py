"""Changes of the clips of a request: the numbers that the prompt calls them by, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.request import InputFile, InputKind

Files = tuple[InputFile, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ClipChange:
    """What was there before and after one change; two changes are never the same one, whatever they did."""

    before: Files
    after: Files

    @property
    def removed(self) -> Files:
        return tuple(file for file in self.before if file not in self.after)

    @property
    def added(self) -> Files:
        return tuple(file for file in self.after if file not in self.before)

    def made(self, now: Files, *, back: bool) -> Files:
        """The files once it is made again or taken back; what came since stays, at the end."""
        left, wanted = (self.after, self.before) if back else (self.before, self.after)
        kept = [file for file in wanted if file in now or file not in left]
        since = [file for file in now if file not in wanted and file not in left]
        return (*kept, *since)


class ClipHistory:
    """Which changes can be taken back, and which of these can be made again."""

    def __init__(self) -> None:
        self._done: list[ClipChange] = []
        self._undone: list[ClipChange] = []

    def add(self, change: ClipChange) -> None:
        self._done.append(change)
        self._undone.clear()

    def next(self, *, back: bool) -> ClipChange | None:
        """The latest change that can be taken back, or made again."""
        changes = self._done if back else self._undone
        return changes[-1] if changes else None

    def can_undo(self, change: ClipChange) -> bool:
        return change in self._done

    def step(self, change: ClipChange, *, back: bool) -> None:
        """It was taken back, or made again; what is told twice counts once."""
        source, target = (self._done, self._undone) if back else (self._undone, self._done)
        if change in source:
            source.remove(change)
            target.append(change)

    def forget(self) -> None:
        self._done.clear()
        self._undone.clear()


def clips_of(files: Sequence[InputFile]) -> list[InputFile]:
    return [file for file in files if file.kind is InputKind.CLIP]


def new_numbers(before: Sequence[InputFile], after: Sequence[InputFile]) -> dict[int, int | None]:
    """For each clip that was there its old and its new number, from 1; None where it is gone.

    One that stands in for another at its place takes over its number. A name without a clip, as a removal leaves it,
    goes to the only clip that has come.
    """
    old, new = clips_of(before), clips_of(after)
    numbers: dict[int, int | None] = {}
    for place, clip in enumerate(old):
        is_replaced = len(old) == len(new) and clip not in new and new[place] not in old
        numbers[place + 1] = new.index(clip) + 1 if clip in new else place + 1 if is_replaced else None
    come = [place for place, clip in enumerate(new, start=1) if clip not in old]
    if len(come) == 1 and None not in numbers.values() and len(new) > len(old):
        numbers[len(old) + 1] = come[0]
    return numbers
