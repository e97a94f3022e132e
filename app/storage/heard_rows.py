"""Transcripts of parts of a recording <-> rows of the library."""

from __future__ import annotations

import json
import sqlite3

from app.domain.provider import Heard
from app.domain.transcript import Segment, Transcript


def heard_values(heard: Heard, task: int, part: int) -> dict[str, object]:
    """The row of one part of a task, counted from 0."""
    transcript = heard.transcript
    segments = [[each.start_s, each.end_s, each.text, each.speaker] for each in transcript.segments]
    return {
        "task": task,
        "part": part,
        "text": transcript.text,
        "segments": json.dumps(segments, ensure_ascii=False, allow_nan=False),
        "language": transcript.language,
        "duration_s": transcript.duration_s,
        "answer": heard.answer,
    }


def heard_of(row: sqlite3.Row) -> Heard:
    """What a row says was heard."""
    segments = tuple(Segment(*each) for each in json.loads(row["segments"]))
    return Heard(Transcript(row["text"], segments, row["language"], row["duration_s"]), row["answer"])
