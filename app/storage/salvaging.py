"""A damaged library exchanged for a new one with everything that could be saved.

The new one is made beside the damaged one, which stays as it is until the new one is whole and on the disk. A
process that dies on the way leaves a library that is still damaged, or an exchange that the next one finishes.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors import StorageError
from app.storage.damaged_file import DamagedFile
from app.storage.durable_files import flush_folder, put_in_place, write_whole
from app.storage.file_lock import is_open_elsewhere
from app.storage.found_files import Found, find_again
from app.storage.library_folders import LibraryFolders
from app.storage.opening import suspicion_of
from app.storage.salvage import Rows, move_rows
from app.storage.salvaged_sheets import find_rows_again

_FILES = ("-wal", "-shm", "")  # of a library; the last one moves last
_REPORT = ".txt"  # of its name too
_IN_USE = (
    "The library is damaged, and another Cuesmith still works with it. Close that one, then start again: what can be "
    "saved is saved then."
)
_COUNTS = """
    SELECT
        (SELECT count(*) FROM tasks) AS tasks,
        (SELECT count(*) FROM takes WHERE state = 'stored') AS takes,
        (SELECT count(*) FROM tasks WHERE state = 'uncertain') AS undecided
"""


def salvage(
    path: Path, what: str, connect: Callable[[Path], sqlite3.Connection], folders: LibraryFolders | None
) -> str:
    """Exchange a damaged library for a new one. Blocks, for minutes where many takes must be decoded.

    Args:
        what: What is wrong with it, in a sentence.
        connect: Opens a library, or makes it.
    Returns:
        What came of it, for people. It is also kept beside the damaged file.
    Raises:
        StorageError: Another process has it open; nothing was changed.
        OSError, sqlite3.Error: The disk refuses; it is as it was.
    """
    if is_open_elsewhere(path):
        raise StorageError(_IN_USE)
    workplace = _workplace(path)
    workplace.mkdir()
    try:
        empty, new = workplace / "empty.sqlite3", workplace / "new.sqlite3"
        connect(empty).close()
        stamp = _stamp(path)
        now = datetime.now(UTC)
        with closing(connect(new)) as into, DamagedFile.opened(path, workplace, empty) as damaged:
            into.execute("BEGIN IMMEDIATE")
            rows = move_rows(damaged, into, now)
            found = find_again(into, folders, now) if folders is not None else Found()
            lost_rows = find_rows_again(into, now)
            into.execute("COMMIT")
            counts = into.execute(_COUNTS).fetchone()
        report = _report(
            what, rows, found, counts, lost_rows, _aside(path, stamp, "") if _has_left_something(path) else None
        )
        write_whole(workplace / _REPORT, report.encode())
        put_in_place(new, path.with_name(f"{path.name}.salvaged-{stamp}"))
    except BaseException:
        shutil.rmtree(workplace, ignore_errors=True)
        raise
    return finish_exchange(path) or report


def finish_exchange(path: Path) -> str | None:
    """Keep the damaged files aside and put the new library in their place; goes on wherever a process died.

    Returns:
        What is to be told, if there was something to finish.
    """
    workplace, report = _workplace(path), None
    salvaged = sorted(path.parent.glob(f"{path.name}.salvaged-*"))
    if salvaged:
        stamp = salvaged[0].name.removeprefix(f"{path.name}.salvaged-")
        for suffix in _FILES:
            old = path.with_name(path.name + suffix)
            if old.exists():
                old.replace(_aside(path, stamp, suffix))
        told = _aside(path, stamp, _REPORT)
        if (workplace / _REPORT).exists():
            (workplace / _REPORT).replace(told)
        report = told.read_text("utf-8") if told.exists() else None
        salvaged[0].replace(path)
        flush_folder(path.parent)
        suspicion_of(path).unlink(missing_ok=True)
    if workplace.exists():
        shutil.rmtree(workplace)
    return report


def _workplace(path: Path) -> Path:
    return path.with_name(f"{path.name}.salvaging")


def _report(what: str, rows: Rows, found: Found, counts: sqlite3.Row, lost_rows: int, aside: Path | None) -> str:
    """What people must know: what came back, what is theirs to decide, what may be missing, where the rest is."""
    sentences = [what, f"{_counted(counts['tasks'], 'task')} with {_counted(counts['takes'], 'take')} came back"]
    again = [
        _counted(count, name) for count, name in ((found.takes, "take"), (found.transcripts, "transcript")) if count
    ]
    sentences[-1] += f", {' and '.join(again)} of these found again by the files alone." if again else "."
    if counts["undecided"]:
        sentences.append(
            f"{_counted(counts['undecided'], 'task needs', 'tasks need')} your decision: whether they were sent, and "
            "may be charged, isn’t known. Nothing is sent again by itself."
        )
    if lost_rows:
        sentences.append(
            f"Of these, {_counted(lost_rows, 'is a row of a sheet', 'are rows of sheets')}: marked as failed, it is "
            "made anew by the next run of its sheet."
        )
    if found.unplayable:
        sentences.append(f"{_counted(found.unplayable, 'file')} can’t be played and stayed where they are.")
    if not rows.is_readable or rows.has_gaps:
        sentences.append(
            "Names, notes and costs of some tasks are lost. Before you run a sheet again, look which rows count as "
            "new: they may have been made, and charged, before."
        )
    else:
        sentences.append("What was changed last may be missing.")
    if aside is not None:
        sentences.append(f"The damaged file is kept as {aside.name} in {aside.parent}.")
    return " ".join(sentences)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _has_left_something(path: Path) -> bool:
    return any(path.with_name(path.name + suffix).exists() for suffix in _FILES)


def _stamp(path: Path) -> str:
    """Part of the names of everything that belongs to this salvage; no two have the same."""
    moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    stamp, count = moment, 1
    while any(_aside(path, stamp, suffix).exists() for suffix in (*_FILES, _REPORT)):
        count += 1
        stamp = f"{moment}-{count}"
    return stamp


def _aside(path: Path, stamp: str, suffix: str) -> Path:
    """Where a damaged file goes, its companions beside it under the name by which SQLite finds them."""
    return path.with_name(f"{path.name}.damaged-{stamp}{suffix}")
