"""Transcripts in every form that OpenAI has, and what its transcription models accept.

Source: openai/openai-openapi (2026-08), createTranscription.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.servers.fields import Fields, Flag, ListOf, Matching, Number, OneOf, Problem, Rule, Text, Whole, inline_bytes
from tests.servers.openai_errors import Refusal
from tests.servers.openai_speech import event, token_usage
from tests.servers.openai_uploads import FormRules
from tests.servers.transcribing import Hearing, NotAudio, Segment, seconds_of

WHISPER = "whisper-1"
DIARIZING = "gpt-4o-transcribe-diarize"
FORMATS_OF = {
    WHISPER: ("json", "text", "srt", "verbose_json", "vtt"),
    "gpt-transcribe": ("json",),
    "gpt-4o-transcribe": ("json",),
    "gpt-4o-mini-transcribe": ("json",),
    DIARIZING: ("json", "text", "diarized_json"),
}
_TELL_PROBABILITIES = frozenset({"gpt-4o-transcribe", "gpt-4o-mini-transcribe"})
ENDINGS = frozenset({"flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm"})
LARGEST_UPLOAD_BYTES = 25 * 1024 * 1024
PRICE_PER_MINUTE_USD = "0.006"  # invented
_UNCUT_S = 30.0
_LANGUAGES = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "ja": "japanese",
    "pt": "portuguese",
    "zh": "chinese",
}

SpeakerName = Callable[[Segment], str]
_SERVER_VAD = Fields(
    {"type": OneOf("server_vad")},
    {"prefix_padding_ms": Whole(0), "silence_duration_ms": Whole(0), "threshold": Number(0, 1)},
)


class Chunking:
    """`auto`, or how voice activity is detected."""

    def check(self, value: object, path: str) -> Iterator[Problem]:
        rule: Rule = _SERVER_VAD if isinstance(value, dict) else OneOf("auto")
        yield from rule.check(value, path)


FORM = FormRules(
    fields=Fields(
        {"model": Text(1)},
        {
            "language": Matching(r"[a-z]{2}", "an ISO-639-1 code"),
            "languages[]": ListOf(Matching(r"[a-z]{2}", "an ISO-639-1 code")),
            "keywords[]": ListOf(Text(1)),
            "prompt": Text(),
            "response_format": OneOf("json", "text", "srt", "verbose_json", "vtt", "diarized_json"),
            "temperature": Number(0, 1),
            "include[]": ListOf(OneOf("logprobs")),
            "timestamp_granularities[]": ListOf(OneOf("word", "segment")),
            "stream": Flag(),
            "chunking_strategy": Chunking(),
            "known_speaker_names[]": ListOf(Text(1), most=4),
            "known_speaker_references[]": ListOf(Text(1), most=4),
        },
    ),
    kinds={"temperature": "number", "stream": "flag"},
    nested={
        "chunking_strategy": {"prefix_padding_ms": "whole", "silence_duration_ms": "whole", "threshold": "number"},
    },
    endings=ENDINGS,
)


def refusals_of(fields: Mapping[str, Any], duration_s: float) -> Iterator[Refusal]:
    """What the chosen model of OpenAI does not do, in a form whose fields are right."""
    model = fields["model"]
    wanted = fields.get("response_format", "json")
    if wanted not in FORMATS_OF.get(model, (wanted,)):
        message = f"response_format '{wanted}' is not compatible with model '{model}'"
        yield Refusal(400, message, "unsupported_value", "response_format")
    if "timestamp_granularities[]" in fields and wanted != "verbose_json":
        yield _only("timestamp_granularities", "response_format verbose_json")
    if "include[]" in fields and (model not in _TELL_PROBABILITIES or wanted != "json"):
        yield _only("include", "json of gpt-4o-transcribe and gpt-4o-mini-transcribe")
    for name in ("languages[]", "keywords[]"):
        if name in fields and model != "gpt-transcribe":
            yield _only(name.removesuffix("[]"), "gpt-transcribe")
    yield from _diarizing_refusals(fields, duration_s)


def _diarizing_refusals(fields: Mapping[str, Any], duration_s: float) -> Iterator[Refusal]:
    names, references = fields.get("known_speaker_names[]", []), fields.get("known_speaker_references[]", [])
    if fields["model"] != DIARIZING:
        if names or references:
            yield _only("known_speaker_names", DIARIZING)
        return
    if "prompt" in fields:
        yield Refusal(400, f"{DIARIZING} takes no prompt", "unsupported_parameter", "prompt")
    if duration_s > _UNCUT_S and "chunking_strategy" not in fields:
        message = "chunking_strategy is required for diarization of audio longer than 30 seconds"
        yield Refusal(400, message, "missing_required_parameter", "chunking_strategy")
    if len(names) != len(references):
        message = "there must be as many known speaker names as references"
        yield Refusal(400, message, "invalid_value", "known_speaker_references")
    for reference in references:
        if not _is_reference(reference):
            message = "a known speaker reference is a data URL of 2 to 10 seconds of audio"
            yield Refusal(400, message, "invalid_value", "known_speaker_references")


def _only(name: str, where: str) -> Refusal:
    return Refusal(400, f"{name} is supported by {where} only", "unsupported_parameter", name)


def _is_reference(text: str) -> bool:
    content = inline_bytes(text) if text.startswith("data:") else None
    try:
        return content is not None and 2 <= seconds_of(content) <= 10
    except NotAudio:
        return False


# --- what is told


def language_name(code: str | None) -> str:
    """As answers name a language: "english" for "en", "en-gb" and for None."""
    base = (code or "en").partition("-")[0].lower()
    return _LANGUAGES.get(base, base)


def letters(names: list[str]) -> SpeakerName:
    """Known speakers by name, others A, B, ..."""
    return lambda segment: (
        names[segment.speaker] if segment.speaker < len(names) else chr(ord("A") + segment.speaker - len(names))
    )


def usage_of(hearing: Hearing, model: str) -> dict[str, Any]:
    if model == WHISPER:
        return {"type": "duration", "seconds": math.ceil(hearing.duration_s)}
    return {"type": "tokens", **token_usage(math.ceil(hearing.duration_s * 10), len(hearing.words))}


def probabilities_of(hearing: Hearing) -> list[dict[str, Any]]:
    return [
        {"token": word.text, "logprob": -0.01 * (number % 7 + 1), "bytes": list(word.text.encode())}
        for number, word in enumerate(hearing.words)
    ]


def verbose_json(hearing: Hearing, fields: Mapping[str, Any], *, duration_as_text: bool = False) -> dict[str, Any]:
    granularities = fields.get("timestamp_granularities[]", ["segment"])
    duration = round(hearing.duration_s, 2)
    told: dict[str, Any] = {
        "task": "transcribe",
        "language": language_name(fields.get("language")),
        "duration": str(duration) if duration_as_text else duration,
        "text": hearing.text,
    }
    if "word" in granularities:
        told["words"] = [{"word": word.text, "start": word.start_s, "end": word.end_s} for word in hearing.words]
    if "segment" in granularities:
        told["segments"] = [_verbose_segment(segment, fields) for segment in hearing.segments]
    return told


def _verbose_segment(segment: Segment, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": segment.number,
        "seek": round(segment.start_s * 100),
        "start": segment.start_s,
        "end": segment.end_s,
        "text": f" {segment.text}",
        "tokens": [1000 + len(word.text) for word in segment.words],
        "temperature": fields.get("temperature", 0.0),
        "avg_logprob": -0.02,
        "compression_ratio": 1.1,
        "no_speech_prob": 0.01,
    }


def diarized_segment(segment: Segment, name_of: SpeakerName) -> dict[str, Any]:
    return {
        "type": "transcript.text.segment",
        "id": f"seg_{segment.number}",
        "start": segment.start_s,
        "end": segment.end_s,
        "text": segment.text,
        "speaker": name_of(segment),
    }


def diarized_json(hearing: Hearing, name_of: SpeakerName) -> dict[str, Any]:
    return {
        "task": "transcribe",
        "duration": round(hearing.duration_s, 2),
        "text": hearing.text,
        "segments": [diarized_segment(segment, name_of) for segment in hearing.segments],
    }


def plain_text(hearing: Hearing) -> str:
    return f"{hearing.text}\n"


def srt(hearing: Hearing) -> str:
    return "".join(
        f"{segment.number + 1}\n{_timed(segment.start_s, ',')} --> {_timed(segment.end_s, ',')}\n{segment.text}\n\n"
        for segment in hearing.segments
    )


def vtt(hearing: Hearing) -> str:
    cues = (
        f"{_timed(segment.start_s, '.')} --> {_timed(segment.end_s, '.')}\n{segment.text}\n\n"
        for segment in hearing.segments
    )
    return "WEBVTT\n\n" + "".join(cues)


WRITTEN: Mapping[str, Callable[[Hearing], str]] = {"text": plain_text, "srt": srt, "vtt": vtt}


def text_events(hearing: Hearing, told_at_the_end: Mapping[str, Any], name_of: SpeakerName | None) -> bytes:
    """An event stream: the text word by word, or segment by segment where speakers are named; then all of it."""
    if name_of is not None:
        events = [event(diarized_segment(segment, name_of)) for segment in hearing.segments]
    else:
        words = [word.text for word in hearing.words]
        pieces = [word if number == 0 else f" {word}" for number, word in enumerate(words)]
        events = [event({"type": "transcript.text.delta", "delta": piece}) for piece in pieces]
    events.append(event({"type": "transcript.text.done", "text": hearing.text, **told_at_the_end}))
    return b"".join(events)


def _timed(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"
