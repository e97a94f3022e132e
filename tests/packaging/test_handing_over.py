"""The launcher becomes the program: arguments, folder, input, exit code and signals are the program's own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from handing_over import environment_for

_LAUNCH = """
import os, sys
from pathlib import Path
sys.path.append(sys.argv[1])
from handing_over import environment_for, hand_over
hand_over(Path(sys.executable), ["-P", "-c", *sys.argv[2:]], environment_for(Path("/checkout"), os.environ))
"""


def _launch(launchers: Path, program: str, *arguments: str, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _LAUNCH, str(launchers), program, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload,no-any-return]


def test_arguments_folder_input_and_exit_code_pass_through(launchers, tmp_path):
    program = "import os, sys; print(sys.argv[1:], os.getcwd(), sys.stdin.read()); sys.exit(3)"

    process = _launch(launchers, program, "heavy rain, ünïcode", "--out", "", cwd=tmp_path)
    output, _ = process.communicate("a key", timeout=20)

    assert output == f"{['heavy rain, ünïcode', '--out', '']} {tmp_path} a key\n"
    assert process.returncode == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_launcher_reaches_the_program(launchers, number):
    program = "import signal, sys; signal.signal(%d, lambda *_: sys.exit(42)); print('up', flush=True); signal.pause()"

    process = _launch(launchers, program % number)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    process.send_signal(number)
    process.communicate(timeout=20)

    assert process.returncode == 42


def test_the_program_imports_from_the_checkout_and_nowhere_of_the_users():
    environ = environment_for(Path("/checkout"), {"PYTHONPATH": "/mine", "PYTHONHOME": "/elsewhere", "LANG": "C"})

    assert environ == {"PYTHONPATH": str(Path("/checkout")), "LANG": "C"}
