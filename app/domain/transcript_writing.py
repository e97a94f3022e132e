"""Transcripts as texts: plain, as subtitles, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import groupby

from app.domain.transcript import Segment, Transcript, TranscriptFormat


def written(transcript: Transcript, as_format: TranscriptFormat) -> str:
    """The text of a transcript file. Subtitles of a transcript without times are one cue over its whole length."""
    return _WRITERS[as_format](transcript)


def _text(transcript: Transcript) -> str:
    """Paragraphs by speaker where there are any, else the text as it is."""
    if not any(segment.speaker for segment in transcript.segments):
        return _ended(transcript.text.strip())
    paragraphs = []
    for speaker, said in groupby(transcript.segments, key=lambda segment: segment.speaker):
        words = " ".join(segment.text.strip() for segment in said)
        paragraphs.append(f"{speaker}: {words}" if speaker else words)
    return _ended("\n\n".join(paragraphs))


def _json(transcript: Transcript) -> str:
    return _ended(json.dumps({"text": transcript.text}, ensure_ascii=False, indent=2))


def _verbose_json(transcript: Transcript) -> str:
    segments = [_segment_fields(number, segment) for number, segment in enumerate(transcript.segments)]
    fields = {
        "task": "transcribe",
        "language": transcript.language,
        "duration": transcript.duration_s,
        "text": transcript.text,
        "segments": segments,
    }
    return _ended(json.dumps(fields, ensure_ascii=False, indent=2))


def _segment_fields(number: int, segment: Segment) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": number,
        "start": round(segment.start_s, 3),
        "end": round(segment.end_s, 3),
        "text": segment.text,
    }
    return fields | ({"speaker": segment.speaker} if segment.speaker else {})


def _srt(transcript: Transcript) -> str:
    cues = [
        f"{number}\n{_time(segment.start_s, ',')} --> {_time(segment.end_s, ',')}\n{_spoken(segment)}"
        for number, segment in enumerate(_cues(transcript), start=1)
    ]
    return _ended("\n\n".join(cues))


def _vtt(transcript: Transcript) -> str:
    cues = [
        f"{_time(segment.start_s, '.')} --> {_time(segment.end_s, '.')}\n{_voiced(segment)}"
        for segment in _cues(transcript)
    ]
    return _ended("\n\n".join(("WEBVTT", *cues)))


def _cues(transcript: Transcript) -> Sequence[Segment]:
    if transcript.segments or not transcript.text.strip():
        return transcript.segments
    return (Segment(0.0, transcript.duration_s or 0.0, transcript.text.strip()),)


def _spoken(segment: Segment) -> str:
    text = _one_cue(segment.text)
    return f"{segment.speaker}: {text}" if segment.speaker else text


def _voiced(segment: Segment) -> str:
    """As WebVTT wants it: a voice in a tag, and its three special characters escaped."""
    text = _escaped(_one_cue(segment.text))
    return f"<v {_escaped(segment.speaker)}>{text}" if segment.speaker else text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _one_cue(text: str) -> str:
    """An empty line would end a cue."""
    return "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())


def _time(seconds: float, point: str) -> str:
    """`01:02:03,456`."""
    milliseconds = max(0, round(seconds * 1000))
    whole, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}{point}{rest:03d}"


def _ended(text: str) -> str:
    return f"{text}\n" if text else ""


_WRITERS: dict[TranscriptFormat, Callable[[Transcript], str]] = {
    TranscriptFormat.TEXT: _text,
    TranscriptFormat.JSON: _json,
    TranscriptFormat.VERBOSE_JSON: _verbose_json,
    TranscriptFormat.SRT: _srt,
    TranscriptFormat.VTT: _vtt,
}
