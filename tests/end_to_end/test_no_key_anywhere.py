"""After everything that can go wrong, no key is in anything that the app wrote, started or sent elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.end_to_end import echoes
from tests.end_to_end.echoes import KEYS, VARIABLES, Services, echo
from tests.fakes.traces import Traces
from tests.servers.faults import Hold

_CHECKOUT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 60.0
_JOBS = {
    "runware": ("--model", "elevenlabs:1@1", "--duration", "12"),
    "camb": ("--model", "text-to-sound", "--duration", "2"),
    "aimlapi": ("--model", "stable-audio", "--duration", "2"),
}
_SPEECH = {
    "runinfra": ("--model", "kokoro", "--voice", "nova"),
    "openai": ("--model", "tts-1", "--voice", "alloy"),
    "openai:kokoro": ("--model", "kokoro", "--voice", "af_heart"),
}
_SUBMIT = dict.fromkeys(_JOBS, "submit") | dict.fromkeys(_SPEECH, "speech")

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
    pytest.mark.timeout(300),
]


@dataclass
class Talkative:
    """The app at its most talkative, and all that it said.

    Attributes:
        said: Every output of every command.
        seen: Command lines and environments of its processes.
    """

    folder: Path
    services: Services
    said: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def run(self, *arguments: str, expected: int | None = None, given: str = "", **environ: str) -> str:
        process = self.start(*arguments, **environ)
        out, err = process.communicate(given, timeout=_PATIENCE_S)
        self.said += [out, err]
        if expected is not None:
            assert process.returncode == expected, (arguments, out, err[-3_000:])
        return out

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        own = {"CUESMITH_HOME": str(self.folder / "home"), "HOME": str(self.folder), "TMPDIR": str(self.folder / "tmp")}
        keys = {VARIABLES[name]: key for name, key in KEYS.items()}
        return subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.talkative", *arguments],
            cwd=self.folder / "cwd",
            env={**os.environ, "PYTHONPATH": str(_CHECKOUT), "PYTHONUTF8": "1", **own, **keys, **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def look_at(self, process: subprocess.Popen[str]) -> None:
        """Note what everybody may see of a process."""
        for name in ("cmdline", "environ"):
            self.seen.append(Path(f"/proc/{process.pid}/{name}").read_bytes().decode("latin-1"))

    def traces(self) -> list[object]:
        traces = Traces(*KEYS.values())
        return [
            *traces.under(self.folder),
            *traces.in_texts(self.said),
            *traces.in_texts(self.seen),
            *traces.in_texts(self.services.everything_received()),
        ]


@pytest.fixture
def talkative(tmp_path: Path) -> Iterator[Talkative]:
    for name in ("cwd", "tmp", "home/config"):
        (tmp_path / name).mkdir(parents=True)
    with echoes.services() as services:
        (tmp_path / "home" / "config" / "settings.toml").write_text(services.settings())
        yield Talkative(tmp_path, services)


def generate(provider: str) -> tuple[str, ...]:
    options = (_JOBS | _SPEECH)[provider]
    return ("generate", "The lighthouse is dark.", "--provider", provider, *options, "--json")


def test_services_that_repeat_the_key_in_every_answer_leave_no_trace_of_it(talkative: Talkative) -> None:
    for provider, service in talkative.services.by_provider.items():
        key = KEYS[provider]
        service.faults.at(_SUBMIT[provider], echo(key, 401))
        talkative.run(*generate(provider), expected=1)

        if provider in _JOBS:
            for fault in (echo(key, 500), echo(key, 302, location=f"{service.origin}/{key}?key={key}"), echo(key, 200)):
                service.faults.at("poll", fault)
        else:
            service.faults.at("speech", echo(key, 200))
        talkative.run(*generate(provider))

        service.faults.clear()
        service.faults.at("account", echo(key, 403, as_page=True))
        service.faults.at("models", echo(key, 403))
        talkative.run("keys", "test", provider)
    talkative.run("keys", "list", "--json", expected=0)
    tasks = talkative.run("tasks", "--json", expected=0)
    talkative.run("tasks", expected=0)

    assert tasks.count('"created_at"') == 2 * len(KEYS)
    assert talkative.services.everything_received()
    assert any("everything.log" in path.name and path.stat().st_size for path in talkative.folder.iterdir())
    assert talkative.traces() == []


def test_results_that_are_fetched_tagged_and_exported_hold_no_key(talkative: Talkative) -> None:
    for provider in _JOBS:
        service = talkative.services.by_provider[provider]
        key = KEYS[provider]
        for companion in service._companions:
            companion.faults.at("download", echo(key, 404))
            companion.faults.at("download", echo(key, 302, location=f"https://files.example/{key}.wav?key={key}"))
        service.faults.at("result", echo(key, 404))
        talkative.run(*generate(provider), "--out", str(talkative.folder / "out"))
        talkative.run("resume", "--json")
    exported = talkative.folder / "exported"
    exported.mkdir()
    ids = [line.split()[0] for line in talkative.run("tasks", expected=0).splitlines()[1:]]

    talkative.run("export", *ids, "--out", str(exported), "--format", "flac")

    assert list(exported.iterdir())
    assert talkative.traces() == []


def test_a_fault_deep_below_a_request_tells_no_key(talkative: Talkative) -> None:
    for provider in ("runware", "openai"):
        talkative.run(*generate(provider), CUESMITH_TEST_CRASH="1")

    log = (talkative.folder / "home" / "logs" / "cuesmith.log").read_text(encoding="utf-8")
    assert "a fault with" in log
    assert talkative.traces() == []


def test_a_process_that_is_watched_and_then_aborted_shows_no_key(talkative: Talkative) -> None:
    hold = talkative.services.by_provider["openai"].faults.at("speech", Hold())
    process = talkative.start(*generate("openai"))
    hold.reached.wait_in_thread()
    talkative.look_at(process)

    process.send_signal(signal.SIGABRT)
    talkative.said += process.communicate(timeout=_PATIENCE_S)
    hold.release()

    assert process.returncode == -signal.SIGABRT
    assert "Fatal Python error: Aborted" in talkative.said[-1]
    assert [path.name for path in (talkative.folder / "cwd").iterdir()] == []  # no core
    assert talkative.traces() == []


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    key = KEYS["runware"]
    traces = Traces(key)

    for text in (key, key[4:16], key[::-1], echoes.spellings(key), key.encode().hex().upper()):
        (tmp_path / "file").write_text(f"before {text} after")
        assert traces.under(tmp_path)
    assert traces.in_bytes(echoes.body(key))
    assert not traces.in_bytes(b"rw-7Kq and more of the same")
