"""apt is asked for the right things, by who may ask, and never silently."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence

import pytest
from debian import Debian, Rights, is_debian
from messages import Stop
from preparing import provide
from system_needs import Kind, Need

ROOT = Rights((), has_sudo=False)
SUDO = Rights(("sudo", "-n"), has_sudo=True)
ASKS_FOR_A_PASSWORD = Rights(None, has_sudo=True)
NOBODY = Rights(None, has_sudo=False)

POLICY = """\
xvfb:
  Installed: (none)
  Candidate: 2:21.1.7-3
  Version table:
     2:21.1.7-3 500
old-name:
  Installed: (none)
  Candidate: (none)
  Version table:
openbox:
  Installed: 3.6.1-10
  Candidate: 3.6.1-10
"""


class Commands:
    """Answers like a shell, and remembers what it was asked."""

    def __init__(self, answer: Callable[[Sequence[str]], tuple[int, str]] = lambda _: (0, "")) -> None:
        self.given: list[str] = []
        self._answer = answer

    def __call__(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.given.append(" ".join(command))
        code, output = self._answer(command)
        return subprocess.CompletedProcess(command, code, output, "")


def test_root_renews_the_lists_and_installs_without_recommendations(capsys):
    show = Commands()

    Debian(ROOT, show=show).must_install(("libgl1", "libportaudio2"), "Missing on this system: libGL.so.1.")

    update, install = show.given
    assert update.startswith("env DEBIAN_FRONTEND=noninteractive apt-get ")
    assert update.endswith(" update")
    assert install.endswith(" install -y --no-install-recommends libgl1 libportaudio2")
    said = capsys.readouterr()
    assert "libGL.so.1" in said.err
    assert "Installing with apt: libgl1 libportaudio2" in said.err
    assert said.out == ""


def test_sudo_stands_before_every_command():
    show = Commands()

    Debian(SUDO, show=show).must_install(("libgl1",), "Missing.")

    assert all(command.startswith("sudo -n env ") for command in show.given)
    assert len(show.given) == 2


def test_who_may_not_install_gets_the_one_line_and_stops():
    show = Commands()

    with pytest.raises(Stop) as caught:
        Debian(ASKS_FOR_A_PASSWORD, show=show).must_install(("libgl1", "libegl1"), "Missing: libGL.so.1.")

    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libgl1 libegl1"
    assert str(caught.value).splitlines()[-1] == line
    assert str(caught.value).startswith("Missing: libGL.so.1.")
    assert show.given == []


def test_without_sudo_the_line_is_for_root():
    with pytest.raises(Stop) as caught:
        Debian(NOBODY, show=Commands()).must_install(("libgl1",), "Missing.")

    assert "as root" in str(caught.value)
    line = "apt-get update && apt-get install -y --no-install-recommends libgl1"
    assert str(caught.value).splitlines()[-1] == line


def test_old_lists_do_will_the_network_be_down(capsys):
    show = Commands(lambda command: (100 if command[-1] == "update" else 0, ""))

    Debian(ROOT, show=show).must_install(("libgl1",), "Missing.")

    assert len(show.given) == 2
    assert "could not renew its lists" in capsys.readouterr().err


def test_a_failed_installation_stops():
    show = Commands(lambda command: (0 if command[-1] == "update" else 100, ""))

    with pytest.raises(Stop, match="apt could not install them"):
        Debian(ROOT, show=show).must_install(("libgl1",), "Missing.")


def test_tools_that_the_archive_lacks_are_named_and_the_others_installed(capsys):
    show, ask = Commands(), Commands(lambda _: (0, POLICY))

    failed = Debian(ROOT, show=show, ask=ask).may_install(("xvfb", "old-name", "unheard-of", "openbox"), "Some.")

    assert failed == ("old-name", "unheard-of")
    assert show.given[-1].endswith("--no-install-recommends xvfb openbox")
    assert "not to be had here: old-name unheard-of" in capsys.readouterr().err


def test_a_tool_that_fails_does_not_take_the_others_along():
    show = Commands(lambda command: (100 if "xvfb" in command else 0, ""))
    debian = Debian(ROOT, show=show, ask=Commands(lambda _: (0, POLICY)))

    assert debian.may_install(("xvfb", "openbox"), "Some.") == ("xvfb",)
    assert show.given[-1].endswith(" openbox")


def test_who_may_not_install_tools_hears_how_and_goes_on(capsys):
    show = Commands()

    assert Debian(ASKS_FOR_A_PASSWORD, show=show).may_install(("xvfb",), "Some.") == ("xvfb",)

    assert "sudo apt-get install -y --no-install-recommends xvfb" in capsys.readouterr().err
    assert show.given == []


def test_what_is_installed_is_told_from_what_only_left_its_settings():
    ask = Commands(lambda _: (1, "xvfb installed\nopenbox config-files\n"))

    assert Debian(ROOT, ask=ask).without(("xvfb", "openbox", "xdotool")) == ("openbox", "xdotool")


@pytest.mark.parametrize(
    ("os_release", "expected"),
    [
        ({"ID": "debian"}, True),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, True),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, True),
        ({"ID": "fedora"}, False),
        ({"ID": "opensuse-leap", "ID_LIKE": "suse opensuse"}, False),
        ({}, False),
    ],
)
def test_relatives_of_debian_are_known(os_release, expected):
    assert is_debian(os_release) is expected


ABSENT = Need("libnobody.so.77", "libnobody77")
ALSO_ABSENT = Need("libnobody-more.so.77", "libnobody77")
NO_ENSUREPIP = Need("no_such_ensurepip", "python3.11-venv", Kind.MODULE)


def test_nothing_is_said_where_nothing_is_missing(capsys):
    provide((Need("venv", "", Kind.MODULE),), None)

    assert capsys.readouterr().err == ""


def test_a_missing_venv_is_installed_with_the_libraries_in_one_line():
    with pytest.raises(Stop) as caught:
        provide((ABSENT, ALSO_ABSENT, NO_ENSUREPIP), Debian(ASKS_FOR_A_PASSWORD))

    assert "libnobody.so.77" in str(caught.value)
    assert "Python's no_such_ensurepip" in str(caught.value)
    assert str(caught.value).endswith("--no-install-recommends libnobody77 python3.11-venv")


def test_who_must_install_by_hand_gets_everything_in_one_line():
    with pytest.raises(Stop) as caught:
        provide((ABSENT,), Debian(ASKS_FOR_A_PASSWORD), welcome=("xvfb", "openbox"))

    assert str(caught.value).endswith("--no-install-recommends libnobody77 xvfb openbox")


def test_on_another_linux_the_missing_are_named():
    with pytest.raises(Stop, match=r"libnobody\.so\.77.*Install what provides them"):
        provide((ABSENT,), None)


def test_a_python_that_no_package_completes_is_named():
    with pytest.raises(Stop, match="use another Python"):
        provide((Need("no_such_ensurepip", "", Kind.MODULE),), Debian(ROOT, show=Commands()))


def test_a_library_that_apt_did_not_bring_stops():
    with pytest.raises(Stop, match=r"still missing: libnobody\.so\.77"):
        provide((ABSENT,), Debian(ROOT, show=Commands()))
