"""OpenAI's audio on loopback, and the self-hosted servers that speak like it.

    async with OpenAIServer() as server: ...                     # OpenAI: needs `KEY`
    async with OpenAIServer(KOKORO) as server: ...               # no key, a list of voices
        server.url                                               # base URL to configure, ends in /v1
        half = server.faults.at("speech", HoldAfter(0.5))        # half.reached, half.release()
        server.behaviour.ignores_format = True                   # WAV, whatever was asked for
        server.faults.at("transcription", quota_exhausted())
        ...
        assert len(server.ledger.charges) == 1                   # self-hosted servers charge nothing
        assert server.transcriptions[0].fields["language"] == "en"

Phases: speech, transcription, models, voices, download_model (speaches), health, other. What is heard in an upload is
described in `transcribing`.

Source: openai/openai-openapi (2026-08); see `openai_dialects` for the others.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from uuid import uuid4

from aiohttp import web

from tests.servers import openai_speech, openai_transcripts
from tests.servers.clock import Clock
from tests.servers.faults import answer_with
from tests.servers.fields import Kind
from tests.servers.ledger import BalanceTooLow, Ledger
from tests.servers.openai_dialects import OPENAI, Dialect, voices_told
from tests.servers.openai_errors import NO_QUOTA, Refused, error_answer, refused, refused_for
from tests.servers.openai_uploads import Upload, read_upload, recognised
from tests.servers.recording import KeySeen, NotJson, RecordedRequest
from tests.servers.serving import LoopbackService
from tests.servers.sounds import Sound, with_placeholder_sizes
from tests.servers.transcribing import Hearing

KEY = "sk-openai-test-key"
_BASE = "/v1"
_CREATED = 1_686_935_002
_PHASES = {
    ("POST", "/audio/speech"): "speech",
    ("POST", "/audio/transcriptions"): "transcription",
    ("GET", "/models"): "models",
    ("GET", "/audio/models"): "models",
    ("GET", "/audio/voices"): "voices",
}


@dataclass
class Behaviour:
    """How the server behaves from now on.

    Attributes:
        ignores_format: Speech is WAV, whatever was asked for.
        speech_content_type: What speech is called; None for its real type.
        speech_answer: The bytes, or JSON that holds them in base64 under `audio_data`.
        wav_size: What streamed WAV gives for its sizes; None for the true ones.
        sse_block_bytes: How much audio each event holds.
        sse_done: Whether the last event, `done`, is sent.
        sse_end_marker: Whether `data: [DONE]` follows.
        sse_comments: Whether comments and blank lines come between events.
        with_usage: Whether answers tell their usage.
        duration_as_text: Whether verbose_json has `duration` as a string.
        models_answer: "list", or "nothing" for `{}`.
        each_its_own: Whether the same request sounds different each time.
    """

    ignores_format: bool = False
    speech_content_type: str | None = None
    speech_answer: Literal["bytes", "json"] = "bytes"
    wav_size: int | None = 0xFFFFFFFF
    sse_block_bytes: int = 3_001
    sse_done: bool = True
    sse_end_marker: bool = False
    sse_comments: bool = False
    with_usage: bool = True
    duration_as_text: bool = False
    models_answer: Literal["list", "nothing"] = "list"
    each_its_own: bool = True


@dataclass(frozen=True)
class Speech:
    """One text that was spoken."""

    body: Mapping[str, Any]
    sound: Sound


@dataclass(frozen=True)
class Transcription:
    """One upload that was transcribed."""

    upload: Upload
    hearing: Hearing

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.upload.fields


class OpenAIServer(LoopbackService):
    """OpenAI, or a server that speaks like it, on loopback.

    Args:
        dialect: Which server it is.
        keys: The API keys that are accepted; by default `KEY` at OpenAI, and any or none at others.
        balance: What the account holds, in USD.
        speech_seconds: Length of all speech at speed 1.
        extra_speech_models, extra_transcription_models: More ids; they take what the others do.
        custom_voices: Ids of voices of the account, sent as `{"id": ...}`.
        largest_upload_bytes: OpenAI's limit of an upload; others have none.

    Attributes:
        ledger: Charges by request id. Self-hosted servers charge nothing.
        speeches, transcriptions: What was done, in order.
        ignored: Names of fields that a lenient server left out.
        behaviour: How answers look from now on.
    """

    def __init__(
        self,
        dialect: Dialect = OPENAI,
        *,
        keys: Iterable[str] | None = None,
        balance: Decimal = Decimal(10),
        speech_seconds: float = 2.0,
        extra_speech_models: Iterable[str] = (),
        extra_transcription_models: Iterable[str] = (),
        custom_voices: Iterable[str] = (),
        largest_upload_bytes: int = openai_transcripts.LARGEST_UPLOAD_BYTES,
        port: int = 0,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(port=port, clock=clock)
        self.dialect = dialect
        self.keys = set(keys) if keys is not None else {KEY} if dialect.needs_key else set()
        self.speech_seconds = speech_seconds
        self.speech_models = [*dialect.speech_models, *extra_speech_models]
        self.transcription_models = [*dialect.transcription_models, *extra_transcription_models]
        self.custom_voices = set(custom_voices)
        self.largest_upload_bytes = largest_upload_bytes if dialect.is_openai else None
        self.behaviour = Behaviour()
        self.ledger = Ledger(balance)
        self.speeches: list[Speech] = []
        self.transcriptions: list[Transcription] = []
        self.ignored: list[str] = []

    @property
    def url(self) -> str:
        """The base URL to configure."""
        return f"{self.origin}{_BASE}"

    def phase_of(self, request: RecordedRequest) -> str:
        if (request.method, request.path) == ("GET", "/health"):
            return "health"
        if not request.path.startswith(f"{_BASE}/"):
            return "other"
        path = request.path.removeprefix(_BASE)
        if path.startswith("/models/") and request.method in {"GET", "POST"}:
            return "models" if request.method == "GET" else "download_model"
        return _PHASES.get((request.method, path), "other")

    def key_seen(self, authorization: str | None) -> KeySeen:
        if authorization is None:
            return "none"
        scheme, _, key = authorization.partition(" ")
        return "right" if scheme == "Bearer" and (not self.keys or key in self.keys) else "wrong"

    async def answer(self, request: RecordedRequest) -> web.Response:
        answers = {
            "speech": self._speak,
            "transcription": self._transcribe,
            "models": self._tell_models,
            "voices": self._tell_voices,
            "download_model": self._download_model,
            "health": self._tell_health,
        }
        request_id = f"req_{uuid4().hex}"
        try:
            act = answers.get(request.phase)
            if act is None:
                raise refused(404, f"Invalid URL ({request.method} {request.path})")
            self._check_key(request)
            answer = await act(request, request_id)
        except Refused as exc:
            answer = error_answer(exc, self.dialect.errors, lists_problems=self.dialect.lists_problems)
        if self.dialect.is_openai:
            answer.headers.update(
                {
                    "x-request-id": request_id,
                    "openai-processing-ms": "1",
                    "x-ratelimit-limit-requests": "500",
                    "x-ratelimit-remaining-requests": "499",
                    "x-ratelimit-reset-requests": "120ms",
                }
            )
        return answer

    def _check_key(self, request: RecordedRequest) -> None:
        if not self.keys or request.key == "right":
            return
        status = self.dialect.bad_key_status
        if request.key == "none":
            raise refused(status, "You didn't provide an API key" if status == 401 else "Not authenticated")
        message = "Incorrect API key provided" if status == 401 else "Invalid API key"
        raise refused(status, message, "invalid_api_key")

    # --- speech

    async def _speak(self, request: RecordedRequest, request_id: str) -> web.Response:
        body, behaviour = self._speech_body(request), copy(self.behaviour)
        price_usd = Decimal(openai_speech.PRICE_PER_CHARACTER_USD) * len(body["input"])
        sound = self._sound_of(body, behaviour)
        self._reserve(request_id, price_usd)
        self.speeches.append(Speech(body, sound))  # at once, so that the next one sounds different
        content = await asyncio.to_thread(sound.encoded)
        self._charge(request_id, price_usd)
        request.note = f"{body['model']} {sound.format}"
        if body.get("stream_format") == "sse":
            return self._events(content, body, sound, behaviour)
        if behaviour.speech_answer == "json":
            return answer_with(200, {"audio_data": base64.b64encode(content).decode(), "format": sound.format})
        return self._audio(content, body, sound, behaviour)

    def _speech_body(self, request: RecordedRequest) -> dict[str, Any]:
        try:
            body = request.body
        except NotJson as exc:
            raise refused(400, "We could not parse the JSON body of your request") from exc
        if not isinstance(body, dict) or "application/json" not in request.headers.get("content-type", ""):
            raise refused(400, "Send a JSON object as application/json")
        problems = list(self.dialect.speech.check(body, ""))
        if self.dialect.lenient:
            unknown = {problem.path for problem in problems if problem.kind is Kind.UNKNOWN}
            unknown |= {name for name, value in body.items() if value is None and name not in self._required}
            self.ignored += sorted(unknown)
            body = {name: value for name, value in body.items() if name not in unknown}
            problems = list(self.dialect.speech.check(body, ""))
        # An unheard-of voice is told as a 400 by Kokoro-FastAPI, unlike other mistakes in fields.
        if problems and problems[0].kind is Kind.SHAPE and self.dialect.voice_ids:
            raise refused(400, problems[0].message, "validation_error", problems[0].path)
        if problems:
            raise refused_for(problems, body)
        body = {"model": self.dialect.default_model, **body}
        self._check_model(body["model"], self.speech_models)
        self._check_speech(body)
        return body

    @property
    def _required(self) -> frozenset[str]:
        return frozenset(self.dialect.speech.required)

    def _check_speech(self, body: Mapping[str, Any]) -> None:
        if not self.dialect.is_openai:
            return
        for refusal in openai_speech.refusals_of(body):
            raise Refused(refusal)
        voice = body["voice"]
        if isinstance(voice, dict) and voice["id"] not in self.custom_voices:
            raise refused(400, f"Voice {voice['id']} does not exist", "invalid_value", "voice")

    def _check_model(self, model: str, known: Iterable[str]) -> None:
        if model in known:
            return
        if model in {*self.speech_models, *self.transcription_models}:
            raise refused(400, f"The model `{model}` does not do this", "invalid_value", "model")
        status, code = self.dialect.unknown_model
        raise refused(status, f"The model `{model}` does not exist or you do not have access to it.", code, "model")

    def _sound_of(self, body: Mapping[str, Any], behaviour: Behaviour) -> Sound:
        audio_format = body.get("response_format", self.dialect.default_format)
        rate_hz = body.get("sample_rate", self.dialect.rates_hz.get(body["model"], openai_speech.RATE_HZ))
        wanted = "wav" if behaviour.ignores_format else audio_format
        if not openai_speech.has_rate(wanted, rate_hz):
            raise refused(400, f"{wanted} does not have {rate_hz} Hz", "invalid_value", "sample_rate")
        number = len(self.speeches) if self.behaviour.each_its_own else 1
        return openai_speech.sound_of(body, wanted, rate_hz, self.speech_seconds).numbered(number)

    def _events(self, content: bytes, body: Mapping[str, Any], sound: Sound, behaviour: Behaviour) -> web.Response:
        usage = openai_speech.usage_of(body["input"], sound.seconds) if behaviour.with_usage else None
        events = openai_speech.speech_events(
            _streamed(content, sound, behaviour),
            block_bytes=behaviour.sse_block_bytes,
            usage=usage,
            usage_field=self.dialect.usage_field,
            with_done=behaviour.sse_done,
            with_end_marker=behaviour.sse_end_marker,
            with_comments=behaviour.sse_comments,
        )
        return _stream(events, "text/event-stream; charset=utf-8")

    def _audio(self, content: bytes, body: Mapping[str, Any], sound: Sound, behaviour: Behaviour) -> web.Response:
        content_type = behaviour.speech_content_type or sound.content_type
        if sound.format == "pcm" and self.dialect.rate_in_type:
            content_type = f"{content_type};rate={sound.sample_rate_hz}"
        if body.get("stream", self.dialect.streams):
            answer = _stream(_streamed(content, sound, behaviour), content_type)
        else:
            answer = answer_with(200, content, {"Content-Type": content_type})
        if body.get("return_download_link"):
            answer.headers["X-Download-Path"] = f"/download/{uuid4().hex}.{sound.suffix}"
        return answer

    # --- transcription

    async def _transcribe(self, request: RecordedRequest, request_id: str) -> web.Response:
        if not self.transcription_models:
            raise refused(404, "Not Found")
        upload = read_upload(request, self.dialect.form, self.largest_upload_bytes)
        self._check_model(upload.fields["model"], self.transcription_models)
        hearing = await recognised(upload)
        if self.dialect.is_openai:
            for refusal in openai_transcripts.refusals_of(upload.fields, hearing.duration_s):
                raise Refused(refusal)
        price_usd = Decimal(openai_transcripts.PRICE_PER_MINUTE_USD) * Decimal(str(hearing.duration_s)) / 60
        self._reserve(request_id, price_usd)
        self.transcriptions.append(Transcription(upload, hearing))
        self._charge(request_id, price_usd)
        request.note = f"{upload.fields['model']} {upload.fields.get('response_format', 'json')}"
        return self._transcript(hearing, upload.fields)

    def _transcript(self, hearing: Hearing, fields: Mapping[str, Any]) -> web.Response:
        wanted, model, behaviour = fields.get("response_format", "json"), fields["model"], self.behaviour
        more: dict[str, Any] = {"usage": openai_transcripts.usage_of(hearing, model)} if behaviour.with_usage else {}
        if "include[]" in fields:
            more["logprobs"] = openai_transcripts.probabilities_of(hearing)
        if "languages[]" in fields:
            more["languages"] = fields["languages[]"]
        name_of = openai_transcripts.letters(fields.get("known_speaker_names[]", []))
        if fields.get("stream") and model != openai_transcripts.WHISPER:
            named = name_of if wanted == "diarized_json" else None
            return _stream(openai_transcripts.text_events(hearing, more, named), "text/event-stream; charset=utf-8")
        if (write := openai_transcripts.WRITTEN.get(wanted)) is not None:
            return answer_with(200, write(hearing).encode(), {"Content-Type": "text/plain; charset=utf-8"})
        match wanted:
            case "verbose_json":
                as_text = behaviour.duration_as_text
                told = openai_transcripts.verbose_json(hearing, fields, duration_as_text=as_text)
            case "diarized_json":
                told = openai_transcripts.diarized_json(hearing, name_of)
            case _:
                told = {"text": hearing.text}
        return answer_with(200, told | more)

    # --- models, voices

    async def _tell_models(self, request: RecordedRequest, _: str) -> web.Response:
        entries = [self._model_entry(model) for model in [*self.speech_models, *self.transcription_models]]
        path = request.path.removeprefix(_BASE)
        if path == "/audio/models":
            if self.dialect.voices != "speaches":
                raise refused(404, "Not Found")
            return answer_with(200, {"models": [entry for entry in entries if entry["id"] in self.speech_models]})
        if path == "/models":
            if self.behaviour.models_answer == "nothing":
                return answer_with(200, {})
            task = request.query.get("task")
            told = [entry for entry in entries if task is None or entry.get("task") == task]
            return answer_with(200, {"object": "list", "data": told})
        wanted = path.removeprefix("/models/")
        for entry in entries:
            if entry["id"] == wanted:
                return answer_with(200, entry)
        raise refused(404, f"The model '{wanted}' does not exist", "model_not_found", "model")

    def _model_entry(self, model: str) -> dict[str, Any]:
        owner = "openai" if self.dialect.is_openai else "local"
        entry: dict[str, Any] = {"id": model, "object": "model", "created": _CREATED, "owned_by": owner}
        if self.dialect.voices == "speaches":
            task = "text-to-speech" if model in self.speech_models else "automatic-speech-recognition"
            entry |= {"task": task, "language": ["en"]}
        return entry

    async def _tell_voices(self, request: RecordedRequest, _: str) -> web.Response:
        if self.dialect.voices == "absent":
            raise refused(404, "Not Found")
        legacy = request.query.get("legacy", "").lower() == "true"
        return answer_with(200, voices_told(self.dialect.voices, self.dialect.voice_ids, legacy))

    async def _download_model(self, request: RecordedRequest, _: str) -> web.Response:
        """speaches fetches any model that it is asked to; here each one speaks."""
        if self.dialect.voices != "speaches":
            raise refused(405, "Method Not Allowed")
        model = request.path.removeprefix(f"{_BASE}/models/")
        if model in {*self.speech_models, *self.transcription_models}:
            return answer_with(200, f"Model '{model}' already exists")
        self.speech_models.append(model)
        return answer_with(201, f"Model '{model}' downloaded")

    async def _tell_health(self, _: RecordedRequest, __: str) -> web.Response:
        if self.dialect.is_openai:
            raise refused(404, "Not Found")
        return answer_with(200, {"status": "healthy"})

    # --- money

    def _reserve(self, request_id: str, price_usd: Decimal) -> None:
        if not self.dialect.is_openai:
            return
        try:
            self.ledger.accept(request_id, price_usd)
        except BalanceTooLow as exc:
            raise Refused(NO_QUOTA) from exc

    def _charge(self, request_id: str, price_usd: Decimal) -> None:
        if self.dialect.is_openai:
            self.ledger.charge(request_id, request_id, price_usd, self.clock.now_s())
            self.ledger.close(request_id)


def _streamed(content: bytes, sound: Sound, behaviour: Behaviour) -> bytes:
    """Who streams WAV does not know its length yet."""
    if sound.format != "wav" or behaviour.wav_size is None:
        return content
    return with_placeholder_sizes(content, behaviour.wav_size)


def _stream(content: bytes, content_type: str) -> web.Response:
    answer = answer_with(200, content, {"Content-Type": content_type})
    answer.enable_chunked_encoding()
    return answer
