"""Camb.ai as a provider: sounds and music by tasks that are polled, and speech that streams."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.domain.errors import OutcomeUnknown, ProviderError, ResultGone, UnexpectedReply
from app.domain.provider import Account, Job, Progress, Recovery, Result, Submission, WireRequest
from app.providers.bodies import json_request
from app.providers.camb import errors, sounds, speech, voices
from app.providers.camb.answer import speech_in, write_result
from app.providers.camb.errors import NAME
from app.providers.camb.status import POLL_AFTER_S, TaskStatus, progress_of
from app.providers.first_bytes import HEAD_BYTES

if TYPE_CHECKING:
    from app.domain.provider import AudioSink
    from app.domain.request import GenerationRequest
    from app.domain.voice import Voice
    from app.providers.client import Reply, ServiceClient

_SPEECH_WITHIN_S = 300.0  # as long as the service's own SDK waits

_CANT_BE_ASKED = "The service can’t be asked about a request that it never named."
_CAME_AT_ONCE = "The speech came with the answer, and the service gives no way to ask for it again."
_NO_NAME = f"{NAME} took the request, but doesn’t say how to ask for it."

_log = logging.getLogger(__name__)


class CambProvider:
    """Effects, music and speech from Camb.ai.

    The service knows no key of ours, so a lost answer stays lost: the user decides. Everything but the two calls that
    start something is free and repeatable. What is billed is told in credits, if at all; in dollars it is unknown.
    """

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    @property
    def id(self) -> str:
        return "camb"

    @property
    def base_url(self) -> str:
        return self._client.base_url

    @property
    def recovery(self) -> Recovery:
        return Recovery()

    def prepare(self, request: GenerationRequest, key: UUID) -> WireRequest:  # noqa: ARG002  (the Protocol's)
        """
        Raises:
            RequestInvalid: It can't be written for this model.
        """
        if sounds.is_made_here(request):
            return json_request("POST", sounds.PATH, sounds.body_of(request))
        return json_request("POST", speech.PATH, speech.body_of(request))

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:  # noqa: ARG002  (the Protocol's)
        if wire.path == speech.PATH:
            return await speech_in(await self._client.submit_streaming(wire, timeout_s=_SPEECH_WITHIN_S))
        reply = await self._client.submit(wire)
        errors.raise_for_submit(reply)
        return Submission(_task_id_in(reply), Progress(poll_after_s=POLL_AFTER_S))

    async def poll(self, job: Job) -> Progress:
        if job.id is None:
            raise ResultGone(_CAME_AT_ONCE)
        reply = await self._client.ask(sounds.question_about(job.id), base_url=job.base_url)
        errors.raise_for_question(reply)
        return progress_of(TaskStatus.read(reply))

    async def fetch(self, job: Job, result: Result, into: AudioSink) -> None:
        """Write the audio that the service hands out itself, under its own key; or what is behind the link it gives.

        A link that has expired is no loss: the next call gets a fresh one.
        """
        link = result.link
        if link is None and job.id is None:
            raise ResultGone(_CAME_AT_ONCE)
        if link is None:
            reply = await self._client.ask_streaming(sounds.result_of(result.id), base_url=job.base_url)
            link = await write_result(reply, into)
        if link is not None:
            await self._client.download(link, into, base_url=job.base_url)

    async def find(self, wire: WireRequest, job: Job) -> Submission | None:  # noqa: ARG002  (the Protocol's)
        """Never called: `recovery` says that nothing can be found. None would mean that it may be sent again."""
        raise OutcomeUnknown(_CANT_BE_ASKED)

    async def check_key(self) -> Account:
        """Whether the account's own list of voices is opened to the key; it isn't read. The balance isn't told."""
        reply = await self._client.ask_streaming(voices.VOICES)
        try:
            if not 200 <= reply.status < 300:
                errors.raise_for_question(await reply.whole())
            if not (await reply.head(HEAD_BYTES)).lstrip().startswith(b"["):
                raise UnexpectedReply(f"{NAME} answered something that says nothing about the key.")
        finally:
            await reply.aclose()
        return Account()

    async def voices(self) -> tuple[Voice, ...]:
        """The voices of the account, with the languages they speak as far as those can be had."""
        reply = await self._client.ask(voices.VOICES)
        errors.raise_for_question(reply)
        return voices.voices_in(reply, await self._languages())

    async def sample(self, voice: Voice, into: AudioSink) -> None:
        await self._client.download(voice.sample, into, base_url=self._client.base_url)

    async def aclose(self) -> None:
        """The connections belong to the whole process."""

    async def _languages(self) -> Mapping[int, str]:
        try:
            reply = await self._client.ask(voices.LANGUAGES)
            errors.raise_for_question(reply)
            return voices.languages_in(reply)
        except ProviderError:  # on the side: a list of voices without languages is better than none
            _log.warning("the languages of the voices could not be had", exc_info=True)
            return {}


def _task_id_in(reply: Reply) -> str:
    """
    Raises:
        OutcomeUnknown: There is none, or none that can be asked about.
    """
    try:
        told = reply.json()
    except UnexpectedReply as exc:
        raise OutcomeUnknown(_NO_NAME) from exc
    task_id: Any = told.get("task_id") if isinstance(told, Mapping) else None
    if isinstance(task_id, int) and not isinstance(task_id, bool):
        task_id = str(task_id)
    if not isinstance(task_id, str) or not sounds.is_id(task_id):
        raise OutcomeUnknown(_NO_NAME)
    return task_id
