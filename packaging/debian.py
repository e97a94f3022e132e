"""Installing packages on Debian and its relatives: saying so first, and only where this user may."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from messages import Stop, say

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]

# Root's prompt should not wait for ever for another apt, nor ask questions that nobody reads.
_ENVIRONMENT = ("env", "DEBIAN_FRONTEND=noninteractive")
_INSTALL = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "install", "-y", "--no-install-recommends")
_UPDATE = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "update")


@dataclass(frozen=True)
class Rights:
    """How this user becomes root.

    Attributes:
        prefix: What stands before a command of root's; empty for root, None for who can't become root here.
        has_sudo: Whether the line for the person to run may say sudo.
    """

    prefix: tuple[str, ...] | None
    has_sudo: bool


class Debian:
    """The package manager of this machine.

    Args:
        rights: What this user may do.
        show: Runs a command whose output the person sees.
        ask: Runs a command and keeps its output.
    """

    def __init__(self, rights: Rights, show: Run | None = None, ask: Run | None = None) -> None:
        self._rights = rights
        self._show = show or _show
        self._ask = ask or _ask

    def without(self, packages: Iterable[str]) -> tuple[str, ...]:
        """Those of `packages` that are not installed."""
        names = tuple(packages)
        known = self._ask(("dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *names)).stdout
        installed = {line.split()[0] for line in known.splitlines() if line.endswith(" installed")}
        return tuple(name for name in names if name not in installed)

    def line_for(self, packages: Sequence[str]) -> str:
        """The one line that a person runs to install `packages`."""
        sudo = "" if self._rights.prefix == () or not self._rights.has_sudo else "sudo "
        return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {shlex.join(packages)}"

    def must_install(self, packages: Sequence[str], why: str, welcome: Sequence[str] = ()) -> None:
        """Install what Cuesmith can't do without.

        Args:
            packages: What to install.
            why: A sentence that stands before.
            welcome: What else a person should install if they have to do it themselves.
        Raises:
            Stop: this user may not, or apt failed; the message has the line to run.
        """
        line = self.line_for((*packages, *welcome))
        if self._rights.prefix is None:
            who = "" if self._rights.has_sudo else " as root"
            raise Stop(f"{why}\nRun this line{who}, then start again:\n{line}")
        say(f"{why}\nInstalling with apt: {' '.join(packages)}")
        self._update()
        if not self._install(packages):
            raise Stop(f"apt could not install them; its words stand above. Run this line, then start again:\n{line}")

    def may_install(self, packages: Sequence[str], why: str) -> tuple[str, ...]:
        """Install what helps but isn't needed; whatever goes wrong is said, and the rest goes on.

        Returns:
            What could not be had.
        """
        if self._rights.prefix is None:
            say(f"{why} To install it: {self.line_for(packages)}")
            return tuple(packages)
        say(f"{why}\nInstalling with apt: {' '.join(packages)}")
        self._update()
        known = self._in_the_archive(packages)
        failed = [name for name in packages if name not in known]
        if known and not self._install(known):
            failed += [name for name in known if not self._install((name,))]
        if failed:
            say(f"not to be had here: {' '.join(failed)}")
        return tuple(failed)

    def _update(self) -> None:
        if self._show(self._as_root(_UPDATE)).returncode:
            say("apt could not renew its lists; going on with those it has.")

    def _install(self, packages: Sequence[str]) -> bool:
        return self._show(self._as_root((*_INSTALL, *packages))).returncode == 0

    def _as_root(self, command: Sequence[str]) -> tuple[str, ...]:
        return (*(self._rights.prefix or ()), *_ENVIRONMENT, *command)

    def _in_the_archive(self, packages: Sequence[str]) -> tuple[str, ...]:
        report = self._ask(("env", "LC_ALL=C", "apt-cache", "policy", *packages)).stdout
        found = dict(re.findall(r"^(\S+):\n(?:.*\n)??\s+Candidate: (\S+)", report, re.MULTILINE))
        return tuple(name for name in packages if found.get(name, "(none)") != "(none)")


def debian_of_this_machine() -> Debian | None:
    """The package manager, if this is Debian or one of its relatives."""
    if not is_debian(_os_release()) or not shutil.which("apt-get"):
        return None
    return Debian(rights_of_this_user())


def is_debian(os_release: Mapping[str, str]) -> bool:
    """Whether /etc/os-release tells of Debian, Ubuntu or one of their descendants."""
    family = {os_release.get("ID", ""), *os_release.get("ID_LIKE", "").split()}
    return bool(family & {"debian", "ubuntu"})


def rights_of_this_user() -> Rights:
    """Root, or sudo that needs no password, or sudo with a terminal to ask at, or none of these."""
    if sys.platform == "win32":
        return Rights(None, has_sudo=False)
    if os.geteuid() == 0:
        return Rights((), has_sudo=False)
    if not shutil.which("sudo"):
        return Rights(None, has_sudo=False)
    if _ask(("sudo", "-n", "true")).returncode == 0:
        return Rights(("sudo", "-n"), has_sudo=True)
    return Rights(("sudo",) if sys.stdin.isatty() else None, has_sudo=True)


def _os_release() -> dict[str, str]:
    """The fields of /etc/os-release; empty where there is none."""
    for path in (Path("/etc/os-release"), Path("/usr/lib/os-release")):
        if path.is_file():
            pairs = (line.split("=", 1) for line in path.read_text("utf-8").splitlines() if "=" in line)
            return {name: value.strip("\"'") for name, value in pairs}
    return {}


def _show(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Show it live on a terminal; elsewhere only what failed, since apt writes a line or two for each package."""
    # Not our stdin: it may hold what the program is to read. sudo asks at the terminal itself.
    if sys.stderr.isatty():
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, text=True, check=False)
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
    return done


def _ask(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
