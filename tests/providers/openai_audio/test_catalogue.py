"""Every limit that a service documents is refused at its field, with what is allowed, before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.errors import RequestInvalid
from app.domain.input_facts import InputFacts
from app.domain.model_spec import Kind
from app.domain.request import InputKind
from app.domain.transcript import TranscriptFormat
from app.storage.catalogue import Catalogue
from tests.providers.openai_audio.faking import clip, recording_for, text_for

TTS = ("gpt-4o-mini-tts", "tts-1", "tts-1-hd")
HEARING = ("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize")
# fmt: off
VOICES = [
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
]
# fmt: on
ALL_FORMATS = (AudioFormat.MP3, AudioFormat.WAV, AudioFormat.FLAC, AudioFormat.OPUS)
TEXTS = tuple(TranscriptFormat)


def test_the_models_are_those_of_the_contracts(catalogue: Catalogue) -> None:
    assert [spec.id for spec in catalogue.of_provider("openai")] == [*TTS, *HEARING]
    assert [spec.id for spec in catalogue.of_provider("runinfra")] == [
        "kokoro",
        "xtts-v2",
        "whisper-large-v3",
        "whisper-large-v3-turbo",
    ]
    assert all(spec.price is None for provider in ("openai", "runinfra") for spec in catalogue.of_provider(provider))


@pytest.mark.parametrize("model", TTS)
def test_openai_speaks_with_thirteen_voices_and_others_that_are_typed_in(model: str, catalogue: Catalogue) -> None:
    spec = catalogue.spec("openai", model)

    assert [voice.id for voice in spec.voices] == VOICES
    assert spec.default_voice == "alloy"
    assert spec.check(text_for(model, voice="voice_123")) == ()


@pytest.mark.parametrize(("provider", "model"), [*(("openai", each) for each in TTS), ("runinfra", "kokoro")])
@pytest.mark.parametrize("audio_format", ALL_FORMATS)
def test_every_format_that_can_be_decoded_is_offered(
    provider: str, model: str, audio_format: AudioFormat, catalogue: Catalogue
) -> None:
    spec = catalogue.spec(provider, model)

    assert spec.check(text_for(model, audio=AudioSettings(audio_format))) == ()
    assert spec.formats[0].format is AudioFormat.MP3


@pytest.mark.parametrize(
    ("provider", "model", "asked", "field", "words"),
    [
        ("openai", "tts-1", {"prompt": "x" * 4097}, "prompt", "4,096 characters"),
        ("openai", "tts-1", {"prompt": " "}, "prompt", "empty"),
        ("openai", "tts-1", {"parameters": {"speed": 0.2}}, "speed", "from 0.25 to 4"),
        ("openai", "tts-1", {"parameters": {"speed": 4.01}}, "speed", "from 0.25 to 4"),
        ("openai", "tts-1", {"parameters": {"instructions": "Whisper."}}, "instructions", "has no parameter"),
        ("openai", "tts-1-hd", {"parameters": {"stream_format": "sse"}}, "stream_format", "has no parameter"),
        ("openai", "gpt-4o-mini-tts", {"parameters": {"stream_format": "x"}}, "stream_format", "audio or sse"),
        ("openai", "gpt-4o-mini-tts", {"parameters": {"instructions": "x" * 4097}}, "instructions", "4,096 characters"),
        ("openai", "tts-1", {"audio": AudioSettings(AudioFormat.OGG)}, "format", "makes mp3, wav, flac or opus"),
        ("openai", "tts-1", {"audio": AudioSettings(AudioFormat.WAV, 48_000)}, "sample_rate", "the model decides"),
        ("openai", "tts-1", {"references": (clip(),)}, "references", "takes no clips"),
        ("openai", "whisper-1", {}, "model", "makes no audio"),
        ("runinfra", "whisper-large-v3", {}, "model", "makes no audio"),
        ("runinfra", "kokoro", {"references": (clip(),)}, "references", "takes no clips"),
        ("runinfra", "xtts-v2", {"references": (clip(), clip())}, "references", "1 clip at most"),
        ("runinfra", "xtts-v2", {"parameters": {"clone_form": "other"}}, "clone_form", "reference_audio or ref_audio"),
        ("runinfra", "xtts-v2", {"parameters": {"ref_text": "Hi"}}, "ref_text", "only with Form of the clip ref_audio"),
        ("runinfra", "kokoro", {"parameters": {"speed": 5}}, "speed", "from 0.25 to 4"),
        ("openai:own", "kokoro", {"audio": AudioSettings(AudioFormat.WAV, 7)}, "sample_rate", "8,000"),
        ("openai:own", "kokoro", {"parameters": {"volume_multiplier": 9.0}}, "volume_multiplier", "from 0.1 to 4"),
    ],
)
def test_what_a_model_doesnt_take_is_refused_at_its_field(
    provider: str, model: str, asked: dict[str, Any], field: str, words: str, catalogue: Catalogue
) -> None:
    problems = catalogue.spec(provider, model).check(text_for(model, **asked))

    assert [problem.field for problem in problems] == [field]
    assert words in problems[0].message


@pytest.mark.parametrize(("seconds", "words"), [(2.9, "at least 3 s"), (10.1, "at most 10 s"), (3.0, ""), (10.0, "")])
def test_a_clip_of_runinfra_has_three_to_ten_seconds(seconds: float, words: str, catalogue: Catalogue) -> None:
    spec = catalogue.spec("runinfra", "xtts-v2").references
    found = list(InputFacts(InputKind.CLIP, 100, seconds).problems(clip(), spec))

    assert spec.is_limit_of_service
    assert [words in problem.message for problem in found] == ([True] if words else [])


@pytest.mark.parametrize(
    ("provider", "model", "formats"),
    [
        ("openai", "whisper-1", TEXTS),
        ("openai", "gpt-4o-transcribe", (TranscriptFormat.JSON,)),
        ("openai", "gpt-4o-mini-transcribe", (TranscriptFormat.JSON,)),
        ("openai", "gpt-4o-transcribe-diarize", TEXTS),
        ("runinfra", "whisper-large-v3", TEXTS),
        ("runinfra", "whisper-large-v3-turbo", TEXTS),
        ("openai:own", "anything", TEXTS),
        ("runinfra", "anything", TEXTS),
    ],
)
def test_a_transcript_is_offered_as_the_model_writes_it(
    provider: str, model: str, formats: tuple[TranscriptFormat, ...], catalogue: Catalogue
) -> None:
    spec = catalogue.spec(provider, model)

    for written in TranscriptFormat:
        problems = spec.check_transcription(recording_for(model, written))
        assert [problem.field for problem in problems] == ([] if written in formats else ["format"])


@pytest.mark.parametrize(
    ("provider", "model", "asked", "field"),
    [
        ("openai", "whisper-1", {"temperature": 1.1}, "temperature"),
        ("openai", "whisper-1", {"diarize": True, "written": TranscriptFormat.SRT}, "diarize"),
        ("openai", "whisper-1", {"redact": True}, "redact"),
        ("openai", "gpt-4o-transcribe-diarize", {"prompt": "Ann"}, "prompt"),
        ("openai", "gpt-4o-transcribe-diarize", {"diarize": True}, "diarize"),
        ("runinfra", "whisper-large-v3", {"diarize": True, "written": TranscriptFormat.TEXT}, "diarize"),
        ("runinfra", "whisper-large-v3", {"temperature": -0.1}, "temperature"),
        ("openai", "tts-1", {}, "model"),
    ],
)
def test_what_a_model_doesnt_hear_is_refused_at_its_field(
    provider: str, model: str, asked: dict[str, Any], field: str, catalogue: Catalogue
) -> None:
    problems = catalogue.spec(provider, model).check_transcription(recording_for(model, **asked))

    assert [problem.field for problem in problems] == [field]


@pytest.mark.parametrize(
    ("provider", "model", "suffix", "size", "is_taken"),
    [
        ("openai", "whisper-1", ".opus", 25_000_000, True),
        ("openai", "whisper-1", ".wav", 25_000_001, False),
        ("openai", "whisper-1", ".aiff", 10, False),
        ("openai", "gpt-4o-transcribe", ".FLAC", 10, True),
        ("runinfra", "whisper-large-v3", ".wav", 400_000_000, True),
        ("runinfra", "whisper-large-v3", ".flac", 10, False),
        ("openai:own", "anything", ".aiff", 400_000_000, True),
    ],
)
def test_files_are_those_that_the_service_reads(
    provider: str, model: str, suffix: str, size: int, is_taken: bool, catalogue: Catalogue
) -> None:
    spec = catalogue.spec(provider, model).transcription
    assert spec is not None

    assert (list(spec.file_problems("take", suffix, size)) == []) is is_taken


def test_recordings_are_split_where_the_service_wants_them_shorter(catalogue: Catalogue) -> None:
    longest = {
        spec.id: spec.transcription.longest_s
        for provider in ("openai", "runinfra")
        for spec in catalogue.of_provider(provider)
        if spec.transcription is not None
    }

    assert longest == {
        "whisper-1": None,
        "gpt-4o-transcribe": 1_390,
        "gpt-4o-mini-transcribe": 1_390,
        "gpt-4o-transcribe-diarize": 1_390,
        "whisper-large-v3": 7_200,
        "whisper-large-v3-turbo": 7_200,
    }


def test_a_server_of_ones_own_has_no_model_of_its_own_accord(catalogue: Catalogue) -> None:
    with pytest.raises(RequestInvalid, match="Name a model that openai:kokoro offers"):
        catalogue.spec("openai:kokoro", "")


@pytest.mark.parametrize("provider", ["runinfra", "openai", "openai:kokoro", "openai:Studio-2"])
def test_any_other_model_of_the_family_speaks_and_hears(provider: str, catalogue: Catalogue) -> None:
    spec = catalogue.spec(provider, "acme/some-model:1")

    assert catalogue.takes_any_model(provider)
    assert (spec.provider, spec.id, spec.label) == (provider, "acme/some-model:1", "acme/some-model:1")
    assert spec.is_unlisted
    assert spec.kinds == (Kind.SPEECH, Kind.TRANSCRIPTION)
    assert spec.check(text_for(spec.id, provider=provider, voice="anything at all", references=(clip(),))) == ()
    assert spec.check_transcription(recording_for(spec.id, TranscriptFormat.SRT, diarize=True)) == ()


def test_a_profile_has_no_models_of_openai(catalogue: Catalogue) -> None:
    assert catalogue.of_provider("openai:kokoro") == ()
    assert catalogue.spec("openai:kokoro", "tts-1").voices == ()
    assert catalogue.spec("openai", "tts-1").voices != ()


def test_what_cant_be_a_model_of_a_profile_is_told_as_its_model(catalogue: Catalogue) -> None:
    with pytest.raises(RequestInvalid) as caught:
        catalogue.spec("openai:kokoro", "not a model")

    assert [problem.field for problem in caught.value.problems] == ["model"]


@pytest.mark.parametrize("provider", ["nobody:here", "runinfra2", "openaix:a"])
def test_only_known_families_have_profiles(provider: str, catalogue: Catalogue) -> None:
    assert not catalogue.takes_any_model(provider)
    with pytest.raises(RequestInvalid) as caught:
        catalogue.spec(provider, "kokoro")

    assert [problem.field for problem in caught.value.problems] == ["provider"]
