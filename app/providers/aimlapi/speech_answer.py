"""The answer of text-to-speech: a link in JSON, or the audio itself. Its type may lie, so its first bytes decide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from app.domain.errors import OutcomeUnknown, UnexpectedReply
from app.domain.provider import Progress, Result, Submission
from app.providers.aimlapi import errors
from app.providers.aimlapi.replies import Speech, cost_in_headers
from app.providers.first_bytes import HEAD_BYTES, is_audio

if TYPE_CHECKING:
    from app.providers.client import OpenReply

THE_RESULT = "1"
"""The id of the one result that every request has."""

_MOST_JSON_BYTES = 1 << 20
_SILENT = "The service took the request and answered without any audio. It may be charged: look at its usage page."


class OpenAudio:
    """Audio that still arrives."""

    def __init__(self, reply: OpenReply, body: AsyncIterator[bytes], head: bytes) -> None:
        self._reply = reply
        self._body = body
        self._head = head

    @property
    def result(self) -> Result:
        return Result(THE_RESULT, cost=cost_in_headers(self._reply.headers))

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._head
        async for data in self._body:
            yield data

    async def aclose(self) -> None:
        await self._reply.aclose()


async def read(reply: OpenReply) -> Submission:
    """What the answer brings. It is closed unless its audio is still to come.

    Raises:
        ProviderError: The service refused, failed, or sent no audio.
        OutcomeUnknown: The answer broke off, or has no audio and doesn't say why.
    """
    try:
        submission = await _read(reply)
    except BaseException:
        await reply.aclose()
        raise
    if submission.stream is None:
        await reply.aclose()
    return submission


async def _read(reply: OpenReply) -> Submission:
    if not 200 <= reply.status < 300:
        errors.raise_for_submit(await reply.whole())
    body = aiter(reply)
    head = await _head_of(body)
    if is_audio(head, reply.headers.get("content-type", "")):
        return Submission(stream=OpenAudio(reply, body, head))
    return _with_link(head + await _rest_of(body), reply)


async def _head_of(body: AsyncIterator[bytes]) -> bytes:
    head = b""
    while len(head.lstrip()) < HEAD_BYTES:
        data = await anext(body, None)
        if data is None:
            break
        head += data
    return head


async def _rest_of(body: AsyncIterator[bytes]) -> bytes:
    rest = bytearray()
    async for data in body:
        rest += data
        if len(rest) > _MOST_JSON_BYTES:
            raise OutcomeUnknown(_SILENT)
    return bytes(rest)


def _with_link(body: bytes, reply: OpenReply) -> Submission:
    try:
        told = Speech.read(body)
    except UnexpectedReply as exc:
        raise OutcomeUnknown(_SILENT) from exc
    if told.link is not None:
        cost = told.cost if told.cost is not None else cost_in_headers(reply.headers)
        result = Result(THE_RESULT, link=told.link, cost=cost)
        return Submission(progress=Progress(results=(result,), is_final=True, cost=cost))
    if told.complaint is not None:
        raise errors.failed(told.complaint)
    raise OutcomeUnknown(_SILENT)
