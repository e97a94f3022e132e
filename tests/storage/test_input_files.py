"""A copy of an input outlives its original, and a click that died before there was a task leaves none for good."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from pathlib import Path

import pytest

from app.audio.files import verify
from app.domain.request import InputFile
from app.storage.take_files import TakeFiles

_LONG_AGO = timedelta(days=2)


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[TakeFiles]:
    files = TakeFiles(tmp_path / "takes", verify)
    yield files
    await files.close()


async def adopted(files: TakeFiles, clip: Path, text: str) -> str:
    clip.write_text(text)
    sha256 = (await files.adopt_input(InputFile(clip))).sha256
    assert sha256 is not None
    return sha256


def let_pass(folder: Path, time: timedelta) -> None:
    for path in folder.iterdir():
        found = path.stat()
        os.utime(path, (found.st_atime - time.total_seconds(), found.st_mtime - time.total_seconds()))


def in_use(*hashes: str):
    async def named(asked: Collection[str]) -> Collection[str]:
        return set(hashes) & set(asked)

    return named


async def nobody_is_asked(_asked: Collection[str]) -> Collection[str]:
    raise AssertionError("there is no doubt")


async def test_a_copy_that_no_task_came_to_need_is_removed_after_some_time(files: TakeFiles, tmp_path: Path) -> None:
    kept = await adopted(files, tmp_path / "clip.wav", "a voice that a task names")
    dropped = await adopted(files, tmp_path / "clip.wav", "a voice of a click that died")

    await files.sweep_inputs(nobody_is_asked)
    let_pass(tmp_path / "inputs", _LONG_AGO)
    young = await adopted(files, tmp_path / "clip.wav", "a voice of a click that is being made")
    await files.sweep_inputs(in_use(kept))

    assert not files.input_path(dropped).exists()
    assert files.input_path(kept).read_text() == "a voice that a task names"
    assert files.input_path(young).exists()


async def test_a_copy_that_was_once_needed_is_never_questioned_again(files: TakeFiles, tmp_path: Path) -> None:
    """Not even by an empty library that had to take the place of a damaged one."""
    kept = await adopted(files, tmp_path / "clip.wav", "a voice")
    let_pass(tmp_path / "inputs", _LONG_AGO)
    await files.sweep_inputs(in_use(kept))

    await adopted(files, tmp_path / "clip.wav", "a voice")
    let_pass(tmp_path / "inputs", _LONG_AGO)
    await files.sweep_inputs(nobody_is_asked)

    assert [path.name for path in (tmp_path / "inputs").iterdir()] == [kept]


async def test_a_copy_that_is_adopted_once_more_meanwhile_stays(files: TakeFiles, tmp_path: Path) -> None:
    sha256 = await adopted(files, tmp_path / "clip.wav", "a voice")
    let_pass(tmp_path / "inputs", _LONG_AGO)

    async def adopted_just_then(_asked: Collection[str]) -> Collection[str]:
        await adopted(files, tmp_path / "clip.wav", "a voice")
        return ()

    await files.sweep_inputs(adopted_just_then)

    assert files.input_path(sha256).exists()


async def test_what_was_half_copied_or_half_cut_is_removed_and_nothing_else(files: TakeFiles, tmp_path: Path) -> None:
    sha256 = await adopted(files, tmp_path / "clip.wav", "a voice")
    inputs = tmp_path / "inputs"
    (inputs / f".{'0' * 32}").write_bytes(b"half a cop")
    (inputs / f".{'1' * 32}").mkdir()
    (inputs / f".{'1' * 32}" / "0.mp3").write_bytes(b"a part")
    (inputs / ".DS_Store").write_bytes(b"not ours")
    let_pass(inputs, _LONG_AGO)
    async with files.workshop() as young:
        await files.sweep_inputs(in_use(sha256))

        assert young.is_dir()
    assert {path.name for path in inputs.iterdir()} == {sha256, ".DS_Store"}
