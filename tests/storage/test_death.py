"""A process is killed at any moment: what was awaited is in the library, and the library opens."""

from __future__ import annotations

import subprocess
import sys

from app.storage.database import Database
from app.storage.task_store import TaskStore
from tests.storage.making import Clock

_ADD_FOR_EVER = """
import asyncio, sys
from pathlib import Path
from app.storage.database import Database
from app.storage.task_store import TaskStore
from tests.storage.making import Clock, finished, queued

async def main():
    database = Database(Path(sys.argv[1]))
    await database.open()
    store = TaskStore(database, Clock())

    async def adding():
        while True:
            task = queued()
            await store.add([task])
            await store.record(finished(task))
            print(task.id, flush=True)

    await asyncio.gather(*(adding() for _ in range(4)))

asyncio.run(main())
"""


async def test_what_was_awaited_outlives_kill_9(tmp_path):
    path = tmp_path / "library.sqlite3"
    told: set[str] = set()
    for wanted in (1, 7, 23):
        told |= _killed_after(path, wanted)

    database = Database(path)
    await database.open()
    tasks = {task.id: task for task in await TaskStore(database, Clock()).tasks()}
    sound = await database.read(lambda connection: connection.execute("PRAGMA integrity_check").fetchone()[0])
    await database.close()

    assert len(told) >= 31
    assert told <= set(tasks)
    assert all(len(tasks[task_id].takes) == 1 for task_id in told)
    assert (sound, database.notice) == ("ok", None)


def _killed_after(path, wanted: int) -> set[str]:
    """The tasks that a process told as done before it was killed in the middle of further ones."""
    command = [sys.executable, "-c", _ADD_FOR_EVER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        told = [writer.stdout.readline() for _ in range(wanted)]
        writer.kill()
        told += [line for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return {line.strip() for line in told}
