"""The answers of text-to-speech: a link, the audio itself, or neither."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import ContentRefused, GenerationFailed, OutcomeUnknown, RequestRejected
from app.domain.provider import Result, Submission
from app.providers.aimlapi.provider import AimlapiProvider
from tests.providers.aimlapi.faking import KEY, FakeClient, OpenAnswer, request_for

LINK = "https://cdn.example.test/tts/a.mp3"
JSON = "application/json; charset=utf-8"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
MP3_FRAME = b"\xff\xfb\x90\x64" + bytes(28)
PAID = {"x-aimlapi-usd-spent": "0.0037705", "x-aimlapi-credits-used": "7541"}


async def spoken(aimlapi: AimlapiProvider, model: str = "openai/tts-1") -> Submission:
    return await aimlapi.submit(aimlapi.prepare(request_for(model, "We leave at first light."), KEY), KEY)


def told(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize("audio", [LINK, {"url": LINK}, {"url": LINK, "duration": 2}])
async def test_a_link_is_the_whole_result_however_it_is_written(
    audio: Any, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    usage = {"credits_used": 7541, "usd_spent": 0.0037705}
    answer = client.will_stream(told(audio=audio, meta={"usage": usage}), content_type=JSON)

    submission = await spoken(aimlapi)

    cost = Decimal("0.0037705")
    assert submission.job_id is None
    assert submission.stream is None
    assert submission.progress.is_final
    assert submission.progress.results == (Result("1", link=LINK, cost=cost),)
    assert submission.progress.cost == cost
    assert answer.is_closed
    assert [wire.path for wire in client.submitted] == ["/v1/tts"]


@pytest.mark.parametrize(
    ("meta", "headers", "cost"),
    [
        (None, PAID, "0.0037705"),
        (None, {"x-aimlapi-credits-used": "7541"}, "0.0037705"),
        ({"usage": {"credits_used": 120000}}, PAID, "0.06"),
        ({"usage": "odd"}, {}, None),
        (None, {"x-aimlapi-usd-spent": "much"}, None),
    ],
)
async def test_the_cost_is_in_the_answer_or_in_its_headers(
    meta: Any, headers: dict[str, str], cost: str | None, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_stream(told(audio=LINK, meta=meta), content_type=JSON, headers=headers)

    submission = await spoken(aimlapi)

    assert submission.progress.cost == (None if cost is None else Decimal(cost))


@pytest.mark.parametrize(
    ("content_type", "head"),
    [
        ("audio/wav", WAV),
        ("audio/mpeg", MP3_FRAME),
        ("audio/wav", MP3_FRAME),
        ("application/json", WAV),  # its type lies, its bytes don't
        ("text/html", b"ID3\x04" + bytes(20)),
        ("", b"fLaC" + bytes(20)),
        ("", b"OggS" + bytes(20)),
        ("application/octet-stream", WAV),
        ("application/octet-stream", bytes(64)),  # unknown, and said to be bytes: the decoder will see
        ("audio/wav", b"RF64" + bytes(20)),
    ],
)
async def test_audio_is_known_by_its_first_bytes_and_passed_on_whole(
    content_type: str, head: bytes, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    answer = client.will_stream(head[:3], head[3:], b"more", content_type=content_type, headers=PAID)

    submission = await spoken(aimlapi)

    assert submission.stream is not None
    assert submission.stream.result == Result("1", cost=Decimal("0.0037705"))
    assert submission.progress.results == ()
    assert not submission.progress.is_final
    assert not answer.is_closed
    assert b"".join([data async for data in submission.stream]) == head + b"more"
    await submission.stream.aclose()
    assert answer.is_closed


async def test_json_is_known_by_its_first_bytes_too(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    body = b"\n  " + told(audio=LINK)
    client.will_stream(body[:1], body[1:9], body[9:], content_type="application/octet-stream")

    submission = await spoken(aimlapi)

    assert submission.progress.results[0].link == LINK


async def test_audio_that_breaks_off_is_an_unknown_outcome(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    client.will_stream(WAV, content_type="audio/wav", breaks=True)

    submission = await spoken(aimlapi)

    assert submission.stream is not None
    with pytest.raises(OutcomeUnknown):
        [data async for data in submission.stream]


async def test_an_answer_that_breaks_off_in_its_first_bytes_is_an_unknown_outcome(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    answer = client.will_stream(b'{"au', content_type=JSON, breaks=True)

    with pytest.raises(OutcomeUnknown):
        await spoken(aimlapi)

    assert answer.is_closed


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "audio/wav"),
        (b"{}", JSON),
        (told(audio=None), JSON),
        (told(audio={}), JSON),
        (told(audio="data:audio/wav;base64,UklGRg=="), JSON),
        (told(status="queued", id="a"), JSON),
        (b"[1]", JSON),
        (b'{"audio": "https', JSON),
        (b"<html>please wait</html>", "text/html"),
        (b"{" + b" " * (2 << 20), JSON),
    ],
)
async def test_an_answer_without_audio_may_be_paid_for_so_its_outcome_is_unknown(
    body: bytes, content_type: str, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    answer = client.will_stream(body, content_type=content_type)

    with pytest.raises(OutcomeUnknown, match="without any audio"):
        await spoken(aimlapi)

    assert answer.is_closed


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"name": "UpstreamError", "message": "The voice is out"}, GenerationFailed),
        ("The voice is out", GenerationFailed),
        ({"message": "The text was rejected"}, ContentRefused),
    ],
)
async def test_a_failure_in_an_answer_that_is_well_is_told(
    error: Any, kind: type[Exception], aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_stream(told(error=error), content_type=JSON)

    with pytest.raises(kind, match=r"voice is out|text was rejected"):
        await spoken(aimlapi)


async def test_a_refusal_is_read_whole_and_told(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    body = told(message="Body validation error", meta=[{"path": ["voice"], "message": "Expected alloy"}])
    answer: OpenAnswer = client.will_stream(body, content_type=JSON, status=400)

    with pytest.raises(RequestRejected) as caught:
        await spoken(aimlapi)

    assert caught.value.field == "voice"
    assert str(caught.value) == "AI/ML API refused the request: Body validation error; Expected alloy."
    assert answer.is_closed


async def test_an_unlisted_model_that_speaks_is_asked_at_the_same_place(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_stream(WAV, content_type="audio/wav")
    request = request_for("somebody/new-voice", "Hello", parameters={"speaks": True})

    submission = await aimlapi.submit(aimlapi.prepare(request, KEY), KEY)

    assert submission.stream is not None
    assert client.submitted[0].path == "/v1/tts"
