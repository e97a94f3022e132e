"""The answer of speech: the audio itself, events that hold it, or JSON around it. Its first bytes say which."""

from __future__ import annotations

import asyncio
import binascii
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain.errors import ProviderError
from app.domain.provider import Result, Submission
from app.providers.first_bytes import is_page
from app.providers.openai_audio import errors, pcm
from app.providers.openai_audio.events import EventTooLong, events
from app.providers.openai_audio.speech import PCM

if TYPE_CHECKING:
    from app.domain.provider import WireRequest
    from app.providers.client import OpenReply
    from app.providers.openai_audio.dialect import Dialect

THE_RESULT = "1"
"""The id of the one result that every request has."""

REPLAYED = "x-runinfra-idempotent-replay"
_AS_BEFORE = "Given once more by the service, which had kept it; nothing was made or charged again."

_HEAD_BYTES = 16
_MOST_JSON_BYTES = 256 << 20  # ten minutes as WAV, in base64, are some 140 MB
_AUDIO_KEYS = ("audio_data", "audio", "data")
_CONTAINERS = (b"RIFF", b"RF64", b"fLaC", b"OggS", b"ID3")
_SSE_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b":")


class ArrivingAudio:
    """Audio that still arrives."""

    def __init__(self, reply: OpenReply, pieces: AsyncIterator[bytes]) -> None:
        self._reply = reply
        self._pieces = pieces

    @property
    def result(self) -> Result:
        return Result(THE_RESULT, remark=_AS_BEFORE if is_replayed(self._reply.headers) else "")

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    async def aclose(self) -> None:
        await self._reply.aclose()


def is_replayed(headers: Mapping[str, str]) -> bool:
    """Whether the service gave an answer that it had kept."""
    return headers.get(REPLAYED, "").strip().lower() == "true"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a stored request matters to its answer."""

    is_raw: bool
    sample_rate_hz: int | None

    @classmethod
    def by(cls, wire: WireRequest) -> _Asked:
        body = json.loads(wire.body)
        rate_hz = body.get("sample_rate")
        return cls(body.get("response_format") == PCM, rate_hz if isinstance(rate_hz, int) else None)

    def header(self, content_type: str) -> bytes:
        """What goes before the samples where mere samples were asked for."""
        return pcm.wav_header(content_type, self.sample_rate_hz) if self.is_raw else b""


async def read(reply: OpenReply, wire: WireRequest, dialect: Dialect) -> Submission:
    """What the answer brings: always a stream, even where all of it has arrived. Closed where there is none.

    Raises:
        ProviderError: The service refused, failed, or sent no audio.
        OutcomeUnknown: The answer broke off, or has no audio and doesn't say why.
    """
    try:
        if not 200 <= reply.status < 300:
            errors.raise_for_submit(await reply.whole(), dialect)
        return Submission(stream=ArrivingAudio(reply, await _audio(reply, _Asked.by(wire), dialect)))
    except BaseException:
        await reply.aclose()
        raise


async def _audio(reply: OpenReply, asked: _Asked, dialect: Dialect) -> AsyncIterator[bytes]:
    """The bytes of the file, as soon as it is certain that there are any."""
    body = aiter(reply)
    head = await _head_of(body)
    said = reply.headers.get("content-type", "")
    whole = _joined(head, body)
    if _is_container(head):
        return whole
    if _is_events(head, said):
        return await _audio_in_events(_deltas(reply, whole, dialect), asked.header(said), dialect)
    if _is_json(head, said):
        audio = await _audio_in_json(reply, whole, dialect)
        return _only(audio if _is_container(audio) else asked.header(said) + audio)
    if head and not _is_text(said) and (asked.is_raw or pcm.is_raw(said)):
        return _joined(pcm.wav_header(said, asked.sample_rate_hz), whole)
    if _is_mpeg_frame(head) or (head and _is_binary(said) and not is_page(head)):
        return whole
    raise errors.without_result("audio", dialect)


async def _audio_in_events(deltas: AsyncIterator[bytes], header: bytes, dialect: Dialect) -> AsyncIterator[bytes]:
    first = await anext(deltas, b"")
    if not first:
        raise errors.without_result("audio", dialect)
    return _joined(first if _is_container(first) else header + first, deltas)


async def _head_of(body: AsyncIterator[bytes]) -> bytes:
    head = b""
    while len(head.lstrip()) < _HEAD_BYTES:
        data = await anext(body, None)
        if data is None:
            break
        head += data
    return head


async def _joined(head: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for data in rest:
        yield data


async def _only(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _is_container(head: bytes) -> bool:
    return head.startswith(_CONTAINERS)


def _is_mpeg_frame(head: bytes) -> bool:
    """Eleven set bits; the layer bits of AAC are zero, which nobody asked for."""
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _is_events(head: bytes, content_type: str) -> bool:
    looks_so = head.lstrip(b"\xef\xbb\xbf\r\n").startswith(_SSE_FIELDS)
    return _kind(content_type) == "text/event-stream" or (looks_so and not _is_binary(content_type))


def _is_json(head: bytes, content_type: str) -> bool:
    """Raw samples may begin like JSON; then the type says that they are audio."""
    looks_so = head.lstrip().startswith((b"{", b"["))
    return _kind(content_type).endswith("json") or (looks_so and not _is_binary(content_type))


def _is_text(content_type: str) -> bool:
    return _kind(content_type).startswith("text/")


def _is_binary(content_type: str) -> bool:
    kind = _kind(content_type)
    return kind.startswith("audio/") or kind in ("application/octet-stream", "binary/octet-stream")


async def _deltas(reply: OpenReply, body: AsyncIterator[bytes], dialect: Dialect) -> AsyncIterator[bytes]:
    """The audio of each event. What arrived before a bad end is given first.

    Raises:
        ProviderError: The service tells a failure before there is any audio.
        OutcomeUnknown: The events end without their last one, or can't be read.
    """
    is_begun = False
    try:
        async for data in events(body):
            if data.strip() == "[DONE]":
                continue  # some servers end so, after the event that counts
            told = _event(reply.discreet(data))
            if told is not None and _is_last(told):
                return
            audio = _decoded(told.get("audio")) if told is not None else None
            failure = errors.failed(told, dialect)
            if audio is None or failure is not None:
                raise _bad_event(failure, dialect, is_begun=is_begun)
            if audio:  # other events mean nothing here
                is_begun = True
                yield audio
    except EventTooLong as exc:
        raise errors.broken_off("an event in it has no end", dialect) from exc
    raise errors.broken_off("its end is missing", dialect)


def _event(data: str) -> dict[str, Any] | None:
    try:
        told = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _is_last(told: dict[str, Any]) -> bool:
    """OpenAI counts tokens as `usage`, speaches as `token_usage`; one server or another forgets the type."""
    counts = told.get("usage") or told.get("token_usage")
    return told.get("type") == "speech.audio.done" or (counts is not None and not told.get("audio"))


def _bad_event(failure: ProviderError | None, dialect: Dialect, *, is_begun: bool) -> ProviderError:
    if failure is None:
        return errors.broken_off("an event in it can’t be read", dialect)
    return errors.broken_off(f"the service says “{failure}”", dialect) if is_begun else failure


def _decoded(value: Any) -> bytes | None:
    """Base64 as bytes, also with a data-URI before it; an absent value is as good as an empty one."""
    if value is None:
        return b""
    if not isinstance(value, str):
        return None
    text = value.partition(",")[2] if value.startswith("data:") else value
    try:
        return b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


async def _audio_in_json(reply: OpenReply, body: AsyncIterator[bytes], dialect: Dialect) -> bytes:
    """
    Raises:
        ProviderError: It tells a failure.
        OutcomeUnknown: It holds no audio, and doesn't say why.
    """
    whole = bytearray()
    async for data in body:
        whole += data
        if len(whole) > _MOST_JSON_BYTES:
            raise errors.without_result("audio that can be kept", dialect)
    told = await asyncio.to_thread(lambda: _event(reply.discreet(whole.decode(errors="replace"))))
    failure = errors.failed(told, dialect)
    if failure is not None:
        raise failure
    for key in _AUDIO_KEYS:
        audio = await asyncio.to_thread(_decoded, (told or {}).get(key))
        if audio:
            return audio
    raise errors.without_result("audio", dialect)
