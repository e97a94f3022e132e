"""What may leave for which service now: nothing new while the queue is paused, nothing sooner than a service allows."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

from app.domain.errors import StorageError
from app.domain.provider import AudioProvider
from app.engine.gate import Departure, Gate, OnWait
from app.engine.pace import Clock
from app.engine.pausing import Pausing
from app.engine.retry import Wait
from app.storage.queue_state import QueueState

_log = logging.getLogger(__name__)

_LONGEST_S = 3_600.0  # what another process noted under a clock that was set since means no more than this
_WORTH_TELLING_S = 1.0  # as often as other processes look


class OnHold(Protocol):
    """Told while something may not leave."""

    def __call__(self, seconds: float, gate: Gate | None) -> None:
        """
        Args:
            seconds: For so long, as far as is known; infinite while the queue is paused.
            gate: Of the service that is busy; None while the queue is paused.
        """


class Departures:
    """One gate a service for what costs money, and one for free questions; by address, so that accounts of one
    server that have several names share them.

    Args:
        again: How long a service is left alone after the how many-th refusal.
        per_minute: Tasks that may be sent in a minute, by provider id; none is counted for those that aren't named.
    """

    def __init__(
        self, state: QueueState, pausing: Pausing, clock: Clock, again: Wait, per_minute: Mapping[str, int]
    ) -> None:
        self._state = state
        self._pausing = pausing
        self._clock = clock
        self._again = again
        self._per_minute = per_minute
        self._sending: dict[str, Gate] = {}
        self._asking: dict[str, Gate] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._noted: Mapping[str, datetime] = {}

    @property
    def is_paused(self) -> bool:
        return self._pausing.is_paused

    async def leave_to_upload(self, on_hold: OnHold) -> None:
        """Wait while the queue is paused."""
        if self._pausing.is_paused:
            on_hold(math.inf, None)
            await self._pausing.until_it_goes_on()

    async def leave_to_send(self, provider: AudioProvider, on_hold: OnHold, number: int | None = None) -> Departure:
        """Wait until a task may be sent.

        Args:
            number: Of an earlier departure that was refused: its place in the line.
        """
        while True:
            await self.leave_to_upload(on_hold)
            departure = await self._gate_to_send(provider).turn(on_hold, number)
            if not self._pausing.is_paused:
                return departure
            number = departure.number
            departure.close()

    async def leave_to_ask(self, provider: AudioProvider, on_wait: OnWait) -> Departure:
        """Wait until a service may be asked something, which costs nothing and is never paused."""
        gate = self._asking.get(provider.base_url)
        if gate is None:
            gate = self._asking[provider.base_url] = Gate(self._clock, self._again)
        return await gate.turn(on_wait)

    def note(self, busy: Mapping[str, datetime]) -> None:
        """What the library says: services that other processes found busy, and until when."""
        self._noted = busy
        for base_url, gate in self._sending.items():
            self._obey(base_url, gate)

    async def close(self) -> None:
        for gate in (*self._sending.values(), *self._asking.values()):
            gate.stop()
        if self._telling:
            await asyncio.wait(self._telling)

    def _gate_to_send(self, provider: AudioProvider) -> Gate:
        base_url = provider.base_url
        gate = self._sending.get(base_url)
        if gate is None:
            tell: Callable[[float], None] = partial(self._tell, base_url)
            gate = Gate(self._clock, self._again, self._per_minute.get(provider.id), tell)
            self._sending[base_url] = gate
            self._obey(base_url, gate)
        return gate

    def _obey(self, base_url: str, gate: Gate) -> None:
        until = self._noted.get(base_url)
        if until is not None and (seconds := (until - self._clock.now()).total_seconds()) > 0:
            gate.shut(min(seconds, _LONGEST_S))

    def _tell(self, base_url: str, seconds: float) -> None:
        if seconds >= _WORTH_TELLING_S:
            telling = asyncio.ensure_future(self._note(base_url, seconds))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

    async def _note(self, base_url: str, seconds: float) -> None:
        try:
            await self._state.note_busy(base_url, self._clock.after(seconds))
        except StorageError:
            _log.warning("other processes can't be told that a service is busy", exc_info=True)
