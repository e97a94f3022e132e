"""Answers of services."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.domain.errors import UnexpectedReply
from app.domain.redaction import Secrets
from app.providers.network import Answer
from app.providers.stakes import Stakes
from app.providers.troubles import BrokeOff

_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?", re.ASCII)
_LONGEST_WAIT_S = 86_400.0
_WHOLE_WITHIN_S = 60.0
_STREAM_WITHIN_S = 3_600.0


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
        """What Retry-After asks for, in seconds, at most a day; None where it is missing or senseless."""
        asked = self.headers.get("retry-after", "").strip()
        if _SECONDS.fullmatch(asked):
            return min(float(asked), _LONGEST_WAIT_S)
        then = _moment(asked)
        if then is None:
            return None
        now = _moment(self.headers.get("date", "")) or datetime.now(UTC)  # this computer's clock may be wrong
        return min(max((then - now).total_seconds(), 0.0), _LONGEST_WAIT_S)

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            UnexpectedReply: It isn't JSON.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as exc:  # ValueError: also of bytes that are no text
            raise UnexpectedReply(f"The service gave an answer (HTTP {self.status}) that Cuesmith can’t read.") from exc


class OpenReply:
    """An answer whose body still arrives. Iterate once over its bytes, then close.

    A body that breaks off raises the error that its request has for it: `OutcomeUnknown` for a submit.

    Args:
        name: Of the service, for people.
        secret: The key that was sent; whatever the service says, it isn't repeated.
    Attributes:
        status, headers: As in `Reply`.
    """

    def __init__(self, answer: Answer, name: str, stakes: Stakes, secret: str | None = None) -> None:
        self._answer = answer
        self._name = name
        self._stakes = stakes
        self._secrets = Secrets([secret] if secret is not None else [])
        self._peeked = b""
        self.status: int = answer.status
        self.headers: Mapping[str, str] = {
            name: self._secrets.removed_from(value) for name, value in answer.headers.items()
        }

    async def head(self, least: int, *, within_s: float = _WHOLE_WITHIN_S) -> bytes:
        """The first bytes, at least so many unless there are fewer. Whoever reads on gets them once more."""
        head = bytearray()
        async for piece in self._within(within_s):
            head += piece
            if len(head) >= least:
                break
        self._peeked = bytes(head)
        return self._peeked

    async def whole(self, most_bytes: int = 1 << 20, *, within_s: float = _WHOLE_WITHIN_S) -> Reply:
        """Read the rest, within a minute unless it may take longer, and close."""
        body = bytearray()
        try:
            async for piece in self._within(within_s):
                body += piece
                if len(body) > most_bytes:
                    raise self._stakes.unusable(f"{self._name} gave an answer that is far too large.")
        finally:
            await self.aclose()
        return Reply(self.status, self.headers, self._secrets.removed_from_body(bytes(body)))

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._within(_STREAM_WITHIN_S)

    def discreet(self, text: str) -> str:
        """Part of what the service said, without the key; for answers that aren't read as a `whole`."""
        return self._secrets.removed_from(text)

    async def aclose(self) -> None:
        await self._answer.aclose()

    async def _within(self, seconds: float) -> AsyncIterator[bytes]:
        peeked, self._peeked = self._peeked, b""
        if peeked:
            yield peeked
        try:
            async for piece in self._answer.pieces(asyncio.get_running_loop().time() + seconds):
                yield piece
        except BrokeOff as exc:
            raise self._stakes.broken(f"{self._name} didn’t answer to the end: {exc}.") from exc


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
