"""The embedded generator as a provider: it makes sounds on threads of this process and costs nothing."""

from __future__ import annotations

import asyncio
from itertools import takewhile
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.errors import ResultGone
from app.domain.provider import FailedResult, Job, Progress, Recovery, Result, Submission, WireRequest
from app.domain.take import Failure
from app.providers.local.orders import SKETCH, SketchOrder, as_body, from_body, order_for
from app.providers.local.workshop import Work, Workshop

if TYPE_CHECKING:
    from app.domain.provider import AudioSink
    from app.domain.request import GenerationRequest
    from app.domain.voice import Voice
    from app.providers.local.making import Encoder

_POLL_AFTER_S = 0.05
_CHUNK = 256 * 1024


class LocalProvider:
    """Sound effects from words, and speech by a formant synthesiser.

    Args:
        encode: Writes audio files.
        workers: How many takes are made at the same time.
        kept_bytes: Finished files that are kept in memory until they are fetched, the youngest first.
    """

    def __init__(self, encode: Encoder, *, workers: int = 2, kept_bytes: int = 64 << 20) -> None:
        self._encode = encode
        self._workshop = Workshop(encode, workers=workers, kept_bytes=kept_bytes)

    @property
    def id(self) -> str:
        return "local"

    @property
    def base_url(self) -> str:
        return "local:"

    @property
    def recovery(self) -> Recovery:
        """Nothing is billed: what a crash interrupted is simply made again, from the same seeds."""
        return Recovery(is_unbilled=True)

    def prepare(self, request: GenerationRequest, key: UUID) -> WireRequest:
        """Every value that the request left open is settled here, seeds included.

        Raises:
            RequestInvalid: There is no such model.
        """
        return WireRequest("LOCAL", f"/{request.model}", body=as_body(order_for(request, key)))

    async def submit(self, wire: WireRequest, key: UUID) -> Submission:
        """Start to make the takes.

        Raises:
            RequestRejected: The stored request can't be read.
        """
        self._workshop.start(key.hex, from_body(wire.body))
        return Submission(key.hex, Progress(fraction=0.0, poll_after_s=_POLL_AFTER_S))

    async def poll(self, job: Job) -> Progress:
        """How far the takes are; each is announced as soon as it is finished.

        Raises:
            ResultGone: The job was made by an earlier run.
        """
        work = self._workshop.work(_id_of(job))
        # Asked first: what is finished afterwards is reported by the next poll.
        is_done = work.is_done
        work.raise_bugs()
        remarks, errors = dict(work.remarks), dict(work.errors)
        # In the order of the seeds, whichever thread was quicker: takes are numbered as they are announced, and
        # the same seed must give the same numbers again.
        settled = list(takewhile(lambda number: number in remarks or number in errors, range(work.order.takes)))
        results = tuple(_result(work, number) for number in settled if number in remarks)
        failures = tuple(
            FailedResult(str(n), Failure(errors[n].kind, str(errors[n]), getattr(errors[n], "field", None)))
            for n in settled
            if n in errors
        )
        return Progress(results, failures, work.fraction, is_done, poll_after_s=_POLL_AFTER_S)

    async def fetch(self, job: Job, result: Result, into: AudioSink) -> None:
        """Write the file of one take.

        Raises:
            ResultGone: The job was made by an earlier run.
        """
        if not result.id.isdecimal():
            raise ResultGone(f"This job has no take “{result.id}”.")
        made = await asyncio.wrap_future(self._workshop.made(_id_of(job), int(result.id)))
        for start in range(0, len(made.data), _CHUNK):
            await into.write(made.data[start : start + _CHUNK])

    async def find(self, wire: WireRequest, job: Job) -> Submission | None:  # noqa: ARG002  (the Protocol's)
        """The job if this run knows it."""
        try:
            self._workshop.work(_id_of(job))
        except ResultGone:
            return None
        return Submission(_id_of(job), await self.poll(job))

    async def cancel(self, job: Job) -> None:
        """Stop making a job that nobody wants any more. Free, and fine for unknown jobs."""
        self._workshop.cancel(_id_of(job))

    def reading(self, model: str, prompt: str) -> str:
        """Which sounds it heard in the words; nothing for speech, which takes any.

        The first call loads the vocabulary, about 50 ms; one with an empty prompt, on another thread, has it ready.
        """
        if model != SKETCH:
            return ""
        from app.providers.local.words import understand

        return understand(prompt).summary

    async def voices(self) -> tuple[Voice, ...]:
        """The voices of the speech model.

        Raises:
            GenerationFailed: The speech library can't be loaded.
        """
        from app.providers.local.speech import list_voices

        return await asyncio.to_thread(list_voices, self.id)

    async def sample(self, voice: Voice, into: AudioSink) -> None:
        """A sentence in the language of a voice, made when it is asked for.

        Raises:
            RequestRejected: There is no such voice.
            GenerationFailed: The speech library can't be loaded.
        """
        from app.providers.local.voice_sample import spoken_sample

        await into.write(await asyncio.to_thread(spoken_sample, voice, self._encode))

    async def has_voice(self, voice: str) -> bool:
        """Whether the speech model speaks with a voice, or a language given in its place.

        Raises:
            GenerationFailed: The speech library can't be loaded.
        """
        from app.providers.local.voices import resolved

        return resolved(voice, await self.voices()) is not None

    async def aclose(self) -> None:
        """Stop all work; returns when no thread is left."""
        await asyncio.to_thread(self._workshop.close)


def _id_of(job: Job) -> str:
    return job.id or job.key.hex


def _result(work: Work, number: int) -> Result:
    seed = work.order.seeds[number] if isinstance(work.order, SketchOrder) else None
    return Result(str(number), seed=seed, format=work.order.audio.format, remark=work.remarks[number])
