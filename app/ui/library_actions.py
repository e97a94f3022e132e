"""What the user does to tasks and takes in the list, done by the engine."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.engine.library import Binned, Library
from app.engine.task_queue import TaskQueue
from app.ui.background import Background
from app.ui.controls.text_field import TextField
from app.ui.message_bar import MessageBar
from app.ui.queue_panel import QueuePanel
from app.ui.readouts import counted
from app.ui.theme import Theme

_MAY_BE_BILLED = "Cancelled here. The service can’t be stopped and may still bill it. You can take it up again."

_SOME_MAY_BE_BILLED = "Services can’t be stopped and may still bill what had left; it can be taken up again."


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """Something that can be taken back, and perhaps done again."""

    back: Callable[[], None]
    again: Callable[[], None] | None


class LibraryActions(QObject):
    """Favourites, ratings, notes, cancel, retry, the bin; and the undo of these and of what others let it remember."""

    reuse_wanted = Signal(object)  # Task

    def __init__(
        self,
        theme: Theme,
        library: Library,
        queue: TaskQueue,
        panel: QueuePanel,
        messages: MessageBar,
        background: Background,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._library = library
        self._queue = queue
        self._messages = messages
        self._background = background
        self._window = window
        self._steps: list[Binned | _Step] = []  # what can be taken back, the newest last
        self._undone: list[Binned | _Step] = []
        panel.favourite_wanted.connect(lambda ids, value: self._do(self._favourite(ids, value)))
        panel.rating_wanted.connect(lambda ids, rating: self._do(self._rate(ids, rating)))
        panel.note_wanted.connect(lambda take_id: self._do(self._ask_for_note(take_id)))
        panel.cancel_wanted.connect(lambda ids: self._do(self._cancel(ids)))
        panel.retry_wanted.connect(lambda ids: self._do(self._for_each(ids, self._queue.retry)))
        panel.fetch_wanted.connect(lambda take_id: self._do(self._queue.fetch_again(take_id)))
        panel.check_wanted.connect(lambda task_id: self._do(self._queue.check_again(task_id)))
        panel.settle_wanted.connect(lambda ids: self._do(self._settle(ids)))
        panel.delete_wanted.connect(lambda tasks, takes: self._do(self._delete(tasks, takes)))
        panel.restore_wanted.connect(
            lambda tasks, takes: self._do(self._restore(Binned(tuple(tasks), tuple(takes)), is_undo=False))
        )
        panel.reuse_wanted.connect(lambda task_id: self._do(self._reuse(task_id)))

    def undo(self) -> None:
        """Take back the last move to the bin, or what else was remembered since."""
        step = self._steps.pop() if self._steps else None
        if step is None:
            self._messages.say("Nothing to undo.")
        elif isinstance(step, Binned):
            self._do(self._restore(step, is_undo=True))
        else:
            self._step_back(step)

    def remember(self, take_back: Callable[[], None], again: Callable[[], None] | None = None) -> Callable[[], None]:
        """Let undo take back something else, too; returns the same for a button beside its message, once for both.

        Args:
            again: Lets redo do it again.
        """
        step = _Step(take_back, again)
        self._steps.append(step)
        self._undone.clear()

        def once() -> None:
            if step in self._steps:
                self._steps.remove(step)
                self._step_back(step)

        return once

    def redo(self) -> None:
        """Do again what was just taken back, where that can be: a move to the bin, or what was remembered so."""
        step = self._undone.pop() if self._undone else None
        if step is None:
            self._messages.say("Nothing to do again.")
        elif isinstance(step, Binned):
            self._do(self._to_bin(step.task_ids, step.take_ids))
        elif step.again is not None:
            self._steps.append(step)
            step.again()

    def _step_back(self, step: _Step) -> None:
        if step.again is not None:
            self._undone.append(step)
        step.back()

    def _do(self, work: Coroutine[Any, Any, object]) -> None:
        self._background.start(work)

    async def _for_each(self, ids: Sequence[str], act: Callable[[str], Coroutine[Any, Any, object]]) -> None:
        for each in ids:
            await act(each)

    async def _favourite(self, take_ids: Sequence[str], is_favourite: bool) -> None:
        for take_id in take_ids:
            await self._library.favourite(take_id, is_favourite)

    async def _rate(self, take_ids: Sequence[str], rating: int) -> None:
        for take_id in take_ids:
            await self._library.rate(take_id, rating)
        which = "" if len(take_ids) == 1 else f" {len(take_ids)} takes"
        self._messages.say(f"Rated{which} {rating} of 5." if rating else f"Rating{which and ' of' + which} removed.")

    async def _cancel(self, task_ids: Sequence[str]) -> None:
        stopped = await self._queue.stop(task_ids)
        text = f"Cancelled {counted(len(stopped), 'task')}."
        if stopped.billable:
            text = _MAY_BE_BILLED if len(stopped) == 1 else f"{text} {_SOME_MAY_BE_BILLED}"
        waiting = (*stopped.waiting, *stopped.elsewhere)
        if waiting:
            self._messages.say(text, action="Undo", act=self.remember(lambda: self._do(self._queue_again(waiting))))
        else:
            self._messages.say(text)

    async def _queue_again(self, task_ids: Sequence[str]) -> None:
        again = await self._queue.queue_again(task_ids)
        self._messages.say(f"{counted(len(again), 'task')} queued again.")

    async def _settle(self, task_ids: Sequence[str]) -> None:
        await self._for_each(task_ids, self._queue.resolve_free)
        self._messages.say(f"Nothing is held any more for {counted(len(task_ids), 'task')}.")

    async def _delete(self, task_ids: Sequence[str], take_ids: Sequence[str]) -> None:
        self._undone.clear()
        await self._to_bin(task_ids, take_ids)

    async def _to_bin(self, task_ids: Sequence[str], take_ids: Sequence[str]) -> None:
        binned = await self._library.to_bin(task_ids, take_ids)
        self._steps.append(binned)
        what = [counted(len(ids), noun) for ids, noun in ((task_ids, "task"), (take_ids, "take")) if ids]
        self._messages.say(f"{' and '.join(what)} moved to the bin.", action="Undo", act=lambda: self._undo(binned))

    def _undo(self, binned: Binned) -> None:
        """The button beside a message takes back what that message told, once."""
        if binned in self._steps:
            self._steps.remove(binned)
            self._do(self._restore(binned, is_undo=True))

    async def _restore(self, binned: Binned, *, is_undo: bool) -> None:
        await self._library.restore(binned)
        if is_undo:
            self._undone.append(binned)
        elif binned in self._steps:
            self._steps.remove(binned)
        self._messages.say("Back from the bin.")

    async def _reuse(self, task_id: str) -> None:
        self.reuse_wanted.emit(await self._library.task(task_id))

    async def _ask_for_note(self, take_id: str) -> None:
        from app.ui.dialog import Dialog  # late: see late_parts

        take = await self._library.take(take_id)
        dialog = Dialog(self._theme, f"Note on take {take.number}", width=420, parent=self._window)
        field = TextField(self._theme, "Note", text=take.note, placeholder="What is special about this take")
        dialog.body.addWidget(field)
        dialog.add_button("Cancel", safe=True).clicked.connect(dialog.reject)
        dialog.add_button("Save note", primary=True).clicked.connect(dialog.accept)
        dialog.accepted.connect(lambda: self._do(self._library.annotate(take_id, field.text().strip())))
        dialog.open()
        field.setFocus()
