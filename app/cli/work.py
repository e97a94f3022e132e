"""The app opened for one command, and the wait for tasks that can be interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from app.cli.console import Console
from app.cli.context import Context, tell_notices
from app.cli.interruption import interruption
from app.cli.progress import progress
from app.domain.task import Task
from app.engine.live import Live
from app.engine.services import Services

T = TypeVar("T")

_SALVAGING = "cuesmith: The library is damaged. Saving what can be saved…"


class Work:
    """The opened app, for as long as a command runs."""

    def __init__(self, services: Services, console: Console, interrupted: asyncio.Event) -> None:
        self.services = services
        self.console = console
        self._interrupted = interrupted

    async def wait_for(self, task_ids: Collection[str]) -> list[Task]:
        """Show how tasks get on until each is at rest or somebody interrupts; then say where they are.

        After an interruption nothing new is started, and a request on its way to a service was let through.
        """
        queue, store = self.services.queue, self.services.store
        with progress(self.console) as shown:

            def show(task: Task) -> None:
                if task.id in task_ids:
                    live = queue.live(task.id)
                    shown.show(task, live.fraction if live else None, _words(live))

            known = {task_id: await store.task(task_id) for task_id in task_ids}

            def note(task: Task) -> None:
                known[task.id] = task
                show(task)

            def show_again(task_id: str) -> None:
                if task_id in known:
                    show(known[task_id])

            stops = (queue.changed.listen(note), queue.live_changed.listen(show_again))
            try:
                for task in tuple(known.values()):
                    show(task)
                if await self.unless_interrupted(queue.wait(task_ids)) is None:
                    await queue.close()
            finally:
                for stop in stops:
                    stop()
        return [await store.task(task_id) for task_id in task_ids]

    def tell_deliveries(self) -> None:
        """What is remarkable about files that were written where sheets want them, or couldn't be."""
        for news in self.services.batches.deliverer.take_news():
            self.console.tell(f"cuesmith: {news}")

    async def unless_interrupted(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What the work gives, or None if somebody interrupted it: then it is cancelled."""
        working = asyncio.ensure_future(work)
        interrupted = asyncio.ensure_future(self._interrupted.wait())
        try:
            await asyncio.wait({working, interrupted}, return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            working.cancel()
            interrupted.cancel()
            await asyncio.gather(working, interrupted, return_exceptions=True)


def _words(live: Live | None) -> str:
    """`Runware is busy; next try 14:02:10`."""
    if live is None or live.next_try_at is None:
        return live.words if live is not None else ""
    return f"{live.words.removesuffix('.')}; next try {live.next_try_at.astimezone():%H:%M:%S}"


@asynccontextmanager
async def at_work(context: Context) -> AsyncIterator[Work]:
    """Open the app, and close it in order whatever happens; signals only interrupt waits.

    Raises:
        StorageError: The library can't be opened.
    """
    services = context.services()
    with interruption() as interrupted:
        try:
            services.database.on_damage = lambda: context.console.tell(_SALVAGING)
            await services.open()
            tell_notices(context.console, services.notices)
            yield (work := Work(services, context.console, interrupted))
        finally:
            await services.close()
        work.tell_deliveries()
