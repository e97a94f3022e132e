"""OpenAI, RunInfra and servers that speak alike, as providers: one exchange brings the audio or the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.errors import OutcomeUnknown, ResultGone
from app.domain.provider import Account, Job, ListedModel, Progress, Recovery, Result, Submission, WireRequest
from app.providers.bodies import json_request
from app.providers.openai_audio import (
    errors,
    listings,
    multipart,
    paths,
    speech,
    speech_answer,
    transcription,
    transcription_answer,
)

if TYPE_CHECKING:
    from app.domain.provider import AudioSink
    from app.domain.request import AudioPart, GenerationRequest, TranscriptionRequest
    from app.domain.voice import Voice
    from app.providers.client import ServiceClient
    from app.providers.openai_audio.dialect import Dialect

_SPEECH_WITHIN_S = 600.0  # some make all of a long text before the answer begins
_WORDS_WITHIN_S = 1_800.0  # two hours of speech take their time, and hanging up saves nothing
_MOST_ANSWER_BYTES = 64 << 20
_HAS_NO_VOICES = (404, 405, 501)

_CANT_BE_ASKED = "The service can’t be asked about a request that it never named."
_CAME_AT_ONCE = "The result came with the answer, and the service gives no way to ask for it again."


class OpenAIAudioProvider:
    """Speech and transcriptions by the OpenAI audio API.

    Args:
        provider_id: `openai`, `runinfra`, or `openai:NAME` of a server of the user's own.
        dialect_at: How the service speaks at an address.
    """

    def __init__(self, provider_id: str, client: ServiceClient, dialect_at: Callable[[str], Dialect]) -> None:
        self._id = provider_id
        self._client = client
        self._dialect_at = dialect_at

    @property
    def id(self) -> str:
        return self._id

    @property
    def base_url(self) -> str:
        return self._client.base_url

    @property
    def recovery(self) -> Recovery:
        return self._dialect.recovery

    @property
    def _dialect(self) -> Dialect:
        return self._dialect_at(self.base_url)

    def prepare(self, request: GenerationRequest, key: UUID) -> WireRequest:
        """
        Raises:
            RequestInvalid: It can't be written for this service.
        """
        body = speech.body_of(request, self._dialect)
        return json_request("POST", self._path(paths.SPEECH), body, self._headers(key))

    def prepare_transcription(self, request: TranscriptionRequest, part: AudioPart, key: UUID) -> WireRequest:
        """
        Raises:
            RequestInvalid: It can't be written for this service.
        """
        fields = transcription.fields_of(request, self._dialect)
        path = self._path(paths.TRANSCRIPTIONS) + transcription.note_of(request)
        return multipart.form_request(path, fields, part.sha256, part.suffix, key, self._headers(key))

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:  # noqa: ARG002  (it is in the headers)
        dialect = self._dialect
        if paths.SPEECH in wire.path:
            reply = await self._client.submit_streaming(wire, timeout_s=_SPEECH_WITHIN_S)
            return await speech_answer.read(reply, wire, dialect)
        reply = await self._client.submit_streaming(wire, timeout_s=_WORDS_WITHIN_S)
        whole = await reply.whole(_MOST_ANSWER_BYTES, within_s=_WORDS_WITHIN_S)
        return await transcription_answer.read(whole, wire, dialect)

    async def poll(self, job: Job) -> Progress:  # noqa: ARG002  (the Protocol's)
        raise ResultGone(_CAME_AT_ONCE)

    async def fetch(self, job: Job, result: Result, into: AudioSink) -> None:  # noqa: ARG002  (the Protocol's)
        raise ResultGone(_CAME_AT_ONCE)

    async def find(self, wire: WireRequest, job: Job) -> Submission | None:  # noqa: ARG002  (the Protocol's)
        """Never called: `recovery` says that nothing can be found. None would mean that it may be sent again."""
        raise OutcomeUnknown(_CANT_BE_ASKED)

    async def check_key(self) -> Account:
        """Nothing is said about credit; only whether the key is taken."""
        reply = await self._client.ask(WireRequest("GET", self._path(paths.MODELS)))
        errors.raise_for_question(reply, self._dialect)
        return Account()

    async def models(self) -> tuple[ListedModel, ...]:
        dialect = self._dialect
        reply = await self._client.ask(WireRequest("GET", self._path(paths.MODELS)))
        errors.raise_for_question(reply, dialect)
        return listings.models(reply, is_openai=dialect.is_openai)

    async def voices(self) -> tuple[Voice, ...]:
        """What a server lists; empty where it lists none, and any can be typed in."""
        dialect = self._dialect
        if not dialect.lists_voices:
            return ()
        reply = await self._client.ask(WireRequest("GET", self._path(paths.VOICES)))
        if reply.status in _HAS_NO_VOICES:
            return ()
        errors.raise_for_question(reply, dialect)
        return listings.voices(reply, self._id)

    async def aclose(self) -> None:
        """The connections belong to the whole process."""

    def _path(self, path: str) -> str:
        return paths.below(self.base_url, path)

    def _headers(self, key: UUID) -> dict[str, str]:
        """Sent again with every sending of the stored request; nothing of ours goes to who doesn't know it."""
        if not self._dialect.knows_keys:
            return {}
        return {"Idempotency-Key": str(key), "X-Client-Request-Id": str(key)}
