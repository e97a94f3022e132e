"""Where the finished files lie: an origin of its own, whose links expire and which must never be shown a key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aiohttp import web

from tests.servers.clock import Clock
from tests.servers.faults import answer_with
from tests.servers.recording import KeySeen, RecordedRequest
from tests.servers.serving import LoopbackService

INBOX = "/inbox/"


@dataclass
class HostedFile:
    """A file behind a link. `make` gives its bytes; `expires_at_s` is on the host's clock, None for never."""

    make: Callable[[], bytes]
    content_type: str
    expires_at_s: float | None


class FileHost(LoopbackService):
    """Serves files at their links (phase "download") and takes what others send to its inbox (phase "inbox").

    Attributes:
        violations: What must not happen, in words: a request with a header that carries keys, or one of `secrets`.
    """

    def __init__(
        self, *, port: int = 0, clock: Clock | None = None, gone_status: int = 404, secrets: Iterable[str] = ()
    ) -> None:
        super().__init__(port=port, clock=clock)
        self.gone_status = gone_status
        self.violations: list[str] = []
        self._secrets = frozenset(secrets)
        self._files: dict[str, HostedFile] = {}
        self._redirects: dict[str, str] = {}

    @property
    def url(self) -> str:
        return self.origin

    @property
    def inbox_url(self) -> str:
        """Where uploads (PUT) and webhooks (POST) may go; they are kept in `requests`."""
        return f"{self.origin}{INBOX}"

    @property
    def received(self) -> list[RecordedRequest]:
        return self.requests_of("inbox")

    def publish(
        self,
        path: str,
        make: Callable[[], bytes],
        *,
        content_type: str,
        valid_s: float | None = None,
        query: str = "",
    ) -> str:
        """Put a file behind a link.

        Args:
            path: Begins with a slash; publishing it again renews the link.
            make: Gives the bytes, in a thread, whenever they are asked for.
            valid_s: How long the link lives; None for ever.
            query: A part after the question mark, as signed links have it; not checked.
        Returns:
            The link.
        """
        expires_at_s = None if valid_s is None else self.clock.now_s() + valid_s
        self._files[path] = HostedFile(make, content_type, expires_at_s)
        return f"{self.origin}{path}" + (f"?{query}" if query else "")

    def redirecting_to(self, target: str, hops: int = 1) -> str:
        """A link that leads to `target` in so many hops."""
        for _ in range(hops):
            path = f"/hop/{len(self._redirects)}"
            self._redirects[path] = target
            target = f"{self.origin}{path}"
        return target

    def expire_all(self) -> None:
        """Every link published so far is dead from now on."""
        for file in list(self._files.values()):
            file.expires_at_s = self.clock.now_s()

    def phase_of(self, request: RecordedRequest) -> str:
        return "inbox" if request.path.startswith(INBOX) else "download"

    def key_seen(self, authorization: str | None) -> KeySeen:
        return "none" if authorization is None else "wrong"

    async def answer(self, request: RecordedRequest) -> web.Response:
        if (violation := self._violation(request)) is not None:
            self.violations.append(violation)
            return answer_with(400, f"<Error><Message>{violation}</Message></Error>")
        if request.phase == "inbox":
            return answer_with(200, b"")
        if (target := self._redirects.get(request.path)) is not None:
            return answer_with(302, b"", {"Location": target})
        file = self._files.get(request.path)
        if file is None or (file.expires_at_s is not None and self.clock.now_s() >= file.expires_at_s):
            return answer_with(404 if file is None else self.gone_status, "<Error><Code>NoSuchKey</Code></Error>")
        content = await asyncio.to_thread(file.make)
        return answer_with(200, content, {"Content-Type": file.content_type})

    def _violation(self, request: RecordedRequest) -> str | None:
        if request.key != "none":
            return f"{request.method} {request.path} came with an Authorization header"
        if "x-api-key" in request.headers:
            return f"{request.method} {request.path} came with an x-api-key header"
        shown = [*request.headers.values(), *request.query.values()]
        if any(secret in value for secret in self._secrets for value in shown):
            return f"{request.method} {request.path} came with a key in it"
        return None
