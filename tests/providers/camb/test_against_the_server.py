"""Every model, from the request to decoded audio, over real connections against a strict stand-in for the service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.audio.files import verify
from app.domain.audio import AudioFormat, AudioInfo, AudioSettings
from app.domain.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ResultExpired,
    ServiceUnavailable,
    UnexpectedReply,
)
from app.domain.model_spec import ModelSpec
from app.domain.provider import Account, Job, Progress, Result, Submission
from app.domain.request import GenerationRequest
from app.providers.camb.provider import CambProvider
from app.providers.client import Network, ServiceClient
from app.providers.registry import CAMB
from tests.fakes.fixed_key import FixedKey
from tests.providers.camb.faking import KEY as ATTEMPT
from tests.providers.camb.faking import request_for
from tests.servers.camb import HARMFUL, KEY, OUT_OF_CREDITS, TIMED_OUT, CambServer, TaskFailure
from tests.servers.faults import CutAfter, Drop, Instead, Rewrite
from tests.servers.pace import PollDriven

SpecOf = Callable[[str], ModelSpec]


@dataclass
class Sink:
    data: bytearray = field(default_factory=bytearray)

    async def write(self, data: bytes) -> None:
        self.data += data


@dataclass
class Desk:
    """The provider at a server, and the loops that its user would own."""

    server: CambServer
    provider: CambProvider
    spec_of: SpecOf
    folder: Path

    async def submit(self, request: GenerationRequest) -> Submission:
        assert self.spec_of(request.model).check(request) == ()
        return await self.provider.submit(self.provider.prepare(request, ATTEMPT), ATTEMPT)

    async def submitted(self, **more: Any) -> Job:
        """A sound that the service has accepted."""
        submission = await self.submit(request_for(duration_s=1.0, **more))
        return Job(submission.job_id, ATTEMPT, self.provider.base_url, "text-to-sound", 1)

    async def finished(self, job: Job) -> Progress:
        progress = await self.provider.poll(job)
        while not progress.is_final:
            progress = await self.provider.poll(job)
        return progress

    async def fetched(self, job: Job, result: Result) -> AudioInfo:
        sink = Sink()
        await self.provider.fetch(job, result, sink)
        return self.decoded(sink)

    async def made(self, request: GenerationRequest) -> tuple[AudioInfo, Result]:
        """One take, decoded to its end."""
        submission = await self.submit(request)
        if submission.stream is not None:
            sink = Sink()
            async for data in submission.stream:
                await sink.write(data)
            await submission.stream.aclose()
            return self.decoded(sink), submission.stream.result
        job = Job(submission.job_id, ATTEMPT, self.provider.base_url, request.model, 1)
        (result,) = (await self.finished(job)).results
        return await self.fetched(job, result), result

    def decoded(self, sink: Sink) -> AudioInfo:
        path = self.folder / "take"
        path.write_bytes(sink.data)
        return verify(path)


DeskAt = Callable[..., Desk]


@pytest.fixture
def desk_at(network: Network, tmp_path: Path, spec_of: SpecOf) -> DeskAt:
    def make(server: CambServer, key: str = KEY) -> Desk:
        client = ServiceClient(CAMB, network, FixedKey(key), lambda _: server.url, lambda sha256: tmp_path / sha256)
        return Desk(server, CambProvider(client), spec_of, tmp_path)

    return make


@pytest.fixture
async def desk(desk_at: DeskAt) -> AsyncIterator[Desk]:
    async with CambServer(music_seconds=3.0, pace=PollDriven(before=1)) as server:
        yield desk_at(server)


MADE: list[tuple[str, dict[str, Any], AudioFormat, int, float]] = [
    ("text-to-sound", {}, AudioFormat.WAV, 44_100, 8.0),
    ("text-to-sound", {"duration_s": 0.5}, AudioFormat.WAV, 44_100, 0.5),
    ("text-to-sound", {"duration_s": 10.0, "parameters": {"folder_id": 3}}, AudioFormat.WAV, 44_100, 10.0),
    ("text-to-music", {"parameters": {"project_name": "Film"}}, AudioFormat.WAV, 44_100, 3.0),
    ("mars-flash", {}, AudioFormat.WAV, 22_050, 2.0),
    ("mars-pro", {"audio": AudioSettings(AudioFormat.FLAC, 48_000), "voice": "147321"}, AudioFormat.FLAC, 48_000, 2.0),
    ("mars-flash", {"audio": AudioSettings(AudioFormat.MP3), "language": "pt-br"}, AudioFormat.MP3, 22_050, 2.0),
    ("mars-flash", {"parameters": {"speed": 2.0, "maintain_source_accent": True}}, AudioFormat.WAV, 22_050, 1.0),
    ("mars-pro", {"parameters": {"target_duration": 4.5, "apply_enhancement": False}}, AudioFormat.WAV, 48_000, 4.5),
    (
        "mars-flash",
        {
            "parameters": {
                "enhance_named_entities_pronunciation": True,
                "enhance_reference_audio_quality": True,
                "apply_ref_loudness_norm": True,
                "stability": 0.6,
                "temperature": 0.8,
                "inference_steps": 20,
                "speaker_similarity": 0.7,
                "localize_speaker_weight": 0.2,
                "acoustic_quality_boost": True,
            }
        },
        AudioFormat.WAV,
        22_050,
        2.0,
    ),
    ("mars-instruct", {"parameters": {"user_instructions": "Whisper"}}, AudioFormat.WAV, 22_050, 2.0),
    ("mars-8.1-pro-beta", {"parameters": {"locale": "is-is", "stability": 0.5}}, AudioFormat.WAV, 48_000, 2.0),
    ("mars-8.1-flash-beta", {"audio": AudioSettings(AudioFormat.MP3)}, AudioFormat.MP3, 22_050, 2.0),
]


@pytest.mark.parametrize(("model", "asked", "made_format", "rate_hz", "seconds"), MADE)
async def test_every_model_makes_what_was_asked_for_and_is_charged_once(
    model: str, asked: dict[str, Any], made_format: AudioFormat, rate_hz: int, seconds: float, desk: Desk
) -> None:
    info, result = await desk.made(request_for(model, "We leave at first light.", **asked))

    assert (info.format, info.sample_rate_hz) == (made_format, rate_hz)
    assert info.duration_s == pytest.approx(seconds, abs=0.1)
    assert result.cost is None
    assert len(desk.server.ledger.charges) == 1
    assert {request.key for request in desk.server.requests} == {"right"}


@pytest.mark.parametrize("made_format", ["wav", "flac", "mp3"])
@pytest.mark.parametrize("content_type", ["audio/wav", "application/octet-stream", None])
async def test_the_bytes_say_what_a_result_is(made_format: Any, content_type: str | None, desk: Desk) -> None:
    desk.server.behaviour.result_format = made_format
    desk.server.behaviour.result_content_type = content_type

    info, _ = await desk.made(request_for(duration_s=1.0))

    assert info.format == AudioFormat(made_format)


async def test_a_result_may_come_as_a_link_under_either_name_and_the_key_stays_at_home(desk: Desk) -> None:
    job = await desk.submitted()
    (result,) = (await desk.finished(job)).results

    for name in ("file_url", "output_url"):
        link = desk.server._publish(desk.server.tasks[job.id or ""])
        desk.server.faults.at("result", Instead(200, {name: link}))

        assert (await desk.fetched(job, result)).format is AudioFormat.WAV

    assert desk.server.files.violations == []
    assert len(desk.server.ledger.charges) == 1


@pytest.mark.parametrize("gone", [403, 404, 410])
async def test_an_expired_link_is_asked_for_anew(gone: int, desk_at: DeskAt) -> None:
    async with CambServer(link_gone_status=gone, pace=PollDriven(before=0)) as server:
        desk = desk_at(server)
        job = await desk.submitted()
        (result,) = (await desk.provider.poll(job)).results
        server.faults.at("result", Instead(200, {"file_url": server._publish(server.tasks[job.id or ""])}))
        server.files.expire_all()

        with pytest.raises(ResultExpired):
            await desk.fetched(job, result)
        again = (await desk.provider.poll(job)).results[0]

        assert again == result
        assert (await desk.fetched(job, again)).format is AudioFormat.WAV
        assert len(server.ledger.charges) == 1
        assert server.files.violations == []


@pytest.mark.parametrize(
    "variant",
    [
        {"run_id_as_text": True},
        {"pending_word": "QUEUED"},
        {"pending_word": "dreaming"},
        {"success_word": "success"},
        {"extra": {"surprise": {"deep": [1, None]}, "exception_reason": "NONE", "message": {}}},
    ],
)
async def test_all_variants_of_answers_bring_the_same_result(variant: dict[str, Any], desk: Desk) -> None:
    desk.server.behaviour = replace(desk.server.behaviour, **variant)

    info, result = await desk.made(request_for(duration_s=1.0))

    assert (info.format, result.id) == (AudioFormat.WAV, "48213")


@pytest.mark.parametrize(
    ("failure", "kind", "words"),
    [
        (TaskFailure(), "generation_failed", "Generation failed"),
        (TaskFailure(message={"detail": "the model broke"}), "generation_failed", "the model broke"),
        (TaskFailure("FAILED", None, None), "generation_failed", "doesn’t say why"),
        (HARMFUL, "content_refused", "The prompt was refused"),
        (OUT_OF_CREDITS, "quota_exhausted", "Not enough credits"),
        (TIMED_OUT, "generation_failed", "took too long"),
    ],
)
async def test_a_failed_task_says_why(failure: TaskFailure, kind: str, words: str, desk: Desk) -> None:
    desk.server.behaviour.failure = failure

    progress = await desk.finished(await desk.submitted())

    assert progress.failure is not None
    assert progress.failure.kind == kind
    assert words in progress.failure.message
    assert progress.results == ()
    assert desk.server.ledger.charges == []


async def test_a_task_that_was_taken_and_never_named_is_an_unknown_outcome(desk: Desk) -> None:
    desk.server.behaviour.with_task_id = False

    with pytest.raises(OutcomeUnknown):
        await desk.submitted()

    assert len(desk.server.tasks) == 1


@pytest.mark.parametrize("model", ["text-to-sound", "text-to-music", "mars-flash"])
@pytest.mark.parametrize("fault", [Drop(processed=True), Instead(500, "", processed=True), Instead(502, "<html>")])
async def test_a_paid_call_that_goes_wrong_is_an_unknown_outcome_and_is_not_sent_again(
    model: str, fault: Any, desk: Desk
) -> None:
    phase = "speech" if model == "mars-flash" else "submit"
    desk.server.faults.at(phase, fault)

    with pytest.raises(OutcomeUnknown):
        await desk.submit(request_for(model))

    assert len(desk.server.requests_of(phase)) == 1


async def test_speech_that_is_cut_off_is_an_unknown_outcome(desk: Desk) -> None:
    desk.server.faults.at("speech", CutAfter(0.5))

    with pytest.raises(OutcomeUnknown):
        await desk.made(request_for("mars-flash"))


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "7"}])
@pytest.mark.parametrize("model", ["text-to-sound", "mars-flash"])
async def test_a_busy_service_has_taken_nothing(model: str, headers: dict[str, str], desk: Desk) -> None:
    phase = "speech" if model == "mars-flash" else "submit"
    desk.server.faults.at(phase, Instead(429, {"error": "Too many requests", "status": 429}, headers))

    with pytest.raises(RateLimited) as caught:
        await desk.submit(request_for(model))

    assert caught.value.retry_after_s == (7 if headers else None)
    assert desk.server.ledger.charges == []


@pytest.mark.parametrize("phase", ["poll", "result"])
async def test_trouble_while_asking_passes(phase: str, desk: Desk) -> None:
    job = await desk.submitted()
    result = (await desk.finished(job)).results[0]
    for fault, kind in (
        (Instead(500, "the audio could not be streamed"), ServiceUnavailable),
        (Instead(502, "<html>"), ServiceUnavailable),
        (Instead(429, {"error": "slow down"}, {"Retry-After": "1"}), RateLimited),
        (Instead(404, {"detail": "Not found"}), ServiceUnavailable),
        (Instead(200, "<html>please wait</html>"), UnexpectedReply),
        (Drop(), ServiceUnavailable),
        (CutAfter(0.5), ServiceUnavailable),
    ):
        desk.server.faults.at(phase, fault)

        with pytest.raises(kind):
            await (desk.provider.poll(job) if phase == "poll" else desk.fetched(job, result))

    assert (await desk.provider.poll(job)).results == (result,)
    assert (await desk.fetched(job, result)).format is AudioFormat.WAV
    assert len(desk.server.ledger.charges) == 1


async def test_what_the_service_refuses_is_told_at_its_field(desk: Desk) -> None:
    bad: list[tuple[GenerationRequest, str]] = [
        (request_for(duration_s=11.0), "duration"),
        (request_for("mars-flash", "Hm"), "prompt"),
        (request_for("mars-flash", "x" * 3001), "prompt"),
        (request_for("mars-flash", language="xx-xx"), "language"),
        (request_for("mars-flash", parameters={"locale": "is-is"}), "language"),
        (request_for("mars-flash", voice="7"), "voice"),
        (request_for("mars-9-nobody"), "model"),
        (request_for("mars-flash", parameters={"user_instructions": "Whisper"}), "user_instructions"),
        (request_for("mars-8.1-pro-beta", parameters={"acoustic_quality_boost": True}), "acoustic_quality_boost"),
        (request_for("mars-flash", parameters={"temperature": 9.0}), "temperature"),
    ]
    for request, place in bad:
        with pytest.raises(RequestRejected) as caught:
            await desk.provider.submit(desk.provider.prepare(request, ATTEMPT), ATTEMPT)

        assert caught.value.field == place
        assert str(caught.value)
    assert desk.server.ledger.charges == []


@pytest.mark.parametrize("model", ["text-to-sound", "mars-flash"])
async def test_no_credit_and_a_wrong_key_are_told_apart(model: str, desk_at: DeskAt) -> None:
    async with CambServer(balance=Decimal(0)) as server:
        with pytest.raises(QuotaExhausted):
            await desk_at(server).submit(request_for(model))
        with pytest.raises(CredentialsRejected):
            await desk_at(server, key="camb-wrong-key").submit(request_for(model))


async def test_an_error_in_a_good_answer_to_speech_is_no_speech(desk: Desk) -> None:
    desk.server.faults.at("speech", Instead(200, {}, {"Content-Type": "audio/wav"}, processed=True))

    with pytest.raises(OutcomeUnknown):
        await desk.submit(request_for("mars-flash"))


async def test_the_voices_come_with_their_languages(desk: Desk) -> None:
    sample = "https://storage.example.test/voices/147320.wav?sig=abc"
    desk.server.faults.at("voices", Rewrite(lambda listed: [{**listed[0], "signed_url": sample}, *listed[1:]]))

    narrator, sailor, nobody = await desk.provider.voices()

    assert (narrator.id, narrator.name, narrator.languages, narrator.gender) == (
        "147320",
        "Narrator A",
        ("en-us",),
        "female",
    )
    assert (narrator.traits, narrator.sample) == ("Warm, 35 years", sample)
    assert (sailor.languages, sailor.gender, sailor.sample) == (("de-de",), "male", "")
    assert (nobody.id, nobody.languages, nobody.gender) == ("147322", (), "")


async def test_a_key_is_tried_for_nothing(desk: Desk, desk_at: DeskAt) -> None:
    assert await desk.provider.check_key() == Account(None)
    with pytest.raises(CredentialsRejected):
        await desk_at(desk.server, key="camb-wrong-key").provider.check_key()

    assert desk.server.ledger.charges == []
    assert [request.phase for request in desk.server.requests] == ["voices", "voices"]
