"""Odd files where the command line takes files: to be written down, and to go along with a request."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.exit_codes import ExitCode
from app.domain.provider import AudioProvider
from tests.audio.odd_files import FILES
from tests.cli.programs import CuesmithHere, Finished
from tests.fakes.polled import UNBILLED, PolledProvider, PolledService
from tests.fakes.transcribing import TranscribingProvider, TranscribingService

_EARS = """
provider = "openai:ears"
[[model]]
id = "ears"
label = "Ears"
kinds = ["transcription"]
[model.transcription]
formats = ["text"]
longest_s = 0.05
[model.price]
amount = "0.05"
unit = "request"
"""
_CHOIR = """
provider = "openai:choir"
[[model]]
id = "choir"
label = "Choir"
kinds = ["music"]
max_takes = 1
[model.references]
max_clips = 1
is_limit_of_service = true
[model.price]
amount = "0.05"
unit = "request"
"""

# One of each kind; all of them would take longer than they are worth.
ODD = (
    "no sample",
    "one sample",
    "192 kHz",
    "six channels",
    "eight channels",
    "samples that are no numbers",
    "float far above full scale",
    "GSM",
    "RF64",
    "AIFF",
    "a cut WAV",
    "a cut FLAC",
    "a cut Ogg Vorbis",
    "an MP3 called WAV",
    "a WAV without a suffix",
    "a text called WAV",
    "an empty file",
)


@pytest.fixture
def here(tmp_path: Path) -> CuesmithHere:
    catalogue = tmp_path / "home" / "config" / "catalogue"
    catalogue.mkdir(parents=True)
    (catalogue / "ears.toml").write_text(_EARS)
    (catalogue / "choir.toml").write_text(_CHOIR)
    (catalogue.parent / "settings.toml").write_text('[providers."openai:choir"]\npoll_interval_s = 0.1\n')
    choir = PolledService(fails=None, expires=None)
    ears = TranscribingService()

    def providers() -> dict[str, AudioProvider]:
        return {
            "openai:ears": TranscribingProvider(ears, UNBILLED, "openai:ears"),
            "openai:choir": PolledProvider(choir, UNBILLED, "openai:choir"),
        }

    return CuesmithHere(tmp_path / "home", providers)


def odd_file(folder: Path, name: str) -> Path:
    path = folder / f"odd{FILES[name].suffix}"
    path.write_bytes(FILES[name].make())
    return path


def is_told(finished: Finished) -> bool:
    """Either it worked, or what was wrong is said in a sentence, and nothing of Python's."""
    if finished.code == ExitCode.DONE:
        return True
    last = finished.err.strip().splitlines()[-1]
    return (
        last.startswith(("cuesmith: ", "FILE: ", "--reference: "))
        and last.endswith(".")
        and "Traceback" not in finished.err
    )


@pytest.mark.parametrize("name", ODD)
def test_an_odd_recording_is_written_down_or_refused(here: CuesmithHere, tmp_path: Path, name: str) -> None:
    finished = here.run("transcribe", odd_file(tmp_path, name), "--provider", "openai:ears")

    assert is_told(finished), finished
    if FILES[name].is_whole and FILES[name].is_read:
        assert finished.code == ExitCode.DONE, finished.err


def test_a_file_without_a_sample_is_not_paid_for(here: CuesmithHere, tmp_path: Path) -> None:
    path = odd_file(tmp_path, "no sample")

    written_down = here.run("transcribe", path, "--provider", "openai:ears")
    sung = here.run("generate", "a choir", "--provider", "openai:choir", "--reference", path)

    for refused in (written_down, sung):
        assert refused.code == ExitCode.REFUSED
        assert f"{path.name} holds no sound. Choose another file." in refused.err


@pytest.mark.parametrize("name", ODD)
def test_an_odd_reference_goes_along_or_is_refused(here: CuesmithHere, tmp_path: Path, name: str) -> None:
    path = odd_file(tmp_path, name)

    finished = here.run("generate", "a choir", "--provider", "openai:choir", "--reference", path)

    assert is_told(finished), finished
    if not FILES[name].is_read:
        assert finished.code == ExitCode.REFUSED
        assert f"{path.name} isn't audio that can be used" in finished.err
