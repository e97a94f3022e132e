"""What happens to tasks of a process that is gone, or whose news can't be written."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.errors import (
    BrokenAudio,
    CredentialsMissing,
    OutcomeUnknown,
    RequestInvalid,
    RequestRejected,
    ResultGone,
    StorageError,
)
from app.domain.parameter_spec import ParameterSpec, ParameterType
from app.domain.provider import Recovery
from app.domain.receipt import Estimate
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.engine.clicks import tasks_of_click
from app.storage.salvage import lost_attempt
from tests.engine.world import OneModelEach, Process, World, request
from tests.fakes.charges import PRICE
from tests.fakes.polled import FIND, REPLAY, UNASKABLE, UNBILLED, PolledProvider, PolledService, lost_answer
from tests.fakes.scripted import Script
from tests.fakes.streaming import StreamingProvider, StreamingService, cut

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def polled(recovery=FIND, **more) -> PolledProvider:
    return PolledProvider(PolledService(**{"fails": None, "expires": None, **more}), recovery)


async def left_submitting(world: World, provider: Any, takes: int = 1) -> Task:
    """A process dies while the service's answer is on its way."""
    provider.script.hold("submit")
    process = await world.process({"service": provider})
    [task] = await process.until(process.queue.add(request("service", takes=takes)))
    await process.until(provider.script.reached("submit"))
    await process.dies()
    provider.script.let_go("submit")
    return task


async def carried_on(world: World, provider: Any, task: Task, **more: Any) -> tuple[Process, Task]:
    process = await world.process({"service": provider}, **more)
    await process.until(process.queue.carry_on())
    [after] = await process.until(process.queue.wait([task.id]))
    return process, after


def left_to_the_user(world: World, task: Task) -> Task:
    """A task as it comes out of a damaged library: what was sent for it, if anything, is lost."""
    return replace(task, state=TaskState.UNCERTAIN, attempt=lost_attempt(task, world.time))


@pytest.mark.parametrize("recovery", [FIND, REPLAY, UNBILLED], ids=["find", "replay", "unbilled"])
async def test_nothing_is_asked_or_sent_by_a_record_that_is_lost(world: World, recovery: Recovery) -> None:
    provider = polled(recovery)
    process = await world.process({"service": provider})
    task = left_to_the_user(world, task_of(request("service", takes=1)))
    await process.real_store.add([task])

    taken = await process.until(process.queue.carry_on())
    with pytest.raises(RequestInvalid, match="can't be asked"):
        await process.until(process.queue.check_again(task.id))

    assert taken == []
    assert len(provider.service.charges) == 0
    assert (await process.task(task.id)).state is TaskState.UNCERTAIN


async def test_the_user_may_submit_anew_what_a_damaged_library_lost_or_give_it_up(world: World) -> None:
    provider = polled(FIND)
    process = await world.process({"service": provider})
    tasks = [left_to_the_user(world, task_of(request("service", takes=1))) for _ in range(2)]
    await process.real_store.add(tasks)

    undecided = await process.until(process.queue.undecided(tasks[0].id))
    await process.until(process.queue.submit_anew(undecided))
    [anew] = await process.until(process.queue.wait([tasks[0].id]))
    given_up = await process.until(process.queue.resolve_failed(tasks[1].id))

    assert (anew.state, given_up.state) == (TaskState.FINISHED, TaskState.FAILED)
    assert anew.attempt is not None
    assert anew.attempt.number == 2
    assert len(provider.service.charges) == 1


def task_of(wanted: Any) -> Task:
    [task] = tasks_of_click([wanted], OneModelEach().spec("service", "model"), [Estimate(PRICE, PRICE)], "", NOON)
    return task


async def test_within_its_window_a_key_is_sent_again(world: World) -> None:
    provider = polled(REPLAY)
    task = await left_submitting(world, provider)
    world.time += timedelta(hours=23)

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.FINISHED
    assert len(provider.service.charges) == 1


async def test_a_service_that_fails_over_a_request_twice_is_not_sent_it_a_third_time_by_itself(world: World) -> None:
    provider = polled(REPLAY)
    provider.script.before("submit", *(OutcomeUnknown("It broke.", has_failed=True) for _ in range(9)))
    process = await world.process({"service": provider})

    task = await process.run(request("service"))

    assert (task.state, provider.script.count("submit")) == (TaskState.SUBMITTING, 2)


@pytest.mark.parametrize("away", [timedelta(hours=24), timedelta(days=90), -timedelta(days=1)])
async def test_outside_of_its_window_a_key_is_never_sent_again_by_itself(world: World, away: timedelta) -> None:
    provider = polled(REPLAY)
    task = await left_submitting(world, provider)
    world.time += away

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.UNCERTAIN
    assert provider.script.count("submit") == 1


@pytest.mark.parametrize("recovery", [FIND, REPLAY])
async def test_nothing_is_sent_again_to_another_address(world: World, recovery: Any) -> None:
    provider = polled(recovery)
    task = await left_submitting(world, provider)
    provider.service.jobs.clear()  # another server under the same name
    provider.base_url = "https://elsewhere.example"

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.UNCERTAIN
    assert provider.script.count("submit") == 1


async def test_a_running_job_is_polled_at_the_address_that_accepted_it(world: World) -> None:
    provider = polled()
    asked: list[str] = []
    gate = provider.script.hold("poll")
    process = await world.process({"service": provider})
    [task] = await process.until(process.queue.add(request("service", takes=1)))
    await process.until(provider.script.reached("poll"))
    await process.dies()
    gate.set()
    poll = provider.poll

    async def listening(job: Any) -> Any:
        asked.append(job.base_url)
        return await poll(job)

    provider.poll = listening  # type: ignore[method-assign]
    provider.base_url = "https://elsewhere.example"

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.FINISHED
    assert set(asked) == {"https://polled.example"}


async def test_an_embedded_task_that_died_halfway_makes_what_is_missing_and_no_more(world: World) -> None:
    provider = polled(UNBILLED, knows_keys=False)
    process = await world.process({"service": provider})
    gate = provider.script.hold("fetch")
    [task] = await process.until(process.queue.add(request("service", takes=3)))
    await process.until(provider.script.reached("fetch", 2))
    await process.dies()
    provider.service.forget()
    gate.set()

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.FINISHED
    assert [take.state for take in after.takes] == [TakeState.STORED] * 3
    assert after.attempt is not None
    assert after.attempt.number == 1


async def test_an_answer_that_comes_once_is_read_to_its_end_while_its_announcement_cant_be_written(
    world: World,
) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    process = await world.process({"service": provider})
    record, refusals, chunks = process.real_store.record, [StorageError("The disk is full.")] * 4, []

    async def full(task: Task, **known: Any) -> None:
        if task.takes and refusals:
            chunks.append(provider.script.count("chunk"))
            raise refusals.pop()
        await record(task, **known)

    process.real_store.record = full  # type: ignore[method-assign]
    task = await process.run(request("service", takes=1))
    await process.until(process.queue.wait_until_idle())
    after = await process.task(task.id)

    assert (after.state, after.takes[0].state) == (TaskState.FINISHED, TakeState.STORED)
    assert chunks[0] == 0 < chunks[-1]
    assert len(provider.service.charges) == 1


async def test_news_that_was_paid_for_waits_until_the_disk_takes_it(world: World) -> None:
    provider = polled()
    process = await world.process({"service": provider})
    record, failures = process.real_store.record, [StorageError("The disk is full.")] * 5

    async def full(task: Task, **known: Any) -> None:
        if task.attempt is not None and task.attempt.job_id is not None and failures:
            raise failures.pop()
        await record(task, **known)

    process.real_store.record = full  # type: ignore[method-assign]
    task = await process.run(request("service", takes=1))
    words = [] if (live := process.queue.live(task.id)) is None else [live.words]
    await process.until(process.queue.wait_until_idle())

    after = await process.task(task.id)
    assert after.state is TaskState.FINISHED
    assert words == ["The disk is full."]
    assert len(provider.service.charges) == 1


async def test_a_task_that_cant_be_written_doesnt_leave(world: World) -> None:
    provider = polled()
    process = await world.process({"service": provider})

    async def full(*_: Any) -> None:
        raise StorageError("The disk is full.")

    process.real_store.begin = full  # type: ignore[method-assign]
    task = await process.run(request("service", takes=1))

    assert task.state is TaskState.QUEUED
    assert provider.script.calls == []
    live = process.queue.live(task.id)
    assert live is not None
    assert live.is_paused


async def test_a_take_in_its_place_that_wasnt_recorded_is_known_again(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    process = await world.process({"service": provider})
    record = process.real_store.record

    async def dies_before_storing(task: Task, **known: Any) -> None:
        if any(take.state is TakeState.STORED for take in task.takes):
            process.mortality.died.set()
            await process.mortality.lives_on()
        await record(task, **known)

    process.real_store.record = dies_before_storing  # type: ignore[method-assign]
    [task] = await process.until(process.queue.add(request("service", takes=1)))
    await process.until(process.mortality.died.wait())
    await process.dies()

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.FINISHED
    assert world.file(after.takes[0].file or "").exists()


async def test_what_arrived_of_an_audio_answer_outlives_the_process(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    process = await world.process({"service": provider})
    provider.script.hold("chunk")
    [task] = await process.until(process.queue.add(request("service", takes=1)))
    await process.until(provider.script.reached("chunk"))
    await process.until(process.clock.sleep(1))
    await process.dies()
    provider.script.let_go("chunk")

    later, after = await carried_on(world, provider, task)

    assert after.state is TaskState.UNCERTAIN
    assert after.takes[0].state is TakeState.BROKEN
    assert (after.takes[0].file or "").endswith(".incomplete")
    assert world.file(after.takes[0].file or "").stat().st_size == 200
    with pytest.raises(RequestInvalid):
        await later.until(later.queue.check_again(task.id))


async def test_an_audio_answer_that_arrived_broken_is_replayed_for_nothing(world: World) -> None:
    provider = StreamingProvider(StreamingService(), REPLAY)
    process = await world.process({"service": provider})
    provider.script.after("chunk", None, None, None, BrokenAudio("Not playable."))
    task = await process.run(request("service", takes=1))
    assert task.takes[0].state is TakeState.BROKEN

    await process.until(process.queue.retry(task.id))
    [after] = await process.until(process.queue.wait([task.id]))

    assert after.state is TaskState.FINISHED
    assert [take.state for take in after.takes] == [TakeState.STORED]
    assert len(provider.service.charges) == 1


async def test_what_was_paid_for_and_is_gone_is_never_made_anew_by_itself(world: World) -> None:
    provider = polled(REPLAY)
    provider.script.before("submit", lost_answer(), ResultGone("The service can't replay it."))
    process = await world.process({"service": provider})

    task = await process.run(request("service", takes=1))

    assert task.state is TaskState.FAILED
    assert task.failure is not None
    assert task.failure.kind == "paid_but_not_retrievable"
    await process.until(process.queue.retry(task.id))
    [after] = await process.until(process.queue.wait([task.id]))
    assert after.attempt is not None
    assert after.attempt.number == 1


async def test_the_last_chunk_counts_and_a_cut_one_byte_before_it_does_not(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    provider.script.after("chunk", None, None, None, None, cut())
    process = await world.process({"service": provider})

    task = await process.run(request("service", takes=1))

    assert task.state is TaskState.UNCERTAIN


async def test_a_stream_that_quitting_cuts_is_kept_marked_incomplete(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    provider.script.hold("chunk")
    process = await world.process({"service": provider})
    [task] = await process.until(process.queue.add(request("service", takes=1)))
    await process.until(provider.script.reached("chunk"))
    await process.until(process.clock.sleep(1))
    await process.end()
    provider.script.let_go("chunk")

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.UNCERTAIN
    assert world.file(after.takes[0].file or "").stat().st_size == 200


async def test_a_server_on_this_computer_that_moved_makes_the_sound_anew(world: World) -> None:
    provider = StreamingProvider(StreamingService(knows_keys=False), UNBILLED)
    provider.base_url = "http://localhost:8880"
    provider.script.hold("chunk")
    process = await world.process({"service": provider})
    [task] = await process.until(process.queue.add(request("service", takes=1)))
    await process.until(provider.script.reached("chunk"))
    await process.until(process.clock.sleep(1))
    await process.dies()
    provider.script.let_go("chunk")
    provider.base_url = "http://localhost:9999"

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.FINISHED
    assert [take.state for take in after.takes] == [TakeState.FAILED, TakeState.STORED]
    assert after.attempt is not None
    assert after.attempt.number == 2


async def test_what_went_to_a_service_isnt_forgotten_because_a_server_on_this_computer_took_its_place(
    world: World,
) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    provider.script.hold("chunk")
    process = await world.process({"service": provider})
    [task] = await process.until(process.queue.add(request("service", takes=1)))
    await process.until(provider.script.reached("chunk"))
    await process.dies()
    provider.script.let_go("chunk")
    provider.base_url, provider.recovery = "http://localhost:9999", UNBILLED

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.UNCERTAIN
    assert provider.script.count("submit") == 1


async def test_a_job_at_a_service_is_polled_on_though_a_server_on_this_computer_took_its_place(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("poll")
    process = await world.process({"service": provider})
    [task] = await process.until(process.queue.add(request("service", takes=1)))
    await process.until(provider.script.reached("poll"))
    await process.dies()
    gate.set()
    provider.base_url, provider.recovery = "http://localhost:9999", UNBILLED

    _, after = await carried_on(world, provider, task)

    assert after.state is TaskState.FINISHED
    assert len(provider.service.charges) == 1


async def test_an_address_that_changes_while_a_task_is_written_gets_an_attempt_of_its_own(world: World) -> None:
    provider = polled()
    process = await world.process({"service": provider})
    begin = process.real_store.begin

    async def change_the_address(*args: Any) -> None:
        await begin(*args)
        provider.base_url = "https://elsewhere.example"

    process.real_store.begin = change_the_address  # type: ignore[method-assign]
    task = await process.run(request("service", takes=1))

    assert task.state is TaskState.FINISHED
    assert [each.base_url for each in await process.real_store.attempts(task.id)] == [
        "https://polled.example",
        "https://elsewhere.example",
    ]
    assert len(provider.service.charges) == 1
    assert (await process.spending.so_far()).month.total == PRICE


async def test_a_refusal_after_silence_that_proves_nothing_is_left_to_the_user(world: World) -> None:
    """A service that is slow to tell may have taken the first one: its refusal of the second is no proof."""
    service, script = PolledService(), Script()
    script.before("submit", lost_answer(), RequestRejected("No such model any more.", "model"))
    process = await world.process(
        {"polled": PolledProvider(service, Recovery(can_find=True, is_silence_proof=False), script=script)}
    )

    task = await process.run(request("polled"))

    assert task.state is TaskState.UNCERTAIN
    assert task.attempt is not None
    assert task.attempt.receipt.billed is None


async def test_what_several_attempts_cost_is_counted_together(world: World) -> None:
    service, script = PolledService(fails=None, expires=None, knows_keys=False), Script()
    script.after("submit", lost_answer())
    process = await world.process({"polled": PolledProvider(service, UNASKABLE, script=script)})
    uncertain = await process.run(request("polled", takes=1))

    undecided = await process.until(process.queue.undecided(uncertain.id))
    await process.until(process.queue.submit_anew(undecided))
    (done,) = await process.until(process.queue.wait([uncertain.id]))

    assert done.state is TaskState.FINISHED
    assert done.attempt is not None
    assert done.attempt.receipt.billed == PRICE
    assert done.billed is None, "nobody said what the first one cost"


async def test_a_key_that_somebody_has_to_unlock_is_waited_for_before_anything_is_under_way(world: World) -> None:
    service = PolledService(fails=None, expires=None)
    unlocked = asyncio.Event()
    process = await world.process(
        {"polled": PolledProvider(service, UNASKABLE)}, key_at_hand=lambda _provider: unlocked.wait()
    )
    (task,) = await process.until(process.queue.add(request("polled", takes=1)))

    await process.until(process.queue.cancel(task.id))
    unlocked.set()
    (rested,) = await process.until(process.queue.wait([task.id]))

    assert rested.state is TaskState.CANCELLED
    assert len(service.charges) == 0
    assert (await process.task(task.id)).attempt is None


async def test_a_missing_key_fails_the_task_before_anything_is_written_for_the_service(world: World) -> None:
    async def missing(_provider: str) -> None:
        raise CredentialsMissing("No key.")

    service = PolledService()
    process = await world.process({"polled": PolledProvider(service, FIND)}, key_at_hand=missing)

    task = await process.run(request("polled"))

    assert (task.state, task.attempt, task.billed) == (TaskState.FAILED, None, 0)
    assert task.failure is not None
    assert task.failure.kind == "credentials_missing"


async def test_an_address_that_may_be_signed_is_not_repeated_in_what_went_wrong(world: World) -> None:
    signed = "https://bucket.example/out.wav?signature=s3cret"
    service, script = PolledService(), Script()
    script.before("submit", RequestRejected(f"uploadEndpoint can't be {signed}.", "upload_endpoint"))
    catalogue = OneModelEach(parameters=(ParameterSpec("upload_endpoint", "Upload to", ParameterType.TEXT),))
    process = await world.process({"polled": PolledProvider(service, FIND, script=script)}, catalogue=catalogue)

    task = await process.run(request("polled", parameters={"upload_endpoint": signed}))

    assert task.failure is not None
    assert task.failure.message == "uploadEndpoint can't be •••."
