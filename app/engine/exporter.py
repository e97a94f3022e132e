"""Take files out of the library: named, converted, levelled and tagged, into a folder of the user's."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.domain.audio import AudioInfo
from app.domain.errors import AppError, ExportError, Problem, RequestInvalid
from app.domain.export_settings import ExportSettings, IfExists
from app.domain.take import Failure, Take, TakeState
from app.engine.export_check import problems_of
from app.engine.export_plan import ExportSource, PlannedExport, file_name, plan_exports, settings_for
from app.engine.file_names import folded, free_name
from app.storage.take_files import TakeFiles

if TYPE_CHECKING:
    from app.engine.export_rendering import Cancelled, Progress, Rendered

__all__ = ["ExportProgress", "ExportSource", "Exported", "Exporter", "PlannedExport"]

T = TypeVar("T")

_SMALLEST_STEP = 0.01
_MOST_THREADS = 4  # each holds some blocks of sound, and a disk is busy with fewer


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export is.

    Attributes:
        done: Files that are ready or failed.
        fraction: 0.0 to 1.0 of everything.
    """

    done: int
    total: int
    fraction: float


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of one planned file.

    Attributes:
        path: The file; not quite the planned one where that name was taken meanwhile.
        info: What the file really is; None where it failed or was skipped.
        remark: What people should know about it; often nothing.
        is_skipped: Nothing was written: there was such a file already, which stays as it was.
    """

    plan: PlannedExport
    path: Path
    info: AudioInfo | None = None
    remark: str = ""
    failure: Failure | None = None
    is_skipped: bool = False


class Exporter:
    """Plans exports and carries them out in threads of its own."""

    def __init__(self, files: TakeFiles, *, threads: int | None = None) -> None:
        """
        Args:
            threads: How many files are written at once; None is one a core, four at most.
        """
        self._files = files
        self._executor = ThreadPoolExecutor(threads or min(_MOST_THREADS, os.cpu_count() or 1), "export")

    def problems(self, settings: ExportSettings, takes: Sequence[Take] = ()) -> tuple[Problem, ...]:
        """What is wrong with the settings for these takes, each problem at its field."""
        return problems_of(settings, [take.info for take in takes if take.info is not None])

    def preview(self, source: ExportSource, settings: ExportSettings, *, number: int = 1) -> str:
        """The file name that a stored take would get.

        Raises:
            ValueError: The template has problems.
        """
        return file_name(source, settings, number)

    async def plan(
        self, sources: Sequence[ExportSource], settings: ExportSettings, *, if_exists: IfExists = IfExists.NUMBER
    ) -> tuple[PlannedExport, ...]:
        """Which files will be written; nothing is written yet.

        Args:
            if_exists: What happens where a file has a wanted name already.
        Raises:
            RequestInvalid: The settings have problems.
            ExportError: The folder can't be read, or a take has no audio.
        """
        for source in sources:
            if source.take.state is not TakeState.STORED:
                raise ExportError(f"Take {source.take.number} of task {source.task.id} has no audio yet.")
        if problems := _problems_of_all(sources, settings):
            raise RequestInvalid(problems)
        return await self._run(partial(_planned, self._files, sources, settings, if_exists))

    async def export(
        self, plan: Sequence[PlannedExport], *, progress: Callable[[ExportProgress], None] | None = None
    ) -> tuple[Exported, ...]:
        """Write the files. One that fails doesn't stop the others.

        Cancelling stops at the next block of each file; finished files stay, begun ones vanish.

        Args:
            progress: Called on the loop's own thread.
        """
        board = _Board(len(plan), progress or (lambda _progress: None))
        stopped = threading.Event()
        await self._run(partial(_clear_away, {planned.target.parent for planned in plan}))
        running = [
            asyncio.ensure_future(self._export_one(number, planned, board, stopped))
            for number, planned in enumerate(plan)
        ]
        try:
            return tuple(await asyncio.gather(*running))
        finally:
            await asyncio.gather(*running, return_exceptions=True)

    async def close(self) -> None:
        """Wait for the threads to finish."""
        await asyncio.to_thread(self._executor.shutdown)

    async def _export_one(
        self, number: int, planned: PlannedExport, board: _Board, stopped: threading.Event
    ) -> Exported:
        loop = asyncio.get_running_loop()

        def note(fraction: float) -> None:
            loop.call_soon_threadsafe(board.note, number, fraction)

        assert planned.source.take.file is not None
        work = partial(
            _render_under_free_name,
            planned,
            self._files.path(planned.source.take.file),
            progress=note,
            cancelled=stopped.is_set,
        )
        future = loop.run_in_executor(self._executor, work)
        try:
            path, rendered = await asyncio.shield(future)
            if rendered is None:
                return Exported(planned, path, remark=f"{path.name} exists already and stays.", is_skipped=True)
            return Exported(planned, path, rendered.info, rendered.remark)
        except AppError as error:
            return Exported(planned, planned.target, failure=Failure(error.kind, str(error)))
        except asyncio.CancelledError:
            stopped.set()
            await asyncio.gather(future, return_exceptions=True)  # until its half-written file is gone
            raise
        finally:
            board.finish(number)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


class _Board:
    """Adds up the progress of several files."""

    def __init__(self, total: int, tell: Callable[[ExportProgress], None]) -> None:
        self._fractions = [0.0] * total
        self._finished: set[int] = set()
        self._tell = tell
        self._told = 0.0

    def note(self, number: int, fraction: float) -> None:
        self._fractions[number] = max(self._fractions[number], fraction)
        if self._fraction() - self._told >= _SMALLEST_STEP:
            self._announce()

    def finish(self, number: int) -> None:
        self._fractions[number] = 1.0
        self._finished.add(number)
        self._announce()

    def _fraction(self) -> float:
        return sum(self._fractions) / len(self._fractions)

    def _announce(self) -> None:
        self._told = self._fraction()
        self._tell(ExportProgress(len(self._finished), len(self._fractions), self._told))


def _problems_of_all(sources: Sequence[ExportSource], settings: ExportSettings) -> tuple[Problem, ...]:
    """Each take with its own part and fades; what is wrong for several is said once."""
    by_settings: dict[ExportSettings, list[AudioInfo]] = {}
    for source in sources:
        if source.take.info is not None:
            by_settings.setdefault(settings_for(source, settings), []).append(source.take.info)
    each = [problems_of(own, infos) for own, infos in (by_settings or {settings: []}).items()]
    return tuple(dict.fromkeys(problem for problems in each for problem in problems))


def _planned(
    files: TakeFiles, sources: Sequence[ExportSource], settings: ExportSettings, if_exists: IfExists
) -> tuple[PlannedExport, ...]:
    assert settings.folder is not None
    if if_exists is IfExists.REPLACE and files.has(settings.folder):  # what is there may be a take that was paid for
        message = f"The folder {settings.folder} belongs to the library. Choose another one."
        raise RequestInvalid([Problem("folder", message)])
    return plan_exports(sources, settings, _names_in(settings.folder), if_exists)


def _names_in(folder: Path) -> list[str]:
    """The names in a folder; none if it isn't there yet.

    Raises:
        RequestInvalid: It is no folder, or can't be read.
    """
    try:
        return [entry.name for entry in folder.iterdir()]
    except FileNotFoundError:
        return []
    except OSError as exc:
        reason = "it is a file" if isinstance(exc, NotADirectoryError) else exc.strerror
        message = f"The folder {folder} can’t be used: {reason}."
        raise RequestInvalid([Problem("folder", message)]) from exc


def _render_under_free_name(
    planned: PlannedExport, source: Path, *, progress: Progress, cancelled: Cancelled
) -> tuple[Path, Rendered | None]:
    """Render a take, or nothing where it is to be skipped.

    A name that somebody took since the plan was made is counted on, or skipped. It isn't replaced: nobody saw that.
    """
    from app.engine.export_rendering import render  # late: no first paint waits for what writes files

    target = planned.target
    if planned.is_skipped:
        return target, None
    _make_folder(target.parent)
    while True:
        try:
            return target, render(planned, source, target, progress=progress, cancelled=cancelled)
        except ExportError as error:
            if not isinstance(error.__cause__, FileExistsError):
                raise
        if planned.if_exists is IfExists.SKIP:
            return target, None
        taken = {folded(name) for name in _names_in(target.parent)}
        target = target.with_name(free_name(planned.wanted.stem, planned.wanted.suffix, taken))


def _clear_away(folders: Collection[Path]) -> None:
    from app.audio.publishing import remove_left_partials

    for folder in folders:
        remove_left_partials(folder)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise ExportError(f"The folder {folder} can’t be made: {exc.strerror}.") from exc
