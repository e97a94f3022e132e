"""An answer that should be audio: the audio itself, or JSON with a link, or with what went wrong.

Which it is doesn't depend on what was asked for, and its type may lie: the first bytes decide.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from app.domain.errors import BrokenAudio, ContentRefused, GenerationFailed, OutcomeUnknown, UnexpectedReply
from app.domain.provider import Progress, Result, Submission
from app.providers.camb import errors
from app.providers.camb.errors import NAME
from app.providers.downloads import USUAL_LIMITS
from app.providers.first_bytes import HEAD_BYTES, is_audio

if TYPE_CHECKING:
    from app.domain.provider import AudioSink
    from app.providers.client import OpenReply, Reply

THE_SPEECH = "1"
"""The id of the one result that a spoken text has."""

_LINKS = ("output_url", "file_url")  # the SDK says one, the documentation the other
_ERRORS = frozenset({"detail", "error"})
_RESULT_WITHIN_S = 60.0
_SPEECH_WITHIN_S = 3_600.0  # as long as audio may take: what is paid for isn't hung up on; silences have a limit
_SILENT = f"{NAME} took the request and answered without any audio. It may be charged: look at its usage page."


class OpenSpeech:
    """Speech that still arrives. The answer says what it costs in credits, which aren't dollars."""

    def __init__(self, reply: OpenReply) -> None:
        self._reply = reply

    @property
    def result(self) -> Result:
        return Result(THE_SPEECH)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._reply)

    async def aclose(self) -> None:
        await self._reply.aclose()


async def speech_in(reply: OpenReply) -> Submission:
    """What the paid answer brings. It is closed unless its audio is still to come.

    Raises:
        ProviderError: The service refused, failed, or sent no audio.
        OutcomeUnknown: The answer broke off, or has no audio and doesn't say why.
    """
    try:
        whole = await _unless_audio(reply, _SPEECH_WITHIN_S)
        if whole is None:
            return Submission(stream=OpenSpeech(reply))
        errors.raise_for_submit(whole)
        return _without_audio(whole)
    except BaseException:
        await reply.aclose()
        raise


async def write_result(reply: OpenReply, into: AudioSink) -> str | None:
    """Write the audio of a free answer as it arrives, and close it; returns the link where it is one instead.

    Raises:
        ProviderError: Not now, or neither audio nor a link.
        BrokenAudio: It is larger than any result.
    """
    try:
        whole = await _unless_audio(reply, _RESULT_WITHIN_S)
        if whole is None:
            await _write(reply, into)
            return None
        errors.raise_for_question(whole)
        return _link_in(whole) or _no_result(whole)
    finally:
        await reply.aclose()


async def _unless_audio(reply: OpenReply, within_s: float) -> Reply | None:
    """The whole answer; None where it is audio, which is still to be read."""
    if 200 <= reply.status < 300:
        head = await reply.head(HEAD_BYTES, within_s=within_s)
        if is_audio(head, reply.headers.get("content-type", "")):
            return None
    return await reply.whole(within_s=within_s)


def _without_audio(whole: Reply) -> Submission:
    link = _link_in(whole)
    if link is not None:
        return Submission(progress=Progress(results=(Result(THE_SPEECH, link=link),), is_final=True))
    told = errors.told_by(whole)
    if errors.is_about_harm(told.message):
        raise ContentRefused(told.message, code=told.code)
    if told.message and _is_object(whole) and not _ERRORS.isdisjoint(whole.json()):
        raise GenerationFailed(f"{NAME} answered with an error instead of speech: {told.message}", code=told.code)
    raise OutcomeUnknown(_SILENT)


def _no_result(whole: Reply) -> str:
    message = errors.told_by(whole).message
    raise UnexpectedReply(f"{NAME} handed out something else than the result. {message}".rstrip())


def _link_in(whole: Reply) -> str | None:
    """The address in an object; anything else can't be fetched."""
    if not _is_object(whole):
        return None
    told = whole.json()
    for key in _LINKS:
        link = told.get(key)
        if isinstance(link, str) and link.strip().lower().startswith(("https://", "http://")):
            return link.strip()
    return None


def _is_object(whole: Reply) -> bool:
    try:
        return isinstance(whole.json(), Mapping)
    except UnexpectedReply:
        return False


async def _write(reply: OpenReply, into: AudioSink) -> None:
    size = 0
    async for data in reply:
        size += len(data)
        if size > USUAL_LIMITS.most_bytes:
            raise BrokenAudio(f"The result is larger than {USUAL_LIMITS.most_bytes >> 20:,} MB and wasn’t kept.")
        await into.write(data)
