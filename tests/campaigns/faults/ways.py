"""Every provider and every way of it to answer, with what its documents say about lost answers and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path

from app.domain.request import GenerationRequest, InputFile, TranscriptionRequest
from app.providers.registry import OPENAI
from tests.providers.contract.subjects import SUBJECTS, Subject
from tests.servers import openai_server, runinfra
from tests.servers.openai_dialects import OPENAI as OPENAI_ITSELF
from tests.servers.openai_dialects import OPENEDAI
from tests.servers.openai_server import OpenAIServer
from tests.servers.runinfra import RunInfraServer
from tests.servers.sounds import Sound
from tests.servers.transcribing import spoken


class Phase(Enum):
    """Where on the way from a click to a file something goes wrong."""

    UPLOAD = "upload"  # the first question, about an input
    SUBMIT = "submit"  # the one call that costs money, until what it answers is known
    FIND = "find"  # the question what became of a submit whose answer was lost
    AGAIN = "again"  # the second sending, of what was lost and may have been taken
    BODY = "body"  # audio that comes with the answer
    POLL = "poll"
    RESULT = "result"


class Recovers(Enum):
    """What DESIGN section 5 lets the app do by itself about a lost answer of the service.

    Source: the retry rules of each service, providers/*.md.
    """

    BY_ASKING = "by asking"  # Runware: getResponse, else the same body under the same taskUUID
    BY_REPLAY = "by replay"  # RunInfra: the identical body with the same key within 24 h
    NOT = "not"  # Camb.ai, AI/ML API, OpenAI: the user decides
    FOR_NOTHING = "for nothing"  # a server on this computer: made again, nothing is billed


@dataclass(frozen=True)
class Way:
    """
    Attributes:
        subject: Its service on loopback.
        phases: Which phases of the service each of ours is; what it doesn't have is left out.
        writes: A transcript instead of takes.
        with_clip: A reference clip goes along.
        is_json: The submit is answered with JSON.
        has_links: Results lie at another host, behind links; else the service hands them out under its key.
        has_job: It can be asked again about a result whose link is over.
        address: The public address at which it is what it is; loopback stands in for it.
    """

    name: str
    subject: Subject
    recovers: Recovers
    phases: Mapping[Phase, tuple[str, ...]]
    writes: bool = False
    with_clip: bool = False
    is_json: bool = True
    has_links: bool = False
    has_job: bool = False
    address: str = ""

    @property
    def worth(self) -> int:
        """How many charges one click is."""
        return 0 if self.recovers is Recovers.FOR_NOTHING else max(self.subject.request.takes, 1)

    @property
    def takes(self) -> int:
        return 0 if self.writes else self.subject.request.takes

    def request(self, home: Path) -> GenerationRequest | TranscriptionRequest:
        """What is asked for; its files are made below `home`."""
        wanted = self.subject.request
        if self.writes:
            recording = _file(home, "interview.wav", spoken("alfa bravo charlie delta"))
            return TranscriptionRequest(wanted.provider, wanted.model, InputFile(recording))
        if self.with_clip:
            clip = _file(home, "voice.wav", Sound("wav", 8_000, 1, 5.0).encoded())
            return replace(wanted, references=(InputFile(clip),))
        return wanted


def _file(home: Path, name: str, content: bytes) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    path = home / name
    path.write_bytes(content)
    return path


_BY_NAME = {subject.name: subject for subject in SUBJECTS}
_RUNWARE = _BY_NAME["runware"]
_RUNINFRA = _BY_NAME["runinfra"]
_OWN = _BY_NAME["openai"]

_RUNINFRA_WRITING = replace(
    _RUNINFRA,
    name="runinfra transcription",
    request=GenerationRequest("runinfra", "whisper-large-v3", ""),
    serve=partial(RunInfraServer, balance=_RUNINFRA.serve.keywords["balance"]),  # type: ignore[union-attr]
    key=runinfra.KEY,
    submit="transcription",
    most_answer_bytes=65 << 20,
)
_OWN_WRITING = replace(
    _OWN,
    name="own server transcription",
    request=GenerationRequest("openai", "whisper-1", ""),
    serve=partial(
        OpenAIServer, replace(OPENEDAI, rates_hz={}, transcription_models=("whisper-1",)), keys=[openai_server.KEY]
    ),
    submit="transcription",
    most_answer_bytes=65 << 20,
)
_OPENAI = replace(
    _OWN,
    name="openai itself",
    serve=partial(OpenAIServer, OPENAI_ITSELF, keys=[openai_server.KEY], speech_seconds=0.3),
    request=GenerationRequest("openai", "tts-1", "We leave at first light.", voice="alloy"),
    is_unbilled=False,
    needs_key=True,
)
_OPENAI_WRITING = replace(
    _OPENAI,
    name="openai itself, transcription",
    request=GenerationRequest("openai", "whisper-1", ""),
    submit="transcription",
    most_answer_bytes=65 << 20,
)

WAYS = (
    Way(
        "runware",
        _RUNWARE,
        Recovers.BY_ASKING,
        {
            Phase.SUBMIT: ("submit",),
            Phase.FIND: ("poll", "details"),
            Phase.AGAIN: ("submit",),
            Phase.POLL: ("poll", "details"),
            Phase.RESULT: ("download",),
        },
        has_links=True,
        has_job=True,
    ),
    Way(
        "runware with a clip",
        replace(_RUNWARE, name="runware with a clip", request=replace(_RUNWARE.request, takes=1)),
        Recovers.BY_ASKING,
        {Phase.UPLOAD: ("upload",)},
        with_clip=True,
        has_links=True,
        has_job=True,
    ),
    Way(
        "camb",
        _BY_NAME["camb"],
        Recovers.NOT,
        {Phase.SUBMIT: ("submit",), Phase.POLL: ("poll",), Phase.RESULT: ("result",)},
        has_job=True,
    ),
    Way(
        "camb speech",
        _BY_NAME["camb speech"],
        Recovers.NOT,
        {Phase.SUBMIT: ("speech",), Phase.BODY: ("speech",)},
        is_json=False,
    ),
    Way(
        "runinfra speech",
        _RUNINFRA,
        Recovers.BY_REPLAY,
        {Phase.SUBMIT: ("speech",), Phase.BODY: ("speech",), Phase.AGAIN: ("speech",)},
        is_json=False,
    ),
    Way(
        "runinfra transcription",
        _RUNINFRA_WRITING,
        Recovers.BY_REPLAY,
        {Phase.SUBMIT: ("transcription",), Phase.AGAIN: ("transcription",)},
        writes=True,
    ),
    Way(
        "aimlapi",
        _BY_NAME["aimlapi"],
        Recovers.NOT,
        {Phase.SUBMIT: ("submit",), Phase.POLL: ("poll",), Phase.RESULT: ("download",)},
        has_links=True,
        has_job=True,
    ),
    Way(
        "aimlapi speech by link",
        _BY_NAME["aimlapi speech by link"],
        Recovers.NOT,
        {Phase.SUBMIT: ("tts",), Phase.RESULT: ("download",)},
        has_links=True,
    ),
    Way(
        "aimlapi speech itself",
        _BY_NAME["aimlapi speech itself"],
        Recovers.NOT,
        {Phase.SUBMIT: ("tts",), Phase.BODY: ("tts",)},
        is_json=False,
    ),
    Way(
        "openai speech",
        _OPENAI,
        Recovers.NOT,
        {Phase.SUBMIT: ("speech",), Phase.BODY: ("speech",)},
        is_json=False,
        address=OPENAI.base_url,
    ),
    Way(
        "openai transcription",
        _OPENAI_WRITING,
        Recovers.NOT,
        {Phase.SUBMIT: ("transcription",)},
        writes=True,
        address=OPENAI.base_url,
    ),
    Way(
        "own server speech",
        _OWN,
        Recovers.FOR_NOTHING,
        {Phase.SUBMIT: ("speech",), Phase.BODY: ("speech",)},
        is_json=False,
    ),
    Way(
        "own server transcription",
        _OWN_WRITING,
        Recovers.FOR_NOTHING,
        {Phase.SUBMIT: ("transcription",)},
        writes=True,
    ),
)
