"""When the results of a job become ready: counted in polls (tests need no clock) or in seconds (for trying it out)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Pace(Protocol):
    def ready(self, polls: int, age_s: float) -> int:
        """How many results are ready at the `polls`-th poll (1 is the first), `age_s` after acceptance."""


@dataclass(frozen=True)
class PollDriven:
    """The first `before` polls find nothing; the next finds one result, then one more every `between` polls.

    With `between=0` all results are ready at once.
    """

    before: int = 1
    between: int = 1

    def ready(self, polls: int, age_s: float) -> int:
        late = polls - self.before
        if late <= 0:
            return 0
        return 1 + (late - 1) // self.between if self.between else 1_000_000


@dataclass(frozen=True)
class TimeDriven:
    """The first result is ready after `before_s`, then one more every `between_s`."""

    before_s: float = 3.0
    between_s: float = 1.0

    def ready(self, polls: int, age_s: float) -> int:
        late_s = age_s - self.before_s
        if late_s < 0:
            return 0
        return 1 + int(late_s / self.between_s) if self.between_s else 1_000_000
