"""RunInfra's audio on loopback.

    async with RunInfraServer() as server:
        server.url                                               # base URL to configure, ends in /v1
        server.faults.at("speech", Drop(processed=True))         # paid; the same key gets the same bytes
        server.faults.at("speech", unavailable(retry_after_s=1))
        server.replays.largest_bytes = 1000                      # then idempotency_replay_unavailable
        server.behaviour.working = work = Hold()                 # inference runs until work.release()
        ...
        assert len(server.ledger.charges) == len(server.speeches) == 1

Phases: speech, transcription, models, other. Keys of a pipeline use /v1/{pipeline}/... What is heard in an upload is
described in `transcribing`; its last three words are private, for `redact`.

Source: runinfra.ai/docs (audio, errors, rate limits; 2026) and package `runinfra` 0.2.0.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal
from uuid import uuid4

from aiohttp import web

from tests.servers import openai_speech, openai_transcripts, runinfra_fields
from tests.servers.clock import Clock
from tests.servers.faults import Hold, Instead, answer_with
from tests.servers.ledger import BalanceTooLow, Ledger
from tests.servers.openai_errors import Refusal, Refused, error_answer, refused, refused_for, refusing, retry_after
from tests.servers.openai_server import Speech, Transcription
from tests.servers.openai_uploads import read_upload, recognised
from tests.servers.recording import KeySeen, NotJson, RecordedRequest
from tests.servers.runinfra_fields import Clip, CloneForm
from tests.servers.runinfra_replays import Replays
from tests.servers.serving import LoopbackService
from tests.servers.sounds import with_placeholder_sizes

KEY = "rp_live_test_key"
TOPUP_URL = "https://runinfra.example/billing"
_BASE = "/v1"
_CREATED = 1_767_225_600
_MINUTE_S = 60.0
_PHASES = {
    ("POST", "audio/speech"): "speech",
    ("POST", "audio/transcriptions"): "transcription",
    ("GET", "models"): "models",
}


@dataclass
class Behaviour:
    """How RunInfra behaves from now on.

    Attributes:
        produces: The format the upstream model makes, whatever was asked for; None to keep to the request.
        speech_content_type: What speech is called; None for its real type.
        wav_size: What WAV gives for its sizes; None for the true ones.
        working: Inference goes on until this is released; None for at once.
        fails_with: Inference fails with this status, after the request was found right, and costs nothing.
        speaker_key: The key of the speaker's label.
    """

    produces: Literal["wav", "mp3", "flac"] | None = None
    speech_content_type: str | None = None
    wav_size: int | None = None
    working: Hold | None = None
    fails_with: int | None = None
    speaker_key: str = "speaker"


class RunInfraServer(LoopbackService):
    """RunInfra on loopback.

    Args:
        keys: Keys of the workspace.
        pipeline_keys: Keys of a pipeline, and its id.
        balance: What the account holds, in USD.
        speech_seconds: Length of all speech at speed 1.
        speech_models, transcription_models: What is deployed.
        clone_forms: In which forms a reference clip may come.
        transcription_use_case: Whether the pipelines know `diarize` and `redact`.
        requests_per_minute: The rate at which the bucket leaks, as the answers tell it; a pipeline has its own bucket.
        burst: How many requests the bucket holds; more are refused (429). None to refuse none.
        largest_replay_bytes: Larger answers cannot be replayed.

    Attributes:
        ledger: Charges by request id.
        replays: What is remembered under Idempotency-Keys.
        speeches, transcriptions, clips: What was really done, in order.
        behaviour: How things turn out from now on.
    """

    def __init__(
        self,
        *,
        keys: Iterable[str] = (KEY,),
        pipeline_keys: Mapping[str, str] | None = None,
        balance: Decimal = Decimal(10),
        speech_seconds: float = 2.0,
        speech_models: Iterable[str] = runinfra_fields.SPEECH_MODELS,
        transcription_models: Iterable[str] = runinfra_fields.TRANSCRIPTION_MODELS,
        clone_forms: Iterable[CloneForm] = ("seed", "newer"),
        transcription_use_case: bool = True,
        requests_per_minute: int = 500,
        burst: int | None = None,
        largest_replay_bytes: int | None = None,
        port: int = 0,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(port=port, clock=clock)
        self.keys = set(keys)
        self.pipeline_keys = dict(pipeline_keys or {})
        self.speech_seconds = speech_seconds
        self.speech_models = list(speech_models)
        self.transcription_models = list(transcription_models)
        self.clone_forms: frozenset[CloneForm] = frozenset(clone_forms)
        self.transcription_use_case = transcription_use_case
        self.requests_per_minute = requests_per_minute
        self.burst = burst
        self.behaviour = Behaviour()
        self.ledger = Ledger(balance)
        self.replays = Replays(self.clock, largest_replay_bytes)
        self.speeches: list[Speech] = []
        self.transcriptions: list[Transcription] = []
        self.clips: list[Clip] = []
        self._buckets: dict[str, _Bucket] = {}

    @property
    def url(self) -> str:
        """The base URL to configure."""
        return f"{self.origin}{_BASE}"

    def phase_of(self, request: RecordedRequest) -> str:
        return _PHASES.get((request.method, _split(request.path)[1]), "other")

    def key_seen(self, authorization: str | None) -> KeySeen:
        if authorization is None:
            return "none"
        scheme, _, key = authorization.partition(" ")
        return "right" if scheme == "Bearer" and key in {*self.keys, *self.pipeline_keys} else "wrong"

    def account_of(self, authorization: str | None) -> str:
        """The pipeline of the key; empty for the workspace."""
        return self.pipeline_keys.get((authorization or "").partition(" ")[2], "")

    async def answer(self, request: RecordedRequest) -> web.Response:
        request_id = f"req_{uuid4().hex}"
        headers = {"X-Request-Id": request_id}
        if (traced := request.headers.get("x-client-request-id")) is not None:
            headers["X-Client-Request-Id"] = traced
        try:
            answer = await self._act(request, request_id, headers)
        except Refused as exc:
            answer = error_answer(exc, "openai")
        answer.headers.update(headers)
        return answer

    async def _act(self, request: RecordedRequest, request_id: str, headers: dict[str, str]) -> web.Response:
        if request.phase == "other":
            raise refused(404, f"There is nothing at {request.method} {request.path}")
        if request.key != "right":
            raise refused(401, "Invalid API key", "invalid_api_key")
        if _split(request.path)[0] != request.account:
            raise refused(403, "This key belongs to another pipeline or to the workspace", "key_scope_mismatch")
        headers |= self._taken_from_the_bucket(request.account)
        if request.phase == "models":
            return self._tell_models()
        run = self._speak if request.phase == "speech" else self._transcribe
        return await self.replays.through(request, lambda: run(request, request_id))

    # --- speech

    async def _speak(self, request: RecordedRequest, request_id: str) -> web.Response:
        body, behaviour = self._speech_body(request), copy(self.behaviour)
        clip = await asyncio.to_thread(runinfra_fields.clip_of, body)
        price_usd = Decimal(runinfra_fields.PRICE_PER_CHARACTER_USD) * len(body["input"])
        await self._infer(request_id, price_usd, behaviour)
        audio_format = behaviour.produces or body.get("response_format", "mp3")
        sound = openai_speech.sound_of(body, audio_format, runinfra_fields.RATE_HZ, self.speech_seconds)
        sound = sound.numbered(len(self.speeches))
        self.speeches.append(Speech(body, sound))  # at once, so that the next one sounds different
        content = await asyncio.to_thread(sound.encoded)
        if sound.format == "wav" and behaviour.wav_size is not None:
            content = with_placeholder_sizes(content, behaviour.wav_size)
        self.clips += [clip] if clip is not None else []
        self._charge(request_id, price_usd)
        request.note = f"{body['model']} {sound.format}"
        answer = answer_with(200, content, {"Content-Type": behaviour.speech_content_type or sound.content_type})
        answer.enable_chunked_encoding()
        return answer

    def _speech_body(self, request: RecordedRequest) -> dict[str, Any]:
        try:
            body = request.body
        except NotJson as exc:
            raise refused(400, "The body is no JSON") from exc
        if not isinstance(body, dict) or "application/json" not in request.headers.get("content-type", ""):
            raise refused(400, "Send a JSON object as application/json")
        if problems := list(runinfra_fields.speech_rules(self.clone_forms).check(body, "")):
            raise refused_for(problems, body, "unsupported_parameter")
        self._check_deployed(body["model"], self.speech_models)
        for refusal in runinfra_fields.refusals_of_clip(body):
            raise Refused(refusal)
        return body

    # --- transcription

    async def _transcribe(self, request: RecordedRequest, request_id: str) -> web.Response:
        upload = read_upload(request, runinfra_fields.transcription_form(self.transcription_use_case))
        fields, behaviour = upload.fields, copy(self.behaviour)
        self._check_deployed(fields["model"], self.transcription_models)
        hearing = await recognised(upload)
        price_usd = Decimal(runinfra_fields.PRICE_PER_MINUTE_USD) * Decimal(str(hearing.duration_s)) / 60
        await self._infer(request_id, price_usd, behaviour)
        self.transcriptions.append(Transcription(upload, hearing))
        self._charge(request_id, price_usd)
        wanted = fields.get("response_format", "json")
        request.note = f"{fields['model']} {wanted}"
        told = hearing.redacted() if fields.get("redact") else hearing
        if (write := openai_transcripts.WRITTEN.get(wanted)) is not None:
            return answer_with(200, write(told).encode(), {"Content-Type": "text/plain; charset=utf-8"})
        if wanted == "verbose_json":
            speaker_key = behaviour.speaker_key if fields.get("diarize") else None
            language = openai_transcripts.language_name(fields.get("language"))
            return answer_with(200, runinfra_fields.verbose_json(told, language, speaker_key))
        return answer_with(200, {"text": told.text})

    # --- models, money, limits

    def _tell_models(self) -> web.Response:
        models = [*self.speech_models, *self.transcription_models]
        entries = [{"id": model, "object": "model", "created": _CREATED, "owned_by": "runinfra"} for model in models]
        return answer_with(200, {"object": "list", "data": entries})

    def _check_deployed(self, model: str, deployed: Iterable[str]) -> None:
        if model not in deployed:
            raise refused(404, f"The model '{model}' is not deployed", "model_not_found", "model")

    async def _infer(self, request_id: str, price_usd: Decimal, behaviour: Behaviour) -> None:
        """Reserve the price and wait for the inference; what fails is free."""
        try:
            self.ledger.accept(request_id, price_usd)
        except BalanceTooLow as exc:
            raise Refused(_no_credits(self.ledger.balance_usd, price_usd)) from exc
        if behaviour.working is not None:
            await behaviour.working.wait()
        if behaviour.fails_with is not None:
            self.ledger.close(request_id)
            raise Refused(Refusal(behaviour.fails_with, "The inference failed", type="server_error"))

    def _charge(self, request_id: str, price_usd: Decimal) -> None:
        self.ledger.charge(request_id, request_id, price_usd, self.clock.now_s())
        self.ledger.close(request_id)

    def _taken_from_the_bucket(self, account: str) -> dict[str, str]:
        """Count one request; the headers that tell what is left.

        Raises:
            Refused: the bucket is full.
        """
        leak_per_s, now_s = self.requests_per_minute / _MINUTE_S, self.clock.now_s()
        bucket = self._buckets.setdefault(account, _Bucket(now_s))
        bucket.leak(leak_per_s, now_s)
        holds = self.burst if self.burst is not None else self.requests_per_minute
        if self.burst is not None and bucket.filled + 1 > holds:
            waiting_s = math.ceil((bucket.filled + 1 - holds) / leak_per_s)
            raise Refused(Refusal(429, "Rate limit exceeded", type="rate_limit_error", headers=retry_after(waiting_s)))
        bucket.filled += 1
        return {
            "X-RateLimit-Limit": str(self.requests_per_minute),
            "X-RateLimit-Remaining": str(max(0, math.floor(holds - bucket.filled))),
            "X-RateLimit-Reset": str(math.ceil(time.time() + bucket.filled / leak_per_s)),
        }


@dataclass
class _Bucket:
    """Requests that were counted and have not leaked yet."""

    at_s: float
    filled: float = 0.0

    def leak(self, per_s: float, now_s: float) -> None:
        self.filled = max(0.0, self.filled - (now_s - self.at_s) * per_s)
        self.at_s = now_s


def rate_limited(retry_after_s: int | None = 1) -> Instead:
    """Too many requests of one key."""
    return refusing(Refusal(429, "Rate limit exceeded", type="rate_limit_error", headers=retry_after(retry_after_s)))


def unavailable(retry_after_s: int | None = 1) -> Instead:
    """The deployment is stopped, starting or full."""
    message = "The deployment is starting"
    return refusing(Refusal(503, message, type="service_unavailable", headers=retry_after(retry_after_s)))


def took_too_long(*, processed: bool = False) -> Instead:
    """The gateway gave up waiting; with `processed` the work is done all the same."""
    refusal = Refusal(504, "The upstream model took too long", type="timeout_error")
    return replace(refusing(refusal), processed=processed)


def _no_credits(balance_usd: Decimal, price_usd: Decimal) -> Refusal:
    cents = {"current_balance_cents": int(balance_usd * 100), "required_cents": math.ceil(price_usd * 100)}
    more = {**cents, "topup_url": TOPUP_URL}
    return Refusal(402, "Insufficient credits", "insufficient_credits", type="billing_error", more=more)


def _split(path: str) -> tuple[str, str]:
    """The pipeline, empty where the path names none, and what is asked for."""
    rest = path.removeprefix(f"{_BASE}/") if path.startswith(f"{_BASE}/") else ""
    if any(rest == known for _, known in _PHASES):
        return "", rest
    pipeline, _, rest = rest.partition("/")
    return pipeline, rest
