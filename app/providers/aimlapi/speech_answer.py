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
_READ_WITHIN_S = 3_600.0  # as long as audio may take: what is paid for isn't hung up on; each silence has its own limit
_SILENT = "The service took the request and answered without any audio. It may be charged: look at its usage page."


class OpenAudio:
    """Audio that still arrives."""

    def __init__(self, reply: OpenReply) -> None:
        self._reply = reply

    @property
    def result(self) -> Result:
        return Result(THE_RESULT, cost=cost_in_headers(self._reply.headers))

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._reply)

    async def aclose(self) -> None:
        await self._reply.aclose()


async def read(reply: OpenReply) -> Submission:
    """What the answer brings. It is closed unless its audio is still to come.

    Raises:
        ProviderError: The service refused, failed, or sent no audio.
        OutcomeUnknown: The answer broke off, or has no audio and doesn't say why.
    """
    try:
        if not 200 <= reply.status < 300:
            errors.raise_for_submit(await reply.whole())
        head = await reply.head(HEAD_BYTES, within_s=_READ_WITHIN_S)
        if is_audio(head, reply.headers.get("content-type", "")):
            return Submission(stream=OpenAudio(reply))
        submission = _with_link(await _body_without_audio(reply), reply)
    except BaseException:
        await reply.aclose()
        raise
    await reply.aclose()
    return submission


async def _body_without_audio(reply: OpenReply) -> bytes:
    """A body that isn't audio, as far as it can be a link, without the key that it may repeat."""
    body = bytearray()
    async for data in reply:
        body += data
        if len(body) > _MOST_JSON_BYTES:
            raise OutcomeUnknown(_SILENT)
    return reply.discreet(body.decode(errors="replace")).encode()


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
