"""Misfortune on order: a test says what goes wrong, in which phase, and how often.

    server.faults.at("submit", Instead(429, {"errors": []}, {"Retry-After": "7"}), times=2)
    server.faults.at("submit", Drop(processed=True))          # accepted, stored, paid; the answer is lost
    hold = server.faults.at("poll", Hold())                   # await hold.reached.wait() ... hold.release()
    server.faults.at("poll", Rewrite(lambda body: body | {"surprise": 1}), after=2)
    server.faults.at("download", CutAfter(1000), where=lambda request: request.path.endswith(".mp3"))
    half = server.faults.at("speech", HoldAfter(0.5))         # the first half arrives; half.release() sends the rest

Faults of one phase wait in line: a plan lets `after` requests pass and hits `times` requests; then it is the next one's
turn.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from tests.servers.gate import Gate
from tests.servers.recording import RecordedRequest

Process = Callable[[], Awaitable[web.Response]]
_BLOCK_BYTES = 65_536
_HELD_AT_MOST_S = 600.0

HTML_PAGE = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


class Fault:
    """One way for an exchange to go wrong. `process` does the real work and makes the real answer."""

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        raise NotImplementedError

    def let_go(self) -> None:
        """The service stops: nothing may wait any longer."""


@dataclass
class Instead(Fault):
    """Another answer. With `processed` the work is done (and paid) all the same, and only its answer is replaced."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    processed: bool = False

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        if self.processed:
            await process()
        return answer_with(self.status, self.body, self.headers)


def redirect(to: str, status: int = 302) -> Instead:
    """Send the client elsewhere; the work is not done here."""
    return Instead(status, b"", {"Location": to})


def html_page(status: int = 502, *, processed: bool = False) -> Instead:
    """A gateway's page where JSON or audio was expected."""
    return Instead(status, HTML_PAGE, processed=processed)


@dataclass
class Drop(Fault):
    """Hang up without an answer, before the work or (`processed`) after it. `reset` hangs up with a TCP reset."""

    processed: bool = False
    reset: bool = False

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        if self.processed:
            await process()
        if self.reset and request.transport is not None:
            connection = request.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        _hang_up(request)
        return web.Response(status=499)


@dataclass
class HalfBody(Fault):
    """A complete HTTP answer that holds only the first part of the body, so that JSON breaks off."""

    share: float = 0.5

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        content = _content(answer)
        return _with_content(answer, content[: int(len(content) * self.share)])


@dataclass
class CutAfter(Fault):
    """The whole answer is announced (or its stream begun); the connection ends after so much of it.

    `part` counts bytes if it is an integer and is a share of the body, 0.0 to 1.0, if it is a float.
    """

    part: int | float

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        content = _content(answer)
        stream = await _open_stream(request, answer, len(content))
        await _write(stream, content[: _part_bytes(self.part, content)])
        if request.transport is not None:
            request.transport.close()
        return stream


@dataclass
class Hold(Fault):
    """The answer waits for `release()`, before the work or (`processed`) after it; `reached` opens once one waits.

    `at_most_s` is for how long; None waits until it is released. With `cut` it hangs up then, instead of answering:
    whatever wasn't done before the wait is never done.
    """

    processed: bool = False
    at_most_s: float | None = _HELD_AT_MOST_S
    cut: bool = False
    reached: Gate = field(default_factory=Gate)
    _released: Gate = field(default_factory=Gate)

    def release(self) -> None:
        self._released.open()

    def let_go(self) -> None:
        self.release()

    async def wait(self) -> None:
        """Tell that somebody waits, and wait."""
        self.reached.open()
        await self._released.wait(timeout_s=self.at_most_s)

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process() if self.processed else None
        await self.wait()
        if self.cut:
            _hang_up(request)
            return web.Response(status=499)
        return answer if answer is not None else await process()


@dataclass
class Late(Fault):
    """The work begins after so many seconds, whether or not anybody still waits for its answer."""

    seconds: float

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        await asyncio.sleep(self.seconds)
        return await process()


@dataclass
class HoldAfter(Fault):
    """The first part of the body arrives, the rest waits for `release()`; `reached` opens once the part is sent.

    `part` is as in `CutAfter`. With `cut` the connection ends at the release, instead of the rest. `at_most_s` is as
    in `Hold`.
    """

    part: int | float = 0.5
    cut: bool = False
    at_most_s: float | None = _HELD_AT_MOST_S
    reached: Gate = field(default_factory=Gate)
    _released: Gate = field(default_factory=Gate)

    def release(self) -> None:
        self._released.open()

    def let_go(self) -> None:
        self.release()

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        content = _content(answer)
        size_bytes = _part_bytes(self.part, content)
        stream = await _open_stream(request, answer, len(content))
        await _write(stream, content[:size_bytes])
        self.reached.open()
        await self._released.wait(timeout_s=self.at_most_s)
        if not self.cut:
            await _write(stream, content[size_bytes:])
        elif request.transport is not None:
            request.transport.close()
        return stream


@dataclass
class PauseAfter(Fault):
    """The first part of the body arrives, the rest after so many seconds; `part` is as in `CutAfter`."""

    part: int | float
    seconds: float

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        content = _content(answer)
        size_bytes = _part_bytes(self.part, content)
        stream = await _open_stream(request, answer, len(content))
        await _write(stream, content[:size_bytes])
        await asyncio.sleep(self.seconds)
        await _write(stream, content[size_bytes:])
        return stream


@dataclass
class Drip(Fault):
    """The body arrives in small pieces, `every_s` apart."""

    size_bytes: int = 1
    every_s: float = 0.02

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        content = _content(answer)
        stream = await _open_stream(request, answer, len(content))
        for start in range(0, len(content), self.size_bytes):
            if not await _write(stream, content[start : start + self.size_bytes]):
                break
            await asyncio.sleep(self.every_s)
        return stream


@dataclass
class Huge(Fault):
    """The real body, then spaces up to `size_bytes`; the length is announced unless `announced` is False."""

    size_bytes: int
    announced: bool = True

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        content = _content(answer)
        total_bytes = max(self.size_bytes, len(content))
        stream = await _open_stream(request, answer, total_bytes if self.announced else None)
        going = await _write(stream, content)
        left_bytes = total_bytes - len(content)
        while going and left_bytes:
            block = b" " * min(left_bytes, _BLOCK_BYTES)
            going = await _write(stream, block)
            left_bytes -= len(block)
        return stream


@dataclass
class Endless(Fault):
    """The real body, and then `filler` for as long as anybody reads; `announced_bytes` is the length it claims."""

    filler: bytes = b" "
    announced_bytes: int | None = None

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        stream = web.StreamResponse(status=answer.status, headers=_kept_headers(answer))
        if self.announced_bytes is None:
            stream.enable_chunked_encoding()
        else:
            stream.content_length = self.announced_bytes
        await stream.prepare(request)
        block = self.filler * (_BLOCK_BYTES // len(self.filler))
        going = await _write(stream, _content(answer))
        left_bytes = (self.announced_bytes or 1 << 62) - len(_content(answer))
        while going and left_bytes > 0:
            going = await _write(stream, block[:left_bytes])
            left_bytes -= len(block)
        return stream


@dataclass
class OtherBody(Fault):
    """The work is done, and something else is handed out under the real answer's status and headers."""

    content: bytes
    content_type: str | None = None

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        if self.content_type is not None:
            answer.headers["Content-Type"] = self.content_type
        return _with_content(answer, self.content)


@dataclass
class Rewrite(Fault):
    """The JSON of the real answer, changed by a function of the test, and perhaps its status."""

    change: Callable[[Any], Any]
    status: int | None = None

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        changed = json.dumps(self.change(json.loads(_content(answer)))).encode()
        return _with_content(answer, changed, self.status)


@dataclass
class WithHeaders(Fault):
    """The real answer under other headers, such as a wrong Content-Type."""

    headers: Mapping[str, str]

    async def apply(self, request: web.Request, process: Process) -> web.StreamResponse:
        answer = await process()
        for name, value in self.headers.items():
            answer.headers[name] = value
        return answer


F = TypeVar("F", bound=Fault)


@dataclass
class _Plan:
    fault: Fault
    times: int | None
    after: int
    where: Callable[[RecordedRequest], bool]


class Faults:
    """What is to go wrong. Safe to use from the test's thread while the service runs in another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plans: dict[str, list[_Plan]] = {}
        self._met: dict[int, Fault] = {}

    def at(
        self,
        phase: str,
        fault: F,
        *,
        times: int | None = 1,
        after: int = 0,
        where: Callable[[RecordedRequest], bool] = lambda _: True,
    ) -> F:
        """Plan a fault.

        Args:
            phase: As in `RecordedRequest.phase`, such as "submit", "poll" or "download".
            fault: What goes wrong; returned, so that a `Hold` can be released.
            times: How many requests it hits; None for every one until `clear`.
            after: How many requests pass first.
            where: Which requests count at all.
        """
        with self._lock:
            self._plans.setdefault(phase, []).append(_Plan(fault, times, after, where))
        return fault

    def clear(self, phase: str | None = None) -> None:
        """Forget the plans of a phase, or all of them."""
        with self._lock:
            for name in [phase] if phase is not None else list(self._plans):
                self._plans.pop(name, None)

    @property
    def pending(self) -> int:
        """How many plans have not been used up; those without an end count too."""
        with self._lock:
            return sum(len(plans) for plans in self._plans.values())

    def let_go(self) -> None:
        """Release everything that is held."""
        with self._lock:
            met = list(self._met.values())
        for fault in met:
            fault.let_go()

    async def through(self, recorded: RecordedRequest, request: web.Request, process: Process) -> web.StreamResponse:
        """Answer one request, with its fault if one is due."""
        fault = self._due(recorded)
        return await (fault.apply(request, process) if fault is not None else process())

    def _due(self, recorded: RecordedRequest) -> Fault | None:
        with self._lock:
            plans = self._plans.get(recorded.phase, [])
            plan = next((plan for plan in plans if plan.where(recorded)), None)
            if plan is None:
                return None
            if plan.after > 0:
                plan.after -= 1
                return None
            if plan.times is not None:
                plan.times -= 1
                if plan.times <= 0:
                    plans.remove(plan)
            self._met[id(plan.fault)] = plan.fault
            return plan.fault


def answer_with(status: int, body: object, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer of JSON (dict or list), HTML (text that starts with <), text or bytes."""
    given = dict(headers or {})
    match body:
        case None:
            content, kind = b"", "application/json"
        case bytes():
            content, kind = body, "application/octet-stream"
        case str():
            content, kind = body.encode(), "text/html" if body.startswith("<") else "text/plain"
        case _:
            content, kind = json.dumps(body).encode(), "application/json"
    given.setdefault("Content-Type", kind)
    return web.Response(status=status, body=content, headers=given)


def _content(answer: web.Response) -> bytes:
    if not isinstance(answer.body, bytes | bytearray):
        raise TypeError("services answer with bytes")
    return bytes(answer.body)


def _part_bytes(part: int | float, content: bytes) -> int:
    return part if isinstance(part, int) else int(len(content) * part)


def _kept_headers(answer: web.Response) -> dict[str, str]:
    dropped = {"content-length", "transfer-encoding"}
    return {name: value for name, value in answer.headers.items() if name.lower() not in dropped}


def _with_content(answer: web.Response, content: bytes, status: int | None = None) -> web.Response:
    return web.Response(status=status or answer.status, body=content, headers=_kept_headers(answer))


async def _open_stream(request: web.Request, answer: web.Response, size_bytes: int | None) -> web.StreamResponse:
    """Begin an answer of `size_bytes`; what the service itself streams has no length announced."""
    stream = web.StreamResponse(status=answer.status, headers=_kept_headers(answer))
    if size_bytes is None or answer.chunked:
        stream.enable_chunked_encoding()
    else:
        stream.content_length = size_bytes
    await stream.prepare(request)
    return stream


async def _write(stream: web.StreamResponse, content: bytes) -> bool:
    """Whether the other side is still there."""
    try:
        await stream.write(content)
    except ConnectionError:
        return False
    return True


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
