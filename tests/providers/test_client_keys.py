"""Where a key goes, and where it doesn't."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import CredentialsMissing, CredentialsRejected, KeychainError, KeyUnconfirmed, UnexpectedReply
from app.domain.provider import WireRequest
from app.domain.redaction import Secrets
from app.logs import start_logging
from app.providers.client import ServiceClient, json_request
from app.providers.network import Outgoing
from tests.fakes.fixed_key import KEY, FixedKey, no_key
from tests.fakes.logging_as_before import logging_as_before
from tests.fakes.raw_server import RawServer, answering

ClientFor = Callable[..., ServiceClient]

ORDER = json_request("POST", "/speech", {"text": "Hello"})
QUESTION = WireRequest("GET", "/voices")


class Sink:
    def __init__(self) -> None:
        self.data = b""

    async def write(self, data: bytes) -> None:
        self.data += data


async def test_the_key_of_the_address_goes_along(client_for: ClientFor) -> None:
    keys = FixedKey()
    async with RawServer(answering()) as acme:
        client = client_for(acme.origin + "/v1", keys=keys)

        await client.ask(QUESTION)
        await client.submit(ORDER)
        await (await client.submit_streaming(ORDER)).aclose()

        assert [heard.headers["authorization"] for heard in acme.heard] == [f"Bearer {KEY}"] * 3
        assert keys.asked == [("acme", acme.origin + "/v1")] * 3


async def test_a_question_can_be_asked_without_the_key(client_for: ClientFor) -> None:
    keys = FixedKey()
    async with RawServer(answering()) as acme:
        await client_for(acme.origin, keys=keys).ask(QUESTION, with_key=False)

        assert "authorization" not in acme.heard[0].headers
        assert keys.asked == []


async def test_a_service_that_needs_no_key_is_asked_without_one(client_for: ClientFor) -> None:
    async with RawServer(answering()) as acme:
        await client_for(acme.origin, keys=no_key(), needs_key=False).submit(ORDER)

        assert "authorization" not in acme.heard[0].headers


@pytest.mark.parametrize(
    ("error", "needs_key"),
    [
        (CredentialsMissing("none"), True),
        (KeyUnconfirmed("another address"), True),
        (KeyUnconfirmed("another address"), False),
        (KeychainError("locked"), True),
    ],
)
async def test_without_the_key_it_needs_nothing_is_sent(
    client_for: ClientFor, error: Exception, needs_key: bool
) -> None:
    async with RawServer(answering()) as acme:
        client = client_for(acme.origin, keys=FixedKey(error), needs_key=needs_key)

        with pytest.raises(type(error)):
            await client.submit(ORDER)
        assert acme.connections == 0


@pytest.mark.parametrize("key", ["sk\r\nHost: evil", "clé", "sk 1", "", "\x00"])
async def test_what_cant_be_a_key_is_refused_and_not_repeated(client_for: ClientFor, key: str) -> None:
    async with RawServer(answering()) as acme:
        with pytest.raises(CredentialsRejected) as caught:
            await client_for(acme.origin, keys=FixedKey(key)).submit(ORDER)

        assert acme.connections == 0
        assert not key or key not in str(caught.value)


@pytest.mark.parametrize("name", ["Authorization", "authorization", "Cookie", "Host", "Content-Length", "X\r\nY"])
async def test_a_stored_request_brings_no_header_that_is_the_clients_own(client_for: ClientFor, name: str) -> None:
    async with RawServer(answering()) as acme:
        with pytest.raises(ValueError, match="can’t have this header"):
            await client_for(acme.origin).submit(WireRequest("POST", "/x", headers={name: "1"}))

        assert acme.connections == 0


async def test_no_key_goes_to_a_result_host_or_across_a_redirect(client_for: ClientFor) -> None:
    async with (
        RawServer(answering(b"RIFF\0\0\0\0")) as host,
        RawServer(answering(status="302 Found", Location=host.origin + "/x.wav", Set_Cookie="a=b")) as acme,
    ):
        client, sink = client_for(acme.origin), Sink()

        await client.download(acme.origin + "/result", sink, base_url=acme.origin)
        with pytest.raises(UnexpectedReply):
            await client.ask(QUESTION)

        assert sink.data == b"RIFF\0\0\0\0"
        assert "authorization" not in acme.heard[0].headers
        assert [heard.line for heard in host.heard] == ["GET /x.wav HTTP/1.1"]
        assert not {"authorization", "cookie", "referer"} & set(host.heard[0].headers)


async def test_cookies_are_forgotten(client_for: ClientFor) -> None:
    async with RawServer(answering(Set_Cookie="session=1; Path=/")) as acme:
        client = client_for(acme.origin)

        await client.ask(QUESTION)
        await client.ask(QUESTION)

        assert "cookie" not in acme.heard[1].headers


async def test_netrc_adds_nothing(client_for: ClientFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password invented\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    async with RawServer(answering()) as acme:
        await client_for(acme.origin).ask(QUESTION, with_key=False)

        assert "authorization" not in acme.heard[0].headers


async def test_a_service_that_repeats_the_key_isnt_quoted(client_for: ClientFor) -> None:
    refusal = f'{{"error": "the key {KEY} is unknown"}}'.encode()
    async with RawServer(answering(refusal, "401 Unauthorized")) as acme:
        client = client_for(acme.origin)

        asked = await client.ask(QUESTION)
        streamed = await (await client.submit_streaming(ORDER)).whole()

        assert asked.json() == streamed.json() == {"error": "the key *** is unknown"}


async def test_nothing_secret_is_logged_even_by_talkative_libraries(client_for: ClientFor, tmp_path: Path) -> None:
    file = tmp_path / "log" / "cuesmith.log"
    with logging_as_before():
        start_logging(file, Secrets())
        logging.getLogger().setLevel(logging.DEBUG)
        async with RawServer(answering(b"RIFF\0\0\0\0", Location="/?signature=invented")) as acme:
            client = client_for(acme.origin)
            await client.submit(json_request("POST", "/speech?token=invented", {"text": "a secret prompt"}))
            await client.download(acme.origin + "/x?signature=invented", Sink(), base_url=acme.origin)

    logged = file.read_text() if file.exists() else ""
    assert not [secret for secret in (KEY, "invented", "secret prompt", "Bearer") if secret in logged]


def test_a_request_that_is_shown_to_somebody_shows_no_key() -> None:
    outgoing = Outgoing(method="GET", url="https://acme.example", headers={"Authorization": f"Bearer {KEY}"})

    assert KEY not in f"{outgoing!r} {outgoing}"
