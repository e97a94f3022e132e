"""What the user set for transcriptions becomes what each model understands."""

from __future__ import annotations

from pathlib import Path

from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import ParameterSpec, ParameterType, Range
from app.domain.request import InputFile
from app.domain.transcript import TranscriptFormat
from app.domain.transcription_draft import TranscriptionDraft, parameters_of
from app.domain.transcription_spec import TranscriptionSpec

AUDIO = InputFile(Path("/sounds/interview.wav"))
WORD_TIMES = ParameterSpec("word_times", "Times of words", ParameterType.BOOL, default=False)
ALL = ModelSpec(
    "acme",
    "all",
    "All",
    (Kind.TRANSCRIPTION,),
    parameters=(WORD_TIMES,),
    transcription=TranscriptionSpec(
        tuple(TranscriptFormat), temperature=Range(0.0, 1.0, 0.0, 0.1), has_diarize=True, has_redact=True
    ),
)
LITTLE = ModelSpec(
    "acme",
    "little",
    "Little",
    (Kind.TRANSCRIPTION,),
    transcription=TranscriptionSpec((TranscriptFormat.JSON,), takes_prompt=False, takes_language=False),
)
SET = TranscriptionDraft(
    format=TranscriptFormat.SRT,
    language="de",
    prompt=" Ann, Ben ",
    temperature=0.3,
    diarize=True,
    redact=True,
    parameters={"acme/all": {"word_times": True}},
)


def test_a_model_gets_all_that_it_has():
    request = SET.request(ALL, AUDIO, 2.0)

    assert (request.format, request.language, request.prompt) == (TranscriptFormat.SRT, "de", "Ann, Ben")
    assert (request.temperature, request.diarize, request.redact, request.duration_s) == (0.3, True, True, 2.0)
    assert request.parameters == {"word_times": True}
    assert ALL.check_transcription(request) == ()


def test_a_model_that_has_little_gets_nothing_else_and_the_draft_keeps_it():
    request = SET.request(LITTLE, AUDIO)

    assert (request.format, request.language, request.prompt) == (TranscriptFormat.JSON, None, "")
    assert (request.temperature, request.diarize, request.redact) == (None, False, False)
    assert LITTLE.check_transcription(request) == ()
    assert SET.request(ALL, AUDIO).format is TranscriptFormat.SRT


def test_without_a_choice_the_format_is_one_that_can_be_read_along():
    subtitles = ModelSpec(
        "acme",
        "subtitles",
        "Subtitles",
        (Kind.TRANSCRIPTION,),
        transcription=TranscriptionSpec((TranscriptFormat.TEXT, TranscriptFormat.VTT)),
    )

    assert TranscriptionDraft().format_for(ALL) is TranscriptFormat.VERBOSE_JSON
    assert TranscriptionDraft().format_for(subtitles) is TranscriptFormat.VTT
    assert TranscriptionDraft().format_for(LITTLE) is TranscriptFormat.JSON


def test_speakers_leave_only_formats_with_times():
    draft = TranscriptionDraft(format=TranscriptFormat.TEXT, diarize=True)

    assert TranscriptFormat.TEXT not in draft.formats_for(ALL)
    assert draft.format_for(ALL).has_times
    assert TranscriptionDraft(format=TranscriptFormat.TEXT).format_for(ALL) is TranscriptFormat.TEXT


def test_a_temperature_of_another_model_is_brought_into_range():
    assert TranscriptionDraft(temperature=1.7).temperature_for(ALL) == 1.0


def test_an_earlier_request_comes_back_as_it_was():
    request = SET.request(ALL, AUDIO)

    again = TranscriptionDraft(language="fr").with_request(request)

    assert again.request(ALL, AUDIO) == request
    assert (again.provider, again.model) == ("acme", "all")


def test_a_parameter_at_its_default_is_as_if_never_touched():
    assert SET.with_value(ALL, WORD_TIMES, False).request(ALL, AUDIO).parameters == {}
    assert TranscriptionDraft().value_for(ALL, WORD_TIMES) is False


def test_parameters_of_a_model_that_also_makes_audio_are_not_about_transcriptions():
    both = ModelSpec("acme", "both", "Both", (Kind.SPEECH, Kind.TRANSCRIPTION), parameters=(WORD_TIMES,))

    assert parameters_of(both) == ()
