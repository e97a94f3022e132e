"""Transcriptions: the same states, spending and recovery as every task, part by part where a recording is long."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import OutcomeUnknown, RequestInvalid, RequestRejected, ResultGone, SpendingCeilingReached
from app.domain.provider import Recovery
from app.domain.request import InputFile, TranscriptionRequest
from app.domain.task import Task, TaskState
from app.domain.task_state import NEXT_STATES
from app.domain.transcript import Segment, TranscriptFormat
from app.domain.transcription_spec import TranscriptionSpec
from app.storage.ledger import Ceilings
from tests.engine.world import OneModelEach, Process, World
from tests.fakes.charges import PRICE
from tests.fakes.polled import REPLAY, UNASKABLE, UNBILLED, PolledProvider, PolledService
from tests.fakes.scripted import Script
from tests.fakes.sounds import tone
from tests.fakes.transcribing import TranscribingProvider, TranscribingService

LONG = TranscriptionSpec(tuple(TranscriptFormat), longest_s=1.0, has_diarize=True)
"""Every recording of the tests has two seconds, so it is cut in two."""
SHORT = TranscriptionSpec(tuple(TranscriptFormat))


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "interview.wav"
    path.write_bytes(tone(1))
    return path


def wanted(recording: Path, written: TranscriptFormat = TranscriptFormat.SRT, **more: Any) -> TranscriptionRequest:
    return TranscriptionRequest("service", "model", InputFile(recording), written, **more)


async def process_of(
    world: World,
    service: TranscribingService,
    recovery: Recovery = REPLAY,
    spec: TranscriptionSpec = LONG,
    script: Script | None = None,
    **more: Any,
) -> Process:
    provider = TranscribingProvider(service, recovery, script=script)
    return await world.process({"service": provider}, catalogue=OneModelEach(transcription=spec), **more)


async def transcribed(process: Process, request: TranscriptionRequest) -> Task:
    task = await process.until(process.queue.add_transcription(request))
    (rested,) = await process.until(process.queue.wait([task.id]))
    return rested


def text_of(world: World, task: Task) -> str:
    assert task.transcript_file is not None
    return (world.folder / "transcripts" / task.transcript_file).read_text()


async def test_a_short_recording_is_kept_as_the_service_wrote_it(world: World, recording: Path) -> None:
    process = await process_of(world, TranscribingService(), spec=SHORT)

    task = await transcribed(process, wanted(recording))

    assert task.state is TaskState.FINISHED
    assert text_of(world, task) == "as it came: from 0 to 2"
    assert task.transcript is not None
    assert task.transcript.segments == (Segment(0.25, 0.75, "from 0 to 2", "Ann"),)
    assert task.attempt is not None
    assert task.attempt.receipt.billed == PRICE


async def test_a_long_recording_is_sent_in_parts_and_joined_with_shifted_times(world: World, recording: Path) -> None:
    service = TranscribingService()
    process = await process_of(world, service)

    task = await transcribed(process, wanted(recording))

    assert [body for _, body in service.charges.accepted] == [b"from 0 to 1", b"from 1 to 2"]
    assert text_of(world, task) == (
        "1\n00:00:00,250 --> 00:00:00,750\nAnn: from 0 to 1\n\n"
        "2\n00:00:01,250 --> 00:00:01,750\nAnn (part 2): from 1 to 2\n"
    )
    attempts = await process.real_store.attempts(task.id)
    assert len({each.id for each in attempts}) == 2
    assert sum(each.receipt.billed or 0 for each in attempts) == 2 * PRICE
    assert sum(each.receipt.reserved or 0 for each in attempts) == task.estimate.most


async def check_at_every_step(
    folder: Path, recording: Path, recovery: Recovery, *, knows_keys: bool
) -> tuple[int, list[Task]]:
    """Die once at each step; returns the steps of a whole life, and the tasks in the end."""
    ends: list[Task] = []
    step, steps = 0, 1
    while step <= steps:
        world = World(folder / str(step))
        service = TranscribingService(knows_keys=knows_keys)
        first = await process_of(world, service, recovery, dies_at=step or None)
        if await lives(first, wanted(recording)):
            steps = max(steps, first.mortality.steps) if step == 0 else steps
            await first.end()
        else:
            await first.dies()
        second = await process_of(world, service, recovery)
        world.note("add", (await second.real_store.tasks(),))  # a write may have outlived who waited for it
        await second.until(second.queue.wait(await second.until(second.queue.carry_on())))
        tasks = await second.real_store.tasks()
        check(world, service, tasks)
        ends += tasks
        await second.end()
        step += 1
    return steps, ends


async def lives(process: Process, request: TranscriptionRequest) -> bool:
    async def work() -> None:
        task = await process.queue.add_transcription(request)
        await process.queue.wait([task.id])

    working = asyncio.ensure_future(work())
    dying = asyncio.ensure_future(process.mortality.died.wait())
    await process.until(asyncio.wait([working, dying], return_when=asyncio.FIRST_COMPLETED))
    if process.mortality.died.is_set():
        return False
    dying.cancel()
    await working
    return True


def check(world: World, service: TranscribingService, tasks: list[Task]) -> None:
    bodies = [body for _, body in service.charges.accepted]
    if not tasks:
        assert bodies == []
        return
    (task,) = tasks
    for before, after in pairwise(world.states[task.id]):
        assert after in NEXT_STATES[before]
    if task.state is TaskState.FINISHED:
        assert len(task.heard) == 2
        assert "from 1 to 2" in text_of(world, task)


async def test_dying_at_any_step_pays_no_part_twice_where_the_service_replays(
    quick_folder: Path, recording: Path
) -> None:
    steps, ends = await check_at_every_step(quick_folder, recording, REPLAY, knows_keys=True)

    assert steps > 20
    assert {task.state for task in ends} == {TaskState.FINISHED}


async def test_dying_at_any_step_leaves_the_decision_to_the_user_where_nobody_can_be_asked(
    quick_folder: Path, recording: Path
) -> None:
    _, ends = await check_at_every_step(quick_folder, recording, UNASKABLE, knows_keys=False)

    assert {task.state for task in ends} == {TaskState.FINISHED, TaskState.UNCERTAIN}


async def test_submitting_anew_sends_only_the_part_that_is_missing(world: World, recording: Path) -> None:
    service, script = TranscribingService(knows_keys=False), Script()
    script.after("submit", None, OutcomeUnknown("The answer never came."))
    process = await process_of(world, service, UNASKABLE, script=script)
    task = await transcribed(process, wanted(recording))
    assert (task.state, len(task.heard)) == (TaskState.UNCERTAIN, 1)

    undecided = await process.until(process.queue.undecided(task.id))
    await process.until(process.queue.submit_anew(undecided))
    (done,) = await process.until(process.queue.wait([task.id]))

    assert done.state is TaskState.FINISHED
    assert [body for _, body in service.charges.accepted] == [b"from 0 to 1", b"from 1 to 2", b"from 1 to 2"]


async def test_a_cancelled_transcription_goes_on_with_the_part_that_is_missing(world: World, recording: Path) -> None:
    service, script = TranscribingService(), Script()
    script.before("submit", None, RequestRejected("Too quiet."))
    process = await process_of(world, service, script=script)
    task = await transcribed(process, wanted(recording))
    assert (task.state, len(task.heard)) == (TaskState.FAILED, 1)

    await process.until(process.queue.retry(task.id))
    (done,) = await process.until(process.queue.wait([task.id]))

    assert done.state is TaskState.FINISHED
    assert len(service.charges) == 2


async def test_a_part_that_was_paid_for_and_is_lost_is_never_sent_under_another_key_unasked(
    world: World, recording: Path
) -> None:
    service, script = TranscribingService(), Script()
    script.after("submit", None, ResultGone("It was charged, and can’t be had."))
    process = await process_of(world, service, script=script)
    task = await transcribed(process, wanted(recording))
    assert (task.state, len(task.heard), len(service.charges)) == (TaskState.FAILED, 1, 2)

    await process.until(process.queue.retry(task.id))
    (done,) = await process.until(process.queue.wait([task.id]))

    assert done.state is TaskState.FINISHED  # the service had it after all
    assert len(service.charges) == 2


async def test_where_nobody_can_be_asked_about_a_lost_part_the_user_is(world: World, recording: Path) -> None:
    service, script = TranscribingService(knows_keys=False), Script()
    script.after("submit", None, ResultGone("It was charged, and can’t be had."))
    process = await process_of(world, service, UNASKABLE, script=script)
    task = await transcribed(process, wanted(recording))

    await process.until(process.queue.retry(task.id))
    (asked,) = await process.until(process.queue.wait([task.id]))
    assert (asked.state, len(service.charges)) == (TaskState.UNCERTAIN, 2)
    undecided = await process.until(process.queue.undecided(task.id))
    await process.until(process.queue.submit_anew(undecided))
    (done,) = await process.until(process.queue.wait([task.id]))

    assert (done.state, len(service.charges)) == (TaskState.FINISHED, 3)


async def test_an_unbilled_server_is_simply_asked_again(world: World, recording: Path) -> None:
    service, script = TranscribingService(knows_keys=False), Script()
    script.after("submit", OutcomeUnknown("The answer never came."))
    process = await process_of(world, service, UNBILLED, script=script)

    task = await transcribed(process, wanted(recording))

    assert task.state is TaskState.FINISHED


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"redact": True}, "redact"),
        ({"temperature": 0.5}, "temperature"),
        ({"diarize": True, "written": TranscriptFormat.TEXT}, "diarize"),
    ],
)
async def test_what_a_model_cannot_do_is_refused_at_its_field(
    world: World, recording: Path, more: dict[str, Any], field: str
) -> None:
    process = await process_of(world, TranscribingService())

    with pytest.raises(RequestInvalid) as caught:
        await transcribed(process, wanted(recording, **more))

    assert [problem.field for problem in caught.value.problems] == [field]


async def test_a_file_that_is_no_audio_and_one_that_is_too_large_are_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_bytes(b"png")
    (tmp_path / "large.wav").write_bytes(tone(1) + bytes(30_000))
    process = await process_of(
        world, TranscribingService(), spec=TranscriptionSpec((TranscriptFormat.TEXT,), largest_bytes=30_000)
    )

    for name, words in (("notes.png", "isn’t audio"), ("large.wav", "may have 0 MB")):
        with pytest.raises(RequestInvalid, match=words) as caught:
            await transcribed(process, wanted(tmp_path / name, TranscriptFormat.TEXT))
        assert [problem.field for problem in caught.value.problems] == ["audio"]


async def test_a_file_that_no_export_would_make_small_enough_is_sent_in_parts(world: World, tmp_path: Path) -> None:
    (tmp_path / "large.wav").write_bytes(tone(1) + bytes(30_000))  # of two seconds, which as MP3 are 24 kB
    service = TranscribingService()
    process = await process_of(world, service, spec=TranscriptionSpec((TranscriptFormat.TEXT,), largest_bytes=22_000))

    task = await transcribed(process, wanted(tmp_path / "large.wav", TranscriptFormat.TEXT))

    assert task.state is TaskState.FINISHED
    assert [body for _, body in service.charges.accepted] == [b"from 0 to 1", b"from 1 to 2"]


async def test_a_model_that_makes_audio_writes_nothing_down(world: World, recording: Path) -> None:
    process = await world.process({"service": PolledProvider(PolledService(), REPLAY, "service")})

    with pytest.raises(RequestInvalid, match="writes nothing down"):
        await transcribed(process, wanted(recording))


async def test_a_ceiling_counts_the_whole_recording(world: World, recording: Path) -> None:
    process = await process_of(world, TranscribingService(), ceilings=Ceilings(day=PRICE / 2))

    with pytest.raises(SpendingCeilingReached):
        await transcribed(process, wanted(recording))
