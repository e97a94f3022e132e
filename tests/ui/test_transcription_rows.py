"""What rows and messages say of a transcription."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.model_spec import Kind
from app.domain.provider import Heard
from app.domain.receipt import Estimate
from app.domain.request import AudioPart, InputFile, TranscriptionRequest
from app.domain.take import Failure
from app.domain.task import Task, TaskState
from app.domain.transcript import Transcript
from app.engine.live import Live
from app.ui.queue_news import finished_sentence
from app.ui.task_words import state_words
from app.ui.transcript_flow import heard_so_far, note_of

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PARTS = tuple(AudioPart(float(n), n + 1.0, "00", ".mp3") for n in range(3))
REQUEST = TranscriptionRequest("acme", "scribe", InputFile(Path("/sounds/interview.wav")), parts=PARTS, duration_s=3.0)
TASK = Task("1", "1", REQUEST, Kind.TRANSCRIPTION, TaskState.SUBMITTING, NOW, NOW, Estimate(Decimal("0.06")))


def heard(text: str) -> Heard:
    return Heard(Transcript(text), text, Decimal("0.02"))


@pytest.mark.parametrize("state", [TaskState.SUBMITTING, TaskState.RUNNING])
@pytest.mark.parametrize(("fraction", "words"), [(None, "1 of 3 parts  0:41"), (2 / 3, "3 of 3 parts  0:41")])
def test_a_running_transcription_counts_its_parts(state, fraction, words):
    live = Live(NOW - timedelta(seconds=41), fraction)

    shown = state_words(replace(TASK, state=state), live, NOW)

    assert (shown.word, shown.detail, shown.fraction) == ("Running", words, fraction)


def test_a_short_recording_has_no_parts_to_count():
    short = replace(TASK, request=replace(REQUEST, parts=PARTS[:1]))

    assert state_words(short, Live(NOW), NOW).detail == "0:00"


def test_a_finished_one_is_a_transcript():
    assert state_words(replace(TASK, state=TaskState.FINISHED), None, NOW).word == "Transcript"


def test_the_end_is_told_with_what_it_cost():
    done = replace(TASK, state=TaskState.FINISHED, heard=(heard("a"), heard("b"), heard("c")))

    assert finished_sentence(done).startswith("Transcript saved.")
    assert "take" not in finished_sentence(done)


def test_the_words_of_the_parts_that_are_through_are_shown_with_what_became_of_the_rest():
    task = replace(TASK, heard=(heard("One."), heard("Two.")))

    assert heard_so_far(task).text == "One.\nTwo."
    assert note_of(task) == "2 of 3 parts"
    failed = replace(task, state=TaskState.FAILED, failure=Failure("service_unavailable", "It is down."))
    assert note_of(failed) == "2 of 3 parts: It is down."
    assert note_of(replace(task, state=TaskState.CANCELLED)) == "2 of 3 parts: Cancelled."
    assert note_of(replace(task, state=TaskState.UNCERTAIN)) == "2 of 3 parts: Needs your decision."
    assert note_of(replace(task, state=TaskState.FINISHED)) == ""
    assert heard_so_far(TASK) is None
    assert note_of(TASK) == "The words appear here as they come."
