"""Troubles that a scripted provider meets, in the order in which a test wrote them down."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable

Trouble = BaseException | Callable[[], None] | None


class Script:
    """What happens at the next calls of each verb. A verb without a script just works.

    `before` strikes before the service hears of the call, `after` once the service has done its part and only
    the answer is missing. None stands for a call without trouble. A verb in `held` waits until it is let go.
    """

    def __init__(self) -> None:
        self._before: dict[str, deque[Trouble]] = defaultdict(deque)
        self._after: dict[str, deque[Trouble]] = defaultdict(deque)
        self._gates: dict[str, asyncio.Event] = {}
        self._arrivals = asyncio.Event()
        self.calls: list[str] = []

    def before(self, verb: str, *troubles: Trouble) -> None:
        self._before[verb].extend(troubles)

    def after(self, verb: str, *troubles: Trouble) -> None:
        self._after[verb].extend(troubles)

    def hold(self, verb: str) -> asyncio.Event:
        """Let calls of a verb wait at the service until the event is set."""
        return self._gates.setdefault(verb, asyncio.Event())

    def let_go(self, verb: str) -> None:
        self._gates[verb].set()

    def give_up(self, verb: str) -> None:
        """No further trouble for a verb."""
        self._before[verb].clear()
        self._after[verb].clear()

    async def reached(self, verb: str, count: int = 1) -> None:
        """Wait until a verb was called so many times."""
        while self.count(verb) < count:
            self._arrivals.clear()
            await self._arrivals.wait()

    def count(self, verb: str) -> int:
        return self.calls.count(verb)

    async def reach(self, verb: str) -> None:
        """On the way to the service."""
        self.calls.append(verb)
        self._arrivals.set()
        _strike(self._before[verb])

    async def leave(self, verb: str) -> None:
        """On the way back."""
        if verb in self._gates:
            await self._gates[verb].wait()
        _strike(self._after[verb])


def _strike(troubles: deque[Trouble]) -> None:
    trouble = troubles.popleft() if troubles else None
    if isinstance(trouble, BaseException):
        raise trouble
    if trouble is not None:
        trouble()
