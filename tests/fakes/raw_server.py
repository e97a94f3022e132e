"""A socket on loopback that says exactly the bytes it is told to, however wrong they are."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Heard:
    """A request as it arrived.

    Attributes:
        connection: Which one it came on, from 0.
        headers: Names in lower case.
    """

    connection: int
    line: str
    headers: dict[str, str]
    body: bytes


Script = Callable[[Heard, asyncio.StreamWriter], Awaitable[None]]


def saying(*parts: bytes, pause_s: float = 0.0, then_close: bool = True) -> Script:
    """Say some bytes, one after the other."""

    async def script(_: Heard, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)
        if then_close:
            writer.close()

    return script


def answering(body: bytes = b"{}", status: str = "200 OK", **headers: str) -> Script:
    """A well-formed answer, on a connection that stays open."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return saying("\r\n".join([*lines, "", ""]).encode() + body, then_close=False)


class RawServer:
    """Answers request after request by the next script; the last one stays."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        self.connections = 0
        self._scripts = scripts
        self._tls = tls
        self._talks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def origin(self) -> str:
        return f"{'http' if self._tls is None else 'https'}://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()
        await asyncio.sleep(0)  # the last connections close in the next turn

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.ensure_future(self._talk(self.connections, reader, writer))
        self.connections += 1
        self._talks.add(talk)

    async def _talk(self, connection: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                heard = await _hear(connection, reader)
                self.heard.append(heard)
                script = self._scripts[min(len(self.heard), len(self._scripts)) - 1]
                await script(heard, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the other side has gone
        finally:
            writer.close()


async def _hear(connection: int, reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
    line, *fields = head.rstrip().split("\r\n")
    headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Heard(connection, line, headers, body)


async def refusing_origin() -> str:
    """An address at which nobody listens."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"
