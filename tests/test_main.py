"""How the app starts, and how it ends when something is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.building import build_for_window
from app.domain.request import GenerationRequest
from app.domain.task import TaskState
from app.storage.locations import Locations

_CHECKOUT = Path(__file__).resolve().parents[1]


def python(script: str, home: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=_CHECKOUT,
        env={**os.environ, "CUESMITH_HOME": str(home), **environ},
        capture_output=True,
        text=True,
    )


def test_building_the_app_touches_neither_the_disk_nor_a_device(tmp_path: Path) -> None:
    services = build_for_window(Locations.under(tmp_path))

    assert list(tmp_path.iterdir()) == []
    assert [model.id for model in services.catalogue.of_provider("local")] == ["sketch", "speech"]
    assert services.notices == ()


async def test_once_the_user_leaves_nothing_more_is_sent_however_long_measuring_takes_to_end(tmp_path: Path) -> None:
    class LongMeasuring:
        """Somebody clicks while it ends."""

        def start(self) -> None:
            return

        async def close(self) -> None:
            await services.queue.add(GenerationRequest("local", "sketch", "beep", duration_s=0.1))
            await services.queue.wait_until_idle()
            states.extend(task.state for task in await services.store.tasks())

    states: list[TaskState] = []
    measuring: Any = LongMeasuring()
    services = replace(build_for_window(Locations.under(tmp_path)), measuring=measuring)
    await services.open()

    await services.close()

    assert states == [TaskState.QUEUED]


def test_before_the_first_paint_no_sound_library_is_loaded(tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWidgets")
    script = (
        "import sys, app.ui.application; from app.building import build_for_window; "
        f"from app.storage.locations import Locations; from pathlib import Path; "
        f"build_for_window(Locations.under(Path({str(tmp_path)!r}))); "
        "slow = {'numpy', 'soundfile', 'sounddevice', 'soxr', 'mutagen', 'keyring', 'httpx', 'rich'}; "
        "print(sorted(slow & set(sys.modules)))"
    )

    assert python(script, tmp_path).stdout == "[]\n"


def test_before_the_first_paint_no_dialog_and_no_service_is_loaded(tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWidgets")
    script = (
        "import sys, app.ui.application; from app.building import build_for_window; "
        "from app.storage.locations import Locations; from app.ui.late_parts import LATE_PARTS; "
        f"from pathlib import Path; build_for_window(Locations.under(Path({str(tmp_path)!r}))); "
        "services = {f'app.providers.{name}.provider' for name in ('runware', 'camb', 'openai_audio', 'aimlapi')}; "
        "print(sorted({*LATE_PARTS, *services} & set(sys.modules)))"
    )

    assert python(script, tmp_path).stdout == "[]\n"


def test_garbage_is_collected_again_once_the_window_is_painted(tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWidgets")
    script = (
        "import gc, sys, app.main as main, app.ui.application as application\n"
        "class Watched(application.Application):\n"
        "    async def _close(self):\n"
        "        print(gc.isenabled())\n"
        "        await super()._close()\n"
        "    async def run(self):\n"
        "        print(gc.isenabled())\n"
        "        self.painted.connect(self.leaving.end)\n"
        "        return await super().run()\n"
        "application.Application = Watched\n"
        "sys.exit(main.main([]))"
    )

    done = python(script, tmp_path, QT_QPA_PLATFORM="offscreen")

    assert (done.returncode, done.stdout) == (0, "False\nTrue\n")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen")
def test_without_a_screen_it_says_so(tmp_path: Path) -> None:
    done = python(
        "import sys; from app.main import main; sys.exit(main([]))",
        tmp_path,
        DISPLAY="",
        WAYLAND_DISPLAY="",
        QT_QPA_PLATFORM="",
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "There is no screen, so the window can’t open. For the commands: cuesmith --help\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals end no process there")
def test_ctrl_c_while_the_window_opens_ends_it_though_somebody_swallows_exceptions(tmp_path: Path) -> None:
    script = """
import os, signal, sys
import app.ui.opening
from app.main import main

def open_it(*_arguments):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        return 0

app.ui.opening.open_window = open_it
sys.exit(main([]))
"""

    ended = python(script, tmp_path, QT_QPA_PLATFORM="offscreen")

    assert ended.returncode == -signal.SIGINT, ended.stderr


def test_a_fault_of_the_app_is_logged_and_says_where(tmp_path: Path) -> None:
    script = (
        "import sys, app.cli.listings as listings\n"
        "from app.main import main\n"
        "listings.tell_notices = None\n"  # a fault: it is called
        "sys.exit(main(['providers']))"
    )

    done = python(script, tmp_path)

    log = tmp_path / "logs" / "cuesmith.log"
    assert done.returncode == 1
    assert done.stderr == f"Cuesmith stopped because of a fault of its own. The log: {log}\n"
    assert "TypeError" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [["models", "--json"], ["providers"], ["--help"]])
def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=_CHECKOUT,
            env={**os.environ, "CUESMITH_HOME": str(tmp_path)},
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(writing)

    assert done.stderr == ""
    assert not (tmp_path / "logs").exists()


def test_a_broken_model_file_of_the_user_is_told_and_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "catalogue"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('provider = "local"\n[[model]]\nid = 7\n')

    done = python("import sys; from app.main import main; sys.exit(main(['models']))", tmp_path)

    assert done.returncode == 0
    assert "mine.toml, line 3" in done.stderr
    assert "sketch" in done.stdout


def test_the_installation_checks_itself(tmp_path: Path) -> None:
    done = python("import sys; from app.main import main; sys.exit(main(['--self-check']))", tmp_path)

    lines = {line[9:21].strip(): line.split()[0] for line in done.stdout.splitlines()}
    assert (done.returncode, done.stderr) == (0, "")
    assert list(lines) == [
        *("resources", "fonts", "icons", "catalogue", "audio files", "speech"),
        *("keychain", "TLS", "SQLite", "PortAudio", "window"),
    ]
    assert set(lines.values()) <= {"ok", "missing"}
    assert lines["audio files"] == lines["speech"] == lines["catalogue"] == "ok"
