"""A sound or a piece of music, from its creation over its polls to the name of its result."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.domain.errors import NotConnected, OutcomeUnknown, ResultGone, ServiceUnavailable, UnexpectedReply
from app.domain.provider import Progress, Recovery, Result, Submission
from app.providers.camb.provider import CambProvider
from app.providers.registry import CAMB
from tests.fakes.fixed_key import KEY as API_KEY
from tests.providers.camb.faking import EARLIER_URL, KEY, RUN_ID, TASK_ID, Camb, job, request_for


async def submitted(provider: CambProvider, model: str = "text-to-sound") -> Submission:
    return await provider.submit(provider.prepare(request_for(model), KEY), KEY)


async def told(camb: Camb, provider: CambProvider, **fields: Any) -> Progress:
    camb.says(200, fields)
    return await provider.poll(job())


# The creation


@pytest.mark.parametrize("model", ["text-to-sound", "text-to-music"])
async def test_a_created_task_is_known_by_the_name_that_the_service_gave_it(
    model: str, provider: CambProvider, camb: Camb
) -> None:
    camb.says(200, {"task_id": TASK_ID, "surprise": {"deep": [1]}})

    submission = await submitted(provider, model)

    assert submission == Submission(TASK_ID, Progress(poll_after_s=4.0))
    assert camb.paths == ["POST https://client.camb.ai/apis/text-to-sound"]
    assert camb.keys == [API_KEY]
    assert "authorization" not in camb.asked[0].headers


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_a_task_may_be_named_by_a_number(status: int, provider: CambProvider, camb: Camb) -> None:
    camb.says(status, {"task_id": 991})

    assert (await submitted(provider)).job_id == "991"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"task_id": None},
        {"task_id": ""},
        {"task_id": True},
        {"task_id": ["a"]},
        {"task_id": "."},
        {"task_id": ".."},
        {"task_id": "a b"},
        {"task_id": "a\nb"},
        {"task_id": "x" * 513},
        {"status": "PENDING", "run_id": None},
        {"error": "try later"},
        b'{"task_id": "\\ud800"}',
        [TASK_ID],
        "accepted",
        b"<html>busy</html>",
        b"",
        b'{"task_id": "5b',
    ],
)
async def test_an_accepted_request_without_a_name_is_an_unknown_outcome(
    body: Any, provider: CambProvider, camb: Camb
) -> None:
    camb.says(200, body)

    with pytest.raises(OutcomeUnknown):
        await submitted(provider)


@pytest.mark.parametrize("model", ["text-to-sound", "text-to-music", "mars-flash"])
async def test_a_lost_answer_leaves_the_outcome_unknown_and_nothing_is_sent_twice(
    model: str, provider: CambProvider, camb: Camb
) -> None:
    camb.breaks(httpx.ReadError("reset"))

    with pytest.raises(OutcomeUnknown):
        await submitted(provider, model)

    assert len(camb.asked) == 1


@pytest.mark.parametrize("model", ["text-to-sound", "mars-flash"])
async def test_a_connection_that_was_never_made_has_sent_nothing(
    model: str, provider: CambProvider, camb: Camb
) -> None:
    camb.breaks(httpx.ConnectError("refused"))

    with pytest.raises(NotConnected):
        await submitted(provider, model)


# The polls


async def test_a_task_is_asked_about_where_it_was_sent_with_the_key(provider: CambProvider, camb: Camb) -> None:
    await told(camb, provider, status="PENDING", run_id=None)

    assert camb.paths == [f"GET {EARLIER_URL}/text-to-sound/{TASK_ID}"]
    assert camb.keys == [API_KEY]


@pytest.mark.parametrize(
    ("task_id", "step"),
    [
        ("a/../../list-voices", "a%2F..%2F..%2Flist-voices"),
        ("a?run_id=1#x", "a%3Frun_id%3D1%23x"),
        ("100%", "100%25"),
        ("a%2Fb", "a%252Fb"),
        ("tâche", "t%C3%A2che"),
        ("a\\b", "a%5Cb"),
        ("...", "..."),
    ],
)
async def test_the_name_of_a_task_stays_one_step_of_the_address(
    task_id: str, step: str, provider: CambProvider, camb: Camb
) -> None:
    camb.says(200, {"status": "PENDING"})

    await provider.poll(job(task_id))

    assert camb.asked[0].url.raw_path.decode() == f"/apis/text-to-sound/{step}"


@pytest.mark.parametrize("task_id", ["", ".", "..", "a\r\nb", "\ud800"])
async def test_a_name_that_would_lead_elsewhere_is_not_asked_about(
    task_id: str, provider: CambProvider, camb: Camb
) -> None:
    with pytest.raises(UnexpectedReply):
        await provider.poll(job(task_id))

    assert camb.asked == []


@pytest.mark.parametrize(
    "word", ["PENDING", "PROCESSING", "QUEUED", "STARTED", "pending", "Processing", " queued ", "", None, 7, ["x"]]
)
async def test_while_it_works_it_is_asked_again_after_some_seconds(
    word: Any, provider: CambProvider, camb: Camb
) -> None:
    progress = await told(camb, provider, status=word, run_id=None)

    assert progress == Progress(poll_after_s=4.0)
    assert 3 <= (progress.poll_after_s or 0) <= 5


@pytest.mark.parametrize(("word", "shown"), [("rendering", "RENDERING"), ("Half<b>way</b>", "HALF WAY")])
async def test_a_word_that_nobody_documented_means_go_on_and_is_told(
    word: str, shown: str, provider: CambProvider, camb: Camb
) -> None:
    progress = await told(camb, provider, status=word)

    assert progress == Progress(poll_after_s=4.0, words=shown)


async def test_a_missing_status_means_go_on(provider: CambProvider, camb: Camb) -> None:
    assert not (await told(camb, provider, run_id=None)).is_final


@pytest.mark.parametrize("word", ["SUCCESS", "success", "Success"])
@pytest.mark.parametrize(
    ("run_id", "result_id"),
    [(48213, "48213"), ("48213", "48213"), (" 48213 ", "48213"), (0, "0"), ("run_abc123", "run_abc123")],
)
async def test_success_names_the_result_the_same_each_time(
    word: str, run_id: Any, result_id: str, provider: CambProvider, camb: Camb
) -> None:
    first = await told(camb, provider, status=word, run_id=run_id, exception_reason="NONE", message=None)
    second = await told(camb, provider, status=word, run_id=run_id)

    assert first == second == Progress(results=(Result(result_id),), is_final=True)
    assert first.cost is None  # what it costs is told nowhere, and is unknown, not nothing


@pytest.mark.parametrize(
    "run_id", [None, "", True, -1, 1.5, [48213], {"id": 1}, "../list-voices", "a b", "x" * 129, 10**30]
)
async def test_success_without_a_result_that_can_be_asked_for_is_asked_about_again(
    run_id: Any, provider: CambProvider, camb: Camb
) -> None:
    with pytest.raises(UnexpectedReply):
        await told(camb, provider, status="SUCCESS", run_id=run_id)

    assert (await told(camb, provider, status="SUCCESS", run_id=48213)).results == (Result(RUN_ID),)


@pytest.mark.parametrize("word", ["ERROR", "FAILED", "error", "Failed"])
async def test_a_failure_ends_the_task_with_its_reason_and_words(word: str, provider: CambProvider, camb: Camb) -> None:
    progress = await told(
        camb, provider, status=word, run_id=None, exception_reason="PROCESSING_ERROR", message="Generation failed"
    )

    assert progress.is_final
    assert progress.results == ()
    assert progress.cost is None
    assert progress.failure is not None
    assert progress.failure.kind == "generation_failed"
    assert progress.failure.message == "Camb.ai couldn’t make it: Generation failed."
    assert progress.failure.code == "PROCESSING_ERROR"


@pytest.mark.parametrize(
    ("fields", "kind", "code"),
    [
        ({"status": "ERROR", "exception_reason": "HARMFUL_CONTENT_DETECTED"}, "content_refused", None),
        ({"status": "failed", "exception_reason": "harmful_content_detected"}, "content_refused", None),
        ({"status": "PAYMENT_REQUIRED"}, "quota_exhausted", "PAYMENT_REQUIRED"),
        ({"status": "payment_required", "message": "Top up"}, "quota_exhausted", "PAYMENT_REQUIRED"),
        ({"status": "ERROR", "exception_reason": "PAYMENT_REQUIRED"}, "quota_exhausted", "PAYMENT_REQUIRED"),
        ({"status": "TIMEOUT"}, "generation_failed", "TIMEOUT"),
        ({"status": "Timeout", "exception_reason": "NONE"}, "generation_failed", "TIMEOUT"),
        ({"status": "ERROR", "exception_reason": "FORBIDDEN"}, "generation_failed", "FORBIDDEN"),
        ({"status": "ERROR", "exception_reason": "INTERNAL_ERROR"}, "generation_failed", "INTERNAL_ERROR"),
        ({"status": "ERROR", "exception_reason": "SOMETHING_NEW"}, "generation_failed", "SOMETHING_NEW"),
        ({"status": "ERROR", "exception_reason": "NONE"}, "generation_failed", "ERROR"),
        ({"status": "ERROR", "exception_reason": None}, "generation_failed", "ERROR"),
        ({"status": "ERROR", "exception_reason": ["x"]}, "generation_failed", "ERROR"),
        ({"status": "FAILED"}, "generation_failed", "FAILED"),
    ],
)
async def test_kinds_of_failure_are_told_apart(
    fields: dict[str, Any], kind: str, code: str | None, provider: CambProvider, camb: Camb
) -> None:
    progress = await told(camb, provider, **fields)

    assert progress.is_final
    assert progress.failure is not None
    assert progress.failure.kind == kind
    assert progress.failure.code == (code or "HARMFUL_CONTENT_DETECTED")
    assert progress.failure.message.endswith(".")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("No GPU", "No GPU."),
        ("Is it full?", "Is it full?"),
        ({"message": "No GPU", "trace": "0f"}, "No GPU."),
        ({"detail": {"msg": "No GPU"}}, "No GPU."),
        ({"detail": [{"loc": ["body"], "msg": "No GPU"}]}, "No GPU."),
        ({"stage": "vocoder", "node": "n7"}, "vocoder; n7."),
        (["No GPU", "No GPU"], "No GPU."),
        ("No\n<b>GPU</b>", "No GPU."),
    ],
)
async def test_a_failure_may_be_told_in_a_text_or_in_an_object(
    message: Any, words: str, provider: CambProvider, camb: Camb
) -> None:
    progress = await told(camb, provider, status="ERROR", message=message)

    assert progress.failure is not None
    assert progress.failure.message == f"Camb.ai couldn’t make it: {words}"


@pytest.mark.parametrize("message", [None, "", {}, [], 7, {"a": {"b": {"c": {"d": {"e": "deep"}}}}}])
async def test_a_failure_that_says_nothing_is_told_by_its_reason(
    message: Any, provider: CambProvider, camb: Camb
) -> None:
    named = await told(camb, provider, status="ERROR", exception_reason="INTERNAL_ERROR", message=message)
    silent = await told(camb, provider, status="ERROR", exception_reason="NONE", message=message)

    assert named.failure is not None
    assert named.failure.message == "Camb.ai couldn’t make it (internal error)."
    assert silent.failure is not None
    assert silent.failure.message == "Camb.ai couldn’t make it and doesn’t say why."


async def test_a_flood_of_words_stays_short(provider: CambProvider, camb: Camb) -> None:
    flood = {f"{n}": {"message": "x" * 5_000} for n in range(1_000)}

    progress = await told(camb, provider, status="ERROR", message=flood, exception_reason="Y" * 5_000)

    assert progress.failure is not None
    assert len(progress.failure.message) < 400
    assert len(progress.failure.code or "") <= 300


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"", b"[]", b'"SUCCESS"', b"[" * 100_000, b'{"status":"\xff"}'])
async def test_an_answer_that_is_no_object_is_unexpected_and_passes(
    body: bytes, provider: CambProvider, camb: Camb
) -> None:
    camb.says(200, body)

    with pytest.raises(UnexpectedReply):
        await provider.poll(job())


async def test_a_poll_that_breaks_says_nothing_about_the_task(provider: CambProvider, camb: Camb) -> None:
    camb.breaks(httpx.ReadError("reset"))

    with pytest.raises(ServiceUnavailable):
        await provider.poll(job())


async def test_speech_can_not_be_asked_about(provider: CambProvider, camb: Camb) -> None:
    with pytest.raises(ResultGone, match="came with the answer"):
        await provider.poll(job(None, "mars-flash"))

    assert camb.asked == []


async def test_nothing_can_be_found_by_our_own_key(provider: CambProvider) -> None:
    wire = provider.prepare(request_for(), KEY)

    assert provider.recovery == Recovery()
    with pytest.raises(OutcomeUnknown):
        await provider.find(wire, job())


async def test_requests_go_where_the_settings_say(provider: CambProvider, camb: Camb) -> None:
    assert provider.base_url == CAMB.base_url

    camb.base_url = "http://127.0.0.1:8080"
    camb.says(200, {"task_id": TASK_ID})
    await submitted(provider)

    assert provider.base_url == "http://127.0.0.1:8080"
    assert camb.paths == ["POST http://127.0.0.1:8080/text-to-sound"]
    await provider.aclose()
