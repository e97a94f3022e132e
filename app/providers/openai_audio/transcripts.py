"""The answer to a transcription in any of its forms, read leniently: words aren't lost over a detail.

Sources: openai-openapi (json, verbose_json, diarized_json); RunInfra audio API (`speaker` on segments).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from app.domain.transcript import Segment, Transcript
from app.providers.openai_audio.subtitles import is_vtt, segments_of

_BYTE_ORDER_MARK = "\ufeff"
_OBJECTS = ("json", "verbose_json", "diarized_json")
_SUBTITLES = ("srt", "vtt")
_MAY_BE_EMPTY = ("text", "srt")
_CALLED_TEXT = ("text/plain", "text/srt", "application/x-subrip")
_PAGE = ("<!doctype", "<html", "<?xml", "<head", "<body")


class NotATranscript(Exception):
    """An answer without words.

    Attributes:
        told: The JSON object that it is, which may say why; None for anything else.
    """

    def __init__(self, told: dict[str, Any] | None = None) -> None:
        super().__init__("no transcript")
        self.told = told


def transcript_of(answer: str, asked: str, content_type: str = "") -> Transcript:
    """
    Args:
        answer: The whole body.
        asked: The format that was asked for; services may give another.
        content_type: What the service calls it.
    Raises:
        NotATranscript: It is a page, an error, or nothing.
    """
    text = answer.lstrip(_BYTE_ORDER_MARK)
    if not text and asked in _MAY_BE_EMPTY and content_type.startswith(_CALLED_TEXT):
        return Transcript("")  # nothing was said
    if not text or text.lstrip().lower().startswith(_PAGE):
        raise NotATranscript
    told = _object(text)
    if told is not None and (asked != "text" or _is_meant(told)):
        return _of_object(told)
    if asked in _OBJECTS and text.lstrip().startswith("{"):
        raise NotATranscript  # an object that broke off isn't what was said
    if asked in _SUBTITLES or is_vtt(text):
        return _of_subtitles(text)
    return Transcript(text.strip())  # silence is a line without words


def _is_meant(told: dict[str, Any]) -> bool:
    """Whether JSON is an answer of the service rather than words that look so."""
    return "text" in told or "error" in told or "detail" in told


def _object(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = msgspec.json.decode(text.encode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _of_object(told: dict[str, Any]) -> Transcript:
    segments = tuple(_segments(told.get("segments"))) or tuple(_segments(told.get("words"), "word"))
    text = told.get("text")
    if not isinstance(text, str):
        if not segments:
            raise NotATranscript(told)
        text = " ".join(segment.text for segment in segments)
    language = told.get("language")
    return Transcript(text, segments, language if isinstance(language, str) else "", _duration_s(told))


def _of_subtitles(text: str) -> Transcript:
    """A service that knows no subtitles may have given the mere words."""
    segments = segments_of(text)
    if not segments and not is_vtt(text):
        return Transcript(text.strip())
    words = (" ".join(segment.text.split()) for segment in segments)
    return Transcript(" ".join(each for each in words if each), segments)


def _segments(value: Any, text_at: str = "text") -> Iterator[Segment]:
    """Those with a start, an end and a text; nothing else is required."""
    for each in value if isinstance(value, list) else ():
        told = each if isinstance(each, dict) else {}
        start_s, end_s, text = _number(told.get("start")), _number(told.get("end")), told.get(text_at)
        if start_s is not None and end_s is not None and isinstance(text, str):
            yield Segment(start_s, max(start_s, end_s), text.strip(), _speaker(told))  # Whisper begins with a space


def _speaker(told: dict[str, Any]) -> str:
    for key in ("speaker", "speaker_label"):
        speaker = told.get(key)
        if isinstance(speaker, str | int) and not isinstance(speaker, bool) and str(speaker).strip():
            return str(speaker).strip()
    return ""


def _duration_s(told: dict[str, Any]) -> float | None:
    """Beside the words, or in what is billed: `{"type": "duration", "seconds": 12}`."""
    usage = told.get("usage")
    seconds = usage.get("seconds") if isinstance(usage, dict) else None
    duration_s = _number(told.get("duration"))
    return duration_s if duration_s is not None else _number(seconds)


def _number(value: Any) -> float | None:
    """Some servers write numbers as texts."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None
