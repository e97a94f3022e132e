"""Requests to one service: its address, its key, its limits."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from app.domain.base_url import base_url as usable
from app.domain.errors import (
    CredentialsMissing,
    CredentialsRejected,
    KeyUnconfirmed,
    NotConnected,
    StorageError,
)
from app.domain.provider import AudioSink, Credentials, WireRequest
from app.domain.service import Service
from app.providers.downloads import download
from app.providers.network import Network, Outgoing
from app.providers.reply import OpenReply, Reply
from app.providers.stakes import FREE, PAID, RESULT, Stakes
from app.providers.troubles import BrokeOff, NeverLeft
from app.providers.wire_body import WireBody

_SLOWEST_UPLOAD_BYTES_A_S = 1 << 16
_KEY = re.compile(r"[\x21-\x7e]+")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")
_USUAL = {"User-Agent": "Cuesmith", "Accept": "*/*", "Accept-Encoding": "identity"}
_OURS = ("authorization", "connection", "content-length", "cookie", "host", "transfer-encoding")


class ServiceClient:
    """Requests to one service.

    A redirect as an answer is never followed. To a question it is an `UnexpectedReply`; to a submit it is an
    `OutcomeUnknown`: 303 means that the request was taken, 307 that it wasn't, and no service says what it means by
    its own.

    Args:
        base_url_of: The address of a provider as it is set now, by its id.
        input_path: Where the copy of an input file is, by its SHA-256.
    """

    def __init__(
        self,
        service: Service,
        network: Network,
        credentials: Credentials,
        base_url_of: Callable[[str], str],
        input_path: Callable[[str], Path],
    ) -> None:
        self._service = service
        self._network = network
        self._credentials = credentials
        self._base_url_of = base_url_of
        self._input_path = input_path

    @property
    def base_url(self) -> str:
        """Where requests go now."""
        return self._base_url_of(self._service.id)

    async def ask(
        self,
        wire: WireRequest,
        *,
        base_url: str | None = None,
        most_bytes: int = 16 << 20,
        timeout_s: float = 60.0,
        with_key: bool = True,
    ) -> Reply:
        """A free, repeatable question; every HTTP status is an answer.

        Args:
            base_url: That of a stored attempt; the one of now unless given.
            timeout_s: For the whole exchange; a large body has more, as a slow line needs it.
        Raises:
            NotConnected: The connection was never made.
            ServiceUnavailable: It broke, or took too long.
            UnexpectedReply: The answer is larger than `most_bytes`, or a redirect.
            CredentialsMissing, CredentialsRejected, KeyUnconfirmed, KeychainError: There is no key to ask with.
            StorageError: A file of the wire can't be read.
        """
        base = self.base_url if base_url is None else base_url
        async with self._exchange(wire, base, FREE, timeout_s, with_key=with_key) as reply:
            return await reply.whole(most_bytes)

    async def submit(self, wire: WireRequest, *, most_bytes: int = 16 << 20, timeout_s: float = 120.0) -> Reply:
        """The one call that costs money, sent once, with the files of the wire inside its body.

        Args:
            timeout_s: For the whole exchange; a large body has more, as a slow line needs it.
        Raises:
            NotConnected: Provably nothing was sent.
            OutcomeUnknown: Something left, and no whole answer came.
            CredentialsMissing, CredentialsRejected, KeyUnconfirmed, KeychainError, StorageError: Nothing was sent.
        """
        async with self._exchange(wire, self.base_url, PAID, timeout_s) as reply:
            return await reply.whole(most_bytes)

    async def submit_streaming(self, wire: WireRequest, *, timeout_s: float = 120.0) -> OpenReply:
        """The same, returning as soon as the headers are there; a body that breaks off raises OutcomeUnknown.

        Args:
            timeout_s: Until the headers are there, and for each silence after them.
        """
        async with self._exchange(wire, self.base_url, PAID, timeout_s) as reply:
            return reply

    async def ask_streaming(
        self, wire: WireRequest, *, base_url: str | None = None, timeout_s: float = 60.0
    ) -> OpenReply:
        """A free question that the service answers with a result itself, so it goes with the key.

        Returns as soon as the headers are there; a body that breaks off raises ServiceUnavailable.

        Args:
            base_url: That of a stored attempt; the one of now unless given.
            timeout_s: Until the headers are there, and for each silence after them.
        Raises:
            See `ask`.
        """
        base = self.base_url if base_url is None else base_url
        async with self._exchange(wire, base, RESULT, timeout_s) as reply:
            return reply

    async def download(self, link: str, into: AudioSink, *, base_url: str) -> None:
        """Write what is behind a result link. Never sends a key.

        Redirects are followed here, at most five, each hop checked: https to a public address, or anything on
        loopback if the service itself (`base_url`) is there.

        Raises:
            ResultExpired: 400, 401, 403, 404 or 410: the link isn't valid any more.
            RateLimited, ServiceUnavailable: It can't be had now.
            UnexpectedReply: A hop leads where it mustn't, or the body isn't what can be audio (HTML, JSON, empty).
            BrokenAudio: It is larger than any result.
        """
        await download(self._network, self._service.name, link, into, base_url=base_url)

    @asynccontextmanager
    async def _exchange(
        self, wire: WireRequest, base_url: str, stakes: Stakes, timeout_s: float, *, with_key: bool = True
    ) -> AsyncIterator[OpenReply]:
        """Send once; whatever is done with the reply inside is under the same time limit."""
        url = self._url_of(wire, base_url)
        key = await self._key(base_url) if with_key else None
        headers = _headers(wire, self._service, key)
        async with await WireBody.open(wire, self._input_path) as body:
            limit_s = timeout_s + body.length / _SLOWEST_UPLOAD_BYTES_A_S
            if body.length or wire.method not in ("GET", "HEAD"):
                headers["Content-Length"] = str(body.length)
            outgoing = Outgoing(
                method=wire.method, url=url, headers=headers, body=body if body.length else None, read_timeout_s=limit_s
            )
            try:
                async with asyncio.timeout(limit_s) as limit:
                    yield await self._send(outgoing, stakes, key)
            except TimeoutError as exc:
                if not limit.expired():
                    raise
                raise stakes.broken(f"{self._service.name} didn’t answer within {limit_s:.0f} s.") from exc

    async def _send(self, outgoing: Outgoing, stakes: Stakes, key: str | None) -> OpenReply:
        name = self._service.name
        try:
            answer = await self._network.send(outgoing, stakes.lane)
        except NeverLeft as exc:
            raise NotConnected(f"{name} can’t be reached: {exc}.") from exc
        except BrokeOff as exc:
            raise stakes.broken(f"{name} didn’t answer to the end: {exc}.") from exc
        except StorageError as exc:  # in the middle of the body
            raise stakes.broken(f"The request to {name} broke off: {exc}") from exc
        if 300 <= answer.status < 400:
            await answer.aclose()
            raise stakes.unusable(f"{name} pointed to another address, and Cuesmith doesn’t follow it there.")
        return OpenReply(answer, name, stakes, key)

    def _url_of(self, wire: WireRequest, base_url: str) -> str:
        """Below the base URL, so at its origin: the key may go there.

        Raises:
            NotConnected: The address can't be used, such as one with http:// that isn't on this computer.
        """
        if wire.path and wire.path[0] not in "/?":  # else it could go on with the host's name
            raise ValueError("a path begins with “/” or “?”")
        try:
            return usable(base_url) + wire.path
        except ValueError as exc:
            raise NotConnected(f"The address of {self._service.name} can’t be used. {exc}") from exc

    async def _key(self, base_url: str) -> str | None:
        try:
            key = await self._credentials.key(self._service.id, base_url)
        except KeyUnconfirmed:
            raise
        except CredentialsMissing:
            if self._service.needs_key_at(base_url):
                raise
            return None
        if not _KEY.fullmatch(key):
            raise CredentialsRejected(
                f"The key of {self._service.name} contains spaces or letters that no key has. Please enter it again."
            )
        return key


def _headers(wire: WireRequest, service: Service, key: str | None) -> dict[str, str]:
    ours = (*_OURS, service.key_header.lower())
    given = {name.lower() for name in wire.headers}
    headers = {name: value for name, value in _USUAL.items() if name.lower() not in given} | dict(wire.headers)
    for name, value in headers.items():
        if name.lower() in ours or not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"a wire request can’t have this header: {name}")
    if key is not None:
        headers[service.key_header] = service.key_prefix + key
    return headers
