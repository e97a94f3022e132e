"""The one call that costs money: what its answers mean."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import (
    AppError,
    ContentRefused,
    CredentialsRejected,
    GenerationFailed,
    NotConnected,
    OutcomeUnknown,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    UploadGone,
)
from app.domain.provider import Progress, Submission
from app.providers.client import Reply
from tests.providers.runware.faking import (
    KEY,
    OTHER,
    ack,
    data,
    done,
    errors,
    failed,
    refused,
    reply,
    request,
    runware,
)
from tests.providers.runware.test_troubles import KNOWN, Trouble

AT_SUBMIT: dict[Trouble, type[AppError]] = {
    Trouble.INVALID: RequestRejected,
    Trouble.MODEL: RequestRejected,
    Trouble.KEY: CredentialsRejected,
    Trouble.QUOTA: QuotaExhausted,
    Trouble.BUSY: RateLimited,
    Trouble.CONTENT: ContentRefused,
    Trouble.UPLOAD_GONE: UploadGone,
    Trouble.PROVIDER: GenerationFailed,
    Trouble.LATE: OutcomeUnknown,
    Trouble.DELIVERY: OutcomeUnknown,
    Trouble.UNKNOWN_TASK: OutcomeUnknown,
    Trouble.GONE: OutcomeUnknown,
    Trouble.SERVER: OutcomeUnknown,
}
CODES = [
    (code, AT_SUBMIT[trouble]) for trouble, codes in KNOWN.items() if trouble in AT_SUBMIT for code in codes.split()
]


async def submitted(answer: Reply | AppError, **more: Any) -> Submission:
    there = runware()
    there.will_say(answer)
    wire = there.provider.prepare(request(**more), KEY)
    submission = await there.provider.submit(wire, KEY)
    (asked,) = there.client.asked
    assert asked.is_paid
    assert asked.wire is wire
    return submission


async def refusal(answer: Reply | AppError) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await submitted(answer)
    return caught.value


@pytest.mark.parametrize(
    "answer",
    [
        data(ack()),
        data(),
        reply({"data": ack()}),
        reply({"data": ack(taskUUID=str(KEY).upper())}),
        data({"taskType": "audioInference"}),
        data(ack(taskUUID=OTHER), ack()),
        data(ack(surprise=[1])),
        data(ack(), errors=[]),
    ],
)
async def test_an_acknowledgement_in_any_shape_is_accepted_and_named_by_the_attempts_key(answer: Reply):
    assert await submitted(answer) == Submission(job_id=None, progress=Progress())


@pytest.mark.parametrize("status", [200, 400, 409, 500])
@pytest.mark.parametrize("task_uuid", [str(KEY), None])
async def test_a_uuid_that_is_known_was_accepted_before(status: int, task_uuid: str | None):
    entry = refused("conflictTaskUUID", taskUUID=task_uuid)

    assert await submitted(reply({"data": [], "errors": [entry]}, status)) == Submission()


async def test_the_conflict_of_another_task_is_none_of_ours():
    error = await refusal(errors(refused("conflictTaskUUID", taskUUID=OTHER), status=400))

    assert type(error) is OutcomeUnknown


async def test_results_that_come_with_the_answer_are_used_at_once():
    submission = await submitted(data(done(1, status=None), done(2, status=None)), takes=2)

    assert [result.cost for result in submission.progress.results] == [Decimal("0.0374")] * 2
    assert submission.progress.is_final


async def test_results_beside_failures_are_used_at_once():
    submission = await submitted(data(done(1), errors=[failed()]), takes=2)

    assert len(submission.progress.results) == 1
    assert [each.failure.code for each in submission.progress.failures] == ["timeoutProvider"]
    assert submission.progress.is_final


async def test_a_remark_beside_an_acknowledgement_fails_nothing():
    submission = await submitted(data(ack(), errors=[refused("deprecatedParameter")]))

    assert submission.progress == Progress()


@pytest.mark.parametrize(("code", "kind"), CODES)
@pytest.mark.parametrize("status", [200, 400])
async def test_every_code_means_what_it_means_for_the_money(code: str, kind: type[AppError], status: int):
    error = await refusal(errors(refused(code, "because"), status=status))

    assert type(error) is kind
    assert error.code == code
    assert str(error) == "because."


@pytest.mark.parametrize("code", ["invalidParameter", "providerError", "insufficientCredits", "invalidApiKey", "new"])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_in_trouble_may_have_started_it_all_the_same(code: str, status: int):
    error = await refusal(errors(refused(code), status=status))

    assert type(error) is OutcomeUnknown


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRejected),
        (401, CredentialsRejected),
        (402, QuotaExhausted),
        (403, CredentialsRejected),
        (404, RequestRejected),
        (408, OutcomeUnknown),
        (409, OutcomeUnknown),
        (413, RequestRejected),
        (429, RateLimited),
        (500, OutcomeUnknown),
        (503, OutcomeUnknown),
        (504, OutcomeUnknown),
    ],
)
@pytest.mark.parametrize("entry", [None, refused("brandNew"), {"code": "brandNew"}])
async def test_without_a_telling_code_the_status_decides(status: int, kind: type[AppError], entry: object):
    body = {"message": "something"} if entry is None else {"errors": [entry]}

    assert type(await refusal(reply(body, status))) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, OutcomeUnknown),
        (400, OutcomeUnknown),
        (401, CredentialsRejected),
        (404, OutcomeUnknown),
        (429, RateLimited),
        (502, OutcomeUnknown),
    ],
)
@pytest.mark.parametrize("body", [b"<html><h1>Gateway</h1></html>", b'{"data": [{"ta', b""])
async def test_a_page_of_some_gateway_proves_nothing_but_a_closed_door(status: int, kind: type[AppError], body: bytes):
    assert type(await refusal(reply(body, status))) is kind


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": [ack(taskUUID=OTHER)]}, {"data": "ok"}])
async def test_an_answer_without_a_word_about_our_task_leaves_it_open(body: object):
    assert type(await refusal(reply(body))) is OutcomeUnknown


async def test_an_unknown_error_of_our_task_is_the_end_of_it():
    error = await refusal(errors(refused("brandNew", "Something new.")))

    assert type(error) is GenerationFailed
    assert str(error) == "Something new."


async def test_a_busy_service_says_when_to_come_back():
    error = await refusal(errors(refused("rateLimitExceeded"), status=429, retry_after="7"))

    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 7


async def test_a_refusal_stands_at_its_field_with_the_allowed_values():
    entry = refused("invalidParameter", "wrong bit rate", parameter="audioSettings.bitrate", min=32, max=320)

    error = await refusal(errors(entry, status=400))

    assert isinstance(error, RequestRejected)
    assert (error.field, error.code) == ("bitrate", "invalidParameter")
    assert str(error) == "wrong bit rate. Allowed: from 32 to 320."


async def test_an_over_long_duration_stands_at_the_duration_as_in_the_documents():
    error = await refusal(
        errors(
            {
                "code": "unsupportedDuration",
                "message": "duration is above this model's limit",
                "parameter": "duration",
                "type": "float",
                "taskUUID": str(KEY),
                "documentation": "https://runware.ai/docs/en/audio-inference/api-reference#request-duration",
            },
            status=400,
        )
    )

    assert isinstance(error, RequestRejected)
    assert error.field == "duration"


async def test_two_fields_that_exclude_each_other_stand_at_the_first():
    entry = refused("incompatibleParameters", parameter=["inputs.referenceAudios", "inputs.referenceImages"])

    error = await refusal(errors(entry, status=400))

    assert isinstance(error, RequestRejected)
    assert error.field == "references"


@pytest.mark.parametrize("code", ["modelNotFound", "unknownModel", "modelDisabled"])
async def test_a_model_that_is_not_there_stands_at_the_model(code: str):
    error = await refusal(errors(refused(code, parameter="anything"), status=400))

    assert isinstance(error, RequestRejected)
    assert error.field == "model"


async def test_the_key_of_the_documents_is_refused():
    entry = {
        "code": "invalidApiKey",
        "message": "Invalid API key",
        "parameter": "apiKey",
        "taskType": "authentication",
    }

    assert type(await refusal(errors(entry, status=401))) is CredentialsRejected


async def test_the_providers_reason_is_told():
    entry = refused("contentPolicyViolation", "refused", responseContent={"reason": "a real person"})

    error = await refusal(errors(entry, status=400))

    assert type(error) is ContentRefused
    assert str(error) == "refused. The provider says: a real person."


async def test_runwares_own_credit_at_a_provider_is_not_the_users():
    assert type(await refusal(errors(refused("providerInsufficientCredits", "no credits")))) is GenerationFailed


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (["invalidParameter", "internalServerError"], OutcomeUnknown),
        (["invalidParameter", "providerError"], GenerationFailed),
        (["invalidParameter", "mediaNotFound"], RequestRejected),
        (["mediaNotFound", "invalidParameter"], UploadGone),
    ],
)
async def test_of_several_errors_the_least_certain_decides(codes: list[str], kind: type[AppError]):
    assert type(await refusal(errors(*(refused(code) for code in codes), status=400))) is kind


async def test_an_error_of_another_task_is_none_of_ours():
    answer = data(ack(), errors=[refused("invalidParameter", taskUUID=OTHER)])

    assert await submitted(answer) == Submission()


@pytest.mark.parametrize("error", [NotConnected("off"), OutcomeUnknown("lost")])
async def test_what_the_way_there_raises_goes_on_untouched(error: AppError):
    assert await refusal(error) is error


async def test_an_error_inside_data_is_an_error():
    item = ack(status="error", error={"code": "invalidParameter", "message": "no", "parameter": "ttl"})

    error = await refusal(data(item))

    assert isinstance(error, RequestRejected)
    assert error.field == "ttl"


async def test_a_code_is_kept_only_as_far_as_anybody_would_read_it():
    error = await refusal(errors(refused("invalid" * 10_000), status=400))

    assert error.code is not None
    assert len(error.code) == 80
