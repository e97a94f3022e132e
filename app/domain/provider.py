"""What a provider can do. Only one of its verbs costs money."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable
from uuid import UUID

from app.domain.audio import AudioFormat
from app.domain.request import AudioPart, GenerationRequest, InputKind, TranscriptionRequest
from app.domain.take import Failure
from app.domain.transcript import Transcript
from app.domain.voice import Voice


class FileEncoding(StrEnum):
    """How the bytes of a file are written into a body."""

    RAW = "raw"
    BASE64 = "base64"


@dataclass(frozen=True, slots=True)
class WireFile:
    """The content of an input file inside a body; kept by its hash, so that a body in the library stays small.

    Attributes:
        at: Where it is inserted: an offset in `WireRequest.body`, in bytes.
        sha256: Which copy in the library; hexadecimal.
    """

    at: int
    sha256: str
    encoding: FileEncoding = FileEncoding.RAW


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A request exactly as it leaves; stored with the attempt before it is sent, and sent as stored.

    Attributes:
        method: HTTP method; `LOCAL` for the embedded generator.
        path: Below the attempt's base URL; may be empty.
        headers: Without credentials; those are added by the client, for the provider's own origin only.
        body: The exact bytes, but for `files`.
        files: Input files whose content belongs into the body, in rising order of `at`.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    files: tuple[WireFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """An accepted submission, as it is asked about: everything comes from the stored attempt.

    Attributes:
        id: The service's name for it, or None where the attempt's own key is the name.
        key: The attempt's own UUID.
        base_url: Where it was sent; polling and fetching stay there.
        model: The model it was sent to.
        takes: How many results were asked for.
    """

    id: str | None
    key: UUID
    base_url: str
    model: str
    takes: int


@dataclass(frozen=True, slots=True)
class Result:
    """One finished result that can be fetched.

    Attributes:
        id: Stable over repeated polls.
        link: Where it lies, if the service says so.
        remark: What the provider wants to say about it, for people.
    """

    id: str
    link: str | None = None
    expires_at: datetime | None = None
    seed: int | None = None
    cost: Decimal | None = None
    format: AudioFormat | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FailedResult:
    """One result that the service could not make; its siblings go on."""

    id: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything known about a job now. Cumulative: a later answer repeats what an earlier one said.

    Attributes:
        fraction: 0.0 to 1.0, or None where the service doesn't say.
        is_final: No further results will come.
        cost: What the whole job is billed, where the service says so.
        failure: Why the job as a whole failed; results may exist nevertheless.
        poll_after_s: When the service would like to be asked again.
        words: What the service calls its state, where nobody documented that; for people.
    """

    results: tuple[Result, ...] = ()
    failures: tuple[FailedResult, ...] = ()
    fraction: float | None = None
    is_final: bool = False
    cost: Decimal | None = None
    failure: Failure | None = None
    poll_after_s: float | None = None
    words: str = ""


class AudioStream(Protocol):
    """The open response of a service that answers with the audio itself. Iterate once, then close."""

    @property
    def result(self) -> Result: ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """The answer to a transcription.

    Attributes:
        transcript: Read from the answer, whatever its format.
        answer: The answer itself, as it came.
        cost: What it is billed, where the service says so.
    """

    transcript: Transcript
    answer: str
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What a submit brought: the name of a job to poll, its first results, or the audio itself.

    Attributes:
        job_id: None where the attempt's own key names the job, or there is no job.
        progress: What is known already; final where there is nothing to poll.
        stream: The audio, still arriving; the exchange is over with its last byte.
        transcript: What a transcription heard; then there is nothing more to come.
    """

    job_id: str | None = None
    progress: Progress = field(default_factory=Progress)
    stream: AudioStream | None = None
    transcript: Heard | None = None


@dataclass(frozen=True, slots=True)
class Recovery:
    """What may be done about a submission whose outcome was lost.

    Attributes:
        is_unbilled: Making it again costs nothing: it simply runs anew.
        can_find: The service can be asked about it by our own key (`find`).
        is_silence_proof: Whether a service that knows nothing of it never took it. Else it may only be slow to tell.
        replay_within: How long the service recognises an identical body under the same key and makes
            nothing twice; None where it doesn't.
    """

    is_unbilled: bool = False
    can_find: bool = False
    is_silence_proof: bool = True
    replay_within: timedelta | None = None


class AudioSink(Protocol):
    """Where fetched bytes go."""

    async def write(self, data: bytes) -> None:
        """Append to the file. Returns once the bytes are handed to the system."""


@runtime_checkable
class AudioProvider(Protocol):
    """A service, or the embedded generator. One exchange a call: no loop, no sleep, no retry in here."""

    @property
    def id(self) -> str: ...

    @property
    def base_url(self) -> str:
        """Where requests go now: scheme, host, port and the path they begin with; `local:` for the embedded
        generator."""

    @property
    def recovery(self) -> Recovery:
        """What may be done about lost answers of `base_url`, as it is now."""

    def prepare(self, request: GenerationRequest, key: UUID) -> WireRequest:
        """The exact request, without credentials. Pure: it is stored first and sent as stored.

        Inputs of a provider that takes uploads have their `handle`.
        """

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:
        """Start the job; the one call that costs money. Sent once.

        Raises:
            NotConnected, RateLimited: Provably not accepted.
            CredentialsMissing, CredentialsRejected, QuotaExhausted, RequestRejected, ContentRefused: Refused,
                nothing was started.
            UploadGone: Refused, nothing was started; an input must be uploaded again.
            OutcomeUnknown: The request left, the answer never came.
        """

    async def poll(self, job: Job) -> Progress:
        """How the job is doing. Free and repeatable."""

    async def fetch(self, job: Job, result: Result, into: AudioSink) -> None:
        """Write the bytes of one result. Free and repeatable.

        Raises:
            ResultExpired: Its link is no longer valid; polling may give a fresh one.
            ResultGone: It can't be had any more.
        """

    async def find(self, wire: WireRequest, job: Job) -> Submission | None:
        """Ask the service by our own key whether it took the request; None: it has never seen it.

        Only called where `recovery.can_find`.
        """

    async def voices(self) -> tuple[Voice, ...]:
        """The voices it offers; empty where it has none."""

    async def aclose(self) -> None:
        """Let go of connections and threads."""


@runtime_checkable
class PromptReader(Protocol):
    """A provider that can say beforehand what it makes of a prompt."""

    def reading(self, model: str, prompt: str) -> str:
        """What it understood, in a line for people; empty for a model that takes any words. Quick, never raises."""


@runtime_checkable
class VoiceKnower(Protocol):
    """A provider whose voices are known on this computer, without asking anybody."""

    async def has_voice(self, voice: str) -> bool:
        """Whether a request may name this voice."""


@runtime_checkable
class VoiceSampler(Protocol):
    """A provider that can let people hear a voice before they choose it, for nothing."""

    async def sample(self, voice: Voice, into: AudioSink) -> None:
        """Write the clip of a voice that has a `sample`. Free and repeatable.

        Raises:
            ResultExpired: Its address is no longer valid; listing the voices anew may give a fresh one.
        """


@runtime_checkable
class StoppableProvider(Protocol):
    """A provider that can stop making what nobody wants any more."""

    async def cancel(self, job: Job) -> None:
        """Stop making a job. Free; an unknown or finished job is fine."""


@runtime_checkable
class Transcriber(Protocol):
    """A provider that can write down what is said; its `submit` answers such a wire with `Submission.transcript`."""

    def prepare_transcription(self, request: TranscriptionRequest, part: AudioPart, key: UUID) -> WireRequest:
        """The exact request for one part of a recording, without credentials. Pure, as `prepare`."""


@runtime_checkable
class Uploader(Protocol):
    """A provider that takes input files by reference: uploaded first, for nothing, and named in the request."""

    async def upload(self, file: Path, kind: InputKind) -> str:
        """Send a file; returns the handle that names it in requests. Free and repeatable."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a service says about the account behind a key.

    Attributes:
        balance: US dollars left; None where the service doesn't say.
    """

    balance: Decimal | None = None


@runtime_checkable
class KeyChecker(Protocol):
    """A provider whose key can be tried out for nothing."""

    async def check_key(self) -> Account:
        """Ask the service whether it takes the key that would be used now.

        Raises:
            CredentialsMissing, CredentialsRejected: There is none, or it isn't taken.
        """


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model that a service lists by itself; what it accepts isn't known."""

    id: str
    label: str = ""


@runtime_checkable
class ModelLister(Protocol):
    """A provider whose service lists its models."""

    async def models(self) -> tuple[ListedModel, ...]:
        """The models that make audio. Free."""


class Credentials(Protocol):
    """Where a provider gets its key from, each time that it is needed."""

    async def key(self, provider: str, base_url: str) -> str:
        """The key for requests below this address.

        Raises:
            CredentialsMissing: There is none.
            KeyUnconfirmed: There is one that belongs to another origin.
            KeychainError: The keychain can't be read.
        """
