"""Fetching results, and asking whether a lost submit was taken."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import (
    AppError,
    CredentialsRejected,
    NotConnected,
    RateLimited,
    ResultExpired,
    ResultGone,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.domain.provider import Result, Submission
from app.providers.client import Reply
from app.providers.runware import media
from tests.providers.runware.faking import (
    KEY,
    NOTHING_YET,
    OTHER,
    Runware,
    Sink,
    ack,
    data,
    details,
    done,
    errors,
    failed,
    job,
    refused,
    reply,
    request,
    running,
    runware,
)

AUDIO = bytes(range(256)) * 40


def inline(number: int, content: bytes = AUDIO, *, as_uri: bool = False) -> dict[str, Any]:
    text = base64.b64encode(content).decode()
    output = {"audioDataURI": f"data:audio/mpeg;base64,{text}"} if as_uri else {"audioBase64Data": text}
    return done(number, audioURL=None, **output)


async def fetched(there: Runware, result: Result) -> Sink:
    sink = Sink()
    await there.provider.fetch(job(2), result, sink)
    assert there.client.answers == []
    return sink


async def test_a_link_is_downloaded_on_behalf_of_the_address_that_the_job_went_to():
    there = runware()

    sink = await fetched(there, Result("a", "https://am.runware.ai/x.ogg"))

    assert sink.data == b"downloaded"
    assert there.client.downloads == [("https://am.runware.ai/x.ogg", "https://stored.example/v1")]
    assert there.client.asked == []


@pytest.mark.parametrize("as_uri", [False, True])
async def test_a_result_inside_the_answer_is_asked_for_again_and_decoded(as_uri: bool):
    there = runware()
    answer = data(inline(1, b"other"), inline(2, as_uri=as_uri))
    there.will_say(answer, answer)
    progress = await there.provider.poll(job(2))

    sink = await fetched(there, progress.results[1])

    assert sink.data == AUDIO
    assert there.questions == ["getResponse", "getResponse"]


async def test_a_long_result_arrives_in_pieces(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(media, "_PIECE", 1024)
    there = runware()
    there.will_say(data(inline(1)))

    sink = await fetched(there, Result(str(done(1)["audioUUID"])))

    assert sink.data == AUDIO
    assert sink.writes > 10


@given(st.binary(max_size=300), st.booleans(), st.booleans(), st.booleans())
async def test_base64_is_read_however_it_is_written(content: bytes, padded: bool, broken: bool, url_safe: bool):
    text = (base64.urlsafe_b64encode if url_safe else base64.b64encode)(content).decode()
    text = text if padded else text.rstrip("=")
    text = "\r\n".join(text[n : n + 7] for n in range(0, len(text), 7)) if broken else text
    sink = Sink()

    await media.write_decoded(text, sink)

    assert sink.data == content


@pytest.mark.parametrize("text", ["*** not base64 ***", "data:audio/mpeg,ID3", "data:audio/mpeg;base64", "A"])
async def test_what_is_no_base64_is_told(text: str):
    there = runware()
    there.will_say(data(done(1, audioURL=None, audioBase64Data=text)))

    with pytest.raises(UnexpectedReply):
        await fetched(there, Result(str(done(1)["audioUUID"])))


async def test_a_result_without_an_output_gets_its_link_once_there_is_one():
    there = runware()
    there.will_say(data(done(1)))

    await fetched(there, Result(str(done(1)["audioUUID"])))

    assert there.client.downloads == [(done(1)["audioURL"], "https://stored.example/v1")]


@pytest.mark.parametrize("answers", [[data(done(1, audioURL=None))], [NOTHING_YET, NOTHING_YET], [data(done(2))]])
async def test_a_result_without_a_file_may_get_one_later(answers: list[Reply]):
    there = runware()
    there.will_say(*answers)

    with pytest.raises(ResultExpired):
        await fetched(there, Result(str(done(1)["audioUUID"])))


async def test_a_result_of_a_task_that_is_no_more_is_gone():
    there = runware()
    there.will_say(errors(refused("taskExpired"), status=404), NOTHING_YET)

    with pytest.raises(ResultGone):
        await fetched(there, Result("a"))


async def found(*answers: Reply | AppError, takes: int = 1) -> Submission | None:
    there = runware()
    there.will_say(*answers)
    wire = there.provider.prepare(request(takes=takes), KEY)
    submission = await there.provider.find(wire, job(takes))
    assert there.client.answers == []
    assert all(not asked.is_paid for asked in there.client.asked)
    assert all(asked.task["taskUUID"] == str(KEY) for asked in there.client.asked)
    return submission


async def test_a_task_that_answers_was_taken():
    submission = await found(data(running()))

    assert submission == Submission()


async def test_a_task_that_is_over_brings_its_results_along():
    submission = await found(data(done(1), errors=[failed()]), takes=2)

    assert submission is not None
    assert submission.job_id is None
    assert len(submission.progress.results) == 1
    assert submission.progress.is_final


async def test_a_task_that_failed_was_taken():
    submission = await found(errors(failed("providerError", "broken")))

    assert submission is not None
    assert submission.progress.failures[0].failure.message == "broken."


async def test_a_task_of_which_only_the_details_are_left_was_taken():
    submission = await found(NOTHING_YET, details({"data": [done(1)]}))

    assert submission is not None
    assert len(submission.progress.results) == 1


@pytest.mark.parametrize(
    "answers",
    [
        [NOTHING_YET, NOTHING_YET],
        [NOTHING_YET, errors(refused("taskNotFound"), status=404)],
        [errors(refused("taskNotFound"), status=404), errors(refused("taskNotFound"), status=404)],
        [errors(refused("taskFailedOrNotFound")), NOTHING_YET],
        [NOTHING_YET, errors(refused("unsupportedTaskType"), status=400)],
        [NOTHING_YET, errors(refused("permissionDenied"), status=403)],
        [data(done(1, taskUUID=OTHER)), NOTHING_YET],
        [NOTHING_YET, details({"data": []})],
        [NOTHING_YET, details(None)],
    ],
)
async def test_a_task_that_nobody_knows_was_never_taken(answers: list[Reply]):
    assert await found(*answers) is None


@pytest.mark.parametrize("code", ["taskExpired", "taskCancelled"])
async def test_a_task_that_was_known_and_is_no_more_is_gone(code: str):
    with pytest.raises(ResultGone):
        await found(errors(refused(code), status=404), NOTHING_YET)


async def test_a_task_that_expired_may_be_in_the_details():
    assert await found(errors(refused("taskExpired")), details({"data": [done(1)]})) is not None


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([errors(refused("x"), status=500)], ServiceUnavailable),
        ([errors(refused("x", taskUUID=None), status=401)], CredentialsRejected),
        ([reply({}, 429)], RateLimited),
        ([NotConnected("off")], NotConnected),
        ([NOTHING_YET, errors(refused("x"), status=503)], ServiceUnavailable),
        ([NOTHING_YET, reply({}, 429)], RateLimited),
        ([NOTHING_YET, reply(b"<html>", 200)], UnexpectedReply),
        ([NOTHING_YET, NotConnected("off")], NotConnected),
    ],
)
async def test_a_service_that_cannot_be_asked_leaves_it_open(answers: list[Any], kind: type[AppError]):
    with pytest.raises(kind):
        await found(*answers)


async def test_an_acknowledgement_in_the_details_means_that_it_was_taken():
    assert await found(NOTHING_YET, details({"data": [ack()]})) == Submission()
