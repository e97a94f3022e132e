"""Deciding in the whole window: one dialog at a time, one after another, and nothing twice."""

from __future__ import annotations

from dataclasses import replace

from app.domain.errors import OutcomeUnknown
from app.domain.task import TaskState
from app.storage.library_index import Filter
from app.ui.decision_dialog import DecisionDialog
from app.ui.message_log import Tone
from tests.fakes.polled import UNASKABLE, PolledProvider, PolledService
from tests.ui.test_window import add_foreign_task
from tests.ui.test_window_services import labels
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window


async def dialog_of(world) -> DecisionDialog:
    def shown() -> list[DecisionDialog]:
        return [each for each in world.window.window.findChildren(DecisionDialog) if each.isVisible()]

    await until(shown)
    (dialog,) = shown()
    return dialog


async def state_of(world, task) -> TaskState:
    return (await world.services.library.task(task.id)).state


@in_a_window
async def test_after_one_decision_the_next_one_is_offered(world):
    first = await add_foreign_task(world, TaskState.UNCERTAIN)
    second = await add_foreign_task(world, TaskState.UNCERTAIN)
    third = await add_foreign_task(world, TaskState.UNCERTAIN)
    window = world.window
    await world.settle()
    assert world.button("Needs you 3").isVisible()

    window.deciding.ask(second.id)
    world.button("Mark as failed", await dialog_of(world)).click()
    await until(lambda: "2 more tasks need your decision" in window.messages.text)
    assert window.messages.text.startswith("Marked as failed.")
    world.button("Decide", window.messages).click()
    await dialog_of(world)
    world.button("Mark as failed", await dialog_of(world)).click()
    await until(lambda: "1 more task needs your decision" in window.messages.text)

    assert [await state_of(world, task) for task in (first, second, third)] == [
        TaskState.FAILED,
        TaskState.FAILED,
        TaskState.UNCERTAIN,
    ]
    await until(lambda: world.window.library.head._chips[Filter.NEEDS_YOU].accessibleName() == "Needs you 1")


@in_a_window
async def test_a_decision_of_another_process_takes_the_question_away(world):
    task = await add_foreign_task(world, TaskState.UNCERTAIN)
    world.window.deciding.ask(task.id)
    dialog = await dialog_of(world)

    other = await world.services.store.task(task.id)
    await world.services.store.record(other.moved_to(TaskState.CANCELLED))  # as a command line does

    world.services.library.changed.announce(frozenset())
    await until(lambda: "This task was decided meanwhile." in labels(dialog))
    assert "It was cancelled." in labels(dialog)
    world.button("Close", dialog).click()
    assert await state_of(world, task) is TaskState.CANCELLED


@in_a_window
async def test_submitting_anew_is_sent_once_however_often_it_is_pressed(world):
    service = PolledService(fails=None, expires=None)
    world.services.roster._providers["acme"] = PolledProvider(service, UNASKABLE, "acme")
    task = await add_foreign_task(world, TaskState.UNCERTAIN)
    world.window.deciding.ask(task.id)
    dialog = await dialog_of(world)
    assert "May cost a second time; about $0.07." in labels(dialog)

    button = world.button("Submit anew", dialog)
    button.click()
    button.click()

    await until(lambda: len(service.charges) == 1)
    await world.services.queue.wait([task.id])
    assert await state_of(world, task) is TaskState.FINISHED
    assert len(service.charges) == 1


@in_a_window
async def test_a_lost_answer_is_told_with_a_way_to_decide(world):
    service = PolledService(fails=None, expires=None)
    provider = PolledProvider(service, UNASKABLE, "acme")
    world.services.roster._providers["acme"] = provider
    provider.script.after("submit", OutcomeUnknown("Acme hung up."))
    task = await add_foreign_task(world, TaskState.FAILED)
    failed = await world.services.store.task(task.id)
    fresh = replace(failed, attempt=replace(failed.attempt, sent_at=None), failure=None)
    await world.services.store.record(fresh)
    await world.services.queue.retry(task.id)
    bar = world.window.messages

    await until(lambda: bar.text == "A task needs your decision.")
    assert bar.messages[0].tone is Tone.DECISION
    world.button("Decide", bar).click()

    dialog = await dialog_of(world)
    assert "Acme hung up. It was sent at" in labels(dialog)
    world.button("Decide later", dialog).click()
    assert await state_of(world, task) is TaskState.UNCERTAIN
