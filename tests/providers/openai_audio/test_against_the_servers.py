"""Every model and every server, from the request to decoded audio or words, over real connections."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.audio.containers import repair_wav_sizes
from app.audio.files import verify
from app.domain.audio import AudioFormat, AudioInfo, AudioSettings
from app.domain.errors import (
    CredentialsMissing,
    CredentialsRejected,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    RequestRejected,
    ResultGone,
)
from app.domain.provider import Heard, ListedModel, Submission, WireRequest
from app.domain.request import AudioPart, GenerationRequest, InputFile, TranscriptionRequest
from app.domain.transcript import TranscriptFormat
from app.providers.client import Network, ServiceClient
from app.providers.openai_audio import dialect
from app.providers.openai_audio.dialect import Dialect
from app.providers.openai_audio.provider import OpenAIAudioProvider
from app.providers.registry import OPENAI, RUNINFRA, profiles_of
from app.storage.catalogue import Catalogue
from tests.fakes.fixed_key import FixedKey
from tests.providers.openai_audio.faking import KEY as ATTEMPT
from tests.providers.openai_audio.faking import audio_of, heard, recording_for, text_for
from tests.servers import openai_dialects as servers
from tests.servers import openai_server, runinfra
from tests.servers.faults import CutAfter, Drop, html_page
from tests.servers.openai_errors import Refusal, quota_exhausted, rate_limited, refusing
from tests.servers.openai_server import OpenAIServer
from tests.servers.runinfra import RunInfraServer
from tests.servers.sounds import Sound, encode_samples
from tests.servers.transcribing import EMAIL, REDACTED, spoken

WORDS = "alfa bravo charlie. delta echo."
TWO_SEGMENTS = ["alfa bravo charlie", "delta echo"]
FORMATS = [AudioFormat.MP3, AudioFormat.WAV, AudioFormat.FLAC, AudioFormat.OPUS]
OWN = profiles_of({"openai:own": "http://127.0.0.1:8880/v1"})[0]
_SILENCE = np.zeros((16_000, 1), dtype=np.float32)
Server = OpenAIServer | RunInfraServer


@dataclass
class Desk:
    """A provider at a server, and what its user would do with it."""

    provider: OpenAIAudioProvider
    catalogue: Catalogue
    folder: Path

    def kept(self, content: bytes) -> str:
        """A copy in the library, by its hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        (self.folder / sha256).write_bytes(content)
        return sha256

    def a_clip(self, seconds: float) -> InputFile:
        return InputFile(Path("clip.wav"), self.kept(Sound("wav", 44_100, 1, seconds).encoded()))

    def prepared(self, request: GenerationRequest) -> WireRequest:
        request = replace(request, provider=self.provider.id)
        assert self.catalogue.spec(request.provider, request.model).check(request) == ()
        return self.provider.prepare(request, ATTEMPT)

    async def submit(self, request: GenerationRequest) -> Submission:
        return await self.provider.submit(self.prepared(request), ATTEMPT)

    async def made(self, request: GenerationRequest) -> AudioInfo:
        """One take, decoded to its end."""
        return self.decoded(await heard((await self.submit(request)).stream))

    def decoded(self, data: bytes) -> AudioInfo:
        path = self.folder / "take"
        path.write_bytes(data)
        if data.startswith(b"RIFF"):
            repair_wav_sizes(path)
        return verify(path)

    def asked(self, request: TranscriptionRequest, text: str = WORDS, audio_format: Any = "mp3") -> WireRequest:
        request = replace(request, provider=self.provider.id)
        assert self.catalogue.spec(request.provider, request.model).check_transcription(request) == ()
        content = spoken(text, audio_format) if text else encode_samples(_SILENCE, audio_format, 16_000)
        part = AudioPart(0, 10, self.kept(content), f".{audio_format}")
        return self.provider.prepare_transcription(request, part, ATTEMPT)

    async def heard(self, request: TranscriptionRequest, text: str = WORDS, audio_format: Any = "mp3") -> Heard:
        submission = await self.provider.submit(self.asked(request, text, audio_format), ATTEMPT)
        assert submission.transcript is not None
        return submission.transcript


DeskAt = Callable[..., Desk]


@pytest.fixture
def desk_at(network: Network, tmp_path: Path, catalogue: Catalogue) -> DeskAt:
    """A desk at a server: by default with the key, and in the dialect, that go with it."""

    def make(server: Server, key: str | Exception | None = None, *, url: str = "") -> Desk:
        service, usual_key, spoken_there = _facts_of(server)
        client = ServiceClient(
            service, network, FixedKey(key or usual_key), lambda _: url or server.url, lambda sha256: tmp_path / sha256
        )
        return Desk(OpenAIAudioProvider(service.id, client, spoken_there), catalogue, tmp_path)

    return make


def _facts_of(server: Server) -> tuple[Any, str | Exception, Callable[[str], Dialect]]:
    if isinstance(server, RunInfraServer):
        return RUNINFRA, runinfra.KEY, lambda _: dialect.runinfra(RUNINFRA)
    if server.dialect.is_openai:  # it is on loopback here, and speaks as at home
        return OPENAI, openai_server.KEY, lambda _: dialect.openai(OPENAI, OPENAI.base_url)
    return OWN, CredentialsMissing("There is none."), partial(dialect.openai, OWN)


# Speech


@pytest.mark.parametrize("audio_format", FORMATS)
@pytest.mark.parametrize("model", ["gpt-4o-mini-tts", "tts-1", "tts-1-hd"])
async def test_every_model_of_openai_speaks_in_every_format_and_is_charged_once(
    model: str, audio_format: AudioFormat, desk_at: DeskAt
) -> None:
    async with OpenAIServer() as server:
        info = await desk_at(server).made(text_for(model, voice="cedar", audio=AudioSettings(audio_format)))

        assert info.format is audio_format
        assert info.duration_s == pytest.approx(2.0, abs=0.1)
        assert len(server.ledger.charges) == 1


async def test_everything_that_openai_takes_is_taken(desk_at: DeskAt) -> None:
    parameters = {"speed": 2.0, "instructions": "Calm.", "stream_format": "sse"}
    async with OpenAIServer(custom_voices=["voice_123"]) as server:
        info = await desk_at(server).made(
            text_for(voice="voice_123", audio=AudioSettings(AudioFormat.WAV), parameters=parameters)
        )

        assert (info.format, info.duration_s) == (AudioFormat.WAV, 1.0)
        assert server.speeches[0].body["voice"] == {"id": "voice_123"}


@pytest.mark.parametrize("events", [{}, {"sse_end_marker": True}, {"sse_comments": True}, {"with_usage": False}])
@pytest.mark.parametrize("block_bytes", [1, 3_001, 1 << 20])
async def test_events_bring_the_same_bytes_as_the_audio_itself(
    events: dict[str, Any], block_bytes: int, desk_at: DeskAt
) -> None:
    request = text_for(voice="alloy", audio=AudioSettings(AudioFormat.MP3))
    async with OpenAIServer(speech_seconds=0.1) as server:
        desk = desk_at(server)
        server.behaviour = replace(server.behaviour, sse_block_bytes=block_bytes, **events)
        in_events = await heard((await desk.submit(replace(request, parameters={"stream_format": "sse"}))).stream)
        server.speeches.clear()  # the next one sounds like the first

        assert in_events == await heard((await desk.submit(request)).stream)


@pytest.mark.parametrize("asked", [{}, {"parameters": {"stream_format": "sse"}}])
@pytest.mark.parametrize("tenth", range(10))
async def test_speech_that_is_cut_says_so_after_what_arrived(
    asked: dict[str, Any], tenth: int, desk_at: DeskAt
) -> None:
    request = text_for(voice="alloy", audio=AudioSettings(AudioFormat.WAV), **asked)
    async with OpenAIServer() as server:
        desk = desk_at(server)
        whole = await heard((await desk.submit(request)).stream)
        server.speeches.clear()
        server.faults.at("speech", CutAfter(tenth / 10))
        arrived = bytearray()

        async def listen() -> None:
            async for data in audio_of(await desk.submit(request)):
                arrived.extend(data)

        with pytest.raises(OutcomeUnknown):
            await listen()

        assert whole.startswith(arrived)
        assert len(arrived) == pytest.approx(len(whole) * tenth / 10, abs=4_096)
        assert len(server.ledger.charges) == 2


async def test_events_without_their_end_are_incomplete(desk_at: DeskAt) -> None:
    async with OpenAIServer() as server:
        server.behaviour.sse_done = False

        with pytest.raises(OutcomeUnknown):
            await desk_at(server).made(text_for(voice="alloy", parameters={"stream_format": "sse"}))


@pytest.mark.parametrize(
    "behaviour",
    [
        {"ignores_format": True},
        {"ignores_format": True, "wav_size": 0},
        {"ignores_format": True, "wav_size": None},
        {"ignores_format": True, "speech_content_type": "application/octet-stream"},
        {"ignores_format": True, "speech_content_type": "text/plain"},
        {"ignores_format": True, "speech_answer": "json"},
    ],
)
async def test_another_format_than_was_asked_for_is_told_by_its_bytes(
    behaviour: dict[str, Any], desk_at: DeskAt
) -> None:
    async with OpenAIServer(servers.KOKORO) as server:
        server.behaviour = replace(server.behaviour, **behaviour)

        info = await desk_at(server).made(text_for("kokoro", audio=AudioSettings(AudioFormat.MP3)))

        assert (info.format, info.duration_s) == (AudioFormat.WAV, 2.0)


MODEL_OF = {
    "Kokoro-FastAPI": "kokoro",
    "Kokoro-FastAPI, older": "kokoro",
    "speaches": "speaches-ai/Kokoro-82M-v1.0-ONNX",
    "openedai-speech": "tts-1-hd",
    "LocalAI": "voice-en-us-amy-low",
    "vLLM-omni, early": "Qwen/Qwen3-Omni-30B",
}


@pytest.mark.parametrize("audio_format", FORMATS)
@pytest.mark.parametrize("kind", servers.SELF_HOSTED, ids=lambda kind: kind.name)
async def test_every_server_speaks_in_every_format_without_a_key(
    kind: servers.Dialect, audio_format: AudioFormat, desk_at: DeskAt
) -> None:
    async with OpenAIServer(kind) as server:
        request = text_for(MODEL_OF[kind.name], voice="af_heart", audio=AudioSettings(audio_format))

        info = await desk_at(server).made(request)
        without_version = await desk_at(server, url=server.origin).made(request)

        assert info.format is without_version.format is audio_format
        assert [request.key for request in server.requests] == ["none", "none"]
        assert server.ignored == []


@pytest.mark.parametrize(
    ("kind", "model", "rate_hz"),
    [
        (servers.KOKORO, "kokoro", 24_000),
        (servers.OPENEDAI, "tts-1", 22_050),
        (servers.OPENEDAI, "tts-1-hd", 24_000),
    ],
    ids=["Kokoro-FastAPI", "openedai-speech tts-1", "openedai-speech tts-1-hd"],
)
async def test_raw_samples_have_the_rate_of_their_server(
    kind: servers.Dialect, model: str, rate_hz: int, desk_at: DeskAt
) -> None:
    async with OpenAIServer(kind) as server:
        info = await desk_at(server).made(text_for(model, voice="af_heart", parameters={"raw_samples": True}))

        assert (info.format, info.sample_rate_hz, info.channels) == (AudioFormat.WAV, rate_hz, 1)
        assert info.duration_s == pytest.approx(2.0, abs=0.01)


async def test_kokoro_gets_all_that_it_knows(desk_at: DeskAt) -> None:
    parameters = {
        "lang_code": "b",
        "volume_multiplier": 1.5,
        "speed": 2.0,
        "extra_fields": '{"normalization_options": {"normalize": false}, "return_download_link": true}',
    }
    async with OpenAIServer(servers.KOKORO) as server:
        info = await desk_at(server).made(text_for("kokoro", voice="af_bella(2)+af_heart(1)", parameters=parameters))

        assert info.duration_s == pytest.approx(1.0, abs=0.1)
        assert server.ignored == []
        assert server.speeches[0].body["lang_code"] == "b"


@pytest.mark.parametrize("asked", [{}, {"parameters": {"stream_format": "sse"}}])
async def test_speaches_makes_another_rate_and_tells_its_tokens_elsewhere(
    asked: dict[str, Any], desk_at: DeskAt
) -> None:
    async with OpenAIServer(servers.SPEACHES) as server:
        request = text_for(MODEL_OF["speaches"], voice="af_sky", audio=AudioSettings(AudioFormat.FLAC, 16_000), **asked)

        assert (await desk_at(server).made(request)).sample_rate_hz == 16_000


# Voices, models, keys


@pytest.mark.parametrize("kind", [*servers.SELF_HOSTED, servers.OPENAI], ids=lambda kind: kind.name)
async def test_voices_are_listed_where_there_is_a_list(kind: servers.Dialect, desk_at: DeskAt) -> None:
    async with OpenAIServer(kind) as server:
        voices = await desk_at(server).provider.voices()

        assert [voice.id for voice in voices] == list(kind.voice_ids)
        if kind is servers.SPEACHES:
            assert {(voice.languages, voice.gender) for voice in voices} == {
                (("en-us",), "female"),
                (("en-us",), "male"),
            }


@pytest.mark.parametrize("kind", servers.SELF_HOSTED, ids=lambda kind: kind.name)
async def test_models_are_listed_by_every_server(kind: servers.Dialect, desk_at: DeskAt) -> None:
    async with OpenAIServer(kind) as server:
        provider = desk_at(server).provider

        listed = await provider.models()
        server.behaviour.models_answer = "nothing"

        assert set(listed) == set(map(ListedModel, (*kind.speech_models, *kind.transcription_models)))
        assert await provider.models() == ()


async def test_a_key_is_tried_out_at_every_kind_of_server(desk_at: DeskAt) -> None:
    for make in (OpenAIServer, RunInfraServer, partial(OpenAIServer, servers.SPEACHES, keys=["right"])):
        async with make() as server:
            right = "right" if isinstance(server, OpenAIServer) and not server.dialect.is_openai else None

            await desk_at(server, right).provider.check_key()
            with pytest.raises(CredentialsRejected):
                await desk_at(server, "wrong").provider.check_key()


async def test_a_missing_key_is_told_by_the_server_that_wants_one(desk_at: DeskAt) -> None:
    async with OpenAIServer(servers.SPEACHES, keys=["right"]) as server:
        with pytest.raises(CredentialsRejected):
            await desk_at(server).submit(text_for(MODEL_OF["speaches"], voice="af_sky"))

        assert server.speeches == []


@pytest.mark.parametrize("kind", [*servers.SELF_HOSTED, servers.OPENAI], ids=lambda kind: kind.name)
async def test_a_model_that_a_server_doesnt_have_is_told_at_its_field(kind: servers.Dialect, desk_at: DeskAt) -> None:
    async with OpenAIServer(kind) as server:
        with pytest.raises(RequestRejected) as caught:
            await desk_at(server).submit(
                text_for(
                    "no-such", voice="alloy" if kind.needs_key else "af_heart", audio=AudioSettings(AudioFormat.MP3)
                )
            )

        assert caught.value.field == "model"
        assert "no-such" in str(caught.value)


async def test_mistakes_are_told_in_the_words_of_the_server(desk_at: DeskAt) -> None:
    for kind, field in ((servers.KOKORO, None), (servers.SPEACHES, "voice")):
        async with OpenAIServer(kind) as server:
            voice = "nobody" if kind is servers.KOKORO else None

            with pytest.raises(RequestRejected) as caught:
                await desk_at(server).submit(text_for(MODEL_OF[kind.name], voice=voice))

            assert caught.value.field == field
            assert "HTTP" not in str(caught.value)


async def test_too_many_requests_and_no_quota_are_told_apart(desk_at: DeskAt) -> None:
    async with OpenAIServer() as server:
        server.faults.at("speech", rate_limited(retry_after_s=7))
        server.faults.at("speech", quota_exhausted())

        with pytest.raises(RateLimited) as busy:
            await desk_at(server).submit(text_for(voice="alloy"))
        with pytest.raises(QuotaExhausted):
            await desk_at(server).submit(text_for(voice="alloy"))

        assert busy.value.retry_after_s == 7


@pytest.mark.parametrize(
    "fault", [Drop(processed=True), html_page(502, processed=True), html_page(200, processed=True)]
)
async def test_a_lost_answer_is_an_unknown_outcome(fault: Any, desk_at: DeskAt) -> None:
    async with OpenAIServer() as server:
        server.faults.at("speech", fault)
        server.faults.at("transcription", fault)
        desk = desk_at(server)

        with pytest.raises(OutcomeUnknown):
            await desk.submit(text_for(voice="alloy"))
        with pytest.raises(OutcomeUnknown):
            await desk.heard(recording_for())


# Transcriptions


@pytest.mark.parametrize("audio_format", ["mp3", "wav", "flac", "ogg", "opus"])
@pytest.mark.parametrize("written", list(TranscriptFormat))
async def test_whisper_writes_every_format_from_every_file(
    written: TranscriptFormat, audio_format: str, desk_at: DeskAt
) -> None:
    async with OpenAIServer() as server:
        request = recording_for("whisper-1", written, language="en-GB", prompt="Grüße", temperature=0.25)

        found = await desk_at(server).heard(request, audio_format=audio_format)

        assert found.transcript.text == " ".join(TWO_SEGMENTS)
        if written.has_times:
            assert [segment.text for segment in found.transcript.segments] == TWO_SEGMENTS
            assert found.transcript.segments[1].start_s == pytest.approx(2.5, abs=0.1)
        fields = dict(server.transcriptions[0].fields)
        assert fields == {
            "model": "whisper-1",
            "response_format": written.value,
            "language": "en",
            "prompt": "Grüße",
            "temperature": 0.25,
        }
        assert len(server.ledger.charges) == 1


@pytest.mark.parametrize("model", ["gpt-4o-transcribe", "gpt-4o-mini-transcribe"])
@pytest.mark.parametrize("chunking", ["whole", "auto", "server_vad"])
async def test_the_newer_models_write_json(model: str, chunking: str, desk_at: DeskAt) -> None:
    async with OpenAIServer() as server:
        parameters = {"chunking_strategy": chunking, "logprobs": True}

        found = await desk_at(server).heard(recording_for(model, parameters=parameters))

        assert found.transcript.text == " ".join(TWO_SEGMENTS)
        assert "logprobs" in found.answer


async def test_whisper_tells_the_times_of_words_as_well(desk_at: DeskAt) -> None:
    async with OpenAIServer() as server:
        server.behaviour.duration_as_text = True
        request = recording_for("whisper-1", TranscriptFormat.VERBOSE_JSON, parameters={"word_times": True})

        found = await desk_at(server).heard(request)

        assert '"words"' in found.answer
        assert [segment.text for segment in found.transcript.segments] == TWO_SEGMENTS
        assert found.transcript.duration_s == pytest.approx(4.5, abs=0.2)
        assert found.transcript.language == "english"


@pytest.mark.parametrize("written", list(TranscriptFormat))
async def test_openai_tells_speakers_apart_with_its_own_model(written: TranscriptFormat, desk_at: DeskAt) -> None:
    async with OpenAIServer() as server:
        request = recording_for("gpt-4o-transcribe-diarize", written, diarize=written.has_times)

        found = await desk_at(server).heard(request, "alfa bravo charlie delta. " * 12)

        speakers = [segment.speaker for segment in found.transcript.segments]
        assert speakers[:3] == (["A", "B", "A"] if written.has_times else [])
        if written is TranscriptFormat.SRT:
            assert found.answer.startswith("1\n00:00:00,000 --> 00:00:02,000\nA: alfa bravo charlie delta\n")
        if written is TranscriptFormat.VTT:
            assert "<v B>alfa bravo charlie delta" in found.answer


@pytest.mark.parametrize("model", ["whisper-large-v3", "whisper-large-v3-turbo"])
@pytest.mark.parametrize("written", list(TranscriptFormat))
async def test_runinfra_writes_every_format(model: str, written: TranscriptFormat, desk_at: DeskAt) -> None:
    async with RunInfraServer() as server:
        found = await desk_at(server).heard(recording_for(model, written, language="en-GB"))

        assert found.transcript.text == " ".join(TWO_SEGMENTS)
        assert [each.text for each in found.transcript.segments] == (TWO_SEGMENTS if written.has_times else [])
        assert server.transcriptions[0].fields["language"] == "en-GB"


@pytest.mark.parametrize("speaker_key", ["speaker", "speaker_label"])
@pytest.mark.parametrize("written", [TranscriptFormat.VERBOSE_JSON, TranscriptFormat.SRT, TranscriptFormat.VTT])
async def test_runinfra_tells_speakers_apart_and_redacts(
    written: TranscriptFormat, speaker_key: str, desk_at: DeskAt
) -> None:
    async with RunInfraServer() as server:
        server.behaviour.speaker_key = speaker_key
        request = recording_for("whisper-large-v3", written, diarize=True, redact=True)

        found = await desk_at(server).heard(request, f"alfa. {EMAIL}")

        assert [(each.text, each.speaker) for each in found.transcript.segments] == [
            ("alfa", "Speaker 1"),
            (REDACTED[EMAIL], "Speaker 2"),
        ]
        assert "Speaker 2" in found.answer
        assert found.answer.startswith("{") is (written is TranscriptFormat.VERBOSE_JSON)


async def test_speaches_writes_down_what_is_said_without_a_key(desk_at: DeskAt) -> None:
    async with OpenAIServer(servers.SPEACHES) as server:
        for written in TranscriptFormat:
            found = await desk_at(server).heard(recording_for("Systran/faster-whisper-small", written))

            assert found.transcript.text == " ".join(TWO_SEGMENTS)


@pytest.mark.parametrize("written", list(TranscriptFormat))
async def test_silence_is_a_transcript_without_words(written: TranscriptFormat, desk_at: DeskAt) -> None:
    async with RunInfraServer() as server:
        found = await desk_at(server).heard(recording_for("whisper-large-v3", written), "", "wav")

        assert (found.transcript.text, found.transcript.segments) == ("", ())


async def test_a_server_that_only_speaks_says_so(desk_at: DeskAt) -> None:
    async with OpenAIServer(servers.KOKORO) as server:
        with pytest.raises(RequestRejected):
            await desk_at(server).heard(recording_for("whisper-1"))


# RunInfra


@pytest.mark.parametrize("audio_format", FORMATS)
async def test_runinfra_speaks_in_every_format(audio_format: AudioFormat, desk_at: DeskAt) -> None:
    async with RunInfraServer() as server:
        info = await desk_at(server).made(
            text_for("kokoro", voice="alloy", audio=AudioSettings(audio_format), parameters={"speed": 0.5})
        )

        assert info.format is audio_format
        assert info.duration_s == pytest.approx(4.0, abs=0.1)
        assert server.requests[0].headers["x-client-request-id"] == str(ATTEMPT)


@pytest.mark.parametrize("produces", ["wav", "mp3", "flac"])
async def test_what_the_model_of_runinfra_made_is_told_by_its_bytes(produces: Any, desk_at: DeskAt) -> None:
    async with RunInfraServer() as server:
        server.behaviour.produces = produces
        server.behaviour.speech_content_type = "audio/mpeg"

        info = await desk_at(server).made(text_for("kokoro", audio=AudioSettings(AudioFormat.OPUS)))

        assert info.format == produces


async def test_the_same_attempt_is_made_and_charged_once_within_a_day(desk_at: DeskAt) -> None:
    async with RunInfraServer() as server:
        desk = desk_at(server)
        wire = desk.prepared(text_for("kokoro", voice="alloy"))
        server.faults.at("speech", Drop(processed=True))
        with pytest.raises(OutcomeUnknown):
            await desk.provider.submit(wire, ATTEMPT)
        server.clock.advance(23.9 * 3600)

        stream = audio_of(await desk.provider.submit(wire, ATTEMPT))

        assert desk.decoded(await heard(stream)).format is AudioFormat.MP3
        assert "nothing was made or charged again" in stream.result.remark
        assert len(server.ledger.charges) == len(server.speeches) + len(server.transcriptions) == 1


async def test_after_a_day_the_same_attempt_would_be_made_again(desk_at: DeskAt) -> None:
    async with RunInfraServer() as server:
        desk = desk_at(server)
        wire = desk.prepared(text_for("kokoro", voice="alloy"))
        first = audio_of(await desk.provider.submit(wire, ATTEMPT))
        await first.aclose()
        server.clock.advance(24 * 3600)

        again = audio_of(await desk.provider.submit(wire, ATTEMPT))
        await again.aclose()

        assert again.result.remark == ""
        assert len(server.ledger.charges) == 2  # so the engine asks its user by then


@pytest.mark.parametrize("written", [TranscriptFormat.JSON, TranscriptFormat.SRT])
async def test_a_transcription_is_replayed_with_its_file(written: TranscriptFormat, desk_at: DeskAt) -> None:
    async with RunInfraServer() as server:
        desk = desk_at(server)
        wire = desk.asked(recording_for("whisper-large-v3", written))
        server.faults.at("transcription", Drop(processed=True))
        with pytest.raises(OutcomeUnknown):
            await desk.provider.submit(wire, ATTEMPT)

        submission = await desk.provider.submit(wire, ATTEMPT)

        assert submission.transcript is not None
        assert submission.transcript.transcript.text == " ".join(TWO_SEGMENTS)
        assert len(server.ledger.charges) == len(server.speeches) + len(server.transcriptions) == 1


@pytest.mark.parametrize("tenth", range(10))
async def test_what_was_cut_comes_whole_under_the_same_key(tenth: int, desk_at: DeskAt) -> None:
    async with RunInfraServer() as server:
        desk = desk_at(server)
        wire = desk.prepared(text_for("kokoro", audio=AudioSettings(AudioFormat.FLAC)))
        server.faults.at("speech", CutAfter(tenth / 10))

        async def listen() -> bytes:
            return await heard((await desk.provider.submit(wire, ATTEMPT)).stream)

        with pytest.raises(OutcomeUnknown):
            await listen()

        assert desk.decoded(await listen()).duration_s == pytest.approx(2.0)
        assert len(server.ledger.charges) == 1


async def test_an_answer_that_is_no_longer_kept_is_gone_and_not_made_again(desk_at: DeskAt) -> None:
    async with RunInfraServer(largest_replay_bytes=1_000) as server:
        desk = desk_at(server)
        wire = desk.prepared(text_for("kokoro"))
        server.faults.at("speech", Drop(processed=True))
        with pytest.raises(OutcomeUnknown):
            await desk.provider.submit(wire, ATTEMPT)

        with pytest.raises(ResultGone):
            await desk.provider.submit(wire, ATTEMPT)

        assert len(server.ledger.charges) == len(server.speeches) + len(server.transcriptions) == 1


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Refusal(503, "The deployment is starting"), RateLimited),
        (Refusal(429, "Too many requests"), RateLimited),
        (Refusal(500, "Something broke"), OutcomeUnknown),
        (Refusal(504, "It took too long"), OutcomeUnknown),
        (Refusal(403, "This needs another plan", "byoc_plan_required"), CredentialsRejected),
    ],
)
async def test_a_refusal_is_followed_by_the_same_body_under_the_same_key(
    refusal: Refusal, kind: type[Exception], desk_at: DeskAt
) -> None:
    async with RunInfraServer() as server:
        desk = desk_at(server)
        wire = desk.prepared(text_for("kokoro"))
        server.faults.at("speech", refusing(replace(refusal, headers={"Retry-After": "3"})))

        with pytest.raises(kind) as caught:
            await desk.provider.submit(wire, ATTEMPT)
        stream = audio_of(await desk.provider.submit(wire, ATTEMPT))
        await stream.aclose()

        assert refusal.message in str(caught.value)
        assert getattr(caught.value, "retry_after_s", 3) == 3
        assert len(server.ledger.charges) == 1


async def test_missing_credit_is_told_with_its_amounts(desk_at: DeskAt) -> None:
    async with RunInfraServer(balance=Decimal("0.00")) as server:
        with pytest.raises(QuotaExhausted, match=r"It has \$0\.00, and this needs \$0\.0\d.*https://runinfra.example"):
            await desk_at(server).submit(text_for("kokoro", "x" * 2_000))


async def test_a_model_that_isnt_deployed_is_told_at_its_field(desk_at: DeskAt) -> None:
    async with RunInfraServer() as server:
        with pytest.raises(RequestRejected) as caught:
            await desk_at(server).submit(text_for("no-such"))

        assert (caught.value.field, caught.value.code) == ("model", "model_not_found")
        assert "request req_" in str(caught.value)


@pytest.mark.parametrize(
    ("parameters", "form"),
    [
        ({}, "seed"),
        ({"clone_form": "reference_audio"}, "seed"),
        ({"clone_form": "ref_audio", "ref_text": "Hello there."}, "newer"),
        ({"clone_form": "ref_audio", "ref_text": "Hello there.", "task_type": "Base"}, "newer"),
    ],
)
@pytest.mark.parametrize("model", ["xtts-v2", "qwen3-tts"])
async def test_a_voice_is_cloned_from_the_whole_clip_in_either_form(
    model: str, parameters: dict[str, Any], form: str, desk_at: DeskAt
) -> None:
    async with RunInfraServer() as server:
        desk = desk_at(server)

        await desk.made(text_for(model, references=(desk.a_clip(4.5),), parameters=parameters))

        (clip,) = server.clips
        assert clip.form == form
        assert clip.used_s == pytest.approx(4.5)
        assert not clip.truncated


async def test_a_key_of_a_pipeline_goes_to_its_own_address(desk_at: DeskAt) -> None:
    async with RunInfraServer(pipeline_keys={"rp_pipe": "pipe_1"}) as server:
        desk = desk_at(server, "rp_pipe", url=f"{server.url}/pipe_1")

        assert (await desk.made(text_for("kokoro"))).format is AudioFormat.MP3
        assert server.requests[0].path == "/v1/pipe_1/audio/speech"
