"""What the error answers of the service mean: to a paid call, and to questions."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
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
from app.providers.camb.provider import CambProvider
from tests.providers.camb.faking import KEY, Camb, job, request_for

TOO_LONG = {"loc": ["body", "duration"], "msg": "Input should be less than or equal to 10", "type": "less_than_equal"}


async def refused(
    camb: Camb, provider: CambProvider, status: int, body: Any, model: str = "text-to-sound", **headers: str
) -> Any:
    """What a submit raises."""
    camb.says(status, body, **headers)
    with pytest.raises(ProviderError) as caught:
        await provider.submit(provider.prepare(request_for(model), KEY), KEY)
    return caught.value


@pytest.mark.parametrize("model", ["text-to-sound", "text-to-music", "mars-flash"])
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"detail": "Bad input"}, RequestRejected),
        (401, {"error": "Invalid API key", "status": 401}, CredentialsRejected),
        (401, b"", CredentialsRejected),
        (402, {"detail": "Not enough credits"}, QuotaExhausted),
        (403, {"error": "Not for this key", "status": 403}, CredentialsRejected),
        (404, {"detail": "Not found"}, RequestRejected),
        (413, b"<html>too large</html>", RequestRejected),
        (422, {"detail": [TOO_LONG]}, RequestRejected),
        (422, {"detail": "HARMFUL_CONTENT_DETECTED"}, ContentRefused),
        (400, {"detail": "Harmful content was found in the prompt"}, ContentRefused),
        (429, {"error": "Too many requests", "status": 429}, RateLimited),
        (408, {"detail": "Request timeout"}, OutcomeUnknown),
        (409, {"detail": "Conflict"}, OutcomeUnknown),
        (500, {"detail": "Internal error"}, OutcomeUnknown),
        (502, b"<html>Bad gateway</html>", OutcomeUnknown),
        (503, b"", OutcomeUnknown),
        (504, b"upstream timed out", OutcomeUnknown),
        (302, b"", OutcomeUnknown),
    ],
)
async def test_what_an_error_answer_to_a_paid_call_means(
    status: int, body: Any, kind: type[ProviderError], model: str, provider: CambProvider, camb: Camb
) -> None:
    error = await refused(camb, provider, status, body, model)

    assert type(error) is kind
    assert str(error)
    is_sure = 400 <= status < 500 and status not in (408, 409)
    assert isinstance(error, (*NOT_ACCEPTED, *REFUSED)) is is_sure  # nothing is charged where it was refused
    assert len(camb.asked) == 1


Question = Callable[[CambProvider], Awaitable[object]]
QUESTIONS: list[Question] = [
    lambda provider: provider.poll(job()),
    lambda provider: provider.check_key(),
    lambda provider: provider.voices(),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=["poll", "check_key", "voices"])
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"detail": "Bad input"}, RequestRejected),
        (401, {"error": "Invalid API key", "status": 401}, CredentialsRejected),
        (402, {"detail": "Not enough credits"}, QuotaExhausted),
        (403, {"error": "Not for this key", "status": 403}, CredentialsRejected),
        (404, {"detail": "Not found"}, ServiceUnavailable),
        (404, b"", ServiceUnavailable),
        (408, b"", ServiceUnavailable),
        (409, b"", UnexpectedReply),
        (422, {"detail": [TOO_LONG]}, RequestRejected),
        (429, {"error": "Too many requests", "status": 429}, RateLimited),
        (500, {"detail": "Internal error"}, ServiceUnavailable),
        (502, b"<html>Bad gateway</html>", ServiceUnavailable),
        (503, b"", ServiceUnavailable),
        (307, b"", UnexpectedReply),
    ],
)
async def test_no_error_answer_to_a_question_ends_a_task(
    status: int, body: Any, kind: type[ProviderError], question: Question, provider: CambProvider, camb: Camb
) -> None:
    camb.says(status, body)

    with pytest.raises(ProviderError) as caught:
        await question(provider)

    assert type(caught.value) is kind
    assert str(caught.value)
    assert is_passing(caught.value)


async def test_a_busy_service_may_say_when_to_come_back_and_mostly_does_not(provider: CambProvider, camb: Camb) -> None:
    told = await refused(camb, provider, 429, {"error": "Too many"}, Retry_After="7")
    silent = await refused(camb, provider, 429, {"error": "Too many"})

    assert (told.retry_after_s, silent.retry_after_s) == (7, None)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"detail": "One", "error": "Two", "message": "Three"}, "One"),
        ({"detail": [TOO_LONG], "error": "Two"}, "duration: Input should be less than or equal to 10"),
        (
            {"detail": [{"loc": ["body", "prompt"], "msg": "Field required"}, TOO_LONG]},
            "prompt: Field required; duration: Input should be less than or equal to 10",
        ),
        ({"detail": [{"loc": ["body", "texts", 0], "msg": "No"}]}, "texts.0: No"),
        ({"detail": [{"loc": ["body"], "msg": "Value error, No"}]}, "No"),
        ({"detail": [{"loc": [], "msg": "No"}]}, "No"),
        ({"detail": [{"loc": None, "msg": "No"}]}, "No"),
        ({"detail": [{"loc": "body", "msg": "No"}]}, "No"),
        ({"detail": [{"loc": [None, "x"], "msg": "No"}]}, "x: No"),
        ({"detail": ["No", {"surprise": 1}]}, "No"),
        ({"detail": [], "error": "Two"}, "Two"),
        ({"detail": {"message": "One"}}, "One"),
        ({"error": "Two", "message": "Three"}, "Two"),
        ({"error": {"message": "Two", "code": "x"}}, "Two"),
        ({"error": None, "message": "Three"}, "Three"),
        ({"message": "Three", "status": 400}, "Three"),
        ({"reason": "Four"}, "Four"),
        (["Five"], "Five"),
        (b"It went wrong", "It went wrong"),
        (b"<html><head><title>x</title></head><body><h1>Bad\nthing</h1></body></html>", "Bad thing"),
        (b"y" * 5_000, "y" * 199 + "…"),
    ],
)
async def test_what_the_service_says_is_found_in_every_shape_in_this_order(
    body: Any, words: str, provider: CambProvider, camb: Camb
) -> None:
    error = await refused(camb, provider, 400, body)

    end = "" if words.endswith("…") else "."
    assert str(error) == f"Camb.ai refused the request: {words}{end}"


@pytest.mark.parametrize("body", [b"", {}, [], 7, None, b"\x00\xff\xfe", b"{broken", {"status": 400}, {"detail": None}])
async def test_an_error_that_says_nothing_is_told_by_its_status(body: Any, provider: CambProvider, camb: Camb) -> None:
    error = await refused(camb, provider, 400, body)

    assert str(error) == "Camb.ai refused the request (HTTP 400)."


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (["body", "prompt"], "prompt"),
        (["body", "text"], "prompt"),
        (["body", "duration"], "duration"),
        (["body", "audio_type"], "model"),
        (["body", "speech_model"], "model"),
        (["body", "voice_id"], "voice"),
        (["body", "language"], "language"),
        (["body", "user_instructions"], "user_instructions"),
        (["body", "output_configuration"], "format"),
        (["body", "output_configuration", "format"], "format"),
        (["body", "output_configuration", "sample_rate"], "sample_rate"),
        (["body", "output_configuration", "duration"], "target_duration"),
        (["body", "voice_settings", "speaking_rate"], "speed"),
        (["body", "inference_options", "temperature"], "temperature"),
        (["body", "tts", "stability"], "stability"),
        (["body", "folder_id"], "folder_id"),
        (["body", "nobody_knows"], None),
        (["body"], None),
    ],
)
async def test_the_field_of_a_refusal_is_ours(
    place: list[str], field: str | None, provider: CambProvider, camb: Camb
) -> None:
    error = await refused(camb, provider, 422, {"detail": [{"loc": place, "msg": "no", "type": "odd"}]})

    assert (error.field, error.code) == (field, "odd")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("duration must be at most 10", "duration"),
        ("Unknown voice_id 7", "voice"),
        ("Voice not found", "voice"),
        ("Something else", None),
    ],
)
async def test_a_field_may_be_named_in_the_words_alone(
    text: str, field: str | None, provider: CambProvider, camb: Camb
) -> None:
    assert (await refused(camb, provider, 400, {"detail": text})).field == field


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"detail": "x" * 100_000}).encode(),
        json.dumps({"detail": [{"msg": f"problem {n} " * 50} for n in range(10_000)]}).encode(),
        json.dumps({"detail": [{"loc": ["x" * 10_000], "msg": "no"}]}).encode(),
        b"[" * 200_000,
    ],
)
async def test_a_flood_of_words_stays_short(body: bytes, provider: CambProvider, camb: Camb) -> None:
    assert 0 < len(str(await refused(camb, provider, 400, body))) <= 400
