from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LIST_DEVICES = """
from app.audio.devices import PortAudio, find, list_output_devices
assert list_output_devices() == PortAudio().list_output_devices() == []
assert find("Speakers", "ALSA") is None
"""
PLAY = """
import queue, sys
from pathlib import Path
from app.audio.devices import PortAudio
from app.audio.player import Failed, Player
events = queue.Queue()
player = Player(PortAudio())
player.listen(events.put)
player.load(Path(sys.argv[1]))
player.play()
while not isinstance(event := events.get(timeout=30), Failed):
    pass
print(type(event.error).__name__, event.error)
player.close()
"""
NO_PORTAUDIO = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
sys.meta_path.insert(0, Absent())
"""
WHAT_IS_IMPORTED = """
import sys
import app.audio.devices, app.audio.player, app.audio.files, app.audio.formats, app.audio.sound_card
print(sorted({"numpy", "sounddevice", "soundfile", "soxr", "mutagen", "scipy"} & set(sys.modules)))
"""


def run(program: str, *arguments: str, **environment: str) -> str:
    """What a program prints in a process without a sound server."""
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PULSE_SERVER": "unix:/nonexistent/pulse.sock", **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.fixture
def no_cards() -> None:
    if Path("/dev/snd").exists() or sys.platform != "linux":
        pytest.skip("this machine may have a sound card")


@pytest.mark.usefixtures("no_cards")
def test_without_a_device_the_list_is_empty() -> None:
    run(LIST_DEVICES)


@pytest.mark.usefixtures("no_cards")
def test_without_a_device_playing_says_what_to_do(a_wav: Path) -> None:
    printed = run(PLAY, str(a_wav))

    assert printed == "PlaybackError There is no sound output. Connect a device, then play again."


def test_without_portaudio_playing_says_what_to_install(a_wav: Path) -> None:
    printed = run(NO_PORTAUDIO + PLAY, str(a_wav))

    assert printed.startswith("PlaybackError Sound can’t be played because the PortAudio library is missing.")
    assert "libportaudio2" in printed


def test_importing_the_player_loads_no_heavy_library() -> None:
    assert run(WHAT_IS_IMPORTED) == "[]"
