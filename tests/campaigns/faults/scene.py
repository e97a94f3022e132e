"""The stage of one case: a service on loopback, another host, and what goes wrong when."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from uuid import UUID

from tests.campaigns.faults.ways import Phase, Recovers, Way
from tests.providers.contract.bench import Bench
from tests.servers.faults import Drop, Fault, Instead, answer_with, redirect
from tests.servers.file_host import FileHost
from tests.servers.recording import RecordedRequest
from tests.servers.serving import LoopbackService
from tests.servers.sounds import Sound

_AWAY_S = 20.0
LONGER_THAN_ANY_LINK_S = 2 * 86_400.0
_BEFORE = {Phase.FIND: Phase.SUBMIT, Phase.AGAIN: Phase.SUBMIT, Phase.POLL: Phase.SUBMIT}
"""With whose answer a phase begins, where it isn't the first of all."""


class Scene:
    """
    Attributes:
        elsewhere: A host that has nothing to do with the service, and must never see a key.

    Args:
        pace: How long a second is.
    """

    def __init__(
        self, way: Way, phase: Phase, bench: Bench, elsewhere: FileHost, *, is_lasting: bool, pace: float = 1.0
    ) -> None:
        self.way = way
        self.phase = phase
        self.bench = bench
        self.elsewhere = elsewhere
        self.is_lasting = is_lasting
        self._pace = pace
        self._coming_back: list[asyncio.Task[None]] = []
        if phase in (Phase.FIND, Phase.AGAIN):
            was_taken = phase is Phase.FIND or way.recovers is Recovers.BY_REPLAY
            bench.server.faults.at(way.subject.submit, Drop(processed=was_taken))
        if way.has_links:
            bench.server.link_valid_s = None  # type: ignore[union-attr]  # only where it is about them, links end

    @property
    def host(self) -> LoopbackService:
        """Who is asked at this phase."""
        return self.bench.links if self.phase is Phase.RESULT and self.way.has_links else self.bench.server

    def seconds(self, virtual: float) -> float:
        """So much time, or as little as stands for it on a real clock."""
        return virtual * self._pace

    def plan(self, fault: Fault) -> None:
        """Let it happen at this phase."""
        for phase in self.way.phases[self.phase]:
            self.host.faults.at(phase, fault, times=None if self.is_lasting else 1)

    def plan_status(self, status: int) -> None:
        """An error answer, in the words of whoever is asked."""
        refusing = self.way.subject.refusing
        if self.host is not self.bench.server or refusing is None:
            self.plan(Instead(status, "<Error><Code>AccessDenied</Code></Error>"))
            return
        body = refusing.body(status, "Not like this.", UUID(int=0))
        self.plan(_Refusal(status, body))

    def refuse(self) -> None:
        """Nobody listens, from the begin of this phase: for a while, or until all is well again."""
        before = _BEFORE.get(self.phase)
        if before is None and self.phase is not Phase.RESULT:
            self._later(self._go_away())
            return

        def look(answered: RecordedRequest) -> None:
            is_made = bool(self.bench.server.ledger.charges)
            if is_made if before is None else answered.phase == self.way.subject.submit:
                self.bench.server.on_answered = None
                self._later(self._go_away())

        self.bench.server.on_answered = look

    async def _go_away(self) -> None:
        await self.host.stop()
        if not self.is_lasting:
            await asyncio.sleep(self.seconds(_AWAY_S))
            await self.host.start()

    def _later(self, work: Awaitable[None]) -> None:
        self._coming_back.append(asyncio.ensure_future(work))

    def moved(self, hops: int = 1) -> str:
        """A link at another host, where a result lies."""
        link = self.elsewhere.publish("/moved.wav", _sound, content_type="audio/wav")
        return self.elsewhere.redirecting_to(link, hops - 1) if hops > 1 else link

    def in_circles(self) -> Fault:
        return _ToItself()

    def let_links_end(self, *, for_good: bool) -> None:
        """Every link is over before it is fetched; for good, or those of the first answer."""
        server = self.bench.server
        if for_good:
            self.plan(Instead(403, "<Error><Code>AccessDenied</Code></Error>"))
            return
        server.link_valid_s = LONGER_THAN_ANY_LINK_S / 2  # type: ignore[union-attr]

        def look(_: RecordedRequest) -> None:
            if server.ledger.charges:
                server.clock.advance(LONGER_THAN_ANY_LINK_S)
                server.on_answered = None

        server.on_answered = look

    async def heal(self) -> None:
        """All is well again: nothing goes wrong any more, everybody is there."""
        for coming in self._coming_back:
            if not self.is_lasting:
                coming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await coming
        fresh = self.bench.subject
        for host in (self.bench.server, self.host):
            host.faults.clear()
            host.faults.let_go()
            host.on_answered = None
        await self._come_back(self.bench.server)
        if self.way.has_links:
            await self._come_back(self.bench.links)
        server = self.bench.server
        server.behaviour = type(server.behaviour)()
        fresh.arrange(server)
        pace = getattr(fresh.serve, "keywords", {}).get("pace")
        if pace is not None:
            server.pace = pace  # type: ignore[union-attr]

    async def _come_back(self, host: LoopbackService) -> None:
        if not host.is_listening:
            await host.start()


class _Refusal(Fault):
    """An error that names the very request which it answers."""

    def __init__(self, status: int, body: object) -> None:
        self._status = status
        self._body = body

    async def apply(self, request: object, process: Callable[[], Awaitable[object]]) -> object:  # type: ignore[override]
        return answer_with(self._status, await _about(request, self._body))


async def _about(request: object, body: object) -> object:
    """Runware names the task; everybody else says it without."""
    errors = body.get("errors") if isinstance(body, dict) else None
    if not errors:
        return body
    sent = await request.json()  # type: ignore[attr-defined]
    return {"errors": [each | {"taskUUID": sent[0].get("taskUUID")} for each in errors]}


class _ToItself(Fault):
    async def apply(self, request: object, process: Callable[[], Awaitable[object]]) -> object:  # type: ignore[override]
        return await redirect(str(request.url)).apply(request, process)  # type: ignore[attr-defined, arg-type]


def _sound() -> bytes:
    return Sound("wav", 8_000, 1, 0.3, number=3).encoded()
