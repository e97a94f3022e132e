"""A library of any size, as a sound designer has it after some years; without the audio.

    python -m tests.benchmarks.library_of HOME TASKS

writes `HOME/data/library.sqlite3`, which is opened with `CUESMITH_HOME=HOME`. The same number of tasks always
gives the same library.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from app.domain.audio import AudioFormat, AudioInfo, BitDepth
from app.domain.model_spec import Kind
from app.domain.provider import WireRequest
from app.domain.receipt import Estimate, Receipt
from app.domain.request import GenerationRequest
from app.domain.take import Failure, Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.storage.database import Database
from app.storage.locations import Locations
from app.storage.measure_rows import SET_MEASURES, measure_values
from app.storage.sql_values import time_text
from app.storage.task_writing import add_task, refresh_list_columns
from tests.fakes.measures import measures_of

_TASKS_A_TRANSACTION = 5_000
_BEGINNING = datetime(2024, 1, 1, 9, tzinfo=UTC)
_BETWEEN_TASKS = timedelta(minutes=9)

_ADJECTIVES = ("heavy", "light", "distant", "close", "slow", "huge", "small", "rusty", "wet", "hollow", "dark")
_THINGS = ("rain", "wind", "door", "glass", "thunder", "footsteps", "engine", "alarm", "bell", "clock", "fire")
_THINGS += ("river", "crowd", "birds", "insects", "whoosh", "riser", "impact", "explosion", "laser", "drone")
_PLACES = ("on a tin roof", "in a cave", "under water", "behind a wall", "in the street", "at night", "far away")
_MODELS = (
    ("local", "sketch", Kind.EFFECT, Decimal(0)),
    ("local", "speech", Kind.SPEECH, Decimal(0)),
    ("runware", "bytedance:seed-audio@1.0", Kind.SCENE, Decimal("0.068")),
    ("aimlapi", "stable-audio", Kind.MUSIC, Decimal("0.21")),
)
_ENDINGS = (*(TaskState.FINISHED,) * 45, TaskState.FAILED, TaskState.FAILED, TaskState.CANCELLED)


def write_library(connection: sqlite3.Connection, first: int, count: int) -> None:
    """Add tasks `first`, `first + 1` ... to an open library."""
    for number in range(first, first + count):
        task = make_task(number)
        row = add_task(connection, task, task.updated_at)
        _write_measures(connection, row, number, task.updated_at)


def _write_measures(connection: sqlite3.Connection, row: int, number: int, now: datetime) -> None:
    """Takes are long measured: an app that had to look for the loudness of each would do nothing else."""
    loudness_lufs = -30.0 + number % 200 / 10
    measures = measures_of(loudness_lufs, loudness_lufs + 12)
    for take in connection.execute("SELECT id FROM takes WHERE task = ?", (row,)).fetchall():
        connection.execute(SET_MEASURES, measure_values(measures) | {"id": take["id"], "measured_at": time_text(now)})
    refresh_list_columns(connection, row)


def make_task(number: int) -> Task:
    """The task with that number; each is a little different."""
    dice = random.Random(number)
    task_id = f"{dice.getrandbits(48):012x}"
    provider, model, kind, price = dice.choice(_MODELS)
    created = _BEGINNING + number * _BETWEEN_TASKS
    state = dice.choice(_ENDINGS)
    request = GenerationRequest(
        provider, model, _prompt(dice), takes=dice.randint(1, 4), duration_s=dice.randint(1, 300) / 10
    )
    attempt = Attempt(
        UUID(int=dice.getrandbits(128), version=4),
        task_id,
        1,
        provider,
        model,
        "local:" if provider == "local" else f"https://api.{provider}.example",
        WireRequest("POST", "/v1", {"Content-Type": "application/json"}, request.prompt.encode() * 4),
        created,
        sent_at=created,
        is_accepted=True,
        job_id=f"job-{number}",
        is_final=True,
        receipt=Receipt(Estimate(price, price), price, price, is_settled=True),
    )
    takes: tuple[Take, ...] = ()
    if state is TaskState.FINISHED:
        takes = tuple(_take(dice, attempt, request, each) for each in range(1, request.takes + 1))
    failure = Failure("generation_failed", "The service made nothing.") if state is TaskState.FAILED else None
    updated = created + timedelta(seconds=41)
    return Task(
        task_id,
        f"{dice.getrandbits(48):012x}",
        request,
        kind,
        state,
        created,
        updated,
        estimate=attempt.receipt.estimate,
        attempt=attempt,
        takes=takes,
        failure=failure,
    )


def _take(dice: random.Random, attempt: Attempt, request: GenerationRequest, number: int) -> Take:
    assert request.duration_s is not None
    frames = round(request.duration_s * 48_000)
    return Take(
        f"{attempt.task_id}-{number}",
        attempt.task_id,
        str(attempt.id),
        number,
        f"result-{number}",
        TakeState.STORED,
        file=f"{attempt.created_at:%Y-%m}/{attempt.task_id}-{number}.wav",
        info=AudioInfo(AudioFormat.WAV, 48_000, 2, frames, BitDepth.INT24),
        seed=dice.getrandbits(31),
        rating=dice.choice((0, 0, 0, 3, 5)),
        is_favourite=dice.random() < 0.03,
    )


def _prompt(dice: random.Random) -> str:
    return f"{dice.choice(_ADJECTIVES)} {dice.choice(_THINGS)} and {dice.choice(_THINGS)} {dice.choice(_PLACES)}"


async def make_library(home: Path, tasks: int) -> Path:
    """Write a library of that many tasks under `home`, and return the path of its database."""
    path = Locations.under(home).database
    database = Database(path)
    await database.open()
    try:
        for first in range(1, tasks + 1, _TASKS_A_TRANSACTION):
            count = min(_TASKS_A_TRANSACTION, tasks + 1 - first)
            await database.write(lambda connection, a=first, b=count: write_library(connection, a, b))
    finally:
        await database.close()
    return path


def main() -> None:
    home, tasks = Path(sys.argv[1]), int(sys.argv[2])
    began = time.perf_counter()
    path = asyncio.run(make_library(home, tasks))
    size_mb = path.stat().st_size / 1e6
    took_s = time.perf_counter() - began
    sys.stdout.write(f"{tasks:,} tasks, {size_mb:,.0f} MB in {path} ({took_s:.1f} s)\n")


if __name__ == "__main__":
    main()
