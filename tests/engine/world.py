"""A library on disk, services that outlive everything, and processes that come and go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from app.audio.splitting import Cut
from app.domain.audio import AudioFormat
from app.domain.errors import Problem, RequestInvalid
from app.domain.input_facts import InputFacts
from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import ParameterSpec, Range
from app.domain.price import Price, PriceUnit
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import GenerationRequest, InputKind
from app.domain.task import Task, TaskState
from app.domain.transcription_spec import TranscriptionSpec
from app.engine.pace import Pace
from app.engine.retry import AsTold, Doubling
from app.engine.spending import Spending
from app.engine.task_queue import TaskQueue
from app.storage.database import Database
from app.storage.ledger import Ceilings
from app.storage.locks import TaskLock, TaskLocks
from app.storage.partial_take import PartialTake
from app.storage.queue_state import QueueState
from app.storage.take_files import TakeFiles
from app.storage.task_store import TaskStore
from app.storage.transcript_files import TranscriptFiles
from app.storage.uploads import UploadStore
from tests.fakes.charges import PRICE
from tests.fakes.mortality import Mortal, Mortality
from tests.fakes.sounds import whole_wav
from tests.fakes.virtual_clock import VirtualClock

T = TypeVar("T")


def probe(path: Path) -> InputFacts:
    """Every file is a clip of two seconds, unless its name says otherwise."""
    kind = {".wav": InputKind.CLIP, ".png": InputKind.PICTURE}.get(path.suffix, InputKind.CLIP)
    return InputFacts(kind, path.stat().st_size, 2.0)


def split(
    path: Path,
    longest_s: float | None,
    folder: Path,
    *,
    file_format: AudioFormat,
    cancelled: Callable[[], bool],
) -> list[Cut]:
    """Parts of one second each, whatever is allowed."""
    parts = [folder / f"{number}{file_format.suffix}" for number in range(2 if longest_s is not None else 1)]
    samples = path.read_bytes()
    for number, part in enumerate(parts):
        part.write_bytes(f"part {number}: ".encode() + samples[number :: len(parts)])
    return [Cut(float(number), number + 1.0, part) for number, part in enumerate(parts)]


PACE = Pace(again=Doubling(1.0, 30.0) | AsTold())  # no dice: every run of a test goes the same way


def request(provider: str, prompt: str = "rain", takes: int = 3, **more: Any) -> GenerationRequest:
    return GenerationRequest(provider, "model", prompt, takes=takes, **more)


@dataclass(frozen=True, slots=True)
class OneModelEach:
    """Every provider has one model, `model`."""

    price: Price | None = field(default_factory=lambda: Price(PRICE, PriceUnit.REQUEST))
    max_takes: int = 4
    has_voices: bool = False
    transcription: TranscriptionSpec | None = None
    parameters: tuple[ParameterSpec, ...] = ()

    def spec(self, provider: str, model: str) -> ModelSpec:
        if model != "model":
            raise RequestInvalid([Problem("model", f"There is no model {model}.")])
        return ModelSpec(
            provider,
            "model",
            "Model",
            (Kind.EFFECT,),
            max_takes=self.max_takes,
            seed=Range(0, 9, 0),
            references=ReferenceSpec(max_clips=2),
            has_voices=self.has_voices,
            transcription=self.transcription,
            parameters=self.parameters,
            price=self.price,
        )


class World:
    """What is left when all processes are gone.

    Attributes:
        states: Every state that was written of each task, in order; the same one twice counts once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.states: dict[str, list[TaskState]] = {}
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self._processes: list[Process] = []

    async def process(self, providers: Mapping[str, Any], **more: Any) -> Process:
        process = Process(self, providers, **more)
        await process.database.open()
        self._processes.append(process)
        return process

    async def end(self) -> None:
        """Every process ends as it should."""
        for process in self._processes:
            await process.end()

    def file(self, file: str) -> Path:
        return self.folder / "takes" / file

    def note(self, name: str, args: tuple[Any, ...]) -> None:
        """Remember what was written."""
        several = args[0] if args else ()
        tasks = {"record": args[:1], "begin": args[:1], "add": several, "record_all": several}.get(name, ())
        for task in tasks:
            seen = self.states.setdefault(task.id, [])
            if not seen or seen[-1] is not task.state:
                seen.append(task.state)


class _Locks:
    """Real locks, and the memory of them that the operating system has."""

    def __init__(self, locks: TaskLocks) -> None:
        self._locks = locks
        self._taken: list[TaskLock] = []

    def acquire(self, task_id: str) -> TaskLock | None:
        return self.acquire_each([task_id])[0]

    def acquire_each(self, task_ids: Sequence[str]) -> list[TaskLock | None]:
        locks = self._locks.acquire_each(task_ids)
        self._taken.extend(lock for lock in locks if lock is not None)
        return locks

    def is_held(self, name: str) -> bool:
        return self._locks.is_held(name)

    def release(self, locks: Collection[TaskLock]) -> None:
        self._locks.release(locks)

    def release_all(self) -> None:
        for lock in self._taken:
            lock.release()


class Process:
    """One run of the app's engine."""

    def __init__(
        self,
        world: World,
        providers: Mapping[str, Any],
        *,
        dies_at: int | None = None,
        ceilings: Ceilings | None = None,
        catalogue: Any = None,
        pace: Pace = PACE,
        **more: Any,
    ) -> None:
        self.mortality = Mortality(dies_at)
        self.clock = VirtualClock(self.mortality.is_busy, self.mortality.idle, world.time)
        self._world = world
        self.database = Database(world.folder / "library.sqlite3")
        self.real_store = TaskStore(self.database, self.clock.now)
        self.store: Any = Mortal(self.real_store, self.mortality, world.note)
        self.state: Any = Mortal(QueueState(self.database, self.clock.now), self.mortality, world.note)
        self.real_files = TakeFiles(world.folder / "takes", whole_wav, now=self.clock.now)
        self._opened: list[PartialTake] = []
        self.transcripts: Any = Mortal(
            TranscriptFiles(world.folder / "transcripts", self.clock.now), self.mortality, world.note
        )
        self.files: Any = Mortal(self.real_files, self.mortality, self._note_opening)
        self.locks = _Locks(TaskLocks(world.folder / "locks"))
        self.bugs: list[BaseException] = []
        self.changes: list[Task] = []
        self.spending = Spending(self.store, ceilings or Ceilings(), self.clock.now)
        self._is_over = False
        self.queue = TaskQueue(
            store=self.store,
            files=self.files,
            locks=self.locks,  # type: ignore[arg-type]
            providers={
                name: Mortal(p, self.mortality, world.note, takes_real_time=False) for name, p in providers.items()
            },
            catalogue=catalogue or OneModelEach(),
            spending=self.spending,
            now=self.clock.now,
            state=self.state,
            uploads=UploadStore(self.database, self.clock.now),
            transcripts=self.transcripts,
            probe=probe,
            split=split,
            pace=pace,
            sleep=self.clock.sleep,
            monotonic=self.clock.monotonic,
            on_bug=self.bugs.append,
            **more,
        )
        self.queue.changed.listen(self.changes.append)

    def _note_opening(self, name: str, args: tuple[Any, ...]) -> None:
        if name == "open":
            self._opened.extend(args)

    async def until(self, work: Awaitable[T]) -> T:
        """Await something while time passes."""
        return await self.clock.run(work)

    async def run(self, wanted: GenerationRequest) -> Task:
        """One click, until it rests."""
        tasks = await self.until(self.queue.add(wanted))
        rested = await self.until(self.queue.wait([task.id for task in tasks]))
        return rested[0]

    async def moves_to(self, task_id: str, state: TaskState) -> Task:
        """Wait until a task is written in a state."""
        arrived = asyncio.get_running_loop().create_future()

        def look(task: Task) -> None:
            if task.id == task_id and task.state is state and not arrived.done():
                arrived.set_result(task)

        stop = self.queue.changed.listen(look)
        for task in self.changes:
            look(task)
        try:
            return await self.until(arrived)
        finally:
            stop()

    async def task(self, task_id: str) -> Task:
        return await self.real_store.task(task_id)

    async def end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._world.time = self.clock.now()
            await self.until(self.queue.close())
            await self.until(self.real_files.close())
            await self.database.close()

    async def dies(self) -> None:
        """Power off."""
        self._is_over = True
        self._world.time = self.clock.now()
        await self.mortality.bury()
        self.locks.release_all()
        await self.real_files.close()
        for partial in self._opened:
            if partial._file is not None:
                partial._file.close()  # the system does so, and keeps the bytes
        await self.database.close()


def at(moment: datetime, task: Task) -> Task:
    return replace(task, created_at=moment, updated_at=moment)


CENT = Decimal("0.01")
