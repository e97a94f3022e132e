"""A service that writes down what it is sent, and the provider that asks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from app.domain.errors import ResultGone
from app.domain.provider import AudioSink, Heard, Job, Progress, Recovery, Result, Submission, WireRequest
from app.domain.request import AudioPart, GenerationRequest, TranscriptionRequest
from app.domain.transcript import Segment, Transcript
from app.domain.voice import Voice
from tests.fakes.charges import PRICE, Charges
from tests.fakes.scripted import Script


@dataclass(slots=True)
class TranscribingService:
    """The far side. The same key is charged once where it `knows_keys`, and brings the same words again."""

    knows_keys: bool = True
    charges: Charges = field(default_factory=Charges)
    known: set[UUID] = field(default_factory=set)

    def hear(self, key: UUID, body: bytes) -> Heard:
        if not (self.knows_keys and key in self.known):
            self.charges.charge(key, body)
            self.known.add(key)
        text = body.decode()
        return Heard(
            Transcript(text, (Segment(0.25, 0.75, text, "Ann"),), "english", 1.0), f"as it came: {text}", PRICE
        )


class TranscribingProvider:
    """One process's way to it."""

    def __init__(
        self,
        service: TranscribingService,
        recovery: Recovery,
        provider_id: str = "service",
        script: Script | None = None,
    ) -> None:
        self.service = service
        self.script = script or Script()
        self.recovery = recovery
        self.id = provider_id
        self.base_url = "https://transcribing.example"

    def prepare(self, request: GenerationRequest, key: UUID) -> WireRequest:
        raise AssertionError("it makes no audio")

    def prepare_transcription(self, request: TranscriptionRequest, part: AudioPart, key: UUID) -> WireRequest:
        return WireRequest("POST", "/transcriptions", body=f"from {part.start_s:g} to {part.end_s:g}".encode())

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:
        await self.script.reach("submit")
        heard = self.service.hear(key, wire.body)
        await self.script.leave("submit")
        return Submission(transcript=heard)

    async def poll(self, job: Job) -> Progress:
        raise ResultGone("There is nothing to ask about.")

    async def fetch(self, job: Job, result: Result, into: AudioSink) -> None:
        raise ResultGone("It makes no audio.")

    async def find(self, wire: WireRequest, job: Job) -> Submission | None:
        raise AssertionError("nobody may ask a service that can't be asked")

    async def voices(self) -> tuple[Voice, ...]:
        return ()

    async def aclose(self) -> None:
        return
