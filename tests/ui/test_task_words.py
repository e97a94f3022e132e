"""Every state has an icon, a word and, where something can be done, the next step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.audio import AudioFormat, AudioInfo
from app.domain.model_spec import Kind
from app.domain.provider import WireRequest
from app.domain.receipt import FREE, Estimate
from app.domain.request import GenerationRequest
from app.domain.take import Failure, Take, TakeState
from app.domain.task import Attempt, Task, TaskState
from app.engine.live import Live, Receiving
from app.ui.take_on_show import reason_of_silence
from app.ui.task_words import RowAction, ordinal, state_words, take_words

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def task(state: TaskState, *, takes: tuple[Take, ...] = (), failure: Failure | None = None) -> Task:
    request = GenerationRequest("acme", "m", "rain", takes=max(1, len(takes)))
    return Task("0" * 12, "c", request, Kind.EFFECT, state, NOW, NOW, Estimate(), takes=takes, failure=failure)


def take(number: int, state: TakeState) -> Take:
    return Take(f"t-{number}", "t", "a", number, str(number), state)


@pytest.mark.parametrize("state", list(TaskState))
def test_every_state_has_an_icon_and_a_word(state):
    words = state_words(task(state), None, NOW)

    assert words.icon
    assert words.word


def test_a_queued_task_says_when_its_turn_is():
    assert state_words(task(TaskState.QUEUED), None, NOW, 1).word == "Queued, next"
    assert state_words(task(TaskState.QUEUED), None, NOW, 4).word == "Queued, 4th"


def test_a_running_task_counts_percent_and_seconds():
    live = Live(NOW - timedelta(seconds=41), 0.627)

    words = state_words(task(TaskState.RUNNING), live, NOW)

    assert (words.word, words.detail, words.fraction) == ("Running", "62 %  0:41", 0.627)


def test_an_answer_that_arrives_says_how_long_it_is_up_to_now():
    there = Receiving(1, 57_644, Path("take.partial"), AudioInfo(AudioFormat.WAV, 24_000, 1, 28_800))
    live = Live(NOW, receiving=there)
    sending = task(TaskState.SUBMITTING, takes=(take(1, TakeState.ANNOUNCED),))

    words = state_words(sending, live, NOW)

    assert (words.word, words.detail, words.action) == ("Receiving", "0:01.2", None)
    assert take_words(sending.takes[0], sending, live) == words


def test_an_answer_of_unknown_length_says_how_many_bytes_are_there():
    sending = task(TaskState.SUBMITTING, takes=(take(1, TakeState.ANNOUNCED),))

    assert state_words(sending, Live(NOW, receiving=Receiving(1, 24_300)), NOW).detail == "24 kB"
    assert state_words(sending, Live(NOW, receiving=Receiving(1, 1_340_000)), NOW).detail == "1.3 MB"


def test_what_arrives_in_another_window_offers_nothing_to_fetch():
    sending = task(TaskState.SUBMITTING, takes=(take(1, TakeState.ANNOUNCED),))

    words = take_words(sending.takes[0], sending, None)

    assert (words.word, words.action) == ("Receiving", None)


def test_a_take_that_broke_off_is_incomplete_and_one_that_isnt_audio_is_broken():
    cut = replace(take(1, TakeState.BROKEN), file="a.incomplete", failure=Failure("outcome_unknown", "It broke."))
    garbage = replace(cut, failure=Failure("broken_audio", "It isn’t audio."))
    undecided = task(TaskState.UNCERTAIN, takes=(cut,))

    assert take_words(cut, undecided, None).word == "Incomplete"
    assert take_words(garbage, undecided, None).word == "Broken file"
    assert state_words(undecided, None, NOW).word == "Needs your decision"
    assert reason_of_silence(undecided, cut).startswith("Incomplete")
    assert "isn’t playable audio" in reason_of_silence(undecided, garbage)


def test_patience_that_is_over_offers_to_check_again():
    paused = Live(NOW, None, "No connection", is_paused=True)

    assert state_words(task(TaskState.RUNNING), paused, NOW).action is RowAction.CHECK_AGAIN


def test_a_task_that_is_held_up_says_when_it_is_tried_again():
    at = NOW + timedelta(seconds=12)
    held_up = Live(NOW, words="Too many requests.", next_try_at=at)

    queued, running = (state_words(task(state), held_up, NOW) for state in (TaskState.QUEUED, TaskState.RUNNING))

    assert (queued.word, queued.detail) == ("Too many requests", f"next try {at.astimezone():%H:%M:%S}")
    assert (running.word, running.detail) == ("Trying again", f"at {at.astimezone():%H:%M:%S}")


def test_a_reason_that_is_too_long_for_a_row_stands_in_its_tooltip():
    at = NOW + timedelta(seconds=12)
    held_up = Live(NOW, words="The service sent a long story about its queues. Try later.", next_try_at=at)

    words = state_words(task(TaskState.QUEUED), held_up, NOW)

    assert (words.word, words.detail) == ("Trying again", f"at {at.astimezone():%H:%M:%S}")


def test_a_queued_task_of_a_paused_queue_says_so_and_others_go_on():
    for live in (None, Live(NOW, words="Busy.", next_try_at=NOW)):
        assert state_words(task(TaskState.QUEUED), live, NOW, 3, is_paused=True).text == "Queued, paused"
    assert state_words(task(TaskState.RUNNING), Live(NOW), NOW, is_paused=True).word == "Running"


@pytest.mark.parametrize("state", [TakeState.EXPIRED, TakeState.BROKEN])
def test_a_finished_task_with_a_take_that_can_still_be_had_offers_to_fetch_it(state):
    failure = Failure("result_expired", "gone")
    partly = task(TaskState.FINISHED, takes=(take(1, TakeState.STORED), take(2, state)), failure=failure)

    words = state_words(partly, None, NOW)

    assert (words.word, words.detail, words.action) == ("1 of 2 takes", "1 not fetched", RowAction.FETCH)


def test_a_failure_without_a_sound_says_what_to_do_and_what_the_service_said():
    failure = Failure("quota_exhausted", "Balance is 0.0012 USD.", code="insufficientCredits")

    told = reason_of_silence(task(TaskState.FAILED, failure=failure), None)

    assert "Add credit there, then retry." in told
    assert "Balance is 0.0012 USD. (insufficientCredits)" in told


def test_what_was_cancelled_after_it_was_sent_is_not_said_to_have_made_nothing():
    wire = WireRequest("POST", "/", {}, b"")
    attempt = Attempt(UUID(int=1), "0" * 12, 1, "acme", "m", "https://acme.example", wire, NOW)
    unsent, sent = (replace(task(TaskState.CANCELLED), attempt=replace(attempt, sent_at=at)) for at in (None, NOW))

    assert reason_of_silence(unsent, None) == "Nothing was made."
    assert "The service may have made it. Retry takes it up again." in reason_of_silence(sent, None)
    assert "Acme may have made it." in reason_of_silence(sent, None, "Acme")


def test_a_made_take_that_was_not_fetched_offers_to_fetch_it():
    waiting = task(TaskState.RUNNING, takes=(take(1, TakeState.ANNOUNCED),))

    words = state_words(waiting, None, NOW)

    assert (words.word, words.action) == ("Made, not fetched yet", RowAction.FETCH)


def test_a_task_that_finished_in_part_says_how_much_is_missing():
    takes = (take(1, TakeState.STORED), take(2, TakeState.STORED), take(3, TakeState.FAILED))
    words = state_words(task(TaskState.FINISHED, takes=takes, failure=Failure("generation_failed", "No.")), None, NOW)

    assert (words.word, words.detail, words.trouble) == ("2 of 3 takes", "", "1 failed")
    assert words.text == "2 of 3 takes  1 failed"


@pytest.mark.parametrize(
    ("kind", "word", "action"),
    [
        ("service_unavailable", "service down", RowAction.RETRY),
        ("upload_gone", "clip gone", RowAction.RETRY),
        ("quota_exhausted", "no credit", RowAction.ADD_CREDIT),
        ("credentials_missing", "no key", RowAction.ADD_KEY),
        ("key_unconfirmed", "key not confirmed", RowAction.OPEN_SERVICES),
        ("credentials_rejected", "key refused", RowAction.OPEN_SERVICES),
        ("keychain_error", "keychain locked", RowAction.OPEN_SERVICES),
        ("content_refused", "text refused", RowAction.EDIT),
    ],
)
def test_a_failure_says_why_in_two_words_and_offers_the_next_step(kind, word, action):
    words = state_words(task(TaskState.FAILED, failure=Failure(kind, "What the service wrote.")), None, NOW)

    assert (words.word, words.action, words.role) == (f"Failed: {word}", action, "err")


def test_an_uncertain_task_needs_a_decision():
    words = state_words(task(TaskState.UNCERTAIN), None, NOW)

    assert (words.word, words.action, words.role) == ("Needs your decision", RowAction.DECIDE, "warn")


def test_a_free_task_that_was_cancelled_says_nothing_of_bills():
    from dataclasses import replace

    free = replace(task(TaskState.CANCELLED), estimate=Estimate(FREE, FREE))

    assert state_words(free, None, NOW).detail == ""


@pytest.mark.parametrize(("place", "word"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd")])
def test_places_are_ordinals(place, word):
    assert ordinal(place) == word


def test_what_another_process_works_on_runs_and_offers_nothing():
    words = state_words(task(TaskState.RUNNING), None, NOW)

    assert (words.word, words.detail, words.action) == ("Running", "in another window", None)


def test_a_long_reason_is_told_up_to_its_colon():
    at = NOW + timedelta(seconds=12)
    held_up = Live(NOW, words="Acme can’t be reached: it refuses connections.", next_try_at=at)

    words = state_words(task(TaskState.QUEUED), held_up, NOW)

    assert (words.word, words.detail) == ("Acme can’t be reached", f"next try {at.astimezone():%H:%M:%S}")


def test_what_is_undecided_tells_one_story_and_how_to_decide():
    lost = Failure("outcome_unknown", "Acme didn’t answer to the end; it may be charged")

    told = reason_of_silence(task(TaskState.UNCERTAIN, failure=lost), None)

    assert told == (
        "Acme didn’t answer to the end; it may be charged.\n"
        "Nothing is sent again unless you say so. Ctrl+D asks what to do."
    )
    assert reason_of_silence(task(TaskState.UNCERTAIN), None).startswith("The connection broke right after")
