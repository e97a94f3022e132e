"""A service that answers at once, as a process of its own: the time that is measured beside it is the client's alone.

    python -m tests.benchmarks.stand_in

prints the address it listens on and answers as AI/ML API does: a generation is created, is finished when it is first
asked for, and lies behind a link as a short WAV. It reads what it is sent and nothing more: `tests/servers` has the
strict one. It ends with its standard input.
"""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

MODEL = "stable-audio"
SUBMIT = "/v2/generate/audio"
_CHECKOUT = Path(__file__).resolve().parents[2]
_FRAMES = 24_000  # half a second


def short_wav() -> bytes:
    """Half a second of silence: 48 kHz, stereo, 16 bit; 96 KB."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(bytes(_FRAMES * 4))
    return file.getvalue()


class StandIn(asyncio.Protocol):
    """One connection; requests come one after the other."""

    wav = short_wav()
    origin = ""
    created = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._received[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            whole = end + 4 + int(headers.get("content-length", 0))
            if len(self._received) < whole:
                return
            self._received = self._received[whole:]
            method, target, _ = first.split(" ")
            is_last = headers.get("connection", "").lower() == "close"
            self._answer(*self._reply(method, target), is_last=is_last)

    def _reply(self, method: str, target: str) -> tuple[str, bytes]:
        parts = urlsplit(target)
        if method == "POST":
            StandIn.created += 1
            told: dict[str, object] = {"id": f"generation-{StandIn.created}", "status": "queued"}
        elif parts.path == SUBMIT:
            (name,) = parse_qs(parts.query)["generation_id"]
            link = {"url": f"{self.origin}/files/{name}.wav", "content_type": "audio/wav"}
            told = {"id": name, "status": "completed", "audio_file": link, "meta": {"usage": {"usd_spent": 0.01}}}
        else:
            return "audio/wav", self.wav
        return "application/json", json.dumps(told).encode()

    def _answer(self, content_type: str, body: bytes, *, is_last: bool) -> None:
        rest = "Connection: close\r\n" if is_last else ""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{rest}\r\n"
        self._transport.write(head.encode() + body)
        if is_last:
            self._transport.close()


@contextmanager
def running() -> Iterator[str]:
    """Start one; its address, such as `http://127.0.0.1:40123`."""
    command = [sys.executable, "-m", "tests.benchmarks.stand_in"]
    process = subprocess.Popen(command, cwd=_CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.communicate()  # ends its standard input


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(over.set)

    server = await loop.create_server(StandIn, "127.0.0.1", 0, backlog=512)
    StandIn.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    threading.Thread(target=wait_for_the_end, daemon=True).start()
    sys.stdout.write(f"{StandIn.origin}\n")
    sys.stdout.flush()
    await over.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
