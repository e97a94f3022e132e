"""Every model, from the request to decoded audio, over real connections against a strict stand-in for the service."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
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
from app.domain.provider import Job, Progress, Result, Submission
from app.domain.receipt import FREE
from app.domain.request import GenerationRequest, InputFile
from app.providers.aimlapi.provider import AimlapiProvider
from app.providers.client import Network, ServiceClient
from app.providers.registry import AIMLAPI
from tests.fakes.fixed_key import FixedKey
from tests.providers.aimlapi.faking import KEY as ATTEMPT
from tests.providers.aimlapi.faking import request_for
from tests.servers.aimlapi import KEY, AimlapiServer, GenerationError
from tests.servers.faults import Drop, Instead
from tests.servers.pace import PollDriven
from tests.servers.sounds import Sound

LYRICS = "[Verse]\nStreetlights flicker, the night breeze sighs"
STYLE = "Soft jazz, brushed drums"


@dataclass
class Sink:
    data: bytearray = field(default_factory=bytearray)

    async def write(self, data: bytes) -> None:
        self.data += data


@dataclass
class Desk:
    """The provider at a server, and the loops that its user would own."""

    provider: AimlapiProvider
    spec_of: Callable[[str], ModelSpec]
    folder: Path

    def a_clip(self, seconds: float, name: str = "clip.wav") -> InputFile:
        """A clip as the library has it: a copy under its hash."""
        content = Sound("wav", 44_100, 1, seconds).encoded()
        sha256 = hashlib.sha256(content).hexdigest()
        (self.folder / sha256).write_bytes(content)
        return InputFile(Path(name), sha256)

    async def submit(self, request: GenerationRequest) -> Submission:
        assert self.spec_of(request.model).check(request) == ()
        return await self.provider.submit(self.provider.prepare(request, ATTEMPT), ATTEMPT)

    def job(self, submission: Submission, model: str) -> Job:
        return Job(submission.job_id, ATTEMPT, self.provider.base_url, model, 1)

    async def finished(self, job: Job) -> Progress:
        progress = await self.provider.poll(job)
        while not progress.is_final:
            progress = await self.provider.poll(job)
        return progress

    async def made(self, request: GenerationRequest) -> tuple[AudioInfo, Result]:
        """One take, decoded to its end."""
        submission = await self.submit(request)
        sink = Sink()
        if submission.stream is not None:
            async for data in submission.stream:
                await sink.write(data)
            await submission.stream.aclose()
            return self.decoded(sink), submission.stream.result
        job = self.job(submission, request.model)
        progress = submission.progress if submission.progress.is_final else await self.finished(job)
        (result,) = progress.results
        await self.provider.fetch(job, result, sink)
        return self.decoded(sink), result

    def decoded(self, sink: Sink) -> AudioInfo:
        path = self.folder / "take"
        path.write_bytes(sink.data)
        return verify(path)


@pytest.fixture
def desk_at(network: Network, tmp_path: Path, spec_of: Callable[[str], ModelSpec]) -> Callable[..., Desk]:
    def make(server: AimlapiServer, key: str = KEY) -> Desk:
        client = ServiceClient(AIMLAPI, network, FixedKey(key), lambda _: server.url, lambda sha256: tmp_path / sha256)
        return Desk(AimlapiProvider(client), spec_of, tmp_path)

    return make


DeskAt = Callable[..., Desk]

MADE: list[tuple[str, dict[str, Any], AudioFormat, int, float]] = [
    ("stable-audio", {"duration_s": 3}, AudioFormat.WAV, 44_100, 3.0),
    ("stable-audio", {"parameters": {"seconds_start": 1, "steps": 1000}, "duration_s": 1}, AudioFormat.WAV, 44_100, 1),
    ("elevenlabs/eleven_music", {"duration_s": 10.5}, AudioFormat.MP3, 44_100, 10.5),
    ("google/lyria2", {"negative_prompt": "drums", "seed": 7}, AudioFormat.WAV, 48_000, 2.0),
    ("minimax/music-1.5", {"parameters": {"lyrics": LYRICS}}, AudioFormat.MP3, 44_100, 2.0),
    (
        "minimax/music-2.0",
        {"parameters": {"lyrics": LYRICS}, "audio": AudioSettings(AudioFormat.WAV, 24_000)},
        AudioFormat.WAV,
        24_000,
        2.0,
    ),
    (
        "minimax/music-2.6",
        {"parameters": {"is_instrumental": True}, "audio": AudioSettings(AudioFormat.MP3, 32_000, None, 64)},
        AudioFormat.MP3,
        32_000,
        2.0,
    ),
    ("minimax/music-2.6", {"parameters": {"lyrics_optimizer": True}}, AudioFormat.MP3, 44_100, 2.0),
    ("openai/tts-1", {}, AudioFormat.MP3, 24_000, 2.0),
    (
        "openai/tts-1",
        {"voice": "verse", "audio": AudioSettings(AudioFormat.WAV), "parameters": {"speed": 2.0, "style": "calm"}},
        AudioFormat.WAV,
        24_000,
        1.0,
    ),
    ("openai/tts-1", {"audio": AudioSettings(AudioFormat.FLAC)}, AudioFormat.FLAC, 24_000, 2.0),
    ("openai/tts-1", {"audio": AudioSettings(AudioFormat.OPUS)}, AudioFormat.OPUS, 24_000, 2.0),
    (
        "elevenlabs/eleven_multilingual_v2",
        {
            "voice": "Santa Claus",
            "seed": 3,
            "parameters": {
                "stability": 0.4,
                "similarity_boost": 0.6,
                "style": 0.2,
                "use_speaker_boost": False,
                "speed": 0.8,
                "apply_text_normalization": "off",
                "previous_text": "Before.",
                "next_text": "After.",
            },
        },
        AudioFormat.MP3,
        44_100,
        2.5,
    ),
    (
        "elevenlabs/eleven_multilingual_v2",
        {"audio": AudioSettings(AudioFormat.MP3, 22_050)},
        AudioFormat.MP3,
        22_050,
        2.0,
    ),
    ("elevenlabs/eleven_multilingual_v2", {"audio": AudioSettings(AudioFormat.OPUS)}, AudioFormat.OPUS, 48_000, 2.0),
    ("somebody/new-model", {}, AudioFormat.WAV, 44_100, 2.0),
    ("somebody/new-voice", {"parameters": {"speaks": True}}, AudioFormat.MP3, 44_100, 2.0),
]


@pytest.mark.parametrize(("model", "asked", "made_format", "rate_hz", "seconds"), MADE)
async def test_every_model_makes_what_was_asked_for_and_is_charged_once(
    model: str, asked: dict[str, Any], made_format: AudioFormat, rate_hz: int, seconds: float, desk_at: DeskAt
) -> None:
    async with AimlapiServer(extra_models=["somebody/new-model", "somebody/new-voice"]) as server:
        info, result = await desk_at(server).made(request_for(model, STYLE, **asked))

        assert (info.format, info.sample_rate_hz) == (made_format, rate_hz)
        assert info.duration_s == pytest.approx(seconds, abs=0.1)
        assert result.id == "1"
        assert [charge.amount_usd for charge in server.ledger.charges] == [result.cost]
        assert server.files.violations == []


@pytest.mark.parametrize(
    ("model", "seconds", "more"),
    [
        ("minimax/music-cover", 6.0, {}),
        (
            "minimax/music-cover",
            7.0,
            {"parameters": {"lyrics": LYRICS}, "audio": AudioSettings(AudioFormat.MP3, 44_100, None, 128)},
        ),
        ("minimax-music", 16.0, {}),
    ],
)
async def test_a_reference_reaches_the_service_whole(
    model: str, seconds: float, more: dict[str, Any], desk_at: DeskAt
) -> None:
    async with AimlapiServer() as server:
        desk = desk_at(server)

        info, result = await desk.made(request_for(model, STYLE, references=(desk.a_clip(seconds),), **more))

        assert info.format is AudioFormat.MP3
        assert result.cost == server.ledger.total_usd
        assert server.requests_of("submit")[0].body["reference_audio_url"].startswith("data:audio/wav;base64,UklGR")


async def test_a_reference_that_is_too_short_is_refused_there_and_costs_nothing(desk_at: DeskAt) -> None:
    async with AimlapiServer() as server:
        desk = desk_at(server)

        with pytest.raises(RequestRejected) as caught:
            await desk.submit(request_for("minimax/music-cover", STYLE, references=(desk.a_clip(2.0),)))

        assert caught.value.field == "references"
        assert server.ledger.charges == []


@pytest.mark.parametrize("style", ["uuid:model", "uuid", "short"])
@pytest.mark.parametrize("create_status", [200, 201])
async def test_every_kind_of_id_finds_its_generation_again(style: Any, create_status: int, desk_at: DeskAt) -> None:
    async with AimlapiServer() as server:
        server.behaviour.id_style = style
        server.behaviour.create_status = create_status
        server.behaviour.usage_on_create = True
        desk = desk_at(server)

        submission = await desk.submit(request_for("elevenlabs/eleven_music", STYLE))
        progress = await desk.finished(desk.job(submission, "elevenlabs/eleven_music"))

        assert submission.progress.cost is None
        assert [request.query["generation_id"] for request in server.requests_of("poll")] == [submission.job_id] * 3
        assert progress.cost == Decimal("0.195")


async def test_all_documented_variants_of_answers_bring_the_same_result(desk_at: DeskAt) -> None:
    variants: list[dict[str, Any]] = [
        {"absent": "missing"},
        {"with_file_details": False},
        {"with_usd": False},
        {"finished_word": "complete"},
        {"queued_word": "waiting", "generating_word": "active"},
        {"generating_word": "pondering"},
        {"content_type": "audio/wav"},
        {"extra": {"trace_id": "0f", "extra_info": {"music_duration": 2000}}},
    ]
    async with AimlapiServer() as server:
        usual = server.behaviour
        for variant in variants:
            server.behaviour = replace(usual, **variant)
            info, result = await desk_at(server).made(request_for("stable-audio", STYLE, duration_s=1))

            assert (info.format, result.cost) == (AudioFormat.WAV, Decimal("0.06"))


async def test_a_cost_that_nobody_tells_is_unknown(desk_at: DeskAt) -> None:
    async with AimlapiServer() as server:
        server.behaviour.with_usage = False

        _, result = await desk_at(server).made(request_for("stable-audio", STYLE, duration_s=1))

        assert result.cost is None


async def test_a_failed_generation_says_why_and_costs_nothing(desk_at: DeskAt) -> None:
    async with AimlapiServer() as server:
        server.behaviour.failure = GenerationError()
        desk = desk_at(server)

        submission = await desk.submit(request_for("stable-audio", STYLE))
        progress = await desk.finished(desk.job(submission, "stable-audio"))

        assert progress.failure is not None
        assert progress.failure.kind == "content_refused"
        assert progress.failure.message == "GenerationError: The prompt was rejected"
        assert progress.cost == server.ledger.total_usd == FREE


async def test_a_link_may_come_later_than_the_word_that_it_is_finished(desk_at: DeskAt) -> None:
    async with AimlapiServer(pace=PollDriven(before=0)) as server:
        server.behaviour.polls_without_url = 2
        desk = desk_at(server)
        submission = await desk.submit(request_for("stable-audio", STYLE))
        job = desk.job(submission, "stable-audio")

        for _ in range(2):
            with pytest.raises(UnexpectedReply):
                await desk.provider.poll(job)

        assert (await desk.provider.poll(job)).is_final


async def test_trouble_in_the_middle_of_polling_passes(desk_at: DeskAt) -> None:
    async with AimlapiServer(pace=PollDriven(before=0)) as server:
        desk = desk_at(server)
        job = desk.job(await desk.submit(request_for("stable-audio", STYLE)), "stable-audio")
        for fault, kind in (
            (Instead(502), ServiceUnavailable),
            (Instead(429), RateLimited),
            (Drop(), ServiceUnavailable),
        ):
            server.faults.at("poll", fault)

            with pytest.raises(kind):
                await desk.provider.poll(job)

        assert (await desk.provider.poll(job)).is_final


async def test_an_expired_link_is_told_and_a_poll_brings_a_fresh_one(desk_at: DeskAt) -> None:
    async with AimlapiServer(pace=PollDriven(before=0), link_valid_s=60) as server:
        server.behaviour.fresh_links = True
        desk = desk_at(server)
        job = desk.job(await desk.submit(request_for("stable-audio", STYLE, duration_s=1)), "stable-audio")
        old = (await desk.provider.poll(job)).results[0]
        server.clock.advance(120)

        with pytest.raises(ResultExpired):
            await desk.provider.fetch(job, old, Sink())
        fresh = (await desk.provider.poll(job)).results[0]
        sink = Sink()
        await desk.provider.fetch(job, fresh, sink)

        assert fresh.id == old.id
        assert desk.decoded(sink).format is AudioFormat.WAV
        assert len(server.ledger.charges) == 1


@pytest.mark.parametrize("model", ["stable-audio", "openai/tts-1"])
async def test_a_submit_that_breaks_off_is_an_unknown_outcome(model: str, desk_at: DeskAt) -> None:
    async with AimlapiServer() as server:
        server.faults.at("submit", Drop(processed=True))
        server.faults.at("tts", Drop(processed=True))

        with pytest.raises(OutcomeUnknown):
            await desk_at(server).submit(request_for(model, STYLE))


async def test_what_the_service_refuses_is_told_at_its_field_whether_codes_are_numbers_or_texts(
    desk_at: DeskAt,
) -> None:
    for as_text in (False, True):
        async with AimlapiServer(status_code_as_text=as_text) as server:
            provider = desk_at(server).provider
            bad = replace(request_for("stable-audio", STYLE), duration_s=48.0)

            with pytest.raises(RequestRejected) as caught:
                await provider.submit(provider.prepare(bad, ATTEMPT), ATTEMPT)
            with pytest.raises(RequestRejected) as unknown:
                await provider.submit(provider.prepare(request_for("no/such"), ATTEMPT), ATTEMPT)

            assert (caught.value.field, caught.value.code) == ("duration", "400")
            assert unknown.value.field == "model"


@pytest.mark.parametrize("model", ["stable-audio", "openai/tts-1"])
async def test_no_credit_and_a_wrong_key_are_told_apart(model: str, desk_at: DeskAt) -> None:
    async with AimlapiServer(balance=Decimal(0)) as server:
        with pytest.raises(QuotaExhausted):
            await desk_at(server).submit(request_for(model, STYLE))
        with pytest.raises(CredentialsRejected):
            await desk_at(server, key="aiml-wrong-key").submit(request_for(model, STYLE))


@pytest.mark.parametrize("answer", ["object", "string", "bytes"])
@pytest.mark.parametrize("model", ["openai/tts-1", "elevenlabs/eleven_multilingual_v2"])
async def test_speech_arrives_in_every_form_with_its_cost(answer: Any, model: str, desk_at: DeskAt) -> None:
    async with AimlapiServer() as server:
        server.behaviour.speech_answer = answer
        server.behaviour.speech_content_type = "audio/wav"  # as the schema says, whatever it is

        info, result = await desk_at(server).made(request_for(model, STYLE))

        assert info.format is AudioFormat.MP3
        assert result.cost == server.ledger.total_usd
        assert server.requests_of("tts")[0].body["stream"] is False


async def test_the_key_is_checked_and_models_are_listed_without_one(desk_at: DeskAt) -> None:
    async with AimlapiServer(balance=Decimal("12.34")) as server:
        account = await desk_at(server).provider.check_key()
        models = await desk_at(server).provider.models()
        with pytest.raises(CredentialsRejected):
            await desk_at(server, key="aiml-wrong-key").provider.check_key()

        listed = [model.id for model in models]
        assert account.balance == Decimal("12.34")
        assert [request.key for request in server.requests_of("models")] == ["none"]
        assert listed == sorted(listed)
        assert {"stable-audio", "minimax/music-cover", "openai/tts-1"} <= set(listed)
        assert "openai/gpt-4o" not in listed
