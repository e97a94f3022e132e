"""From a click to takes on the disk, and what the user may do on the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.errors import (
    ContentRefused,
    CredentialsRejected,
    NotConnected,
    OutcomeUnknown,
    RateLimited,
    RequestInvalid,
    ResultExpired,
    ResultGone,
    ServiceUnavailable,
    SpendingCeilingReached,
    TaskBusy,
    UnexpectedReply,
)
from app.domain.provider import Job, Progress, Recovery
from app.domain.receipt import Spent
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.engine.spending import LastTime
from app.storage.ledger import Ceilings
from app.storage.task_store import Wish
from tests.engine.world import PACE, OneModelEach, World, request
from tests.fakes.charges import PRICE
from tests.fakes.polled import FIND, REPLAY, UNASKABLE, UNBILLED, PolledProvider, PolledService, lost_answer
from tests.fakes.streaming import StreamingProvider, StreamingService, cut


def polled(recovery=FIND, **more) -> PolledProvider:
    return PolledProvider(PolledService(**{"fails": None, "expires": None, **more}), recovery)


async def test_every_result_of_a_polled_job_ends_on_the_disk(world: World) -> None:
    provider = polled()
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=3))

    assert task.state is TaskState.FINISHED
    assert task.failure is None
    assert [take.state for take in task.takes] == [TakeState.STORED] * 3
    assert [take.seed for take in task.takes] == [1, 2, 3]
    assert world.file(task.takes[1].file or "").read_bytes() == provider.service.sound("job-1", 2)
    assert world.states[task.id] == [
        TaskState.QUEUED,
        TaskState.SUBMITTING,
        TaskState.RUNNING,
        TaskState.FINISHED,
    ]


@pytest.mark.parametrize(("recovery", "counted"), [(FIND, 1), (UNASKABLE, 1), (UNBILLED, 0)])
async def test_what_runs_at_a_service_that_bills_is_counted_until_it_is_over(
    world: World, recovery: Recovery, counted: int
) -> None:
    provider = polled(recovery)
    provider.script.hold("submit")
    process = await world.process({"polled": provider})
    assert process.queue.running_at_services == 0

    [task] = await process.until(process.queue.add(request("polled")))
    await process.until(provider.script.reached("submit"))
    meanwhile = process.queue.running_at_services
    provider.script.let_go("submit")
    await process.until(process.queue.wait([task.id]))

    assert meanwhile == counted
    assert process.queue.running_at_services == 0


async def test_a_result_is_fetched_while_the_others_are_still_being_made(world: World) -> None:
    process = await world.process({"polled": polled()})

    await process.run(request("polled", takes=3))

    at_work = [
        task
        for task in process.changes
        if task.state is TaskState.RUNNING
        and any(take.state is TakeState.STORED for take in task.takes)
        and task.attempt is not None
        and not task.attempt.is_final
    ]
    assert at_work


async def test_some_takes_and_some_failures_are_finished_and_say_so(world: World) -> None:
    process = await world.process({"polled": polled(fails=2)})

    task = await process.run(request("polled", takes=3))

    assert task.state is TaskState.FINISHED
    assert task.failure is not None
    assert [take.state for take in task.takes] == [TakeState.STORED, TakeState.FAILED, TakeState.STORED]


async def test_no_take_at_all_is_failed(world: World) -> None:
    process = await world.process({"polled": polled(fails=1)})

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.FAILED
    assert task.failure is not None


async def test_an_expired_link_is_asked_for_anew(world: World) -> None:
    process = await world.process({"polled": polled(expires=3)})

    task = await process.run(request("polled", takes=3))

    assert [take.state for take in task.takes] == [TakeState.STORED] * 3


async def test_a_link_that_leads_to_something_else_is_asked_for_anew(world: World) -> None:
    provider = polled(fails=None, expires=None)
    provider.script.before("fetch", UnexpectedReply("It leads to a private network."))
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert [take.state for take in task.takes] == [TakeState.STORED]
    assert provider.script.count("poll") == 2


async def test_a_link_doesnt_count_as_expired_while_nobody_can_be_asked_for_a_fresh_one(world: World) -> None:
    provider = polled(expires=1)
    provider.script.before("poll", None, *[ServiceUnavailable("Down.")] * 5)
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert [take.state for take in task.takes] == [TakeState.STORED]


async def test_a_link_that_no_fresh_one_comes_for_is_expired(world: World) -> None:
    provider = polled()
    provider.script.before("fetch", *[ResultExpired("Too late.")] * 20)
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.FAILED
    assert [take.state for take in task.takes] == [TakeState.EXPIRED]
    provider.script.give_up("fetch")
    await process.until(process.queue.retry(task.id))
    [again] = await process.until(process.queue.wait([task.id]))
    assert again.state is TaskState.FINISHED
    assert len(provider.service.charges) == 1


async def test_what_isnt_playable_is_kept_as_broken_and_its_siblings_go_on(world: World) -> None:
    provider = polled(garbage={2})
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=3))

    assert task.state is TaskState.FINISHED
    assert [take.state for take in task.takes] == [TakeState.STORED, TakeState.BROKEN, TakeState.STORED]
    assert world.file(task.takes[1].file or "").read_bytes() == b"not a sound"


async def test_a_broken_take_can_be_fetched_again_without_a_charge(world: World) -> None:
    provider = polled(garbage={2})
    process = await world.process({"polled": provider})
    task = await process.run(request("polled", takes=3))
    provider.service.garbage.clear()

    await process.until(process.queue.fetch_again(task.takes[1].id))
    [again] = await process.until(process.queue.wait([task.id]))

    assert again.state is TaskState.FINISHED
    assert again.failure is None
    assert [take.state for take in again.takes] == [TakeState.STORED] * 3
    assert len(provider.service.charges) == 1


async def test_a_stream_is_written_down_as_it_arrives(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    process = await world.process({"streaming": provider})

    task = await process.run(request("streaming", takes=1))

    assert task.state is TaskState.FINISHED
    assert task.takes[0].state is TakeState.STORED
    assert task.attempt is not None
    assert task.attempt.receipt.billed == PRICE
    assert world.states[task.id] == [TaskState.QUEUED, TaskState.SUBMITTING, TaskState.FINISHED]
    assert provider.streams[0].is_closed


async def test_a_stream_that_breaks_off_is_kept_marked_incomplete_and_left_to_the_user(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    provider.script.before("chunk", None, None, cut())
    process = await world.process({"streaming": provider})

    task = await process.run(request("streaming", takes=1))

    assert task.state is TaskState.UNCERTAIN
    assert task.takes[0].state is TakeState.BROKEN
    assert (task.takes[0].file or "").endswith(".incomplete")
    assert world.file(task.takes[0].file or "").stat().st_size == 400
    assert len(provider.service.charges) == 1


async def test_a_stream_that_breaks_off_is_replayed_under_the_same_key(world: World) -> None:
    provider = StreamingProvider(StreamingService(), REPLAY)
    provider.script.before("chunk", None, cut())
    process = await world.process({"streaming": provider})

    task = await process.run(request("streaming", takes=1))

    assert task.state is TaskState.FINISHED
    assert [take.state for take in task.takes] == [TakeState.STORED]
    assert len(provider.service.charges) == 1
    assert provider.script.count("submit") == 2


async def test_a_busy_service_is_asked_later_with_the_same_record(world: World) -> None:
    provider = polled()
    provider.script.before("submit", RateLimited("Busy.", retry_after_s=20), NotConnected("No connection."))
    process = await world.process({"polled": provider})
    before = process.clock.monotonic()

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.FINISHED
    assert process.clock.monotonic() - before >= 20
    assert len(await process.real_store.attempts(task.id)) == 1
    assert len(provider.service.charges) == 1


async def test_who_waits_for_a_task_that_cant_leave_is_told_when_patience_is_over(world: World) -> None:
    provider = polled()
    provider.script.before("submit", *[NotConnected("No connection.")] * 50)
    process = await world.process({"polled": provider}, default_concurrency=1)

    tasks = [(await process.until(process.queue.add(request("polled", takes=1))))[0] for _ in range(2)]
    first, second = await process.until(process.queue.wait([task.id for task in tasks]))

    assert (first.state, second.state) == (TaskState.QUEUED, TaskState.QUEUED)
    live = process.queue.live(first.id)
    assert live is not None
    assert live.words == "No connection."
    assert live.next_try_at is not None
    provider.script.give_up("submit")
    await process.until(process.queue.wait_until_idle())  # nobody gave up on it
    assert (await process.task(second.id)).state is TaskState.FINISHED


@pytest.mark.parametrize("refusal", [CredentialsRejected("No."), ContentRefused("Not this text.")])
async def test_a_refusal_fails_the_task_and_costs_nothing(world: World, refusal: Exception) -> None:
    provider = polled()
    provider.script.before("submit", refusal)
    process = await world.process({"polled": provider})

    task = await process.run(request("polled"))

    assert task.state is TaskState.FAILED
    assert task.attempt is not None
    assert task.attempt.receipt.billed == Decimal(0)
    assert (await process.spending.so_far()).month.total == 0


async def test_trouble_while_polling_never_fails_a_task_but_pauses_it(world: World) -> None:
    provider = polled()
    provider.script.before("poll", *[CredentialsRejected("The key was changed.")] * 60)
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.RUNNING
    live = process.queue.live(task.id)
    assert live is not None
    assert live.is_paused
    assert live.words == "The key was changed."

    provider.script.give_up("poll")
    await process.until(process.queue.check_again(task.id))
    [again] = await process.until(process.queue.wait([task.id]))
    assert again.state is TaskState.FINISHED
    assert len(provider.service.charges) == 1


async def test_a_take_that_cant_be_fetched_stays_announced_and_its_siblings_arrive(world: World) -> None:
    provider = polled()
    provider.script.before("fetch", None, *[ServiceUnavailable("Down.")] * 60)
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=2))

    assert task.state is TaskState.RUNNING
    assert [take.state for take in task.takes] == [TakeState.STORED, TakeState.ANNOUNCED]
    provider.script.give_up("fetch")
    await process.until(process.queue.fetch_again(task.takes[1].id))
    [again] = await process.until(process.queue.wait([task.id]))
    assert again.state is TaskState.FINISHED
    assert provider.script.count("submit") == 1


async def test_a_lost_answer_is_found_where_the_service_can_be_asked(world: World) -> None:
    provider = polled(FIND)
    provider.script.after("submit", lost_answer())
    process = await world.process({"polled": provider})

    task = await process.run(request("polled"))

    assert task.state is TaskState.FINISHED
    assert provider.script.count("submit") == 1
    assert len(provider.service.charges) == 1


async def test_what_the_service_never_saw_is_sent_again_as_it_was_stored(world: World) -> None:
    provider = polled(FIND)
    provider.script.before("submit", lost_answer())
    process = await world.process({"polled": provider})

    task = await process.run(request("polled"))

    assert task.state is TaskState.FINISHED
    assert provider.script.count("submit") == 2
    [(key, _)] = provider.service.charges.accepted
    assert task.attempt is not None
    assert task.attempt.id == key
    assert task.attempt.number == 1


async def test_where_nobody_can_be_asked_the_user_decides(world: World) -> None:
    provider = polled(UNASKABLE, knows_keys=False)
    provider.script.after("submit", lost_answer())
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.UNCERTAIN
    assert task.attempt is not None
    assert not task.attempt.receipt.is_settled, "its reservation stays until it is decided"
    assert await process.queue.carry_on() == []  # which decides nothing

    undecided = await process.until(process.queue.undecided(task.id))
    again = await process.until(process.queue.submit_anew(undecided))
    assert again.state is TaskState.QUEUED
    [done] = await process.until(process.queue.wait([task.id]))
    assert done.state is TaskState.FINISHED
    assert done.attempt is not None
    assert done.attempt.number == 2
    assert len(provider.service.charges) == 2  # the user was asked


async def test_what_the_service_said_is_told_to_whoever_has_to_decide(world: World) -> None:
    provider = polled(UNASKABLE)
    provider.script.before("submit", OutcomeUnknown("Acme failed: the model is under maintenance.", code="E7"))
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.UNCERTAIN
    assert task.failure is not None
    assert (task.failure.message, task.failure.code) == ("Acme failed: the model is under maintenance.", "E7")
    assert provider.script.count("submit") == 1


async def test_the_user_is_asked_at_once_however_short_patience_is(world: World) -> None:
    provider = polled(UNASKABLE)
    provider.script.after("submit", lost_answer())
    process = await world.process({"polled": provider}, pace=replace(PACE, patience_s=0.0))

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.UNCERTAIN


async def test_a_take_that_was_made_and_is_gone_still_costs(world: World) -> None:
    provider = polled(tells_cost=False)
    provider.script.before("fetch", ResultGone("It was deleted."))
    poll = provider.poll

    async def priced(job: Job) -> Progress:
        progress = await poll(job)
        return replace(progress, results=tuple(replace(result, cost=PRICE) for result in progress.results))

    provider.poll = priced  # type: ignore[method-assign]
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=2))

    assert [take.state for take in task.takes] == [TakeState.FAILED, TakeState.STORED]
    assert task.attempt is not None
    assert task.attempt.receipt.billed == 2 * PRICE


async def test_an_uncertain_task_can_be_marked_as_failed(world: World) -> None:
    provider = polled(UNASKABLE, knows_keys=False)
    provider.script.after("submit", lost_answer())
    process = await world.process({"polled": provider})
    task = await process.run(request("polled", takes=1))

    failed = await process.until(process.queue.resolve_failed(task.id))

    assert failed.state is TaskState.FAILED
    assert (await process.spending.so_far()).month.total == 0
    with pytest.raises(RequestInvalid):
        await process.until(process.queue.resolve_failed(task.id))


async def test_a_second_sending_that_is_refused_proves_nothing_about_the_first(world: World) -> None:
    provider = polled(REPLAY)
    provider.script.after("submit", lost_answer())
    provider.script.before("submit", None, ContentRefused("Not this text."))
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.UNCERTAIN
    assert len(provider.service.charges) == 1


async def test_a_key_that_is_refused_the_second_time_is_waited_for(world: World) -> None:
    provider = polled(REPLAY)
    provider.script.after("submit", lost_answer())
    provider.script.before("submit", None, CredentialsRejected("No."), RateLimited("Busy."))
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.FINISHED
    assert world.states[task.id].count(TaskState.QUEUED) == 1, "its first sending may have been accepted"
    assert len(provider.service.charges) == 1


async def test_cancelling_in_the_middle_of_a_submit_still_stores_its_answer(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    process = await world.process({"polled": provider})
    [task] = await process.until(process.queue.add(request("polled", takes=1)))
    await process.moves_to(task.id, TaskState.SUBMITTING)
    await process.until(provider.script.reached("submit"))

    await process.until(process.queue.cancel(task.id))
    cancelled = await process.task(task.id)
    with pytest.raises(TaskBusy):
        await process.until(process.queue.retry(task.id))
    gate.set()
    await process.until(process.queue.wait_until_idle())

    assert cancelled.state is TaskState.CANCELLED
    after = await process.task(task.id)
    assert after.state is TaskState.CANCELLED
    assert after.attempt is not None
    assert after.attempt.job_id == "job-1"
    assert not after.attempt.receipt.is_settled

    await process.until(process.queue.retry(task.id))
    [done] = await process.until(process.queue.wait([task.id]))
    assert done.state is TaskState.FINISHED
    assert len(provider.service.charges) == 1


async def test_a_stream_that_is_cancelled_was_paid_for_and_is_stored(world: World) -> None:
    provider = StreamingProvider(StreamingService(), UNASKABLE)
    gate = provider.script.hold("chunk")
    process = await world.process({"streaming": provider})
    [task] = await process.until(process.queue.add(request("streaming", takes=1)))
    await process.until(provider.script.reached("chunk"))

    await process.until(process.queue.cancel(task.id))
    gate.set()
    await process.until(process.queue.wait_until_idle())

    after = await process.task(task.id)
    assert after.state is TaskState.CANCELLED
    assert after.takes[0].state is TakeState.STORED
    assert after.attempt is not None
    assert after.attempt.receipt.billed == PRICE


async def test_a_queued_task_is_cancelled_without_a_trace_at_the_service(world: World) -> None:
    provider = polled()
    provider.script.hold("submit")
    process = await world.process({"polled": provider}, default_concurrency=1)
    [first] = await process.until(process.queue.add(request("polled")))
    [second] = await process.until(process.queue.add(request("polled", "wind")))
    await process.until(provider.script.reached("submit"))

    await process.until(process.queue.cancel(second.id))

    assert (await process.task(second.id)).state is TaskState.CANCELLED
    assert provider.script.count("submit") == 1
    provider.script.let_go("submit")
    await process.until(process.queue.wait([first.id]))


async def test_a_task_that_is_cancelled_while_its_request_is_prepared_sends_nothing(world: World) -> None:
    queued: list[Task] = []
    cancelling: list[asyncio.Task[None]] = []

    class CancelledMeanwhile(PolledProvider):
        def prepare(self, request, key):
            if queued:  # the first time is a trial, before anything is queued
                cancelling.append(asyncio.ensure_future(process.queue.cancel(queued[0].id)))
            return super().prepare(request, key)

    service = PolledService()
    process = await world.process({"polled": CancelledMeanwhile(service, FIND)})
    process.queue.changed.listen(queued.append)

    task = await process.run(request("polled"))

    assert task.state is TaskState.CANCELLED
    await cancelling[0]
    assert len(service.charges) == 0


async def test_what_is_about_to_be_sent_when_the_app_closes_stays_here_until_the_next_start(world: World) -> None:
    provider = polled()
    process = await world.process({"polled": provider})
    closing: list[asyncio.Task[None]] = []

    def close(task: Task) -> None:
        if task.state is TaskState.SUBMITTING:
            closing.append(asyncio.ensure_future(process.queue.close()))

    process.queue.changed.listen(close)

    task = await process.run(request("polled"))

    assert task.state is TaskState.QUEUED
    await closing[0]
    assert provider.script.count("submit") == 0
    later = await world.process({"polled": provider})
    await later.until(later.queue.carry_on())
    [done] = await later.until(later.queue.wait([task.id]))
    assert done.state is TaskState.FINISHED
    assert len(provider.service.charges) == 1


async def test_a_cancelled_job_can_be_taken_up_again(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("poll")
    process = await world.process({"polled": provider})
    [task] = await process.until(process.queue.add(request("polled", takes=2)))
    await process.until(provider.script.reached("poll"))

    await process.until(process.queue.cancel(task.id))
    await process.until(process.queue.wait_until_idle())
    gate.set()
    await process.until(process.queue.retry(task.id))
    [done] = await process.until(process.queue.wait([task.id]))

    assert done.state is TaskState.FINISHED
    assert provider.script.count("submit") == 1


async def test_tasks_of_one_provider_wait_their_turn_in_order(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    process = await world.process({"polled": provider}, concurrency={"polled": 2})
    ids = [(await process.until(process.queue.add(request("polled", f"{n}"))))[0].id for n in range(5)]
    await process.until(provider.script.reached("submit", 2))

    assert [process.queue.position(task_id) for task_id in ids] == [None, None, 1, 2, 3]

    gate.set()
    await process.until(process.queue.wait(ids))
    assert [body for _, body in provider.service.charges.accepted] == [b"0", b"1", b"2", b"3", b"4"]


async def test_more_takes_than_a_request_makes_become_several_tasks_of_one_click(world: World) -> None:
    process = await world.process({"polled": polled()}, catalogue=OneModelEach(max_takes=2))

    tasks = await process.until(process.queue.add(request("polled", takes=5, seed=8)))
    await process.until(process.queue.wait([task.id for task in tasks]))

    assert [task.request.takes for task in tasks] == [2, 2, 1]
    assert [task.request.seed for task in tasks] == [8, 9, 0]
    assert len({task.click_id for task in tasks}) == 1


async def test_a_bad_request_is_refused_with_every_problem(world: World) -> None:
    process = await world.process({"polled": polled()})

    with pytest.raises(RequestInvalid) as caught:
        await process.until(process.queue.add(request("polled", " ", takes=0)))

    assert {problem.field for problem in caught.value.problems} == {"prompt", "takes"}
    assert await process.real_store.tasks() == []


async def test_a_click_over_a_ceiling_is_refused_before_it_is_queued(world: World) -> None:
    process = await world.process({"polled": polled()}, ceilings=Ceilings(day=Decimal("0.07")))
    await process.run(request("polled", takes=1))

    with pytest.raises(SpendingCeilingReached):
        await process.until(process.queue.add(request("polled", takes=1)))

    assert len(await process.real_store.tasks()) == 1


async def test_what_waited_is_not_sent_once_a_limit_cannot_be_read_any_more(world: World) -> None:
    provider = polled()
    first = await world.process({"polled": provider})
    await first.until(first.queue.pause())
    [task] = await first.until(first.queue.add(request("polled", takes=1)))
    await first.end()
    process = await world.process({"polled": provider}, ceilings=Ceilings(unreadable=("spending.day_usd",)))

    await process.until(process.queue.resume())
    await process.until(process.queue.carry_on())
    [after] = await process.until(process.queue.wait([task.id]))

    assert after.state is TaskState.FAILED
    assert after.failure is not None
    assert after.failure.kind == SpendingCeilingReached.kind
    assert len(provider.service.charges) == 0


async def test_an_unknown_price_is_refused_where_a_limit_is_set_and_else_recorded_as_unknown(world: World) -> None:
    provider = polled(tells_cost=False)
    process = await world.process({"polled": provider}, catalogue=OneModelEach(price=None))

    with pytest.raises(SpendingCeilingReached):
        await process.until(process.queue.add(request("polled", takes=1), task_ceiling=Decimal(1)))
    task = await process.run(request("polled", takes=1))

    assert task.attempt is not None
    assert task.attempt.receipt.billed is None


async def test_a_limit_of_a_click_holds_for_all_its_tasks_and_for_every_attempt(world: World) -> None:
    service = PolledService(fails=1, tells_cost=False)
    models = OneModelEach(max_takes=1)
    process = await world.process({"polled": PolledProvider(service, UNASKABLE)}, catalogue=models)
    with pytest.raises(SpendingCeilingReached, match="for this request"):
        await process.until(process.queue.add(request("polled", takes=3), task_ceiling=2 * PRICE))
    tasks = await process.until(process.queue.add(request("polled", takes=2), task_ceiling=2 * PRICE))
    await process.until(process.queue.wait([task.id for task in tasks]))

    again = await process.until(process.queue.retry(tasks[0].id))  # which adds an attempt
    (refused,) = await process.until(process.queue.wait([again.id]))

    assert refused.failure is not None
    assert refused.failure.kind == "spending_ceiling_reached"
    assert len(service.charges.accepted) == 2


async def test_what_a_busy_service_never_took_costs_nothing_once_it_is_cancelled(world: World) -> None:
    provider = polled()
    provider.script.before("submit", RateLimited("Busy.", 60))
    process = await world.process({"polled": provider})
    (task,) = await process.until(process.queue.add(request("polled", takes=1)))
    await process.until(process.clock.sleep(30))  # it waits for its next try

    await process.until(process.queue.cancel(task.id))

    cancelled = await process.task(task.id)
    assert (cancelled.state, cancelled.billed) == (TaskState.CANCELLED, 0)
    assert (await process.spending.so_far()).month == Spent()


async def test_a_job_that_failed_without_a_word_about_its_cost_holds_money_until_the_user_says_it_was_free(
    world: World,
) -> None:
    service = PolledService(fails=1, tells_cost=False)
    process = await world.process({"polled": PolledProvider(service, UNASKABLE)})
    task = await process.run(request("polled", takes=1))
    assert task.state is TaskState.FAILED
    await process.until(process.queue.retry(task.id))
    (again,) = await process.until(process.queue.wait([task.id]))
    assert (again.state, again.billed) == (TaskState.FAILED, None)
    assert (await process.spending.so_far()).month == Spent(held=2 * PRICE)

    settled = await process.until(process.queue.resolve_free(task.id))

    assert (settled.state, settled.billed) == (TaskState.FAILED, 0)
    assert (await process.spending.so_far()).month == Spent()
    with pytest.raises(RequestInvalid, match="known"):
        await process.until(process.queue.resolve_free(task.id))


async def test_what_a_model_cost_the_last_time_is_known_once_a_task_of_it_was_billed(world: World) -> None:
    service = PolledService(fails=1, expires=None)
    process = await world.process({"polled": PolledProvider(service, FIND)})
    await process.run(request("polled", takes=1))  # which made nothing
    assert await process.spending.last_time("polled", "model") is None

    service.fails = None
    await process.run(request("polled", takes=2))
    service.tells_cost = False
    await process.run(request("polled", takes=1))

    assert await process.spending.last_time("polled", "model") == LastTime(PRICE, 2)
    assert await process.spending.last_time("polled", "another") is None
    assert await process.spending.last_time("another", "model") is None


async def test_an_untold_cost_goes_on_counting_as_its_reservation(world: World) -> None:
    process = await world.process({"polled": polled(tells_cost=False)})

    task = await process.run(request("polled", takes=1))

    assert task.attempt is not None
    assert task.attempt.receipt.billed is None
    assert (await process.spending.so_far()).month.total == PRICE


async def test_the_last_dollar_is_spent_once_by_two_processes(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    limit = Ceilings(month=Decimal("0.14"))  # enough for two
    process = await world.process({"polled": provider}, ceilings=limit, default_concurrency=1)
    other = await world.process({"polled": provider}, ceilings=limit, default_concurrency=1)
    [first] = await process.until(process.queue.add(request("polled", "1", takes=1)))
    await process.until(provider.script.reached("submit"))
    [second] = await process.until(process.queue.add(request("polled", "2", takes=1)))
    [third] = await other.until(other.queue.add(request("polled", "3", takes=1)))

    gate.set()
    await process.until(process.queue.wait([first.id, second.id]))
    await other.until(other.queue.wait([third.id]))

    outcomes = [await process.task(task.id) for task in (first, second, third)]
    assert sorted(task.state for task in outcomes) == [TaskState.FAILED, TaskState.FINISHED, TaskState.FINISHED]
    assert len(provider.service.charges) == 2
    [refused] = [task for task in outcomes if task.state is TaskState.FAILED]
    assert refused.failure is not None
    assert refused.failure.kind == "spending_ceiling_reached"


async def test_places_at_a_provider_are_shared_by_all_processes(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    process = await world.process({"polled": provider}, default_concurrency=1)
    other = await world.process({"polled": provider}, default_concurrency=1)
    [first] = await process.until(process.queue.add(request("polled", "1")))
    await process.until(provider.script.reached("submit"))
    [second] = await other.until(other.queue.add(request("polled", "2")))
    await other.until(other.clock.sleep(60))

    assert provider.script.count("submit") == 1
    assert other.queue.position(second.id) == 1

    gate.set()
    await process.until(process.queue.wait([first.id]))
    await other.until(other.queue.wait([second.id]))
    assert (await other.task(second.id)).state is TaskState.FINISHED


async def test_a_task_of_another_process_is_left_alone_but_can_be_cancelled(world: World) -> None:
    provider = polled()
    provider.script.hold("poll")
    process = await world.process({"polled": provider})
    other = await world.process({"polled": provider})
    [task] = await process.until(process.queue.add(request("polled")))
    await process.until(provider.script.reached("poll"))

    assert await other.until(other.queue.carry_on()) == []
    with pytest.raises(TaskBusy):
        await other.until(other.queue.check_again(task.id))
    asked_at = process.clock.monotonic()
    await other.until(other.queue.cancel(task.id))
    await process.moves_to(task.id, TaskState.CANCELLED)
    obeyed_at = process.clock.monotonic()
    await process.until(process.queue.wait_until_idle())

    assert (await other.task(task.id)).state is TaskState.CANCELLED
    assert obeyed_at - asked_at <= 1
    assert await other.real_store.wishes([task.id]) == {}


async def test_a_wish_from_before_doesnt_undo_a_later_decision(world: World) -> None:
    process = await world.process({"polled": polled(fails=1)})
    task = await process.run(request("polled", takes=1))
    await process.real_store.wish([task.id], Wish.CANCEL)

    await process.until(process.queue.retry(task.id))
    [after] = await process.until(process.queue.wait([task.id]))

    assert after.state is TaskState.FAILED  # it ran, and wasn't cancelled


async def test_a_fault_of_the_app_is_reported_and_leaves_the_task_as_it_was(world: World) -> None:
    provider = polled()
    provider.script.after("submit", ZeroDivisionError("a bug"))
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1))

    assert [type(bug) for bug in process.bugs] == [ZeroDivisionError]
    assert task.state is TaskState.SUBMITTING
    live = process.queue.live(task.id)
    assert live is not None
    assert live.is_paused
    assert await process.until(process.queue.carry_on()) == [task.id]
    [done] = await process.until(process.queue.wait([task.id]))
    assert done.state is TaskState.FINISHED
    assert len(provider.service.charges) == 1


async def test_a_listener_with_a_fault_stops_no_task(world: World) -> None:
    process = await world.process({"polled": polled()})
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))

    def fault(_: object) -> None:
        raise ZeroDivisionError

    process.queue.changed.listen(fault)
    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.FINISHED
    assert reported


async def test_quitting_waits_for_an_open_submit_and_keeps_its_answer(world: World) -> None:
    provider = polled()
    gate = provider.script.hold("submit")
    process = await world.process({"polled": provider})
    [task] = await process.until(process.queue.add(request("polled", takes=1)))
    await process.until(provider.script.reached("submit"))

    closing = asyncio.ensure_future(process.queue.close(submit_grace_s=10))
    await asyncio.sleep(0)
    gate.set()
    await process.until(closing)

    after = await process.task(task.id)
    assert after.state is TaskState.RUNNING
    assert after.attempt is not None
    assert after.attempt.job_id == "job-1"


async def test_quitting_gives_up_a_submit_that_takes_too_long_and_the_next_start_finds_it(world: World) -> None:
    provider = polled()
    provider.script.hold("submit")
    process = await world.process({"polled": provider})
    [task] = await process.until(process.queue.add(request("polled", takes=1)))
    await process.until(provider.script.reached("submit"))

    await process.until(process.queue.close(submit_grace_s=10))
    assert (await process.task(task.id)).state is TaskState.SUBMITTING
    await process.end()

    provider.script.let_go("submit")
    later = await world.process({"polled": provider})
    assert await later.until(later.queue.carry_on()) == [task.id]
    [done] = await later.until(later.queue.wait([task.id]))
    assert done.state is TaskState.FINISHED
    assert len(provider.service.charges) == 1


async def test_what_is_queued_while_the_app_ends_waits_for_the_next_start(world: World) -> None:
    provider = polled()
    process = await world.process({"polled": provider})
    await process.until(process.queue.close())

    [task] = await process.until(process.queue.add(request("polled", takes=1)))
    await process.until(process.queue.wait_until_idle())

    assert (await process.task(task.id)).state is TaskState.QUEUED
    assert provider.script.calls == []
    lock = process.locks.acquire(task.id)
    assert lock is not None, "the next start may have it"


async def test_a_voice_that_isnt_there_is_refused_before_anything_is_queued(world: World) -> None:
    provider = polled()
    provider.has_voice = lambda voice: _soon(voice == "anna")  # type: ignore[attr-defined]
    process = await world.process({"polled": provider}, catalogue=OneModelEach(has_voices=True))

    with pytest.raises(RequestInvalid) as refused:
        await process.until(process.queue.add(request("polled", voice="anne")))
    [task] = await process.until(process.queue.add(request("polled", voice="anna")))

    assert [problem.field for problem in refused.value.problems] == ["voice"]
    assert [each.id for each in await process.real_store.tasks()] == [task.id]


async def _soon(answer: bool) -> bool:
    return answer
