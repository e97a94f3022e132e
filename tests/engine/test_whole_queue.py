"""What holds for all tasks at once: a busy service, a pause, a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.domain.errors import NotConnected, RateLimited, StorageError, TaskBusy
from app.domain.provider import Submission, WireRequest
from app.domain.task import Task, TaskState
from tests.engine.world import Process, World, request
from tests.fakes.charges import PRICE
from tests.fakes.polled import FIND, REPLAY, UNASKABLE, UNBILLED, PolledProvider, PolledService, lost_answer


def polled(recovery=FIND, **more) -> PolledProvider:
    return PolledProvider(PolledService(**{"fails": None, "expires": None, **more}), recovery)


async def queued(process: Process, *prompts: str) -> list[str]:
    tasks = [(await process.until(process.queue.add(request("polled", prompt, takes=1))))[0] for prompt in prompts]
    return [task.id for task in tasks]


async def states(process: Process, task_ids: list[str]) -> list[TaskState]:
    return [(await process.task(task_id)).state for task_id in task_ids]


def prompts(provider: PolledProvider) -> list[str]:
    return [body.decode() for _, body in provider.service.charges.accepted]


# A busy service


class Watched(PolledProvider):
    """Knows when it was asked."""

    def __init__(self) -> None:
        super().__init__(PolledService(fails=None, expires=None), FIND)
        self.asked_at: list[datetime] = []
        self.now: Callable[[], datetime] = lambda: datetime.max.replace(tzinfo=UTC)

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:
        self.asked_at.append(self.now())
        return await super().submit(wire, key)


async def test_nobody_asks_a_busy_service_before_it_wants_to_be_asked(world: World) -> None:
    provider = Watched()
    provider.script.before("submit", RateLimited("Busy.", 20))
    process = await world.process({"polled": provider}, default_concurrency=3)
    provider.now = process.clock.now

    await process.until(process.queue.wait(await queued(process, *"12345")))

    since = [asked_at - provider.asked_at[0] for asked_at in provider.asked_at]
    assert not [each for each in since if timedelta(0) < each < timedelta(seconds=20)]
    assert sorted(prompts(provider)) == list("12345")


async def test_the_row_says_why_it_waits_and_until_when(world: World) -> None:
    provider = Watched()
    provider.script.before("submit", RateLimited("Polled is busy.", 90))
    process = await world.process({"polled": provider})
    provider.now = process.clock.now
    [task_id] = await queued(process, "1")
    await process.until(provider.script.reached("submit"))
    await process.until(process.clock.sleep(5))

    live = process.queue.live(task_id)

    assert live is not None
    assert live.words == "Polled is busy."
    assert live.next_try_at == provider.asked_at[0] + timedelta(seconds=90)
    await process.until(process.queue.wait([task_id]))
    assert process.queue.live(task_id) is None


async def test_a_service_that_is_busy_for_an_hour_keeps_nobody_waiting_at_the_terminal(world: World) -> None:
    provider = polled()
    provider.script.before("submit", RateLimited("Busy.", 3_000))
    process = await world.process({"polled": provider}, default_concurrency=1)
    ids = await queued(process, "1", "2")
    before = process.clock.monotonic()

    await process.until(process.queue.wait(ids))

    assert process.clock.monotonic() - before <= 5
    assert await states(process, ids) == [TaskState.QUEUED] * 2
    await process.until(process.queue.wait_until_idle())  # it is still tried when the time has come
    assert await states(process, ids) == [TaskState.FINISHED] * 2


async def test_other_processes_leave_a_busy_service_alone_too_even_those_that_start_later(world: World) -> None:
    provider = polled()
    provider.script.before("submit", RateLimited("Busy.", 60))
    process = await world.process({"polled": provider})
    await queued(process, "1")
    await process.until(provider.script.reached("submit"))
    await process.until(process.clock.sleep(1))
    other = await world.process({"polled": provider})
    await queued(other, "2")
    await other.until(other.clock.sleep(50))

    assert provider.script.count("submit") == 1
    await other.until(other.queue.wait_until_idle())
    assert prompts(provider) == ["2"]


async def test_polls_share_a_pause_of_their_own(world: World) -> None:
    provider = polled()
    process = await world.process({"polled": provider}, default_concurrency=4)
    gate = provider.script.hold("submit")
    ids = await queued(process, *"1234")
    await process.until(provider.script.reached("submit", 4))
    provider.script.before("poll", RateLimited("Busy.", 60))
    gate.set()
    await process.until(provider.script.reached("poll"))
    asked = provider.script.count("poll")
    await process.until(process.clock.sleep(50))

    assert provider.script.count("poll") - asked <= 3  # those that were on their way
    ids += await queued(process, "5")  # sending isn't held up by that
    await process.until(process.queue.wait(ids))
    assert await states(process, ids) == [TaskState.FINISHED] * 5


async def test_what_a_service_hands_out_itself_shares_the_pause_of_the_polls(world: World) -> None:
    provider = polled(has_links=False)
    process = await world.process({"polled": provider}, default_concurrency=4)
    gate = provider.script.hold("poll")
    ids = await queued(process, *"1234")
    await process.until(provider.script.reached("poll", 4))
    provider.script.before("fetch", RateLimited("Busy.", 60))
    gate.set()
    await process.until(provider.script.reached("fetch"))
    await process.until(process.clock.sleep(50))

    assert (provider.script.count("fetch"), provider.script.count("poll")) == (1, 4)
    ids += await queued(process, "5")
    await process.until(process.queue.wait(ids))
    assert await states(process, ids) == [TaskState.FINISHED] * 5


async def test_a_busy_host_of_results_holds_up_no_questions(world: World) -> None:
    provider = polled()
    process = await world.process({"polled": provider})
    provider.script.before("fetch", RateLimited("Busy.", 60))
    ids = await queued(process, "1")
    await process.until(provider.script.reached("fetch"))
    asked = provider.script.count("poll")
    ids += await queued(process, "2")
    await process.until(process.clock.sleep(50))

    assert provider.script.count("poll") > asked
    await process.until(process.queue.wait(ids))


async def test_a_limit_by_the_minute_spaces_what_is_sent(world: World) -> None:
    provider = polled()
    process = await world.process({"polled": provider}, per_minute={"polled": 6}, default_concurrency=8)
    before = process.clock.monotonic()

    await process.until(process.queue.wait(await queued(process, *"12345")))

    assert process.clock.monotonic() - before >= 40


# A pause


async def test_nothing_new_leaves_while_the_queue_is_paused_and_what_has_left_is_fetched(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("poll")
    process = await world.process({"polled": provider}, default_concurrency=1)
    ids = await queued(process, "1", "2", "3")
    await process.until(provider.script.reached("poll"))

    await process.until(process.queue.pause())
    gate.set()
    await process.until(process.queue.wait(ids))

    assert await states(process, ids) == [TaskState.FINISHED, TaskState.QUEUED, TaskState.QUEUED]
    assert provider.script.count("submit") == 1
    await process.until(process.queue.resume())
    await process.until(process.queue.wait(ids))
    assert prompts(provider) == ["1", "2", "3"]


async def test_an_exchange_that_is_open_is_let_through(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    process = await world.process({"polled": provider})
    ids = await queued(process, "1")
    await process.until(provider.script.reached("submit"))

    await process.until(process.queue.pause())
    gate.set()
    await process.until(process.queue.wait(ids))

    assert await states(process, ids) == [TaskState.FINISHED]


async def test_a_paused_library_is_paused_for_every_process_and_for_the_next_start(world: World) -> None:
    provider = polled()
    process = await world.process({"polled": provider})
    await process.until(process.queue.pause())
    ids = await queued(process, "1")
    await process.until(process.queue.wait(ids))
    await process.end()

    other = await world.process({"polled": provider})
    assert await other.until(other.queue.carry_on()) == ids
    await other.until(other.queue.wait(ids))

    assert other.queue.is_paused
    assert provider.script.count("submit") == 0
    await other.until(other.queue.resume())
    await other.until(other.queue.wait(ids))
    assert prompts(provider) == ["1"]


async def test_other_processes_obey_a_pause_and_its_end_within_a_second(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    process = await world.process({"polled": provider}, default_concurrency=1)
    other = await world.process({"polled": provider})
    ids = await queued(process, "1", "2")
    await process.until(provider.script.reached("submit"))

    await other.until(other.queue.pause())
    await process.until(process.clock.sleep(1))
    assert process.queue.is_paused
    gate.set()
    await process.until(process.queue.wait(ids))
    assert await states(process, ids) == [TaskState.FINISHED, TaskState.QUEUED]

    await other.until(other.queue.resume())
    await process.until(process.queue.wait_until_idle())
    assert prompts(provider) == ["1", "2"]


async def test_what_was_held_back_counts_as_unsent_although_the_disk_refuses_to_write_that_at_first(
    world: World,
) -> None:
    provider = polled(UNASKABLE)
    process = await world.process({"polled": provider})
    begin, record, refusals = process.spending.begin, process.real_store.record, [StorageError("The disk is full.")]

    async def paused_meanwhile(task: Task) -> None:
        await begin(task)
        await process.queue.pause()

    async def refusing_once(task: Task, *, since: Task | None = None) -> None:
        if refusals:
            raise refusals.pop()
        await record(task, since=since)

    process.spending.begin = paused_meanwhile  # type: ignore[method-assign]
    process.real_store.record = refusing_once  # type: ignore[method-assign]
    ids = await queued(process, "1")
    await process.until(process.queue.wait(ids))
    await process.end()

    later = await world.process({"polled": provider})
    assert await states(later, ids) == [TaskState.QUEUED]
    assert provider.script.count("submit") == 0


async def test_a_pause_between_the_decision_to_send_and_the_sending_holds_it_back(world: World) -> None:
    provider = polled()
    process = await world.process({"polled": provider})
    begin = process.spending.begin

    async def paused_meanwhile(task: Task) -> None:
        await begin(task)
        await process.queue.pause()

    process.spending.begin = paused_meanwhile  # type: ignore[method-assign]
    ids = await queued(process, "1")
    await process.until(process.queue.wait(ids))
    process.spending.begin = begin  # type: ignore[method-assign]

    assert await states(process, ids) == [TaskState.QUEUED]
    assert provider.script.count("submit") == 0
    assert (await process.until(process.spending.so_far())).day.held == 0
    await process.until(process.queue.resume())
    await process.until(process.queue.wait(ids))
    assert prompts(provider) == ["1"]


async def test_what_a_service_may_have_is_asked_about_but_not_sent_again_while_paused(world: World) -> None:
    provider = polled(REPLAY)
    provider.script.after("submit", lost_answer())
    process = await world.process({"polled": provider})
    [task_id] = await queued(process, "1")
    await process.until(provider.script.reached("submit"))
    await process.until(process.queue.pause())

    await process.until(process.queue.wait([task_id]))

    assert await states(process, [task_id]) == [TaskState.SUBMITTING]
    assert provider.script.count("submit") == 1
    await process.until(process.queue.resume())
    await process.until(process.queue.wait([task_id]))
    assert await states(process, [task_id]) == [TaskState.FINISHED]
    assert len(provider.service.charges) == 1


# A stop


async def test_everything_that_waits_is_stopped_in_one_write_and_can_be_queued_again(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    process = await world.process({"polled": provider}, default_concurrency=1)
    ids = await queued(process, *"12345")
    await process.until(provider.script.reached("submit"))
    open_tasks = await process.until(process.queue.open_tasks())
    assert (len(open_tasks.waiting), len(open_tasks.under_way), open_tasks.billable) == (4, 1, 1)

    stopped = await process.until(process.queue.stop_all(under_way=False))

    assert stopped.waiting == tuple(ids[1:])
    assert await states(process, ids) == [TaskState.SUBMITTING] + [TaskState.CANCELLED] * 4
    again = await process.until(process.queue.queue_again(stopped.waiting))
    assert again == ids[1:]
    assert [process.queue.position(task_id) for task_id in ids] == [None, 1, 2, 3, 4]
    gate.set()
    await process.until(process.queue.wait(ids))
    assert prompts(provider) == list("12345")


async def test_stopping_all_stops_what_is_under_way_too_and_keeps_what_it_may_cost(world: World) -> None:
    provider = polled(tells_cost=False)
    provider.script.hold("poll")
    process = await world.process({"polled": provider}, default_concurrency=2)
    ids = await queued(process, *"123")
    await process.until(provider.script.reached("poll", 2))

    stopped = await process.until(process.queue.stop_all(under_way=True))
    await process.until(process.queue.wait_until_idle())

    assert (stopped.waiting, set(stopped.under_way)) == ((ids[2],), set(ids[:2]))
    assert await states(process, ids) == [TaskState.CANCELLED] * 3
    assert (await process.until(process.spending.so_far())).day.held == 2 * PRICE
    assert await process.until(process.queue.queue_again([*stopped.waiting, *stopped.under_way])) == [ids[2]]


async def test_what_another_process_holds_is_stopped_by_it_unless_it_has_left_meanwhile(world: World) -> None:
    provider = polled()
    provider.script.hold("poll")
    process = await world.process({"polled": provider}, default_concurrency=1)
    other = await world.process({"polled": provider})
    ids = await queued(process, *"123")
    await process.until(provider.script.reached("poll"))

    stopped = await other.until(other.queue.stop_all(under_way=False))
    while await process.real_store.wishes(ids):  # a second of the clock may pass before the disk has answered
        await process.until(process.clock.sleep(1))

    assert stopped.elsewhere == tuple(ids[1:])
    assert await states(process, ids) == [TaskState.RUNNING, TaskState.CANCELLED, TaskState.CANCELLED]


async def test_what_nobody_holds_is_stopped_where_it_rests(world: World) -> None:
    provider = polled()
    provider.script.before("submit", *[NotConnected("No connection.")] * 50)
    process = await world.process({"polled": provider})
    ids = await queued(process, "1", "2")
    await process.end()
    other = await world.process({"polled": provider})

    stopped = await other.until(other.queue.stop_all(under_way=True))

    assert stopped.waiting == tuple(ids)
    assert await states(other, ids) == [TaskState.CANCELLED] * 2


async def test_a_stop_that_cant_be_written_leaves_everything_waiting(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    process = await world.process({"polled": provider}, default_concurrency=1)
    ids = await queued(process, "1", "2", "3")
    await process.until(provider.script.reached("submit"))
    record_all = process.real_store.record_all

    async def refuse(_tasks: list[Task]) -> None:
        raise StorageError("The disk is full.")

    process.real_store.record_all = refuse  # type: ignore[method-assign,assignment]
    with pytest.raises(StorageError):
        await process.until(process.queue.stop_all(under_way=False))
    process.real_store.record_all = record_all  # type: ignore[method-assign]

    assert [process.queue.position(task_id) for task_id in ids[1:]] == [1, 2]
    gate.set()
    await process.until(process.queue.wait(ids))
    assert await states(process, ids) == [TaskState.FINISHED] * 3


async def test_a_thousand_waiting_tasks_need_no_coroutines_and_one_write_to_stop(world: World) -> None:
    provider = polled(UNBILLED)
    provider.script.hold("submit")
    process = await world.process({"polled": provider}, most_takes=5_000, default_concurrency=1)
    tasks = await process.until(process.queue.add(request("polled", takes=4_000)))
    await process.until(provider.script.reached("submit"))
    written: list[int] = []
    record_all = process.real_store.record_all

    async def counted(tasks: list[Task]) -> None:
        written.append(len(tasks))
        await record_all(tasks)

    process.real_store.record_all = counted  # type: ignore[method-assign,assignment]

    assert len(tasks) == 1_000
    assert len(asyncio.all_tasks()) < 20
    assert process.queue.position(tasks[-1].id) == 999
    stopped = await process.until(process.queue.stop_all(under_way=False))
    assert (len(stopped.waiting), written) == (999, [999])


async def test_a_stop_whose_caller_goes_away_is_carried_through(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    process = await world.process({"polled": provider}, default_concurrency=1)
    ids = await queued(process, "1", "2", "3")
    await process.until(provider.script.reached("submit"))

    record_all, is_writing = process.real_store.record_all, asyncio.Event()

    async def noted(tasks: list[Task]) -> None:
        is_writing.set()
        await record_all(tasks)

    process.real_store.record_all = noted  # type: ignore[method-assign,assignment]
    stopping = asyncio.ensure_future(process.queue.stop_all(under_way=False))
    await process.until(is_writing.wait())
    stopping.cancel()
    gate.set()
    await process.until(process.queue.wait_until_idle())

    assert await states(process, ids) == [TaskState.FINISHED] + [TaskState.CANCELLED] * 2
    assert prompts(provider) == ["1"]


async def test_a_decision_whose_caller_goes_away_keeps_its_lock_until_it_is_written(world: World) -> None:
    provider = polled()
    process = await world.process({"polled": provider}, default_concurrency=1)
    other = await world.process({"polled": provider}, default_concurrency=1)
    [task_id] = await queued(process, "1")
    await process.until(process.queue.cancel(task_id))
    await process.until(process.queue.wait_until_idle())
    record, is_writing, may_write = process.real_store.record, asyncio.Event(), asyncio.Event()

    async def slowly(task: Task, *, since: Task | None = None) -> None:
        is_writing.set()
        await may_write.wait()
        await record(task, since=since)

    process.real_store.record = slowly  # type: ignore[method-assign]
    retrying = asyncio.ensure_future(process.queue.retry(task_id))
    await is_writing.wait()
    retrying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await retrying

    with pytest.raises(TaskBusy):
        await other.queue.retry(task_id)
    may_write.set()
    await process.until(provider.script.reached("submit"))
    await process.until(process.queue.wait_until_idle())
    assert len(provider.service.charges) == 1


async def test_what_was_paid_for_and_cannot_be_written_is_counted_until_the_disk_takes_it(world: World) -> None:
    provider = polled(UNASKABLE)
    process = await world.process({"polled": provider})
    record, counts, refusals = process.real_store.record, [], [StorageError("The disk is full.")] * 3

    async def refusing(task: Task, *, since: Task | None = None) -> None:
        counts.append(process.queue.waiting_for_the_disk)
        if refusals:
            raise refusals.pop()
        await record(task, since=since)

    process.real_store.record = refusing  # type: ignore[method-assign]
    ids = await queued(process, "1")
    await process.until(process.queue.wait_until_idle())

    assert await states(process, ids) == [TaskState.FINISHED]
    assert counts[:5] == [0, 1, 1, 1, 0]
    assert process.queue.waiting_for_the_disk == 0
