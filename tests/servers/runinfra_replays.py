"""What RunInfra remembers under an Idempotency-Key: the answer of the first call that succeeded, for 24 hours."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from tests.servers.clock import Clock
from tests.servers.faults import answer_with
from tests.servers.openai_errors import Refusal, Refused, refused
from tests.servers.recording import RecordedRequest

KEPT_S = 24 * 3600.0
LONGEST_KEY = 255
REPLAYED = {"x-runinfra-idempotent-replay": "true"}

# No document gives these a status.
REPLAY_UNAVAILABLE = Refusal(
    409,
    "The finished answer was too large to keep. Nothing was run or charged again.",
    "idempotency_replay_unavailable",
)
_OTHER_BODY = (409, "This Idempotency-Key was used with another request", "idempotency_key_mismatch")
_STILL_RUNNING = (409, "The first request with this Idempotency-Key still runs", "idempotency_in_progress")

Run = Callable[[], Awaitable[web.Response]]


@dataclass
class _Kept:
    """A call under a key. `answer` is None while it runs, and where it was too large to keep."""

    fingerprint: str
    at_s: float
    running: bool = True
    answer: tuple[bytes, str] | None = None


class Replays:
    """The memory of one service.

    Attributes:
        largest_bytes: Answers larger than this cannot be replayed; None for all sizes.
    """

    def __init__(self, clock: Clock, largest_bytes: int | None = None) -> None:
        self.largest_bytes = largest_bytes
        self._clock = clock
        self._kept: dict[tuple[str, str], _Kept] = {}

    async def through(self, request: RecordedRequest, run: Run) -> web.Response:
        """Answer a request: from memory, or by running it.

        Raises:
            Refused: the key cannot be used (again), or `run` refused; a refusal is not kept.
        """
        key = request.headers.get("idempotency-key")
        if key is None:
            return await run()
        if not key.strip() or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
            raise refused(400, "Idempotency-Key must be printable ASCII", "invalid_idempotency_key", "Idempotency-Key")
        fingerprint = _fingerprint(request)
        slot = (request.account, key)
        kept = self._kept.get(slot)
        if kept is not None and not self._forgotten(kept):
            return _replayed(kept, fingerprint)
        kept = self._kept[slot] = _Kept(fingerprint, self._clock.now_s())
        try:
            answer = await run()
        except BaseException:
            del self._kept[slot]
            raise
        self._keep(kept, answer)
        return answer

    def _keep(self, kept: _Kept, answer: web.Response) -> None:
        content = answer.body
        if not isinstance(content, bytes):
            raise TypeError("services answer with bytes")
        kept.at_s, kept.running = self._clock.now_s(), False
        if self.largest_bytes is None or len(content) <= self.largest_bytes:
            kept.answer = content, answer.headers["Content-Type"]

    def _forgotten(self, kept: _Kept) -> bool:
        return not kept.running and self._clock.now_s() - kept.at_s >= KEPT_S


def _replayed(kept: _Kept, fingerprint: str) -> web.Response:
    if kept.fingerprint != fingerprint:
        raise refused(*_OTHER_BODY, param="Idempotency-Key")
    if kept.running:
        raise refused(*_STILL_RUNNING, param="Idempotency-Key")
    if kept.answer is None:
        raise Refused(REPLAY_UNAVAILABLE)
    content, content_type = kept.answer
    return answer_with(200, content, {"Content-Type": content_type, **REPLAYED})


def _fingerprint(request: RecordedRequest) -> str:
    """The same path and the same bytes, so that a form with another boundary is another request."""
    return hashlib.sha256(request.path.encode() + b"\0" + request.content).hexdigest()
