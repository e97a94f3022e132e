"""Camb's text to sound and streamed speech on loopback.

    async with CambServer(pace=PollDriven(before=1)) as server:     # one PENDING, then SUCCESS
        server.url                                                  # base URL to configure, ends in /apis
        server.behaviour.failure = TaskFailure("ERROR", "PROCESSING_ERROR", {"detail": "the model broke"})
        server.faults.at("result", Instead(500, "busy"))
        server.files.expire_all()                                   # links die; the result gives new ones
        ...
        assert len(server.ledger.charges) == 1
        assert server.files.violations == []

Phases: submit (POST /text-to-sound), poll, result (raw bytes or a link), results (links of several runs), speech
(POST /tts-stream), voices, languages, create_voice, other. Files behind links are fetched from `server.files` (phase
download).

Source: docs.camb.ai (2026-08) and camb-ai/cambai-python-sdk 1.6.6.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal
from uuid import uuid4

from aiohttp import web

from tests.servers import camb_fields
from tests.servers.fastapi_errors import Place, unprocessable
from tests.servers.faults import answer_with
from tests.servers.fields import Kind, OneOf, Problem
from tests.servers.file_host import FileHost
from tests.servers.forms import FieldKind, NotAForm, Part, read_form, typed
from tests.servers.ledger import BalanceTooLow, Ledger
from tests.servers.pace import Pace, PollDriven, TimeDriven
from tests.servers.recording import KeySeen, NotJson, RecordedRequest
from tests.servers.serving import LoopbackService
from tests.servers.sounds import Sound, with_placeholder_sizes
from tests.servers.transcribing import NotAudio, seconds_of

KEY = "camb-test-key"
NARRATOR_ID = 147320
_BASE = "/apis"
_KEY_HEADER = "x-api-key"
_FIRST_RUN_ID = 48_213
_FIRST_CUSTOM_VOICE_ID = 99_001
_OUTPUT_TYPES = OneOf("raw_bytes", "file_url")
_VOICE_FIELD_KINDS: Mapping[str, FieldKind] = {
    "gender": "whole",
    "age": "whole",
    "language": "whole",
    "enhance_audio": "flag",
    "publish_voice_to_market_place": "flag",
}

VOICES: tuple[Mapping[str, Any], ...] = (
    {
        "id": NARRATOR_ID,
        "voice_name": "Narrator A",
        "gender": 2,
        "age": 35,
        "language": 1,
        "transcript": None,
        "description": "Warm",
        "is_published": True,
        "signed_url": None,
    },
    {
        "id": 147_321,
        "voice_name": "Old Sailor",
        "gender": 1,
        "age": 70,
        "language": 31,
        "transcript": "The storm is coming.",
        "description": None,
        "is_published": False,
        "signed_url": None,
    },
    {"id": 147_322, "voice_name": "Nobody", "gender": 0, "surprise": {"deep": [1]}},
)


@dataclass(frozen=True)
class TaskFailure:
    """How a task ends without a result."""

    status: str = "ERROR"
    reason: str | None = "PROCESSING_ERROR"
    message: str | Mapping[str, Any] | None = "Generation failed"


OUT_OF_CREDITS = TaskFailure("PAYMENT_REQUIRED", "PAYMENT_REQUIRED", "Not enough credits")
TIMED_OUT = TaskFailure("TIMEOUT", None, None)
HARMFUL = TaskFailure("ERROR", "HARMFUL_CONTENT_DETECTED", "The prompt was refused")


@dataclass
class Behaviour:
    """How Camb behaves from now on; a task keeps what held when it was created.

    Attributes:
        with_task_id: Whether the create answer tells the id (the task runs all the same).
        pending_word, success_word: The words of `status`.
        failure: The task fails when it would be ready.
        run_id_as_text: Whether `run_id` is a string of digits.
        extra: Fields added to every status.
        result_format: What results really are: wav, flac or mp3.
        result_content_type: What the raw answer and the file host call them; None for their real type.
        link_key: The key that holds the link; "alternate" begins with `file_url`.
        too_poor: A balance too low is told at once (402), or as the status PAYMENT_REQUIRED.
        speech_wav_size: What streamed speech in WAV gives for its sizes; None for the true ones.
        with_credits: Whether speech tells its cost in X-Credits-Required.
    """

    with_task_id: bool = True
    pending_word: str = "PENDING"
    success_word: str = "SUCCESS"
    failure: TaskFailure | None = None
    run_id_as_text: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    result_format: Literal["wav", "flac", "mp3"] = "wav"
    result_content_type: str | None = None
    link_key: Literal["file_url", "output_url", "alternate"] = "alternate"
    too_poor: Literal["402", "status"] = "402"
    speech_wav_size: int | None = None
    with_credits: bool = True


@dataclass
class SoundTask:
    """One accepted task. `run_id` is told once it is done."""

    id: str
    run_id: int
    body: Mapping[str, Any]
    sound: Sound
    behaviour: Behaviour
    accepted_at_s: float
    polls: int = 0
    done: bool = False


class CambServer(LoopbackService):
    """Camb on loopback, with its file host.

    Args:
        keys: The API keys that are accepted, in the header x-api-key.
        balance: What the account holds, in USD; a credit is worth an invented thousandth of one.
        music_seconds: Length of all music; `duration` counts for sounds only.
        honours_duration: Whether a sound has its `duration` (else 8 s), and speech the one it asks for; if not they
            have `sound_seconds` and `speech_seconds`.
        sound_seconds: See `honours_duration`.
        speech_seconds: Length of speech at the usual speed.
        pace: When a task becomes ready.
        link_valid_s: How long links live; no lifetime is published.
        link_gone_status: What the file host answers for a dead link: 403, 404 or 410.
        unknown_voice_status: What no document says: how an unknown `voice_id` is refused.

    Attributes:
        files: The file host, another origin. `files.violations` must stay empty.
        ledger: Charges by task id, or by an id of its own for speech.
        tasks: Every accepted task, by id.
        voices: What /list-voices tells; custom voices join it.
        other_runs: Run ids of another kind, which have no sound (400).
        behaviour: How things accepted from now on turn out.
    """

    def __init__(
        self,
        *,
        keys: Iterable[str] = (KEY,),
        balance: Decimal = Decimal(10),
        music_seconds: float = 12.0,
        honours_duration: bool = True,
        sound_seconds: float = 2.0,
        speech_seconds: float = 2.0,
        pace: Pace | None = None,
        link_valid_s: float | None = 3600.0,
        link_gone_status: int = 403,
        unknown_voice_status: int = 404,
        port: int = 0,
        files_port: int = 0,
    ) -> None:
        self.keys = set(keys)
        self.files = FileHost(port=files_port, gone_status=link_gone_status, secrets=self.keys)
        super().__init__(port=port, clock=self.files.clock, companions=[self.files])
        self.music_seconds = music_seconds
        self.honours_duration = honours_duration
        self.sound_seconds = sound_seconds
        self.speech_seconds = speech_seconds
        self.pace: Pace = pace or PollDriven()
        self.ticks = isinstance(self.pace, TimeDriven)
        self.link_valid_s = link_valid_s
        self.unknown_voice_status = unknown_voice_status
        self.behaviour = Behaviour()
        self.ledger = Ledger(balance)
        self.tasks: dict[str, SoundTask] = {}
        self.voices: list[Mapping[str, Any]] = list(VOICES)
        self.other_runs: set[int] = set()
        self._made = 0
        self._links = 0
        self._voices_made = 0

    @property
    def url(self) -> str:
        """The base URL to configure."""
        return f"{self.origin}{_BASE}"

    def settle(self) -> None:
        """Let every accepted task run to its end, as it would without being asked."""
        for task in list(self.tasks.values()):
            self._complete(task)

    def phase_of(self, request: RecordedRequest) -> str:
        root, _, path = request.path.removeprefix(_BASE).partition("/")
        if root or not request.path.startswith(_BASE):
            return "other"
        exact = {
            ("POST", "text-to-sound"): "submit",
            ("POST", "text-to-sound-results"): "results",
            ("POST", "tts-stream"): "speech",
            ("GET", "list-voices"): "voices",
            ("GET", "source-languages"): "languages",
            ("GET", "target-languages"): "languages",
            ("POST", "create-custom-voice"): "create_voice",
        }.get((request.method, path))
        head, _, tail = path.partition("/")
        below = {"text-to-sound": "poll", "text-to-sound-result": "result"}.get(head) if tail else None
        return exact or (below if request.method == "GET" else None) or "other"

    def key_seen(self, authorization: str | None) -> KeySeen:
        """Camb looks at no Authorization header."""
        return "none"

    def conceal_key(self, request: RecordedRequest) -> None:
        key = request.headers.get(_KEY_HEADER)
        if key is not None:
            request.key = "right" if key in self.keys else "wrong"
            request.headers = {name: value for name, value in request.headers.items() if name != _KEY_HEADER}

    async def answer(self, request: RecordedRequest) -> web.Response:
        answers = {
            "submit": self._create,
            "poll": self._tell,
            "result": self._give,
            "results": self._give_several,
            "speech": self._speak,
            "voices": self._tell_voices,
            "languages": self._tell_languages,
            "create_voice": self._create_voice,
        }
        act = answers.get(request.phase)
        if act is None:
            return _detail(404, "Not Found")
        if request.key != "right":
            return answer_with(401, {"error": "Invalid API key", "status": 401})
        allowed = {"output_type"} if request.phase == "result" else set()
        if unknown := [name for name in request.query if name not in allowed]:
            problems = [Problem(Kind.UNKNOWN, name, "not supported here") for name in unknown]
            return unprocessable(problems, dict(request.query), "query")
        return await act(request)

    async def tick(self) -> None:
        """In time, tasks end without being asked."""
        for task in list(self.tasks.values()):
            if self._is_ready(task):
                self._complete(task)

    async def _create(self, request: RecordedRequest) -> web.Response:
        body, refused = _json_of(request)
        if refused is None and (problems := camb_fields.problems_of_sound(body)):
            refused = unprocessable(problems, body)
        if refused is not None:
            return refused
        behaviour, task_id = copy(self.behaviour), str(uuid4())
        if not self._reserve(task_id, camb_fields.PRICE_PER_SOUND_USD):
            if behaviour.too_poor == "402":
                return _detail(402, "Not enough credits")
            behaviour.failure = OUT_OF_CREDITS
        sound = replace(camb_fields.sound_of(body, self.music_seconds), format=behaviour.result_format)
        if not self.honours_duration:
            sound = replace(sound, seconds=self.sound_seconds)
        self.tasks[task_id] = SoundTask(
            id=task_id,
            run_id=_FIRST_RUN_ID + self._made,
            body=body,
            sound=sound.numbered(self._made),
            behaviour=behaviour,
            accepted_at_s=self.clock.now_s(),
        )
        self._made += 1
        request.note = body.get("audio_type", "sound")
        return answer_with(200, {"task_id": task_id} if behaviour.with_task_id else {})

    async def _tell(self, request: RecordedRequest) -> web.Response:
        task = self.tasks.get(request.path.rpartition("/")[2])
        if task is None:
            return _detail(404, "Not found")
        task.polls += 1
        if self._is_ready(task):
            self._complete(task)
        return answer_with(200, _status(task))

    async def _give(self, request: RecordedRequest) -> web.Response:
        asked = request.path.rpartition("/")[2]
        if not asked.isdigit():
            return _wrong_value("run_id", asked, "integer", "path")
        output_type = request.query.get("output_type", "raw_bytes")
        if problems := list(_OUTPUT_TYPES.check(output_type, "output_type")):
            return unprocessable(problems, {"output_type": output_type}, "query")
        task, refused = self._finished_run(int(asked))
        if task is None:
            return refused
        if output_type == "file_url":
            return answer_with(200, {self._link_key(task): self._publish(task)})
        content = await asyncio.to_thread(task.sound.encoded)
        answer = answer_with(200, content, {"Content-Type": _content_type(task)})
        answer.enable_chunked_encoding()
        return answer

    async def _give_several(self, request: RecordedRequest) -> web.Response:
        body, refused = _json_of(request)
        if refused is None and (problems := list(camb_fields.BULK.check(body, ""))):
            refused = unprocessable(problems, body)
        if refused is not None:
            return refused
        links: dict[str, Any] = {}
        for run_id in body["run_ids"]:
            task, refused = self._finished_run(run_id)
            if task is None:
                return refused
            links[str(run_id)] = {"output_url": self._publish(task)}
        return answer_with(200, links)

    async def _speak(self, request: RecordedRequest) -> web.Response:
        body, refused = _json_of(request)
        if refused is None and (problems := camb_fields.problems_of_speech(body)):
            refused = unprocessable(problems, body)
        if refused is not None:
            return refused
        if not any(voice["id"] == body["voice_id"] for voice in self.voices):
            return _detail(self.unknown_voice_status, "Voice not found")
        price_usd, speech_id = camb_fields.PRICE_PER_CHARACTER_USD * len(body["text"]), str(uuid4())
        if not self._reserve(speech_id, price_usd):
            return _detail(402, "Not enough credits")
        behaviour, speech_format = copy(self.behaviour), camb_fields.speech_format_of(body)
        sound = camb_fields.speech_of(body, self.speech_seconds).numbered(self._made)
        if not self.honours_duration:
            sound = replace(sound, seconds=self.speech_seconds)
        self._made += 1
        content = await asyncio.to_thread(camb_fields.encoded_speech, sound, speech_format)
        if speech_format == "wav" and behaviour.speech_wav_size is not None:
            content = with_placeholder_sizes(content, behaviour.speech_wav_size)
        self.ledger.charge(speech_id, speech_id, price_usd, self.clock.now_s())
        self.ledger.close(speech_id)
        request.note = f"{body.get('speech_model', camb_fields.DEFAULT_SPEECH_MODEL)} {speech_format}"
        headers = {"Content-Type": camb_fields.speech_content_type(speech_format)}
        if behaviour.with_credits:
            headers["X-Credits-Required"] = f"{price_usd * camb_fields.CREDITS_PER_USD:f}"
        answer = answer_with(200, content, headers)
        answer.enable_chunked_encoding()
        return answer

    async def _tell_voices(self, _: RecordedRequest) -> web.Response:
        return _list_answer(self.voices)

    async def _tell_languages(self, _: RecordedRequest) -> web.Response:
        return _list_answer(camb_fields.LANGUAGES)

    async def _create_voice(self, request: RecordedRequest) -> web.Response:
        try:
            parts = read_form(request.headers.get("content-type", ""), request.content)
            fields = {part.name: typed(part.text(), _kind_of(part)) for part in parts if part.name != "file"}
        except NotAForm as exc:
            return _detail(422, str(exc))
        problems = list(camb_fields.CUSTOM_VOICE.check(fields, ""))
        files = [part for part in parts if part.name == "file"]
        if len(files) != 1 or not files[0].file_name:
            problems.append(Problem(Kind.MISSING, "file", "file: is required"))
        if problems:
            return unprocessable(problems, fields)
        try:
            await asyncio.to_thread(seconds_of, files[0].content)
        except NotAudio:
            return _detail(400, "The file could not be read as audio")
        voice_id = _FIRST_CUSTOM_VOICE_ID + self._voices_made
        self._voices_made += 1
        published = fields.get("publish_voice_to_market_place", False)
        known = {name: fields.get(name) for name in ("voice_name", "gender", "age", "language", "description")}
        self.voices.append({"id": voice_id, **known, "is_published": published, "transcript": None, "signed_url": None})
        return answer_with(200, {"voice_id": voice_id})

    def _finished_run(self, run_id: int) -> tuple[SoundTask | None, web.Response]:
        """The task of a run that has a result, or else why there is none."""
        if run_id in self.other_runs:
            return None, _detail(400, "This run is not a text-to-sound run")
        task = next((task for task in self.tasks.values() if task.run_id == run_id), None)
        if task is None or not task.done or task.behaviour.failure is not None:
            return None, _detail(404, "Not found")
        return task, web.Response()

    def _reserve(self, task: str, price_usd: Decimal) -> bool:
        try:
            self.ledger.accept(task, price_usd)
        except BalanceTooLow:
            return False
        return True

    def _is_ready(self, task: SoundTask) -> bool:
        return self.pace.ready(task.polls, self.clock.now_s() - task.accepted_at_s) > 0

    def _complete(self, task: SoundTask) -> None:
        if task.done:
            return
        task.done = True
        if task.behaviour.failure is None:
            self.ledger.charge(task.id, str(task.run_id), camb_fields.PRICE_PER_SOUND_USD, self.clock.now_s())
        self.ledger.close(task.id)

    def _link_key(self, task: SoundTask) -> str:
        if task.behaviour.link_key != "alternate":
            return task.behaviour.link_key
        return ("file_url", "output_url")[self._links % 2]

    def _publish(self, task: SoundTask) -> str:
        """A fresh link; older ones go on living until they expire."""
        self._links += 1
        return self.files.publish(
            f"/sounds/{self._links}/{task.run_id}.{task.sound.suffix}",
            task.sound.encoded,
            content_type=_content_type(task),
            valid_s=self.link_valid_s,
            query=f"sig={uuid4().hex}",
        )


def _status(task: SoundTask) -> dict[str, Any]:
    behaviour = task.behaviour
    if not task.done:
        told: dict[str, Any] = {"status": behaviour.pending_word, "run_id": None}
    elif behaviour.failure is not None:
        failure = behaviour.failure
        told = {
            "status": failure.status,
            "run_id": None,
            "exception_reason": failure.reason,
            "message": failure.message,
        }
    else:
        run_id = str(task.run_id) if behaviour.run_id_as_text else task.run_id
        told = {"status": behaviour.success_word, "run_id": run_id}
    return told | dict(behaviour.extra)


def _content_type(task: SoundTask) -> str:
    return task.behaviour.result_content_type or task.sound.content_type


def _kind_of(part: Part) -> FieldKind:
    return _VOICE_FIELD_KINDS.get(part.name, "text")


def _json_of(request: RecordedRequest) -> tuple[Any, web.Response | None]:
    """The body, or the refusal of what is no JSON object."""
    try:
        body = request.body
    except NotJson:
        body = None
    if not isinstance(body, dict) or "application/json" not in request.headers.get("content-type", ""):
        wrong = {"loc": ["body"], "msg": "Input should be a valid dictionary", "type": "model_attributes_type"}
        return None, answer_with(422, {"detail": [wrong]})
    return body, None


def _wrong_value(name: str, value: object, expected: str, place: Place) -> web.Response:
    return unprocessable([Problem(Kind.TYPE, name, f"{name}: wrong", expected)], {name: value}, place)


def _list_answer(items: Iterable[Mapping[str, Any]]) -> web.Response:
    return answer_with(200, [dict(item) for item in items])


def _detail(status: int, message: str) -> web.Response:
    return answer_with(status, {"detail": message})
