"""The body of `POST /audio/speech`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.domain.audio import AudioFormat
from app.domain.errors import Problem, RequestInvalid
from app.providers.openai_audio import clips

if TYPE_CHECKING:
    from app.domain.request import GenerationRequest
    from app.providers.openai_audio.dialect import Dialect

RAW = "raw_samples"
"""The parameter that asks for samples without a header; they are stored as WAV."""

EXTRA = "extra_fields"
"""The parameter with further fields of a server, as a JSON object."""

PCM = "pcm"

_OF_OPENAI = ("speed", "instructions", "stream_format")
_OF_SERVERS = ("lang_code", "volume_multiplier")
_USUAL_VOICE = "alloy"
_CUSTOM_VOICE = "voice_"  # what the ids of voices begin with that belong to an account


def body_of(request: GenerationRequest, dialect: Dialect) -> dict[str, Any]:
    """What is sent; what the user left open is left to the service.

    Raises:
        RequestInvalid: It can't be written for this service.
    """
    problems = list(_problems(request, dialect))
    if problems:
        raise RequestInvalid(problems)
    clip = next(iter(request.clips), None)
    body: dict[str, Any] = {"model": request.model, "input": request.prompt}
    if clip is not None:
        body |= clips.fields_of(request, clip)
    elif request.voice:
        body["voice"] = _voice(request.voice, dialect)
    elif dialect.is_openai:
        body["voice"] = _USUAL_VOICE  # it takes no text without one
    return body | _audio(request) | _parameters(request) | _extra(request)


def _voice(voice: str, dialect: Dialect) -> str | dict[str, str]:
    return {"id": voice} if dialect.is_openai and voice.startswith(_CUSTOM_VOICE) else voice


def _audio(request: GenerationRequest) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if request.parameters.get(RAW) is True:
        fields["response_format"] = PCM
    elif request.audio.format is not None:
        fields["response_format"] = request.audio.format.value
    if request.audio.sample_rate_hz is not None:
        fields["sample_rate"] = request.audio.sample_rate_hz
    return fields


def _parameters(request: GenerationRequest) -> dict[str, Any]:
    given = {name: request.parameters.get(name) for name in (*_OF_OPENAI, *_OF_SERVERS)}
    return {
        name: value
        for name, value in given.items()
        if value not in (None, "") and (name, value) != ("stream_format", "audio")  # the usual one
    }


def _extra(request: GenerationRequest) -> dict[str, Any]:
    text = str(request.parameters.get(EXTRA, "")).strip()
    if not text:
        return {}
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        example = '{"normalization_options": {"normalize": false}}'
        raise RequestInvalid([Problem(EXTRA, f"Further fields must be a JSON object, such as {example}.")])
    taken = sorted({"model", "input", "voice", "response_format", "stream_format"} & fields.keys())
    if taken:
        raise RequestInvalid([Problem(EXTRA, f"“{taken[0]}” has a field of its own; leave it out here.")])
    return fields


def _problems(request: GenerationRequest, dialect: Dialect) -> Iterator[Problem]:
    """What the spec of a model can't know: the same model may be asked for at another address."""
    if request.parameters.get(RAW) is True and request.audio.format not in (None, AudioFormat.WAV):
        yield Problem(RAW, "Raw samples are stored as WAV; choose WAV as the format, or switch them off.")
    if not dialect.is_openai:
        return
    if request.clips:
        yield Problem("references", f"{dialect.name} takes no clips to go by. Remove the clip.")
    for name in (*_OF_SERVERS, EXTRA):
        if request.parameters.get(name) not in (None, ""):
            yield Problem(name, f"{dialect.name} doesn’t know this; it is for servers of your own. Leave it empty.")
    if request.audio.sample_rate_hz is not None:
        yield Problem("sample_rate", f"{dialect.name} decides the sample rate. Convert it at export.")
