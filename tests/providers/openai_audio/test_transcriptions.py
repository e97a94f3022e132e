"""Forms as each service takes them, and every answer as what was heard."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.errors import AppError, GenerationFailed, OutcomeUnknown, RateLimited, RequestInvalid
from app.domain.provider import FileEncoding, Heard, WireFile
from app.domain.request import AudioPart
from app.domain.transcript import Segment, Transcript, TranscriptFormat
from app.providers.openai_audio.provider import OpenAIAudioProvider
from tests.providers.openai_audio.faking import (
    KEY,
    PART,
    SHA256,
    FakeClient,
    fields_of,
    recording_for,
)

JSON, TEXT, SRT, VTT, VERBOSE = (
    TranscriptFormat.JSON,
    TranscriptFormat.TEXT,
    TranscriptFormat.SRT,
    TranscriptFormat.VTT,
    TranscriptFormat.VERBOSE_JSON,
)
DIARIZE = "gpt-4o-transcribe-diarize"


def form(provider: OpenAIAudioProvider, model: str = "whisper-1", written: TranscriptFormat = JSON, **more: Any) -> Any:
    wire = provider.prepare_transcription(recording_for(model, written, **more), PART, KEY)
    return fields_of(wire)[:-1]


async def heard(
    provider: OpenAIAudioProvider,
    client: FakeClient,
    answer: Any,
    written: TranscriptFormat = JSON,
    *,
    content_type: str = "",
    **more: Any,
) -> Heard:
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    client.will_stream(content, content_type=content_type)
    wire = provider.prepare_transcription(recording_for(more.pop("model", "whisper-1"), written, **more), PART, KEY)
    submission = await provider.submit(wire, KEY)
    assert submission.transcript is not None
    return submission.transcript


# What leaves


def test_a_form_is_the_same_bytes_each_time_with_the_file_left_out(anyone: OpenAIAudioProvider) -> None:
    request = recording_for("whisper-1", VERBOSE, language="en", prompt="Grüße, “Ann”", temperature=0.2)

    wire = anyone.prepare_transcription(request, PART, KEY)

    assert wire == anyone.prepare_transcription(request, PART, KEY)
    assert (wire.method, wire.path) == ("POST", "/audio/transcriptions")
    assert wire.headers["Content-Type"] == f"multipart/form-data; boundary=cuesmith-{KEY.hex}"
    assert fields_of(wire) == [
        ("model", "whisper-1"),
        ("response_format", "verbose_json"),
        ("language", "en"),
        ("prompt", "Grüße, “Ann”"),
        ("temperature", "0.2"),
        ("file", 'Content-Disposition: form-data; name="file"; filename="audio.mp3"\r\nContent-Type: audio/mpeg'),
    ]
    ending = f"\r\n--cuesmith-{KEY.hex}--\r\n".encode()
    assert wire.files == (WireFile(len(wire.body) - len(ending), SHA256, FileEncoding.RAW),)
    assert wire.body.endswith(b"audio/mpeg\r\n\r\n" + ending)


@pytest.mark.parametrize(
    ("suffix", "name", "content_type"),
    [
        (".wav", "audio.wav", "audio/wav"),
        (".FLAC", "audio.flac", "audio/flac"),
        (".m4a", "audio.m4a", "audio/mp4"),
        (".mpga", "audio.mpga", "audio/mpeg"),
        (".webm", "audio.webm", "audio/webm"),
        (".opus", "audio.ogg", "audio/ogg"),
        (".oga", "audio.ogg", "audio/ogg"),
        (".xyz", "audio.xyz", "application/octet-stream"),
        ('.w"\r\nX: y', "audio", "application/octet-stream"),
        ("", "audio", "application/octet-stream"),
    ],
)
def test_the_file_has_a_name_with_its_suffix_and_the_type_that_goes_with_it(
    suffix: str, name: str, content_type: str, openai: OpenAIAudioProvider
) -> None:
    wire = openai.prepare_transcription(recording_for(), AudioPart(0, 1, SHA256, suffix), KEY)

    expected = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {content_type}'
    assert fields_of(wire)[-1] == ("file", expected)


def test_only_runinfra_gets_the_key_of_an_attempt(runinfra: OpenAIAudioProvider, own: OpenAIAudioProvider) -> None:
    known = runinfra.prepare_transcription(recording_for(), PART, KEY)
    unknown = own.prepare_transcription(recording_for(), PART, KEY)

    assert known.headers["Idempotency-Key"] == known.headers["X-Client-Request-Id"] == str(KEY)
    assert set(unknown.headers) == {"Content-Type"}


@pytest.mark.parametrize("written", list(TranscriptFormat))
def test_every_format_is_asked_for_by_its_name(written: TranscriptFormat, anyone: OpenAIAudioProvider) -> None:
    assert form(anyone, "whisper-1", written) == [("model", "whisper-1"), ("response_format", written.value)]


@pytest.mark.parametrize("written", [VERBOSE, SRT, VTT])
def test_runinfra_tells_speakers_and_redacts_by_fields_and_speakers_come_with_segments(
    written: TranscriptFormat, runinfra: OpenAIAudioProvider
) -> None:
    assert form(runinfra, "whisper-large-v3", written, diarize=True, redact=True, language="en-GB") == [
        ("model", "whisper-large-v3"),
        ("response_format", "verbose_json"),
        ("language", "en-GB"),
        ("diarize", "true"),
        ("redact", "true"),
    ]


@pytest.mark.parametrize(
    ("written", "diarize", "asked"),
    [
        (VERBOSE, True, "diarized_json"),
        (VERBOSE, False, "diarized_json"),
        (SRT, False, "diarized_json"),
        (JSON, False, "json"),
        (TEXT, False, "text"),
    ],
)
def test_openai_has_a_model_and_a_format_for_speakers(
    written: TranscriptFormat, diarize: bool, asked: str, openai: OpenAIAudioProvider
) -> None:
    assert form(openai, DIARIZE, written, diarize=diarize) == [
        ("model", DIARIZE),
        ("response_format", asked),
        ("chunking_strategy", "auto"),
    ]


@pytest.mark.parametrize(
    ("model", "written", "parameters", "more"),
    [
        (
            "whisper-1",
            VERBOSE,
            {"word_times": True},
            [("timestamp_granularities[]", "word"), ("timestamp_granularities[]", "segment")],
        ),
        ("whisper-1", VERBOSE, {"word_times": False}, []),
        ("whisper-1", SRT, {"word_times": True}, []),
        ("gpt-4o-transcribe", JSON, {"logprobs": True}, [("include[]", "logprobs")]),
        ("gpt-4o-transcribe", JSON, {"chunking_strategy": "whole"}, []),
        ("gpt-4o-transcribe", JSON, {"chunking_strategy": "auto"}, [("chunking_strategy", "auto")]),
        (
            "gpt-4o-transcribe",
            JSON,
            {"chunking_strategy": "server_vad"},
            [("chunking_strategy", '{"type": "server_vad"}')],
        ),
        (DIARIZE, JSON, {"chunking_strategy": "server_vad"}, [("chunking_strategy", '{"type": "server_vad"}')]),
    ],
)
def test_parameters_are_sent_in_the_form_that_openai_has_for_them(
    model: str,
    written: TranscriptFormat,
    parameters: dict[str, Any],
    more: list[tuple[str, str]],
    openai: OpenAIAudioProvider,
) -> None:
    fields = form(openai, model, written, parameters=parameters)

    assert fields[2:] == more


@pytest.mark.parametrize(("language", "sent"), [("en", "en"), ("en-GB", "en"), ("DE-de", "de"), (None, None)])
def test_openai_gets_the_letters_of_a_language(
    language: str | None, sent: str | None, openai: OpenAIAudioProvider
) -> None:
    assert dict(form(openai, language=language)).get("language") == sent


@pytest.mark.parametrize(("asked", "field"), [({"diarize": True}, "diarize"), ({"redact": True}, "redact")])
def test_what_openai_cant_do_is_refused_before_it_leaves(
    asked: dict[str, Any], field: str, openai: OpenAIAudioProvider
) -> None:
    with pytest.raises(RequestInvalid) as caught:
        form(openai, "whisper-1", VERBOSE, **asked)

    assert [problem.field for problem in caught.value.problems] == [field]


async def test_long_recordings_have_half_an_hour(anyone: OpenAIAudioProvider, client: FakeClient) -> None:
    answer = client.will_stream(b'{"text": "Hello"}')

    await anyone.submit(anyone.prepare_transcription(recording_for(), PART, KEY), KEY)

    assert [timeout_s for _, timeout_s in client.submitted] == [1_800.0]
    assert answer.within_s == 1_800.0


# What is heard

SRT_ANSWER = "1\n00:00:00,000 --> 00:00:01,500\nHello.\n\n2\n00:00:01,500 --> 00:00:03,000\nBye.\n\n"
VTT_ANSWER = "WEBVTT\n\n00:00.000 --> 00:01.500\n<v Ann>Hello.\n\n00:01.500 --> 00:03.000\nBye.\n\n"
SEGMENTS = [
    {"id": 0, "seek": 0, "start": 0.0, "end": 1.5, "text": "Hello.", "tokens": [1], "no_speech_prob": 0.1},
    {"start": 1.5, "end": 3, "text": "Bye."},
]
TWO = (Segment(0.0, 1.5, "Hello."), Segment(1.5, 3.0, "Bye."))


@pytest.mark.parametrize(
    ("written", "answer", "transcript"),
    [
        (JSON, {"text": "Hello.", "usage": {"type": "tokens", "total_tokens": 3}}, Transcript("Hello.")),
        (JSON, {"text": "Hello.", "usage": {"type": "duration", "seconds": 3}}, Transcript("Hello.", (), "", 3.0)),
        (JSON, {"text": ""}, Transcript("")),
        (TEXT, b"Hello.\n", Transcript("Hello.")),
        (TEXT, b"\n", Transcript("")),
        (TEXT, b'{"well": "that is what was said"}', Transcript('{"well": "that is what was said"}')),
        (SRT, SRT_ANSWER.encode(), Transcript("Hello. Bye.", TWO)),
        (SRT, b"\n", Transcript("")),
        (VTT, VTT_ANSWER.encode(), Transcript("Hello. Bye.", (Segment(0.0, 1.5, "Hello.", "Ann"), TWO[1]))),
        (VTT, b"WEBVTT\n\n", Transcript("")),
        (
            VTT,
            ("\ufeff" + VTT_ANSWER.replace("\n", "\r\n").replace("<v Ann>", "")).encode(),
            Transcript("Hello. Bye.", TWO),
        ),
        (
            VERBOSE,
            {
                "task": "transcribe",
                "language": "english",
                "duration": 47.3,
                "text": "Hello. Bye.",
                "segments": SEGMENTS,
            },
            Transcript("Hello. Bye.", TWO, "english", 47.3),
        ),
        (VERBOSE, {"text": "Hi", "duration": "3.25", "language": None}, Transcript("Hi", (), "", 3.25)),
        (VERBOSE, {"segments": SEGMENTS}, Transcript("Hello. Bye.", TWO)),
        (
            VERBOSE,
            {"text": "Hi you", "words": [{"word": "Hi", "start": 0, "end": 1}, {"word": "you", "start": 1, "end": 2}]},
            Transcript("Hi you", (Segment(0.0, 1.0, "Hi"), Segment(1.0, 2.0, "you"))),
        ),
    ],
)
async def test_every_form_of_an_answer_is_read_and_kept_as_it_came(
    written: TranscriptFormat, answer: Any, transcript: Transcript, anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    found = await heard(anyone, client, answer, written)

    assert found.transcript == transcript
    assert found.answer == (answer if isinstance(answer, bytes) else json.dumps(answer).encode()).decode()
    assert found.cost is None


@pytest.mark.parametrize(
    ("told", "speaker"),
    [
        ({"speaker": "Speaker 1"}, "Speaker 1"),
        ({"speaker_label": "Speaker 2"}, "Speaker 2"),
        ({"speaker": "", "speaker_label": "B"}, "B"),
        ({"speaker": 0}, "0"),
        ({"speaker": None}, ""),
        ({"speaker": ["A"]}, ""),
        ({}, ""),
    ],
)
async def test_speakers_are_found_under_either_name(
    told: dict[str, Any], speaker: str, runinfra: OpenAIAudioProvider, client: FakeClient
) -> None:
    answer = {"text": "Hi", "segments": [{"start": 0, "end": 1, "text": "Hi", **told}]}

    found = await heard(runinfra, client, answer, VERBOSE, diarize=True)

    assert found.transcript.segments == (Segment(0.0, 1.0, "Hi", speaker),)


@pytest.mark.parametrize(
    ("written", "begins"), [(SRT, "1\n00:00:00,500 --> 00:00:01,000\nA: Hello."), (VTT, "WEBVTT\n\n00:00:00.500")]
)
async def test_subtitles_with_speakers_are_written_from_what_the_service_gives_instead(
    written: TranscriptFormat,
    begins: str,
    openai: OpenAIAudioProvider,
    runinfra: OpenAIAudioProvider,
    client: FakeClient,
) -> None:
    answer = {
        "task": "transcribe",
        "duration": 2.0,
        "text": "Hello.",
        "segments": [
            {
                "type": "transcript.text.segment",
                "id": "seg_0",
                "start": 0.5,
                "end": 1.0,
                "text": "Hello.",
                "speaker": "A",
            }
        ],
    }
    for provider, model in ((openai, DIARIZE), (runinfra, "whisper-large-v3")):
        found = await heard(provider, client, answer, written, model=model, diarize=True)
        as_json = await heard(provider, client, answer, VERBOSE, model=model, diarize=True)

        assert found.answer.startswith(begins)
        assert as_json.answer == json.dumps(answer)
        assert (
            found.transcript == as_json.transcript == Transcript("Hello.", (Segment(0.5, 1.0, "Hello.", "A"),), "", 2)
        )


@pytest.mark.parametrize(
    "segments",
    [
        [{"start": "0.5", "end": "1", "text": "Hi"}, {"start": 1, "text": "no end"}, None, "odd"],
        [
            {"start": 0.5, "end": 1, "text": "Hi"},
            {"start": -1, "end": 2, "text": "x"},
            {"start": 1, "end": 2, "text": 7},
        ],
        [{"start": 0.5, "end": 1, "text": "Hi"}, {"start": True, "end": 2, "text": "x"}],
        [{"start": 0.5, "end": 1, "text": "Hi"}, {"start": "nan", "end": 2, "text": "x"}],
    ],
)
async def test_an_odd_segment_takes_no_other_with_it(
    segments: Any, own: OpenAIAudioProvider, client: FakeClient
) -> None:
    found = await heard(own, client, {"text": "Hi", "segments": segments, "duration": {}}, VERBOSE)

    assert found.transcript == Transcript("Hi", (Segment(0.5, 1.0, "Hi"),))


@pytest.mark.parametrize(
    ("written", "answer", "transcript"),
    [
        (SRT, {"text": "Hello. Bye.", "segments": SEGMENTS}, Transcript("Hello. Bye.", TWO)),
        (TEXT, {"text": "Hello."}, Transcript("Hello.")),
        (JSON, b"Hello.", Transcript("Hello.")),
        (SRT, b"Hello.", Transcript("Hello.")),
        (JSON, VTT_ANSWER.replace("<v Ann>", "").encode(), Transcript("Hello. Bye.", TWO)),
    ],
)
async def test_words_in_another_form_than_was_asked_for_are_words_all_the_same(
    written: TranscriptFormat, answer: Any, transcript: Transcript, own: OpenAIAudioProvider, client: FakeClient
) -> None:
    assert (await heard(own, client, answer, written)).transcript == transcript


@pytest.mark.parametrize("written", list(TranscriptFormat))
@pytest.mark.parametrize(
    "answer", [b"", b"<!DOCTYPE html><html>Welcome</html>", b"\xef\xbb\xbf<html>", b'<?xml version="1.0"?><e/>']
)
async def test_a_page_or_nothing_is_no_transcript(
    written: TranscriptFormat, answer: bytes, openai: OpenAIAudioProvider, own: OpenAIAudioProvider, client: FakeClient
) -> None:
    for provider, url, kind in (
        (openai, "https://api.openai.com/v1", OutcomeUnknown),
        (own, "http://127.0.0.1:8880/v1", GenerationFailed),
    ):
        client.base_url = url
        with pytest.raises(AppError, match="without a transcript") as caught:
            await heard(provider, client, answer, written)

        assert type(caught.value) is kind


@pytest.mark.parametrize("written", [JSON, VERBOSE])
async def test_json_that_broke_off_is_not_what_was_said(
    written: TranscriptFormat, openai: OpenAIAudioProvider, client: FakeClient
) -> None:
    with pytest.raises(OutcomeUnknown, match="without a transcript"):
        await heard(openai, client, b'{"task": "transcribe", "text": "The take sta', written)


@pytest.mark.parametrize("written", list(TranscriptFormat))
@pytest.mark.parametrize("answer", [{"error": {"message": "The GPU caught fire"}}, {"detail": "The GPU caught fire"}])
async def test_an_error_that_calls_itself_well_is_told(
    written: TranscriptFormat, answer: Any, anyone: OpenAIAudioProvider, client: FakeClient
) -> None:
    with pytest.raises(GenerationFailed, match="The GPU caught fire"):
        await heard(anyone, client, answer, written)


@pytest.mark.parametrize("written", list(TranscriptFormat))
async def test_an_empty_text_that_calls_itself_one_is_silence(
    written: TranscriptFormat, openai: OpenAIAudioProvider, client: FakeClient
) -> None:
    if written in (TEXT, SRT):
        found = await heard(openai, client, b"", written, content_type="text/plain; charset=utf-8")
        assert found == Heard(Transcript(""), "")
    else:
        with pytest.raises(OutcomeUnknown):
            await heard(openai, client, b"", written, content_type="text/plain")


async def test_json_without_words_is_no_transcript(openai: OpenAIAudioProvider, client: FakeClient) -> None:
    for answer in ({}, {"text": None}, {"text": 7, "segments": [{}]}):
        with pytest.raises(OutcomeUnknown):
            await heard(openai, client, answer)


async def test_an_error_status_is_told_as_for_speech(runinfra: OpenAIAudioProvider, client: FakeClient) -> None:
    client.will_stream(b"{}", status=503, headers={"retry-after": "4"})

    with pytest.raises(RateLimited) as caught:
        await runinfra.submit(runinfra.prepare_transcription(recording_for(), PART, KEY), KEY)

    assert caught.value.retry_after_s == 4


async def test_a_very_long_answer_is_read_whole(own: OpenAIAudioProvider, client: FakeClient) -> None:
    segments = [{"start": n, "end": n + 1, "text": f"line {n}"} for n in range(4_000)]

    found = await heard(own, client, {"text": "lines", "segments": segments}, VERBOSE)

    assert len(found.transcript.segments) == 4_000
