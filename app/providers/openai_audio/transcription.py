"""The form of `POST /audio/transcriptions`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.domain.errors import Problem, RequestInvalid
from app.domain.transcript import TranscriptFormat

if TYPE_CHECKING:
    from app.domain.request import TranscriptionRequest
    from app.providers.openai_audio.dialect import Dialect

WORD_TIMES, CHUNKING, LOGPROBS = "word_times", "chunking_strategy", "logprobs"
"""Parameters in the catalogue; each is sent in a form of its own."""

DIARIZED_JSON = "diarized_json"
FORMAT = "response_format"

_JSON = (TranscriptFormat.JSON, TranscriptFormat.VERBOSE_JSON)
_DIARIZING = "-transcribe-diarize"  # how the models end that tell speakers apart by themselves


def tells_speakers_apart(model: str) -> bool:
    """Whether a model does so by itself, in a format of its own, without being told."""
    return model.endswith(_DIARIZING)


def format_of(request: TranscriptionRequest) -> str:
    """What is asked for. Speakers come only with segments, so these are asked for where speakers are wanted."""
    if tells_speakers_apart(request.model):
        return DIARIZED_JSON if request.format.has_times or request.diarize else request.format.value
    return TranscriptFormat.VERBOSE_JSON.value if request.diarize else request.format.value


def note_of(request: TranscriptionRequest) -> str:
    """A fragment of the address, which is never sent: what the user wants written where the service gives another.

    Speakers come as JSON; an answer in JSON is as good as another, subtitles are made of it here.
    """
    is_rewritten = format_of(request) != request.format and request.format not in _JSON
    return f"#{request.format.value}" if is_rewritten else ""


def fields_of(request: TranscriptionRequest, dialect: Dialect) -> list[tuple[str, str]]:
    """Names and values, in the order in which they are sent.

    Raises:
        RequestInvalid: It can't be written for this service.
    """
    problems = list(_problems(request, dialect))
    if problems:
        raise RequestInvalid(problems)
    return [*_usual(request, dialect), *_flags(request), *_of_parameters(request)]


def _usual(request: TranscriptionRequest, dialect: Dialect) -> Iterator[tuple[str, str]]:
    yield "model", request.model
    yield FORMAT, format_of(request)
    if request.language:
        yield "language", request.language if dialect.takes_tags else request.language.split("-")[0].lower()
    if request.prompt.strip():
        yield "prompt", request.prompt
    if request.temperature is not None:
        yield "temperature", f"{request.temperature:g}"


def _flags(request: TranscriptionRequest) -> Iterator[tuple[str, str]]:
    if request.diarize and not tells_speakers_apart(request.model):
        yield "diarize", "true"
    if request.redact:
        yield "redact", "true"


def _of_parameters(request: TranscriptionRequest) -> Iterator[tuple[str, str]]:
    if request.parameters.get(WORD_TIMES) is True and format_of(request) == TranscriptFormat.VERBOSE_JSON:
        yield "timestamp_granularities[]", "word"
        yield "timestamp_granularities[]", "segment"
    chunking = request.parameters.get(CHUNKING)
    if tells_speakers_apart(request.model) and chunking != "server_vad":
        yield CHUNKING, "auto"  # without it, nothing above 30 s is taken
    elif chunking == "server_vad":
        yield CHUNKING, json.dumps({"type": "server_vad"})
    elif chunking == "auto":
        yield CHUNKING, "auto"
    if request.parameters.get(LOGPROBS) is True:
        yield "include[]", "logprobs"


def _problems(request: TranscriptionRequest, dialect: Dialect) -> Iterator[Problem]:
    """What the spec of a model can't know: the same model may be asked for at another address."""
    if request.diarize and not dialect.has_diarize and not tells_speakers_apart(request.model):
        yield Problem("diarize", f"{dialect.name} tells speakers apart with gpt-4o-transcribe-diarize alone.")
    if request.redact and not dialect.has_redact:
        yield Problem("redact", f"{dialect.name} can’t leave out personal data.")
