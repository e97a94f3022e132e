"""Short grains of sound, one over the other: what is heard while somebody drags the playhead."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class Grain:
    """Shape (n, 2), silent at its ends; n is the same for all of a card, so that neighbours add up to the whole level.

    The player offers one; it begins when the one before it is half over.
    """

    __slots__ = ("samples",)

    def __init__(self, samples: Floats) -> None:
        self.samples = samples


class Grains:
    """The sound card's side: at most two at once, the older one dying away."""

    def __init__(self) -> None:
        self.offered: Grain | None = None
        """The newest; set by the player. What it replaces before its turn is never heard."""
        self._taken: Grain | None = None
        self._younger: Grain | None = None
        self._older: Grain | None = None
        self._younger_at = self._older_at = 0

    def add_to(self, out: Floats) -> None:
        """Add what is due to frames of shape (n, 2)."""
        at = 0
        while at < len(out):
            self._begin_if_due()
            younger = self._younger
            if younger is None:
                return
            half = len(younger.samples) // 2
            end = half if self._younger_at < half else len(younger.samples)
            count = min(len(out) - at, end - self._younger_at)
            part = out[at : at + count]
            part += younger.samples[self._younger_at : self._younger_at + count]
            self._younger_at += count
            self._add_older(part)
            if self._younger_at == len(younger.samples):
                self._younger = None
            at += count

    def _begin_if_due(self) -> None:
        offered, younger = self.offered, self._younger
        if offered is None or offered is self._taken:
            return
        if younger is not None and self._younger_at < len(younger.samples) // 2:
            return
        self._older, self._older_at = younger, self._younger_at
        self._taken = self._younger = offered
        self._younger_at = 0

    def _add_older(self, part: Floats) -> None:
        older = self._older
        if older is None:
            return
        rest = older.samples[self._older_at : self._older_at + len(part)]
        part[: len(rest)] += rest
        self._older_at += len(part)
        if self._older_at >= len(older.samples):
            self._older = None
