"""A key that goes into a header of the service's own, and answers that are results themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.errors import CredentialsMissing, ServiceUnavailable, UnexpectedReply
from app.domain.provider import WireRequest
from app.domain.service import Service
from app.providers.client import Network, ServiceClient, json_request
from tests.fakes.fixed_key import KEY, FixedKey, no_key
from tests.fakes.raw_server import RawServer, answering, saying

ClientFor = Callable[..., ServiceClient]

ORDER = json_request("POST", "/speech", {"text": "Hello"})
RESULT = WireRequest("GET", "/results/1")
SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100)


class Sink:
    def __init__(self) -> None:
        self.data = b""

    async def write(self, data: bytes) -> None:
        self.data += data


@pytest.fixture
def own_header_at(network: Network) -> ClientFor:
    """A client of a service whose keys go into X-Api-Key as they are."""

    def make(base_url: str, keys: FixedKey | None = None) -> ServiceClient:
        service = Service("acme", "Acme", "speech", key_variable="ACME_KEY", key_header="x-api-key", key_prefix="")
        return ServiceClient(service, network, keys or FixedKey(), lambda _: base_url, lambda _: pytest.fail("no file"))

    return make


async def test_the_key_goes_into_the_header_that_the_service_wants_and_into_no_other(own_header_at: ClientFor) -> None:
    async with RawServer(answering()) as acme:
        client = own_header_at(acme.origin)

        await client.ask(RESULT)
        await client.submit(ORDER)
        await (await client.submit_streaming(ORDER)).aclose()
        await (await client.ask_streaming(RESULT)).aclose()

        assert [heard.headers["x-api-key"] for heard in acme.heard] == [KEY] * 4
        assert not [heard for heard in acme.heard if "authorization" in heard.headers]


async def test_a_question_without_the_key_has_no_such_header(own_header_at: ClientFor) -> None:
    async with RawServer(answering()) as acme:
        await own_header_at(acme.origin).ask(RESULT, with_key=False)

        assert "x-api-key" not in acme.heard[0].headers


async def test_without_the_key_no_result_is_asked_for(own_header_at: ClientFor) -> None:
    async with RawServer(answering()) as acme:
        with pytest.raises(CredentialsMissing):
            await own_header_at(acme.origin, no_key()).ask_streaming(RESULT)

        assert acme.connections == 0


async def test_no_key_goes_to_a_result_host_or_across_a_redirect(own_header_at: ClientFor) -> None:
    async with (
        RawServer(answering(SOUND)) as host,
        RawServer(answering(status="302 Found", Location=host.origin + "/x.wav")) as acme,
    ):
        client, sink = own_header_at(acme.origin), Sink()

        await client.download(acme.origin + "/result", sink, base_url=acme.origin)
        for ask in (client.ask, client.ask_streaming):
            with pytest.raises(UnexpectedReply):
                await ask(RESULT)

        assert sink.data == SOUND
        assert "x-api-key" not in acme.heard[0].headers
        assert [heard.line for heard in host.heard] == ["GET /x.wav HTTP/1.1"]
        assert not {"x-api-key", "authorization"} & set(host.heard[0].headers)


@pytest.mark.parametrize("name", ["x-api-key", "X-Api-Key", "Authorization"])
async def test_a_stored_request_brings_no_key_of_its_own(own_header_at: ClientFor, name: str) -> None:
    async with RawServer(answering()) as acme:
        with pytest.raises(ValueError, match="can’t have this header"):
            await own_header_at(acme.origin).submit(WireRequest("POST", "/x", headers={name: "1"}))

        assert acme.connections == 0


async def test_a_service_that_repeats_the_key_is_not_quoted(own_header_at: ClientFor) -> None:
    refusal = f'{{"error": "the key {KEY} is unknown"}}'.encode()
    async with RawServer(answering(refusal, "401 Unauthorized")) as acme:
        reply = await own_header_at(acme.origin).ask_streaming(RESULT)
        await reply.head(4)

        assert (await reply.whole()).json() == {"error": "the key *** is unknown"}


async def test_a_result_that_the_service_hands_out_itself_arrives_in_pieces(client_for: ClientFor) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: audio/wav\r\n\r\n"
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (SOUND[:3], SOUND[3:50], SOUND[50:])]
    async with RawServer(saying(head, *chunks, b"0\r\n\r\n", pause_s=0.01)) as acme:
        reply = await client_for("https://elsewhere.example").ask_streaming(RESULT, base_url=acme.origin)

        first = await reply.head(16)
        pieces = [piece async for piece in reply]
        await reply.aclose()

        assert (reply.status, reply.headers["content-type"]) == (200, "audio/wav")
        assert SOUND.startswith(first)
        assert 16 <= len(first) < len(SOUND)
        assert pieces[0] == first
        assert b"".join(pieces) == SOUND
        assert acme.heard[0].headers["connection"] == "close"


@pytest.mark.parametrize(("body", "head"), [(b"", b""), (b"RI", b"RI"), (SOUND, SOUND)])
async def test_the_first_bytes_may_be_all_there_are(client_for: ClientFor, body: bytes, head: bytes) -> None:
    async with RawServer(answering(body)) as acme:
        reply = await client_for(acme.origin).ask_streaming(RESULT)

        assert await reply.head(16) == head
        assert (await reply.whole()).body == body


async def test_a_result_that_breaks_off_can_be_asked_for_again(client_for: ClientFor) -> None:
    async with RawServer(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + SOUND)) as acme:
        reply = await client_for(acme.origin).ask_streaming(RESULT)

        assert (await reply.head(16))[:4] == b"RIFF"
        with pytest.raises(ServiceUnavailable):
            [piece async for piece in reply]
        await reply.aclose()


async def test_an_address_that_does_not_answer_is_not_available_now(client_for: ClientFor) -> None:
    async with RawServer(saying(b"")) as acme:
        with pytest.raises(ServiceUnavailable):
            await client_for(acme.origin).ask_streaming(RESULT)
