"""What a catalogue file says of transcriptions is used whole or told as a mistake; profiles have models."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.model_spec import Kind
from app.domain.parameter_spec import Range
from app.domain.transcript import TranscriptFormat
from app.domain.transcription_spec import TranscriptionSpec
from app.storage.catalogue import Catalogue

GOOD = """\
provider = "acme"

[[model]]
id = "ear-1"
label = "Ear"
kinds = ["transcription"]

[model.transcription]
formats = ["srt", "json"]
suffixes = [".mp3", ".wav"]
largest_bytes = 25000000
longest_s = 7200.5
prompt_max = 100
takes_prompt = false
takes_language = false
has_diarize = true
has_redact = true

[model.transcription.temperature]
minimum = 0
maximum = 1
default = 0.5
step = 0.1

[unlisted]
id = "[a-z]+"
label = "Another model"
kinds = ["speech", "transcription"]
has_voices = true

[unlisted.transcription]
formats = ["json"]

[[unlisted.voice]]
id = "anna"
"""


def load(folder: Path, text: str) -> Catalogue:
    (folder / "acme.toml").write_text(text, encoding="utf-8")
    return Catalogue.load([folder])


def test_a_transcription_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    catalogue = load(tmp_path, GOOD)

    assert catalogue.problems == ()
    assert catalogue.spec("acme", "ear-1").kinds == (Kind.TRANSCRIPTION,)
    assert catalogue.spec("acme", "ear-1").transcription == TranscriptionSpec(
        formats=(TranscriptFormat.SRT, TranscriptFormat.JSON),
        suffixes=(".mp3", ".wav"),
        largest_bytes=25_000_000,
        longest_s=7_200.5,
        temperature=Range(0, 1, 0.5, 0.1),
        prompt_max=100,
        takes_prompt=False,
        takes_language=False,
        has_diarize=True,
        has_redact=True,
    )


def test_what_is_left_out_is_as_usual(tmp_path: Path) -> None:
    catalogue = load(tmp_path, GOOD)

    assert catalogue.spec("acme", "other").transcription == TranscriptionSpec((TranscriptFormat.JSON,))


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('["srt", "json"]', '["srt", "docx"]', 9, "Invalid enum value 'docx'"),
        ('["srt", "json"]', "[]", 9, "There is no format in it."),
        ('["srt", "json"]', '["srt", "srt"]', 9, "The format srt is there twice."),
        ('[".mp3", ".wav"]', '[".mp3", "wav"]', 10, "“wav” is no suffix in small letters, such as .mp3."),
        ('[".mp3", ".wav"]', '[".MP3"]', 10, "“.MP3” is no suffix"),
        ('[".mp3", ".wav"]', '[".mp3", ".mp3"]', 10, "The suffix .mp3 is there twice."),
        ("largest_bytes = 25000000", "largest_bytes = 0", 11, "It must be above 0."),
        ("longest_s = 7200.5", "longest_s = inf", 12, "It must be above 0."),
        ("prompt_max = 100", "prompt_max = 0", 13, "It must be above 0."),
        ("default = 0.5", "default = 2", 22, "The default must be from 0 to 1; it is 2."),
        ("takes_prompt = false", "takes_songs = false", 14, "unknown field `takes_songs`"),
        ('kinds = ["transcription"]', 'kinds = ["effect"]', 8, "the kinds don’t say so."),
        ('["speech", "transcription"]', '["speech"]', 31, "the kinds don’t say so."),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, reason: str) -> None:
    assert GOOD.count(old) == 1

    catalogue = load(tmp_path, GOOD.replace(old, new))

    assert catalogue.models == ()
    (problem,) = catalogue.problems
    assert reason in problem.reason
    assert problem.line == line


def test_a_model_that_transcribes_says_how(tmp_path: Path) -> None:
    text = 'provider = "acme"\n[[model]]\nid = "ear"\nlabel = "Ear"\nkinds = ["transcription"]\n'

    (problem,) = load(tmp_path, text).problems

    assert problem.reason == "model 1, kinds: A model that transcribes needs its table transcription."
    assert problem.line == 5


def test_a_profile_has_the_unlisted_models_of_its_family_unless_it_has_its_own(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(GOOD.replace('"acme"', '"acme:own"').replace("[a-z]+", "[0-9]+"), "utf-8")

    catalogue = load(tmp_path, GOOD)

    spec = catalogue.spec("acme:studio", "other")
    assert (spec.provider, spec.id) == ("acme:studio", "other")
    assert [(voice.id, voice.provider) for voice in spec.voices] == [("anna", "acme:studio")]
    assert [voice.provider for voice in catalogue.spec("acme", "other").voices] == ["acme"]
    assert catalogue.spec("acme:own", "ear-1").provider == "acme:own"
    assert catalogue.spec("acme:own", "77").id == "77"
    assert catalogue.takes_any_model("acme:studio")
    assert not catalogue.takes_any_model("other:studio")
