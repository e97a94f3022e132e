"""What is known after a submit that went wrong, on real sockets."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import zlib
from collections.abc import Callable

import httpx
import pytest

from app.domain.errors import NotConnected, OutcomeUnknown, ServiceUnavailable, UnexpectedReply
from app.domain.provider import WireRequest
from app.providers.client import Network, ServiceClient, json_request
from tests.fakes.raw_server import Heard, RawServer, Script, answering, refusing_origin, saying

ClientFor = Callable[..., ServiceClient]

ORDER = json_request("POST", "/speech", {"text": "Hello"})
QUESTION = WireRequest("GET", "/voices")
BROKEN_ANSWERS = {
    "no answer": saying(),
    "half a status line": saying(b"HTTP/1.1 20"),
    "half of the headers": saying(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "half a body": saying(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    "half a chunk": saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{"),
    "another protocol": saying(b"220 mail.example ESMTP\r\n"),
    "a senseless length": saying(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}"),
    "damaged gzip": answering(b"not gzip", Content_Encoding="gzip"),
    "half of its gzip": answering(gzip.compress(b"{}" * 999, mtime=0)[:-9], Content_Encoding="gzip"),
    "an encoding that nobody asked for": answering(b"{}", Content_Encoding="br"),
}


@pytest.fixture(params=list(BROKEN_ANSWERS.values()), ids=list(BROKEN_ANSWERS))
def broken_answer(request: pytest.FixtureRequest) -> Script:
    script: Script = request.param
    return script


async def reset(_: Heard, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def test_loading_the_client_doesnt_load_httpx() -> None:
    script = "import sys, app.providers.client, app.providers.failures; print({'httpx', 'anyio'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


async def test_every_status_is_an_answer(client_for: ClientFor) -> None:
    async with RawServer(answering(b'{"error": "no"}', "503 Busy", Retry_After="7")) as acme:
        reply = await client_for(acme.origin + "/v1").submit(ORDER)

        assert (reply.status, reply.is_success, reply.json(), reply.retry_after_s()) == (503, False, {"error": "no"}, 7)
        assert (acme.heard[0].line, acme.heard[0].body) == ("POST /v1/speech HTTP/1.1", b'{"text":"Hello"}')
        assert acme.heard[0].headers["accept-encoding"] == "identity"


async def test_a_refused_connection_sent_nothing(client_for: ClientFor) -> None:
    client = client_for(await refusing_origin())

    with pytest.raises(NotConnected, match="Acme can’t be reached: it refuses connections"):
        await client.submit(ORDER)
    with pytest.raises(NotConnected):
        await client.submit_streaming(ORDER)
    with pytest.raises(NotConnected):
        await client.ask(QUESTION)


async def test_a_failed_tls_handshake_sent_nothing(client_for: ClientFor) -> None:
    def no_tls(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    async with await asyncio.start_server(no_tls, "127.0.0.1", 0) as plain:
        client = client_for(f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}")

        with pytest.raises(NotConnected, match="no secure connection"):
            await client.submit(ORDER)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError])
async def test_without_a_connection_nothing_was_sent(client_for: ClientFor, error: type[httpx.TransportError]) -> None:
    client = client_for("https://acme.example", over=Network(lambda: httpx.MockTransport(_raising(error("told")))))

    with pytest.raises(NotConnected):
        await client.submit(ORDER)


@pytest.mark.parametrize(
    "error",
    [
        httpx.WriteError("told"),
        httpx.WriteTimeout("told"),
        httpx.ReadError("told"),
        httpx.ReadTimeout("told"),
        httpx.RemoteProtocolError("told"),
        ConnectionResetError("told"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_after_the_connection_the_outcome_is_unknown(client_for: ClientFor, error: Exception) -> None:
    client = client_for("https://acme.example", over=Network(lambda: httpx.MockTransport(_raising(error))))

    with pytest.raises(OutcomeUnknown, match="it may be charged"):
        await client.submit(ORDER)
    with pytest.raises(ServiceUnavailable):
        await client.ask(QUESTION)


def _raising(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def raise_it(_: httpx.Request) -> httpx.Response:
        raise error

    return raise_it


async def test_a_submit_without_a_whole_answer_may_have_been_taken(
    client_for: ClientFor, broken_answer: Script
) -> None:
    async with RawServer(broken_answer) as acme:
        with pytest.raises(OutcomeUnknown, match="it may be charged"):
            await client_for(acme.origin).submit(ORDER)

        assert len(acme.heard) == 1


async def test_a_question_without_a_whole_answer_can_be_asked_again(
    client_for: ClientFor, broken_answer: Script
) -> None:
    async with RawServer(broken_answer, answering()) as acme:
        client = client_for(acme.origin)

        with pytest.raises(ServiceUnavailable):
            await client.ask(QUESTION)

        assert (await client.ask(QUESTION)).is_success
        assert len(acme.heard) == 2


async def test_a_connection_that_is_reset_may_have_been_too_late(client_for: ClientFor) -> None:
    async with RawServer(reset) as acme:
        with pytest.raises(OutcomeUnknown):
            await client_for(acme.origin).submit(ORDER)


async def test_a_submit_never_uses_an_old_connection(client_for: ClientFor) -> None:
    """The service closes a kept connection at the very moment at which the next request arrives on it."""

    async def answer_new_ones_only(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if heard.connection in seen:
            writer.close()
        else:
            seen.add(heard.connection)
            await answering()(heard, writer)

    seen: set[int] = set()
    async with RawServer(answer_new_ones_only) as acme:
        client = client_for(acme.origin)
        await client.ask(QUESTION)
        await client.submit(ORDER)
        await client.submit(ORDER)

        with pytest.raises(ServiceUnavailable):
            await client.ask(QUESTION)
        assert [heard.connection for heard in acme.heard] == [0, 1, 2, 0]


async def test_questions_share_a_connection(client_for: ClientFor) -> None:
    async with RawServer(answering()) as acme:
        client = client_for(acme.origin)

        await client.ask(QUESTION)
        await client.ask(QUESTION)

        assert acme.connections == 1


async def test_a_refusal_before_the_whole_body_was_read_is_an_answer(client_for: ClientFor) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as acme:
        client = client_for(f"http://127.0.0.1:{acme.sockets[0].getsockname()[1]}")

        assert (await client.submit(json_request("POST", "/speech", {"text": "la" * 100}))).status == 413


async def test_a_dripping_answer_is_given_up(client_for: ClientFor) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
    async with RawServer(saying(head, *[b" "] * 9999, pause_s=0.02)) as acme:
        client = client_for(acme.origin)

        with pytest.raises(OutcomeUnknown, match="within"):
            await client.submit(ORDER, timeout_s=0.3)
        with pytest.raises(ServiceUnavailable, match="within"):
            await client.ask(QUESTION, timeout_s=0.3)


async def test_silence_is_given_up(client_for: ClientFor) -> None:
    async with RawServer(saying(pause_s=60, then_close=False)) as acme:
        with pytest.raises(OutcomeUnknown):
            await client_for(acme.origin).submit(ORDER, timeout_s=0.2)
        with pytest.raises(OutcomeUnknown):
            await client_for(acme.origin).submit_streaming(ORDER, timeout_s=0.2)


async def test_an_answer_that_is_too_large_is_read_no_further(client_for: ClientFor) -> None:
    async with RawServer(answering(b" " * 5_000_000)) as acme:
        client = client_for(acme.origin)

        with pytest.raises(UnexpectedReply, match="too large"):
            await client.ask(QUESTION, most_bytes=1_000_000)
        with pytest.raises(OutcomeUnknown, match="too large"):
            await client.submit(ORDER, most_bytes=1_000_000)


async def test_a_bomb_counts_as_large_as_it_unpacks(client_for: ClientFor) -> None:
    bomb = gzip.compress(bytes(200_000_000))
    async with RawServer(answering(bomb, Content_Encoding="gzip")) as acme:
        with pytest.raises(UnexpectedReply, match="too large"):
            await client_for(acme.origin).ask(QUESTION)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b'{"a": 1}', mtime=0)),
        ("x-gzip", gzip.compress(b'{"a"', mtime=0) + gzip.compress(b": 1}", mtime=0)),
        ("deflate", zlib.compress(b'{"a": 1}')),
        ("deflate", zlib.compress(b'{"a": 1}', wbits=-15)),
        ("identity", b'{"a": 1}'),
    ],
)
async def test_packed_answers_are_read_although_none_was_asked_for(
    client_for: ClientFor, encoding: str, packed: bytes
) -> None:
    async with RawServer(answering(packed, Content_Encoding=encoding)) as acme:
        assert (await client_for(acme.origin).ask(QUESTION)).json() == {"a": 1}


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_redirect_isnt_followed(client_for: ClientFor, status: str) -> None:
    async with (
        RawServer(answering()) as elsewhere,
        RawServer(answering(status=status, Location=elsewhere.origin)) as acme,
    ):
        client = client_for(acme.origin)

        with pytest.raises(UnexpectedReply, match="another address"):
            await client.ask(QUESTION)
        with pytest.raises(OutcomeUnknown, match="another address"):
            await client.submit(ORDER)
        with pytest.raises(OutcomeUnknown, match="another address"):
            await client.submit_streaming(ORDER)

        assert elsewhere.heard == []
        assert len(acme.heard) == 3


async def test_a_stream_can_be_heard_before_it_ends(client_for: ClientFor) -> None:
    more = asyncio.Event()

    async def speak(_: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 6\r\n\r\nabc")
        await more.wait()
        writer.write(b"def")

    async with RawServer(speak) as acme:
        reply = await client_for(acme.origin).submit_streaming(ORDER)
        pieces = aiter(reply)

        assert (reply.status, reply.headers["content-type"]) == (200, "audio/wav")
        assert await anext(pieces) == b"abc"
        more.set()
        assert await anext(pieces) == b"def"
        with pytest.raises(StopAsyncIteration):
            await anext(pieces)
        await reply.aclose()


async def test_a_stream_that_breaks_off_may_be_charged(client_for: ClientFor) -> None:
    async with RawServer(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")) as acme:
        reply = await client_for(acme.origin).submit_streaming(ORDER)
        pieces = aiter(reply)

        assert await anext(pieces) == b"abc"
        with pytest.raises(OutcomeUnknown, match="it may be charged"):
            await anext(pieces)
        await reply.aclose()


async def test_a_stream_that_stalls_may_be_charged(client_for: ClientFor) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"
    async with RawServer(saying(head, pause_s=60)) as acme:
        reply = await client_for(acme.origin).submit_streaming(ORDER, timeout_s=0.3)

        with pytest.raises(OutcomeUnknown, match="nothing came in time"):
            [piece async for piece in reply]
        await reply.aclose()


async def test_an_error_instead_of_a_stream_is_read_whole(client_for: ClientFor) -> None:
    async with RawServer(answering(b'{"error": "no"}', "400 Bad Request")) as acme:
        reply = await client_for(acme.origin).submit_streaming(ORDER)

        assert (await reply.whole()).json() == {"error": "no"}


async def test_closing_a_stream_in_the_middle_lets_go_of_the_connection(client_for: ClientFor) -> None:
    gone = asyncio.Event()

    async def talk_on(_: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
        try:
            while True:
                writer.write(bytes(1 << 16))
                await writer.drain()
        except ConnectionError:
            gone.set()
            raise

    async with RawServer(talk_on) as acme:
        reply = await client_for(acme.origin).submit_streaming(ORDER)
        await anext(aiter(reply))

        await reply.aclose()

        async with asyncio.timeout(10):
            await gone.wait()


@pytest.mark.parametrize("address", ["http://acme.example", "ftp://acme.example", "https://me:pw@acme.example", ""])
async def test_an_address_that_cant_be_trusted_is_refused_before_anything_is_sent(
    client_for: ClientFor, address: str
) -> None:
    heard: list[httpx.Request] = []
    client = client_for(address, over=Network(lambda: httpx.MockTransport(_noting(heard))))

    with pytest.raises(NotConnected, match="The address of Acme can’t be used"):
        await client.submit(ORDER)
    with pytest.raises(NotConnected, match="The address of Acme can’t be used"):
        await client.ask(QUESTION, with_key=False)

    assert heard == []


async def test_a_host_that_no_system_can_look_up_sent_nothing(client_for: ClientFor) -> None:
    with pytest.raises(NotConnected):
        await client_for("https://acme..example").submit(ORDER)


@pytest.mark.parametrize("path", [".evil.example/x", "@evil.example/", ":80/x"])
async def test_a_path_cant_change_the_host(client_for: ClientFor, path: str) -> None:
    heard: list[httpx.Request] = []
    client = client_for("https://acme.example", over=Network(lambda: httpx.MockTransport(_noting(heard))))

    with pytest.raises(ValueError, match="begins with"):
        await client.ask(WireRequest("GET", path))

    assert heard == []


def _noting(heard: list[httpx.Request]) -> Callable[[httpx.Request], httpx.Response]:
    def note(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return httpx.Response(200)

    return note


async def test_a_question_about_an_attempt_goes_where_the_attempt_went(client_for: ClientFor) -> None:
    async with RawServer(answering()) as before, RawServer(answering()) as now:
        await client_for(now.origin).ask(QUESTION, base_url=before.origin + "/old")

        assert [heard.line for heard in before.heard] == ["GET /old/voices HTTP/1.1"]
        assert now.heard == []


def test_one_network_serves_one_event_loop_after_the_other(client_for: ClientFor, network: Network) -> None:
    async def ask() -> int:
        async with RawServer(answering()) as acme:
            reply = await client_for(acme.origin).ask(QUESTION)
            await network.aclose()
            return reply.status

    assert [asyncio.run(ask()), asyncio.run(ask())] == [200, 200]


async def test_a_network_that_was_never_opened_closes() -> None:
    await Network().aclose()
