"""`manifest.csv`: what lies in a folder, what it is, what it cost, and what is missing."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from app.domain.request import GenerationRequest
from app.domain.take import Take
from app.domain.task import Task
from app.engine.batch_names import take_numbers
from app.engine.file_names import free_name
from app.storage.deliveries import Deliveries, Wanted
from app.storage.disk_failures import as_storage_errors
from app.storage.durable_files import write_whole

HEADINGS = (
    "id",
    "take",
    "file",
    "state",
    "provider",
    "model",
    "prompt",
    "seed",
    "format",
    "sample_rate",
    "channels",
    "duration_s",
    "cost_usd",
    "task",
    "error",
)
_STEM, _SUFFIX = "manifest", ".csv"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_FINEST = Decimal("0.000000001")

Cells = tuple[object, ...]


class Manifests:
    """Writes the manifests of folders from what the library knows, so any process can."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    async def renew(self, folder: Path) -> Path:
        """Write the manifest of a folder whole, over an earlier one of ours; a stranger's file keeps its name.

        Raises:
            StorageError: It can't be written, or the library can't be read.
        """
        wanted = await self._deliveries.wanted_in(str(folder))
        tasks: dict[str, list[Task]] = {}
        for task in await self._deliveries.tasks([each.click_id for each in wanted]):
            tasks.setdefault(task.click_id, []).append(task)
        take_ids = [take.id for each in tasks.values() for task in each for take in task.takes]
        names = await self._deliveries.names(str(folder), take_ids)
        return await asyncio.to_thread(_write, folder, wanted, tasks, names)


def rows_of(row_id: str, tasks: Sequence[Task], names: dict[str, str]) -> Iterator[Cells]:
    """One line a take: those that are there by their numbers, then those that are missing.

    Args:
        names: File names by the ids of takes.
    """
    numbers = take_numbers(tasks)
    missing = iter(sorted(set(range(1, sum(task.request.takes for task in tasks) + 1)) - set(numbers.values())))
    for task in tasks:
        request = task.request
        assert isinstance(request, GenerationRequest)
        stored = sorted((take for take in task.takes if take.id in numbers), key=lambda take: numbers[take.id])
        error = task.failure.message if task.failure is not None else ""
        for take in stored:
            yield (row_id, numbers[take.id], names.get(take.id, ""), *_facts(task, request, take), task.id, "")
        for _ in range(request.takes - len(stored)):
            yield (row_id, next(missing, ""), "", *_facts(task, request, None), task.id, error)


def safe_cell(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _facts(task: Task, request: GenerationRequest, take: Take | None) -> Cells:
    info = take.info if take is not None else None
    seed = take.seed if take is not None and take.seed is not None else request.seed
    cost = _cost(task, take)
    return (
        task.state.value,
        request.provider,
        request.model,
        request.prompt,
        "" if seed is None else seed,
        "" if info is None else info.format.value,
        "" if info is None else info.sample_rate_hz,
        "" if info is None else info.channels,
        "" if info is None else f"{info.duration_s:.3f}",
        "" if cost is None else f"{cost:f}",
    )


def _cost(task: Task, take: Take | None) -> Decimal | None:
    """What a take cost, or its share of what its task did; of one that is missing only what is known to be nothing."""
    if take is None:
        return task.billed if task.billed == 0 else None
    if take.cost is not None:
        return take.cost
    stored = sum(each.file is not None and each.info is not None for each in task.takes)
    return None if task.billed is None else (task.billed / max(stored, 1)).quantize(_FINEST).normalize()


def _write(folder: Path, wanted: Sequence[Wanted], tasks: dict[str, list[Task]], names: dict[str, str]) -> Path:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for each in wanted:
        for cells in rows_of(each.row_id, tasks.get(each.click_id, ()), names):
            writer.writerow(map(safe_cell, cells))
    with as_storage_errors(folder):
        target = _target(folder)
        write_whole(target, text.getvalue().encode(errors="replace"))
    return target


def _target(folder: Path) -> Path:
    """`manifest.csv`, or a counted name where that is somebody else's."""
    taken: set[str] = set()
    while True:
        target = folder / free_name(_STEM, _SUFFIX, taken)
        if not target.exists() or _is_ours(target):
            return target
        taken.add(target.name)


def _is_ours(path: Path) -> bool:
    head = ",".join(HEADINGS).encode()
    with path.open("rb") as file:
        return file.read(len(head)) == head
