"""One service's way out: its address, its key, its limits. Skeleton, see the signatures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.provider import AudioSink, Credentials, WireRequest
from app.domain.service import Service


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer.

    Attributes:
        headers: Names in lower case.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def retry_after_s(self) -> float | None:
        """What Retry-After asks for, in seconds; None where it is missing or senseless."""
        raise NotImplementedError

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            UnexpectedReply: It isn't JSON.
        """
        raise NotImplementedError


class OpenReply:
    """An answer whose body still arrives. Iterate once over its bytes, then close.

    Attributes:
        status, headers: As in `Reply`.
    """

    status: int
    headers: Mapping[str, str]

    async def whole(self, most_bytes: int = 1 << 20) -> Reply:
        """Read the rest, and close."""
        raise NotImplementedError

    def __aiter__(self) -> AsyncIterator[bytes]:
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError


class Network:
    """The one HTTP connection pool of the process; opened when first used, off the event loop."""

    async def aclose(self) -> None:
        raise NotImplementedError


class ServiceClient:
    """Requests to one service.

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
        raise NotImplementedError

    @property
    def base_url(self) -> str:
        """Where requests go now."""
        raise NotImplementedError

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
        Raises:
            NotConnected: The connection was never made.
            ServiceUnavailable: It broke, or took too long.
            UnexpectedReply: The answer is larger than `most_bytes`, or a redirect.
            CredentialsMissing, KeyUnconfirmed, KeychainError
        """
        raise NotImplementedError

    async def submit(self, wire: WireRequest, *, most_bytes: int = 16 << 20, timeout_s: float = 120.0) -> Reply:
        """The one call that costs money, sent once, with the files of the wire inside its body.

        Raises:
            NotConnected: Provably nothing was sent.
            OutcomeUnknown: Something left, and no whole answer came.
            CredentialsMissing, KeyUnconfirmed, KeychainError: Nothing was sent.
        """
        raise NotImplementedError

    async def submit_streaming(self, wire: WireRequest, *, timeout_s: float = 120.0) -> OpenReply:
        """The same, returning as soon as the headers are there; a body that breaks off raises OutcomeUnknown."""
        raise NotImplementedError

    async def download(self, link: str, into: AudioSink, *, base_url: str) -> None:
        """Write what is behind a result link. Never sends a key.

        Redirects are followed here, at most five, each hop checked: https to a public address, or anything on
        loopback if the service itself (`base_url`) is there.

        Raises:
            ResultExpired: 401, 403, 404 or 410: the link isn't valid any more.
            ServiceUnavailable: It can't be had now.
            UnexpectedReply: A hop leads where it mustn't, or the body isn't what can be audio (HTML, JSON, empty).
        """
        raise NotImplementedError
