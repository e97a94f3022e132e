"""Run the suite: what test.py does, once the Python is known to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from handing_over import environment_for, hand_over
from messages import stopping_with_a_message
from preparing import ROOT, TEST_LOCK, prepare
from system_needs import WINDOW

# Debian packages; a test that misses one is skipped and says so.
TOOLS = (
    # a screen, and hands to use it
    "xvfb",
    "xauth",
    "openbox",
    "xdotool",
    "imagemagick",
    "x11-utils",
    "x11-apps",
    "fonts-dejavu-core",
    # a sound card without sound
    "pulseaudio",
    "pulseaudio-utils",
    "libasound2-plugins",
    "alsa-utils",
    # a keychain and an accessibility bus
    "dbus",
    "gnome-keyring",
    "at-spi2-core",
    "gir1.2-atspi-2.0",
    "python3-gi",
    # second opinions on files, and what freezing reads libraries with
    "ffmpeg",
    "binutils",
)


def main() -> None:
    """Prepare; then, unless only that was asked for, become pytest, so that its last line is ours."""
    arguments = sys.argv[1:]
    only_prepare = "--prepare" in arguments
    with stopping_with_a_message():
        python = prepare(TEST_LOCK, WINDOW, TOOLS)
    if only_prepare:
        return
    os.chdir(ROOT)
    environ = {"QT_QPA_PLATFORM": "offscreen", **environment_for(ROOT, os.environ)}
    hand_over(python, ("-m", "pytest", *workers_for(arguments, ROOT), *arguments), environ)


def workers_for(arguments: Sequence[str], root: Path) -> tuple[str, ...]:
    """Two workers for the whole suite; none where a part of it, workers or a debugger are asked for."""
    own_way = {"--pdb", "--trace", "--collect-only", "--co", "--setup-plan", "--version", "--help", "-h"}
    for argument in arguments:
        if argument in own_way or argument.startswith(("-n", "--numprocesses", "--dist")):
            return ()
        if not argument.startswith("-") and (root / argument.split("::")[0]).exists():
            return ()
    return ("-n", "2", "--dist", "loadfile")
