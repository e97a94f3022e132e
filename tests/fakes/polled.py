"""A service that makes N results one by one: one fails, one link expires. And the provider that asks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from app.domain.errors import OutcomeUnknown, ResultExpired, ResultGone
from app.domain.provider import (
    AudioSink,
    FailedResult,
    Job,
    Progress,
    Recovery,
    Result,
    Submission,
    WireRequest,
)
from app.domain.request import GenerationRequest
from app.domain.take import Failure
from app.domain.voice import Voice
from tests.fakes.charges import PRICE, Charges
from tests.fakes.scripted import Script
from tests.fakes.sounds import tone

FIND = Recovery(can_find=True)
REPLAY = Recovery(replay_within=timedelta(hours=24))
UNASKABLE = Recovery()
UNBILLED = Recovery(is_unbilled=True)


@dataclass(slots=True)
class _Made:
    key: UUID
    takes: int
    polls: int = 0
    links: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class PolledService:
    """The far side; it outlives every process that talks to it.

    Each poll finds one more result done. Result `fails` fails; the first link of result `expires` is dead by the
    time it is used, and a later poll gives a fresh one. The same key is never made twice where it `knows_keys`.

    Attributes:
        tells_cost: Whether the final answer says what the job cost.
        has_links: Whether results are behind links; else the service hands them out itself.
    """

    fails: int | None = 2
    expires: int | None = 3
    knows_keys: bool = True
    tells_cost: bool = True
    has_links: bool = True
    charges: Charges = field(default_factory=Charges)
    jobs: dict[str, _Made] = field(default_factory=dict)
    garbage: set[int] = field(default_factory=set)

    def accept(self, key: UUID, body: bytes, takes: int) -> str:
        if self.knows_keys:
            for job_id, made in self.jobs.items():
                if made.key == key:
                    return job_id
        self.charges.charge(key, body)
        job_id = f"job-{len(self.jobs) + 1}"
        self.jobs[job_id] = _Made(key, takes)
        return job_id

    def forget(self) -> None:
        """It was part of the process that died, as the embedded generator is."""
        self.jobs.clear()

    def job_of(self, key: UUID) -> str | None:
        return next((job_id for job_id, made in self.jobs.items() if made.key == key), None)

    def ask(self, job_id: str) -> Progress:
        made = self.jobs.get(job_id)
        if made is None:
            raise ResultGone("The service doesn't know this job.")
        made.polls += 1
        done = min(made.polls, made.takes)
        is_final = done == made.takes
        results, failures = [], []
        for number in range(1, done + 1):
            if number == self.fails:
                failures.append(FailedResult(f"{made.key}/{number}", Failure("generation_failed", "No.")))
            else:
                is_late = number == self.expires and made.polls > number + 1
                made.links[number] = 2 if is_late or made.links.get(number) == 2 else 1
                link = f"https://results.example/{job_id}/{number}?link={made.links[number]}"
                results.append(Result(f"{made.key}/{number}", link if self.has_links else None, seed=number))
        cost = PRICE if is_final and self.tells_cost else None
        return Progress(tuple(results), tuple(failures), done / made.takes, is_final, cost)

    def bytes_of(self, result: Result) -> bytes:
        key, _, number = result.id.partition("/")
        job_id = self.job_of(UUID(key))
        if job_id is None:
            raise ResultGone("The service doesn't know this result.")
        if int(number) == self.expires and result.link is not None and result.link.endswith("link=1"):
            raise ResultExpired("This link is no longer valid.")
        return b"not a sound" if int(number) in self.garbage else self.sound(job_id, int(number))

    @staticmethod
    def sound(job_id: str, number: int) -> bytes:
        return tone(int(job_id.removeprefix("job-")) * 100 + number)


class PolledProvider:
    """One process's way to a polled service."""

    def __init__(
        self, service: PolledService, recovery: Recovery, provider_id: str = "polled", script: Script | None = None
    ) -> None:
        self.service = service
        self.script = script or Script()
        self.recovery = recovery
        self.id = provider_id
        self.base_url = "https://polled.example"

    def prepare(self, request: GenerationRequest, key: UUID) -> WireRequest:
        return WireRequest("POST", f"/jobs?takes={request.takes}", body=request.prompt.encode())

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:
        await self.script.reach("submit")
        job_id = self.service.accept(key, wire.body, int(wire.path.partition("=")[2]))
        await self.script.leave("submit")
        return Submission(job_id)

    async def poll(self, job: Job) -> Progress:
        await self.script.reach("poll")
        assert job.id is not None
        progress = self.service.ask(job.id)
        await self.script.leave("poll")
        return progress

    async def fetch(self, job: Job, result: Result, into: AudioSink) -> None:
        await self.script.reach("fetch")
        data = self.service.bytes_of(result)
        for start in range(0, len(data), 400):
            await into.write(data[start : start + 400])
        await self.script.leave("fetch")

    async def find(self, wire: WireRequest, job: Job) -> Submission | None:
        assert self.recovery.can_find, "nobody may ask a service that can't be asked"
        await self.script.reach("find")
        job_id = self.service.job_of(job.key)
        await self.script.leave("find")
        return Submission(job_id) if job_id is not None else None

    async def voices(self) -> tuple[Voice, ...]:
        return ()

    async def aclose(self) -> None:
        return


def lost_answer() -> OutcomeUnknown:
    return OutcomeUnknown("The connection broke after the request was sent.")


ONE_DOLLAR = Decimal(1)
