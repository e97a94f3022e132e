"""One result of a task: an audio file in the library, with a state of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.audio import AudioInfo
from app.domain.measures import Measures


class TakeState(StrEnum):
    """Where a take is on its way to the disk."""

    ANNOUNCED = "announced"  # its result id or link is on disk; it can be fetched
    STORED = "stored"  # decoded, flushed and in its place
    BROKEN = "broken"  # arrived, but isn't playable audio; may be fetched again
    EXPIRED = "expired"  # its link is no longer valid; the service may be asked for a fresh one
    FAILED = "failed"  # the service made nothing for it


_NEXT: dict[TakeState, frozenset[TakeState]] = {
    TakeState.ANNOUNCED: frozenset({TakeState.STORED, TakeState.BROKEN, TakeState.EXPIRED, TakeState.FAILED}),
    TakeState.BROKEN: frozenset({TakeState.ANNOUNCED}),
    TakeState.EXPIRED: frozenset({TakeState.ANNOUNCED}),
    TakeState.STORED: frozenset(),
    TakeState.FAILED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, as it is kept in the library.

    Attributes:
        kind: `AppError.kind` of the leaf that it was.
        message: For people.
        field: The field of the request it belongs to, where the service named one.
        code: The service's own name for it.
    """

    kind: str
    message: str
    field: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """One take of a task.

    Attributes:
        id: `TASK-NUMBER`, the same for good.
        number: 1, 2, 3 ... in the order of announcement.
        result_id: The service's name for it; stable over repeated polls of one attempt.
        link: Where it can be fetched from, where the service gives a link.
        file: Its file below the takes folder, with forward slashes, once it is stored; until then, what was kept of
            one that broke off.
        note: The user's.
        remark: The provider's, such as the words it understood.
        measures: None while it isn't measured, or where that failed.
        is_binned: Whether the user moved it to the bin; its file stays.
    """

    id: str
    task_id: str
    attempt_id: str
    number: int
    result_id: str
    state: TakeState = TakeState.ANNOUNCED
    link: str | None = None
    expires_at: datetime | None = None
    file: str | None = None
    info: AudioInfo | None = None
    seed: int | None = None
    cost: Decimal | None = None
    remark: str = ""
    failure: Failure | None = None
    rating: int = 0
    is_favourite: bool = False
    note: str = ""
    measures: Measures | None = None
    is_binned: bool = False

    def moved_to(self, state: TakeState) -> Take:
        """The take in its next state.

        Raises:
            ValueError: There is no such arrow.
        """
        if state not in _NEXT[self.state]:
            raise ValueError(f"a take can't go from {self.state} to {state}")
        return replace(self, state=state)
