"""A generation request as the one task of a body. What the user left alone is left out, never null, never empty.

Source: runware.ai/docs/models/bytedance-seed-audio-1-0 and elevenlabs-music-v1; runware.ai/docs/en/audio-inference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.domain.composition import CompositionPlan, PlanSection
from app.domain.provider import WireRequest
from app.domain.request import GenerationRequest, InputFile, ParameterValue
from app.providers.bodies import json_request
from app.providers.runware import audio_settings
from app.providers.runware.fields import wire_path

SEED_AUDIO = "bytedance:seed-audio@1.0"
ELEVEN_MUSIC = "elevenlabs:1@1"
DEFAULT_MUSIC_S = 30  # the model has no default of its own, and the estimate counts with this one
_SPEECH = ("volume", "speed", "pitch")
_DELIVERY = ("output_type", "ttl", "upload_endpoint", "webhook_url")

Task = dict[str, Any]


def prepared(request: GenerationRequest, key: UUID) -> WireRequest:
    """One task alone in its body: if the answer to several were lost, nobody could tell them apart."""
    return wire_of(task_of(request, key))


def wire_of(task: Mapping[str, Any]) -> WireRequest:
    """A task of any kind on its way; the base URL is the only endpoint there is."""
    return json_request("POST", "", [task])


def task_of(request: GenerationRequest, key: UUID) -> Task:
    """The task. Its UUID is the attempt's own, so that a second sending is recognised and makes nothing twice."""
    task: Task = {"taskType": "audioInference", "taskUUID": str(key), "model": request.model}
    task |= _CONTENT.get(request.model, _of_any_model)(request)
    task |= _delivery(request)
    return task


def _delivery(request: GenerationRequest) -> Task:
    """What all models have in common. Synchronous delivery would end with the window of an HTTP exchange."""
    task: Task = {"numberResults": request.takes} if request.takes > 1 else {}
    for name in _DELIVERY:
        if _is_set(value := request.parameters.get(name)):
            task[wire_path(name)] = value
    return task | {"deliveryMethod": "async", "includeCost": True}


def _of_seed_audio(request: GenerationRequest) -> Task:
    speech = {name: request.parameters[name] for name in _SPEECH if request.parameters.get(name)}
    return {
        "positivePrompt": request.prompt.strip(),
        **_inputs(request),
        **({"speech": speech} if speech else {}),
        **_audio(request, audio_settings.of_seed_audio(request.audio)),
    }


def _of_eleven_music(request: GenerationRequest) -> Task:
    """A prompt and a length, or a plan: together they are refused."""
    audio = _audio(request, audio_settings.of_eleven_music(request.audio))
    if request.plan is not None:
        plan = _composition(request.plan)
        return {**audio, "providerSettings": {"elevenlabs": {"music": {"compositionPlan": plan}}}}
    seconds = request.duration_s if request.duration_s is not None else DEFAULT_MUSIC_S
    return {"positivePrompt": request.prompt.strip(), "duration": _plain(seconds), **audio}


def _of_any_model(request: GenerationRequest) -> Task:
    """Nothing but what the user set, for a model of which only the id is known.

    A parameter that the user's own catalogue names after its dotted path is sent there.
    """
    task: Task = {}
    for name, value in (
        ("positivePrompt", request.prompt.strip()),
        ("negativePrompt", request.negative_prompt),
        ("duration", None if request.duration_s is None else _plain(request.duration_s)),
        ("seed", request.seed),
        ("speech.voice", request.voice),
        ("speech.language", request.language),
    ):
        if _is_set(value):
            _put(task, name, value)
    task |= _inputs(request)
    for name, value in request.parameters.items():
        if name not in _DELIVERY and _is_set(value):
            _put(task, wire_path(name), value)
    return task | _audio(request, audio_settings.of_any_model(request.audio))


_CONTENT: Mapping[str, Callable[[GenerationRequest], Task]] = {
    SEED_AUDIO: _of_seed_audio,
    ELEVEN_MUSIC: _of_eleven_music,
}


def _inputs(request: GenerationRequest) -> Task:
    """Clips or a picture, by what the service called them when they were uploaded."""
    inputs = {}
    if request.clips:
        inputs["referenceAudios"] = _handles(request.clips)
    if request.pictures:
        inputs["referenceImages"] = _handles(request.pictures)
    return {"inputs": inputs} if inputs else {}


def _handles(files: Sequence[InputFile]) -> list[str]:
    handles = [file.handle for file in files if file.handle is not None]
    assert len(handles) == len(files), "files are uploaded before a request is prepared"
    return handles


def _audio(request: GenerationRequest, settings: Mapping[str, int]) -> Task:
    """The format; named as well where settings without a format speak of the service's default, MP3."""
    chosen = request.audio.format.value.upper() if request.audio.format is not None else ""
    if settings:
        return {"outputFormat": chosen or "MP3", "audioSettings": dict(settings)}
    return {"outputFormat": chosen} if chosen else {}


def _composition(plan: CompositionPlan) -> Task:
    """Here lists are required, and empty ones mean something: nothing to avoid, no lyrics."""
    return {
        "positiveGlobalStyles": list(plan.styles),
        "negativeGlobalStyles": list(plan.avoided),
        "sections": [_section(section) for section in plan.sections],
    }


def _section(section: PlanSection) -> Task:
    return {
        "sectionName": section.name.strip(),
        "positiveLocalStyles": list(section.styles),
        "negativeLocalStyles": list(section.avoided),
        "duration": int(section.duration_s),
        "lines": list(section.lines),
    }


def _put(task: Task, path: str, value: ParameterValue | None) -> None:
    """Insert a value at a dotted path."""
    *above, last = path.split(".")
    for name in above:
        task = task.setdefault(name, {})
    task[last] = value


def _is_set(value: ParameterValue | None) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _plain(seconds: float) -> int | float:
    return int(seconds) if float(seconds).is_integer() else seconds
