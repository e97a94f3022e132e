"""One click on Generate, as the tasks that it becomes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from app.domain.errors import Problem, RequestInvalid, RequestRejected
from app.domain.input_facts import InputFacts
from app.domain.model_spec import Kind, ModelSpec
from app.domain.project import project_name
from app.domain.provider import AudioProvider, VoiceKnower
from app.domain.receipt import Estimate
from app.domain.request import GenerationRequest, InputFile, Request, TranscriptionRequest
from app.domain.task import Task, TaskState

_SOME_HASH, _SOME_HANDLE = "0" * 64, "00000000-0000-4000-8000-000000000000"

Probe = Callable[[InputFile], Awaitable[InputFacts]]
"""Reads what a file really is."""


def requests_of_click(request: GenerationRequest, spec: ModelSpec, most_takes: int) -> tuple[GenerationRequest, ...]:
    """The request, checked; as several where the model makes fewer takes in one.

    With a seed of the user's, each further request gets the next one: the same seed would bring the same takes
    again, and charge for them.

    Raises:
        RequestInvalid: with every problem at its field.
    """
    takes = request.takes
    if not 1 <= takes <= most_takes:
        problem = Problem("takes", f"Takes must be from 1 to {most_takes:,}; asked for {takes:,}.")
        problems = spec.check(replace(request, takes=1))
        raise RequestInvalid([*problems, problem])
    problems = spec.check(replace(request, takes=min(takes, spec.max_takes)))
    if problems:
        raise RequestInvalid(problems)
    whole, rest = divmod(takes, spec.max_takes)
    counts = [spec.max_takes] * whole + ([rest] if rest else [])
    return tuple(
        replace(request, takes=count, seed=_seed_of(request, spec, place)) for place, count in enumerate(counts)
    )


async def refuse_unknown_voice(request: GenerationRequest, provider: AudioProvider) -> None:
    """Find a mistyped voice before anything is queued, where the provider knows its voices without being asked.

    Raises:
        RequestInvalid: at the voice.
    """
    voice = request.voice
    if voice is not None and isinstance(provider, VoiceKnower) and not await provider.has_voice(voice):
        raise RequestInvalid([Problem("voice", f"There is no voice “{voice}”. Choose one from the list of voices.")])


async def refuse_unfit_inputs(request: GenerationRequest, spec: ModelSpec, probe: Probe) -> None:
    """Find a file that isn't what it should be before anything is queued.

    Raises:
        RequestInvalid: at the references, with the name of each file.
        StorageError: one can't be read.
    """
    problems = [
        problem for file in request.references for problem in (await probe(file)).problems(file, spec.references)
    ]
    if problems:
        raise RequestInvalid(problems)


def refuse_unprepared(request: GenerationRequest, provider: AudioProvider) -> None:
    """Write the request for the service once, for nothing but to find what only its provider knows to be wrong.

    Raises:
        RequestInvalid: at the field that the provider names.
    """
    named = (
        replace(file, sha256=file.sha256 or _SOME_HASH, handle=file.handle or _SOME_HANDLE)
        for file in request.references
    )
    try:
        provider.prepare(replace(request, references=tuple(named)), uuid4())
    except RequestRejected as error:
        raise RequestInvalid([Problem(error.field or "prompt", str(error))]) from error


def tasks_of_click(
    requests: Sequence[Request],
    spec: ModelSpec,
    estimates: Sequence[Estimate],
    project: str,
    now: datetime,
    *,
    accepts_unknown_price: bool = False,
) -> list[Task]:
    """A queued task for each request, under one click id.

    Raises:
        RequestInvalid: The project can't be a name.
    """
    click_id, name = _new_id(), project_name(project)
    return [
        Task(
            id=_new_id(),
            click_id=click_id,
            request=request,
            kind=Kind.TRANSCRIPTION if isinstance(request, TranscriptionRequest) else spec.kind,
            state=TaskState.QUEUED,
            created_at=now,
            updated_at=now,
            estimate=estimate,
            accepts_unknown_price=accepts_unknown_price,
            project=name,
        )
        for request, estimate in zip(requests, estimates, strict=True)
    ]


def _seed_of(request: GenerationRequest, spec: ModelSpec, place: int) -> int | None:
    if request.seed is None or spec.seed is None or place == 0:
        return request.seed
    lowest, highest = int(spec.seed.minimum), int(spec.seed.maximum)
    return lowest + (request.seed - lowest + place) % (highest - lowest + 1)


def _new_id() -> str:
    return uuid4().hex[:12]
