"""Inputs that go to a service by reference: uploaded once, anew when it lost them, never paid for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.errors import (
    CredentialsRejected,
    NotConnected,
    RateLimited,
    RequestInvalid,
    RequestRejected,
    UploadGone,
)
from app.domain.provider import Progress
from app.domain.request import GenerationRequest, InputFile, InputKind
from app.domain.task import TaskState
from tests.engine.world import Process, World, request
from tests.fakes.polled import FIND, PolledProvider, PolledService, lost_answer


class UploadingService(PolledService):
    """A polled service that keeps uploads, until it loses them."""

    def __init__(self) -> None:
        super().__init__(fails=None, expires=None)
        self.uploads: list[bytes] = []
        self.kept: set[str] = set()

    def charged(self) -> list[UUID]:
        return [key for key, _ in self.charges.accepted]


class SilentService(PolledService):
    """Has taken the job, and says nothing about it."""

    def __init__(self) -> None:
        super().__init__(fails=None, expires=None)
        self.is_silent = True

    def ask(self, job_id: str) -> Progress:
        return Progress() if self.is_silent else super().ask(job_id)


class UploadingProvider(PolledProvider):
    """Puts the handles of its inputs into the body, and refuses those that its service doesn't know."""

    service: UploadingService

    async def upload(self, file: Path, kind: InputKind) -> str:
        await self.script.reach("upload")
        self.service.uploads.append(file.read_bytes())
        handle = f"{kind}-{len(self.service.uploads)}"
        self.service.kept.add(handle)
        await self.script.leave("upload")
        return handle

    def prepare(self, request: GenerationRequest, key):
        wire = super().prepare(request, key)
        return type(wire)(wire.method, wire.path, body=" ".join(str(f.handle) for f in request.references).encode())

    async def submit(self, wire, key):
        missing = [handle for handle in wire.body.decode().split() if handle not in self.service.kept]
        if missing:
            raise UploadGone(f"There is no {missing[0]}.", code="mediaNotFound")
        return await super().submit(wire, key)


@pytest.fixture
def service() -> UploadingService:
    return UploadingService()


@pytest.fixture
def clips(tmp_path: Path) -> tuple[InputFile, ...]:
    for name in ("one.wav", "two.wav"):
        (tmp_path / name).write_bytes(name.encode())
    return tuple(InputFile(tmp_path / name) for name in ("one.wav", "two.wav"))


async def process_of(world: World, service: UploadingService) -> Process:
    return await world.process({"polled": UploadingProvider(service, FIND)})


async def test_each_clip_is_uploaded_once_for_any_number_of_tasks_and_starts(world, service, clips):
    first = await process_of(world, service)
    await first.run(request("polled", takes=1, references=clips))
    await first.end()
    second = await process_of(world, service)

    task = await second.run(request("polled", takes=2, references=clips))

    assert task.state is TaskState.FINISHED
    assert service.uploads == [b"one.wav", b"two.wav"]
    assert task.attempt.wire.body == b"clip-1 clip-2"


async def test_tasks_side_by_side_share_one_upload_of_a_clip(world, service, clips):
    provider = UploadingProvider(service, FIND)
    provider.script.hold("upload")
    process = await world.process({"polled": provider})
    tasks = [
        (await process.until(process.queue.add(request("polled", prompt, takes=1, references=clips))))[0]
        for prompt in ("rain", "wind")
    ]
    await process.until(provider.script.reached("upload"))
    await process.until(process.clock.sleep(5))  # long enough for the other one to come as far

    provider.script.let_go("upload")
    done = await process.until(process.queue.wait([task.id for task in tasks]))

    assert [task.state for task in done] == [TaskState.FINISHED] * 2
    assert service.uploads == [b"one.wav", b"two.wav"]


async def test_a_clip_that_the_service_lost_is_uploaded_again_and_the_request_made_anew(world, service, clips):
    process = await process_of(world, service)
    await process.run(request("polled", takes=1, references=clips))
    service.kept.clear()

    task = await process.run(request("polled", takes=1, references=clips))

    assert task.state is TaskState.FINISHED
    assert len(service.uploads) == 4
    attempts = await process.real_store.attempts(task.id)
    assert [each.receipt.billed is not None and each.receipt.billed == 0 for each in attempts] == [True, False]
    assert len({each.id for each in attempts}) == 2
    assert attempts[1].id in service.charged()
    assert attempts[0].id not in service.charged()


async def test_a_service_that_never_finds_what_was_uploaded_ends_in_a_failure(world, service, clips):
    class Forgetful(UploadingProvider):
        async def submit(self, wire, key):
            raise UploadGone("There is no such media.", code="mediaExpired")

    process = await world.process({"polled": Forgetful(service, FIND)})

    task = await process.run(request("polled", takes=1, references=clips))

    assert task.state is TaskState.FAILED
    assert (task.failure.kind, task.failure.code) == ("upload_gone", "mediaExpired")
    assert len(service.uploads) == 4


async def test_a_lost_clip_never_makes_a_second_request_of_one_that_may_have_been_taken(world, service, clips):
    provider = UploadingProvider(service, FIND)

    def forget_everything() -> None:
        service.jobs.clear()  # a service that tells nothing about a job may have it all the same
        service.kept.clear()
        raise lost_answer()

    provider.script.after("submit", forget_everything)
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1, references=clips))

    assert task.state is TaskState.UNCERTAIN
    assert "clip-1" in task.failure.message
    assert len(service.charged()) == 1
    assert len(await process.real_store.attempts(task.id)) == 1


async def test_an_upload_that_finds_no_network_waits_and_goes_on(world, service, clips):
    process = await process_of(world, service)
    provider = UploadingProvider(service, FIND)
    provider.script.before("upload", NotConnected("No network."), NotConnected("No network."))
    other = await world.process({"polled": provider})

    task = await other.run(request("polled", takes=1, references=clips))

    assert task.state is TaskState.FINISHED
    assert len(service.uploads) == 2
    await process.end()


@pytest.mark.parametrize("refusal", [CredentialsRejected("Wrong key."), RequestRejected("Too large.", "references")])
async def test_a_refused_upload_is_a_failed_task_for_which_nothing_was_sent(world, service, clips, refusal):
    provider = UploadingProvider(service, FIND)
    provider.script.before("upload", refusal)
    process = await world.process({"polled": provider})

    task = await process.run(request("polled", takes=1, references=clips))

    assert (task.state, task.failure.kind, task.attempt) == (TaskState.FAILED, refusal.kind, None)


async def test_a_picture_given_as_a_clip_is_refused_with_its_name_before_anything_is_queued(world, service, tmp_path):
    (tmp_path / "face.png").write_bytes(b"png")
    process = await process_of(world, service)

    with pytest.raises(RequestInvalid, match=r"face\.png isn't audio") as caught:
        await process.until(process.queue.add(request("polled", references=(InputFile(tmp_path / "face.png"),))))

    assert [problem.field for problem in caught.value.problems] == ["references"]
    assert await process.real_store.tasks() == []


async def test_a_job_without_news_is_paused_and_taken_up_again_without_another_charge(world):
    service = SilentService()
    process = await world.process({"polled": PolledProvider(service, FIND)})

    task = await process.run(request("polled", takes=1))

    assert task.state is TaskState.RUNNING
    assert "20 minutes" in process.queue.live(task.id).words
    service.is_silent = False
    await process.until(process.queue.check_again(task.id))
    (done,) = await process.until(process.queue.wait([task.id]))
    assert done.state is TaskState.FINISHED
    assert len(service.charges) == 1


class WatchedProvider(UploadingProvider):
    """Knows when it was asked for what."""

    def __init__(self, service: UploadingService) -> None:
        super().__init__(service, FIND)
        self.asked: list[tuple[str, datetime]] = []
        self.now: Callable[[], datetime] = lambda: datetime.max.replace(tzinfo=UTC)

    async def upload(self, file: Path, kind: InputKind) -> str:
        self.asked.append(("upload", self.now()))
        return await super().upload(file, kind)

    async def submit(self, wire, key):
        self.asked.append(("submit", self.now()))
        return await super().submit(wire, key)


async def test_a_service_that_is_too_busy_for_an_upload_is_left_alone_by_everybody(world, service, clips):
    provider = WatchedProvider(service)
    process = await world.process({"polled": provider})
    provider.now = process.clock.now
    provider.script.before("upload", RateLimited("Busy.", 3_000))
    wanted = [request("polled", takes=1, references=(clip,)) for clip in clips]
    tasks = [(await process.until(process.queue.add(wanted[0])))[0]]
    await process.until(provider.script.reached("upload"))
    tasks += [(await process.until(process.queue.add(each)))[0] for each in (wanted[1], request("polled", "plain"))]

    await process.until(process.queue.wait_until_idle())

    (first, refused_at), *later = provider.asked
    assert first == "upload"
    assert sorted(what for what, _ in later) == ["submit"] * 3 + ["upload"] * 2
    assert all(asked_at - refused_at >= timedelta(seconds=3_000) for _, asked_at in later)
    assert [(await process.task(task.id)).state for task in tasks] == [TaskState.FINISHED] * 3
