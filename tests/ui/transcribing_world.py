"""A service in the window that writes down whatever one tells it to, on recordings that are really there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QLabel, QWidget

from app.domain.model_spec import Kind, ModelSpec
from app.domain.price import Price, PriceUnit
from app.domain.provider import Heard
from app.domain.request import InputFile, TranscriptionRequest
from app.domain.service import Service
from app.domain.task import Task
from app.domain.transcript import Segment, Transcript, TranscriptFormat
from app.domain.transcription_spec import TranscriptionSpec
from app.ui.transcribe_dialog import TranscribeDialog
from tests.fakes.charges import PRICE
from tests.fakes.polled import REPLAY
from tests.fakes.scripted import Script
from tests.fakes.sounds import tone
from tests.fakes.transcribing import TranscribingProvider, TranscribingService
from tests.ui.waiting import until
from tests.ui.window_world import World

RATE_HZ = 8_000
TALK = Transcript(
    "We leave at first light. Nobody looks back. And the boat? The boat stays.",
    (
        Segment(0.0, 0.4, "We leave at first light.", "Ann"),
        Segment(0.5, 0.9, "Nobody looks back.", "Ann"),
        Segment(1.0, 1.4, "And the boat?", "Ben"),
        Segment(1.5, 1.9, "The boat stays.", "Ann"),
    ),
    "en",
    2.0,
)


@dataclass(slots=True)
class Dictated(TranscribingService):
    """Says the same of every recording."""

    words: Transcript = TALK

    def hear(self, key: UUID, body: bytes) -> Heard:
        heard = TranscribingService.hear(self, key, body)
        return Heard(self.words, heard.answer, PRICE)


def able(provider: str = "acme", model: str = "scribe", label: str = "Scribe", **more: object) -> ModelSpec:
    """A model that transcribes."""
    limits: dict[str, object] = {"formats": tuple(TranscriptFormat), "has_diarize": True, **more}
    price = limits.pop("price", Price(PRICE, PriceUnit.MINUTE))
    takes = TranscriptionSpec(**limits)  # type: ignore[arg-type]
    return ModelSpec(
        provider, model, label, (Kind.TRANSCRIPTION,), "Words with times.", transcription=takes, price=price
    )  # type: ignore[arg-type]


def add_transcriber(
    world: World,
    specs: Sequence[ModelSpec] = (),
    *,
    words: Transcript = TALK,
    script: Script | None = None,
    key_variable: str | None = None,
) -> Dictated:
    """Acme, which transcribes, and nobody else who does; needs no key unless told."""
    specs = specs or (able(),)
    service = Dictated(words=words)
    services, catalogue = world.services, world.services.catalogue
    roster = services.roster
    for provider in {spec.provider for spec in specs}:
        known = Service(provider, provider.title(), "transcription", "https://acme.example", key_variable)
        roster._services.append(known)
        roster._providers[provider] = TranscribingProvider(service, REPLAY, provider, script)  # type: ignore[assignment]
        services.keys.know(known)
        world.window.service_keys.know(known)
    others = [spec for spec in catalogue.models if spec.transcription is None]
    catalogue._unlisted = {}
    catalogue._specs = {(spec.provider, spec.id): spec for spec in (*others, *specs)}
    catalogue.models = tuple(catalogue._specs.values())
    return service


def recording(folder: Path, name: str = "interview.wav", seconds: float = 2.0) -> Path:
    path = folder / name
    path.write_bytes(tone(1, round(seconds * RATE_HZ)))
    return path


async def transcribed(world: World, path: Path, spec: ModelSpec | None = None) -> Task:
    """A finished transcription, made by the engine and selected in the list."""
    spec = spec or able()
    request = TranscriptionRequest(spec.provider, spec.id, InputFile(path), TranscriptFormat.VERBOSE_JSON)
    task = await world.services.queue.add_transcription(request)
    await world.services.queue.wait([task.id])
    await show(world, task)
    return await world.services.library.task(task.id)


async def show(world: World, task: Task) -> None:
    await until(lambda: world.row_of(task.id) is not None)
    world.select(task)
    await until(lambda: world.window.preview.task is not None and world.window.preview.task.id == task.id)
    await world.settle()


async def dialog_of(world: World) -> TranscribeDialog:
    """The dialog that is open, once it knows the recording."""

    def shown() -> list[TranscribeDialog]:
        return [each for each in world.window.window.findChildren(TranscribeDialog) if each.isVisible()]

    await until(shown)
    await world.settle()
    return shown()[0]


def labels(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())
