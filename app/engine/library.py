"""The library as a window sees it: what there is, what the user says about it, and what changed."""

from __future__ import annotations

import asyncio
import contextlib
from array import array
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.errors import StorageError
from app.domain.project import project_name
from app.domain.take import Take
from app.domain.task import Task
from app.engine.changes import Changes
from app.storage.library_index import Filter, LibraryIndex, LibraryQuery, LibraryRow
from app.storage.task_store import TaskStore

_EVERYTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Binned:
    """What one deletion put into the bin, for undoing exactly that."""

    task_ids: tuple[str, ...] = ()
    take_ids: tuple[str, ...] = ()


class Library:
    """Reads rows by query, edits what belongs to the user, and tells what changed.

    Attributes:
        changed: The ids of tasks that changed; an empty set means that anything may have: query anew.
    """

    def __init__(
        self,
        index: LibraryIndex,
        store: TaskStore,
        task_changes: Changes[Task],
        *,
        look_every_s: float = 1.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """
        Args:
            task_changes: Where the engine announces tasks that it changed.
            look_every_s: How often other processes' changes are looked for.
        """
        self.changed: Changes[frozenset[str]] = Changes()
        self._index = index
        self._store = store
        self._task_changes = task_changes
        self._look_every_s = look_every_s
        self._sleep = sleep
        self._watching: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin to notice changes; the database is open."""
        assert self._watching is None
        self._stop_listening = self._task_changes.listen(self._note)
        self._watching = asyncio.create_task(self._watch(), name="library watch")

    async def close(self) -> None:
        """Stop noticing; safe if it was never started."""
        if self._stop_listening is not None:
            self._stop_listening()
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    # What there is

    async def ids(self, query: LibraryQuery) -> array[int]:
        """The row numbers of all tasks that a query finds, in its order."""
        return await self._index.ids(query)

    async def rows(self, numbers: Sequence[int], *, from_bin: bool = False) -> list[LibraryRow]:
        """The tasks behind some row numbers; rows that are gone are left out.

        Args:
            from_bin: Whether the bin is looked at: then with the takes that are in it, else with those that aren't.
        """
        return await self._index.rows(numbers, from_bin=from_bin)

    async def number_of(self, task_id: str) -> int:
        """The row number of a task.

        Raises:
            TaskNotFound: There is no such task.
        """
        return await self._index.number_of(task_id)

    async def counts(self, text: str = "") -> dict[Filter, int]:
        """How many tasks each filter shows under a search text."""
        return await self._index.counts(text)

    async def task(self, task_id: str) -> Task:
        """
        Raises:
            TaskNotFound: There is no such task.
        """
        return await self._store.task(task_id)

    async def take(self, take_id: str) -> Take:
        """
        Raises:
            TaskNotFound: There is no such take.
        """
        return await self._store.take(take_id)

    # What the user says about it

    async def favourite(self, take_id: str, is_favourite: bool) -> None:
        """Mark a take as a favourite, or not."""
        await self._edited(take_id, self._store.edit_take(take_id, is_favourite=is_favourite))

    async def rate(self, take_id: str, rating: int) -> None:
        """Give a take 0 (none) to 5 stars."""
        if not 0 <= rating <= 5:
            raise ValueError(f"a rating is 0 to 5, not {rating}")
        await self._edited(take_id, self._store.edit_take(take_id, rating=rating))

    async def annotate(self, take_id: str, note: str) -> None:
        """Keep a note with a take."""
        await self._edited(take_id, self._store.edit_take(take_id, note=note))

    async def projects(self) -> list[str]:
        """Every project that has a task, the one that was last added to first."""
        return await self._store.projects()

    async def move_to_project(self, task_ids: Sequence[str], project: str) -> None:
        """File tasks under a project, with what they cost; an empty name is none.

        Raises:
            RequestInvalid: It can't be a name.
            TaskNotFound: One of them is gone.
        """
        await self._store.move_to_project(task_ids, project_name(project))
        self.changed.announce(frozenset(task_ids))

    async def to_bin(self, task_ids: Iterable[str] = (), take_ids: Iterable[str] = ()) -> Binned:
        """Put tasks, and single takes, into the bin; their files stay."""
        binned = Binned(tuple(task_ids), tuple(take_ids))
        await self._index.to_bin(binned.task_ids, binned.take_ids)
        self.changed.announce(_EVERYTHING)
        return binned

    async def restore(self, binned: Binned) -> None:
        """Take out of the bin what one deletion put there."""
        await self._index.restore(binned.task_ids, binned.take_ids)
        self.changed.announce(_EVERYTHING)

    async def _edited(self, take_id: str, edit: Awaitable[None]) -> None:
        await edit
        take = await self._store.take(take_id)
        self.changed.announce(frozenset({take.task_id}))

    def _note(self, task: Task) -> None:
        self.changed.announce(frozenset({task.id}))

    async def _watch(self) -> None:
        """Other processes write into the same library: a command line beside the window."""
        seen: int | None = None
        while True:
            try:
                version: int | None = await self._store.data_version()
            except StorageError:
                version = seen  # whoever reads or writes next tells people; the next look may work again
            if seen not in (None, version):
                self.changed.announce(_EVERYTHING)
            seen = version
            await self._sleep(self._look_every_s)
