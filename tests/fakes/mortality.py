"""A process that can die at any awaited step, and the things outside that it reaches for.

Everything an engine awaits of the disk and of services goes through `Mortality.lives_on`. When the step has come
at which it dies, nothing in it goes on: no `except`, no `finally`, no later write. What reached the disk or the
service before is there, what didn't isn't.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any


class Mortality:
    """Counts the steps of one process and ends it at one of them.

    Args:
        dies_at: The step, from 1; None lives for ever. Every awaited call has two: before it has any effect, and
            after its effect but before its answer.
    """

    def __init__(self, dies_at: int | None = None) -> None:
        self.steps = 0
        self.died = asyncio.Event()
        self._dies_at = dies_at
        self._is_buried = False
        self._busy = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    def is_busy(self) -> bool:
        return self._busy > 0 and not self.died.is_set()

    async def idle(self) -> None:
        await self._quiet.wait()

    async def lives_on(self) -> None:
        """One step. Returns only to the living."""
        if not self.died.is_set():
            self.steps += 1
            if self.steps != self._dies_at:
                return
            self.died.set()
            self._quiet.set()
        if self._is_buried:
            raise asyncio.CancelledError
        await asyncio.get_running_loop().create_future()

    async def does(self, act: Callable[[], Awaitable[Any]], *, takes_real_time: bool) -> Any:
        """An act outside the process, with the step before and the step after it."""
        await self.lives_on()
        if not takes_real_time:
            result = await act()
            await self.lives_on()
            return result
        self._busy += 1
        self._quiet.clear()
        try:
            result = await act()
        finally:
            self._busy -= 1
            if not self._busy:
                self._quiet.set()
        await self.lives_on()
        return result

    async def bury(self) -> None:
        """Clear away what is left of a dead process, without letting it do anything more."""
        self.died.set()
        self._is_buried = True
        mine = asyncio.current_task()
        for _ in range(100):
            left = [task for task in asyncio.all_tasks() if task is not mine]
            if not left:
                return
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=0.5)
        raise AssertionError(f"a dead process goes on: {left}")


class Mortal:
    """Stands for `thing`; each of its coroutines and streams is a matter of life and death.

    Args:
        watched: Told of each act and its arguments, once it had its effect.
        takes_real_time: Whether it works on a disk; virtual time waits for it.
    """

    def __init__(
        self,
        thing: Any,
        mortality: Mortality,
        watched: Callable[[str, tuple[Any, ...]], None],
        *,
        takes_real_time: bool = True,
    ) -> None:
        self._takes_real_time = takes_real_time
        self._thing = thing
        self._mortality = mortality
        self._watched = watched

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._thing, name)
        if inspect.iscoroutinefunction(value):
            return self._mortal_coroutine(name, value)
        if name == "open":
            return self._mortal_opening(value)
        return value

    def _mortal_opening(self, function: Any) -> Any:
        def call(*args: Any, **named: Any) -> Mortal:
            opened = function(*args, **named)
            self._watched("open", (opened,))
            return Mortal(opened, self._mortality, self._watched)

        return call

    def _mortal_coroutine(self, name: str, function: Any) -> Any:
        async def call(*args: Any, **named: Any) -> Any:
            async def act() -> Any:
                done = await function(*args, **named)
                self._watched(name, args)
                return done

            result = await self._mortality.does(act, takes_real_time=self._takes_real_time)
            stream = getattr(result, "stream", None)
            if stream is not None:
                object.__setattr__(result, "stream", _MortalStream(stream, self._mortality))
            return result

        return call


class _MortalStream:
    def __init__(self, stream: Any, mortality: Mortality) -> None:
        self._stream = stream
        self._mortality = mortality
        self.result = stream.result

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for data in self._stream:
            await self._mortality.lives_on()
            yield data

    async def aclose(self) -> None:
        await self._mortality.does(self._stream.aclose, takes_real_time=False)
