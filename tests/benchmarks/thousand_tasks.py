"""A thousand tasks at a service that answers at once: by the app's engine, or by httpx alone.

    python -m tests.benchmarks.thousand_tasks engine|httpx|httpx-flushed|waiting ORIGIN FOLDER TASKS

Each task is submitted, asked for and downloaded, 16 at a time, and ends as a WAV below `FOLDER`. `engine` does it
as the command line would, in a new library; `httpx` with one `AsyncClient` and `open`, `write`, `close`;
`httpx-flushed` also flushes each file, as whoever promises to lose nothing must. Prints the seconds on the clock, and
those of the processor in all threads, as JSON. What is loaded and opened at first isn't counted: one task has gone
before. `waiting` queues the tasks and lets none go, and prints what they weigh.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from app.domain.request import GenerationRequest
from app.domain.task import TaskState
from app.engine.services import Services
from tests.benchmarks.stand_in import MODEL, SUBMIT

AT_ONCE = 16


def prepare_home(home: Path, origin: str) -> dict[str, str]:
    """Settings that lead to the stand-in; returns the environment that belongs to them."""
    config = home / "config"
    config.mkdir(parents=True, exist_ok=True)
    # Polled without a wait, as httpx does it: what is left is the least that the engine waits (20 ms).
    told = f'base_url = "{origin}"\nconcurrency = {AT_ONCE}\npoll_interval_s = 0.02\n'
    (config / "settings.toml").write_text(f"[providers.aimlapi]\n{told}", "utf-8")
    return {"CUESMITH_HOME": str(home), "AIMLAPI_API_KEY": "invented-key-of-the-benchmark"}


def request(number: int) -> GenerationRequest:
    return GenerationRequest("aimlapi", MODEL, f"heavy rain on a tin roof, take {number}", duration_s=1)


async def run_by_engine(services: Services, tasks: int) -> None:
    """Queue so many tasks and wait until each is finished."""
    queue = services.queue
    added = await asyncio.gather(*(queue.add(request(number)) for number in range(tasks)))
    done = await queue.wait([task.id for of_click in added for task in of_click])
    states = {task.state for task in done}
    assert states == {TaskState.FINISHED}, f"not all are finished: {states}, {done[0].failure}"


async def run_by_httpx(client: httpx.AsyncClient, origin: str, folder: Path, tasks: int, *, is_flushed: bool) -> None:
    """The same calls and the same files, and nothing else."""
    numbers = iter(range(tasks))

    async def work() -> None:
        for number in numbers:
            body = {"model": MODEL, "prompt": request(number).prompt, "seconds_total": 1}
            created = (await client.post(origin + SUBMIT, json=body)).json()
            told = (await client.get(origin + SUBMIT, params={"generation_id": created["id"]})).json()
            result = await client.get(told["audio_file"]["url"])
            with (folder / f"{created['id']}.wav").open("wb") as file:
                file.write(result.content)
                if is_flushed:
                    file.flush()
                    os.fsync(file.fileno())

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def timed(work: Callable[[int], Awaitable[None]], tasks: int) -> dict[str, float]:
    """Seconds on the clock, and of the processor in all threads."""
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    await work(tasks)
    return {"clock_s": time.perf_counter() - began_s, "processor_s": time.process_time() - began_cpu_s}


async def _by_engine(origin: str, folder: Path, tasks: int) -> dict[str, float]:
    os.environ.update(prepare_home(folder, origin))
    from app.building import build
    from app.storage.locations import Locations

    services = build(Locations.from_environment(os.environ))
    await services.open()
    try:
        await run_by_engine(services, 1)
        return await timed(lambda count: run_by_engine(services, count), tasks)
    finally:
        await services.close()


async def _waiting(origin: str, folder: Path, tasks: int) -> dict[str, float]:
    os.environ.update(prepare_home(folder, origin))
    from app.building import build
    from app.storage.locations import Locations

    services = build(Locations.from_environment(os.environ))
    await services.open()
    try:
        await run_by_engine(services, AT_ONCE)
        await services.queue.pause()
        before_kb = private_kb()
        for number in range(tasks):
            await services.queue.add(request(number))
        return {"tasks_kb": private_kb() - before_kb}
    finally:
        await services.close()


def private_kb() -> int:
    """What belongs to this process alone, in KiB, without what only waits to be collected."""
    gc.collect()
    lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


async def _by_httpx(origin: str, folder: Path, tasks: int, *, is_flushed: bool) -> dict[str, float]:
    folder.mkdir(parents=True, exist_ok=True)
    async with httpx.AsyncClient() as client:
        await run_by_httpx(client, origin, folder, 1, is_flushed=is_flushed)
        return await timed(lambda count: run_by_httpx(client, origin, folder, count, is_flushed=is_flushed), tasks)


def main() -> None:
    kind, origin, folder, tasks = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    if kind == "waiting":
        took = asyncio.run(_waiting(origin, folder, tasks))
    elif kind == "engine":
        took = asyncio.run(_by_engine(origin, folder, tasks))
    else:
        took = asyncio.run(_by_httpx(origin, folder, tasks, is_flushed=kind == "httpx-flushed"))
    sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    main()
