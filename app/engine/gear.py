"""What every runner works with."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.live import LiveBoard
from app.engine.pace import Clock, Pace
from app.engine.spending import Spending
from app.engine.uploading import Uploading
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore
from app.storage.transcript_files import TranscriptFiles


@dataclass(frozen=True, slots=True)
class Gear:
    """Built once by the queue and shared by all its tasks."""

    store: TaskStore
    files: TakeFiles
    spending: Spending
    pace: Pace
    clock: Clock
    live: LiveBoard
    uploading: Uploading
    transcripts: TranscriptFiles
