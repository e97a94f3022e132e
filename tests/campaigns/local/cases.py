"""Local faults, one at a time, with real processes: each case returns what it saw, or fails."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.campaigns.local.ground import SOUND, Ground, ended, playable
from tests.cli.programs import Finished
from tests.servers.faults import Hold, HoldAfter
from tests.servers.gate import Gate
from tests.servers.serving import LoopbackService


@dataclass(frozen=True)
class Case:
    name: str
    run: Callable[[Ground], str]

    def __str__(self) -> str:
        return self.name


def told(finished: Finished) -> str:
    """The first line on stderr, and the exit code."""
    lines = [line for line in finished.err.splitlines() if line.strip()]
    return f"exit {finished.code}; “{lines[0][:110] if lines else ''}”"


def no_traceback(finished: Finished) -> None:
    assert "Traceback" not in finished.err, finished.err


def answer_of(service: LoopbackService, phase: str) -> Gate:
    """Opens once the service has sent the whole answer to the next request of a phase."""
    gate = Gate()
    service.on_answered = lambda request: gate.open() if request.phase == phase else None
    return gate


def full_at_the_click(ground: Ground) -> str:
    ground.set_up()
    ground.fill()
    refused = ended(ground.generate())
    no_traceback(refused)
    assert refused.code in (1, 2)
    assert "full" in refused.err
    assert not ground.runware.ledger.accepted
    ground.make_room()
    assert ended(ground.generate()).code == 0
    return told(refused)


def full_at_the_answer_of_a_submit(ground: Ground) -> str:
    ground.set_up()
    hold = ground.runware.faults.at("submit", Hold(processed=True))
    process = ground.generate()
    hold.reached.wait_in_thread()
    ground.fill()
    hold.release()
    stopped = ended(process)  # it tries to write the answer down until it must go
    no_traceback(stopped)
    assert stopped.code == 130
    ground.make_room()
    resumed = ground.run("resume", "--json")
    assert (resumed.code, len(ground.runware.ledger.tasks)) == (0, 1), resumed.err
    assert playable(resumed.json[0]) == 1
    return f"{told(stopped)}; with room: fetched by resume, 1 charge"


def full_during_a_download(ground: Ground) -> str:
    ground.set_up()
    hold = ground.runware.files.faults.at("download", Hold())
    process = ground.generate()
    hold.reached.wait_in_thread()
    ground.fill()
    hold.release()
    stopped = ended(process)
    no_traceback(stopped)
    assert stopped.code == 130
    ground.make_room()
    resumed = ground.run("resume", "--json")
    assert (resumed.code, len(ground.runware.ledger.charges)) == (0, 1), resumed.err
    assert playable(resumed.json[0]) == 1
    return f"{told(stopped)}; with room: fetched by resume, 1 charge"


def full_during_an_answer_that_comes_once(ground: Ground) -> str:
    ground.set_up()
    ground.speech.behaviour = replace(ground.speech.behaviour, speech_answer="bytes")  # not a link to the audio
    half, answered = ground.speech.faults.at("tts", HoldAfter(0.3)), answer_of(ground.speech, "tts")
    process = ground.speak()
    half.reached.wait_in_thread()
    ground.fill()
    half.release()
    answered.wait_in_thread()
    ground.make_room()
    finished = ended(process)
    no_traceback(finished)
    (task,) = ground.tasks()
    assert (task["state"], playable(task), len(ground.speech.ledger.charges)) == ("finished", 1, 1), (
        told(finished),
        task,
    )
    return f"{told(finished)}; the whole answer is stored, 1 charge"


def full_at_an_export(ground: Ground) -> str:
    ground.set_up()
    assert ground.run("generate", "door slam", "--duration", "1").code == 0
    (task,) = ground.tasks()
    ground.fill()
    refused = ground.run("export", task["id"], "--out", ground.disk / "out")
    no_traceback(refused)
    assert refused.code == 1
    assert not [path for path in (ground.disk / "out").glob("*") if path.suffix == ".wav"]
    ground.make_room()
    assert ground.run("export", task["id"], "--out", ground.disk / "out").code == 0
    return told(refused)


def full_at_the_settings(ground: Ground) -> str:
    ground.set_up()
    before = ground.settings.read_bytes()
    ground.fill()
    refused = ground.run("config", "set", "theme", "dark")
    no_traceback(refused)
    assert refused.code in (1, 2)
    assert ground.settings.read_bytes() == before
    return told(refused)


def read_only_library(ground: Ground) -> str:
    ground.set_up()
    assert ground.run("generate", "door slam", "--duration", "1").code == 0
    (task,) = ground.tasks()
    ground.remount("ro")
    try:
        refused, listed = ended(ground.generate()), ground.run("tasks", "--json")
        exported = ground.run("export", task["id"], "--out", Path(ground.disk).with_name(f"{ground.disk.name}-out"))
    finally:
        ground.remount("rw")
        shutil.rmtree(Path(ground.disk).with_name(f"{ground.disk.name}-out"), ignore_errors=True)
    for each in (refused, listed, exported):
        no_traceback(each)
    assert refused.code in (1, 2)
    assert not ground.runware.ledger.accepted
    assert (listed.code, exported.code) == (0, 0), listed.err + exported.err
    assert [each["id"] for each in listed.json] == [task["id"]]
    return f"{told(refused)}; tasks and export still read it"


_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@contextmanager
def locked(library: Path) -> Iterator[Callable[[], None]]:
    """Another program keeps the database locked until it is told to let go."""
    command, pipe = [sys.executable, "-c", _LOCK, str(library)], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        yield lambda: holder.communicate("\n") and None
        if holder.poll() is None:
            holder.communicate("\n")


def locked_at_the_click(ground: Ground) -> str:
    ground.set_up()
    ground.tasks()
    with locked(ground.library):
        refused = ended(ground.generate())
        listed = ground.run("tasks")
    no_traceback(refused)
    assert refused.code == 1
    assert "locked" in refused.err
    assert listed.code == 0  # reading needs no lock
    assert not ground.runware.ledger.accepted
    return told(refused)


def locked_at_the_answer_of_a_submit(ground: Ground) -> str:
    ground.set_up()
    hold, answered = ground.runware.faults.at("submit", Hold(processed=True)), answer_of(ground.runware, "submit")
    process = ground.generate()
    hold.reached.wait_in_thread()
    with locked(ground.library) as let_go:
        hold.release()
        answered.wait_in_thread()
        let_go()
    finished = ended(process)
    assert (finished.code, len(ground.runware.ledger.charges)) == (0, 1), finished.err
    return f"exit {finished.code}; written down once it was free, 1 charge"


def damaged_library(damage: Callable[[Path], None]) -> Callable[[Ground], str]:
    def run(ground: Ground) -> str:
        ground.set_up()
        assert ended(ground.generate("--takes", "2")).code == 0
        assert ground.run("generate", "door slam", "--duration", "1").code == 0
        before = {task["id"]: len(task["takes"]) for task in ground.tasks()}
        damage(ground.library)
        listed = ground.run("tasks", "--json")
        no_traceback(listed)
        if listed.code:
            listed = ground.run("tasks", "--json")  # it was come across while reading: this start salvages
        assert listed.code == 0, listed.err
        after = {task["id"]: playable(task) for task in listed.json}
        assert after == before
        charges = len(ground.runware.ledger.charges)
        assert ground.run("resume", "--json").code == 0
        assert len(ground.runware.ledger.charges) == charges
        exported = ground.run("export", *before, "--out", ground.disk / "out")
        assert (exported.code, len(list((ground.disk / "out").glob("*.wav")))) == (0, 3), exported.err
        assert ground.run("tasks", "--json").err == ""
        return told(listed)

    return run


def _zero_head(library: Path) -> None:
    with library.open("rb+") as file:
        file.write(bytes(100))


def _first_pages(library: Path) -> None:
    with library.open("rb+") as file:
        file.write(b"\xa5" * 3 * 4_096)


def _cut(library: Path) -> None:
    data = library.read_bytes()
    library.write_bytes(data[: len(data) // 2])


def _no_text(library: Path) -> None:
    connection = sqlite3.connect(library)
    connection.execute("UPDATE tasks SET request = CAST(x'ff' AS TEXT) WHERE number = 1")
    connection.commit()
    connection.close()


def damaged_settings(ground: Ground) -> str:
    ground.set_up()
    assert ground.run("config", "set", "spending.day_usd", "5").code == 0
    whole = ground.settings.read_bytes()
    damaged = whole.replace(b"[spending]", b"[spending")
    ground.settings.write_bytes(damaged)
    refused = ended(ground.generate())
    free = ground.run("generate", "door slam", "--duration", "1")
    for each in (refused, free):
        no_traceback(each)
    assert (refused.code, free.code) == (2, 0), refused.err + free.err
    assert not ground.runware.requests
    assert "line" in refused.err
    assert ground.settings.read_bytes() == damaged
    ground.settings.write_bytes(whole)
    assert ended(ground.generate()).code == 0
    return told(refused)


def damaged_model_file(ground: Ground) -> str:
    ground.set_up()
    own = ground.home / "config" / "catalogue" / "mine.toml"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"[[model]\nid = \xff")
    made = ground.run("generate", "door slam", "--duration", "1")
    no_traceback(made)
    assert made.code == 0
    assert "mine.toml" in made.err
    return told(made)


def no_network_at_start(ground: Ground) -> str:
    ground.set_up()
    ground.run("config", "set", "providers.runware.base_url", "http://127.0.0.1:9/v1")
    waiting = ended(ground.generate())
    free = ground.run("generate", "door slam", "--duration", "1")
    no_traceback(waiting)
    assert (waiting.code, free.code) == (130, 0), waiting.err
    ground.run("config", "set", "providers.runware.base_url", ground.runware.url)
    resumed = ground.run("resume", "--json")
    assert (resumed.code, len(ground.runware.ledger.charges)) == (0, 1), resumed.err
    return f"{told(waiting)}; back again: made by resume, 1 charge"


def no_names_and_no_proxy(ground: Ground) -> str:
    ground.set_up()
    ground.run("config", "set", "providers.runware.base_url", "https://nowhere.invalid/v1")
    command = ("generate", "rain", "--provider", "runware", "--model", SOUND)
    confirmed = ground.run(*command)
    no_traceback(confirmed)
    assert confirmed.code in (1, 130), confirmed.err
    assert not ground.runware.requests
    return told(confirmed)


CASES = (
    Case("disk full at the click", full_at_the_click),
    Case("disk full at the answer of a paid submit", full_at_the_answer_of_a_submit),
    Case("disk full during a download", full_during_a_download),
    Case("disk full during an answer that comes once", full_during_an_answer_that_comes_once),
    Case("disk full at an export", full_at_an_export),
    Case("disk full at the settings", full_at_the_settings),
    Case("read-only library", read_only_library),
    Case("database locked at the click", locked_at_the_click),
    Case("database locked at the answer of a paid submit", locked_at_the_answer_of_a_submit),
    Case("database without its header", damaged_library(_zero_head)),
    Case("database without its first pages", damaged_library(_first_pages)),
    Case("database cut in half", damaged_library(_cut)),
    Case("database gone", damaged_library(Path.unlink)),
    Case("database with garbage in a text", damaged_library(_no_text)),
    Case("damaged settings", damaged_settings),
    Case("damaged model file", damaged_model_file),
    Case("no network at the start", no_network_at_start),
    Case("names that can't be resolved", no_names_and_no_proxy),
)
