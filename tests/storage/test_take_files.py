"""A take has its name only when it is whole; what is half there never looks finished."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.audio.containers import repair_wav_sizes
from app.audio.files import inspect, verify
from app.domain.audio import AudioFormat, AudioInfo
from app.domain.errors import BrokenAudio, StorageError
from app.domain.request import InputFile
from app.storage.locks import TaskLocks
from app.storage.take_files import TakeFiles
from tests.servers.sounds import Sound, with_placeholder_sizes

TASK = "0123456789ab"
MAGIC = b"fLaC"


def checked(path: Path) -> AudioInfo:
    """Stands for the decoder: a file is whole if it begins with the magic and ends with `end`."""
    data = path.read_bytes()
    if not (data.startswith(MAGIC) and data.endswith(b"end")):
        raise BrokenAudio("It isn’t playable audio.")
    return AudioInfo(AudioFormat.FLAC, 48_000, 1, len(data))


@pytest.fixture
async def files(tmp_path):
    files = TakeFiles(tmp_path / "takes", checked, limit_bytes=1_000, now=lambda: datetime(2026, 3, 31, tzinfo=UTC))
    yield files
    await files.close()


def there(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


async def arriving(files: TakeFiles, *chunks: bytes, number: int = 1):
    take = files.open(TASK, number)
    for chunk in chunks:
        await take.write(chunk)
    return take


async def test_a_take_gets_its_place_and_the_suffix_of_what_it_is(files, tmp_path):
    take = await arriving(files, MAGIC, b"...", b"end")
    assert there(tmp_path) == [f"takes/2026-03/{TASK}-1.partial"]

    file, info = await take.finish()

    assert file == f"2026-03/{TASK}-1.flac"
    assert info == AudioInfo(AudioFormat.FLAC, 48_000, 1, 10)
    assert files.path(file).read_bytes() == MAGIC + b"...end"
    assert there(tmp_path) == [f"takes/{file}"]


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
async def test_a_streamed_wav_is_stored_with_its_true_sizes(tmp_path, size):
    files = TakeFiles(tmp_path / "takes", verify, mend=repair_wav_sizes)
    whole = Sound(seconds=0.2).encoded()
    take = await arriving(files, with_placeholder_sizes(whole, size))

    file, info = await take.finish()

    assert files.path(file).read_bytes() == whole
    assert info == inspect(files.path(file))
    await files.close()


async def test_a_take_is_mended_before_it_is_checked(tmp_path):
    def mend(path: Path) -> None:
        path.write_bytes(path.read_bytes() + b"end")

    files = TakeFiles(tmp_path / "takes", checked, mend=mend)
    take = await arriving(files, MAGIC)

    file, _ = await take.finish()

    assert files.path(file).read_bytes() == MAGIC + b"end"
    await files.close()


async def test_opening_a_take_touches_no_disk(files, tmp_path):
    files.open(TASK, 1)

    assert there(tmp_path) == []


async def test_what_does_not_decode_is_never_finished(files, tmp_path):
    take = await arriving(files, b"<html>not found</html>")

    with pytest.raises(BrokenAudio):
        await take.finish()
    kept = await take.abort(keep=True)

    assert kept == f"2026-03/{TASK}-1.incomplete"
    assert files.path(kept).read_bytes() == b"<html>not found</html>"
    assert there(tmp_path) == [f"takes/{kept}"]


async def test_an_aborted_take_leaves_nothing_unless_it_is_kept(files, tmp_path):
    take = await arriving(files, MAGIC)

    assert await take.abort(keep=False) is None
    assert await take.abort(keep=True) is None

    assert there(tmp_path) == []


async def test_a_take_without_a_single_byte_is_broken(files, tmp_path):
    take = files.open(TASK, 1)

    with pytest.raises(BrokenAudio, match="empty"):
        await take.finish()
    assert await take.abort(keep=True) is None
    assert there(tmp_path) == []


async def test_an_endless_body_is_cut_off(files):
    take = await arriving(files, b"x" * 999)

    with pytest.raises(BrokenAudio, match="larger"):
        await take.write(b"xx")
    assert (await take.abort(keep=True)) is not None


async def test_a_take_that_is_fetched_again_replaces_what_an_earlier_try_left(files, tmp_path):
    take = await arriving(files, b"half of")
    await take.abort(keep=True)
    forgotten = tmp_path / "takes" / "2026-02" / f"{TASK}-1.wav"  # named, but never recorded
    neighbour = tmp_path / "takes" / "2026-02" / f"{TASK}-11.wav"
    forgotten.parent.mkdir(parents=True)
    forgotten.write_bytes(b"old")
    neighbour.write_bytes(b"other take")
    (tmp_path / "takes" / "stray file").write_text("of the user")

    again = await arriving(files, MAGIC, b"end")
    file, _ = await again.finish()

    assert there(tmp_path / "takes") == [f"2026-02/{TASK}-11.wav", file, "stray file"]


class ByHand(Executor):
    """Does what it is given in the order in which the test wants it."""

    def __init__(self) -> None:
        self.given: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, work: Callable[..., Any], /, *_args: Any, **_kwargs: Any) -> Future[Any]:
        self.given.append((Future(), work))
        return self.given[-1][0]

    def do(self, index: int) -> None:
        future, work = self.given.pop(index)
        future.set_result(work())


async def test_a_cancelled_write_that_is_late_does_not_bring_the_file_back(tmp_path):
    hands = ByHand()
    files = TakeFiles(tmp_path / "takes", checked, executor=hands)
    take = files.open(TASK, 1)
    writing = asyncio.create_task(take.write(MAGIC))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    aborting = asyncio.create_task(take.abort(keep=False))
    await asyncio.sleep(0)

    hands.do(1)
    await aborting
    hands.do(0)

    assert there(tmp_path) == []


async def test_the_loop_is_free_while_a_take_is_checked(tmp_path):
    release = threading.Event()

    def slowly(path: Path) -> AudioInfo:
        assert release.wait(10)
        return checked(path)

    files = TakeFiles(tmp_path / "takes", slowly)
    take = await arriving(files, MAGIC, b"end")
    finishing = asyncio.create_task(take.finish())
    await asyncio.sleep(0)
    release.set()  # nobody would, if the loop stood still

    assert (await finishing)[1].format is AudioFormat.FLAC
    await files.close()


async def test_a_full_disk_is_told_in_a_sentence(files, tmp_path):
    take = files.open(TASK, 1)
    take.path.parent.mkdir(parents=True)
    take.path.symlink_to("/dev/full")

    with pytest.raises(StorageError, match="disk is full") as caught:
        await take.write(b"data")

    assert caught.value.__cause__.errno == errno.ENOSPC
    assert await take.abort(keep=False) is None
    assert there(tmp_path) == []


async def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(files, tmp_path):
    (tmp_path / "takes").write_text("a file where the folder should be")

    with pytest.raises(StorageError, match="takes"):
        await files.open(TASK, 1).write(b"data")


# What a crash leaves


def left_by_a_crash(tmp_path: Path, task_id: str, age: timedelta) -> Path:
    path = tmp_path / "takes" / "2026-01" / f"{task_id}-1.partial"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    then = path.stat().st_mtime - age.total_seconds()
    os.utime(path, (then, then))
    return path


async def test_sweeping_removes_only_old_parts_of_tasks_that_nobody_needs(files, tmp_path):
    old, running, needed, young = "0" * 12, "1" * 12, "2" * 12, "3" * 12
    for task_id in (old, running, needed):
        left_by_a_crash(tmp_path, task_id, timedelta(days=2))
    left_by_a_crash(tmp_path, young, timedelta(hours=23))
    take = await arriving(files, MAGIC, b"end")
    await take.finish()
    locks = TaskLocks(tmp_path / "locks")
    held = locks.acquire(running)

    assert await files.sweep(locks, [needed]) == 1

    parts = [path.name for path in (tmp_path / "takes").rglob("*.partial")]
    assert sorted(parts) == [f"{task_id}-1.partial" for task_id in (running, needed, young)]
    assert held is not None
    held.release()


async def test_a_whole_take_that_was_never_recorded_is_found(files):
    take = await arriving(files, MAGIC, b"end")
    file, info = await take.finish()

    left = await files.left_behind(TASK, 1)

    assert left is not None
    assert (left.file, left.info) == (file, info)
    assert await files.left_behind(TASK, 2) is None


async def test_a_part_that_never_got_a_byte_is_no_part(files, tmp_path):
    left_by_a_crash(tmp_path, TASK, timedelta(minutes=1))
    (part,) = (tmp_path / "takes").rglob("*.partial")
    part.write_bytes(b"")

    assert await files.left_behind(TASK, 1) is None
    assert there(tmp_path) == []


async def test_a_part_of_a_take_that_was_left_is_marked_as_incomplete(files, tmp_path):
    left_by_a_crash(tmp_path, TASK, timedelta(minutes=1))

    left = await files.left_behind(TASK, 1)

    assert left is not None
    assert (left.file, left.info) == (f"2026-01/{TASK}-1.incomplete", None)
    assert there(tmp_path) == [f"takes/{left.file}"]


# Input files


async def test_an_input_file_is_copied_under_the_hash_of_its_content(files, tmp_path):
    clip = tmp_path / "clip.wav"
    clip.write_bytes(b"a voice")

    adopted = await files.adopt_input(InputFile(clip))
    clip.write_bytes(b"changed since")

    assert adopted.path == clip
    assert adopted.sha256 == hashlib.sha256(b"a voice").hexdigest()
    assert files.input_path(adopted.sha256).read_bytes() == b"a voice"


async def test_the_same_content_is_kept_once(files, tmp_path):
    for name in ("one.wav", "two.wav"):
        (tmp_path / name).write_bytes(b"same")

    adopted = await asyncio.gather(*(files.adopt_input(InputFile(tmp_path / name)) for name in ("one.wav", "two.wav")))

    assert adopted[0].sha256 == adopted[1].sha256
    assert there(tmp_path / "inputs") == [adopted[0].sha256, f"{adopted[0].sha256}.claim"]


@pytest.mark.parametrize("name", ["missing.wav", "folder", "huge.wav"])
async def test_an_input_that_cannot_be_copied_is_told_by_its_name(files, tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "huge.wav").write_bytes(b"x" * 1_001)

    with pytest.raises(StorageError, match=name):
        await files.adopt_input(InputFile(tmp_path / name))

    inputs = tmp_path / "inputs"
    assert not inputs.exists() or there(inputs) == []


class FullDisk:
    """Stands in for the file of a take; takes so many bytes, and then no more until there is room."""

    def __init__(self, file: Any, room_bytes: int) -> None:
        self.room_bytes = room_bytes
        self._file = file

    def write(self, data: memoryview) -> int:
        count = min(len(data), self.room_bytes)
        if not count:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.room_bytes -= count
        return int(self._file.write(data[:count]))

    def close(self) -> None:
        self._file.close()


async def on_a_full_disk(files: TakeFiles, room_bytes: int) -> tuple[Any, FullDisk]:
    take = files.open(TASK, 1, spare_bytes=100)
    await take.write(b"")
    disk = take._file = FullDisk(take._file, room_bytes)  # type: ignore[assignment]
    return take, disk


async def test_what_a_full_disk_refuses_is_kept_in_memory_until_there_is_room(files, tmp_path):
    take, disk = await on_a_full_disk(files, room_bytes=6)
    for chunk in (MAGIC, b"first ", b"second ", b"end"):
        await take.write(chunk)

    with pytest.raises(StorageError, match="full"):
        await take.finish()
    disk.room_bytes = 1_000
    name, _ = await take.finish()

    assert (tmp_path / "takes" / name).read_bytes() == MAGIC + b"first second end"


async def test_memory_has_an_end_too_and_what_fitted_is_kept(files, tmp_path):
    take, disk = await on_a_full_disk(files, room_bytes=6)
    await take.write(MAGIC + b"x" * 90)

    with pytest.raises(StorageError, match="full"):
        await take.write(b"y" * 50)
    disk.room_bytes = 20
    name = await take.abort(keep=True)

    assert (tmp_path / "takes" / str(name)).read_bytes() == MAGIC + b"x" * 22
