"""What RunInfra's speech and transcription accept.

Source: runinfra.ai/docs (audio, 2026); package `runinfra` 0.2.0 for the newer form of a reference clip.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.servers.fields import Fields, Flag, Matching, Number, OneOf, Rule, Text, inline_bytes, is_http_url
from tests.servers.openai_errors import Refusal
from tests.servers.openai_uploads import FormRules
from tests.servers.transcribing import Hearing, NotAudio, Segment, seconds_of

CLONED = "cloned"
LONGEST_CLIP_S = 10.0
CloneForm = Literal["seed", "newer"]

SPEECH_MODELS = ("kokoro", "xtts-v2", "bark", "qwen3-tts")
CLONING_MODELS = frozenset({"xtts-v2", "bark", "qwen3-tts"})
TRANSCRIPTION_MODELS = ("whisper-large-v3", "whisper-large-v3-turbo")
PRESET_VOICES = ("alloy", "echo", "fable", "onyx", "nova", "shimmer")
RATE_HZ = 24_000
PRICE_PER_CHARACTER_USD = "0.00001"  # invented, as the next
PRICE_PER_MINUTE_USD = "0.004"

_SPEECH = Fields(
    {"model": Text(1), "input": Text(1)},
    {
        "voice": Text(1),
        # The API's own page lists the first four; the SDK's adds the others.
        "response_format": OneOf("mp3", "wav", "flac", "opus", "aac", "pcm"),
        "speed": Number(0.25, 4),
    },
)
_CLONE_FIELDS: Mapping[CloneForm, Mapping[str, Rule]] = {
    "seed": {"reference_audio": Text(1)},
    "newer": {"ref_audio": Text(1), "ref_text": Text(1), "task_type": OneOf("Base")},
}
_ENDINGS = frozenset({"mp3", "mp4", "mpeg", "mpga", "m4a", "wav", "webm"})
_CONTRACT: Mapping[str, Rule] = {
    "language": Matching(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a BCP-47 tag"),
    "prompt": Text(),
    "response_format": OneOf("json", "text", "srt", "vtt", "verbose_json"),
    "temperature": Number(0, 1),
}
_TRANSCRIPTION_USE_CASE: Mapping[str, Rule] = {"diarize": Flag(), "redact": Flag()}


@dataclass(frozen=True)
class Clip:
    """The voice that was cloned. `used_s` is None for a link, which nobody follows here."""

    form: CloneForm
    used_s: float | None
    truncated: bool


def speech_rules(forms: frozenset[CloneForm]) -> Fields:
    """The fields of speech where reference clips may come in these forms."""
    more: dict[str, Rule] = {}
    for form in forms:
        more |= _CLONE_FIELDS[form]
    return _SPEECH.plus(**more)


def transcription_form(transcription_use_case: bool) -> FormRules:
    """`diarize` and `redact` exist only where the pipeline was made for transcription."""
    more = _TRANSCRIPTION_USE_CASE if transcription_use_case else {}
    return FormRules(
        fields=Fields({"model": Text(1)}, {**_CONTRACT, **more}),
        kinds={"temperature": "number", "diarize": "flag", "redact": "flag"},
        endings=_ENDINGS,
        unknown_code="unsupported_parameter",
    )


def refusals_of_clip(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """What is wrong with the reference clip of a request whose fields are right."""
    given = {name for form in _CLONE_FIELDS.values() for name in form if name in body}
    if not given:
        if body.get("voice") == CLONED:
            yield Refusal(400, "The voice 'cloned' needs reference_audio", "missing_parameter", "reference_audio")
        return
    if body["model"] not in CLONING_MODELS:
        name = min(given)
        yield Refusal(400, f"{body['model']} does not clone voices", "unsupported_parameter", name)
    elif "reference_audio" in given:
        yield from _seed_form_refusals(body, given)
    else:
        yield from _newer_form_refusals(body)


def clip_of(body: Mapping[str, Any]) -> Clip | None:
    """The clip of a right request, cut to its first ten seconds."""
    if "reference_audio" in body:
        return _clip("seed", base64.b64decode(body["reference_audio"]))
    if "ref_audio" not in body:
        return None
    if is_http_url(body["ref_audio"]):
        return Clip("newer", None, truncated=False)
    return _clip("newer", inline_bytes(body["ref_audio"]) or b"")


def _clip(form: CloneForm, content: bytes) -> Clip:
    seconds = seconds_of(content)
    return Clip(form, min(seconds, LONGEST_CLIP_S), truncated=seconds > LONGEST_CLIP_S)


def _seed_form_refusals(body: Mapping[str, Any], given: set[str]) -> Iterator[Refusal]:
    if given != {"reference_audio"}:
        yield Refusal(400, "A reference clip comes in one form", "unsupported_parameter", "ref_audio")
    if body.get("voice") != CLONED:
        yield Refusal(400, "With reference_audio the voice is 'cloned'", "invalid_value", "voice")
    if not _is_base64_audio(body["reference_audio"]):
        yield Refusal(400, "reference_audio must be an audio file in base64", "invalid_value", "reference_audio")


def _newer_form_refusals(body: Mapping[str, Any]) -> Iterator[Refusal]:
    for name in ("ref_audio", "ref_text"):
        if name not in body:
            yield Refusal(400, f"{name} is required for cloning", "missing_parameter", name)
            return
    if "voice" in body:
        yield Refusal(400, "With ref_audio there is no voice", "unsupported_parameter", "voice")
    if not is_http_url(body["ref_audio"]) and not _is_audio(inline_bytes(body["ref_audio"])):
        yield Refusal(400, "ref_audio must be a URL, a data URL or base64", "invalid_value", "ref_audio")


def _is_base64_audio(text: str) -> bool:
    try:
        return _is_audio(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return False


def _is_audio(content: bytes | None) -> bool:
    try:
        return content is not None and seconds_of(content) > 0
    except NotAudio:
        return False


def verbose_json(hearing: Hearing, language: str, speaker_key: str | None) -> dict[str, Any]:
    """The transcript with times; with `speaker_key` each segment names its speaker under it."""
    return {
        "task": "transcribe",
        "language": language,
        "duration": round(hearing.duration_s, 2),
        "segments": [_segment(segment, speaker_key) for segment in hearing.segments],
        "text": hearing.text,
    }


def _segment(segment: Segment, speaker_key: str | None) -> dict[str, Any]:
    told = {"id": segment.number, "start": segment.start_s, "end": segment.end_s, "text": segment.text}
    return told | ({speaker_key: f"Speaker {segment.speaker + 1}"} if speaker_key is not None else {})
