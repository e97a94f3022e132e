"""How a service listens on 127.0.0.1: in the test's own event loop, or in a thread with a loop of its own.

    async with RunwareServer() as server: ...     # in the running loop
    with RunwareServer() as server: ...           # in a thread, for tests that start the app as a process

A service that was stopped can be started again: on the same port, with all it knew.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Self

from aiohttp import web

from tests.servers.clock import Clock
from tests.servers.faults import Faults
from tests.servers.gate import Gate
from tests.servers.recording import KeySeen, RecordedRequest

HOST = "127.0.0.1"
_LARGEST_BODY_BYTES = 300 * 1024 * 1024
_GRACE_S = 0.2
TICK_S = 0.2


class LoopbackService:
    """A service on loopback that records what it is sent and can be told to misbehave.

    A family overrides `phase_of`, `key_seen` and `answer`.

    Attributes:
        requests: Everything received, in order of arrival.
        faults: What is to go wrong.
        clock: Moves links toward their end.
        on_answered: Called with each request once it is answered, in the service's own loop.
        ticks: Whether `tick` is called; read when the service starts.
    """

    def __init__(
        self, *, port: int = 0, clock: Clock | None = None, companions: Sequence[LoopbackService] = ()
    ) -> None:
        self.requests: list[RecordedRequest] = []
        self.faults = Faults()
        self.clock = clock or Clock()
        self.on_answered: Callable[[RecordedRequest], None] | None = None
        self.ticks = False
        self._ticking: asyncio.Task[None] | None = None
        self._port = port
        self._companions = companions
        self._runner: web.AppRunner | None = None
        self._bugs: list[Exception] = []
        self._thread: _ServingThread | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port; known once the service was started."""
        if not self._port:
            raise RuntimeError("the service was not started yet")
        return f"http://{HOST}:{self._port}"

    @property
    def is_listening(self) -> bool:
        return self._runner is not None

    def requests_of(self, phase: str) -> list[RecordedRequest]:
        return [request for request in self.requests if request.phase == phase]

    def phase_of(self, request: RecordedRequest) -> str:
        """What the request is for, in one word."""
        raise NotImplementedError

    def key_seen(self, authorization: str | None) -> KeySeen:
        raise NotImplementedError

    def account_of(self, authorization: str | None) -> str:
        """For a family with several kinds of keys: whose key came, in a word that is no secret."""
        return ""

    def conceal_key(self, request: RecordedRequest) -> None:
        """For a family whose key may come elsewhere: note it and take it out of the record."""

    async def answer(self, request: RecordedRequest) -> web.Response:
        """Do the work and answer with bytes."""
        raise NotImplementedError

    async def tick(self) -> None:
        """What happens in time, without a request; called every fifth of a second while `ticks`."""

    async def started(self) -> None:
        """For what a family keeps open while it runs."""

    async def stopped(self) -> None:
        """The counterpart of `started`."""

    async def start(self) -> None:
        for companion in self._companions:
            await companion.start()
        application = web.Application(client_max_size=_LARGEST_BODY_BYTES)
        application.router.add_route("*", "/{path:.*}", self._receive)
        self._runner = web.AppRunner(application, handle_signals=False, access_log=None, shutdown_timeout=_GRACE_S)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, self._port).start()
        except OSError:
            await self.stop()
            raise
        self._port = self._runner.addresses[0][1]
        await self.started()
        if self.ticks:
            self._ticking = asyncio.create_task(self._keep_ticking())

    async def stop(self) -> None:
        """Stop listening; held answers are let go."""
        self.faults.let_go()
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await self._stop_ticking()
            await self.stopped()
            await runner.cleanup()
        for companion in self._companions:
            await companion.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self.stop()
        self._report_bugs(kind)

    def __enter__(self) -> Self:
        self._thread = _ServingThread(self)
        self._thread.begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._thread is not None:
            thread, self._thread = self._thread, None
            thread.end()
        self._report_bugs(kind)

    async def _keep_ticking(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            await self.tick()

    async def _stop_ticking(self) -> None:
        if self._ticking is not None:
            ticking, self._ticking = self._ticking, None
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking

    def _report_bugs(self, other_trouble: type[BaseException] | None) -> None:
        """A mistake in a service fails the test that met it, unless that test fails already."""
        bugs = [*self._bugs, *(bug for companion in self._companions for bug in companion._bugs)]
        if bugs and other_trouble is None:
            raise bugs[0]

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        recorded = RecordedRequest(
            phase="",
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers={name.lower(): value for name, value in request.headers.items() if name.lower() != "authorization"},
            key=self.key_seen(request.headers.get("Authorization")),
            account=self.account_of(request.headers.get("Authorization")),
            content=content,
            at_s=self.clock.now_s(),
        )
        self.conceal_key(recorded)
        recorded.phase = self.phase_of(recorded)
        self.requests.append(recorded)
        response = await self.faults.through(recorded, request, lambda: self._answer(recorded))
        if request.transport is not None and not request.transport.is_closing():
            recorded.status = response.status
        if self.on_answered is not None:
            self.on_answered(recorded)
        return response

    async def _answer(self, recorded: RecordedRequest) -> web.Response:
        try:
            return await self.answer(recorded)
        except Exception as exc:  # noqa: BLE001 - told to the test when the service ends
            self._bugs.append(exc)
            return web.Response(status=500, text="a mistake in the test's own service")


class _ServingThread:
    """Runs one service and its companions in a loop of their own."""

    def __init__(self, service: LoopbackService) -> None:
        self._service = service
        self._listening = threading.Event()
        self._ending = Gate()
        self._trouble: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=type(service).__name__, daemon=True)

    def begin(self) -> None:
        self._thread.start()
        self._listening.wait()
        if self._trouble is not None:
            self._thread.join()
            raise self._trouble

    def end(self) -> None:
        self._ending.open()
        self._thread.join()
        if self._trouble is not None:
            raise self._trouble

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as exc:  # noqa: BLE001 - raised in the thread of the test
            self._trouble = exc
        finally:
            self._listening.set()

    async def _serve(self) -> None:
        await self._service.start()
        self._listening.set()
        try:
            await self._ending.wait(timeout_s=86_400)
        finally:
            await self._service.stop()
