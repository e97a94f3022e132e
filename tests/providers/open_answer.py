"""An answer whose body still arrives, in the pieces that a test gives it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from app.domain.errors import OutcomeUnknown
from app.providers.client import Reply


@dataclass
class OpenAnswer:
    """In place of an `OpenReply`; it may break off after its pieces.

    Attributes:
        within_s: What the last reader of the whole body asked for.
    """

    status: int
    headers: Mapping[str, str]
    pieces: tuple[bytes, ...]
    breaks: bool = False
    is_closed: bool = False
    within_s: float | None = None
    _arriving: AsyncIterator[bytes] | None = field(default=None, init=False)
    _peeked: bytes = field(default=b"", init=False)

    async def head(self, least: int, *, within_s: float | None = None) -> bytes:
        head = b""
        async for data in self:
            head += data
            if len(head) >= least:
                break
        self._peeked = head
        return head

    async def whole(self, most_bytes: int = 1 << 20, *, within_s: float | None = None) -> Reply:
        self.within_s = within_s
        body = b"".join([data async for data in self])
        assert len(body) <= most_bytes
        self.is_closed = True
        return Reply(self.status, self.headers, body)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        peeked, self._peeked = self._peeked, b""
        if peeked:
            yield peeked
        if self._arriving is None:
            self._arriving = self._arrive()
        while (data := await anext(self._arriving, None)) is not None:
            yield data

    def discreet(self, text: str) -> str:
        return text

    async def aclose(self) -> None:
        self.is_closed = True

    async def _arrive(self) -> AsyncIterator[bytes]:
        for data in self.pieces:
            yield data
        if self.breaks:
            raise OutcomeUnknown("The answer broke off.")
