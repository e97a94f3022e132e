"""A service that answers with the audio itself, and the provider that listens to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from app.domain.errors import OutcomeUnknown, ResultGone
from app.domain.provider import AudioSink, Job, Progress, Recovery, Result, Submission, WireRequest
from app.domain.request import GenerationRequest
from app.domain.voice import Voice
from tests.fakes.charges import PRICE, Charges
from tests.fakes.scripted import Script
from tests.fakes.sounds import tone

CHUNK = 200


@dataclass(slots=True)
class StreamingService:
    """The far side. The same key is charged once where it `knows_keys`, and brings the same sound again."""

    knows_keys: bool = True
    charges: Charges = field(default_factory=Charges)
    made: dict[UUID, int] = field(default_factory=dict)

    def make(self, key: UUID, body: bytes) -> int:
        if self.knows_keys and key in self.made:
            return self.made[key]
        self.charges.charge(key, body)
        self.made[key] = len(self.charges)
        return self.made[key]


class _Stream:
    """An open response; the script's verb `chunk` strikes between its parts."""

    def __init__(self, script: Script, number: int) -> None:
        self._script = script
        self._data = tone(number)
        self.result = Result(f"stream-{number}", cost=PRICE)
        self.is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._data), CHUNK):
            await self._script.reach("chunk")
            yield self._data[start : start + CHUNK]
            await self._script.leave("chunk")

    async def aclose(self) -> None:
        self.is_closed = True


class StreamingProvider:
    """One process's way to a streaming service."""

    def __init__(
        self,
        service: StreamingService,
        recovery: Recovery,
        provider_id: str = "streaming",
        script: Script | None = None,
    ) -> None:
        self.service = service
        self.script = script or Script()
        self.recovery = recovery
        self.id = provider_id
        self.base_url = "https://streaming.example"
        self.streams: list[_Stream] = []

    def prepare(self, request: GenerationRequest, key: UUID) -> WireRequest:
        return WireRequest("POST", "/speech", body=request.prompt.encode())

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:
        await self.script.reach("submit")
        number = self.service.make(key, wire.body)
        await self.script.leave("submit")
        self.streams.append(_Stream(self.script, number))
        return Submission(stream=self.streams[-1])

    async def poll(self, job: Job) -> Progress:
        raise ResultGone("There is nothing to ask about.")

    async def fetch(self, job: Job, result: Result, into: AudioSink) -> None:
        raise ResultGone("The audio came with the answer and can't be had again.")

    async def find(self, wire: WireRequest, job: Job) -> Submission | None:
        raise AssertionError("nobody may ask a service that can't be asked")

    async def voices(self) -> tuple[Voice, ...]:
        return ()

    async def aclose(self) -> None:
        return


def cut() -> OutcomeUnknown:
    return OutcomeUnknown("The connection broke while the audio arrived.")
