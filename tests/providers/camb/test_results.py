"""Fetching what a task made: the audio from the service itself, or from behind a link that it gives."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.errors import (
    BrokenAudio,
    CredentialsRejected,
    RateLimited,
    RequestRejected,
    ResultExpired,
    ResultGone,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.domain.provider import Result
from app.engine.retry import is_passing
from app.providers.camb import answer
from app.providers.camb.provider import CambProvider
from app.providers.downloads import DownloadLimits
from tests.fakes.fixed_key import KEY as API_KEY
from tests.providers.camb.faking import EARLIER_URL, FLAC, LINK, MP3, RUN_ID, WAV, Camb, Sink, job

RESULT_URL = f"{EARLIER_URL}/text-to-sound-result/{RUN_ID}"
RESULT = Result(RUN_ID)


async def fetched(provider: CambProvider) -> Sink:
    sink = Sink()
    await provider.fetch(job(), RESULT, sink)
    return sink


@pytest.mark.parametrize(
    ("content_type", "audio"),
    [
        ("audio/wav", WAV),
        ("application/octet-stream", WAV),
        ("audio/wav", FLAC),
        ("audio/wav", MP3),
        ("application/json", WAV),  # its type lies, its bytes don't
        ("", b"ID3\x04" + bytes(20)),
        ("application/octet-stream", bytes(64)),  # unknown, and said to be bytes: the decoder will see
    ],
)
async def test_audio_from_the_service_is_written_as_it_arrives(
    content_type: str, audio: bytes, provider: CambProvider, camb: Camb
) -> None:
    body = camb.streams(audio[:3], audio[3:], b"more", b"and more", headers={"Content-Type": content_type})

    sink = await fetched(provider)

    assert sink.data == audio + b"more" + b"and more"
    assert sink.pieces >= 3
    assert camb.paths == [f"GET {RESULT_URL}"]
    assert camb.keys == [API_KEY]
    assert body.is_closed


@pytest.mark.parametrize("name", ["file_url", "output_url"])
async def test_a_link_is_followed_without_the_key_whatever_it_is_called(
    name: str, provider: CambProvider, camb: Camb
) -> None:
    camb.says(200, {name: LINK}, Content_Type="application/json")
    camb.streams(WAV, b"more", headers={"Content-Type": "audio/wav"})

    sink = await fetched(provider)

    assert sink.data == WAV + b"more"
    assert camb.paths == [f"GET {RESULT_URL}", f"GET {LINK}"]
    assert camb.keys == [API_KEY, None]
    assert "authorization" not in camb.asked[1].headers


@pytest.mark.parametrize("content_type", ["audio/wav", "application/octet-stream", "text/html", ""])
async def test_a_link_is_known_by_its_first_bytes(content_type: str, provider: CambProvider, camb: Camb) -> None:
    camb.streams(b"\n ", b'{"output_', b'url": "' + LINK.encode() + b'"}', headers={"Content-Type": content_type})
    camb.streams(FLAC)

    assert (await fetched(provider)).data == FLAC


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_link_that_has_expired_is_asked_for_anew_by_the_same_name(
    status: int, provider: CambProvider, camb: Camb
) -> None:
    camb.says(200, {"file_url": LINK})
    camb.says(status, b"expired")
    with pytest.raises(ResultExpired):
        await fetched(provider)

    camb.says(200, {"output_url": LINK + "&fresh"})
    camb.streams(WAV)
    sink = await fetched(provider)

    assert sink.data == WAV
    assert camb.paths[2:] == [f"GET {RESULT_URL}", f"GET {LINK}&fresh"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRejected),
        (401, CredentialsRejected),
        (404, ServiceUnavailable),
        (429, RateLimited),
        (500, ServiceUnavailable),
        (502, ServiceUnavailable),
        (503, ServiceUnavailable),
    ],
)
async def test_no_error_answer_loses_the_result(
    status: int, kind: type[Exception], provider: CambProvider, camb: Camb
) -> None:
    camb.says(status, {"detail": "Not now"}, Retry_After="7")
    camb.streams(WAV)

    with pytest.raises(kind, match="Not now") as caught:
        await fetched(provider)

    assert is_passing(caught.value)  # type: ignore[arg-type]
    assert (await fetched(provider)).data == WAV


async def test_a_busy_service_says_when_the_result_can_be_had(provider: CambProvider, camb: Camb) -> None:
    camb.says(429, {"error": "Too many", "status": 429}, Retry_After="7")

    with pytest.raises(RateLimited) as caught:
        await fetched(provider)

    assert caught.value.retry_after_s == 7


@pytest.mark.parametrize("head", [b"", WAV, WAV + bytes(5_000)])
async def test_audio_that_breaks_off_can_be_fetched_again(head: bytes, provider: CambProvider, camb: Camb) -> None:
    body = camb.streams(head, breaks=True, headers={"Content-Type": "audio/wav"})

    with pytest.raises(ServiceUnavailable):
        await fetched(provider)

    assert body.is_closed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html>please wait</html>",
        {},
        [],
        {"file_url": None},
        {"file_url": ""},
        {"output_url": "sounds/1.wav"},
        {"file_url": "file:///etc/passwd"},
        {"file_url": {"url": LINK}},
        {"status": "PENDING"},
        b'{"file_url": "https',
    ],
)
async def test_what_is_neither_audio_nor_a_link_is_unexpected_and_passes(
    body: Any, provider: CambProvider, camb: Camb
) -> None:
    camb.says(200, body, Content_Type="application/json")

    with pytest.raises(UnexpectedReply) as caught:
        await fetched(provider)

    assert is_passing(caught.value)
    assert len(camb.asked) == 1


async def test_a_link_to_this_computer_is_not_followed(provider: CambProvider, camb: Camb) -> None:
    camb.says(200, {"file_url": "http://127.0.0.1/x.wav"})

    with pytest.raises(UnexpectedReply):
        await fetched(provider)

    assert len(camb.asked) == 1


async def test_a_redirect_is_not_followed_with_the_key(provider: CambProvider, camb: Camb) -> None:
    camb.says(307, b"", Location=LINK)

    with pytest.raises(UnexpectedReply):
        await fetched(provider)

    assert len(camb.asked) == 1


async def test_audio_without_an_end_is_stopped(
    provider: CambProvider, camb: Camb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "USUAL_LIMITS", DownloadLimits(most_bytes=1 << 20))
    body = camb.streams(*[WAV + bytes(200_000)] * 20)
    sink = Sink()

    with pytest.raises(BrokenAudio):
        await provider.fetch(job(), RESULT, sink)

    assert len(sink.data) <= 1 << 20
    assert body.is_closed


@pytest.mark.parametrize("run_id", ["..", ""])
async def test_a_result_that_can_not_be_named_is_not_asked_for(run_id: str, provider: CambProvider, camb: Camb) -> None:
    with pytest.raises(UnexpectedReply):
        await provider.fetch(job(), Result(run_id), Sink())

    assert camb.asked == []


async def test_speech_can_not_be_fetched_again(provider: CambProvider, camb: Camb) -> None:
    with pytest.raises(ResultGone, match="came with the answer"):
        await provider.fetch(job(None, "mars-flash"), Result("1"), Sink())

    assert camb.asked == []


async def test_speech_that_came_as_a_link_can_be_fetched(provider: CambProvider, camb: Camb) -> None:
    camb.streams(MP3)
    sink = Sink()

    await provider.fetch(job(None, "mars-flash"), Result("1", link=LINK), sink)

    assert (sink.data, camb.paths, camb.keys) == (MP3, [f"GET {LINK}"], [None])
