"""AI/ML API's audio generation and speech on loopback.

    async with AimlapiServer(pace=PollDriven(before=2)) as server:   # queued, generating, completed
        server.url                                                   # base URL to configure, without a path
        server.behaviour.failure = GenerationError()
        server.faults.at("submit", Drop(processed=True))
        ...
        assert len(server.ledger.charges) == 1
        assert server.files.violations == []

Phases: submit (POST /v2/generate/audio), poll (GET there), tts, models, account (GET /v2/billing), other. Files are
fetched from `server.files` (phase download).

Source: docs.aimlapi.com and aimlapi/api-docs (2026-08).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal
from uuid import uuid4

from aiohttp import web

from tests.servers import aimlapi_catalogue, aimlapi_models, aimlapi_speech
from tests.servers.faults import answer_with
from tests.servers.fields import Problem
from tests.servers.file_host import FileHost
from tests.servers.ledger import BalanceTooLow, Ledger
from tests.servers.pace import Pace, PollDriven, TimeDriven
from tests.servers.recording import KeySeen, NotJson, RecordedRequest
from tests.servers.serving import LoopbackService
from tests.servers.sounds import Sound

KEY = "aiml-test-key"
CREDITS_PER_USD = 2_000_000
GENERATE = "/v2/generate/audio"
SPEAK = "/v1/tts"
MODELS = "/v1/models"
ONE_MODEL = "/model/"
BILLING = "/v2/billing"
_FILE_GONE = 403
_DAY_S = 86_400.0

_ProblemsOf = Callable[[Mapping[str, Any], frozenset[str]], list[Problem] | None]


@dataclass(frozen=True)
class GenerationError:
    """A generation that fails: HTTP 200, status "error"."""

    name: str = "GenerationError"
    message: str = "The prompt was rejected"


@dataclass
class Behaviour:
    """How AI/ML API behaves from now on; a generation keeps what held when it was created.

    Attributes:
        create_status: 200 or 201.
        usage_on_create: Whether the first answer tells what is reserved.
        id_style: What ids look like: "uuid:model" (with `:` and perhaps `/`), "uuid" or "short".
        queued_word, generating_word, finished_word, failed_word: The words of `status`.
        failure: The generation fails when it would be ready.
        absent: Whether `audio_file`, `error` and `meta` that do not apply are null or missing.
        polls_without_url: So many finished answers come without a link.
        content_type: What the answer and the file host call the file.
        with_file_details: Whether `audio_file` has more than `url`.
        with_usage: Whether a finished answer tells its cost.
        with_usd: Whether usage has `usd_spent` beside `credits_used`.
        fresh_links: Whether a poll after expiry gives a new link.
        extra: Fields added to every poll answer.
        speech_answer: "auto" (JSON, or bytes if `stream`), "object", "string" or "bytes".
        speech_content_type: What raw audio is called; None for its real type.
    """

    create_status: int = 200
    usage_on_create: bool = False
    id_style: Literal["uuid:model", "uuid", "short"] = "uuid:model"
    queued_word: str = "queued"
    generating_word: str = "generating"
    finished_word: str = "completed"
    failed_word: str = "error"
    failure: GenerationError | None = None
    absent: Literal["null", "missing"] = "null"
    polls_without_url: int = 0
    content_type: str = "application/octet-stream"
    with_file_details: bool = True
    with_usage: bool = True
    with_usd: bool = True
    fresh_links: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    speech_answer: Literal["auto", "object", "string", "bytes"] = "auto"
    speech_content_type: str | None = None


@dataclass
class Generation:
    """One accepted generation. `link_until_s` is on the server's clock, None for ever."""

    id: str
    model: str
    body: Mapping[str, Any]
    sound: Sound
    price_usd: Decimal
    behaviour: Behaviour
    accepted_at_s: float
    polls: int = 0
    done: bool = False
    url: str = ""
    link_until_s: float | None = None
    told_without_url: int = 0


class AimlapiServer(LoopbackService):
    """AI/ML API on loopback, with its file host.

    Args:
        keys: The API keys that are accepted.
        balance: What the account holds, in USD.
        result_seconds: Length of results whose request names none, and of all speech at speed 1.
        honours_duration: Whether a requested length is kept (and 30 s for stable-audio without one); else every
            result has `result_seconds`.
        pace: When a generation becomes ready. The first poll before that says "queued", later ones "generating".
        link_valid_s: How long links live; None for ever.
        extra_models: More ids: they take `prompt` (or `text` for speech) and anything else.
        status_code_as_text: Whether error bodies have `statusCode` as a string.

    Attributes:
        files: The file host, another origin. `files.violations` must stay empty.
        ledger: Charges by generation id, or by request id for speech.
        generations: Every accepted generation, by id.
        behaviour: How things accepted from now on turn out.
    """

    def __init__(
        self,
        *,
        keys: Iterable[str] = (KEY,),
        balance: Decimal = Decimal(10),
        result_seconds: float = 2.0,
        honours_duration: bool = True,
        pace: Pace | None = None,
        link_valid_s: float | None = _DAY_S,
        extra_models: Iterable[str] = (),
        status_code_as_text: bool = False,
        port: int = 0,
        files_port: int = 0,
    ) -> None:
        self.keys = set(keys)
        self.files = FileHost(port=files_port, gone_status=_FILE_GONE, secrets=self.keys)
        super().__init__(port=port, clock=self.files.clock, companions=[self.files])
        self.result_seconds = result_seconds
        self.honours_duration = honours_duration
        self.pace: Pace = pace or PollDriven(before=2)
        self.ticks = isinstance(self.pace, TimeDriven)
        self.link_valid_s = link_valid_s
        self.extra_models = set(extra_models)
        self.status_code_as_text = status_code_as_text
        self.behaviour = Behaviour()
        self.ledger = Ledger(balance)
        self.generations: dict[str, Generation] = {}
        self._made = 0

    @property
    def url(self) -> str:
        """The base URL to configure."""
        return self.origin

    def settle(self) -> None:
        """Let every accepted generation run to its end, as it would without being asked."""
        for generation in list(self.generations.values()):
            self._complete(generation)

    def phase_of(self, request: RecordedRequest) -> str:
        if request.path == GENERATE:
            return {"POST": "submit", "GET": "poll"}.get(request.method, "other")
        if request.path.startswith(ONE_MODEL):
            return "models"
        return {SPEAK: "tts", MODELS: "models", BILLING: "account"}.get(request.path, "other")

    def key_seen(self, authorization: str | None) -> KeySeen:
        if authorization is None:
            return "none"
        scheme, _, key = authorization.partition(" ")
        return "right" if scheme == "Bearer" and key in self.keys else "wrong"

    async def answer(self, request: RecordedRequest) -> web.Response:
        answers = {
            ("POST", "submit"): self._create,
            ("GET", "poll"): self._tell,
            ("POST", "tts"): self._speak,
            ("GET", "models"): self._tell_models,
            ("GET", "account"): self._tell_billing,
        }
        act = answers.get((request.method, request.phase))
        if act is None:
            return self._error(request, 404, f"Cannot {request.method} {request.path}")
        if request.phase != "models" and request.key != "right":
            return self._error(request, 401, "Unauthorized: the API key is missing or invalid")
        return await act(request)

    async def tick(self) -> None:
        """In time, generations end without being asked."""
        for generation in list(self.generations.values()):
            if self._is_ready(generation):
                self._complete(generation)

    async def _create(self, request: RecordedRequest) -> web.Response:
        body, refused = self._valid_body(request, aimlapi_models.problems_of)
        if refused is not None:
            return refused
        behaviour, model = copy(self.behaviour), body["model"]
        sound = aimlapi_models.sound_of(body, self.result_seconds).numbered(self._made)
        if not self.honours_duration:
            sound = replace(sound, seconds=self.result_seconds)
        generation = Generation(
            id=_new_id(model, behaviour.id_style),
            model=model,
            body=body,
            sound=sound,
            price_usd=aimlapi_models.price_usd(model),
            behaviour=behaviour,
            accepted_at_s=self.clock.now_s(),
        )
        if not self._reserve(generation.id, generation.price_usd):
            return self._out_of_credits(request)
        self._made += 1
        self.generations[generation.id] = generation
        told: dict[str, Any] = {"id": generation.id, "status": behaviour.queued_word}
        if behaviour.usage_on_create:
            told["meta"] = {"usage": _usage(generation.price_usd, behaviour)}
        return answer_with(behaviour.create_status, told, _answer_headers(generation.price_usd))

    async def _tell(self, request: RecordedRequest) -> web.Response:
        wanted = request.query.get("generation_id")
        if not wanted:
            return self._error(request, 400, "generation_id: Expected string, received undefined")
        generation = self.generations.get(wanted)
        if generation is None:
            return self._error(request, 404, f"Generation {wanted} was not found")
        request.note = generation.model
        generation.polls += 1
        if self._is_ready(generation):
            self._complete(generation)
        return answer_with(200, await self._state(generation))

    async def _state(self, generation: Generation) -> dict[str, Any]:
        behaviour = generation.behaviour
        audio_file: dict[str, Any] | None = None
        error: dict[str, str] | None = None
        meta: dict[str, Any] | None = None
        more: dict[str, Any] = {}
        if not generation.done:
            word = behaviour.queued_word if generation.polls == 1 else behaviour.generating_word
        elif behaviour.failure is not None:
            word = behaviour.failed_word
            error = {"name": behaviour.failure.name, "message": behaviour.failure.message}
        else:
            word = behaviour.finished_word
            audio_file = await self._audio_file(generation)
            if behaviour.with_usage:
                meta = {"usage": _usage(generation.price_usd, behaviour)}
            if aimlapi_models.is_minimax(generation.model):
                more = await asyncio.to_thread(_minimax_details, generation)
        optional = {"audio_file": audio_file, "error": error, "meta": meta}
        if behaviour.absent == "missing":
            optional = {name: value for name, value in optional.items() if value is not None}
        return {"id": generation.id, "status": word, **optional, **more, **behaviour.extra}

    async def _audio_file(self, generation: Generation) -> dict[str, Any] | None:
        behaviour = generation.behaviour
        if generation.told_without_url < behaviour.polls_without_url:
            generation.told_without_url += 1
            return None
        expired = generation.link_until_s is not None and self.clock.now_s() >= generation.link_until_s
        if expired and behaviour.fresh_links:
            self._publish(generation)
        told: dict[str, Any] = {"url": generation.url}
        if behaviour.with_file_details:
            content = await asyncio.to_thread(generation.sound.encoded)
            told |= {
                "content_type": behaviour.content_type,
                "file_name": f"out.{generation.sound.suffix}",
                "file_size": len(content),
            }
        return told

    async def _speak(self, request: RecordedRequest) -> web.Response:
        body, refused = self._valid_body(request, aimlapi_speech.problems_of)
        if refused is not None:
            return refused
        behaviour, price_usd = self.behaviour, aimlapi_speech.price_usd(body["text"])
        number, self._made = self._made, self._made + 1
        request_id = str(uuid4())
        if not self._reserve(request_id, price_usd):
            return self._out_of_credits(request)
        sound = aimlapi_speech.sound_of(body, self.result_seconds).numbered(number)
        self.ledger.charge(request_id, request_id, price_usd, self.clock.now_s())
        self.ledger.close(request_id)
        headers = _answer_headers(price_usd)
        form = behaviour.speech_answer
        if form == "bytes" or (form == "auto" and aimlapi_speech.streams(body)):
            content = await asyncio.to_thread(sound.encoded)
            headers["Content-Type"] = behaviour.speech_content_type or sound.content_type
            answer = answer_with(200, content, headers)
            answer.enable_chunked_encoding()
            return answer
        path = f"/tts/{request_id}.{sound.suffix}"
        url = self.files.publish(path, sound.encoded, content_type=behaviour.content_type, valid_s=self.link_valid_s)
        told: dict[str, Any] = {"audio": url if form == "string" else {"url": url}}
        if behaviour.with_usage:
            told["meta"] = {"usage": _usage(price_usd, behaviour)}
        return answer_with(200, told, headers)

    async def _tell_models(self, request: RecordedRequest) -> web.Response:
        told: dict[str, Any] | None
        if request.path == MODELS:
            told = aimlapi_catalogue.listing(request.query, self.extra_models)
        else:
            told = aimlapi_catalogue.single(request.path.removeprefix(ONE_MODEL), self.extra_models)
        if told is None:
            return self._error(request, 404, "Model not found")
        tag = f'"{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]}"'
        if request.headers.get("if-none-match") == tag:
            return web.Response(status=304, body=b"", headers={"ETag": tag})
        return answer_with(200, told, {"ETag": tag})

    async def _tell_billing(self, _: RecordedRequest) -> web.Response:
        return answer_with(200, {"current_balance": float(self.ledger.balance_usd), "currency": "USD"})

    def _valid_body(
        self, request: RecordedRequest, problems_of: _ProblemsOf
    ) -> tuple[dict[str, Any], web.Response | None]:
        try:
            body = request.body
        except NotJson as exc:
            return {}, self._error(request, 400, f"The body is no JSON: {exc}")
        if not isinstance(body, dict) or "application/json" not in request.headers.get("content-type", ""):
            return {}, self._error(request, 400, "Body validation error: expected a JSON object")
        problems = problems_of(body, frozenset(self.extra_models))
        if problems is None:
            return {}, self._error(request, 404, f"Model {body.get('model')} was not found")
        request.note = str(body.get("model", ""))
        return body, self._error(request, 400, _sentence(problems), problems) if problems else None

    def _reserve(self, task: str, price_usd: Decimal) -> bool:
        try:
            self.ledger.accept(task, price_usd)
        except BalanceTooLow:
            return False
        return True

    def _out_of_credits(self, request: RecordedRequest) -> web.Response:
        return self._error(request, 403, "You have run out of credits. Top up your balance to continue")

    def _error(
        self, request: RecordedRequest, status: int, message: str, problems: Iterable[Problem] = ()
    ) -> web.Response:
        body: dict[str, Any] = {
            "message": message,
            "path": request.path,
            "requestId": str(uuid4()),
            "statusCode": str(status) if self.status_code_as_text else status,
            "timestamp": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        }
        if issues := [{"path": problem.path.split("."), "message": problem.message} for problem in problems]:
            body["meta"] = issues
        return answer_with(status, body)

    def _is_ready(self, generation: Generation) -> bool:
        return self.pace.ready(generation.polls, self.clock.now_s() - generation.accepted_at_s) > 0

    def _complete(self, generation: Generation) -> None:
        if generation.done:
            return
        generation.done = True
        if generation.behaviour.failure is None:
            self._publish(generation)
            self.ledger.charge(generation.id, generation.id, generation.price_usd, self.clock.now_s())
        self.ledger.close(generation.id)

    def _publish(self, generation: Generation) -> None:
        """Give the file a link; MiniMax's are signed."""
        valid_s, sound = self.link_valid_s, generation.sound
        generation.link_until_s = None if valid_s is None else self.clock.now_s() + valid_s
        signed = aimlapi_models.is_minimax(generation.model)
        name = uuid4().hex
        generation.url = self.files.publish(
            f"/files/{name}/out.{sound.suffix}",
            sound.encoded,
            content_type=generation.behaviour.content_type,
            valid_s=valid_s,
            query=f"Expires=1790000000&OSSAccessKeyId=INVENTED&Signature={name}%3D" if signed else "",
        )


def _sentence(problems: list[Problem]) -> str:
    return "Body validation error: " + "; ".join(problem.message for problem in problems)


def _usage(price_usd: Decimal, behaviour: Behaviour) -> dict[str, Any]:
    usage: dict[str, Any] = {"credits_used": int(price_usd * CREDITS_PER_USD)}
    return usage | {"usd_spent": float(price_usd)} if behaviour.with_usd else usage


def _answer_headers(price_usd: Decimal) -> dict[str, str]:
    return {
        "x-request-id": str(uuid4()),
        "x-inference-id": str(uuid4()),
        "x-aimlapi-credits-used": str(int(price_usd * CREDITS_PER_USD)),
        "x-aimlapi-usd-spent": str(price_usd),
    }


def _minimax_details(generation: Generation) -> dict[str, Any]:
    sound = generation.sound
    return {
        "trace_id": uuid4().hex,
        "extra_info": {
            "music_duration": round(sound.seconds * 1000),
            "music_sample_rate": sound.sample_rate_hz,
            "music_channel": sound.channels,
            "bitrate": (sound.bitrate_kbps or 0) * 1000,
            "music_size": len(sound.encoded()),
        },
    }


def _new_id(model: str, style: Literal["uuid:model", "uuid", "short"]) -> str:
    fresh = str(uuid4())
    return {"uuid:model": f"{fresh}:{model}", "uuid": fresh, "short": f"Nk{fresh[:6]}-{fresh[9:13]}"}[style]
