"""One subject under test: the provider as the registry builds it, over real sockets, with a real library."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from app.audio.encoding import encode
from app.audio.files import verify
from app.audio.input_facts import facts_of
from app.audio.splitting import split
from app.domain.audio import AudioInfo
from app.domain.errors import AppError, CredentialsMissing
from app.domain.provider import AudioProvider, Job, Progress, Result, Submission, Uploader, WireRequest
from app.domain.request import GenerationRequest
from app.engine.pace import Pace
from app.engine.retry import AsTold, Doubling
from app.engine.spending import Spending
from app.engine.task_queue import TaskQueue
from app.providers.client import Network, ServiceClient
from app.providers.registry import providers
from app.storage.catalogue import Catalogue
from app.storage.database import Database
from app.storage.ledger import Ceilings
from app.storage.locations import resources_dir
from app.storage.locks import TaskLocks
from app.storage.queue_state import QueueState
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore
from app.storage.transcript_files import TranscriptFiles
from app.storage.uploads import UploadStore
from tests.providers.contract.subjects import Server, Subject
from tests.servers.faults import Fault
from tests.servers.file_host import FileHost
from tests.servers.openai_server import OpenAIServer
from tests.servers.recording import RecordedRequest
from tests.servers.runinfra import RunInfraServer

CATALOGUE = Catalogue.load([resources_dir() / "catalogue"])
_MOST_POLLS = 2_000


@dataclass
class Keyring:
    """Hands out one key, or none."""

    key_in_it: str | None

    async def key(self, provider: str, base_url: str) -> str:
        if self.key_in_it is None:
            raise CredentialsMissing(f"There is no key for {provider}.")
        return self.key_in_it


@dataclass
class Sink:
    """An audio sink in memory."""

    data: bytearray = field(default_factory=bytearray)

    async def write(self, data: bytes) -> None:
        self.data += data


@dataclass(frozen=True)
class Started:
    """A request that was sent.

    Attributes:
        audio: What came with the answer itself, if that was the audio.
    """

    wire: WireRequest
    job: Job
    submission: Submission
    audio: bytes | None = None


@dataclass(frozen=True)
class Times:
    """What the engine takes for the time.

    Attributes:
        now: The wall clock.
        monotonic: Seconds that never run backwards.
        database: Opens the library; for a loop that must know of its thread.
    """

    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    database: Callable[[Path], Database] = Database


@dataclass(frozen=True)
class Process:
    """The engine of one process, with the library that it shares with others."""

    queue: TaskQueue
    store: TaskStore


class Bench:
    """The subject, and the loops that the engine would own.

    Attributes:
        base_url: Where requests go now.
        home: A folder for this test alone.
    """

    def __init__(
        self, subject: Subject, server: Server | None, network: Network, home: Path, times: Times | None = None
    ) -> None:
        self.subject = subject
        self.home = home
        self.keyring = Keyring(subject.key)
        self.base_url = server.url if server is not None else ""
        self.times = times or Times(_now)
        self.files = self.files_in(home)
        self._server = server
        self.everyone: Mapping[str, AudioProvider] = providers(
            encode,
            lambda service: ServiceClient(
                service, network, self.keyring, lambda _: self.base_url, self.files.input_path
            ),
        )

    @property
    def provider(self) -> AudioProvider:
        return self.everyone[self.subject.provider_id]

    def files_in(self, home: Path, limit_bytes: int = 64 << 20) -> TakeFiles:
        """The takes of a library."""
        return TakeFiles(home / "takes", verify, inputs=home / "inputs", now=self.times.now, limit_bytes=limit_bytes)

    @property
    def server(self) -> Server:
        assert self._server is not None, "the subject sends nothing"
        return self._server

    def goes_wrong(self, phase: str | None, fault: Fault, *, times: int | None = 1, after: int = 0) -> None:
        assert phase is not None
        self.server.faults.at(phase, fault, times=times, after=after)

    def submits(self) -> list[RecordedRequest]:
        return self.server.requests_of(self.subject.submit)

    def charges(self) -> int:
        """How often money was taken, once everything that was accepted has ended."""
        if self._server is None:
            return 0
        if not isinstance(self._server, RunInfraServer | OpenAIServer):  # those have no jobs
            self._server.settle()
        return len(self._server.ledger.charges)

    @property
    def links(self) -> FileHost:
        """Where results lie that the service has links to."""
        assert not isinstance(self.server, RunInfraServer | OpenAIServer), "it has no links"
        return self.server.files

    def key_elsewhere(self) -> list[str]:
        """What must not happen: where the key went besides the service."""
        return [] if isinstance(self.server, RunInfraServer | OpenAIServer) else self.links.violations

    async def with_inputs(self, request: GenerationRequest) -> GenerationRequest:
        """Files of the request as `prepare` wants them: copied into the library, and uploaded where that is needed."""
        files = [await self.files.adopt_input(file) for file in request.references]
        if isinstance(self.provider, Uploader):
            files = [
                replace(file, handle=await self.provider.upload(self.files.input_path(file.sha256 or ""), file.kind))
                for file in files
            ]
        return replace(request, references=tuple(files))

    def prepared(self, request: GenerationRequest | None = None, key: UUID | None = None) -> tuple[WireRequest, Job]:
        request, key = request or self.subject.request, key or uuid4()
        job = Job(None, key, self.provider.base_url, request.model, request.takes)
        return self.provider.prepare(request, key), job

    async def start(self, request: GenerationRequest | None = None) -> Started:
        """Prepare and submit; audio that comes with the answer is read to its end."""
        return await self.send(*self.prepared(request))

    async def send(self, wire: WireRequest, job: Job) -> Started:
        submission = await self.provider.submit(wire, job.key)
        job = replace(job, id=submission.job_id)
        stream = submission.stream
        if stream is None:
            return Started(wire, job, submission)
        try:
            audio = b"".join([data async for data in stream])
        finally:
            await stream.aclose()
        whole = replace(submission, progress=Progress(results=(stream.result,), is_final=True))
        return Started(wire, job, whole, audio)

    async def polls(self, started: Started) -> AsyncIterator[Progress]:
        """What is known after the submit, and after each poll until the end."""
        progress = started.submission.progress
        yield progress
        for _ in range(_MOST_POLLS):
            if progress.is_final:
                return
            await asyncio.sleep(0 if self._server is not None else 0.01)
            progress = await self.provider.poll(started.job)
            yield progress
        raise AssertionError("the job never ended")

    async def finished(self, started: Started) -> Progress:
        progress = started.submission.progress
        async for each in self.polls(started):
            progress = each
        return progress

    async def fetched(self, started: Started, result: Result) -> bytes:
        if started.audio is not None:
            return started.audio
        sink = Sink()
        await self.provider.fetch(started.job, result, sink)
        return bytes(sink.data)

    def decoded(self, audio: bytes) -> AudioInfo:
        """What bytes really hold."""
        path = self.home / "fetched"
        path.write_bytes(audio)
        return verify(path)

    @asynccontextmanager
    async def queue(self, bugs: list[BaseException] | None = None, **pace: Any) -> AsyncIterator[TaskQueue]:
        """The engine over this provider, with a real library; it waits for nothing longer than a moment.

        Args:
            bugs: Gets what ended a task and is no AppError.
        """
        poll_s = {self.subject.provider_id: 0.0}
        hasty = Pace(**{"own_first_poll_s": poll_s, "again": Doubling(0.01, 0.05) | AsTold(0.1), **pace})
        async with self.process(hasty, bugs) as process:
            yield process.queue

    @asynccontextmanager
    async def process(
        self, pace: Pace, bugs: list[BaseException] | None = None, home: Path | None = None
    ) -> AsyncIterator[Process]:
        """The engine as one process has it.

        Args:
            home: Another library than that of the bench.
        """
        home = home or self.home
        files = self.files if home == self.home else self.files_in(home)
        database = self.times.database(home / "library.sqlite3")
        await database.open()
        store = TaskStore(database, self.times.now)
        queue = TaskQueue(
            store=store,
            files=files,
            locks=TaskLocks(home / "locks"),
            providers=self.everyone,
            catalogue=CATALOGUE,
            spending=Spending(
                store, Ceilings(), self.times.now, is_unbilled=lambda each: self.everyone[each].recovery.is_unbilled
            ),
            now=self.times.now,
            monotonic=self.times.monotonic,
            state=QueueState(database, self.times.now),
            uploads=UploadStore(database, self.times.now),
            transcripts=TranscriptFiles(home / "transcripts", self.times.now),
            probe=facts_of,
            split=split,
            pace=pace,
            on_bug=bugs.append if bugs is not None else None,
        )
        try:
            yield Process(queue, store)
        finally:
            await queue.close()
            await database.close()
            if files is not self.files:
                await files.close()


@asynccontextmanager
async def bench_for(subject: Subject, network: Network, home: Path, times: Times | None = None) -> AsyncIterator[Bench]:
    """The subject with its service running."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(subject.serve()) if subject.serve is not None else None
        if server is not None:
            subject.arrange(server)
        bench = Bench(subject, server, network, home, times)
        stack.push_async_callback(bench.files.close)
        for provider in bench.everyone.values():
            stack.push_async_callback(provider.aclose)
        yield bench


async def raised_by(work: Any) -> AppError:
    """The error that something ends with; anything else than an AppError is a bug and travels on."""
    try:
        outcome = await work
    except AppError as error:
        return error
    raise AssertionError(f"it went well: {outcome}")


def _now() -> datetime:
    return datetime.now(UTC)
