"""When the next request may leave for one service: never earlier than it allows, first come, first served."""

from __future__ import annotations

import asyncio
import math
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from app.domain.errors import AppError, RateLimited
from app.engine.pace import Clock
from app.engine.retry import Setback, Wait, in_words

OnWait = Callable[[float, "Gate | None"], None]
"""Told for how many seconds, as far as is known now, nobody leaves; again when that changes."""

_ALL_BACK = 32  # requests at a time after a pause, from which on they aren't counted any more


class Gate:
    """Everybody who wants to ask the same service the same kind of thing.

    A refusal for being busy shuts it for as long as the service asks, or for a pause that grows from refusal to
    refusal. Then one goes first; whenever one was let in, twice as many may be under way as before. Who was refused
    keeps its place in the line. However many wait, one timer runs.

    Attributes:
        error: The refusal that shut it last; None if nothing did.

    Args:
        again: How long it stays shut after the how many-th refusal.
        per_minute: Requests that the service allows; None where it names no number.
        on_refusal: Told how many seconds it is shut from now.
    """

    def __init__(
        self,
        clock: Clock,
        again: Wait,
        per_minute: int | None = None,
        on_refusal: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self.error: RateLimited | None = None
        self._clock = clock
        self._again = again
        self._apart_s = 60.0 / per_minute if per_minute else 0.0
        self._on_refusal = on_refusal
        self._shut_until_s = -math.inf
        self._era = 0  # ends with a refusal
        self._next_s = -math.inf
        self._refusals = 0
        self._at_once: float = math.inf  # how many may be under way
        self._under_way: set[Departure] = set()
        self._waiting: list[_Place] = []
        self._count = 0
        self._doorman: asyncio.Task[None] | None = None
        self._is_news = asyncio.Event()

    async def turn(self, on_wait: OnWait, number: int | None = None) -> Departure:
        """Wait until it is one's turn. The departure is told what came of it, or closed.

        Args:
            number: Of an earlier departure that was refused: its place in the line.
        """
        if number is None:
            self._count += 1
            number = self._count
        if not self._waiting and self._may_leave:
            return self._depart(number)
        place = _Place(number, on_wait, asyncio.get_running_loop().create_future())
        insort(self._waiting, place)
        if self.shut_for_s > 0:
            on_wait(self.shut_for_s, self)
        self._wake()
        try:
            return await place.turn
        except asyncio.CancelledError:
            if place in self._waiting:
                self._waiting.remove(place)
            if place.turn.done() and not place.turn.cancelled():
                place.turn.result().close()  # it had its turn at the same moment
            self._wake()
            raise

    @property
    def shut_for_s(self) -> float:
        """Seconds until somebody may leave at the earliest, for what the service said; 0 while it said nothing."""
        return max(self._shut_until_s - self._clock.monotonic(), 0.0)

    def shut(self, seconds: float) -> None:
        """Another process was refused: nobody leaves for so long, and then one goes first."""
        until_s = self._clock.monotonic() + seconds
        if until_s > self._shut_until_s:
            self._shut_until_s = until_s
            self._at_once = 1
            self._tell()
        self._wake()

    def answered(self, departure: Departure, error: AppError | None) -> None:
        """What came of a departure; see `Departure`."""
        if isinstance(error, RateLimited):
            self._refused(departure, error)
        elif error is None:
            self._refusals = max(self._refusals - 1, 0)
            self._at_once = self._at_once * 2 if self._at_once < _ALL_BACK else math.inf
        self.close(departure)

    def close(self, departure: Departure) -> None:
        """A departure is over, or never took place."""
        self._under_way.discard(departure)
        self._wake()

    def _refused(self, departure: Departure, error: RateLimited) -> None:
        self.error = error
        if departure.era == self._era:  # of several that left before anybody was refused, one counts
            self._refusals += 1
            self._era += 1
        seconds = self._again.seconds(Setback(max(self._refusals, 1), error))
        if seconds > self.shut_for_s:
            self._shut_until_s = self._clock.monotonic() + seconds
            self._on_refusal(seconds)
            self._tell()
        self._at_once = 1

    def _tell(self) -> None:
        for place in self._waiting:
            place.on_wait(self.shut_for_s, self)

    @property
    def _may_leave(self) -> bool:
        return self._wait_s() <= 0 and len(self._under_way) < self._at_once

    def _wait_s(self) -> float:
        return max(self._shut_until_s, self._next_s) - self._clock.monotonic()

    def _depart(self, number: int) -> Departure:
        self._next_s = self._clock.monotonic() + self._apart_s
        departure = Departure(self, self._era, number)
        self._under_way.add(departure)
        return departure

    def _wake(self) -> None:
        self._is_news.set()
        if self._waiting and (self._doorman is None or self._doorman.done()):
            self._doorman = asyncio.ensure_future(self._let_out())

    async def _let_out(self) -> None:
        """Runs only while somebody waits."""
        while self._waiting:
            self._is_news.clear()
            if self._waiting[0].turn.done():  # cancelled: leaves no hole
                self._waiting.pop(0)
            elif self._may_leave:
                place = self._waiting.pop(0)
                place.turn.set_result(self._depart(place.number))
            elif (seconds := self._wait_s()) > 0:
                await self._clock.sleep(seconds)
            else:
                await self._is_news.wait()

    def stop(self) -> None:
        """Let nobody out any more."""
        if self._doorman is not None:
            self._doorman.cancel()


@dataclass(order=True, slots=True)
class _Place:
    """Somebody in the line; the lowest number is next."""

    number: int
    on_wait: OnWait = field(compare=False)
    turn: asyncio.Future[Departure] = field(compare=False)


class Departure:
    """One request that was let out. `answered` says how the service took it; leaving the block closes it anyway."""

    __slots__ = ("_gate", "era", "number")

    def __init__(self, gate: Gate, era: int, number: int) -> None:
        self._gate = gate
        self.era = era
        self.number = number

    def answered(self, error: AppError | None) -> None:
        """
        Args:
            error: None where it was accepted. Only a refusal for being busy shuts the gate; other errors say nothing
                about how many requests the service likes.
        """
        self._gate.answered(self, error)

    def close(self) -> None:
        self._gate.close(self)

    def __enter__(self) -> Departure:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def words_of(error: RateLimited | None) -> str:
    """Why a gate is shut, for a row of the list."""
    return "The service is busy." if error is None else in_words(error)
