"""What every runner works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.engine.departures import Departures
from app.engine.live import LiveBoard
from app.engine.pace import Clock, Pace
from app.engine.spending import Spending
from app.engine.uploading import Uploading
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore
from app.storage.transcript_files import TranscriptFiles


@dataclass(frozen=True, slots=True)
class Gear:
    """Built once by the queue and shared by all its tasks.

    Attributes:
        key_at_hand: Waits until the key of a provider is known, however long the keychain's prompt stays open, so
            that nothing is under way meanwhile. Raises where there is none.
    """

    store: TaskStore
    files: TakeFiles
    spending: Spending
    pace: Pace
    clock: Clock
    live: LiveBoard
    uploading: Uploading
    transcripts: TranscriptFiles
    departures: Departures
    key_at_hand: Callable[[str], Awaitable[None]]
