"""Fetching results: from where they may be, and nothing but what can be audio."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Mapping

import httpx
import pytest

from app.domain.errors import (
    BrokenAudio,
    NotConnected,
    RateLimited,
    ResultExpired,
    ServiceUnavailable,
    StorageError,
    UnexpectedReply,
)
from app.providers.client import Network, ServiceClient
from app.providers.downloads import DownloadLimits, download
from tests.fakes.raw_server import RawServer, Script, answering, refusing_origin, saying

ClientFor = Callable[..., ServiceClient]

AUDIO = b"RIFF\x24\x00\x00\x00WAVE" + bytes(range(256)) * 999
ACME = "https://api.acme.example/v1"
PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")


class Sink:
    def __init__(self, error: Exception | None = None) -> None:
        self.data = b""
        self._error = error

    async def write(self, data: bytes) -> None:
        if self._error is not None:
            raise self._error
        self.data += data


class Internet:
    """Hosts by name: their addresses, and what they answer. Remembers what it was asked."""

    def __init__(self, hosts: Mapping[str, tuple[str, ...]], answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.requests: list[httpx.Request] = []
        self.looked_up: list[str] = []
        self._hosts = hosts
        self._answer = answer

    def network(self) -> Network:
        return Network(lambda: httpx.MockTransport(self._note), self._resolve)

    async def _resolve(self, host: str, port: int) -> tuple[str, ...]:
        self.looked_up.append(host)
        if host not in self._hosts:
            raise OSError("no such host")
        return self._hosts[host]

    def _note(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def fetched(internet: Internet, link: str, base_url: str = ACME) -> bytes:
    sink = Sink()
    await download(internet.network(), "Acme", link, sink, base_url=base_url)
    return sink.data


def with_audio(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=AUDIO)


async def test_the_address_that_was_checked_is_the_one_that_is_connected_to() -> None:
    internet = Internet({"cdn.example": PUBLIC}, with_audio)

    assert await fetched(internet, "https://cdn.example:8443/a%20b.wav?sig=1#part") == AUDIO

    request = internet.requests[0]
    assert str(request.url) == f"https://{PUBLIC[0]}:8443/a%20b.wav?sig=1"
    assert request.headers["host"] == "cdn.example:8443"
    assert request.extensions["sni_hostname"] == "cdn.example"
    assert internet.looked_up == ["cdn.example"]


@pytest.mark.parametrize(
    "link",
    [
        "http://cdn.example/a.wav",
        "file:///etc/passwd",
        "ftp://cdn.example/a.wav",
        "data:audio/wav;base64,UklGRg==",
        "//cdn.example/a.wav",
        "a.wav",
        "",
        "https://",
        "https://me:invented@cdn.example/a.wav",
        "https://me@cdn.example/a.wav",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0/",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://192.0.2.1/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::]/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:93.184.215.14]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[fec0::1]/",
        "https://[ff02::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001::1]/",
        "https://[2001:db8::1]/",
        "https://cdn.example\\@127.0.0.1/",
        "https://cdn.example/\x00",
        "https://[::1/",
    ],
)
@pytest.mark.parametrize("knows_hosts", [True, False])
async def test_links_that_lead_elsewhere_than_to_the_public_internet_arent_followed(
    link: str, knows_hosts: bool
) -> None:
    internet = Internet({"cdn.example": PUBLIC}, with_audio)
    network = internet.network() if knows_hosts else Network(lambda: httpx.MockTransport(internet._note))

    with pytest.raises(UnexpectedReply) as caught:
        await download(network, "Acme", link, Sink(), base_url=ACME)

    assert "invented" not in str(caught.value)
    assert internet.requests == []


@pytest.mark.parametrize(
    "addresses", [("10.0.0.1",), ("93.184.215.14", "127.0.0.1"), ("::1",), ("2606:2800::1", "fe80::1%2"), ("nonsense",)]
)
async def test_a_name_is_refused_if_any_of_its_addresses_isnt_public(addresses: tuple[str, ...]) -> None:
    internet = Internet({"cdn.example": addresses}, with_audio)

    with pytest.raises(UnexpectedReply, match="private network"):
        await fetched(internet, "https://cdn.example/a.wav")

    assert internet.requests == []


async def test_what_stands_for_a_public_address_in_networks_without_ipv4_may_be_reached() -> None:
    internet = Internet({"cdn.example": ("64:ff9b::5db8:d70e",)}, with_audio)

    assert await fetched(internet, "https://cdn.example/a.wav") == AUDIO


async def test_an_unknown_host_may_be_known_later() -> None:
    with pytest.raises(ServiceUnavailable, match="wasn’t found"):
        await fetched(Internet({}, with_audio), "https://cdn.example/a.wav")


async def test_the_next_address_is_tried_if_one_cant_be_reached() -> None:
    def only_ipv4(request: httpx.Request) -> httpx.Response:
        if ":" in request.url.host:
            raise httpx.ConnectError("network is unreachable")
        return with_audio(request)

    internet = Internet({"cdn.example": ("2606:2800::1", "2606:2800::2", "2606:2800::3", PUBLIC[0])}, only_ipv4)

    assert await fetched(internet, "https://cdn.example/a.wav") == AUDIO
    assert [request.url.host for request in internet.requests] == ["2606:2800::1", PUBLIC[0]]


def redirecting_to(location: str | None, status: int = 302) -> Callable[[httpx.Request], httpx.Response]:
    def redirect(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/first":
            return with_audio(request)
        return httpx.Response(status, headers={} if location is None else {"Location": location, "Set-Cookie": "a=b"})

    return redirect


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["https://other.example/a.wav", "//other.example/a.wav", "/a.wav", "a.wav"])
async def test_redirects_are_followed_and_looked_up_anew(status: int, location: str) -> None:
    internet = Internet({"cdn.example": PUBLIC, "other.example": ("1.1.1.1",)}, redirecting_to(location, status))

    assert await fetched(internet, "https://cdn.example/first") == AUDIO

    host = "other.example" if "other" in location else "cdn.example"
    last = internet.requests[-1]
    assert last.headers["host"] == host
    assert last.url.host == ("1.1.1.1" if "other" in location else PUBLIC[0])
    assert not {"authorization", "cookie", "referer"} & set(last.headers)


@pytest.mark.parametrize(
    "location",
    [
        "http://cdn.example/a.wav",
        "file:///etc/passwd",
        "https://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "https://inside.example/",
        "https://127.0.0.1:8080/",
        "http://localhost/",
        "https://me:pw@cdn.example/",
        "javascript:alert(1)",
        "https://[::1",
        "",
        None,
    ],
)
async def test_each_hop_is_checked(location: str | None) -> None:
    internet = Internet({"cdn.example": PUBLIC, "inside.example": ("192.168.0.1",)}, redirecting_to(location))

    with pytest.raises(UnexpectedReply, match="doesn’t follow"):
        await fetched(internet, "https://cdn.example/first")

    assert len(internet.requests) == 1


async def test_a_name_that_leads_elsewhere_the_second_time_is_noticed() -> None:
    """DNS rebinding: public when it is checked first, private on the next hop."""
    internet = Internet({}, redirecting_to("https://cdn.example/a.wav"))
    hosts = iter([PUBLIC, ("127.0.0.1",)])

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        return next(hosts)

    with pytest.raises(UnexpectedReply, match="private network"):
        await download(
            Network(lambda: httpx.MockTransport(internet._note), resolve),
            "Acme",
            "https://cdn.example/first",
            Sink(),
            base_url=ACME,
        )

    assert len(internet.requests) == 1


async def test_five_redirects_are_followed_and_no_more() -> None:
    def onward(request: httpx.Request) -> httpx.Response:
        number = int(request.url.path[1:])
        return with_audio(request) if number == 0 else httpx.Response(302, headers={"Location": f"/{number - 1}"})

    assert await fetched(Internet({"cdn.example": PUBLIC}, onward), "https://cdn.example/5") == AUDIO
    internet = Internet({"cdn.example": PUBLIC}, onward)
    with pytest.raises(UnexpectedReply, match="without an end"):
        await fetched(internet, "https://cdn.example/6")
    assert len(internet.requests) == 6


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_link_that_isnt_valid_any_more_has_expired(status: int) -> None:
    with pytest.raises(ResultExpired):
        await fetched(Internet({"cdn.example": PUBLIC}, lambda _: httpx.Response(status)), "https://cdn.example/a")


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_a_host_in_trouble_is_asked_again(status: int) -> None:
    with pytest.raises(ServiceUnavailable):
        await fetched(Internet({"cdn.example": PUBLIC}, lambda _: httpx.Response(status)), "https://cdn.example/a")


async def test_a_busy_host_says_when_to_come_back() -> None:
    internet = Internet({"cdn.example": PUBLIC}, lambda _: httpx.Response(429, headers={"Retry-After": "7"}))

    with pytest.raises(RateLimited) as caught:
        await fetched(internet, "https://cdn.example/a")

    assert caught.value.retry_after_s == 7


@pytest.mark.parametrize("status", [201, 204, 206, 304, 405])
async def test_other_answers_are_unexpected(status: int) -> None:
    with pytest.raises(UnexpectedReply):
        await fetched(Internet({"cdn.example": PUBLIC}, lambda _: httpx.Response(status)), "https://cdn.example/a")


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<!doctype html><html><body>Please log in</body></html>",
        b"\xef\xbb\xbf\r\n <?xml version='1.0'?><Error><Code>SlowDown</Code></Error>",
        b'{"error": "not yet"}',
        b"Service temporarily unavailable\r\n",
        ("{" + "Ü" * 9000 + "}").encode(),
        b"<html>" + b" " * 9000 + bytes(range(256)),
    ],
)
async def test_a_page_instead_of_audio_isnt_written(page: bytes) -> None:
    sink = Sink()
    internet = Internet({"cdn.example": PUBLIC}, lambda _: httpx.Response(200, content=page))

    with pytest.raises(UnexpectedReply):
        await download(internet.network(), "Acme", "https://cdn.example/a", sink, base_url=ACME)

    assert sink.data == b""


@pytest.mark.parametrize(
    "audio",
    [
        b"<" + b"\x3c\x00" * 999,  # PCM may begin like a page
        b"ID3\x04\x00\x00",
        b"RIFF\x00",
        b"\xff\xfb\x90\x64" + bytes(2000),
        AUDIO,
    ],
)
async def test_audio_is_written_to_its_last_byte(audio: bytes) -> None:
    internet = Internet({"cdn.example": PUBLIC}, lambda _: httpx.Response(200, content=audio))

    assert await fetched(internet, "https://cdn.example/a") == audio


async def test_a_disk_that_refuses_is_no_fault_of_the_service() -> None:
    internet = Internet({"cdn.example": PUBLIC}, with_audio)

    with pytest.raises(StorageError, match="full"):
        await download(internet.network(), "Acme", "https://cdn.example/a", Sink(StorageError("full")), base_url=ACME)


# On real sockets: the service is on loopback, so its results may be.


async def test_a_service_on_this_computer_hands_out_its_results_here(client_for: ClientFor) -> None:
    async with (
        RawServer(answering(AUDIO)) as host,
        RawServer(answering(status="302 Found", Location=host.origin)) as acme,
    ):
        sink = Sink()

        await client_for(acme.origin).download(acme.origin + "/a.wav", sink, base_url=acme.origin)

        assert sink.data == AUDIO
        assert host.heard[0].headers["connection"] == "close"


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/", "http://10.0.0.1/", "http://cdn.example/", "file:///x"]
)
async def test_a_service_on_this_computer_leads_no_further_into_the_network(
    client_for: ClientFor, location: str
) -> None:
    async with RawServer(answering(status="302 Found", Location=location)) as acme:
        with pytest.raises(UnexpectedReply, match="doesn’t follow"):
            await client_for(acme.origin).download(acme.origin + "/a.wav", Sink(), base_url=acme.origin)


async def test_a_service_elsewhere_doesnt_lead_here(client_for: ClientFor) -> None:
    async with RawServer(answering(AUDIO)) as here:
        with pytest.raises(UnexpectedReply):
            await client_for(ACME).download(here.origin + "/a.wav", Sink(), base_url=ACME)

        assert here.connections == 0


@pytest.mark.parametrize(
    "broken",
    [
        saying(),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nRIFF\0"),
        saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nRIFF\0"),
        answering(gzip.compress(AUDIO)[:-1], Content_Encoding="gzip"),
        saying(b"220 mail.example ESMTP\r\n"),
    ],
)
async def test_a_cut_result_is_fetched_again(network: Network, broken: Script) -> None:
    async with RawServer(broken, answering(AUDIO)) as acme:
        sink = Sink()
        with pytest.raises(ServiceUnavailable):
            await download(network, "Acme", acme.origin, Sink(), base_url=acme.origin)

        await download(network, "Acme", acme.origin, sink, base_url=acme.origin)

        assert sink.data == AUDIO


async def test_a_refused_connection_is_tried_again_later(network: Network) -> None:
    origin = await refusing_origin()

    with pytest.raises(ServiceUnavailable) as caught:
        await download(network, "Acme", origin, Sink(), base_url=origin)

    assert not isinstance(caught.value, NotConnected)


async def test_a_packed_result_is_unpacked(network: Network) -> None:
    async with RawServer(answering(gzip.compress(AUDIO), Content_Encoding="gzip")) as acme:
        sink = Sink()

        await download(network, "Acme", acme.origin, sink, base_url=acme.origin)

        assert sink.data == AUDIO


@pytest.mark.parametrize(
    "script",
    [
        answering(bytes(2_000_000)),
        answering(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"),
        saying(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(2_000_000)),
    ],
    ids=["announced", "packed", "unannounced"],
)
async def test_a_result_that_is_too_large_is_given_up_for_good(network: Network, script: Script) -> None:
    async with RawServer(script) as acme:
        sink = Sink()

        with pytest.raises(BrokenAudio, match="larger than 1 MB"):
            await download(
                network, "Acme", acme.origin, sink, base_url=acme.origin, limits=DownloadLimits(most_bytes=1 << 20)
            )

        assert len(sink.data) <= 1 << 20


@pytest.mark.parametrize(
    "limits", [DownloadLimits(stall_s=0.2), DownloadLimits(total_s=0.3)], ids=["stalled", "dripping"]
)
async def test_a_result_that_doesnt_come_to_an_end_is_given_up(network: Network, limits: DownloadLimits) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"
    pause_s = 60 if limits.stall_s < 1 else 0.02
    async with RawServer(saying(head + AUDIO[:600], *[b"\0"] * 9999, pause_s=pause_s)) as acme:
        with pytest.raises(ServiceUnavailable, match="now: "):
            async with asyncio.timeout(20):
                await download(network, "Acme", acme.origin, Sink(), base_url=acme.origin, limits=limits)


async def test_headers_that_only_drip_are_given_up(network: Network) -> None:
    async with RawServer(saying(b"HTTP/1.1 200 OK\r\n", *[b"X"] * 9999, pause_s=0.02)) as acme:
        with pytest.raises(ServiceUnavailable):
            async with asyncio.timeout(20):
                await download(
                    network, "Acme", acme.origin, Sink(), base_url=acme.origin, limits=DownloadLimits(open_s=0.3)
                )
