"""Keys of environment variables are for us alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.engine.key_environment import take_keys
from app.providers.registry import key_variables

_CHECKOUT = Path(__file__).resolve().parents[2]
KEY, OTHER_KEY = "rw-invented-key-4711", "sk-invented key of mine"

_STARTED_AS_THE_APP_IS = """
import json, subprocess, sys
import app.main as main
def look(arguments, locations, make, secrets):
    child = [sys.executable, "-c", "import os; print(dict(os.environ))"]
    shown = subprocess.run(child, capture_output=True, text=True, check=True).stdout
    import os, resource
    own = open("/proc/self/environ", "rb").read().decode("latin-1") if sys.platform == "linux" else ""
    keys = make().keys
    held = [keys._of_environment(service) for service in keys.services]
    core = resource.getrlimit(resource.RLIMIT_CORE)[0]
    print(json.dumps([shown + str(dict(os.environ)), own, sorted(each.key for each in held if each), core]))
    return 0
main._run_command = look
sys.exit(main.main(["a command"]))
"""


def test_keys_are_taken_out_of_an_environment_and_other_variables_stay() -> None:
    environ = {
        "RUNWARE_API_KEY": KEY,
        "CUESMITH_OPENAI_MY_SERVER_API_KEY": OTHER_KEY,
        "PATH": "/bin",
        "HF_API_KEY": "x",
    }

    taken = take_keys(environ, key_variables(environ))

    assert taken == {"RUNWARE_API_KEY": KEY, "CUESMITH_OPENAI_MY_SERVER_API_KEY": OTHER_KEY}
    assert environ == {"PATH": "/bin", "HF_API_KEY": "x"}


@pytest.mark.skipif(sys.platform == "win32", reason="looks at what POSIX systems show of a process")
def test_neither_children_nor_the_list_of_processes_nor_a_core_dump_show_a_key_that_the_app_uses(
    tmp_path: Path,
) -> None:
    environ = os.environ | {"RUNWARE_API_KEY": KEY, "CAMB_API_KEY": OTHER_KEY, "CUESMITH_HOME": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", _STARTED_AS_THE_APP_IS], cwd=_CHECKOUT, env=environ, capture_output=True, check=True
    )

    environments, shown_by_the_system, held, largest_core = json.loads(done.stdout)
    assert "CUESMITH_HOME" in environments
    for text in (environments, shown_by_the_system):
        assert KEY not in text
        assert OTHER_KEY not in text
    assert held == [KEY, OTHER_KEY]
    assert largest_core == 0
