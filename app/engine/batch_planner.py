"""Checks every row of a sheet and looks up what became of it before; sends nothing and writes nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.domain.errors import Problem, RequestInvalid, RowProblem, StorageError
from app.domain.input_facts import InputFacts
from app.domain.model_spec import ModelSpec
from app.domain.request import GenerationRequest, InputFile, InputKind
from app.domain.task import Task
from app.engine.batch_names import id_problems, name_clashes
from app.engine.batch_plan import BatchPlan, CheckedRow, Defaults, PlannedRow
from app.engine.breathing import Breathing
from app.engine.request_building import Asked, request_for
from app.engine.sheet_cells import asked_of, column_for
from app.engine.sheet_table import Sheet, SheetRow
from app.engine.spending import Spending
from app.engine.task_queue import TaskQueue
from app.storage.catalogue import Catalogue
from app.storage.disk_failures import as_storage_errors
from app.storage.sheet_rows import KnownRows, SheetRows, fingerprint_of

MOST_TASKS = 12_000
"""That one sheet may start: each holds an open file."""

Checked = CheckedRow | tuple[RowProblem, ...]
_Key = tuple[Path, Defaults, int, frozenset[tuple[str, str]]]


class BatchPlanner:
    """Plans sheets. A row that stays as it is is checked once, so a sheet that is mended is planned anew quickly.

    Args:
        probe: Says what an input file is; blocking, called on a thread.
    """

    def __init__(
        self,
        rows: SheetRows,
        queue: TaskQueue,
        catalogue: Catalogue,
        spending: Spending,
        probe: Callable[[Path], InputFacts],
    ) -> None:
        self._rows = rows
        self._queue = queue
        self._catalogue = catalogue
        self._spending = spending
        self._probe = probe
        self._kept: dict[_Key, Checked] = {}

    async def plan(self, sheet: Sheet, defaults: Defaults) -> BatchPlan:
        """What the sheet asks for, with every problem of every row.

        Raises:
            StorageError: The library can't be read.
        """
        key = str(await asyncio.to_thread(sheet.path.resolve))
        problems = [*sheet.problems, *await asyncio.to_thread(id_problems, sheet.rows)]
        checked = []
        for found in await self._check_all(sheet, defaults):
            if isinstance(found, CheckedRow):
                checked.append(found)
            else:
                problems += found
        told = {problem.line for problem in problems if problem.column == "id"}  # one word about an id is enough
        clashes = await asyncio.to_thread(name_clashes, [(each.row, each.request.takes) for each in checked])
        problems += [clash for clash in clashes if clash.line not in told]
        faulty = {problem.line for problem in problems}
        sound = [each for each in checked if each.row.line not in faulty]
        rows, removed = await self._looked_up(key, sound, sheet.rows)
        if sum(len(row.checked.requests) for row in rows if row.is_made) > MOST_TASKS:
            message = f"This sheet makes more than {MOST_TASKS:,} requests. Split it, or ask for fewer takes."
            problems.append(RowProblem(1, "", "takes", message))
        return BatchPlan(key, tuple(rows), tuple(sorted(problems, key=lambda each: each.line)), removed)

    async def _check_all(self, sheet: Sheet, defaults: Defaults) -> list[Checked]:
        folder, kept = sheet.path.parent, self._kept
        found: list[Checked] = []
        self._kept = {}
        breathing = Breathing()
        for row in sheet.rows:
            key = (folder, defaults, row.line, frozenset(row.cells.items()))
            checked = kept.get(key)
            if checked is None or "reference" in row.cells:  # a file may be another one by now
                checked = await self._check(folder, row, defaults)
            self._kept[key] = checked
            found.append(checked)
            await breathing.breathe()
        return found

    async def _check(self, folder: Path, row: SheetRow, defaults: Defaults) -> Checked:
        asked, problems = asked_of(row, folder)
        try:
            spec = self._spec_of(row, defaults)
        except RequestInvalid as error:
            return _at_cells(row, [*problems, *error.problems])
        asked = _completed(asked, spec, defaults)
        request, requests, others = await self._request(asked, spec)
        if problems or others:
            return _at_cells(row, [*problems, *others])
        estimates = tuple(self._spending.estimate(spec, part) for part in requests)
        return CheckedRow(row, spec, request, requests, estimates, fingerprint_of(request))

    def _spec_of(self, row: SheetRow, defaults: Defaults) -> ModelSpec:
        provider = row.cells.get("provider", defaults.provider)
        model = row.cells.get("model") or (defaults.model if provider == defaults.provider else None)
        models = [spec for spec in self._catalogue.of_provider(provider) if spec.makes_audio]
        return models[0] if model is None and models else self._catalogue.spec(provider, model or "")

    async def _request(
        self, asked: Asked, spec: ModelSpec
    ) -> tuple[GenerationRequest, tuple[GenerationRequest, ...], list[Problem]]:
        """The request, its parts, and what is wrong with it."""
        build = partial(request_for, asked, spec, self._kind_of)
        request, problems = await asyncio.to_thread(build) if asked.references else build()
        try:
            requests = await self._queue.refuse_unfit(request)
            hashed = await _hashed(request.references)
        except RequestInvalid as error:
            return request, (), [*problems, *error.problems]
        except StorageError as error:
            return request, (), [*problems, Problem("references", str(error))]
        requests = tuple(replace(part, references=hashed) for part in requests)
        return replace(request, references=hashed), requests, problems

    def _kind_of(self, path: Path) -> InputKind:
        return self._probe(path).kind or InputKind.CLIP

    async def _looked_up(
        self, sheet: str, checked: Sequence[CheckedRow], rows: Iterable[SheetRow]
    ) -> tuple[list[PlannedRow], tuple[str, ...]]:
        known = await self._rows.known(sheet, [(each.row.id, each.fingerprint) for each in checked])
        clicks = await asyncio.to_thread(_clicks, checked, known)
        tasks = await self._rows.tasks([click for pair in clicks for click in pair if click is not None])
        return await asyncio.to_thread(_planned, checked, clicks, tasks, known, rows)


def _clicks(checked: Sequence[CheckedRow], known: KnownRows) -> list[tuple[str | None, str | None]]:
    """Of each row the click that asked for just this, and else the one that asked for something else before."""
    same = [known.same.get(each.row.id) for each in checked]
    return [
        (click, None if click is not None else known.latest.get(each.row.id))
        for each, click in zip(checked, same, strict=True)
    ]


def _planned(
    checked: Sequence[CheckedRow],
    clicks: Sequence[tuple[str | None, str | None]],
    tasks: Mapping[str, tuple[Task, ...]],
    known: KnownRows,
    rows: Iterable[SheetRow],
) -> tuple[list[PlannedRow], tuple[str, ...]]:
    planned = []
    for each, (click, other) in zip(checked, clicks, strict=True):
        before = tasks.get(other or "", ())
        request = before[0].request if before else None
        earlier = request if isinstance(request, GenerationRequest) else None
        planned.append(PlannedRow(each, click, tasks.get(click or "", ()), earlier))
    there = {row.id for row in rows}
    return planned, tuple(row_id for row_id in known.latest if row_id not in there)


def _completed(asked: Asked, spec: ModelSpec, defaults: Defaults) -> Asked:
    """With what the row left open, and with the id of a voice that is called by its name."""
    if asked.voice is not None:
        asked = replace(asked, voice=voice_id(spec, asked.voice))
    wanted = defaults.format
    if wanted is not None and asked.audio.format is None:
        asked = replace(asked, audio=replace(asked.audio, format=wanted))
    if asked.takes is None and defaults.takes is not None:
        asked = replace(asked, takes=defaults.takes)
    return asked


def voice_id(spec: ModelSpec, text: str) -> str:
    """The id of the one voice of a model that has this id or name; a text that means none stays as it is."""
    if any(voice.id == text for voice in spec.voices):
        return text
    called = [voice.id for voice in spec.voices if text.casefold() in (voice.name.casefold(), voice.id.casefold())]
    return called[0] if len(called) == 1 else text


def _at_cells(row: SheetRow, problems: Iterable[Problem]) -> tuple[RowProblem, ...]:
    found = [RowProblem(row.line, row.id, column_for(each.field, row), each.message) for each in problems]
    return tuple(dict.fromkeys(found))


async def _hashed(files: Sequence[InputFile]) -> tuple[InputFile, ...]:
    if not files:
        return ()
    return tuple([replace(file, sha256=await asyncio.to_thread(_sha256, file.path)) for file in files])


def _sha256(path: Path) -> str:
    with as_storage_errors(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
