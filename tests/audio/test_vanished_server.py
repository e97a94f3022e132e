"""A sound server that dies leaves nothing behind: no thread of PortAudio, no busy core, no flood on stderr."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.audio import devices
from app.audio.devices import PortAudio
from tests.sound_server import SoundServer, missing_tool

# In a process of its own: what goes wrong here can’t be brought to an end from outside.
PROGRAM = """
import os, sys, threading, time
import numpy
from app.audio.devices import PortAudio
from app.audio import runaway_threads
from app.domain.errors import PlaybackError

def patiently(condition):
    until = time.monotonic() + 20
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()

def fill(out, delay_s, has_underflowed):
    out.fill(0)
    called.set()

def tell(word):
    print(word, flush=True)
    return sys.stdin.readline()

def opened():
    called.clear()
    return card.open(None, sample_rate_hz=48_000, channels=2, latency_s=0.1, fill=fill)

def begun():
    stream = opened()
    assert called.wait(20)
    return stream

def give_up(*error):
    sys.__excepthook__(*error)
    os._exit(1)  # an orderly end would wait for PortAudio

sys.excepthook = give_up
called = threading.Event()
card = PortAudio()
if not card.list_output_devices():
    tell("no device")
    os._exit(0)
before = runaway_threads.threads()
"""
PLAYING = """
stream = begun()
tell("now")
assert patiently(lambda: not stream.is_active), "it’s still active"
stream.close()
"""
RESTING = """
stream = begun()
stream.rest()
tell("now")
assert patiently(lambda: not stream.is_active), "it’s still active"
card.list_output_devices()
"""
OPENING = """
tell("now")
try:
    stream = opened()
    assert patiently(lambda: not stream.is_active), "it’s still active"
    stream.close()
except PlaybackError:
    pass
"""
ABANDONED = """
stream = begun()
tell("now")
stream.abandon()
"""
LEAVES_NOTHING = """
assert patiently(lambda: runaway_threads.threads() <= before), "threads live on"
time.sleep(0.1)
quiet = os.fstat(2).st_size
time.sleep(0.2)
assert os.fstat(2).st_size == quiet, "it goes on printing"
if another := tell("ended").strip():
    os.environ["PULSE_SERVER"] = another
    begun().close()
    print("plays again", flush=True)
sys.exit(7)
"""
LIMIT_BYTES = 4_000
SPIN_LIMIT_BYTES = 300_000_000  # a tenth of what was seen; it’s a matter of milliseconds, on a busy machine of more
IN_PORTAUDIO = "self->capture.ready || self->playback.ready"


class Sounding:
    """The program with its server; it says when the server is to die, and what came of it."""

    def __init__(self, server: SoundServer, log: Path, *parts: str) -> None:
        self.server = server
        self._log = log
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM + "".join(parts) + LEAVES_NOTHING],
                env={**os.environ, **server.environment},
                cwd=Path(__file__).parents[2],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def hear(self, wanted: str) -> None:
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        if said == "no device":
            pytest.skip("ALSA has no way to PulseAudio here (libasound2-plugins)")
        assert said == wanted, self.printed()[-2_000:]

    def answer(self, text: str = "") -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()

    def leave(self) -> int:
        self._process.communicate(timeout=60)
        return self._process.returncode

    def printed_bytes(self) -> int:
        return self._log.stat().st_size

    def printed(self) -> str:
        with self._log.open("rb") as log:
            return log.read(1_000_000).decode(errors="replace")

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture(autouse=True)
def needs_pulseaudio() -> None:
    if missing_tool() is not None:
        pytest.skip(f"{missing_tool()} isn't installed")


@pytest.mark.parametrize("moment", [PLAYING, RESTING, OPENING, ABANDONED], ids=["plays", "rests", "opens", "is left"])
@pytest.mark.parametrize("is_frozen_first", [False, True], ids=["killed", "frozen, then killed"])
def test_nothing_is_left_of_a_stream_whose_server_dies(tmp_path: Path, moment: str, *, is_frozen_first: bool) -> None:
    with SoundServer() as server:
        sounding = Sounding(server, tmp_path / "stderr", moment)
        try:
            sounding.hear("now")
            if is_frozen_first:
                server.freeze()
            sounding.answer()
            server.kill()
            sounding.hear("ended")
            sounding.answer()
            status = sounding.leave()
        finally:
            sounding.end()

    assert status == 7
    assert sounding.printed_bytes() < LIMIT_BYTES


@pytest.mark.skipif(shutil.which("gdb") is None, reason="gdb isn't installed")
def test_the_endless_loop_of_portaudio_is_ended(tmp_path: Path, sound_server: SoundServer) -> None:
    """It needs an underrun at one moment and an error at the very next: gdb makes both."""
    with SoundServer() as doomed:
        sounding = Sounding(doomed, tmp_path / "stderr", PLAYING)
        try:
            sounding.hear("now")
            if not _drive_into_the_loop(sounding.pid):
                pytest.skip("gdb may not look into other processes here")
            sounding.answer()
            sounding.hear("ended")
            sounding.answer(sound_server.environment["PULSE_SERVER"])
            sounding.hear("plays again")
            status = sounding.leave()
        finally:
            sounding.end()

    if IN_PORTAUDIO not in sounding.printed():
        pytest.skip("on this busy machine PortAudio found its way past the loop")
    assert sounding.printed_bytes() < SPIN_LIMIT_BYTES
    assert status == 7


def _drive_into_the_loop(pid: int) -> bool:
    """Let the device of a stream that was found ready have an underrun, and the next look at it fail."""
    steps = [
        "set confirm off",
        "break snd_pcm_status",
        "continue",
        "delete",
        "break snd_pcm_avail_update",
        *["continue"] * 4,
        "return (long)-32",  # EPIPE
        "delete",
        "break snd_pcm_poll_descriptors_revents",
        "continue",
        "return (int)-5",  # EIO
        "delete",
        "detach",
    ]
    told = subprocess.run(
        ["gdb", "-nx", "-p", str(pid), "-batch", *(part for step in steps for part in ("-ex", step))],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return "snd_pcm_poll_descriptors_revents ()" in told.stdout


PRINTS_FOR_EVER = """
import ctypes, os, threading, time
from app.audio import runaway_threads

library = ctypes.CDLL(None)
numbers = ctypes.create_string_buffer(64 << 20)
started = threading.Event()
ids = []

def sort():
    ids.append(threading.get_native_id())
    started.set()
    library.qsort(numbers, ctypes.c_size_t(len(numbers) // 4), ctypes.c_size_t(4), library.warnx)  # hours of lines

threading.Thread(target=sort, daemon=True).start()
started.wait()
while not os.fstat(2).st_size:
    time.sleep(0.001)
before = runaway_threads.writes(ids)
while runaway_threads.writes(ids)[ids[0]] - before[ids[0]] < 100:
    time.sleep(0.001)
runaway_threads.end(ids)
print(runaway_threads.threads().isdisjoint(ids), flush=True)
library.warnx(b"others still print")
os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only ALSA's threads run away")
def test_a_thread_that_prints_for_ever_is_ended_and_others_go_on_printing(tmp_path: Path) -> None:
    with (tmp_path / "stderr").open("wb") as log:
        printed = subprocess.run(
            [sys.executable, "-c", PRINTS_FOR_EVER],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            check=True,
            timeout=60,
        ).stdout

    assert printed.strip() == "True"
    assert (tmp_path / "stderr").read_bytes().endswith(b"others still print\n")


def test_a_device_that_hangs_while_it_is_closed_is_waited_for_no_longer_than_a_second(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in sound_server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(devices, "_CLOSING_PATIENCE_S", 0.05)
    card = PortAudio()
    if not card.list_output_devices():
        pytest.skip("ALSA has no way to PulseAudio here (libasound2-plugins)")
    stream = card.open(None, sample_rate_hz=48_000, channels=2, latency_s=0.1, fill=lambda out, *_: out.fill(0))
    hangs = threading.Event()
    is_closed = threading.Event()
    close = stream._stream.close

    def close_late(**options: bool) -> None:
        hangs.wait(60)
        close(**options)
        is_closed.set()

    monkeypatch.setattr(stream._stream, "close", close_late)

    stream.close()
    hung = not is_closed.is_set()
    is_active = stream.is_active
    hangs.set()

    assert hung
    assert not is_active
    assert is_closed.wait(60)
    assert card.list_output_devices()


def test_a_stream_that_rests_is_closed_for_a_look_at_the_devices(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sounddevice

    for name, value in sound_server.environment.items():
        monkeypatch.setenv(name, value)
    starts = []
    start = sounddevice._initialize
    monkeypatch.setattr(sounddevice, "_initialize", lambda: (starts.append(1), start()))
    card = PortAudio()
    if not card.list_output_devices():
        pytest.skip("ALSA has no way to PulseAudio here (libasound2-plugins)")
    stream = card.open(None, sample_rate_hz=48_000, channels=2, latency_s=0.1, fill=lambda out, *_: out.fill(0))
    starts.clear()

    card.list_output_devices()
    while_it_sounds = len(starts)
    stream.rest()
    card.list_output_devices()

    assert (while_it_sounds, len(starts)) == (0, 1)
    assert not stream.wake()
