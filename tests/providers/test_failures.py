from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.engine.retry import NOT_ACCEPTED, REFUSED
from app.providers.client import Reply
from app.providers.failures import Told, clean_message, raise_for_question, raise_for_submit, told_by


def saying(status: int, body: Any = None, **headers: str) -> Reply:
    return Reply(status, headers, b"" if body is None else json.dumps(body).encode())


def question(reply: Reply) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        raise_for_question(reply, "Acme")
    return caught.value


def submit(reply: Reply) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        raise_for_submit(reply, "Acme")
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_success_is_no_error(status: int) -> None:
    raise_for_question(saying(status), "Acme")
    raise_for_submit(saying(status), "Acme")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRejected),
        (401, CredentialsRejected),
        (402, QuotaExhausted),
        (403, CredentialsRejected),
        (404, RequestRejected),
        (413, RequestRejected),
        (422, RequestRejected),
        (429, RateLimited),
    ],
)
def test_a_refusal_means_the_same_for_both(status: int, kind: type[ProviderError]) -> None:
    assert type(question(saying(status))) is kind
    assert type(submit(saying(status))) is kind


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 529])
def test_a_failing_service_may_be_asked_again_but_may_have_taken_a_submit(status: int) -> None:
    assert type(question(saying(status))) is ServiceUnavailable
    told = submit(saying(status))
    assert type(told) is OutcomeUnknown
    assert told.has_failed == (status == 500)


@pytest.mark.parametrize("status", [100, 300, 304, 409, 418, 499])
def test_nobody_knows_what_other_answers_mean(status: int) -> None:
    assert type(question(saying(status))) is UnexpectedReply
    assert type(submit(saying(status))) is OutcomeUnknown


@given(st.integers(min_value=300, max_value=999))
def test_a_submit_is_only_free_again_where_the_status_says_so(status: int) -> None:
    is_free = isinstance(submit(saying(status)), (*NOT_ACCEPTED, *REFUSED))

    assert not (is_free and not 400 <= status < 500)


def test_a_busy_service_says_when_to_come_back() -> None:
    error = submit(Reply(429, {"retry-after": "7"}, b""))

    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 7


OPENAI = {"error": {"message": "Too long.", "type": "invalid_request_error", "param": "input", "code": "too_long"}}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (OPENAI, Told("Too long.", "too_long", "input")),
        ({"error": {"message": "Too long.", "type": "bad", "param": None, "code": None}}, Told("Too long.", "bad")),
        ({"error": "Too long."}, Told("Too long.")),
        ({"error": "Bad Request", "code": "too_long"}, Told("Bad Request", "too_long")),
        ({"detail": "Too long."}, Told("Too long.")),
        ({"detail": {"error": "validation_error", "message": "Too long.", "type": "bad"}}, Told("Too long.", "bad")),
        (
            {"detail": [{"loc": ["body", "voice", 0, "id"], "msg": "Too long.", "type": "value_error"}]},
            Told("Too long.", "value_error", "id"),
        ),
        ({"detail": [{"msg": "One."}, {"msg": "Two."}]}, Told("One. Two.")),
        (
            {"errors": [{"code": "unsupportedDuration", "message": "Too long.", "parameter": ["a", "duration"]}]},
            Told("Too long.", "unsupportedDuration", "duration"),
        ),
        ({"message": "Too long.", "path": "/v2", "statusCode": "400"}, Told("Too long.")),
        ({"message": ["One.", "Two."], "statusCode": 400}, Told("One. Two.")),
        ({"message": "Too long.", "code": 400, "type": "bad", "param": "input"}, Told("Too long.", "bad", "input")),
        ({}, Told()),
        ([], Told()),
        ("text", Told()),
        (None, Told()),
        ({"error": None, "message": None}, Told()),
        ({"error": {}, "detail": [], "message": 7}, Told()),
    ],
)
def test_what_a_service_says_is_found_in_any_of_the_usual_places(body: Any, told: Told) -> None:
    assert told_by(saying(400, body)) == told


def test_a_page_of_html_says_nothing() -> None:
    error = question(Reply(502, {}, b"<html><title>Bad Gateway</title>nginx</html>"))

    assert str(error) == "Acme isn’t available now (HTTP 502)."


def test_a_refusal_carries_the_services_words_code_and_field() -> None:
    error = submit(saying(400, OPENAI))

    assert isinstance(error, RequestRejected)
    assert str(error) == "Acme refused the request: Too long."
    assert (error.code, error.field) == ("too_long", "input")


def test_a_field_has_our_name_where_we_have_one() -> None:
    with pytest.raises(RequestRejected) as caught:
        raise_for_submit(saying(400, OPENAI), "Acme", fields={"input": "prompt"})

    assert caught.value.field == "prompt"


def test_a_service_may_have_its_own_way_of_saying_things() -> None:
    with pytest.raises(RequestRejected, match="in its own words") as caught:
        raise_for_question(saying(400, OPENAI), "Acme", told=Told("in its own words", "own"))

    assert caught.value.code == "own"


def test_an_unknown_outcome_says_that_it_may_be_charged() -> None:
    assert str(submit(saying(500, OPENAI))) == (
        "Acme failed while it had the request: Too long. Whether it took it is unknown; it may be charged."
    )


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  two\r\nlines\tand more ", "two lines and more"),
        ("<p>Not <b>allowed</b></p>", "Not allowed"),
        ("<script>alert(1)</script>No<style>p{}</style>", "No"),
        ("&lt;img src=x onerror=alert(1)&gt; &amp; more", "& more"),
        ("\x1b[31mred\x07", "[31mred"),
        ("right\u202eleft\u2066", "right left"),
        ("at least 1 < 2 and 3 > 2", "at least 1 < 2 and 3 > 2"),
        ("<a href='https://evil.example", ""),
        ("x" * 999, "x" * 299 + "…"),
        ("", ""),
    ],
)
def test_a_message_is_one_plain_line(text: str, clean: str) -> None:
    assert clean_message(text) == clean


@given(st.text(max_size=2000))
def test_no_text_makes_a_message_dangerous(text: str) -> None:
    message = clean_message(text)

    assert len(message) <= 300
    assert message.isprintable()
    assert message == message.strip()


@given(st.binary(max_size=300) | st.from_regex(rb'\{"(error|detail|message|errors)": .*\}'), st.integers(300, 999))
def test_no_answer_makes_it_stumble(body: bytes, status: int) -> None:
    assert str(question(Reply(status, {}, body))).startswith(("Acme", "The credit at Acme"))
