"""What the error answers of the service mean: to the paid call, and to questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.errors import (
    ContentRefused,
    CredentialsRejected,
    OutcomeUnknown,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.engine.retry import NOT_ACCEPTED, REFUSED, is_passing
from app.providers.aimlapi.provider import AimlapiProvider
from tests.providers.aimlapi.faking import KEY, FakeClient, job, request_for

GENERAL = {
    "path": "/v2/generate/audio",
    "requestId": "0b6f1d0e",
    "timestamp": "2026-03-11T07:13:27.813Z",
}
OUT_OF_CREDITS = "You've run out of credits. Please top up your balance or update your payment method"


async def refused(aimlapi: AimlapiProvider, client: FakeClient, status: int, body: Any, **headers: str) -> Any:
    """What a submit raises."""
    client.will_answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})
    with pytest.raises(ProviderError) as caught:
        await aimlapi.submit(aimlapi.prepare(request_for("stable-audio"), KEY), KEY)
    return caught.value


async def answered(aimlapi: AimlapiProvider, client: FakeClient, status: int, body: Any) -> Any:
    """What a poll raises."""
    client.will_answer(status, body)
    with pytest.raises(ProviderError) as caught:
        await aimlapi.poll(job())
    return caught.value


@pytest.mark.parametrize("status_code", [400, "400"])
async def test_a_refused_body_is_told_with_its_words_and_its_status_code(
    status_code: Any, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    body = {"message": "Body validation error", "statusCode": status_code, **GENERAL}

    error = await refused(aimlapi, client, 400, body)

    assert type(error) is RequestRejected
    assert str(error) == "AI/ML API refused the request: Body validation error."
    assert (error.field, error.code) == (None, "400")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"message": "Body validation error"}, RequestRejected),
        (400, {"message": "Blocked by our content policy"}, ContentRefused),
        (401, {"message": "This request requires a valid API key."}, CredentialsRejected),
        (401, b"", CredentialsRejected),
        (402, {"message": "Pay"}, QuotaExhausted),
        (403, {"message": OUT_OF_CREDITS}, QuotaExhausted),
        (403, {"message": "The spending limit of this key is reached"}, QuotaExhausted),
        (403, {"message": "Insufficient funds"}, QuotaExhausted),
        (403, {"message": "Forbidden"}, QuotaExhausted),
        (403, b"", QuotaExhausted),
        (403, {"message": "This key may not use this endpoint"}, CredentialsRejected),
        (403, {"message": "The prompt was rejected"}, ContentRefused),
        (404, {"message": "Model was not found"}, RequestRejected),
        (413, b"<html>too large</html>", RequestRejected),
        (422, {"message": "Unprocessable"}, RequestRejected),
        (429, {"message": "Too Many Requests"}, RateLimited),
        (408, {"message": "Request timeout"}, OutcomeUnknown),
        (409, {"message": "Conflict"}, OutcomeUnknown),
        (500, {"message": "Model under maintenance"}, OutcomeUnknown),
        (502, b"<html>Bad gateway</html>", OutcomeUnknown),
        (503, b"", OutcomeUnknown),
        (504, {"message": "Generation timeout"}, OutcomeUnknown),
        (303, b"", OutcomeUnknown),
    ],
)
async def test_what_an_error_answer_to_the_paid_call_means(
    status: int, body: Any, kind: type[ProviderError], aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    error = await refused(aimlapi, client, status, body)

    assert type(error) is kind
    assert str(error)
    is_sure = 400 <= status < 500 and status not in (408, 409)
    assert isinstance(error, (*NOT_ACCEPTED, *REFUSED)) is is_sure  # nothing is charged where it was refused


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"message": "generation_id: Expected string"}, RequestRejected),
        (409, b"", UnexpectedReply),
        (401, {"message": "Expired"}, CredentialsRejected),
        (403, {"message": OUT_OF_CREDITS}, QuotaExhausted),
        (403, {"message": "Not for this key"}, CredentialsRejected),
        (404, {"message": "Not found"}, ServiceUnavailable),
        (404, b"", ServiceUnavailable),
        (408, b"", ServiceUnavailable),
        (429, {"message": "Too Many Requests"}, RateLimited),
        (500, {"message": "Internal server error"}, ServiceUnavailable),
        (502, b"<html>Bad gateway</html>", ServiceUnavailable),
        (503, b"", ServiceUnavailable),
        (504, {"message": "Gateway timeout"}, ServiceUnavailable),
    ],
)
async def test_no_error_answer_to_a_poll_ends_the_job(
    status: int, body: Any, kind: type[ProviderError], aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    error = await answered(aimlapi, client, status, body)

    assert type(error) is kind
    assert str(error)
    assert is_passing(error)


async def test_an_unknown_model_is_refused_at_the_model(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    error = await refused(aimlapi, client, 404, {"message": "Model somebody/new was not found", "statusCode": 404})

    assert (error.field, error.code) == ("model", "404")
    assert "somebody/new" in str(error)


async def test_a_busy_service_may_say_when_to_come_back_and_mostly_does_not(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    told = await refused(aimlapi, client, 429, {"message": "Too Many Requests"}, retry_after="7")
    untold = await refused(aimlapi, client, 429, {"message": "Too Many Requests"})

    assert (told.retry_after_s, untold.retry_after_s) == (7, None)


DETAILS: list[tuple[Any, str, str | None]] = [
    (
        {"message": "Body validation error", "meta": [{"path": ["seconds_total"], "message": "Too large"}]},
        "Body validation error; Too large",
        "duration",
    ),
    (
        {"message": "Invalid", "issues": [{"path": "audio_setting.bitrate", "message": "Expected 32000"}]},
        "Invalid; Expected 32000",
        "bitrate",
    ),
    (
        {"message": "Invalid", "errors": [{"field": "lyrics", "msg": "Too short"}, {"field": "steps", "msg": "Float"}]},
        "Invalid; Too short; Float",
        "lyrics",
    ),
    (
        {"error": {"message": "Invalid", "details": {"issues": [{"path": ["body", "steps"], "message": "Float"}]}}},
        "Invalid; Float",
        "steps",
    ),
    ({"error": {"fieldErrors": {"music_length_ms": ["Required"]}}}, "Required", "duration"),
    (
        {"message": ["prompt should not be empty", "Odd"], "error": "Bad Request"},
        "prompt should not be empty; Odd; Bad Request",
        "prompt",
    ),
    ({"error": {"message": "Wrong voice"}}, "Wrong voice", "voice"),
    ({"error": "seconds_start must be at least 1"}, "seconds_start must be at least 1", "seconds_start"),
    ({"message": {"message": "reference_audio_url: not audio"}}, "reference_audio_url: not audio", "references"),
    (
        {"message": "Body validation error: steps: float", "meta": [{"path": ["steps"], "message": "steps: float"}]},
        "Body validation error: steps: float",
        "steps",
    ),
    (
        {"message": "Invalid enum value.\nExpected  'mp3', received 'aac'"},
        "Invalid enum value. Expected 'mp3', received 'aac'",
        None,
    ),
    ({"message": "No", "meta": [{"path": ["voice_settings", "speed"], "message": "High"}]}, "No; High", "speed"),
    ({"message": "voice_settings.speed is too high"}, "voice_settings.speed is too high", "speed"),
    ({"message": "<b>Bad</b> \u0007steps"}, "Bad steps", "steps"),
    ({"message": "Unknown output_format"}, "Unknown output_format", "format"),
    ({"message": "Odd audio_sample_rate"}, "Odd audio_sample_rate", "sample_rate"),
    ({"message": None, "error": None}, "", None),
    ({"message": 7, "meta": {"usage": {"usd_spent": 1}}}, "", None),
    ([], "", None),
    (b"plain words", "plain words", None),
    (b"<html>Bad request</html>", "", None),
    (b"\x00\xff\x01", "", None),
]


@pytest.mark.parametrize(("body", "text", "field"), DETAILS)
async def test_all_that_is_said_about_a_refusal_is_shown_and_its_field_found(
    body: Any, text: str, field: str | None, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    error = await refused(aimlapi, client, 400, body)

    assert type(error) is RequestRejected
    assert error.field == field
    said = f": {text}." if text else " (HTTP 400)."
    assert str(error) == f"AI/ML API refused the request{said}"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"message": "No", "error": {"code": "invalid_value", "name": "E"}, "statusCode": 400}, "invalid_value"),
        ({"error": {"name": "BadThing", "message": "No"}}, "BadThing"),
        ({"message": "No", "statusCode": "400"}, "400"),
        ({"message": "No", "statusCode": True}, None),
        ({"message": "No"}, None),
    ],
)
async def test_the_name_of_a_problem_is_kept(
    body: Any, code: str | None, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    assert (await refused(aimlapi, client, 400, body)).code == code


def nested(depth: int) -> Any:
    value: Any = {"message": "deep"}
    for _ in range(depth):
        value = {"errors": [value]}
    return value


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"message": "x" * 100_000}).encode(),
        json.dumps({"message": [f"problem {n}" for n in range(10_000)]}).encode(),
        json.dumps(nested(40)).encode(),
        b"[" * 200_000,
    ],
)
async def test_a_flood_of_words_stays_short(body: bytes, aimlapi: AimlapiProvider, client: FakeClient) -> None:
    assert 0 < len(str(await refused(aimlapi, client, 400, body))) <= 400


Question = Callable[[AimlapiProvider], Any]


@pytest.mark.parametrize(
    "question", [lambda aimlapi: aimlapi.check_key(), lambda aimlapi: aimlapi.models()], ids=["check_key", "models"]
)
async def test_other_questions_fail_in_the_same_words(
    question: Question, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(401, {"message": "Wrong key"})
    client.will_answer(503, b"")

    with pytest.raises(CredentialsRejected, match="Wrong key"):
        await question(aimlapi)
    with pytest.raises(ServiceUnavailable):
        await question(aimlapi)
