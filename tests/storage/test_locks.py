"""One process runs a task, and when it dies the task is free."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.domain.errors import StorageError
from app.storage.locks import TaskLocks

TASK = "0123456789ab"

_HOLD = """
import sys
from pathlib import Path
from app.storage.locks import TaskLocks

lock = TaskLocks(Path(sys.argv[1])).acquire(sys.argv[2])
print("held" if lock else "free", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def locks(tmp_path) -> TaskLocks:
    return TaskLocks(tmp_path / "locks")


def test_a_lock_is_held_once_until_it_is_released(locks):
    lock = locks.acquire(TASK)

    assert lock is not None
    assert locks.acquire(TASK) is None
    assert locks.is_held(TASK)
    lock.release()
    lock.release()
    again = locks.acquire(TASK)
    assert again is not None
    again.release()


def test_other_tasks_are_free_meanwhile(locks):
    held = locks.acquire(TASK)
    other = locks.acquire("ba9876543210")

    assert held is not None
    assert other is not None
    held.release()
    other.release()


def test_no_lock_files_are_left_behind(locks, tmp_path):
    for number in range(50):
        lock = locks.acquire(f"{number:012x}")
        assert lock is not None
        lock.release()

    assert [path.name for path in (tmp_path / "locks").iterdir()] == ["guard"]


def test_a_lock_whose_file_cant_be_removed_is_free_all_the_same(locks, tmp_path, monkeypatch):
    lock = locks.acquire(TASK)
    assert lock is not None

    def refuse(*_args, **_options):
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        lock.release()

    assert not TaskLocks(tmp_path / "locks").is_held(TASK)
    again = locks.acquire(TASK)
    assert again is not None
    again.release()


def test_a_process_that_is_killed_lets_go(locks, tmp_path):
    command = [sys.executable, "-c", _HOLD, str(tmp_path / "locks"), TASK]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        assert locks.acquire(TASK) is None

        holder.kill()
        holder.wait(10)

    lock = locks.acquire(TASK)
    assert lock is not None
    lock.release()


def test_what_the_dead_left_is_swept_away_and_what_the_living_hold_stays(locks, tmp_path):
    command = [sys.executable, "-c", _HOLD, str(tmp_path / "locks")]
    living = subprocess.Popen([*command, "living"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    dead = subprocess.Popen([*command, "dead"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with living, dead:
        assert [each.stdout.readline() for each in (living, dead)] == ["held\n", "held\n"]
        dead.kill()
        dead.wait(10)
        own = locks.acquire(TASK)

        locks.sweep()

        assert locks.is_held("living")
        assert locks.is_held(TASK)
        left = sorted(path.suffix for path in (tmp_path / "locks").iterdir())
        assert left == ["", ".lock", ".lock", ".session", ".session"]
        living.kill()
    own.release()
    locks.sweep()
    assert [path.name for path in (tmp_path / "locks").iterdir()] == ["guard"]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux lists the open files of a process")
def test_a_thousand_tasks_wait_behind_one_open_file(locks, tmp_path):
    folder = tmp_path / "locks"
    held = locks.acquire_each([f"{number:012x}" for number in range(1_500)])

    assert all(held)
    assert all(locks.is_held(f"{number:012x}") for number in (0, 1_499))
    open_here = [link for link in Path("/proc/self/fd").iterdir() if Path(os.path.realpath(link)).parent == folder]
    assert len(open_here) == 1

    locks.release(held)
    assert [path.name for path in folder.iterdir()] == ["guard"]


def test_each_answers_for_itself_where_some_are_taken(locks, tmp_path):
    taken = TaskLocks(tmp_path / "locks").acquire(TASK)

    got = locks.acquire_each(["first", TASK, "last"])

    assert [lock is not None for lock in got] == [True, False, True]
    taken.release()
    locks.release([lock for lock in got if lock is not None])


def test_a_lock_that_was_given_back_twice_isnt_taken_from_its_next_holder(locks, tmp_path):
    first = locks.acquire(TASK)
    first.release()
    second = TaskLocks(tmp_path / "locks").acquire(TASK)

    first.release()

    assert second is not None
    assert locks.is_held(TASK)
    second.release()


@pytest.mark.parametrize(
    "torn",
    [b"", b"0123456789abcdef" * 2, b"../../etc/passwd", b"\xff\x00", b"a" * 5_000],
    ids=["empty", "a dead session", "a path", "no text", "far too long"],
)
def test_a_lock_file_that_names_nobody_alive_is_free(locks, tmp_path, torn):
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / f"{TASK}.lock").write_bytes(torn)

    lock = locks.acquire(TASK)

    assert lock is not None
    lock.release()


def test_of_many_who_try_at_once_one_succeeds_every_time(locks):
    winners, together = [], threading.Barrier(8)
    holding = threading.Semaphore(0)

    def try_once(_: int) -> None:
        for _ in range(60):
            together.wait(10)
            lock = locks.acquire(TASK)
            together.wait(10)
            if lock is not None:
                winners.append(lock)
                lock.release()
        holding.release()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(try_once, range(8)))

    assert len(winners) == 60


def test_two_never_hold_the_same_lock_while_files_come_and_go(locks):
    inside, most = [0], []

    def come_and_go(_: int) -> None:
        for _ in range(1_200):
            lock = locks.acquire(TASK)
            if lock is not None:
                inside[0] += 1
                os.sched_yield() if hasattr(os, "sched_yield") else None
                most.append(inside[0])
                inside[0] -= 1
                lock.release()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(come_and_go, range(6)))

    assert set(most) == {1}


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path):
    (tmp_path / "locks").write_text("a file where the folder should be")

    with pytest.raises(StorageError, match="locks"):
        TaskLocks(tmp_path / "locks").acquire(TASK)
