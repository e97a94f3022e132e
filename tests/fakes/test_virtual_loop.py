"""Time that costs none, beside sockets and threads that are real."""

from __future__ import annotations

import asyncio
import threading
import time

import httpx
import pytest

from tests.fakes.virtual_loop import START, VirtualLoop, run_virtually
from tests.servers.faults import Hold, PauseAfter
from tests.servers.file_host import FileHost

_HOUR_S = 3_600.0


def test_whoever_waits_for_time_waits_for_none() -> None:
    async def work(loop: VirtualLoop) -> list[str]:
        told: list[str] = []

        async def after(seconds: float, word: str) -> None:
            await asyncio.sleep(seconds)
            told.append(word)

        await asyncio.gather(after(2 * _HOUR_S, "later"), after(_HOUR_S, "soon"))
        assert (loop.now() - START).total_seconds() == pytest.approx(2 * _HOUR_S)
        return told

    began_s = time.monotonic()
    assert run_virtually(work) == ["soon", "later"]
    assert time.monotonic() - began_s < _HOUR_S


def test_time_waits_for_threads() -> None:
    async def work(loop: VirtualLoop) -> float:
        may_go = threading.Event()
        working = asyncio.ensure_future(asyncio.to_thread(may_go.wait, 10))
        waiting = asyncio.ensure_future(asyncio.sleep(_HOUR_S))
        threading.Timer(0.05, may_go.set).start()
        await working
        reached_s = loop.time()
        await waiting
        return reached_s

    assert run_virtually(work) < _HOUR_S


def test_time_waits_for_bytes_on_sockets() -> None:
    async def work(loop: VirtualLoop) -> tuple[int, float]:
        async with FileHost() as host, httpx.AsyncClient(trust_env=False, timeout=30.0) as client:
            link = host.publish("/x", lambda: bytes(1_000_000), content_type="audio/wav")
            host.faults.at("download", PauseAfter(0.5, 20.0))
            size = len((await client.get(link)).content)
            return size, loop.time()

    size, took_s = run_virtually(work)

    assert size == 1_000_000
    assert took_s == pytest.approx(20.0)


def test_time_limits_end_what_never_comes() -> None:
    async def work(loop: VirtualLoop) -> float:
        async with FileHost() as host, httpx.AsyncClient(trust_env=False, timeout=2 * _HOUR_S) as client:
            host.faults.at("download", Hold(at_most_s=None, cut=True))
            with pytest.raises(httpx.ReadTimeout):
                await client.get(host.url)
            return loop.time()

    assert run_virtually(work) == pytest.approx(2 * _HOUR_S)


def test_what_nobody_awaits_is_noted() -> None:
    async def work(loop: VirtualLoop) -> list[str]:
        loop.call_soon(lambda: 1 / 0)
        await asyncio.sleep(1)
        return loop.mishaps

    assert "ZeroDivisionError" in run_virtually(work)[0]
