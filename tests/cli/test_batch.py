"""`cuesmith batch`: everything that a sheet asks for, and nothing twice."""

from __future__ import annotations

import asyncio
import csv
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.building import build
from app.domain.audio import AudioFormat
from app.engine.batch_plan import Defaults
from app.storage.locations import Locations
from tests.cli.programs import Cuesmith, CuesmithHere, Finished
from tests.servers.aimlapi import KEY as AIMLAPI_KEY
from tests.servers.aimlapi import AimlapiServer
from tests.servers.faults import Hold, Instead
from tests.servers.runware import KEY as RUNWARE_KEY
from tests.servers.runware import RunwareServer

SHEET = 'id,prompt,duration,takes,seed\na,short beep,0.2,,1\nb,glass breaks,"0,2",2,2\nc,rain,0.2,,3\n'


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "episode 3.csv"
    path.write_text(SHEET)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def runware() -> Iterator[RunwareServer]:
    with RunwareServer(result_seconds=1.0) as server:
        yield server


@pytest.fixture
def aimlapi() -> Iterator[AimlapiServer]:
    with AimlapiServer(result_seconds=1.0) as server:
        yield server


def at_services(tmp_path: Path, **servers: Any) -> Cuesmith:
    app = Cuesmith(tmp_path / "home", {"RUNWARE_API_KEY": RUNWARE_KEY, "AIMLAPI_API_KEY": AIMLAPI_KEY})
    here = CuesmithHere(app.home)
    for provider, server in servers.items():
        assert here.run("config", "set", f"providers.{provider}.base_url", server.url).code == 0
        assert here.run("config", "set", f"providers.{provider}.poll_interval_s", "0.05").code == 0
    return app


def change(sheet: Path, old: str, new: str) -> None:
    text = sheet.read_text()
    assert old in text
    sheet.write_text(text.replace(old, new))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def steps(finished: Finished) -> list[str]:
    return [row["step"] for row in finished.json["rows"]]


def library_bytes(home: Path) -> set[bytes]:
    return {path.read_bytes() for path in (home / "data" / "takes").rglob("*.*")}


def test_every_row_becomes_files_named_by_its_id_as_they_are_in_the_library(
    here: CuesmithHere, sheet: Path, out: Path
) -> None:
    done = here.run("batch", sheet, "--out", out, "--project", "Night Storm", "--json")

    assert done.code == 0, done.err
    assert names(out) == ["a.wav", "b_01.wav", "b_02.wav", "c.wav", "manifest.csv"]
    assert {path.read_bytes() for path in out.glob("*.wav")} == library_bytes(here.home)
    assert [(row["id"], row["take"], row["file"], row["cost_usd"]) for row in manifest(out)] == [
        ("a", "1", "a.wav", "0"),
        ("b", "1", "b_01.wav", "0"),
        ("b", "2", "b_02.wav", "0"),
        ("c", "1", "c.wav", "0"),
    ]
    assert [row["files"] for row in done.json["rows"]][1] == [str(out / "b_01.wav"), str(out / "b_02.wav")]
    assert done.json["totals"]["states"] == {"finished": 3}
    assert done.err.splitlines()[:2] == ["3 rows: 3 new.", "Free. 4 takes."]
    assert "short beep" in here.run("tasks").out


def test_running_a_sheet_again_makes_only_what_is_missing_or_changed(
    here: CuesmithHere, sheet: Path, out: Path
) -> None:
    assert here.run("batch", sheet, "--out", out).code == 0
    (out / "b_02.wav").unlink()
    before = (out / "a.wav").read_bytes()
    change(sheet, "short beep", "long beep")
    change(sheet, "c,rain,0.2,,3\n", "d,thunder,0.2,,4\n")

    again = here.run("batch", sheet, "--out", out, "--json")

    assert again.code == 0, again.err
    assert steps(again) == ["changed", "unchanged", "new"]
    assert again.json["removed"] == ["c"]
    assert "left as they are: c." in again.err
    assert names(out) == ["a.wav", "b_01.wav", "b_02.wav", "c.wav", "d.wav", "manifest.csv"]
    assert (out / "a.wav").read_bytes() != before
    assert before in library_bytes(here.home)  # the earlier take stays
    assert len(here.run("tasks", "--json").json) == 5


def test_a_row_that_is_changed_back_gets_its_earlier_take_for_nothing(
    here: CuesmithHere, sheet: Path, out: Path
) -> None:
    here.run("batch", sheet, "--out", out)
    first = (out / "a.wav").read_bytes()
    change(sheet, "short beep", "long beep")
    here.run("batch", sheet, "--out", out)
    change(sheet, "long beep", "short beep")

    back = here.run("batch", sheet, "--out", out, "--json")

    assert steps(back) == ["unchanged"] * 3
    assert (out / "a.wav").read_bytes() == first


def test_another_folder_and_a_sheet_that_was_renamed_get_the_same_takes(
    here: CuesmithHere, sheet: Path, out: Path, tmp_path: Path
) -> None:
    here.run("batch", sheet, "--out", out)
    renamed = sheet.rename(tmp_path / "final.csv")

    again = here.run("batch", renamed, "--out", tmp_path / "other", "--json")

    assert steps(again) == ["unchanged"] * 3
    assert names(tmp_path / "other") == names(out)
    assert {path.read_bytes() for path in (tmp_path / "other").glob("*.wav")} == library_bytes(here.home)


def test_a_file_that_somebody_changed_stays_and_the_new_one_gets_a_free_name(
    here: CuesmithHere, sheet: Path, out: Path
) -> None:
    out.mkdir()
    (out / "c.wav").write_bytes(b"somebody's own")
    (out / "manifest.csv").write_text("my,own,table\n")
    first = here.run("batch", sheet, "--out", out)
    (out / "a.wav").write_bytes(b"edited by hand")
    change(sheet, "short beep", "long beep")

    again = here.run("batch", sheet, "--out", out, "--json")

    assert (first.code, again.code) == (0, 0)
    assert "“c.wav” is there already and not as Cuesmith wrote it" in first.err
    assert "the new file is “a 2.wav”" in again.err
    assert (out / "c.wav").read_bytes() == b"somebody's own"
    assert (out / "a.wav").read_bytes() == b"edited by hand"
    assert (out / "manifest.csv").read_text() == "my,own,table\n"
    written = ["a 2.wav", "a.wav", "b_01.wav", "b_02.wav", "c 2.wav", "c.wav", "manifest 2.csv", "manifest.csv"]
    assert names(out) == written


def test_two_sheets_with_the_same_ids_never_overwrite_each_other(
    here: CuesmithHere, sheet: Path, out: Path, tmp_path: Path
) -> None:
    other = tmp_path / "episode 4.csv"
    other.write_text("id,prompt,duration\na,dog barks,0.2\n")
    here.run("batch", sheet, "--out", out)
    first = (out / "a.wav").read_bytes()

    again = here.run("batch", other, "--out", out)

    assert again.code == 0
    assert (out / "a.wav").read_bytes() == first
    assert (out / "a 2.wav").is_file()
    assert [row["file"] for row in manifest(out)] == ["a.wav", "b_01.wav", "b_02.wav", "c.wav", "a 2.wav"]


def test_a_reference_counts_by_its_content_wherever_it_lies(
    tmp_path: Path, runware: RunwareServer, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNWARE_API_KEY", RUNWARE_KEY)
    here = CuesmithHere(at_services(tmp_path, runware=runware).home)
    clips = [here.run("generate", words, "--duration", "2", "--out", tmp_path).lines[0] for words in ("beep", "rain")]
    first, second = map(Path, clips)
    clip = tmp_path / "clip.wav"
    clip.write_bytes(first.read_bytes())
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("id,prompt,reference\na,like @Audio1,clip.wav\n")
    command = ("batch", sheet, "--out", out, "--provider", "runware", "--json")

    made = here.run(*command)
    same = here.run(*command)
    clip.rename(tmp_path / "moved.wav")
    change(sheet, "clip.wav", "moved.wav")
    moved = here.run(*command)
    (tmp_path / "moved.wav").write_bytes(second.read_bytes())
    changed = here.run(*command)
    (tmp_path / "moved.wav").unlink()
    missing = here.run(*command)

    assert [each.code for each in (made, same, moved, changed)] == [0] * 4, made.err
    assert [steps(each) for each in (made, same, moved, changed)] == [
        ["new"],
        ["unchanged"],
        ["unchanged"],
        ["changed"],
    ]
    assert len(runware.ledger.charges) == 2
    assert missing.code == 2
    assert missing.json["error"]["problems"][0]["column"] == "reference"


def test_every_bad_row_is_named_before_anything_is_sent(here: CuesmithHere, tmp_path: Path, out: Path) -> None:
    sheet = tmp_path / "bad.csv"
    sheet.write_text(
        "id,prompt,model,voice,duration,takes,format\n"
        'good,"two\nlines",,,0.2,,\n'
        "len,rain,,,99999,,\n"
        "num,rain,,,soon,,aac\n"
        "voc,hello,speech,Gruff,,,\n"
        "mod,rain,nothing,,,,\n"
        "len,rain,,,0.2,,\n"
        ",rain,,,0.2,,\n"
        "emp,,,,0.2,,\n"
        "good,rain,,,0.2,,\n"
    )

    refused = here.run("batch", sheet, "--out", out, "--json")

    found = [(each["line"], each["id"], each["column"]) for each in refused.json["error"]["problems"]]
    assert refused.code == 2
    assert found == [
        (4, "len", "duration"),
        (5, "num", "duration"),
        (5, "num", "format"),
        (6, "voc", "voice"),
        (7, "mod", "model"),
        (8, "len", "id"),
        (9, "", "id"),
        (10, "emp", "prompt"),
        (11, "good", "id"),
    ]
    assert "Line 6, voc, voice: There is no voice “Gruff”." in refused.err
    assert here.run("tasks", "--json").json == []
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [("no-such.csv", "--out", "x"), ("{sheet}",), ("{sheet}", "--out", "x", "--max-cost", "much")],
    ids=["no sheet", "no folder", "no amount"],
)
def test_bad_usage_is_refused(here: CuesmithHere, sheet: Path, arguments: tuple[str, ...]) -> None:
    assert here.run("batch", *(each.format(sheet=sheet) for each in arguments)).code == 2


def test_the_price_of_the_whole_sheet_is_told_and_limited_before_anything_leaves(
    tmp_path: Path, runware: RunwareServer, out: Path
) -> None:
    here = CuesmithHere(at_services(tmp_path, runware=runware).home)
    sheet = tmp_path / "priced.csv"
    sheet.write_text(
        "id,prompt,model,duration\n"
        + "".join(f"m{n},music,elevenlabs:1@1,60\n" for n in range(3))
        + "x,rain,acme:organ@2,\n"
    )
    music = ("batch", sheet, "--provider", "runware")

    told = here.run(*music, "--dry-run")
    unknown = here.run(*music, "--out", out, "--max-cost", "5")
    sheet.write_text(sheet.read_text().replace("x,rain,acme:organ@2,\n", ""))
    dear = here.run(*music, "--out", out, "--max-cost", "1.19")
    here.run("config", "set", "spending.day_usd", "1")
    today = here.run(*music, "--out", out)

    assert told.code == 0
    assert told.lines == [
        "4 rows: 4 new.",
        "Expected: $1.20. At the most: unknown. 4 takes. The price of 1 row is unknown and comes on top.",
    ]
    assert (unknown.code, dear.code, today.code) == (2, 2, 2)
    assert "This sheet may cost $1.20, more than the $1.19 that it may." in dear.err
    assert "limit of $1 today" in today.err
    assert runware.jobs == {}
    assert not out.exists()
    assert here.run("tasks", "--json").json == []


SCENES = "id,prompt,takes\na,rain,2\nb,thunder,1\nc,=wind,1\n"


@pytest.mark.parametrize("phase", ["submit", "poll", "download"])
def test_after_power_off_at_any_moment_the_sheet_is_finished_for_one_charge_each(
    tmp_path: Path, runware: RunwareServer, out: Path, phase: str
) -> None:
    app = at_services(tmp_path, runware=runware)
    sheet = tmp_path / "scenes.csv"
    sheet.write_text(SCENES)
    command = ("batch", sheet, "--out", out, "--provider", "runware", "--format", "wav")
    held = (runware.files if phase == "download" else runware).faults.at(phase, Hold(processed=phase == "submit"))
    killed = app.start(*command)
    held.reached.wait_in_thread()
    killed.kill()
    killed.communicate()
    held.release()

    again = app.run(*command, "--json")
    once_more = app.run(*command, "--json")

    assert (again.code, once_more.code) == (0, 0), again.err
    assert steps(once_more) == ["unchanged"] * 3
    assert names(out) == ["a_01.wav", "a_02.wav", "b.wav", "c.wav", "manifest.csv"]
    assert {path.read_bytes() for path in out.glob("*.wav")} == library_bytes(app.home)
    assert len(runware.jobs) == 3
    assert len(runware.ledger.charges) == 4
    assert [row["prompt"] for row in manifest(out)] == ["rain", "rain", "thunder", "'=wind"]
    assert all(float(row["cost_usd"]) > 0 for row in manifest(out))


def test_two_processes_that_begin_the_same_sheet_pay_once_and_both_end_well(
    tmp_path: Path, runware: RunwareServer, out: Path
) -> None:
    app = at_services(tmp_path, runware=runware)
    sheet = tmp_path / "scenes.csv"
    sheet.write_text(SCENES)
    command = ("batch", sheet, "--out", out, "--provider", "runware", "--format", "wav")

    both = [app.start(*command) for _ in range(2)]
    errors = [process.communicate(timeout=60)[1] for process in both]

    assert [process.returncode for process in both] == [0, 0], errors
    assert len(runware.ledger.charges) == 4
    assert names(out) == ["a_01.wav", "a_02.wav", "b.wav", "c.wav", "manifest.csv"]


def test_what_is_uncertain_is_never_sent_again_and_told(tmp_path: Path, aimlapi: AimlapiServer, out: Path) -> None:
    app = at_services(tmp_path, aimlapi=aimlapi)
    sheet = tmp_path / "music.csv"
    sheet.write_text("id,prompt,model,duration\na,rain,stable-audio,3\n")
    command = ("batch", sheet, "--out", out, "--provider", "aimlapi")
    held = aimlapi.faults.at("submit", Hold(processed=True))
    killed = app.start(*command)
    held.reached.wait_in_thread()
    killed.kill()
    killed.communicate()
    held.release()

    codes = [app.run(*command).code for _ in range(2)]
    told = CuesmithHere(app.home).run(*command, "--json")

    assert codes == [3, 3]
    assert (told.code, steps(told)) == (3, ["uncertain"])
    assert "a: Task" in told.err
    assert "0 of 1 done, 0 failed, 1 needs your decision, 0 waiting, 1 of unknown cost." in told.err
    assert len(aimlapi.requests_of("submit")) == 1
    assert [(row["file"], row["state"]) for row in manifest(out)] == [("", "uncertain")]


def test_an_interrupted_sheet_says_how_to_go_on_and_leaves_its_manifest(
    tmp_path: Path, runware: RunwareServer, out: Path
) -> None:
    app = at_services(tmp_path, runware=runware)
    sheet = tmp_path / "night storm.csv"
    sheet.write_text("id,prompt\na,rain\n")
    held = runware.faults.at("poll", Hold())
    process = app.start("batch", sheet, "--out", out, "--provider", "runware")
    held.reached.wait_in_thread()

    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    held.release()

    assert process.returncode == 130
    assert f"Go on with: cuesmith batch '{sheet}' --out {out} --provider runware" in err
    assert [(row["id"], row["state"], row["file"]) for row in manifest(out)] == [("a", "running", "")]
    resumed = app.run("resume")  # whoever finishes a task writes its file, too
    assert resumed.code == 0
    assert names(out) == ["a.mp3", "manifest.csv"]
    assert [row["file"] for row in manifest(out)] == ["a.mp3"]


def test_a_row_that_failed_is_tried_again_and_a_binned_one_is_made_anew(
    tmp_path: Path, runware: RunwareServer, out: Path
) -> None:
    app = at_services(tmp_path, runware=runware)
    here = CuesmithHere(app.home)
    sheet = tmp_path / "scenes.csv"
    sheet.write_text("id,prompt\na,rain\n")
    command = ("batch", sheet, "--out", out, "--provider", "runware", "--json")
    runware.faults.at("submit", Instead(400, {"errors": [{"code": "invalidModel", "message": "no"}]}))

    failed = app.run(*command)
    again = app.run(*command)

    assert failed.code == 1, failed.err
    assert steps(again) == ["retry"]
    assert again.code == 0, again.err
    assert len(runware.ledger.charges) == 1
    assert len(here.run("tasks", "--json").json) == 1


def test_a_folder_that_is_away_gets_its_files_once_it_is_back(
    tmp_path: Path, runware: RunwareServer, out: Path
) -> None:
    app = at_services(tmp_path, runware=runware)
    sheet = tmp_path / "scenes.csv"
    sheet.write_text("id,prompt\na,rain\n")
    held = runware.faults.at("poll", Hold())
    process = app.start("batch", sheet, "--out", out, "--provider", "runware")
    held.reached.wait_in_thread()
    process.kill()
    process.communicate()
    held.release()
    away = out.rename(out.with_name("away"))

    finished = app.run("resume")
    was_made = out.exists()
    away.rename(out)
    later = app.run("resume")

    assert (finished.code, was_made, later.code) == (0, False, 0)
    assert f"couldn’t be written: The folder {out} isn’t there." in finished.err
    assert names(out) == ["a.mp3", "manifest.csv"]
    assert len(runware.ledger.charges) == 1


def test_a_sheet_waits_for_the_end_of_a_pause_and_its_files_come_with_it(
    here: CuesmithHere, sheet: Path, out: Path
) -> None:
    here.run("pause")

    paused = here.run("batch", sheet, "--out", out)
    waiting = [(row["state"], row["file"]) for row in manifest(out)]
    resumed = here.run("resume")

    assert paused.code == 130
    assert "the queue is paused" in paused.err
    assert waiting == [("queued", "")] * 4
    assert resumed.code == 0
    assert names(out) == ["a.wav", "b_01.wav", "b_02.wav", "c.wav", "manifest.csv"]
    assert [row["state"] for row in manifest(out)] == ["finished"] * 4


def test_a_missing_key_is_told_once_and_nothing_is_queued(
    tmp_path: Path, runware: RunwareServer, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = CuesmithHere(at_services(tmp_path, runware=runware).home)
    monkeypatch.setenv("RUNWARE_API_KEY", "")
    sheet = tmp_path / "scenes.csv"
    sheet.write_text(SCENES)

    refused = here.run("batch", sheet, "--out", out, "--provider", "runware")

    assert refused.code == 1
    assert "Give runware a key: cuesmith keys set runware. Nothing was sent." in refused.err
    assert here.run("tasks", "--json").json == []
    assert not out.exists()


def test_what_a_sheet_was_made_with_is_known_the_next_time(here: CuesmithHere, sheet: Path, out: Path) -> None:
    here.run("batch", sheet, "--out", out, "--format", "flac")

    async def look() -> Defaults | None:
        services = build(Locations.under(here.home))
        await services.open()
        try:
            return await services.batches.last_defaults(str(sheet))
        finally:
            await services.close()

    assert asyncio.run(look()) == Defaults("local", "sketch", 1, AudioFormat.FLAC)
