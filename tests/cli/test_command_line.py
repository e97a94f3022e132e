"""The commands as scripts use them, with the built-in generator and a library of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import __version__
from app.audio.files import verify
from app.cli.command_line import build_parser
from app.domain.audio import AudioFormat, BitDepth
from app.providers.registry import SERVICES
from tests.cli.programs import Cuesmith, CuesmithHere

COMMANDS = [
    "generate",
    "batch",
    "transcribe",
    "tasks",
    "task",
    "pause",
    "resume",
    "cancel",
    "retry",
    "resolve",
    "spending",
    "export",
    "config",
    "keys",
    "providers",
    "models",
    "voices",
]
TASK_KEYS = {
    "id",
    "kind",
    "state",
    "provider",
    "model",
    "prompt",
    "project",
    "job_id",
    "created_at",
    "estimated_cost_usd",
    "most_cost_usd",
    "cost_usd",
    "takes",
    "transcript",
    "error",
}
TAKE_KEYS = {"id", "path", "format", "sample_rate_hz", "channels", "duration_s", "seed", "cost_usd", "measures"}
MEASURE_KEYS = {
    "loudness_basis",
    "integrated_lufs",
    "momentary_max_lufs",
    "short_term_max_lufs",
    "loudness_range_lu",
    "true_peak_dbtp",
    "sample_peak_dbfs",
    "silence_below_dbfs",
    "head_silence_s",
    "tail_silence_s",
    "dc_offset_percent",
}


def without_measures(task: dict[str, Any]) -> dict[str, Any]:
    return task | {"takes": [take | {"measures": None} for take in task["takes"]]}


def test_the_help_names_exactly_the_commands_that_there_are() -> None:
    words = build_parser().format_help()
    listed = [line.split()[0] for line in words.splitlines() if line.startswith("    ") and line[4] != " "]

    assert listed == COMMANDS


def test_the_version_is_said(cuesmith: Cuesmith) -> None:
    said = cuesmith.run("--version")

    assert (said.code, said.out) == (0, f"cuesmith {__version__}\n")


@pytest.mark.parametrize("arguments", [["sing"], ["generate"], ["generate", "rain", "--loud"], ["resolve", "0123"]])
def test_bad_usage_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(arguments)

    assert ended.value.code == 2
    assert "usage: cuesmith" in capsys.readouterr().err


def test_takes_are_written_where_they_are_wanted_and_never_over_others(cuesmith: Cuesmith, tmp_path: Path) -> None:
    out = tmp_path / "takes"
    command = ("generate", "short beep", "--duration", "0.5", "--takes", "2", "--out", out)

    first = cuesmith.run(*command)
    again = cuesmith.run(*command)

    assert (first.code, first.err) == (0, "")
    assert first.lines == [str(out / "short beep_1.wav"), str(out / "short beep_2.wav")]
    assert again.lines == [str(out / "short beep_1 2.wav"), str(out / "short beep_2 2.wav")]
    assert all(verify(Path(line)).duration_s == pytest.approx(0.5) for line in (*first.lines, *again.lines))


def test_json_tells_the_whole_task(cuesmith: Cuesmith, tmp_path: Path) -> None:
    made = cuesmith.run(
        *("generate", "heavy rain", "--duration", "0.5", "--format", "flac", "--seed", "7"),
        *("--out", tmp_path / "out", "--json"),
    )

    task = made.json
    (take,) = task["takes"]
    assert (made.code, made.err) == (0, "")
    assert set(task) == TASK_KEYS
    assert set(take) == TAKE_KEYS
    assert (task["state"], task["kind"], task["provider"], task["model"]) == ("finished", "effect", "local", "sketch")
    assert (task["prompt"], task["cost_usd"], task["error"], task["transcript"]) == ("heavy rain", 0, None, None)
    assert take["path"] == str(tmp_path / "out" / "heavy rain_1.flac")
    assert (take["format"], take["sample_rate_hz"], take["channels"], take["seed"]) == ("flac", 48_000, 2, 7)
    assert take["duration_s"] == pytest.approx(0.5)
    assert verify(Path(take["path"])).format is AudioFormat.FLAC


def test_a_task_is_listed_shown_and_exported(here: CuesmithHere, tmp_path: Path) -> None:
    task = here.run("generate", "glass breaks", "--duration", "0.5", "--json").json
    (take,) = task["takes"]

    listed = here.run("tasks", "--json")
    shown = here.run("task", task["id"][:6], "--json")
    listed_again = here.run("tasks", "--json")
    exported = here.run(
        *("export", f"{task['id'][:5]}-1", "--out", tmp_path / "out", "--format", "wav", "--sample-rate", "44100"),
        *("--bit-depth", "16", "--channels", "1", "--peak", "-3", "--name", "{model}_{take:02}"),
    )

    assert listed.json == [task]
    assert [without_measures(shown.json)] == [task] == [without_measures(each) for each in listed_again.json]
    assert shown.json == listed_again.json[0], "it is measured once, and stays so"
    assert set(shown.json["takes"][0]["measures"]) == MEASURE_KEYS
    assert -60 < shown.json["takes"][0]["measures"]["integrated_lufs"] < 0
    assert Path(take["path"]).is_relative_to(here.home)
    assert exported.lines == [str(tmp_path / "out" / "sketch_01.wav")]
    info = verify(Path(exported.lines[0]))
    assert (info.sample_rate_hz, info.channels, info.bit_depth) == (44_100, 1, BitDepth.INT16)
    assert task["id"] in here.run("tasks").out
    told = here.run("task", task["id"]).out
    assert take["path"] in told
    assert "LUFS integrated" in told


def test_problems_are_told_one_a_line_at_their_option_before_anything_is_made(here: CuesmithHere) -> None:
    refused = here.run("generate", "rain", "--duration", "900", "--takes", "99", "--param", "colour=red", "--json")

    assert refused.code == 2
    assert [line.split(": ")[0] for line in refused.err.splitlines()] == ["--param colour", "--takes", "--duration"]
    assert refused.json["error"]["kind"] == "request_invalid"
    assert here.run("tasks", "--json").json == []


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("generate", "rain", "--provider", "acme"), "--provider"),
        (("generate", "rain", "--model", "choir"), "--model"),
        (("generate", "rain", "--voice", "en"), "--voice"),
        (("generate", "Hello.", "--model", "speech", "--voice", "en-uss"), "--voice"),
        (("generate", "Hello.", "--model", "speech", "--voice", ""), "--voice"),
        (("generate", "rain", "--max-cost", "much"), "--max-cost"),
        (("voices", "--provider", "acme"), "--provider"),
        (("models", "--provider", "acme"), "--provider"),
        (("config", "get", "no.such"), "no.such"),
        (("config", "set", "network.patience_s", "long"), "network.patience_s"),
        (("task", "ffffffff"), "There is no task ffffffff"),
        (("export", "ffffffff", "--out", "x"), "There is no task ffffffff"),
        (("export", "ffffffff-1", "--out", "x"), "There is no task ffffffff"),
        (("cancel", "ffffffff"), "There is no task ffffffff"),
    ],
)
def test_what_is_refused_here_says_where(here: CuesmithHere, arguments: tuple[str, ...], option: str) -> None:
    refused = here.run(*arguments)

    assert refused.code == 2
    assert option in refused.err.splitlines()[0]
    assert refused.out == ""


def test_settings_are_kept(here: CuesmithHere) -> None:
    assert here.run("config", "set", "network.patience_s", "30").code == 0

    assert float(here.run("config", "get", "network.patience_s").out) == 30
    assert any(line.startswith("network.patience_s") for line in here.run("config", "list").lines)


def test_what_there_is_to_choose_from_is_listed(here: CuesmithHere) -> None:
    providers = here.run("providers", "--json").json
    models = here.run("models", "--provider", "local", "--json").json
    voices = here.run("voices", "--provider", "local", "--json").json

    assert [provider["id"] for provider in providers] == [service.id for service in SERVICES]
    assert {model["id"] for model in models} == {"sketch", "speech"}
    assert {"en", "de"} <= {language for voice in voices for language in voice["languages"]}


def test_speech_speaks(here: CuesmithHere, tmp_path: Path) -> None:
    spoken = here.run("generate", "Hello there.", "--model", "speech", "--out", tmp_path, "--format", "opus")

    assert spoken.code == 0
    assert verify(Path(spoken.lines[0])).duration_s > 0.3


def test_a_setting_that_is_refused_is_named_once(here: CuesmithHere) -> None:
    refused = here.run("config", "set", "network.patience_s", "-1")

    assert refused.err.count("network.patience_s") == 1


def test_resuming_clears_away_what_a_crash_left_half_written(here: CuesmithHere) -> None:
    here.run("generate", "beep", "--duration", "0.2")
    old, young = (here.home / "data" / "takes" / "2026-01" / f"{digit * 12}-1.partial" for digit in "01")
    old.parent.mkdir()
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))

    assert here.run("resume").code == 0

    assert not old.exists()
    assert young.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no polite kill")
def test_a_polite_kill_before_there_is_anything_to_finish_is_an_interruption(cuesmith: Cuesmith) -> None:
    script = (
        "import os, signal, sys, app.cli.listings as listings\n"
        "from app.main import main\n"
        "listings.tell_notices = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\n"
        "sys.exit(main(['providers']))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "CUESMITH_HOME": str(cuesmith.home)},
    )

    assert (done.returncode, done.stderr) == (130, "")


def test_a_finished_task_has_nothing_to_cancel_retry_or_resolve(here: CuesmithHere) -> None:
    task = here.run("generate", "beep", "--duration", "0.5", "--json").json

    assert here.run("cancel", task["id"]).code == 2
    assert here.run("retry", task["id"]).code == 2
    assert here.run("resolve", task["id"], "--failed").code == 2
    assert here.run("resume").code == 0


def test_neither_the_window_nor_the_sound_card_is_loaded(tmp_path: Path) -> None:
    script = (
        "import sys; from app.main import main; "
        f"main(['generate', 'beep', '--duration', '0.5', '--out', {str(tmp_path)!r}]); "
        "print([name for name in sys.modules if name.partition('.')[0] in ('PySide6', 'sounddevice', 'qasync')])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "CUESMITH_HOME": str(tmp_path / "home")},
    )

    assert done.stdout.splitlines()[-1] == "[]"
