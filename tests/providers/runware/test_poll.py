"""How a job is asked about: cumulative answers in every order, completion, and what says nothing about the job."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import (
    AppError,
    CredentialsRejected,
    NotConnected,
    QuotaExhausted,
    RateLimited,
    ResultGone,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.domain.provider import Progress
from app.engine.retry import is_passing
from app.providers.client import Reply
from tests.providers.runware.faking import (
    KEY,
    NOTHING_YET,
    OTHER,
    ack,
    data,
    details,
    done,
    errors,
    failed,
    job,
    refused,
    reply,
    running,
    runware,
)
from tests.providers.runware.test_troubles import KNOWN, Trouble


async def polled(*answers: Reply | AppError, takes: int = 1) -> Progress:
    there = runware()
    there.will_say(*answers)
    progress = await there.provider.poll(job(takes))
    assert there.client.answers == []
    return progress


async def test_it_asks_for_the_attempts_own_task_where_that_was_sent():
    there = runware()
    there.will_say(data(running()))

    await there.provider.poll(job())

    (asked,) = there.client.asked
    assert asked.task == {"taskType": "getResponse", "taskUUID": str(KEY)}
    assert asked.base_url == "https://stored.example/v1"
    assert (asked.wire.path, asked.is_paid) == ("", False)


@pytest.mark.parametrize("word", ["processing", "pending", "queued", "scheduled", "waiting", "brewing"])
async def test_what_runs_goes_on_running(word: str):
    assert await polled(data(ack(status=word))) == Progress()


async def test_one_done_one_running_one_failed_as_in_the_documents():
    progress = await polled(data(running(), done(1), errors=[failed()]), takes=3)

    (result,) = progress.results
    assert result.id == "0e7f3a52-3f1f-4a0e-9a0d-000000000001"
    assert result.link == "https://am.runware.ai/audio/os/a1/ws/2/ai/1.ogg"
    assert (result.seed, result.cost) == (481517, Decimal("0.0374"))
    (failure,) = progress.failures
    assert failure.id == "failed-1"
    assert (failure.failure.kind, failure.failure.code) == ("generation_failed", "timeoutProvider")
    assert failure.failure.message == "upstream took too long."
    assert not progress.is_final
    assert progress.failure is None
    assert progress.cost is None


async def test_as_many_results_as_asked_for_are_all():
    assert (await polled(data(done(1), done(2)), takes=2)).is_final
    assert not (await polled(data(done(1), done(2)), takes=3)).is_final


async def test_results_and_errors_together_are_all():
    progress = await polled(data(done(1), done(2), errors=[failed()]), takes=3)

    assert progress.is_final
    assert len(progress.results) == 2
    assert progress.failure is None


async def test_one_error_may_stand_for_all():
    progress = await polled(errors(failed("providerError", "broken")), takes=3)

    assert progress.is_final
    assert progress.results == ()
    assert progress.failure is not None
    assert (progress.failure.kind, progress.failure.message) == ("generation_failed", "broken.")


async def test_an_error_takes_nothing_from_its_siblings():
    progress = await polled(data(done(1), errors=[failed()]), takes=3)

    assert len(progress.results) == 1
    assert progress.is_final
    assert progress.failure is not None


async def test_an_error_beside_something_that_runs_is_not_the_end():
    progress = await polled(data(running(), running(), errors=[failed()]), takes=3)

    assert not progress.is_final
    assert progress.failure is None


async def test_results_alone_that_are_too_few_are_not_the_end():
    assert not (await polled(data(done(1)), takes=2)).is_final


async def test_the_first_result_is_not_the_last():
    progress = await polled(data(done(1), running()), takes=2)

    assert len(progress.results) == 1
    assert not progress.is_final


async def test_failures_have_stable_names_and_are_never_more_than_takes():
    progress = await polled(data(errors=[failed(), failed(), failed("providerError"), failed()]), takes=3)

    assert [each.id for each in progress.failures] == ["failed-1", "failed-2", "failed-3"]
    assert progress.is_final


@pytest.mark.parametrize(
    "answer",
    [
        data(done(1), ack(status="error", error={"code": "timeoutProvider", "message": "late"})),
        data(done(1), ack(status="error", code="timeoutProvider", message="late")),
        reply({"data": [done(1)], "errors": failed(message="late")}),
        reply({"data": [done(1)], "error": failed(message="late")}),
    ],
)
async def test_a_failure_may_stand_anywhere(answer: Reply):
    progress = await polled(answer, takes=2)

    assert [each.failure.code for each in progress.failures] == ["timeoutProvider"]
    assert progress.is_final
    assert len(progress.results) == 1


@given(st.integers(1, 4), st.randoms(use_true_random=False), st.sampled_from(["uuid", "index", "link"]))
async def test_doubled_and_shuffled_answers_say_the_same(takes: int, dice: random.Random, named_by: str):
    without: dict[str, Any] = {} if named_by == "uuid" else {"audioUUID": None}
    items = [done(n, **without, **({"resultIndex": n} if named_by == "index" else {})) for n in range(takes)]
    shuffled = [*items, *items]
    dice.shuffle(shuffled)

    first, second = await polled(data(*items), takes=takes), await polled(data(*shuffled), takes=takes)

    assert {result.id: result for result in first.results} == {result.id: result for result in second.results}
    assert len(first.results) == takes
    assert first.is_final
    assert second.is_final


@pytest.mark.parametrize(
    "without", [{"audioUUID": None}, {"audioUUID": None, "audioURL": None, "audioBase64Data": "AA"}]
)
async def test_results_keep_their_names_while_more_arrive(without: dict[str, Any]):
    early = await polled(data(running(), done(2, **without), running()), takes=3)
    late = await polled(data(done(1, **without), done(2, **without), done(3, **without)), takes=3)

    assert early.results[0].id in [result.id for result in late.results]
    assert len({result.id for result in late.results}) == 3


async def test_a_link_that_is_signed_anew_is_the_same_result():
    link = "https://am.runware.ai/a/1.mp3?sig="

    first = await polled(data(done(1, audioUUID=None, audioURL=f"{link}1")))
    second = await polled(data(done(1, audioUUID=None, audioURL=f"{link}2")))

    assert first.results[0].id == second.results[0].id
    assert first.results[0].link != second.results[0].link


async def test_results_come_in_the_order_of_their_index():
    items = [done(n, resultIndex=n) for n in (3, 1, 2)]

    progress = await polled(data(*items), takes=3)

    assert [result.seed for result in progress.results] == [481517, 481518, 481519]


async def test_a_later_entry_brings_what_an_earlier_one_left_out():
    progress = await polled(data(done(1, audioURL=None), done(1)))

    assert len(progress.results) == 1
    assert progress.results[0].link is not None


async def test_success_without_an_output_is_announced_since_it_is_paid():
    progress = await polled(data(ack(status="success", audioUUID="A-1")))

    assert [(result.id, result.link) for result in progress.results] == [("a-1", None)]
    assert progress.is_final


@pytest.mark.parametrize("output", ["audioBase64Data", "audioDataURI"])
async def test_a_result_inside_the_answer_has_no_link(output: str):
    progress = await polled(data(done(1, audioURL=None, status=None, **{output: "UklGRg=="})))

    assert progress.results[0].link is None
    assert progress.is_final


async def test_sound_in_a_video_is_taken_as_well():
    progress = await polled(data(done(1, audioURL=None, audioUUID=None, videoURL="https://v.example/1", videoUUID="V")))

    assert [(result.id, result.link) for result in progress.results] == [("v", "https://v.example/1")]


@pytest.mark.parametrize(
    ("cost", "known"),
    [
        ("0.0374", Decimal("0.0374")),
        ("0.0026333333333333335", Decimal("0.0026333333333333335")),
        ("0", Decimal(0)),
        ("1e-7", Decimal("1e-7")),
        ("-1", None),
        ("1e9", None),
        ("1e999999", None),
        ("1e-999999", None),
        ("true", None),
        ("null", None),
        ('"nan"', None),
    ],
)
async def test_a_cost_is_what_was_written_and_an_impossible_one_is_unknown(cost: str, known: Decimal | None):
    body = b'{"data":[{"taskUUID":"%s","audioURL":"https://x.example/a","cost":%s}]}' % (
        str(KEY).encode(),
        cost.encode(),
    )

    progress = await polled(reply(body))

    assert progress.results[0].cost == known


async def test_a_missing_cost_is_unknown_and_not_nothing():
    assert (await polled(data(done(1, cost=None)))).results[0].cost is None


@pytest.mark.parametrize(
    ("items", "takes", "fraction"),
    [
        ([running()], 1, None),
        ([running(progress=62)], 1, 0.62),
        ([running(progress="62")], 1, 0.62),
        ([running(progress=250)], 1, 1.0),
        ([running(progress=-3)], 1, 0.0),
        ([running(progress="nan")], 1, None),
        ([running(progress="soon")], 1, None),
        ([done(1), running(progress=50)], 2, 0.75),
        ([running(progress=50), running()], 2, 0.25),
    ],
)
async def test_how_far_it_is(items: list[object], takes: int, fraction: float | None):
    assert (await polled(data(*items), takes=takes) if items else Progress()).fraction == fraction


async def test_another_tasks_results_are_none_of_ours():
    progress = await polled(data(done(1, taskUUID=OTHER), running(), errors=[failed(taskUUID=OTHER)]))

    assert progress == Progress()


async def test_an_empty_answer_proves_nothing():
    assert await polled(NOTHING_YET, NOTHING_YET) == Progress()
    assert await polled(NOTHING_YET, errors(refused("taskNotFound"), status=404)) == Progress()


async def test_the_stored_details_bring_what_the_answer_no_longer_has():
    response = {"data": [{"taskType": "audioInference", "audioUUID": "A", "audioURL": "https://am.runware.ai/x.ogg"}]}
    there = runware()
    there.will_say(NOTHING_YET, details(response))

    progress = await there.provider.poll(job())

    assert there.questions == ["getResponse", "getTaskDetails"]
    assert [asked.base_url for asked in there.client.asked] == ["https://stored.example/v1"] * 2
    assert [(result.id, result.link) for result in progress.results] == [("a", "https://am.runware.ai/x.ogg")]
    assert progress.is_final


async def test_stored_details_of_a_failure_are_the_failure():
    progress = await polled(NOTHING_YET, details({"errors": [refused("providerError", "broken")]}))

    assert progress.is_final
    assert progress.failures[0].failure.message == "broken."


async def test_stored_details_of_an_acknowledgement_mean_that_it_runs():
    assert await polled(NOTHING_YET, details({"data": [ack()]})) == Progress()


async def test_a_second_sending_that_was_told_to_be_one_fails_nothing():
    assert await polled(NOTHING_YET, details({"errors": [refused("conflictTaskUUID")]})) == Progress()


@pytest.mark.parametrize(
    "trouble",
    [reply(b"<html>", 502), errors(refused("internalServerError"), status=500), NotConnected("off"), reply(b"", 200)],
)
async def test_trouble_with_the_details_does_not_matter(trouble: Reply | AppError):
    assert await polled(NOTHING_YET, trouble) == Progress()


GONE = ["taskNotFound", "taskExpired", "taskCancelled", "taskFailedOrNotFound"]


@pytest.mark.parametrize("code", GONE)
@pytest.mark.parametrize("status", [200, 404])
async def test_a_task_that_is_no_more_is_gone(code: str, status: int):
    with pytest.raises(ResultGone) as caught:
        await polled(errors(refused(code, "it is gone"), status=status), NOTHING_YET)

    assert caught.value.code == code
    assert str(caught.value) == "it is gone."
    assert not is_passing(caught.value)


@pytest.mark.parametrize("code", GONE)
async def test_a_task_that_is_no_more_may_still_be_in_the_details(code: str):
    progress = await polled(errors(refused(code), status=404), details({"data": [done(1)]}))

    assert len(progress.results) == 1
    assert progress.is_final


async def test_a_task_that_is_gone_leaves_what_it_brought():
    progress = await polled(data(done(1), errors=[refused("taskExpired")]), takes=3)

    assert len(progress.results) == 1
    assert progress.is_final


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (errors(refused("invalidApiKey", taskUUID=None), status=401), CredentialsRejected),
        (errors(failed("invalidApiKey"), status=401), CredentialsRejected),
        (reply(b"denied", 401), CredentialsRejected),
        (errors(refused("permissionDenied"), status=403), CredentialsRejected),
        (errors(refused("insufficientCredits"), status=402), QuotaExhausted),
        (errors(refused("rateLimitExceeded"), status=429), RateLimited),
        (errors(failed("providerError"), status=429), ServiceUnavailable),
        (reply({}, 429), RateLimited),
        (errors(refused("internalServerError"), status=500), ServiceUnavailable),
        (errors(failed("brandNew"), status=500), ServiceUnavailable),
        (reply(b"<html>", 502), ServiceUnavailable),
        (reply({"data": [done(1)]}, 503), ServiceUnavailable),
        (reply({}, 504), ServiceUnavailable),
        (errors(refused("rateLimitExceeded")), RateLimited),
        (errors(refused("invalidApiKey", taskUUID=None)), CredentialsRejected),
        (errors(refused("internalServerError")), ServiceUnavailable),
        (errors(refused("invalidTaskUUID"), status=400), UnexpectedReply),
        (errors(refused("brandNew"), status=400), UnexpectedReply),
        (reply({}, 400), UnexpectedReply),
        (reply(b"<html>", 200), UnexpectedReply),
        (reply(b"<html>", 404), UnexpectedReply),
        (reply(b'{"data": [{"stat', 200), UnexpectedReply),
        (NotConnected("off"), NotConnected),
    ],
)
async def test_a_question_that_was_not_answered_fails_no_job(answer: Reply | AppError, kind: type[AppError]):
    with pytest.raises(AppError) as caught:
        await polled(answer)

    assert type(caught.value) is kind
    assert is_passing(caught.value)


async def test_a_busy_service_says_when_to_ask_again():
    with pytest.raises(RateLimited) as caught:
        await polled(errors(refused("rateLimitExceeded"), status=429, retry_after="7"))

    assert caught.value.retry_after_s == 7


async def test_a_webhook_that_nobody_answered_fails_no_result():
    assert (await polled(data(running(), errors=[failed("webhookTimeout")]))) == Progress()
    assert await polled(errors(failed("webhookTimeout")), NOTHING_YET) == Progress()
    progress = await polled(data(done(1), errors=[failed("webhookTimeout")]), takes=2)
    assert (progress.failures, progress.is_final) == ((), False)


OF_RESULT = {
    Trouble.CONTENT: "content_refused",
    Trouble.INVALID: "request_rejected",
    Trouble.MODEL: "request_rejected",
    Trouble.QUOTA: "quota_exhausted",
}
FAILURES = [
    (code, OF_RESULT.get(trouble, "generation_failed"))
    for trouble, codes in KNOWN.items()
    if trouble not in (Trouble.CONFLICT, Trouble.DELIVERY, Trouble.GONE, Trouble.UNKNOWN_TASK)
    for code in codes.split()
]


@pytest.mark.parametrize(("code", "kind"), FAILURES)
async def test_every_code_can_fail_a_result(code: str, kind: str):
    progress = await polled(data(done(1), errors=[failed(code, "because")]), takes=2)

    failure = progress.failures[0].failure
    assert (failure.kind, failure.code, failure.message) == (kind, code, "because.")
    assert progress.is_final


async def test_a_failed_result_tells_the_providers_reason_and_its_field():
    entry = failed("unsupportedDuration", "no", parameter="duration", responseContent="at most 60 s")

    failure = (await polled(errors(entry))).failures[0].failure

    assert failure.field == "duration"
    assert failure.message == "no. The provider says: at most 60 s."
