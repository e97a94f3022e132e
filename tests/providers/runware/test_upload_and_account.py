"""The free verbs beside generation: storing files, and trying a key."""

from __future__ import annotations

import base64
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.errors import (
    AppError,
    CredentialsRejected,
    NotConnected,
    ProviderError,
    RateLimited,
    RequestRejected,
    ServiceUnavailable,
    StorageError,
    UnexpectedReply,
)
from app.domain.provider import Account, AudioProvider, KeyChecker, Recovery, Uploader
from app.domain.request import InputKind
from app.providers.client import Reply
from app.providers.runware import media
from tests.providers.runware.faking import BASE_URL, data, errors, reply, runware

STORED = {
    "taskType": "mediaStorage",
    "operation": "upload",
    "mediaUUID": "d1f7c0a2-55a1-4d0b-8a55-3f8a0f9d2b10",
    "mediaURL": "https://im.runware.ai/asset.wav",
}
ACCOUNT = {
    "taskType": "accountManagement",
    "operation": "getDetails",
    "organizationUUID": "6b1d3f0e-2a44-4c8e-9c56-1f0a7d2b9e10",
    "organizationName": "Invented Sound Ltd",
    "balance": 12.345,
    "team": [{"name": "Petra Invented", "email": "petra@invented.example"}],
    "apiKeys": [{"name": "studio", "apiKey": "rw-t****"}],
}
PONG = data({"taskType": "ping", "pong": True})


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.wav"
    path.write_bytes(b"RIFF\x00\xff" * 100)
    return path


def test_the_provider_is_all_that_it_should_be():
    provider = runware().provider

    assert isinstance(provider, AudioProvider)
    assert isinstance(provider, Uploader)
    assert isinstance(provider, KeyChecker)
    assert (provider.id, provider.base_url) == ("runware", BASE_URL)
    assert provider.recovery == Recovery(can_find=True, is_silence_proof=False)


async def test_it_has_no_voices_to_list():
    assert await runware().provider.voices() == ()


async def test_closing_it_closes_nothing_of_others():
    there = runware()

    await there.provider.aclose()

    assert there.client.asked == []


@pytest.mark.parametrize("kind", list(InputKind))
async def test_a_file_is_stored_as_bare_base64_and_named_by_its_uuid(clip: Path, kind: InputKind):
    there = runware()
    there.will_say(data(STORED))

    handle = await there.provider.upload(clip, kind)

    (asked,) = there.client.asked
    assert handle == "d1f7c0a2-55a1-4d0b-8a55-3f8a0f9d2b10"
    assert not asked.is_paid
    assert set(asked.task) == {"taskType", "taskUUID", "operation", "media"}
    assert (asked.task["taskType"], asked.task["operation"]) == ("mediaStorage", "upload")
    assert UUID(asked.task["taskUUID"]).version == 4
    assert base64.b64decode(asked.task["media"], validate=True) == clip.read_bytes()


async def test_every_upload_has_a_uuid_of_its_own(clip: Path):
    there = runware()
    there.will_say(data(STORED), data(STORED))

    for _ in range(2):
        await there.provider.upload(clip, InputKind.CLIP)

    first, second = there.client.asked
    assert first.task["taskUUID"] != second.task["taskUUID"]


async def test_an_answer_with_an_object_names_the_file_as_well(clip: Path):
    there = runware()
    there.will_say(reply({"data": STORED}))

    assert await there.provider.upload(clip, InputKind.CLIP) == STORED["mediaUUID"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (errors({"code": "invalidMedia", "message": "no audio", "parameter": "media"}, status=400), RequestRejected),
        (errors({"code": "brandNew", "message": "no audio"}), RequestRejected),
        (errors({"code": "sensitiveContentDetected", "message": "no"}, status=400), RequestRejected),
        (errors({"code": "invalidApiKey", "message": "no"}, status=401), CredentialsRejected),
        (reply({}, 429), RateLimited),
        (reply(b"<html>", 502), ServiceUnavailable),
        (errors({"code": "uploadFailed", "message": "no"}), ServiceUnavailable),
        (reply(b"<html>"), UnexpectedReply),
        (data(), UnexpectedReply),
        (data({**STORED, "taskUUID": "93d0b6a8-2c8a-4b6e-8d4c-7a1b0e5f2c77"}), UnexpectedReply),
        (NotConnected("off"), NotConnected),
    ],
)
async def test_a_file_that_is_not_taken_says_why(clip: Path, answer: Reply | AppError, kind: type[AppError]):
    there = runware()
    there.will_say(answer)

    with pytest.raises(ProviderError) as caught:
        await there.provider.upload(clip, InputKind.CLIP)

    assert type(caught.value) is kind
    assert getattr(caught.value, "field", None) == ("references" if kind is RequestRejected else None)


async def test_a_file_that_is_not_there_is_told_before_anything_is_sent(tmp_path: Path):
    there = runware()

    with pytest.raises(StorageError, match=r"clip\.wav"):
        await there.provider.upload(tmp_path / "clip.wav", InputKind.CLIP)

    assert there.client.asked == []


async def test_a_file_far_too_large_is_not_even_read(clip: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(media, "_LARGEST_BYTES", 100)
    there = runware()

    with pytest.raises(RequestRejected) as caught:
        await there.provider.upload(clip, InputKind.CLIP)

    assert caught.value.field == "references"
    assert there.client.asked == []


async def test_a_key_that_is_taken_shows_the_balance_and_nobodys_name():
    there = runware()
    there.will_say(data(ACCOUNT))

    account = await there.provider.check_key()

    assert account == Account(Decimal("12.345"))
    (asked,) = there.client.asked
    assert {name: value for name, value in asked.task.items() if name != "taskUUID"} == {
        "taskType": "accountManagement",
        "operation": "getDetails",
    }


@pytest.mark.parametrize(
    ("balance", "known"), [(-0.25, Decimal("-0.25")), (0, Decimal(0)), ("much", None), (None, None)]
)
async def test_a_balance_is_known_only_where_it_is_told(balance: object, known: Decimal | None):
    there = runware()
    there.will_say(data({**ACCOUNT, "balance": balance}))

    assert await there.provider.check_key() == Account(known)


@pytest.mark.parametrize(
    "answer",
    [
        errors({"code": "forbidden", "message": "no"}, status=403),
        errors({"code": "brandNew", "message": "no"}, status=403),
        errors(status=403),
        errors({"code": "errorRetrievingAccountManagement", "message": "no"}, status=500),
        errors({"code": "permissionDenied", "message": "no"}, status=400),
        errors({"code": "insufficientPermissions", "message": "no"}),
        errors({"code": "unsupportedTaskType", "message": "no"}, status=400),
        data(),
    ],
)
async def test_a_key_that_may_not_see_the_account_is_tried_with_a_ping(answer: Reply):
    there = runware()
    there.will_say(answer, PONG)

    assert await there.provider.check_key() == Account(None)
    assert there.questions == ["accountManagement", "ping"]


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([errors({"code": "invalidApiKey", "message": "no"}, status=401)], CredentialsRejected),
        ([errors({"code": "invalidApiKey", "message": "no"})], CredentialsRejected),
        ([errors({"code": "accountSuspended", "message": "no"}, status=401)], CredentialsRejected),
        ([reply({}, 401)], CredentialsRejected),
        ([reply(b"denied", 401)], CredentialsRejected),
        ([reply({}, 429)], RateLimited),
        ([reply(b"<html>", 502)], ServiceUnavailable),
        ([reply(b"<html>", 200)], UnexpectedReply),
        ([errors(status=403), errors({"code": "invalidApiKey", "message": "no"}, status=401)], CredentialsRejected),
        ([errors(status=403), errors({"code": "accountSuspended", "message": "no"}, status=403)], CredentialsRejected),
        ([errors(status=403), data()], UnexpectedReply),
        ([NotConnected("off")], NotConnected),
    ],
)
async def test_a_key_that_is_not_taken_says_why(answers: list[Reply | AppError], kind: type[AppError]):
    there = runware()
    there.will_say(*answers)

    with pytest.raises(ProviderError) as caught:
        await there.provider.check_key()

    assert type(caught.value) is kind
