"""A generation from its creation over its polls to its bytes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.domain.errors import OutcomeUnknown, ResultGone, ServiceUnavailable, UnexpectedReply
from app.domain.provider import Progress, Recovery, Result
from app.domain.receipt import FREE
from app.providers.aimlapi.provider import AimlapiProvider
from tests.providers.aimlapi.faking import BASE_URL, EARLIER_URL, KEY, FakeClient, job, request_for

JOB_ID = "7f1c2e0a-5c0f-4c47-8a1e-0b9f7b7d1a11:elevenlabs/eleven_music"
LINK = "https://cdn.example.test/files/out.wav"
USAGE = {"usage": {"credits_used": 120000, "usd_spent": 0.06}}
COMPLETED = {
    "id": JOB_ID,
    "status": "completed",
    "audio_file": {"url": LINK, "content_type": "application/octet-stream", "file_name": "out.wav", "file_size": 9},
    "error": None,
    "meta": USAGE,
}


def submission_of(aimlapi: AimlapiProvider, model: str = "stable-audio") -> Any:
    return aimlapi.submit(aimlapi.prepare(request_for(model), KEY), KEY)


@pytest.mark.parametrize("status", [200, 201])
async def test_a_created_generation_is_known_by_the_id_that_the_service_gave_it(
    status: int, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(status, {"id": JOB_ID, "status": "queued"})

    submission = await submission_of(aimlapi)

    assert submission.job_id == JOB_ID
    assert submission.stream is None
    assert submission.progress == Progress(poll_after_s=10)
    assert [wire.path for wire in client.submitted] == ["/v2/generate/audio"]


async def test_what_is_reserved_at_the_creation_is_not_told_as_billed(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {"id": "Nk2xQ-9aLm", "status": "queued", "meta": {"usage": {"usd_spent": 0.195}}})

    submission = await submission_of(aimlapi)

    assert submission.progress.cost is None


async def test_a_generation_may_be_finished_at_once(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    client.will_answer(200, COMPLETED)

    submission = await submission_of(aimlapi)

    assert submission.job_id == JOB_ID
    assert submission.progress.is_final
    assert submission.progress.results == (Result("1", link=LINK, cost=Decimal("0.06")),)


async def test_a_generation_that_is_finished_at_once_without_a_link_is_asked_about(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {"id": JOB_ID, "status": "completed"})

    submission = await submission_of(aimlapi)

    assert (submission.job_id, submission.progress) == (JOB_ID, Progress(poll_after_s=10))


@pytest.mark.parametrize("identity", [{"id": JOB_ID}, {}])
async def test_a_generation_that_fails_at_once_is_over_and_costs_nothing(
    identity: dict[str, str], aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {**identity, "status": "error", "error": {"name": "E", "message": "Too busy"}})

    submission = await submission_of(aimlapi)

    assert submission.job_id == identity.get("id")
    assert submission.progress.is_final
    assert submission.progress.failure is not None
    assert submission.progress.failure.message == "E: Too busy"
    assert submission.progress.cost == FREE


@pytest.mark.parametrize(
    "body", [{"status": "queued"}, {"id": None, "status": "queued"}, {"id": ""}, [], b"<html>", b"", b'{"id": "x']
)
async def test_an_accepted_request_without_a_name_is_an_unknown_outcome(
    body: Any, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, body)

    with pytest.raises(OutcomeUnknown):
        await submission_of(aimlapi)


async def test_a_poll_names_the_generation_in_the_address_with_nothing_that_could_mean_something_there(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {"id": JOB_ID, "status": "generating"})

    await aimlapi.poll(job(job_id=JOB_ID + "&x=1#é"))

    ((wire, base_url, with_key),) = client.asked
    assert (wire.method, wire.body) == ("GET", b"")
    assert wire.path.startswith("/v2/generate/audio?generation_id=7f1c2e0a-5c0f-4c47-8a1e-0b9f7b7d1a11%3A")
    assert "%2F" in wire.path
    assert parse_qsl(urlsplit(wire.path).query) == [("generation_id", JOB_ID + "&x=1#é")]
    assert base_url == EARLIER_URL  # where it was sent, whatever the settings say now
    assert with_key


@pytest.mark.parametrize("status", ["queued", "generating", "waiting", "active", "QUEUED", "thinking", "", None, 7])
async def test_every_word_but_the_final_ones_means_go_on(
    status: Any, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {"id": JOB_ID, "status": status, "meta": USAGE})

    progress = await aimlapi.poll(job())

    assert progress == Progress(poll_after_s=10)  # and what is reserved meanwhile is no cost


@pytest.mark.parametrize(
    ("model", "seconds"),
    [
        ("stable-audio", 10),
        ("elevenlabs/eleven_music", 10),
        ("minimax/music-1.5", 15),
        ("minimax/music-2.6", 15),
        ("minimax/music-cover", 15),
        ("minimax-music", 15),
    ],
)
async def test_the_service_is_asked_no_sooner_than_it_likes(
    model: str, seconds: float, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {"id": JOB_ID, "status": "queued"})
    client.will_answer(200, {"id": JOB_ID, "status": "generating"})
    request = request_for(model, parameters={"lyrics": "[Verse] la"}) if model == "minimax/music-1.5" else None

    if request is not None:
        submission = await aimlapi.submit(aimlapi.prepare(request, KEY), KEY)
        assert submission.progress.poll_after_s == seconds
    progress = await aimlapi.poll(job(model))

    assert progress.poll_after_s == seconds


@pytest.mark.parametrize("word", ["completed", "complete", "Completed"])
async def test_a_finished_generation_has_one_result_with_its_link_and_its_exact_cost(
    word: str, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {**COMPLETED, "status": word})

    progress = await aimlapi.poll(job())

    assert progress.is_final
    assert progress.failure is None
    assert progress.results == (Result("1", link=LINK, cost=Decimal("0.06")),)
    assert progress.cost == Decimal("0.06")


@pytest.mark.parametrize(
    ("meta", "cost"),
    [
        (b'{"usage":{"credits_used":7541,"usd_spent":0.0037705}}', "0.0037705"),
        (b'{"usage":{"credits_used":7541}}', "0.0037705"),
        (b'{"usage":{"credits_used":120000,"usd_spent":null}}', "0.06"),
        (b'{"usage":{"credits_used":120000,"usd_spent":"soon"}}', "0.06"),
        (b'{"usage":{"credits_used":390000.0}}', "0.195"),
        (b'{"usage":{"usd_spent":0.1000000000000000055511151231257827}}', "0.1000000000000000055511151231257827"),
        (b'{"usage":{"usd_spent":"0.06"}}', "0.06"),
        (b'{"usage":{"usd_spent":0}}', "0"),
        (b'{"usage":{"usd_spent":-1}}', None),
        (b'{"usage":{"usd_spent":true,"credits_used":[1]}}', None),
        (b'{"usage":{"usd_spent":1e400}}', None),
        (b'{"usage":{"usd_spent":1e99999999999999999999}}', None),
        (b'{"usage":null}', None),
        (b'{"usage":"much"}', None),
        (b"null", None),
        (b"[]", None),
        (b'{"usage":{}}', None),
    ],
)
async def test_the_cost_is_exact_or_unknown(
    meta: bytes, cost: str | None, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(
        200, b'{"id":"a","status":"completed","audio_file":{"url":"https://cdn.example.test/a"},"meta":' + meta + b"}"
    )

    progress = await aimlapi.poll(job())

    expected = None if cost is None else Decimal(cost)
    assert progress.cost == expected
    assert progress.results[0].cost == expected


@pytest.mark.parametrize(
    "oddity",
    [
        {"extra_info": {"music_duration": 30_000, "bitrate": 256_000}, "trace_id": "0f"},
        {"error": {"name": 1, "message": None}},
        {"error": []},
        {"error": ""},
        {"meta": "none", "id": 7},
        {"audio_file": {"url": LINK, "content_type": 5, "file_size": "large"}},
        {"new": {"deeply": [{"nested": True}]}},
    ],
)
async def test_odd_and_further_fields_do_no_harm(
    oddity: dict[str, Any], aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {**COMPLETED, **oddity})

    progress = await aimlapi.poll(job())

    assert progress.results[0].link == LINK
    assert progress.failure is None


async def test_missing_fields_do_no_harm(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    client.will_answer(200, {"id": JOB_ID, "status": "completed", "audio_file": {"url": LINK}})

    progress = await aimlapi.poll(job())

    assert progress == Progress(results=(Result("1", link=LINK),), is_final=True)


@pytest.mark.parametrize("word", ["error", "failed", "cancelled", "canceled", "Error"])
async def test_a_failure_comes_in_an_answer_that_is_well_and_costs_nothing(
    word: str, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    error = {"name": "UpstreamError", "message": "The model ran out of memory"}
    client.will_answer(200, {"id": JOB_ID, "status": word, "audio_file": None, "error": error})

    progress = await aimlapi.poll(job())

    assert progress.is_final
    assert progress.results == ()
    assert progress.failure is not None
    assert progress.failure.kind == "generation_failed"
    assert progress.failure.message == "UpstreamError: The model ran out of memory"
    assert progress.failure.code == "UpstreamError"
    assert progress.cost == FREE  # documented: failed requests are not charged


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"name": "GenerationError", "message": "The prompt was rejected"}, "content_refused"),
        ({"name": "ModerationError", "message": "Flagged by moderation"}, "content_refused"),
        ({"name": "content_policy_violation", "message": "No"}, "content_refused"),
        ({"name": "E", "message": "Lyrics contain copyrighted material"}, "content_refused"),
        ({"name": "E", "message": "sensitive words found"}, "content_refused"),
        ({"name": "E", "message": "The safety system said no"}, "content_refused"),
        ({"name": "GenerationError", "message": "Timed out"}, "generation_failed"),
        ({"name": "E", "message": "names are case-sensitive"}, "generation_failed"),
        ({"name": "E"}, "generation_failed"),
        ({"message": "No audio"}, "generation_failed"),
        ("No audio", "generation_failed"),
        (None, "generation_failed"),
        ({}, "generation_failed"),
        (7, "generation_failed"),
    ],
)
async def test_a_refused_text_is_told_apart_from_a_failure(
    error: Any, kind: str, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {"id": JOB_ID, "status": "error", "error": error})

    progress = await aimlapi.poll(job())

    assert progress.failure is not None
    assert progress.failure.kind == kind
    assert progress.failure.message


async def test_a_failure_that_says_what_it_cost_is_believed(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    client.will_answer(200, {"id": JOB_ID, "status": "error", "meta": USAGE})

    assert (await aimlapi.poll(job())).cost == Decimal("0.06")


async def test_audio_that_a_failed_generation_made_all_the_same_is_kept(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {"id": JOB_ID, "status": "error", "audio_file": {"url": LINK}})

    progress = await aimlapi.poll(job())

    assert progress.failure is not None
    assert progress.results == (Result("1", link=LINK),)
    assert progress.cost is None


@pytest.mark.parametrize(
    "told",
    [{}, {"audio_file": None}, {"audio_file": {}}, {"audio_file": {"url": None}}, {"audio_file": {"url": "out.wav"}}],
)
async def test_a_finished_generation_without_a_link_is_asked_about_again(
    told: dict[str, Any], aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {"id": JOB_ID, "status": "completed", **told})
    client.will_answer(200, COMPLETED)

    with pytest.raises(UnexpectedReply):
        await aimlapi.poll(job())

    assert (await aimlapi.poll(job())).results[0].link == LINK


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"", b"[]", b'"completed"', b"[" * 100_000, b'{"id":"\xff"}'])
async def test_an_answer_that_is_no_object_is_unexpected_and_passes(
    body: bytes, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, body)

    with pytest.raises(UnexpectedReply):
        await aimlapi.poll(job())


async def test_an_unknown_generation_may_only_be_too_young(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    client.will_answer(404, {"message": "Generation was not found", "statusCode": 404})

    with pytest.raises(ServiceUnavailable, match="not found"):
        await aimlapi.poll(job())


async def test_a_result_keeps_its_id_and_gets_a_fresh_link(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    client.will_answer(200, COMPLETED)
    client.will_answer(200, {**COMPLETED, "audio_file": {"url": LINK + "?fresh"}})

    first, second = await aimlapi.poll(job()), await aimlapi.poll(job())

    assert first.results[0].id == second.results[0].id == "1"
    assert second.results[0].link == LINK + "?fresh"


async def test_a_result_is_fetched_from_where_it_lies_for_the_service_that_made_it(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    sink = Sink()

    await aimlapi.fetch(job(), Result("1", link=LINK), sink)

    assert client.downloads == [(LINK, EARLIER_URL)]
    assert sink.data == b"RIFF"


async def test_speech_can_not_be_asked_about(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    with pytest.raises(ResultGone, match="came with the answer"):
        await aimlapi.poll(job("openai/tts-1", job_id=None))
    with pytest.raises(ResultGone, match="came with the answer"):
        await aimlapi.fetch(job("openai/tts-1", job_id=None), Result("1"), Sink())

    assert client.asked == []
    assert client.downloads == []


async def test_nothing_can_be_found_by_our_own_key(aimlapi: AimlapiProvider) -> None:
    wire = aimlapi.prepare(request_for("stable-audio"), KEY)

    assert aimlapi.recovery == Recovery()
    with pytest.raises(OutcomeUnknown):
        await aimlapi.find(wire, job())


async def test_requests_go_where_the_client_sends_them(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    assert aimlapi.base_url == BASE_URL

    client.base_url = "http://127.0.0.1:8080"

    assert aimlapi.base_url == "http://127.0.0.1:8080"


class Sink:
    def __init__(self) -> None:
        self.data = b""

    async def write(self, data: bytes) -> None:
        self.data += data
