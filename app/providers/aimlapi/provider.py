"""AI/ML API as a provider: generations that are polled, and speech that answers at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

import msgspec

from app.domain.errors import OutcomeUnknown, ResultGone, UnexpectedReply
from app.domain.provider import Account, Job, ListedModel, Progress, Recovery, Result, Submission, WireRequest
from app.domain.receipt import FREE
from app.providers.aimlapi import errors, generation, replies, speech, speech_answer
from app.providers.aimlapi.replies import Generation
from app.providers.aimlapi.speech_answer import THE_RESULT
from app.providers.bodies import json_request

if TYPE_CHECKING:
    from app.domain.provider import AudioSink
    from app.domain.request import GenerationRequest
    from app.domain.voice import Voice
    from app.providers.client import Reply, ServiceClient

_BILLING = WireRequest("GET", "/v2/billing")
_MODELS = WireRequest("GET", "/v1/models?output_modalities=audio")
_SPEECH_WITHIN_S = 600.0  # a long text is spoken whole before the answer begins, and hanging up saves nothing
_POLL_AFTER_S = 10.0
_POLL_MINIMAX_AFTER_S = 15.0

_CANT_BE_ASKED = "The service can’t be asked about a request that it never named."
_CAME_AT_ONCE = "The speech came with the answer, and the service gives no way to ask for it again."
_NO_LINK = "The service calls it finished, but says nowhere where the audio is."


class AimlapiProvider:
    """Effects, music and speech from AI/ML API.

    The service knows no key of ours, so a lost answer stays lost: the user decides. Asking for a generation is free,
    and a failed one isn't charged.

    Source: docs.aimlapi.com and github.com/aimlapi/api-docs (read 2026-08).
    """

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    @property
    def id(self) -> str:
        return "aimlapi"

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
        if speech.is_spoken(request):
            return json_request("POST", speech.PATH, speech.body_of(request))
        return json_request("POST", generation.PATH, generation.body_of(request))

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:  # noqa: ARG002  (the Protocol's)
        if wire.path == speech.PATH:
            return await speech_answer.read(await self._client.submit_streaming(wire, timeout_s=_SPEECH_WITHIN_S))
        model = _model_of(wire)
        reply = await self._client.submit(wire)
        errors.raise_for_submit(reply)
        return _accepted(reply, model)

    async def poll(self, job: Job) -> Progress:
        if job.id is None:
            raise ResultGone(_CAME_AT_ONCE)
        # The id may have `:` and `/` in it, which mean something in an address.
        wire = WireRequest("GET", f"{generation.PATH}?generation_id={quote(job.id, safe='')}")
        reply = await self._client.ask(wire, base_url=job.base_url)
        errors.raise_for_question(reply)
        return _progress(Generation.read(reply.body), job.model)

    async def fetch(self, job: Job, result: Result, into: AudioSink) -> None:
        if result.link is None:
            raise ResultGone(_CAME_AT_ONCE)
        await self._client.download(result.link, into, base_url=job.base_url)

    async def find(self, wire: WireRequest, job: Job) -> Submission | None:  # noqa: ARG002  (the Protocol's)
        """Never called: `recovery` says that nothing can be found. None would mean that it may be sent again."""
        raise OutcomeUnknown(_CANT_BE_ASKED)

    async def check_key(self) -> Account:
        reply = await self._client.ask(_BILLING)
        errors.raise_for_question(reply)
        return Account(replies.balance(reply.body))

    async def models(self) -> tuple[ListedModel, ...]:
        reply = await self._client.ask(_MODELS, with_key=False)
        errors.raise_for_question(reply)
        return replies.models(reply.body)

    async def voices(self) -> tuple[Voice, ...]:
        """None are listed by the service; the known ones are in the catalogue, at their models."""
        return ()

    async def aclose(self) -> None:
        """The connections belong to the whole process."""


class _Addressee(msgspec.Struct):
    model: str


def _model_of(wire: WireRequest) -> str:
    return msgspec.json.decode(wire.body, type=_Addressee).model


def _accepted(reply: Reply, model: str) -> Submission:
    """What a created generation brings; a fast one may be over already."""
    try:
        told = Generation.read(reply.body)
    except UnexpectedReply as exc:
        raise OutcomeUnknown(f"The request was taken, and then: {exc}") from exc
    if told.is_failed and told.link is None:
        return Submission(told.id, _failed(told))
    if told.id is None:
        raise OutcomeUnknown("The request was taken, but the service doesn’t say how to ask for it.")
    if told.is_finished and told.link is None:
        return Submission(told.id, Progress(poll_after_s=_poll_after_s(model)))
    return Submission(told.id, _progress(told, model))


def _progress(told: Generation, model: str) -> Progress:
    """
    Raises:
        UnexpectedReply: It is finished and has no link; asking again may bring one.
    """
    if told.is_failed:
        return _failed(told)
    if not told.is_finished:  # also a word that nobody documented; what it says of cost is only reserved
        return Progress(poll_after_s=_poll_after_s(model))
    if told.link is None:
        raise UnexpectedReply(_NO_LINK)
    return Progress(results=(_result(told),), is_final=True, cost=told.cost)


def _failed(told: Generation) -> Progress:
    """The service documents that failed requests aren't charged. If it made something all the same, that is kept."""
    failed = Progress(is_final=True, failure=errors.failure(told.complaint), cost=told.cost)
    if told.link is not None:
        return replace(failed, results=(_result(told),))
    return failed if told.cost is not None else replace(failed, cost=FREE)


def _result(told: Generation) -> Result:
    return Result(THE_RESULT, link=told.link, cost=told.cost)


def _poll_after_s(model: str) -> float:
    return _POLL_MINIMAX_AFTER_S if model.startswith("minimax") else _POLL_AFTER_S
