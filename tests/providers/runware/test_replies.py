"""Every shape in which Runware answers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.providers.runware.replies import Envelope, decoded
from app.providers.runware.results import progress_of
from tests.providers.runware.faking import KEY, OTHER, ack, done


def read(body: object) -> Envelope:
    envelope = decoded(json.dumps(body).encode())
    assert envelope is not None
    return envelope


def test_data_without_errors():
    envelope = read({"data": [done(1)]})

    assert len(envelope.items) == 1
    assert envelope.errors == ()


def test_errors_without_data():
    envelope = read({"errors": [{"code": "invalidApiKey", "message": "no", "parameter": "apiKey"}]})

    assert not envelope.has_data
    assert [(error.code, error.parameter) for error in envelope.errors] == [("invalidApiKey", ("apiKey",))]


def test_empty_data_beside_errors():
    envelope = read({"data": [], "errors": [{"code": "conflictTaskUUID"}]})

    assert envelope.has_data
    assert envelope.errors[0].code == "conflictTaskUUID"


def test_data_and_errors_together():
    envelope = read({"data": [done(1)], "errors": [{"code": "timeoutProvider", "taskUUID": str(KEY)}]})

    assert len(envelope.items) == len(envelope.errors) == 1


def test_data_that_is_an_object():
    assert read({"data": {"taskUUID": str(KEY), "imageUUID": "x"}}).items[0].task_uuid == str(KEY)


def test_errors_that_are_an_object():
    assert read({"errors": {"code": "timeout", "message": "late"}}).errors[0].code == "timeout"


def test_a_single_error_whose_task_stands_around_it():
    envelope = read({"error": {"code": "timeout", "message": "late"}, "taskUUID": str(KEY), "taskType": "x"})

    assert envelope.of(KEY).errors[0].code == "timeout"
    assert read({"error": {"code": "timeout"}, "taskUUID": OTHER}).of(KEY).errors == ()


def test_an_error_that_is_a_text():
    assert read({"error": "too late"}).errors[0].message == "too late"


def test_an_error_inside_data():
    item = ack(status="error", error={"code": "providerError", "message": "broken"})
    envelope = read({"data": [done(1), item]})

    assert len(envelope.items) == 1
    (error,) = envelope.of(KEY).errors
    assert (error.code, error.message, error.says_failed) == ("providerError", "broken", True)


def test_an_error_inside_data_that_tells_its_code_itself():
    (error,) = read({"data": [ack(status="error", code="providerError", message="broken")]}).errors

    assert (error.code, error.message) == ("providerError", "broken")


def test_a_failure_told_in_both_places_is_one():
    nested = ack(status="error", error={"code": "providerError", "message": "broken"})

    envelope = read({"data": [nested], "errors": [{"code": "providerError", "message": "broken"}]})

    assert len(envelope.errors) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Bad Gateway</html>", b'{"data": [', b"[]", b"3", b'"text"', b"\xff\xfe", b"[" * 100_000, b"null"],
)
def test_what_is_no_answer_is_none(body: bytes):
    assert decoded(body) is None


def test_a_parameter_may_be_one_or_several():
    one, several = read(
        {"errors": [{"code": "a", "parameter": "ttl"}, {"code": "b", "parameter": ["ttl", "outputType"]}]}
    ).errors

    assert one.parameter == ("ttl",)
    assert several.parameter == ("ttl", "outputType")


def test_entries_are_matched_by_their_task_whatever_their_place_and_letters():
    envelope = read({"data": [done(1, taskUUID=OTHER), done(2, taskUUID=str(KEY).upper()), done(3)]})

    assert [item.seed for item in envelope.of(KEY).items] == [481518, 481519]


def test_an_entry_without_a_task_is_of_the_only_one_that_was_asked():
    assert len(read({"data": [{"audioURL": "https://x.example/a.mp3"}]}).of(KEY).items) == 1


def test_money_is_what_the_text_says():
    envelope = decoded(b'{"data":[{"audioURL":"https://x.example/a","cost":0.0263333333333333334}]}')

    assert envelope is not None
    assert envelope.items[0].cost == Decimal("0.0263333333333333334")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("progress", "soon"),
        ("progress", {}),
        ("cost", "free"),
        ("cost", True),
        ("cost", [1]),
        ("seed", "a"),
        ("seed", 1.5),
        ("resultIndex", "first"),
        ("audioUUID", 7),
        ("status", 1),
        ("surprise", {"deep": [1]}),
        ("audioBase64Data", 5),
        ("balance", "a lot"),
    ],
)
def test_a_field_of_the_wrong_type_counts_as_left_out(field: str, wrong: object):
    (item,) = read({"data": [done(1) | {field: wrong}]}).items

    assert item.link == "https://am.runware.ai/audio/os/a1/ws/2/ai/1.ogg"
    assert item.is_finished
    if field in ("progress", "cost", "seed"):
        assert getattr(item, field) is None


def test_numbers_that_are_texts_are_numbers():
    (item,) = read({"data": [done(1, progress="62", cost="0.5", seed="7")]}).items

    assert (item.progress, item.cost, item.seed) == (62.0, Decimal("0.5"), 7)


def test_an_entry_that_is_no_object_is_passed_over():
    envelope = read({"data": [None, 3, done(1)], "errors": [None, 3, {}, ""], "error": False})

    assert len(envelope.items) == 1
    assert envelope.errors == ()


@pytest.mark.parametrize("key", ["audioURL", "audioBase64Data", "audioDataURI", "videoURL"])
def test_whatever_carries_the_output_is_finished_without_a_status(key: str):
    assert read({"data": [ack() | {key: "x"}]}).items[0].is_finished


@pytest.mark.parametrize(
    "word", ["processing", "pending", "queued", "scheduled", "waiting", "brewing", "completed", ""]
)
def test_every_other_status_still_runs(word: str):
    assert not read({"data": [ack(status=word)]}).items[0].is_finished


def test_success_without_an_output_is_finished():
    assert read({"data": [ack(status="success")]}).items[0].is_finished


def test_people_in_an_account_are_not_even_read():
    (item,) = read({"data": {"balance": 3.25, "team": [{"email": "petra@invented.example"}]}}).items

    assert item.balance == Decimal("3.25")
    assert "petra" not in repr(item)


_NAMES = [
    "data",
    "errors",
    "error",
    "taskUUID",
    "status",
    "cost",
    "progress",
    "audioURL",
    "audioUUID",
    "resultIndex",
    "seed",
    "response",
    "code",
    "message",
    "parameter",
    "min",
    "allowedValues",
    "responseContent",
]
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(_json)
@example({"data": [{"status": "error", "error": [[{"code": 1}]]}]})
@example({"errors": [{"code": "invalidX", "message": "\udfff", "responseContent": '{"a":'}]})
@example({"data": [{"status": "success", "cost": 1e308, "audioURL": "http://[/"}]})
def test_no_answer_at_all_brings_the_reading_down(body: Any):
    envelope = decoded(json.dumps(body).encode())

    if envelope is not None:
        progress_of(envelope.of(KEY), 3)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_bring_the_reading_down(body: bytes):
    decoded(body)
