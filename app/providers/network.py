"""The one way of the process to the network: TLS, proxies, connections.

Requests go straight to httpx's transports, below `httpx.AsyncClient`: nothing there keeps cookies, follows redirects,
reads .netrc, turns `user:password@` into a header, or logs addresses. `retries` is 0: httpcore sends nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from app.providers.proxies import proxy_for
from app.providers.resolving import addresses_of
from app.providers.troubles import BrokeOff, NeverLeft, translated
from app.providers.unpacking import Undecodable, unpacked

if TYPE_CHECKING:
    import ssl

    import httpx

CONNECT_TIMEOUT_S = 10.0
_WRITE_TIMEOUT_S = 30.0  # for one piece of a body
_POOL_TIMEOUT_S = 10.0
_MOST_CONNECTIONS = 32  # of a lane
_KEPT_CONNECTIONS = 8
_KEPT_FOR_S = 5.0
_MOST_PROXIES_KNOWN = 64
_PROXY_KNOWN_FOR_S = 5.0  # the system is asked again soon: a computer moves from one network to another

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""From a host and a port to IP addresses, in the order to try them. Raises OSError."""


class Lane(Enum):
    """What a connection is for. Each lane has connections of its own, so that none starves another."""

    QUESTIONS = "questions"  # kept alive for a while
    SUBMITS = "submits"  # a fresh one each: on one that the service is just closing, the outcome would be unknown
    RESULTS = "results"  # a fresh one each: what was opened and checked for one host must not serve another


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request on its way out.

    Attributes:
        url: Absolute; http or https, without user name and password.
        headers: All of them but Host and Connection; with Content-Length if there is a body. The key is in them, so
            they are never shown.
        body: Its pieces.
        read_timeout_s: How long no byte of the answer may come.
        address: The IP address to connect to, instead of looking the host up. The host stays the one that is asked
            for, and the one that the certificate must be made out to.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: AsyncIterable[bytes] | None = None
    read_timeout_s: float = 60.0
    address: str | None = None


class Answer:
    """An answer whose body still arrives. Iterate once, then close.

    Attributes:
        headers: Names in lower case.
    """

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._pieces = _pieces_of(response)
        self.status = response.status_code
        self.headers: Mapping[str, str] = dict(response.headers)

    async def pieces(self, until: float) -> AsyncIterator[bytes]:
        """The bytes, unpacked. Iterate to the end, or close the answer.

        Args:
            until: When the last one must be here, by the clock of the event loop.
        Raises:
            BrokeOff: They are cut off or garbled, or only drip.
        """
        while True:
            try:
                async with asyncio.timeout_at(until):
                    piece = await anext(self._pieces)
            except StopAsyncIteration:
                return
            except TimeoutError as exc:
                raise BrokeOff("it took too long") from exc
            yield piece

    async def aclose(self) -> None:
        await self._pieces.aclose()
        await self._response.aclose()


class Network:
    """The connections of the process. httpx is loaded when they are first used, off the event loop.

    May be used in several event loops: each has connections of its own, and closes them.

    Args:
        transport: Makes what requests go through instead of sockets, such as `httpx.MockTransport`. No host is looked
            up then, unless `resolve` is given.
        resolve: Looks up the hosts of result links.
    """

    def __init__(
        self, transport: Callable[[], httpx.AsyncBaseTransport] | None = None, resolve: Resolve | None = None
    ) -> None:
        self._transport = transport
        self._resolve = addresses_of if resolve is None and transport is None else resolve
        self._proxies: dict[tuple[str, str], tuple[str | None, float]] = {}
        self._loading = threading.Lock()
        self._tls: ssl.SSLContext | None = None
        self._opened: WeakKeyDictionary[
            asyncio.AbstractEventLoop, dict[tuple[Lane, str | None], httpx.AsyncBaseTransport]
        ] = WeakKeyDictionary()

    async def send(self, outgoing: Outgoing, lane: Lane) -> Answer:
        """Send a request once; returns as soon as the headers of the answer are there.

        Raises:
            NeverLeft: Provably not a byte of it was written.
            BrokeOff: No answer came, or a garbled one.
        """
        await self.open()
        transport = await self._transport_for(outgoing.url, lane)
        request = _as_httpx(outgoing, is_kept_alive=lane is Lane.QUESTIONS)
        import httpx

        try:
            response = await transport.handle_async_request(request)
        except (httpx.TransportError, OSError) as exc:  # OSError: of TLS, which httpcore doesn't translate
            raise translated(exc) from exc
        return Answer(response)

    async def resolve(self, scheme: str, host: str, port: int) -> tuple[str, ...] | None:
        """The IP addresses of a host; None where a proxy looks it up, and nobody here can say what it finds.

        Raises:
            NeverLeft: It has none, or there is a proxy that can't be used.
        """
        if self._resolve is None:
            return None
        if await self._proxy_for(scheme, host) is not None:
            return None
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                return await self._resolve(host, port)
        except TimeoutError as exc:
            raise NeverLeft("its address wasn’t found in time") from exc
        except OSError as exc:
            raise NeverLeft("its address wasn’t found (is this computer online?)") from exc

    async def open(self) -> None:
        """Load httpx and the certificates; `send` does it by itself."""
        if self._tls is None:
            await asyncio.to_thread(self._load)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        for transport in self._opened.pop(asyncio.get_running_loop(), {}).values():
            await transport.aclose()

    def _load(self) -> None:
        """Everything that takes a moment. Runs in a thread."""
        with self._loading:
            if self._tls is not None:
                return
            import encodings.idna  # noqa: F401

            import anyio._backends._asyncio  # what a first request would load in the event loop
            import anyio.streams.tls  # noqa: F401
            import httpcore._backends.anyio  # noqa: F401
            import httpx

            for name in ("httpx", "httpcore"):  # their finer words hold addresses and headers
                logging.getLogger(name).setLevel(logging.WARNING)
            self._tls = _trusting(httpx.create_ssl_context())

    async def _transport_for(self, url: str, lane: Lane) -> httpx.AsyncBaseTransport:
        proxy = None
        if self._transport is None:
            parts = urlsplit(url)
            proxy = await self._proxy_for(parts.scheme, parts.hostname or "")
        opened = self._opened.setdefault(asyncio.get_running_loop(), {})
        if (lane, proxy) not in opened:
            opened[lane, proxy] = self._sockets(lane, proxy) if self._transport is None else self._transport()
        return opened[lane, proxy]

    async def _proxy_for(self, scheme: str, host: str) -> str | None:
        """See `proxy_for`; its answer holds for some seconds: a thousand requests don’t ask a thousand times."""
        now_s = time.monotonic()
        proxy, until_s = self._proxies.get((scheme, host), (None, 0.0))
        if now_s >= until_s:
            proxy = await asyncio.to_thread(proxy_for, scheme, host)
            if len(self._proxies) >= _MOST_PROXIES_KNOWN:
                self._proxies.clear()  # result links may lead to ever new hosts
            self._proxies[scheme, host] = proxy, now_s + _PROXY_KNOWN_FOR_S
        return proxy

    def _sockets(self, lane: Lane, proxy: str | None) -> httpx.AsyncHTTPTransport:
        import httpx

        assert self._tls is not None
        kept = _KEPT_CONNECTIONS if lane is Lane.QUESTIONS else 0
        return httpx.AsyncHTTPTransport(
            verify=self._tls,
            trust_env=False,
            limits=httpx.Limits(
                max_connections=_MOST_CONNECTIONS, max_keepalive_connections=kept, keepalive_expiry=_KEPT_FOR_S
            ),
            proxy=None if proxy is None else _as_proxy(proxy, self._tls),
        )


def _trusting(tls: ssl.SSLContext) -> ssl.SSLContext:
    """Besides the well-known authorities, trust what this computer does: studios have proxies with their own."""
    if not os.environ.get("SSL_CERT_FILE") and not os.environ.get("SSL_CERT_DIR"):
        tls.load_default_certs()
    return tls


def _as_proxy(address: str, tls: ssl.SSLContext) -> httpx.Proxy:
    import httpx

    try:
        proxy = httpx.Proxy(address)
    except (ValueError, httpx.InvalidURL) as exc:
        raise NeverLeft("the address of this computer’s proxy can’t be used") from exc
    if not proxy.url.host:
        raise NeverLeft("the address of this computer’s proxy can’t be used")
    if proxy.url.scheme == "https":
        proxy.ssl_context = tls
    return proxy


def _as_httpx(outgoing: Outgoing, *, is_kept_alive: bool) -> httpx.Request:
    import httpx

    try:
        url = httpx.URL(outgoing.url)
        url.host.encode("idna")  # as sockets do, but in time
    except (httpx.InvalidURL, UnicodeError) as exc:
        raise NeverLeft("its address can’t be one") from exc
    headers = httpx.Headers(dict(outgoing.headers))
    headers["Host"] = url.netloc.decode("ascii")
    headers["Connection"] = "keep-alive" if is_kept_alive else "close"
    extensions: dict[str, object] = {
        "timeout": {
            "connect": CONNECT_TIMEOUT_S,
            "pool": _POOL_TIMEOUT_S,
            "write": _WRITE_TIMEOUT_S,
            "read": outgoing.read_timeout_s,
        }
    }
    if outgoing.address is not None:
        extensions["sni_hostname"] = url.raw_host.decode("ascii")  # also what the certificate is checked against
        url = url.copy_with(host=outgoing.address)
    return httpx.Request(outgoing.method, url, headers=headers, content=outgoing.body, extensions=extensions)


async def _pieces_of(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    import httpx

    # The stream itself: httpx's own unpacking would let a few bytes become gigabytes in one go.
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)
    try:
        async for piece in unpacked(stream, response.headers.get("content-encoding", "")):
            yield piece
    except Undecodable as exc:
        raise BrokeOff("the answer was cut off or garbled") from exc
    except (httpx.TransportError, OSError) as exc:
        raise translated(exc) from exc
