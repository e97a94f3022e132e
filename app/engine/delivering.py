"""Copies takes into the folders that want them, as soon as they are stored, whoever stored them and when."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from app.audio.publishing import remove_left_partials
from app.domain.errors import StorageError
from app.domain.take import TakeState
from app.domain.task import Task
from app.engine.batch_names import name_of, take_numbers
from app.engine.changes import Changes
from app.engine.locking import Locking
from app.engine.manifest import Manifests
from app.engine.placing import Copied, copied_beside, give_name, is_there, left_from_before
from app.storage.deliveries import Deliveries, FileRecord, Owed
from app.storage.durable_files import flush_folder
from app.storage.locks import TaskLocks
from app.storage.take_files import TakeFiles

T = TypeVar("T")

_log = logging.getLogger(__name__)

_AT_ONCE = 32  # takes
_AGAIN_S = 15.0
_MANIFESTS_EVERY_S = 1.0
_LOCK_AGAIN_S = 0.2
_LONGEST_WAIT_AT_THE_END_S = 3.0  # for another process that writes into a folder; what is owed stays owed


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of takes that were wanted in a folder.

    Attributes:
        files: Those that are there now, by the ids of their takes.
        remarks: What people should know: files that got other names than they should have.
        failures: Why others couldn't be written, by the ids of their takes; they stay owed.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, later: Delivered) -> Delivered:
        return Delivered(
            {**self.files, **later.files}, (*self.remarks, *later.remarks), {**self.failures, **later.failures}
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """One owed take, found in the library."""

    owed: Owed
    path: Path
    stem: str

    def is_same_file_as(self, other: _Source) -> bool:
        return (self.owed.take_id, self.stem) == (other.owed.take_id, other.stem)


class Deliverer:
    """Writes what is owed. What can't be written stays owed, also over the end of this process.

    Attributes:
        changed: After some takes of one folder.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        files: TakeFiles,
        locks: TaskLocks,
        manifests: Manifests,
        task_changes: Changes[Task],
    ) -> None:
        self._deliveries = deliveries
        self._files = files
        self._locking = Locking(locks)
        self._manifests = manifests
        self._task_changes = task_changes
        self._executor = ThreadPoolExecutor(1, "deliveries")
        self._is_wanted = asyncio.Event()
        self._working: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] = lambda: None
        self._in_file = asyncio.Lock()
        self._ended: set[str] = set()
        self._renewable: set[str] = set()
        self._news: dict[str, None] = {}
        self._patience_s = math.inf
        self.changed: Changes[Delivered] = Changes()

    def take_news(self) -> tuple[str, ...]:
        """What people should know of files that were written, or couldn't be, since this was last asked."""
        news, self._news = self._news, {}
        return tuple(news)

    def start(self) -> None:
        """Write what is owed from earlier, then whatever comes. Starting twice is fine."""
        if self._working is None:
            self._stop_listening = self._task_changes.listen(self._note)
            self._working = asyncio.create_task(self._work(), name="deliveries")
            self._is_wanted.set()

    async def catch_up(self, folder: Path | None = None) -> Delivered:
        """Write everything that is owed now, to one folder or to all.

        Raises:
            StorageError: The library can't be read or written.
        """
        delivered = Delivered()
        trouble: StorageError | None = None
        for each in [str(folder)] if folder is not None else await self._deliveries.folders():
            try:
                delivered |= await self._to_folder(each)
            except StorageError as error:
                trouble = error  # it keeps no other folder back
        if trouble is not None:
            raise trouble
        return delivered

    async def renew_manifest(self, folder: Path) -> Path:
        """Write down what is in a folder and what isn't yet; returns the file.

        Raises:
            StorageError: It can't be written.
        """
        async with self._alone(str(folder)):
            target = await self._manifests.renew(folder)
            self._renewable.discard(str(folder))
            return target

    async def close(self) -> None:
        """Write what is owed now, and stop. What can't be written waits for the next start."""
        self._stop_listening()
        self._patience_s = _LONGEST_WAIT_AT_THE_END_S
        working, self._working = self._working, None
        if working is not None:
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
            try:
                await self.catch_up()
                await self._renew_manifests()
            except StorageError as error:
                _log.warning("takes can't be written to their folders now: %s", error)
        async with self._in_file:
            await asyncio.to_thread(self._executor.shutdown)

    def _note(self, task: Task) -> None:
        if not task.state.is_open:
            self._ended.add(task.click_id)
        if not task.state.is_open or any(take.state is TakeState.STORED for take in task.takes):
            self._is_wanted.set()

    async def _work(self) -> None:
        """Write what comes; wait a little in between, so that many tasks that end together are one round."""
        while True:
            await self._is_wanted.wait()
            self._is_wanted.clear()
            is_owing = False
            try:
                is_owing = bool((await asyncio.shield(asyncio.ensure_future(self.catch_up()))).failures)
                if self._ended or self._renewable:
                    await asyncio.sleep(_MANIFESTS_EVERY_S)
                    await self._renew_manifests()
            except StorageError as error:
                _log.warning("takes can't be written to their folders now: %s", error)
                is_owing = True
            if is_owing:
                asyncio.get_running_loop().call_later(_AGAIN_S, self._is_wanted.set)

    async def _renew_manifests(self) -> None:
        """Of folders whose last task has ended, or whose last file has come.

        Raises:
            StorageError: One couldn't be written and stays renewable; it kept no other one back.
        """
        ended, self._ended = self._ended, set()
        self._renewable |= await self._deliveries.folders_of(ended)
        trouble: StorageError | None = None
        for folder in sorted(self._renewable):
            try:
                is_over = not await self._deliveries.has_open_tasks(folder)
                if is_over and await asyncio.to_thread(is_there, Path(folder)):
                    await self.renew_manifest(Path(folder))
                self._renewable.discard(folder)
            except StorageError as error:
                trouble = error
        if trouble is not None:
            raise trouble

    async def _to_folder(self, folder: str) -> Delivered:
        """Write what is owed to one folder, some takes at a time."""
        delivered = Delivered()
        async with self._alone(folder):
            await self._run(partial(remove_left_partials, Path(folder)))
            tried: set[tuple[int, str]] = set()
            failed = 0  # these stand before the others
            while some := [
                each for each in await self._deliveries.owed(folder, _AT_ONCE + failed) if _key(each) not in tried
            ]:
                tried |= set(map(_key, some))
                done = await self._write(Path(folder), some)
                delivered |= done
                failed += sum(each.take_id in done.failures for each in some)
                self._news |= dict.fromkeys(done.remarks)
                for take, reason in done.failures.items():
                    self._news[f"Take {take} is in the library and couldn’t be written: {reason}"] = None
                if done.files:
                    self._renewable.add(folder)
                if done.files or done.failures:
                    self.changed.announce(done)
        return delivered

    async def _write(self, folder: Path, owed: Sequence[Owed]) -> Delivered:
        """Copy, note what will get a name, give the names, note that it is done: a crash in between repeats a step."""
        records = await self._deliveries.records(str(folder), [each.wanted.row_id for each in owed])
        sources, failures = await self._sources(owed)
        copies: list[tuple[_Source, Copied]] = []
        for source in sources:
            mine = [each for each in records if _is_of(each, source.owed)]
            click_id, take_id = source.owed.wanted.click_id, source.owed.take_id
            same = next((copied for other, copied in copies if other.is_same_file_as(source)), None)
            if same is not None:  # a sheet and its copy want it
                copies.append((source, replace(same, beside=None, remark="")))
                continue
            taken = frozenset(copied.target for _, copied in copies)
            copy = partial(copied_beside, source.path, folder, source.stem, take_id, click_id, mine, taken)
            try:
                copied = await self._run(copy)
            except StorageError as error:
                failures[take_id] = str(error)
            else:
                copies.append((source, copied))
        await self._deliveries.intend([_record(source.owed, copied) for source, copied in copies])
        named = await self._run(lambda: _named(folder, copies, failures))
        await self._deliveries.done([(source.owed, _record(source.owed, copied)) for source, copied in named])
        remarks = await self._run(lambda: tuple(_remarks(folder, named, records)))
        files = {source.owed.take_id: copied.target for source, copied in named}
        return Delivered(files, remarks, failures)

    async def _sources(self, owed: Sequence[Owed]) -> tuple[list[_Source], dict[str, str]]:
        """Where the owed takes are in the library, and what they will be called."""
        by_click: dict[str, list[Task]] = {}
        for task in await self._deliveries.tasks([each.wanted.click_id for each in owed]):
            by_click.setdefault(task.click_id, []).append(task)
        sources, failures = [], {}
        for each in owed:
            tasks = by_click.get(each.wanted.click_id, [])
            files = {take.id: take.file for task in tasks for take in task.takes}
            number = take_numbers(tasks).get(each.take_id)
            file = files.get(each.take_id)
            if file is None or number is None:
                failures[each.take_id] = "This take is in the bin."
                continue
            count = sum(task.request.takes for task in tasks)
            stem = name_of(each.wanted.stem, number, count)
            sources.append(_Source(each, self._files.path(file), stem))
        return sources, failures

    @asynccontextmanager
    async def _alone(self, folder: str) -> AsyncIterator[None]:
        """Nobody else writes into a folder meanwhile, no other process of this library either.

        Raises:
            StorageError: Another process does so for longer than patience lasts.
        """
        name = f"folder-{sha256(folder.encode()).hexdigest()[:16]}"
        async with self._in_file:
            waited_s = 0.0
            while (lock := await self._locking.take(name)) is None:  # another process frees it without telling
                if waited_s >= self._patience_s:
                    raise StorageError(f"Another Cuesmith has been writing into {folder} for a while.")
                await asyncio.sleep(_LOCK_AGAIN_S)
                waited_s += _LOCK_AGAIN_S
            try:
                yield
            finally:
                await self._locking.release([lock])

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _key(owed: Owed) -> tuple[int, str]:
    return owed.delivery, owed.take_id


def _is_of(record: FileRecord, owed: Owed) -> bool:
    return (record.sheet, record.row_id) == (owed.wanted.sheet, owed.wanted.row_id)


def _record(owed: Owed, copied: Copied) -> FileRecord:
    wanted = owed.wanted
    return FileRecord(
        wanted.folder,
        copied.target.name,
        owed.take_id,
        wanted.click_id,
        wanted.sheet,
        wanted.row_id,
        copied.sha256,
    )


def _named(
    folder: Path, copies: Sequence[tuple[_Source, Copied]], failures: dict[str, str]
) -> list[tuple[_Source, Copied]]:
    """Give all copies their names, and have these outlast a power cut."""
    named = []
    for source, copied in copies:
        if source.owed.take_id in failures:
            continue  # the copy that it shares got no name
        try:
            give_name(copied)
        except StorageError as error:
            failures[source.owed.take_id] = str(error)
        else:
            named.append((source, copied))
    if named:
        with contextlib.suppress(OSError):  # some network drives can't; the bytes themselves are flushed
            flush_folder(folder)
    return named


def _remarks(folder: Path, named: Sequence[tuple[_Source, Copied]], records: Sequence[FileRecord]) -> list[str]:
    remarks = [copied.remark for _, copied in named if copied.remark]
    names = [copied.target.name for _, copied in named]
    rows = {(source.owed.wanted.row_id, source.owed.wanted.sheet): source.owed for source, _ in named}
    for owed in rows.values():
        mine = [each for each in records if _is_of(each, owed)]
        remarks += [
            f"“{name}” was made by an earlier request of {owed.wanted.row_id}; it stays."
            for name in left_from_before(folder, owed.wanted.click_id, names, mine)
        ]
    return remarks
