"""What was said in a recording: words with their times, and who spoke them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class TranscriptFormat(StrEnum):
    """How a transcript is asked for and written."""

    JSON = "json"
    TEXT = "text"
    SRT = "srt"
    VTT = "vtt"
    VERBOSE_JSON = "verbose_json"

    @property
    def suffix(self) -> str:
        """File name suffix with its dot."""
        return {"json": ".json", "text": ".txt", "verbose_json": ".json"}.get(self.value, f".{self.value}")

    @property
    def has_times(self) -> bool:
        return self in (TranscriptFormat.SRT, TranscriptFormat.VTT, TranscriptFormat.VERBOSE_JSON)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech.

    Attributes:
        start_s, end_s: Seconds from the start of the recording.
        speaker: As the service calls them; empty where nobody was told apart.
    """

    start_s: float
    end_s: float
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of a recording, or of a part of it.

    Attributes:
        segments: In the order of time; empty where the service gives only text.
        language: As the service calls it; empty where it doesn't say.
        duration_s: Of the audio, as the service heard it; None where it doesn't say.
    """

    text: str
    segments: tuple[Segment, ...] = ()
    language: str = ""
    duration_s: float | None = None

    def shifted(self, seconds: float) -> Transcript:
        """The transcript of a part that begins so many seconds into the recording."""
        moved = (replace(each, start_s=each.start_s + seconds, end_s=each.end_s + seconds) for each in self.segments)
        return replace(self, segments=tuple(moved))


def joined(parts: Sequence[Transcript], starts_s: Sequence[float]) -> Transcript:
    """One transcript of a recording that was heard in parts.

    A part that came without times, among others with them, is one segment: no words are left out of subtitles.
    A service tells speakers apart within one part only, so those of later parts bear its number.

    Args:
        starts_s: Where each part begins, in seconds.
    """
    if any(part.segments for part in parts):
        ends_s = (*starts_s[1:], starts_s[-1] + (parts[-1].duration_s or 0.0))
        lengths_s = (end_s - start_s for start_s, end_s in zip(starts_s, ends_s, strict=True))
        parts = [_timed(part, length_s) for part, length_s in zip(parts, lengths_s, strict=True)]
    parts = [_with_own_speakers(part, number) for number, part in enumerate(parts, 1)]
    moved = [part.shifted(start_s) for part, start_s in zip(parts, starts_s, strict=True)]
    last = parts[-1].duration_s
    return Transcript(
        text="\n".join(part.text.strip() for part in parts if part.text.strip()),
        segments=tuple(segment for part in moved for segment in part.segments),
        language=next((part.language for part in parts if part.language), ""),
        duration_s=None if last is None else starts_s[-1] + last,
    )


def _timed(part: Transcript, length_s: float) -> Transcript:
    text = part.text.strip()
    return part if part.segments or not text else replace(part, segments=(Segment(0.0, length_s, text),))


def _with_own_speakers(part: Transcript, number: int) -> Transcript:
    if number == 1:
        return part
    segments = (
        replace(each, speaker=f"{each.speaker} (part {number})") if each.speaker else each for each in part.segments
    )
    return replace(part, segments=tuple(segments))
