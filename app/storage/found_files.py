"""Takes and transcripts that lie in the library's folders and that no row knows, made known again."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from app.domain.audio import AudioInfo
from app.domain.errors import StorageError
from app.domain.model_spec import Kind
from app.domain.provider import Heard
from app.domain.receipt import Receipt
from app.domain.request import AudioPart, GenerationRequest, InputFile, TranscriptionRequest
from app.domain.take import Take, TakeState
from app.domain.task import Task, TaskState
from app.domain.transcript import Transcript, TranscriptFormat
from app.storage.library_folders import LibraryFolders
from app.storage.salvage import lost_attempt
from app.storage.task_reading import tasks_by_number
from app.storage.task_writing import record_task

UNKNOWN = "unknown"  # provider and model of what was found

_OUR_NAME = re.compile(r"([0-9a-f]{12})-([1-9][0-9]{0,3})")
_WRITTEN_AS = {each.suffix: each for each in (TranscriptFormat.SRT, TranscriptFormat.VTT, TranscriptFormat.JSON)} | {
    ".txt": TranscriptFormat.TEXT
}
_LONGEST_TRANSCRIPT = 16 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """What came back.

    Attributes:
        unplayable: Files that are left where they are.
    """

    takes: int = 0
    transcripts: int = 0
    unplayable: int = 0


def find_again(connection: sqlite3.Connection, folders: LibraryFolders, now: datetime) -> Found:
    """Give every file that no row knows to its task, or make one for it; in the open transaction."""
    known = {row["file"] for row in connection.execute("SELECT file FROM takes WHERE file IS NOT NULL")}
    takes = unplayable = 0
    for path in folders.files_of_takes():
        file = path.relative_to(folders.takes).as_posix()
        if file in known:
            continue
        try:
            info = folders.verify(path)
        except StorageError:
            unplayable += 1
            continue
        takes += _adopt_take(connection, path, file, info, now)
    known = {row["transcript_file"] for row in connection.execute("SELECT transcript_file FROM tasks")}
    transcripts = 0
    for path in folders.files_of_transcripts(_WRITTEN_AS):
        file = path.relative_to(folders.transcripts).as_posix()
        if file not in known:
            transcripts += _adopt_transcript(connection, path, file, now)
    return Found(takes, transcripts, unplayable)


def _adopt_take(connection: sqlite3.Connection, path: Path, file: str, info: AudioInfo, now: datetime) -> bool:
    """False where its task has another file for the same take, which is the newer one."""
    ours = _OUR_NAME.fullmatch(path.stem)
    task_id = ours[1] if ours else sha256(file.encode("utf-8", "replace")).hexdigest()[:12]
    number = int(ours[2]) if ours else 1
    task = _task(connection, task_id) or _task_of_file(task_id, path)
    attempt = task.attempt or replace(
        lost_attempt(task, task.created_at), is_accepted=True, is_final=True, receipt=Receipt(task.estimate)
    )
    take = next((each for each in task.takes if each.number == number), None)
    if take is not None and take.state is TakeState.STORED:
        return False
    if take is None:
        take = Take(f"{task_id}-{number}", task_id, str(attempt.id), number, f"found {file}")
    take = replace(take, state=TakeState.STORED, file=file, info=info, failure=None)
    takes = sorted((take, *(each for each in task.takes if each.number != number)), key=lambda each: each.number)
    task = replace(task, attempt=attempt, takes=tuple(takes))
    record_task(connection, _finished_if_whole(task), now)
    return True


def _finished_if_whole(task: Task) -> Task:
    """A task that was left to the user, although everything that was asked for is there."""
    made = sum(take.state is TakeState.STORED for take in task.takes)
    is_lost = task.attempt is not None and task.attempt.is_record_lost
    if task.state is not TaskState.UNCERTAIN or not is_lost or made < task.request.takes:
        return task
    return replace(task, state=TaskState.FINISHED, failure=None)


def _adopt_transcript(connection: sqlite3.Connection, path: Path, file: str, now: datetime) -> bool:
    """False where it can't be read, or its task is there: that one has its words, and can write them once more."""
    task_id = path.stem if re.fullmatch("[0-9a-f]{12}", path.stem) else sha256(file.encode()).hexdigest()[:12]
    if _task(connection, task_id) is not None:
        return False
    try:
        if path.stat().st_size > _LONGEST_TRANSCRIPT:
            return False
        text = path.read_text("utf-8")
    except (OSError, ValueError):
        return False
    request = TranscriptionRequest(
        UNKNOWN, UNKNOWN, InputFile(Path(path.name)), _WRITTEN_AS[path.suffix], parts=(AudioPart(0.0, 0.0, "", ""),)
    )
    made = _made_at(path)
    task = Task(task_id, task_id, request, Kind.TRANSCRIPTION, TaskState.FINISHED, made, made)
    attempt = replace(lost_attempt(task, made), is_accepted=True, is_final=True)
    heard = (Heard(Transcript(text), text),)
    record_task(connection, replace(task, attempt=attempt, heard=heard, transcript_file=file), now)
    return True


def _task(connection: sqlite3.Connection, task_id: str) -> Task | None:
    row = connection.execute("SELECT number FROM tasks WHERE id = ?", (task_id,)).fetchone()
    return None if row is None else tasks_by_number(connection, [row["number"]])[0]


def _task_of_file(task_id: str, path: Path) -> Task:
    made = _made_at(path)
    request = GenerationRequest(UNKNOWN, UNKNOWN, f"Found again {task_id}")
    return Task(task_id, task_id, request, Kind.EFFECT, TaskState.FINISHED, made, made)


def _made_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
