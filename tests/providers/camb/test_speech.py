"""The answers of /tts-stream: the speech itself, or something else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.errors import (
    ContentRefused,
    CredentialsRejected,
    GenerationFailed,
    OutcomeUnknown,
    QuotaExhausted,
    RequestRejected,
)
from app.domain.provider import Result, Submission
from app.providers.camb.provider import CambProvider
from tests.fakes.fixed_key import KEY as API_KEY
from tests.providers.camb.faking import FLAC, KEY, LINK, MP3, WAV, Camb, request_for


async def spoken(provider: CambProvider, model: str = "mars-flash") -> Submission:
    return await provider.submit(provider.prepare(request_for(model, "We leave at first light."), KEY), KEY)


@pytest.mark.parametrize(
    ("content_type", "head"),
    [
        ("audio/wav", WAV),
        ("audio/mpeg", MP3),
        ("audio/flac", FLAC),
        ("audio/wav", MP3),
        ("application/json", WAV),  # its type lies, its bytes don't
        ("", b"ID3\x04" + bytes(20)),
        ("application/octet-stream", bytes(64)),  # unknown, and said to be bytes: the decoder will see
    ],
)
@pytest.mark.parametrize("model", ["mars-flash", "mars-8.1-pro-beta"])
async def test_speech_is_passed_on_as_it_arrives(
    model: str, content_type: str, head: bytes, provider: CambProvider, camb: Camb
) -> None:
    headers = {"Content-Type": content_type, "X-Credits-Required": "42"}
    body = camb.streams(head[:3], head[3:], b"more", headers=headers)

    submission = await spoken(provider, model)

    assert camb.paths == ["POST https://client.camb.ai/apis/tts-stream"]
    assert camb.keys == [API_KEY]
    assert submission.job_id is None
    assert submission.stream is not None
    assert not submission.progress.is_final
    assert not body.is_closed
    assert b"".join([data async for data in submission.stream]) == head + b"more"
    await submission.stream.aclose()
    assert body.is_closed


async def test_credits_are_no_dollars(provider: CambProvider, camb: Camb) -> None:
    camb.streams(WAV, headers={"X-Credits-Required": "42"})

    submission = await spoken(provider)

    assert submission.stream is not None
    assert submission.stream.result == Result("1", cost=None)
    assert submission.progress.cost is None
    await submission.stream.aclose()


async def test_speech_that_breaks_off_is_an_unknown_outcome(provider: CambProvider, camb: Camb) -> None:
    camb.streams(WAV, breaks=True, headers={"Content-Type": "audio/wav"})

    submission = await spoken(provider)

    assert submission.stream is not None
    with pytest.raises(OutcomeUnknown):
        [data async for data in submission.stream]
    await submission.stream.aclose()


@pytest.mark.parametrize("head", [b"", b"RI", b'{"err'])
async def test_an_answer_that_breaks_off_in_its_first_bytes_is_an_unknown_outcome(
    head: bytes, provider: CambProvider, camb: Camb
) -> None:
    body = camb.streams(head, breaks=True)

    with pytest.raises(OutcomeUnknown):
        await spoken(provider)

    assert body.is_closed


@pytest.mark.parametrize(
    ("status", "told", "kind", "words"),
    [
        (422, {"detail": [{"loc": ["body", "text"], "msg": "too short"}]}, RequestRejected, "text: too short"),
        (401, {"error": "Invalid API key", "status": 401}, CredentialsRejected, "Invalid API key"),
        (402, {"detail": "No credits"}, QuotaExhausted, "No credits"),
        (500, b"<html><body>Oh no</body></html>", OutcomeUnknown, "Oh no"),
    ],
)
async def test_the_status_is_looked_at_before_a_body_counts_as_speech(
    status: int, told: Any, kind: type[Exception], words: str, provider: CambProvider, camb: Camb
) -> None:
    body = camb.says(status, told, Content_Type="audio/wav")

    with pytest.raises(kind, match=words):
        await spoken(provider)

    assert body.is_closed


async def test_sound_under_an_error_status_is_no_speech(provider: CambProvider, camb: Camb) -> None:
    camb.says(422, WAV, Content_Type="audio/wav")

    with pytest.raises(RequestRejected):
        await spoken(provider)


async def test_a_language_that_the_model_lacks_is_refused_at_the_language(provider: CambProvider, camb: Camb) -> None:
    text = "Value error, Language 'zh-tw' is not supported by this model. Allowed: en-us, es-es"
    camb.says(422, {"detail": [{"loc": ["body"], "msg": text, "type": "value_error"}]})

    with pytest.raises(RequestRejected) as caught:
        await spoken(provider)

    assert (caught.value.field, caught.value.code) == ("language", "value_error")
    assert str(caught.value) == (
        "Camb.ai refused the request: Language 'zh-tw' is not supported by this model. Allowed: en-us, es-es."
    )


@pytest.mark.parametrize("name", ["file_url", "output_url"])
async def test_a_link_instead_of_speech_is_not_lost(name: str, provider: CambProvider, camb: Camb) -> None:
    camb.says(200, {name: LINK})

    submission = await spoken(provider)

    assert submission.stream is None
    assert submission.progress.is_final
    assert submission.progress.results == (Result("1", link=LINK),)


@pytest.mark.parametrize(
    ("told", "kind", "words"),
    [
        ({"error": "The voice is gone"}, GenerationFailed, "The voice is gone"),
        ({"error": {"message": "The voice is gone"}}, GenerationFailed, "The voice is gone"),
        ({"detail": [{"loc": ["body", "voice_id"], "msg": "unknown"}]}, GenerationFailed, "voice_id: unknown"),
        ({"detail": "HARMFUL_CONTENT_DETECTED"}, ContentRefused, "HARMFUL"),
    ],
)
async def test_an_error_where_speech_was_expected_is_told(
    told: Any, kind: type[Exception], words: str, provider: CambProvider, camb: Camb
) -> None:
    body = camb.says(200, told, Content_Type="application/json")

    with pytest.raises(kind, match=words):
        await spoken(provider)

    assert body.is_closed


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "audio/wav"),
        (b"  \n", "audio/wav"),
        (b"{}", "application/json"),
        (json.dumps({"status": "PENDING", "task_id": "a"}).encode(), "application/json"),
        (json.dumps({"message": "queued"}).encode(), "application/json"),
        (json.dumps({"error": None}).encode(), "application/json"),
        (b"[1]", "application/json"),
        (b'{"error": "bro', "application/json"),
        (b"<html>please wait</html>", "text/html"),
        (b"\n<!DOCTYPE html><p>please wait", "audio/wav"),
        (b"{" + b" " * (2 << 20), "application/json"),
    ],
)
async def test_an_answer_without_speech_may_be_paid_for_so_its_outcome_is_unknown(
    body: bytes, content_type: str, provider: CambProvider, camb: Camb
) -> None:
    answer = camb.says(200, body, Content_Type=content_type)

    with pytest.raises(OutcomeUnknown):
        await spoken(provider)

    assert answer.is_closed


async def test_a_key_that_an_error_repeats_is_not_repeated(provider: CambProvider, camb: Camb) -> None:
    camb.says(200, {"error": f"the key {API_KEY} has no voices"})

    with pytest.raises(GenerationFailed) as caught:
        await spoken(provider)

    assert API_KEY not in str(caught.value)
    assert "***" in str(caught.value)
