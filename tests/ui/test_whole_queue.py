"""Pausing, resuming and stopping everything, in the window."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.request import GenerationRequest
from app.domain.task import TaskState
from app.ui.main_menu import MainMenu
from app.ui.stop_question import StopQuestion
from tests.servers.camb import KEY, CambServer
from tests.servers.faults import HoldAfter
from tests.ui.request_world import texts
from tests.ui.waiting import until
from tests.ui.window_world import World, opened

pytestmark = pytest.mark.usefixtures("theme")


@pytest.fixture
def camb() -> Iterator[CambServer]:
    with CambServer() as made:
        yield made


@asynccontextmanager
async def one_under_way_and_two_waiting(
    camb: CambServer, app: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[World, list[str]]]:
    """A window with a paused queue; the first of the tasks has left for a service that bills it."""
    monkeypatch.setenv("CAMB_API_KEY", KEY)
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(f'[providers.camb]\nbase_url = "{camb.url}"\n')
    held = camb.faults.at("speech", HoldAfter(0.5))
    async with opened(app, home) as world:
        queue = world.services.queue
        [sent] = await queue.add(GenerationRequest("camb", "mars-flash", "The lighthouse is dark.", voice="147320"))
        await until(lambda: held.reached.is_open)
        choose(world, "Pause the queue")
        await until(lambda: queue.is_paused)
        waiting = [(await queue.add(GenerationRequest("local", "sketch", text)))[0].id for text in ("rain", "wind")]
        yield world, [sent.id, *waiting]
        held.release()
        await queue.wait([sent.id])


def choose(world: World, entry: str) -> None:
    next(each for each in MainMenu(world.window).actions() if each.text() == entry).trigger()


async def question(world: World) -> StopQuestion:
    window = world.window.window
    await until(lambda: any(each.isVisible() for each in window.findChildren(StopQuestion)))
    return next(each for each in window.findChildren(StopQuestion) if each.isVisible())


async def states(world: World, task_ids: list[str]) -> list[TaskState]:
    return [(await world.services.store.task(task_id)).state for task_id in task_ids]


async def test_what_waits_is_stopped_after_a_question_with_numbers_and_brought_back(
    camb: CambServer, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with one_under_way_and_two_waiting(camb, qapp, tmp_path / "home", monkeypatch) as (world, ids):
        choose(world, "Stop all tasks…")
        asked = await question(world)
        assert "Stop 3 tasks?" in texts(asked)
        assert "2 wait and have cost nothing. 1 is at a service that can’t be stopped" in texts(asked)

        world.button("Stop 2 waiting", asked).click()
        await until(lambda: world.window.messages.text == "Stopped 2 tasks.")
        assert await states(world, ids) == [TaskState.SUBMITTING, TaskState.CANCELLED, TaskState.CANCELLED]
        world.button("Undo").click()
        await until(lambda: world.window.messages.text == "2 tasks queued again.")

        assert await states(world, ids) == [TaskState.SUBMITTING, TaskState.QUEUED, TaskState.QUEUED]
        choose(world, "Resume the queue")
        await until(lambda: not world.services.queue.is_paused)
        await world.services.queue.wait(ids[1:])
        assert await states(world, ids[1:]) == [TaskState.FINISHED] * 2


async def test_everything_is_stopped_with_the_word_that_it_may_be_billed(
    camb: CambServer, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with one_under_way_and_two_waiting(camb, qapp, tmp_path / "home", monkeypatch) as (world, ids):
        choose(world, "Stop all tasks…")
        world.button("Keep going", await question(world)).click()
        choose(world, "Stop all tasks…")
        asked = await question(world)

        world.button("Stop all 3", asked).click()
        await until(lambda: "may still be billed" in world.window.messages.text)

        assert await states(world, ids) == [TaskState.CANCELLED] * 3


async def test_where_nothing_has_left_nothing_is_asked(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path / "home") as world:
        queue = world.services.queue
        choose(world, "Stop all tasks…")
        await until(lambda: world.window.messages.text == "There is nothing to stop.")
        await queue.pause()
        [task] = await queue.add(GenerationRequest("local", "sketch", "rain"))

        choose(world, "Stop all tasks…")
        await until(lambda: world.window.messages.text == "Stopped 1 task.")

        assert await states(world, [task.id]) == [TaskState.CANCELLED]
        beside = world.button("Undo")
        world.window.actions.undo()  # Ctrl+Z, also when the message has gone long ago
        await until(lambda: world.window.messages.text == "1 task queued again.")
        beside.click()
        world.window.actions.undo()
        await until(lambda: world.window.messages.text == "Nothing to undo.")
        assert await states(world, [task.id]) == [TaskState.QUEUED]
        assert not world.window.window.findChildren(StopQuestion)


async def test_what_this_computer_was_making_is_stopped_without_a_word_of_bills(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with opened(qapp, tmp_path / "home") as world:
        seen: list[TaskState] = []
        world.services.queue.changed.listen(lambda task: seen.append(task.state))
        await world.services.queue.add(GenerationRequest("local", "sketch", "rain", duration_s=30.0, takes=8))
        await until(lambda: TaskState.RUNNING in seen)

        choose(world, "Stop all tasks…")
        world.button("Stop it", await question(world)).click()

        await until(lambda: world.window.messages.text == "Stopped 1 task.")


async def test_a_pause_is_told_beside_the_summary_in_the_title_and_in_the_rows(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with opened(qapp, tmp_path / "home") as world:
        await world.services.queue.pause()
        [task] = await world.services.queue.add(GenerationRequest("local", "sketch", "rain"))

        await until(lambda: world.window.window.windowTitle() == "Paused – Cuesmith")
        await until(lambda: "Paused" in texts(world.window.messages))
        world.button("Resume").click()

        await until(lambda: world.window.window.windowTitle() == "Cuesmith")
        assert "Paused" not in texts(world.window.messages)
        await world.services.queue.wait([task.id])
        assert await states(world, [task.id]) == [TaskState.FINISHED]


async def test_many_selected_tasks_are_cancelled_as_one_act_and_brought_back_by_one(
    camb: CambServer, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with one_under_way_and_two_waiting(camb, qapp, tmp_path / "home", monkeypatch) as (world, ids):
        queue, database = world.services.queue, world.services.database
        more = [(await queue.add(GenerationRequest("local", "sketch", f"rain {n}")))[0].id for n in range(20)]
        writes: list[object] = []
        write = database.write
        monkeypatch.setattr(database, "write", lambda work: writes.append(work) or write(work))

        world.window.library.cancel_wanted.emit([*ids, *more])
        await until(lambda: world.window.messages.text.startswith("Cancelled 23 tasks. Services can’t be stopped"))

        assert len(writes) < 10  # one for all that waited, some for the one that had left
        assert set(await states(world, [*ids, *more])) == {TaskState.CANCELLED}
        world.button("Undo").click()
        await until(lambda: world.window.messages.text == "22 tasks queued again.")
