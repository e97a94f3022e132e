"""One case from the click to the last decision, through several processes on one library."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from app.audio.files import verify
from app.domain.errors import AppError, BrokenAudio, RequestInvalid
from app.domain.receipt import Spent
from app.domain.request import GenerationRequest
from app.domain.take import TakeState
from app.domain.task import Task, TaskState
from app.engine.pace import Pace
from app.engine.retry import AsTold, Doubling
from app.storage.database import Database
from tests.campaigns.faults.cases import Case
from tests.campaigns.faults.scene import Scene
from tests.campaigns.faults.watching import Left, WatchedNetwork
from tests.campaigns.faults.ways import Recovers, Way
from tests.fakes.virtual_loop import VirtualLoop
from tests.providers.contract.bench import Bench, Process, Times, bench_for
from tests.servers.file_host import FileHost
from tests.servers.openai_server import OpenAIServer
from tests.servers.runinfra import RunInfraServer

LARGEST_TAKE_BYTES = 4 << 20
_LATER_S = 3_700.0
"""Until all is well again: longer than the longest wait that a service is granted."""
_REAL_PACE = 1 / 200
_NEVER_S = 1e9  # nobody else works on the library, so nobody's wishes are looked for
UNHURRIED = Pace(again=Doubling(1.0, 60.0) | AsTold(), wishes_s=_NEVER_S, live_s=1.0)
"""The app's own intervals and limits, without dice: every run goes the same way."""


def hasty(case: Case) -> Pace:
    """For a real clock: the same order of things in moments. Patience is short only where it must come to its end."""
    patience_s = 0.4 if case.is_lasting else 30.0
    return Pace(
        own_first_poll_s={case.way.subject.provider_id: 0.0},
        again=Doubling(0.01, 0.05) | AsTold(0.1),
        patience_s=patience_s,
        job_patience_s=patience_s,
        wishes_s=_NEVER_S,
    )


@dataclass(frozen=True)
class Seen:
    """What there is when everything rests.

    Attributes:
        charges: At the service, once everything that it took has ended.
        took_usd: What they are together.
        files: Below the takes folder, with forward slashes.
        strays: Files that are in no take's row.
        undecodable: Stored takes that don't decode.
    """

    task: Task
    charges: int
    took_usd: Decimal
    spent: Spent
    files: tuple[str, ...]
    strays: tuple[str, ...]
    undecodable: tuple[str, ...]
    has_transcript: bool

    @property
    def takes(self) -> int:
        return sum(take.state is TakeState.STORED for take in self.task.takes)


@dataclass
class Story:
    """What came of one case.

    Attributes:
        first: When the process of the click came to rest.
        carried_on: When all was well again, and another process had carried on.
        given_up: A copy of the library in which the user marked an uncertain task as failed.
        last: When the user had tried everything that costs nothing, or had it made anew.
        left: Every request that left.
        asked_s: When somebody was asked at the phase that goes wrong, in seconds.
        troubles: What must not happen at all, in words.
        is_real: By the clock on the wall.
    """

    case: Case
    first: Seen | None = None
    carried_on: Seen | None = None
    given_up: Seen | None = None
    last: Seen | None = None
    left: Sequence[Left] = ()
    asked_s: Sequence[float] = ()
    troubles: list[str] = field(default_factory=list)
    is_real: bool = False


class Player:
    """Plays cases, one after the other."""

    def __init__(self, network: WatchedNetwork) -> None:
        self._network = network

    async def play(self, case: Case, home: Path, loop: VirtualLoop | None) -> Story:
        """
        Args:
            home: An empty folder.
            loop: The running one, where time is virtual; None plays by the clock on the wall.
        """
        story = Story(case, is_real=loop is None)
        bugs: list[BaseException] = []
        way = case.way
        self._network.left = []
        async with AsyncExitStack() as stack:
            times = None if loop is None else _times_of(loop)
            bench = await stack.enter_async_context(bench_for(way.subject, self._network, home, times))
            stack.push_async_callback(self._network.aclose)
            elsewhere = await stack.enter_async_context(FileHost(secrets={way.subject.key}))
            bench.files = bench.files_in(home, LARGEST_TAKE_BYTES)
            stack.push_async_callback(bench.files.close)
            own = bench.base_url
            self._network.reroute(way.address, own)
            bench.base_url = way.address or own
            scene = Scene(
                way, case.phase, bench, elsewhere, is_lasting=case.is_lasting, pace=1.0 if loop else _REAL_PACE
            )
            pace = UNHURRIED if loop is not None else hasty(case)
            await _Playing(story, scene, bench, home, pace, bugs).play()
            story.left = self._network.left
            story.troubles += _keys_astray(story.left, bench, way, elsewhere)
        story.troubles += [f"a bug: {bug!r}" for bug in bugs]
        story.troubles += [f"nobody awaited: {mishap}" for mishap in (loop.mishaps if loop else ())]
        return story


class _Playing:
    def __init__(
        self, story: Story, scene: Scene, bench: Bench, home: Path, pace: Pace, bugs: list[BaseException]
    ) -> None:
        self._story = story
        self._scene = scene
        self._bench = bench
        self._home = home
        self._pace = pace
        self._bugs = bugs
        self._task_id = ""

    async def play(self) -> None:
        story = self._story
        story.case.misfortune.begin(self._scene)
        async with self._process() as process:
            task = await self._click(process)
            self._task_id = task.id
            await process.queue.wait([task.id])
            story.first = await self._look(process)
            asked = [each for phase in self._phases for each in self._scene.host.requests_of(phase)]
            story.asked_s = sorted(each.at_s for each in asked)
        if self._pace is UNHURRIED:
            await asyncio.sleep(_LATER_S)
        await self._scene.heal()
        async with self._process() as process:
            await process.queue.wait(await process.queue.carry_on())
            story.carried_on = await self._look(process)
        if story.carried_on.task.state is TaskState.UNCERTAIN:
            story.given_up = await self._give_up()
            async with self._process() as process:
                await self._ask(process)
        async with self._process() as process:
            await self._try_everything(process)
            story.last = await self._look(process)

    @property
    def _phases(self) -> tuple[str, ...]:
        return self._scene.way.phases[self._scene.phase]

    def _process(self, home: Path | None = None):  # type: ignore[no-untyped-def]
        return self._bench.process(self._pace, self._bugs, home)

    async def _click(self, process: Process) -> Task:
        wanted = self._scene.way.request(self._home / "of the user")
        if isinstance(wanted, GenerationRequest):
            (task,) = await process.queue.add(wanted, accept_unknown_price=True)
            return task
        return await process.queue.add_transcription(wanted, accept_unknown_price=True)

    async def _ask(self, process: Process) -> None:
        """Whoever can't be asked isn't: that changes nothing."""
        try:
            await process.queue.check_again(self._task_id)
        except RequestInvalid:
            return
        if self._scene.way.recovers is Recovers.NOT:
            self._story.troubles.append("a service was asked that can’t be")
        await process.queue.wait([self._task_id])

    async def _give_up(self) -> Seen:
        copy = self._home.with_name(f"{self._home.name} given up")
        shutil.copytree(self._home, copy)
        async with self._process(copy) as process:
            await process.queue.resolve_failed(self._task_id)
            return await self._look(process, copy)

    async def _try_everything(self, process: Process) -> None:
        """What the user can do: fetch each take again, then try the task again, as often as that moves it."""
        task = await process.store.task(self._task_id)
        if task.state is TaskState.FINISHED and task.failure is None:
            return
        for take in task.takes:
            if take.state in (TakeState.BROKEN, TakeState.EXPIRED) and task.state is not TaskState.UNCERTAIN:
                await self._decide(process, process.queue.fetch_again(take.id))
        if task.state is TaskState.UNCERTAIN:
            undecided = await process.queue.undecided(self._task_id)
            await self._decide(process, process.queue.submit_anew(undecided))
        else:
            await self._decide(process, process.queue.retry(self._task_id))

    async def _decide(self, process: Process, decision) -> None:  # type: ignore[no-untyped-def]
        try:
            await decision
        except AppError:
            return
        await process.queue.wait([self._task_id])

    async def _look(self, process: Process, home: Path | None = None) -> Seen:
        task = await process.store.task(self._task_id)
        charges = self._bench.charges()
        takes = (home or self._home) / "takes"
        files = tuple(sorted(each.relative_to(takes).as_posix() for each in takes.glob("*/*")))
        known = {take.file for take in task.takes if take.file is not None}
        stored = [take for take in task.takes if take.state is TakeState.STORED]
        now = self._bench.times.now()
        transcript = task.transcript_file and ((home or self._home) / "transcripts" / task.transcript_file)
        return Seen(
            task,
            charges,
            self._bench.server.ledger.total_usd,
            await process.store.spent(now - timedelta(days=400), now + timedelta(days=400)),
            files,
            tuple(file for file in files if file not in known),
            tuple(take.id for take in stored if not _decodes(takes / (take.file or "nowhere"), take.info)),
            has_transcript=bool(transcript and transcript.read_text().strip()),
        )


def _decodes(path: Path, info: object) -> bool:
    try:
        return verify(path) == info
    except (BrokenAudio, OSError):
        return False


def _times_of(loop: VirtualLoop) -> Times:
    class CountedDatabase(Database):
        """Time waits for its thread."""

        async def open(self) -> None:
            with loop.waiting_for_a_thread():
                await super().open()

        async def _do(self, work, *, is_write):  # type: ignore[no-untyped-def]
            with loop.waiting_for_a_thread():
                return await super()._do(work, is_write=is_write)

        async def close(self) -> None:
            with loop.waiting_for_a_thread():
                await super().close()

    return Times(loop.now, loop.time, CountedDatabase)


def _keys_astray(left: Sequence[Left], bench: Bench, way: Way, elsewhere: FileHost) -> list[str]:
    """Where a key went that it mustn't, and where anything went that nothing may."""
    own = bench.base_url
    links = [] if isinstance(bench.server, RunInfraServer | OpenAIServer) else [bench.links.origin]
    known = (own, *links, elsewhere.origin)
    found = [f"{each.url} got a key" for each in left if each.has_key and not each.url.startswith(own)]
    found += [f"{each.url} was asked" for each in left if not each.url.startswith(known)]
    return [*found, *elsewhere.violations, *bench.key_elsewhere()]
