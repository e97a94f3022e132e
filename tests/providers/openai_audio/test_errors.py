"""Every shape of an error is understood, and decides what may be done next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.domain.errors import (
    AppError,
    ContentRefused,
    CredentialsRejected,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ResultGone,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.providers.openai_audio.provider import OpenAIAudioProvider
from tests.providers.openai_audio.faking import KEY, FakeClient, text_for


async def refused(
    provider: OpenAIAudioProvider,
    client: FakeClient,
    status: int,
    body: Any = b"",
    headers: Mapping[str, str] | None = None,
) -> AppError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    client.will_stream(content, status=status, headers=dict(headers or {}))
    with pytest.raises(AppError) as caught:
        await provider.submit(provider.prepare(text_for(voice="alloy"), KEY), KEY)
    return caught.value


def error(message: str = "No", **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None, **more}}


@pytest.mark.parametrize(
    ("body", "words", "code", "field"),
    [
        (error("Bad voice", param="voice", code="invalid_value"), "Bad voice", "invalid_value", "voice"),
        (error("Bad input", param="input"), "Bad input", "invalid_request_error", "prompt"),
        (error("Bad format", param="response_format"), "Bad format", "invalid_request_error", "format"),
        (error("Bad file", param="file"), "Bad file", "invalid_request_error", "audio"),
        (error("Bad clip", param="reference_audio"), "Bad clip", "invalid_request_error", "references"),
        (
            error("No such field", param="speed", code="unsupported_parameter"),
            "No such",
            "unsupported_parameter",
            "speed",
        ),
        (error("Numbered", code=400, type=None), "Numbered", "400", None),
        ({"error": "A mere text"}, "A mere text", None, None),
        ({"detail": "Not here"}, "Not here", None, None),
        (
            {"detail": {"error": "validation_error", "message": "Voice not found", "type": "invalid_request_error"}},
            "Voice not found",
            "invalid_request_error",
            None,
        ),
        (
            {"detail": [{"loc": ["body", "input"], "msg": "Field required", "type": "missing"}]},
            "Field required",
            "missing",
            "prompt",
        ),
        (
            {"message": "Too loud", "code": 400, "type": "BadRequestError", "param": "speed"},
            "Too loud",
            "BadRequestError",
            "speed",
        ),
        ({"message": "Numbered", "code": 4001}, "Numbered", "4001", None),
        (b"plain words", "plain words", None, None),
        (b"<html><body>Bad Request</body></html>", "HTTP 400", None, None),
        (b"\xff\xfe", "HTTP 400", None, None),
        (b"[1]", "HTTP 400", None, None),
        (b"", "HTTP 400", None, None),
    ],
)
async def test_a_refusal_is_told_in_the_words_of_every_server(
    body: Any, words: str, code: str | None, field: str | None, anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    caught = await refused(anyone, client, 400, body)

    assert isinstance(caught, RequestRejected)
    assert words in str(caught)
    assert (caught.code, caught.field) == (code, field)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRejected),
        (401, CredentialsRejected),
        (402, QuotaExhausted),
        (403, CredentialsRejected),
        (404, RequestRejected),
        (409, OutcomeUnknown),
        (413, RequestRejected),
        (422, RequestRejected),
        (429, RateLimited),
        (500, OutcomeUnknown),
        (502, OutcomeUnknown),
        (504, OutcomeUnknown),
    ],
)
async def test_a_status_decides_whether_anything_can_have_been_started(
    status: int, kind: type[AppError], anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    for body in (error(), b"<html>", b""):
        assert type(await refused(anyone, client, status, body)) is kind


async def test_a_deployment_that_starts_up_has_taken_nothing(
    runinfra: OpenAIAudioProvider, openai: OpenAIAudioProvider, client: FakeClient
) -> None:
    starting = await refused(runinfra, client, 503, error("Starting"), {"retry-after": "12"})
    unknown = await refused(openai, client, 503, error("Overloaded"), {"retry-after": "12"})

    assert isinstance(starting, RateLimited)
    assert starting.retry_after_s == 12
    assert str(starting) == "RunInfra isn’t ready: Starting."
    assert isinstance(unknown, OutcomeUnknown)


@pytest.mark.parametrize(
    ("headers", "after_s"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:09 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 9.0),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1792567689", "date": "Wed, 21 Oct 2026 07:28:00 GMT"},
            9.0,
        ),
        (
            {
                "retry-after": "3",
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": "1792567689",
                "date": "Wed, 21 Oct 2026 07:28:00 GMT",
            },
            3.0,
        ),
        (
            {"x-ratelimit-remaining": "4", "x-ratelimit-reset": "1792567689", "date": "Wed, 21 Oct 2026 07:28:00 GMT"},
            None,
        ),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "6m0s"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, None),
        ({}, None),
    ],
)
async def test_a_busy_service_says_when_to_come_back(
    headers: dict[str, str], after_s: float | None, anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    caught = await refused(anyone, client, 429, error("Slow down", code="rate_limit_exceeded"), headers)

    assert isinstance(caught, RateLimited)
    assert caught.retry_after_s == after_s


@pytest.mark.parametrize(
    "told",
    [
        {"code": "insufficient_quota"},
        {"type": "insufficient_quota"},
        {"type": "insufficient_quota", "code": "rate_limit_exceeded"},
        {"type": "requests", "code": "billing_hard_limit_reached"},
    ],
)
async def test_a_quota_that_is_used_up_isnt_waited_for(
    told: dict[str, str], anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    caught = await refused(anyone, client, 429, error("You exceeded your quota", **told), {"retry-after": "1"})

    assert isinstance(caught, QuotaExhausted)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"current_balance_cents": 120, "required_cents": 3_005, "topup_url": "https://runinfra.ai/billing"},
            "The credit at RunInfra is used up. No credits. It has $1.20, and this needs $30.05. "
            "Add credit at https://runinfra.ai/billing",
        ),
        ({"current_balance_cents": -7}, "The credit at RunInfra is used up. No credits. It has −$0.07."),
        ({"current_balance_cents": 0, "required_cents": 0.5}, "It has $0.00, and this needs $0.01."),
        ({"current_balance_cents": "odd", "required_cents": True, "topup_url": 7}, "is used up. No credits."),
        ({"current_balance_cents": 1e300, "topup_url": "javascript:alert(1)"}, "is used up. No credits."),
    ],
)
async def test_missing_credit_is_told_in_dollars(
    told: dict[str, Any], words: str, runinfra: OpenAIAudioProvider, client: FakeClient
) -> None:
    caught = await refused(runinfra, client, 402, error("No credits", **told))

    assert isinstance(caught, QuotaExhausted)
    assert str(caught).endswith(words)


@pytest.mark.parametrize("status", [400, 409, 410, 422, 500])
@pytest.mark.parametrize("key", ["code", "type"])
async def test_an_answer_that_is_no_longer_kept_was_paid_for(
    status: int, key: str, runinfra: OpenAIAudioProvider, client: FakeClient
) -> None:
    caught = await refused(runinfra, client, status, error("Too large", **{key: "idempotency_replay_unavailable"}))

    assert isinstance(caught, ResultGone)
    assert caught.code == "idempotency_replay_unavailable"
    assert "made and charged this before" in str(caught)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, error("The model 'x' is not deployed", code="model_not_found")),
        (404, error("No deployment", code="model_not_found")),
        (400, {"detail": {"error": "invalid_model", "message": "Unsupported: x", "type": "invalid_request_error"}}),
        (404, {"detail": "Model 'x' is not installed locally."}),
    ],
)
async def test_a_missing_model_is_told_at_its_field(
    status: int, body: Any, anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    caught = await refused(anyone, client, status, body)

    assert isinstance(caught, RequestRejected)
    assert caught.field == "model"


async def test_a_missing_path_isnt_a_missing_model(own: OpenAIAudioProvider, client: FakeClient) -> None:
    caught = await refused(own, client, 404, {"detail": "Not Found"})

    assert isinstance(caught, RequestRejected)
    assert caught.field is None


@pytest.mark.parametrize("told", [{"code": "content_policy_violation"}, {"type": "content_filter"}])
async def test_a_refused_text_is_told_as_such(
    told: dict[str, str], anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    assert isinstance(await refused(anyone, client, 400, error(**told)), ContentRefused)


@pytest.mark.parametrize("status", [400, 401, 402, 429, 500, 503])
async def test_the_services_name_for_the_exchange_is_told(
    status: int, runinfra: OpenAIAudioProvider, client: FakeClient
) -> None:
    for body in (error("Look it up."), b""):
        caught = await refused(runinfra, client, status, body, {"x-request-id": "req_<b>7</b>"})

        assert "request req_ 7" in str(caught)


async def test_free_questions_say_nothing_about_any_request(anyone: OpenAIAudioProvider, client: FakeClient) -> None:
    for status, kind in (
        (401, CredentialsRejected),
        (403, CredentialsRejected),
        (429, RateLimited),
        (500, ServiceUnavailable),
        (503, ServiceUnavailable),
        (418, UnexpectedReply),
    ):
        client.will_answer(status, error())

        with pytest.raises(kind):
            await anyone.check_key()
