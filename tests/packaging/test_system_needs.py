"""What the system must have is looked for by the names the loader uses."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from system_needs import COMMAND_LINE, WINDOW, Kind, Need, freezing, making_an_environment, missing

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes libraries from the system")


def test_what_is_not_found_is_missing_in_order():
    there = {"libEGL.so.1", "libxcb.so.1"}

    absent = missing(WINDOW, is_there=lambda need: need.name in there)

    assert [need.name for need in absent] == [need.name for need in WINDOW if need.name not in there]


def test_nothing_is_missing_where_all_is_found():
    assert missing(WINDOW, is_there=lambda _: True) == ()


@linux_only
def test_a_real_library_is_found_and_an_invented_one_is_not():
    real, invented = Need("libc.so.6", "libc6"), Need("libnobody.so.77", "libnobody77")

    assert missing((real, invented)) == (invented,)


@linux_only
def test_a_real_program_is_found_and_an_invented_one_is_not():
    real, invented = Need("sh", "dash", Kind.PROGRAM), Need("no-such-program", "none", Kind.PROGRAM)

    assert missing((real, invented)) == (invented,)


def test_a_real_module_is_found_and_an_invented_one_is_not():
    real, invented = Need("venv", "", Kind.MODULE), Need("no_such_module", "", Kind.MODULE)

    assert missing((real, invented)) == (invented,)


def test_the_command_line_asks_for_no_library_of_a_window_or_a_sound_card():
    names = " ".join(need.name for need in COMMAND_LINE)

    for word in ("GL", "xcb", "X11", "portaudio", "dbus", "fontconfig"):
        assert word not in names


def test_every_library_names_its_package():
    assert all(need.package for need in WINDOW)


def test_the_package_with_ensurepip_belongs_to_this_python():
    assert {need.package for need in making_an_environment((3, 12), "/usr")} == {"python3.12-venv"}
    assert {need.package for need in making_an_environment((3, 12), "/opt/python")} == {""}


def test_freezing_asks_for_pythons_library_where_debian_packages_it_apart():
    assert Need("libpython3.13.so.1.0", "libpython3.13") in freezing((3, 13), "/usr")
    assert all(need.kind is Kind.PROGRAM for need in freezing((3, 13), "/opt/python"))


# Present in every glibc system with Python, or bundled by Qt itself.
_ALWAYS_THERE = ("libc.so", "libm.so", "libgcc_s", "libpthread", "ld-linux", "libz.so", "libzstd", "libQt6", "libicu")


@linux_only
def test_all_that_qt_is_linked_with_is_listed():
    spec = find_spec("PySide6")
    if shutil.which("objdump") is None:
        pytest.skip("objdump is not installed")
    assert spec is not None
    assert spec.origin is not None
    qt = Path(spec.origin).parent / "Qt"
    parts = [qt / "plugins" / "platforms" / "libqxcb.so"]
    parts += [qt / "lib" / f"libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "DBus", "XcbQpa")]

    linked = set()
    for part in parts:
        report = subprocess.run(["objdump", "-p", part], capture_output=True, text=True, check=True).stdout
        linked |= {line.split()[1] for line in report.splitlines() if line.split()[:1] == ["NEEDED"]}

    listed = {need.name for need in WINDOW}
    assert {name for name in linked if not name.startswith(_ALWAYS_THERE)} <= listed
