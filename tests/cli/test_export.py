"""`cuesmith export`: every option, every wrong value at its option, and files that are there already."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from mutagen.flac import FLAC

from app.audio.files import read_blocks, verify
from app.audio.measures import measure
from app.domain.audio import AudioFormat
from app.domain.clip_edit import ClipEdit
from app.storage.clip_edits import ClipEditRows
from app.storage.database import Database
from app.storage.locations import Locations
from tests.cli.programs import CuesmithHere


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[CuesmithHere, str]:
    """A library with one take of two seconds, and the id of its task."""
    here = CuesmithHere(tmp_path_factory.mktemp("export") / "home")
    task = here.run("generate", "a siren in the rain", "--duration", "2", "--seed", "3", "--json").json
    return here, task["id"]


def test_every_option_does_what_it_says(made: tuple[CuesmithHere, str], tmp_path: Path) -> None:
    here, task = made

    exported = here.run(
        *("export", task, "--out", tmp_path / "out", "--format", "wav", "--bit-depth", "32f", "--channels", "1"),
        *("--from", "0.5", "--to", "1.5", "--fade-in", "0.1", "--fade-out", "0.2", "--fade-shape", "s-curve"),
        *("--sample-rate", "44100", "--momentary", "-24", "--true-peak", "-2", "--name", "cut"),
    )

    assert (exported.code, exported.err) == (0, "")
    path = tmp_path / "out" / "cut.wav"
    assert exported.lines == [str(path)]
    info = verify(path)
    assert (info.sample_rate_hz, info.channels, info.frames) == (44_100, 1, 44_100)
    assert measure(path).momentary_max_lufs == pytest.approx(-24.0, abs=0.1)
    samples = np.concatenate(list(read_blocks(path)))
    assert abs(samples[[0, -1]]).max() < 1e-3


@pytest.mark.parametrize(
    ("options", "audio_format"),
    [
        (("--format", "mp3", "--quality", "2"), AudioFormat.MP3),
        (("--format", "mp3", "--bitrate", "320"), AudioFormat.MP3),
        (("--format", "ogg", "--quality", "6.5"), AudioFormat.OGG),
        (("--format", "opus", "--bitrate", "128"), AudioFormat.OPUS),
        (("--gain", "-6"), AudioFormat.WAV),
        (("--peak", "-3", "--true-peak", "-3"), AudioFormat.WAV),
        (("--loudness", "-23"), AudioFormat.WAV),
        (("--trim-silence",), AudioFormat.WAV),
        (("--trim-silence", "-50", "--trim-margin", "0.1"), AudioFormat.WAV),
    ],
    ids=lambda value: "".join(value) if isinstance(value, tuple) else "",
)
def test_options_go_together(
    made: tuple[CuesmithHere, str], tmp_path: Path, options: tuple[str, ...], audio_format: AudioFormat
) -> None:
    here, task = made

    exported = here.run("export", task, "--out", tmp_path, *options)

    assert (exported.code, exported.err) == (0, "")
    assert verify(Path(exported.lines[0])).format is audio_format


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--gain", "nan"), "--gain: The gain must be from -120 to 60 dB; it is nan."),
        (("--loudness", "3"), "--loudness: Loudness must be from -70 to 0 LUFS; it is 3."),
        (("--momentary", "-99"), "--momentary: Momentary loudness must be from -70 to 0 LUFS; it is -99."),
        (("--peak", "0.5"), "--peak: Peak must be from -60 to 0 dBFS; it is 0.5."),
        (("--true-peak", "inf"), "--true-peak: True peak must be from -60 to 0 dBTP; it is inf."),
        (("--from", "2.5"), "--from: The selection must start within the take’s 2.000 s."),
        (("--from", "1", "--to", "1"), "--to: The selection is empty: its end must come after its start."),
        (("--trim-silence", "-3"), "--trim-silence: The level of silence must be from -120 to -20 dBFS; it is -3."),
        (("--trim-margin", "-1"), "--trim-margin: The margin must be from 0 to 10 s; it is -1."),
        (("--fade-in", "3"), "--fade-in: The fade takes 3.000 s; the sound is 2.000 s long."),
        (
            ("--to", "1", "--fade-in", "0.5", "--fade-out", "0.6"),
            "--fade-out: The fades together take 1.100 s; the sound is 1.000 s long.",
        ),
        (("--fade-out", "-1"), "--fade-out: The fade out must be from 0 to 3,600 s; it is -1."),
        (
            ("--format", "mp3", "--bitrate", "100"),
            "--bitrate: The bit rate of MP3 at 48,000 Hz must be",
        ),
        (
            ("--format", "mp3", "--quality", "11"),
            "--quality: The quality of MP3, of which 0 is the best, must be from 0 to 9; it is 11.",
        ),
        (("--format", "opus", "--quality", "3"), "--quality: Only MP3 or Ogg Vorbis has a quality to choose"),
        (("--sample-rate", "7"), "--sample-rate: "),
        (("--channels", "5"), "--channels: "),
        (("--name", "{artist}"), "--name: "),
    ],
    ids=lambda value: "".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_value_is_refused_at_its_option_and_nothing_is_written(
    made: tuple[CuesmithHere, str], tmp_path: Path, options: tuple[str, ...], line: str
) -> None:
    here, task = made

    refused = here.run("export", task, "--out", tmp_path / "out", *options)

    assert refused.code == 2
    assert refused.out == ""
    assert refused.err.startswith(line)
    assert len(refused.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--loudness", "-20", "--gain", "3"),
        ("--peak", "-3", "--momentary", "-20"),
        ("--bitrate", "128", "--quality", "2"),
        ("--if-exists", "ask"),
        ("--fade-shape", "steep"),
        ("--fade-in", "long"),
    ],
    ids="".join,
)
def test_what_excludes_each_other_is_bad_usage(
    made: tuple[CuesmithHere, str], tmp_path: Path, options: tuple[str, ...]
) -> None:
    here, task = made

    with pytest.raises(SystemExit) as ended:
        here.run("export", task, "--out", tmp_path / "out", *options)

    assert ended.value.code == 2


def test_a_file_that_exists_is_numbered_skipped_or_replaced_as_asked(
    made: tuple[CuesmithHere, str], tmp_path: Path
) -> None:
    here, task = made
    wanted = tmp_path / "siren.wav"
    wanted.write_bytes(b"mine")
    command = ("export", task, "--out", tmp_path, "--name", "siren")

    numbered = here.run(*command)
    skipped = here.run(*command, "--if-exists", "skip")
    kept = wanted.read_bytes()
    replaced = here.run(*command, "--if-exists", "replace")

    assert numbered.lines == [str(tmp_path / "siren 2.wav")]
    assert (skipped.code, skipped.lines) == (0, [])
    assert skipped.err == "cuesmith: siren.wav exists already and stays.\n"
    assert kept == b"mine"
    assert replaced.lines == [str(wanted)]
    assert verify(wanted).duration_s == pytest.approx(2.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["siren 2.wav", "siren.wav"]


def test_the_prompt_is_written_into_the_files_unless_that_is_unwanted(
    made: tuple[CuesmithHere, str], tmp_path: Path
) -> None:
    here, task = made

    here.run("export", task, "--out", tmp_path, "--format", "flac", "--name", "with")
    here.run("export", task, "--out", tmp_path, "--format", "flac", "--name", "without", "--no-tags")

    assert "siren" in str(FLAC(tmp_path / "with.flac").tags)
    assert not FLAC(tmp_path / "without.flac").tags


def test_the_help_names_the_unit_and_what_holds_if_nothing_is_said(
    made: tuple[CuesmithHere, str], capsys: pytest.CaptureFixture[str]
) -> None:
    here, _ = made

    with pytest.raises(SystemExit, match="0"):
        here.run("export", "--help")

    text = " ".join(capsys.readouterr().out.split())

    for option, said in (
        ("--gain DB", "so many dB"),
        ("--trim-margin S", "seconds of it are kept; 0.02 if not given"),
        ("--fade-shape", "equal-power if not given"),
        ("--bitrate KBPS", "in kbit/s"),
        ("--name TEMPLATE", "{prompt}_{take} if not given"),
    ):
        assert said in text.partition("options:")[2].partition(option)[2]


def test_takes_are_exported_as_they_were_trimmed_in_the_window_if_that_is_wanted(
    here: CuesmithHere, tmp_path: Path
) -> None:
    task = here.run("generate", "a siren in the rain", "--takes", "2", "--duration", "1", "--json").json
    asyncio.run(trim(here.home, task["takes"][0]["id"], ClipEdit(12_000, 36_000, 4_800)))

    options = ("--name", "{take}", "--to", "0.25")
    here.run("export", task["id"], "--out", tmp_path / "plain", *options)
    trimmed = here.run("export", task["id"], "--out", tmp_path / "trimmed", "--trimmed", *options)

    assert (trimmed.code, trimmed.err) == (0, "")
    frames = {path.parent.name + path.name: verify(path).frames for path in tmp_path.glob("*/*.wav")}
    assert frames == {"plain1.wav": 12_000, "plain2.wav": 12_000, "trimmed1.wav": 24_000, "trimmed2.wav": 12_000}
    first = next(iter(read_blocks(tmp_path / "trimmed" / "1.wav")))
    assert not first[0].any()


async def trim(home: Path, take_id: str, edit: ClipEdit) -> None:
    """As the window does it."""
    database = Database(Locations.under(home).database)
    await database.open()
    await ClipEditRows(database).save(take_id, edit)
    await database.close()
