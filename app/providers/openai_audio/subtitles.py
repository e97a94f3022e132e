"""Subtitles as segments: SRT and WebVTT, also as careless programs write them.

Sources: W3C WebVTT (cues, settings, voice spans, escapes); SRT as whisper, VLC and YouTube write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from app.domain.transcript import Segment

_BYTE_ORDER_MARK = "\ufeff"
_LINE_END = re.compile(r"\r\n|\n|\r")
# Hours may be missing, the fraction may follow a comma or a point, or be missing too.
_TIME = r"(?:(\d{1,5}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?", re.ASCII)
_INDEX = re.compile(r"\s*\d+\s*", re.ASCII)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
# Recognisers don't escape what was said, so not everything in angle brackets is a tag.
_TAG_OF_VTT = re.compile(r"</?(?:c|i|b|u|v|ruby|rt|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>")
_TAG_OF_SRT = re.compile(r"</?(?:[bius]|font)(?:\s[^>]*)?>|\{\\[^}]*\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Cue:
    start_s: float
    end_s: float
    lines: tuple[str, ...]


def is_vtt(text: str) -> bool:
    return text.lstrip(_BYTE_ORDER_MARK).startswith("WEBVTT")


def segments_of(text: str) -> tuple[Segment, ...]:
    """The cues of a subtitle file in their order; what isn't a cue, such as notes and styles, is left out."""
    has_markup = is_vtt(text)
    return tuple(_segment(cue, has_markup=has_markup) for cue in _cues(text))


def _cues(text: str) -> Iterator[_Cue]:
    lines = _LINE_END.split(text.lstrip(_BYTE_ORDER_MARK))
    place = 0
    while place < len(lines):
        timing = _TIMING.fullmatch(lines[place])
        place += 1
        if timing is None:
            continue
        begin = place
        while place < len(lines) and not _ends_cue(lines, place):
            place += 1
        start_s, end_s = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
        yield _Cue(start_s, max(start_s, end_s), tuple(lines[begin:place]))


def _ends_cue(lines: list[str], place: int) -> bool:
    """An empty line does, and so does the next cue where that line was forgotten."""
    if not lines[place].strip() or _TIMING.fullmatch(lines[place]):
        return True
    is_index = _INDEX.fullmatch(lines[place]) is not None
    return is_index and place + 1 < len(lines) and _TIMING.fullmatch(lines[place + 1]) is not None


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return float(f"{whole}.{fraction or 0}")  # exactly the number that is written, as sums of floats aren't


def _segment(cue: _Cue, *, has_markup: bool) -> Segment:
    text = "\n".join(line.strip() for line in cue.lines)
    if not has_markup:
        return Segment(cue.start_s, cue.end_s, _TAG_OF_SRT.sub("", text).strip())
    voice = _VOICE.search(text)
    words = unescape(_TAG_OF_VTT.sub("", text)).strip()
    return Segment(cue.start_s, cue.end_s, words, unescape(voice[1]).strip() if voice else "")
