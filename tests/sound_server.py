"""A PulseAudio server of its own with a silent sink, so that real sound can be played and recorded without hardware."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np

SINK = "cap"
NEEDED = ("pulseaudio", "parec", "pactl")
_READY_S = 30.0
_SAMPLE_BYTES = 4


def missing_tool() -> str | None:
    """Which program the server needs and this machine lacks."""
    return next((tool for tool in NEEDED if shutil.which(tool) is None), None)


class SoundServer:
    """A running server. Programs that are to play into it get `environment`."""

    def __init__(self, *, rate_hz: int = 48_000) -> None:
        self.rate_hz = rate_hz
        self._folder = Path(tempfile.mkdtemp(prefix="snd"))  # short: a socket's path has 108 bytes at most
        self._folder.chmod(0o700)
        socket = self._folder / "pulse.sock"
        self.environment: Mapping[str, str] = {
            "XDG_RUNTIME_DIR": str(self._folder),
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_COOKIE": str(self._folder / "cookie"),
        }
        # Without norewinds a recording of this sink is broken.
        arguments = (f"sink_name={SINK}", f"rate={rate_hz}", "channels=2", "format=float32le", "norewinds=1")
        self._sink = ("module-null-sink", *arguments)
        self._process = subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
                "--disable-shm=yes",
                f"--load=module-native-protocol-unix auth-anonymous=1 socket={socket}",
                f"--load={' '.join(self._sink)}",
            ],
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait_until_ready()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def kill(self) -> None:
        """Make every device vanish at once."""
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """It answers nobody any more, though it is there."""
        self._process.send_signal(signal.SIGSTOP)

    def unplug(self) -> None:
        """Make the sink vanish; who plays into it is cut off."""
        self._ask("unload-module", self._sink[0])

    def plug_in(self) -> None:
        """Bring it back."""
        self._ask("load-module", *self._sink)

    def _ask(self, *arguments: str) -> str:
        answer = subprocess.run(
            ["pactl", *arguments], env={**os.environ, **self.environment}, capture_output=True, text=True, check=False
        )
        return answer.stdout

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def recording(self) -> Iterator[Recording]:
        """Record what the sink plays until the block ends."""
        recording = Recording(self)
        try:
            yield recording
        finally:
            recording.stop()

    def _wait_until_ready(self) -> None:
        """Ask until it answers: the socket is there a moment before the server is."""
        asking = threading.Event()
        for _ in range(int(_READY_S / 0.05)):
            if self._process.poll() is not None:
                raise RuntimeError(f"pulseaudio ended with {self._process.returncode}")
            if SINK in self._ask("list", "short", "sinks"):
                return
            asking.wait(0.05)
        raise RuntimeError("pulseaudio doesn't answer")


class Recording:
    """What was played so far: shape (frames, 2), float32."""

    def __init__(self, server: SoundServer) -> None:
        self._grown = threading.Condition()
        self._bytes = bytearray()
        self._process = subprocess.Popen(
            [
                "parec",
                f"--device={SINK}.monitor",
                "--format=float32le",
                f"--rate={server.rate_hz}",
                "--channels=2",
                "--latency-msec=20",
            ],
            env={**os.environ, **server.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for(1)  # recording has begun: nothing played from now on is missed

    def samples(self) -> np.ndarray:
        with self._grown:
            whole = len(self._bytes) // (2 * _SAMPLE_BYTES) * 2 * _SAMPLE_BYTES
            return np.frombuffer(bytes(self._bytes[:whole]), np.float32).reshape(-1, 2)

    def wait_for(self, more_frames: int, *, timeout_s: float = 30.0) -> None:
        """Wait until this many more frames were recorded (silence is recorded too)."""
        with self._grown:
            wanted = len(self._bytes) + more_frames * 2 * _SAMPLE_BYTES
            if not self._grown.wait_for(lambda: len(self._bytes) >= wanted, timeout_s):
                raise TimeoutError(f"only {len(self._bytes)} of {wanted} bytes were recorded")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while chunk := os.read(self._process.stdout.fileno(), 65_536):
            with self._grown:
                self._bytes += chunk
                self._grown.notify_all()
