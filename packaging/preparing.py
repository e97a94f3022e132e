"""From a bare machine to an environment that can start Cuesmith; only a look where that was done before."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from debian import Debian, debian_of_this_machine
from environment import Environment
from installing import install_lock, make_environment
from messages import Stop, say
from one_at_a_time import one_at_a_time
from system_needs import Kind, Need, making_an_environment, missing

ROOT = Path(__file__).resolve().parent.parent
APP_LOCK = ROOT / "packaging" / "requirements.lock"
TEST_LOCK = ROOT / "packaging" / "requirements-test.lock"
FREEZE_LOCK = ROOT / "packaging" / "requirements-freeze.lock"


def prepare(lock: Path, needs: Sequence[Need], tools: Sequence[str] = ()) -> Path:
    """Make sure of everything, one process at a time, and give the environment's interpreter.

    Args:
        lock: What the environment must hold.
        needs: What the system must have.
        tools: Debian packages that help; without them it goes on.
    Raises:
        Stop: something needed is missing and can't be installed from here.
    """
    environment = Environment(ROOT / ".venv", make_environment, install_lock)
    debian = debian_of_this_machine() if sys.platform == "linux" else None
    if environment.ready(lock) and not missing(needs) and not (debian and debian.without(tools)):
        return environment.python
    with one_at_a_time(ROOT / ".venv.lock", _say_that_we_wait):
        of_python = making_an_environment(sys.version_info[:2], sys.base_prefix) if environment.must_be_made() else ()
        absent = debian.without(tools) if debian else ()
        provide((*needs, *of_python), debian, welcome=absent)
        if debian and absent:
            debian.may_install(absent, "Some tests use programs that are missing here; without them they are skipped.")
        environment.ensure(lock)
    return environment.python


def provide(needs: Sequence[Need], debian: Debian | None, welcome: Sequence[str] = ()) -> None:
    """Have everything installed that is missing, in one go.

    Args:
        needs: What must be there.
        debian: The package manager; None where there is none that we know.
        welcome: Packages to name as well to a person who has to install by hand.
    Raises:
        Stop: it can't be, or it is still missing afterwards.
    """
    absent = missing(needs)
    if not absent:
        return
    why = f"Missing on this system: {_names(absent)}."
    if any(need.kind is Kind.MODULE and not need.package for need in absent):
        raise Stop(f"{why} {sys.executable} can't make virtual environments without them; use another Python.")
    if debian is None:
        raise Stop(f"{why} Install what provides them, then start again.")
    debian.must_install(tuple(dict.fromkeys(need.package for need in absent)), why, welcome)
    still = missing(absent)
    if still:
        raise Stop(f"apt is done, and still missing: {_names(still)}.")


def _names(needs: Sequence[Need]) -> str:
    return ", ".join(f"Python's {need.name}" if need.kind is Kind.MODULE else need.name for need in needs)


def _say_that_we_wait() -> None:
    say("another start is preparing the libraries; waiting for it.")
