"""Every provider as a subject of the contract: an everyday request, its service on loopback, and how that can be odd.

A new provider is one more `Subject` here. A family that answers in several ways has one for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from app.domain.request import GenerationRequest
from app.domain.service import Service
from app.providers.registry import AIMLAPI, CAMB, LOCAL, OPENAI, RUNINFRA, RUNWARE
from tests.servers import aimlapi, camb, openai_server, runinfra, runware
from tests.servers.aimlapi import AimlapiServer, GenerationError
from tests.servers.camb import CambServer, TaskFailure
from tests.servers.openai_dialects import OPENEDAI
from tests.servers.openai_server import OpenAIServer
from tests.servers.pace import PollDriven
from tests.servers.runinfra import RunInfraServer
from tests.servers.runware import RunwareServer
from tests.servers.runware_jobs import PROVIDER_TIMEOUT

Server = RunwareServer | AimlapiServer | CambServer | RunInfraServer | OpenAIServer
Arrange = Callable[[Any], None]
"""Tells a server how to behave."""

RESULT_S = 0.3
PLENTY_USD = Decimal(100_000)


@dataclass(frozen=True)
class Refusing:
    """How a service words an error answer.

    Attributes:
        body: From the HTTP status, a message and the task's own key to its JSON.
        code: What the service calls that status, as `ProviderError.code` has it.
    """

    body: Callable[[int, str, UUID], object]
    code: Callable[[int], str]


@dataclass(frozen=True)
class Subject:
    """One provider, and one of its ways to answer.

    Attributes:
        request: What is asked for where any request will do; several takes where one request makes several.
        serve: Makes its service; None runs in this process and sends nothing.
        submit, poll: Phases of the service; `poll` is None where everything comes with the answer to the submit.
        refusing: None where nobody refuses anything.
        unlisted: Models that the catalogue doesn't list and the service has.
        arrange: How the service always behaves for this subject.
        oddities: Ways of a healthy service to answer otherwise than usual, by what is odd.
        fail_one: The second of several takes can't be made.
        fail_all: No take can be made.
        renew_links: A poll after the end of a link brings a fresh one.
        tells_cost: The service says in dollars what it takes, and what is left.
        has_links: Results lie behind links to another host; else the service hands them out under the key.
        most_answer_bytes: More than it reads of one answer; 0 where the answer is the audio itself.
        busy_at: Statuses that say that nothing was started, and that it may be asked again.
        is_unbilled: Nothing is charged, and what was lost is made again.
        needs_key: Nothing is asked of the service without a key.
    """

    name: str
    service: Service
    request: GenerationRequest
    serve: Callable[..., Server] | None = None
    key: str = ""
    submit: str = "submit"
    poll: str | None = "poll"
    refusing: Refusing | None = None
    unlisted: tuple[str, ...] = ()
    arrange: Arrange = lambda _: None
    oddities: Mapping[str, Arrange] = field(default_factory=dict)
    fail_one: Arrange | None = None
    fail_all: Arrange | None = None
    renew_links: Arrange | None = None
    tells_cost: bool = True
    has_links: bool = True
    most_answer_bytes: int = 17 << 20
    busy_at: tuple[int, ...] = (429,)
    is_unbilled: bool = False
    needs_key: bool = True

    @property
    def provider_id(self) -> str:
        return self.service.id

    @property
    def paid(self) -> int:
        """How often money is taken for its request."""
        return 0 if self.is_unbilled else self.request.takes

    # Why a case isn't for this subject; None where it is.

    def sends_nothing(self) -> str | None:
        return "it runs in this process and sends nothing" if self.serve is None else None

    def asks_without_a_key(self) -> str | None:
        return self.sends_nothing() or (None if self.needs_key else "a server of the user’s own may need no key")

    def is_never_polled(self) -> str | None:
        return self.sends_nothing() or (None if self.poll else "there is no job to ask about")

    def answers_with_audio(self) -> str | None:
        return self.sends_nothing() or ("its answer is the audio itself" if not self.most_answer_bytes else None)

    def gives_no_links(self) -> str | None:
        return self.answers_with_audio() or (None if self.has_links else "the service hands results out itself")

    def hides_cost(self) -> str | None:
        return self.sends_nothing() or (None if self.tells_cost else "what it costs is told in credits")

    def makes_one_take(self) -> str | None:
        return None if self.fail_one else "one request makes one take, or none can be made to fail"

    def never_fails(self) -> str | None:
        return None if self.fail_all else "nothing can be made to fail"


def having(**changes: Any) -> Arrange:
    """Sets attributes of a server's behaviour."""

    def arrange(server: Any) -> None:
        server.behaviour = replace(server.behaviour, **changes)

    return arrange


_CODES_OF_RUNWARE = {
    401: "invalidApiKey",
    402: "insufficientCredits",
    403: "permissionDenied",
    404: "modelNotFound",
    429: "rateLimitExceeded",
    500: "internalServerError",
    502: "badGateway",
    503: "serviceUnavailable",
}


def _body_of_runware(status: int, message: str, key: UUID) -> object:
    error = {"code": _CODES_OF_RUNWARE[status], "message": message, "taskUUID": str(key)}
    nonsense = {"allowedValues": [{"a": [1]}, None, True, "<b>loud</b>"], "responseContent": {"reason": message}}
    return {"errors": [error | nonsense]}


def _body_of_aimlapi(status: int, message: str, _: UUID) -> object:
    return {"message": message, "path": "/v2/generate/audio", "requestId": "c0ffee", "statusCode": status}


_LOCAL = Subject(
    "local", LOCAL, GenerationRequest("local", "sketch", "rain on a roof", takes=2, duration_s=0.2), is_unbilled=True
)

_RUNWARE = Subject(
    "runware",
    RUNWARE,
    GenerationRequest("runware", "bytedance:seed-audio@1.0", "Rain on a tin roof.", takes=3),
    serve=partial(
        RunwareServer,
        result_seconds=RESULT_S,
        honours_duration=False,
        balance=PLENTY_USD,
        pace=PollDriven(before=1, between=1),
    ),
    key=runware.KEY,
    refusing=Refusing(_body_of_runware, lambda status: _CODES_OF_RUNWARE[status]),
    unlisted=("mirelo:1@1",),
    oddities={
        "an unknown word for running": having(running_word="dreaming"),
        "no ids, but numbers": having(with_audio_uuid=False, with_result_index=True),
        "neither ids nor numbers": having(with_audio_uuid=False),
        "no costs": having(with_cost=False),
        "everything twice": having(duplicated=True),
        "last come first": having(reordered=True),
        "fields that nobody knows": having(extra={"surprise": {"deep": [1, None]}, "costs": "much"}),
        "an acknowledgement of nothing": lambda server: setattr(server, "ack_empty", True),
        "progress": having(progress=True),
    },
    fail_one=having(failing={1: PROVIDER_TIMEOUT}),
    fail_all=having(whole_failure=PROVIDER_TIMEOUT),
    most_answer_bytes=257 << 20,
)

_AIMLAPI = Subject(
    "aimlapi",
    AIMLAPI,
    GenerationRequest("aimlapi", "stable-audio", "Distant thunder.", duration_s=1.0),
    serve=partial(
        AimlapiServer,
        result_seconds=RESULT_S,
        honours_duration=False,
        balance=PLENTY_USD,
        pace=PollDriven(before=1),
        extra_models=["acme/new-sounds"],
    ),
    key=aimlapi.KEY,
    refusing=Refusing(_body_of_aimlapi, str),
    unlisted=("acme/new-sounds",),
    oddities={
        "unknown words for waiting": having(queued_word="dreaming", generating_word="waking up"),
        "the other word for finished": having(finished_word="complete"),
        "201": having(create_status=201),
        "a bare UUID as the id": having(id_style="uuid"),
        "a short id": having(id_style="short"),
        "absent fields": having(absent="missing"),
        "nothing about the file": having(with_file_details=False),
        "no cost": having(with_usage=False),
        "credits alone": having(with_usd=False),
        "a reserved cost at once": having(usage_on_create=True),
        "fields that nobody knows": having(extra={"surprise": {"deep": [1, None]}, "costs": "much"}),
    },
    fail_all=having(failure=GenerationError("GenerationError", "the GPU caught fire")),
    renew_links=having(fresh_links=True),
)

_SPEECH_BY_LINK = replace(
    _AIMLAPI,
    name="aimlapi speech by link",
    request=GenerationRequest("aimlapi", "openai/tts-1", "We leave at first light."),
    submit="tts",
    poll=None,
    oddities={
        "the link as a mere text": having(speech_answer="string"),
        "no cost": having(with_usage=False),
    },
    fail_all=None,
    renew_links=None,
)

_SPEECH_ITSELF = replace(
    _SPEECH_BY_LINK,
    name="aimlapi speech itself",
    arrange=having(speech_answer="bytes"),
    oddities={
        "a type that says nothing": having(speech_content_type="application/octet-stream"),
        "a type that lies": having(speech_content_type="text/plain"),
    },
    most_answer_bytes=0,
)


def _body_of_camb(status: int, message: str, _: UUID) -> object:
    return {"detail": message, "code": str(status)}


_CAMB = Subject(
    "camb",
    CAMB,
    GenerationRequest("camb", "text-to-sound", "Heavy wooden door slams.", duration_s=1.0),
    serve=partial(
        CambServer,
        music_seconds=RESULT_S,
        sound_seconds=RESULT_S,
        speech_seconds=RESULT_S,
        honours_duration=False,
        balance=PLENTY_USD,
        pace=PollDriven(before=1),
    ),
    key=camb.KEY,
    refusing=Refusing(_body_of_camb, str),
    unlisted=("mars-8.1-pro-beta",),
    oddities={
        "another word for waiting": having(pending_word="QUEUED"),
        "an unknown word for waiting": having(pending_word="dreaming"),
        "small letters": having(pending_word="pending", success_word="success"),
        "a run id in a text": having(run_id_as_text=True),
        "a result of another format": having(result_format="flac"),
        "a type that says nothing": having(result_content_type="application/octet-stream"),
        "fields that nobody knows": having(extra={"surprise": {"deep": [1, None]}, "message": {}}),
    },
    fail_all=having(failure=TaskFailure("ERROR", "PROCESSING_ERROR", {"detail": "the GPU caught fire"})),
    tells_cost=False,
    has_links=False,
)

_CAMB_SPEECH = replace(
    _CAMB,
    name="camb speech",
    request=GenerationRequest("camb", "mars-flash", "We leave at first light."),
    submit="speech",
    poll=None,
    oddities={
        "no credits": having(with_credits=False),
        "sizes that stand for nothing": having(speech_wav_size=0xFFFF_FFFF),
    },
    fail_all=None,
    most_answer_bytes=0,
)


def _body_of_openai(status: int, message: str, _: UUID) -> object:
    return {"error": {"message": message, "type": "a_type", "param": None, "code": f"code_{status}"}}


_RUNINFRA = Subject(
    "runinfra",
    RUNINFRA,
    GenerationRequest("runinfra", "kokoro", "We leave at first light."),
    serve=partial(RunInfraServer, speech_seconds=RESULT_S, balance=PLENTY_USD),
    key=runinfra.KEY,
    submit="speech",
    poll=None,
    refusing=Refusing(_body_of_openai, lambda status: f"code_{status}"),
    oddities={
        "another format than asked for": having(produces="flac"),
        "sizes that stand for nothing": having(produces="wav", wav_size=0xFFFF_FFFF),
        "a type that says nothing": having(speech_content_type="application/octet-stream"),
    },
    tells_cost=False,
    has_links=False,
    most_answer_bytes=0,
    busy_at=(429, 503),
)

_OPENAI = Subject(
    "openai",
    OPENAI,
    GenerationRequest("openai", "tts-1", "We leave at first light."),
    # On loopback it is a server of the user's own. OpenAI itself is known by its address.
    serve=partial(
        OpenAIServer,
        replace(OPENEDAI, rates_hz={}),
        keys=[openai_server.KEY],
        speech_seconds=RESULT_S,
        extra_speech_models=["gpt-4o-mini-tts"],
    ),
    key=openai_server.KEY,
    submit="speech",
    poll=None,
    refusing=Refusing(_body_of_openai, lambda status: f"code_{status}"),
    oddities={
        "WAV, whatever was asked for": having(ignores_format=True),
        "audio inside JSON": having(speech_answer="json"),
        "a type that says nothing": having(speech_content_type="application/octet-stream"),
    },
    tells_cost=False,
    has_links=False,
    most_answer_bytes=0,
    is_unbilled=True,
    needs_key=False,
)

SUBJECTS = (*(_LOCAL, _RUNWARE, _CAMB, _CAMB_SPEECH, _RUNINFRA, _AIMLAPI, _SPEECH_BY_LINK, _SPEECH_ITSELF, _OPENAI),)
