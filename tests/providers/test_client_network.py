"""Proxies, certificates and connections."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from app.domain.errors import NotConnected, ServiceUnavailable, UnexpectedReply
from app.domain.provider import WireRequest
from app.providers.client import Network, ServiceClient, json_request
from app.providers.network import Lane, Outgoing
from app.providers.troubles import NeverLeft
from tests.fakes.raw_server import Heard, RawServer, answering

ClientFor = Callable[..., ServiceClient]

ORDER = json_request("POST", "/speech", {"text": "Hello"})
QUESTION = WireRequest("GET", "/voices")


class Sink:
    async def write(self, data: bytes) -> None:
        raise AssertionError("nothing may arrive")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of result.example and 127.0.0.2, vouched for by itself; the key is in the same file."""
    pytest.importorskip("cryptography")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "result.example")])
    names = [x509.DNSName("result.example"), x509.IPAddress(ip_address("127.0.0.2"))]
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    made = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        key, hashes.SHA256()
    )
    file = tmp_path_factory.mktemp("tls") / "result.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture
def serving_tls(certificate: Path) -> ssl.SSLContext:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    return tls


def outgoing(host: str, port: int) -> Outgoing:
    return Outgoing(method="GET", url=f"https://{host}:{port}/a.wav", headers={}, address="127.0.0.1")


async def test_a_pinned_address_must_have_the_certificate_of_the_name(
    network: Network, certificate: Path, serving_tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[str | None] = []
    serving_tls.sni_callback = lambda _, name, __: asked_for.append(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with RawServer(answering(b"RIFF"), tls=serving_tls) as host:
        answer = await network.send(outgoing("result.example", host.port), Lane.RESULTS)
        await answer.aclose()
        with pytest.raises(NeverLeft, match="certificate"):
            await network.send(outgoing("other.example", host.port), Lane.RESULTS)

        assert [heard.headers["host"] for heard in host.heard] == [f"result.example:{host.port}"]
        assert asked_for == ["result.example", "other.example"]


async def test_a_connection_of_one_name_isnt_used_for_another_at_the_same_address(
    network: Network, certificate: Path, serving_tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with RawServer(answering(b"RIFF"), tls=serving_tls) as host:
        answer = await network.send(outgoing("result.example", host.port), Lane.RESULTS)
        assert [piece async for piece in answer.pieces(asyncio.get_running_loop().time() + 10)] == [b"RIFF"]
        await answer.aclose()

        with pytest.raises(NeverLeft, match="certificate"):
            await network.send(outgoing("other.example", host.port), Lane.RESULTS)
        assert len(host.heard) == 1


async def test_a_service_whose_certificate_isnt_trusted_gets_nothing(
    client_for: ClientFor, serving_tls: ssl.SSLContext
) -> None:
    async with RawServer(answering(), tls=serving_tls) as acme:
        with pytest.raises(NotConnected, match="its certificate can’t be trusted"):
            await client_for(acme.origin).submit(ORDER)

        assert acme.heard == []


async def forbid(_: Heard, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    writer.close()


async def test_a_proxy_that_lets_nothing_through_got_nothing(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with RawServer(forbid) as proxy:
        monkeypatch.setenv("https_proxy", proxy.origin)

        with pytest.raises(NotConnected, match="the proxy of this computer"):
            await client_for("https://acme.example/v1").submit(ORDER)

        assert [heard.line for heard in proxy.heard] == ["CONNECT acme.example:443 HTTP/1.1"]
        assert "authorization" not in proxy.heard[0].headers


async def test_this_computer_is_reached_past_any_proxy(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    async with RawServer(forbid) as proxy, RawServer(answering()) as acme:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)

        assert (await client_for(acme.origin).ask(QUESTION)).is_success
        assert (await client_for(acme.origin.replace("127.0.0.1", "localhost")).ask(QUESTION)).is_success
        assert proxy.heard == []


async def test_hosts_that_are_exempt_are_reached_past_the_proxy(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with RawServer(forbid) as proxy:
        monkeypatch.setenv("all_proxy", proxy.origin)
        monkeypatch.setenv("no_proxy", "acme.invalid")

        with pytest.raises(NotConnected):
            await client_for("https://acme.invalid").submit(ORDER)

        assert proxy.heard == []


async def test_behind_a_proxy_it_is_the_proxy_that_looks_hosts_up(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with RawServer(forbid) as proxy:
        monkeypatch.setenv("https_proxy", proxy.origin)
        client = client_for("https://acme.example")

        with pytest.raises(ServiceUnavailable):
            await client.download("https://cdn.example/a.wav", Sink(), base_url="https://acme.example")
        with pytest.raises(UnexpectedReply):
            await client.download("https://169.254.169.254/", Sink(), base_url="https://acme.example")
        with pytest.raises(UnexpectedReply):
            await client.download("https://127.1/", Sink(), base_url="https://acme.example")

        assert [heard.line for heard in proxy.heard] == ["CONNECT cdn.example:443 HTTP/1.1"]


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "socks://127.0.0.1:1080", "http://[::1", "http://:99999"])
async def test_a_proxy_that_cant_be_used_isnt_passed_by(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("all_proxy", proxy)

    with pytest.raises(NotConnected, match="proxy"):
        await client_for("https://acme.example").submit(ORDER)


async def test_many_first_requests_at_once_open_one_network(client_for: ClientFor) -> None:
    async with RawServer(answering()) as acme:
        client = client_for(acme.origin)

        replies = await asyncio.gather(*(client.ask(QUESTION) for _ in range(20)))

        assert {reply.status for reply in replies} == {200}
