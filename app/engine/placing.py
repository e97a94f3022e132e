"""One take’s file in a folder of the user’s: copied beside its place, then given a free name or ours. Blocks."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.audio.publishing import rename_without_replacing
from app.domain.errors import StorageError
from app.engine.file_names import numbered
from app.storage.deliveries import FileRecord
from app.storage.disk_failures import as_storage_errors

_PORTION_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Copied:
    """A take whose bytes are in the folder, not yet under its name.

    Attributes:
        beside: The copy; None where a file with these bytes has the name already.
        replaces: SHA-256 of an earlier file of ours that has the name and makes room; None where the name is free.
    """

    target: Path
    beside: Path | None
    sha256: str
    replaces: str | None = None
    remark: str = ""


def copied_beside(
    source: Path,
    folder: Path,
    stem: str,
    take_id: str,
    click_id: str,
    records: Sequence[FileRecord],
    taken: Collection[Path] = (),
) -> Copied:
    """Copy a take into a folder and find the name that it will get.

    A file that is there stays, unless it is byte for byte what we wrote for an earlier request of the same row.

    Args:
        stem: Of the wanted name.
        records: What we wrote there for the row, whenever that was.
        taken: Names that others get before this one does.
    Raises:
        StorageError: The folder is gone or can't be written to, or the take can't be read.
    """
    if not is_there(folder):
        raise StorageError(f"The folder {folder} isn’t there.")
    # The same name for each try: what a crash leaves is overwritten, not added to.
    beside = folder / f".cuesmith-{take_id}.part"
    with as_storage_errors(folder):
        sha256 = _copy(source, beside)
    number = 1
    while True:
        name = numbered(stem, source.suffix, number)
        target = folder / name
        remark = "" if number == 1 else _remark(numbered(stem, source.suffix, 1), name)
        if target in taken:
            number += 1
            continue
        if not os.path.lexists(target):
            return Copied(target, beside, sha256, remark=remark)
        there = _sha256(target)
        if there == sha256:
            beside.unlink(missing_ok=True)
            return Copied(target, None, sha256, remark=remark)
        earlier = {each.sha256 for each in records if each.name == name and each.click_id != click_id}
        if there in earlier:
            return Copied(target, beside, sha256, replaces=there, remark=remark)
        number += 1


def is_there(folder: Path) -> bool:
    """
    Raises:
        StorageError: It can't even be looked at, like one on a network drive that is gone.
    """
    with as_storage_errors(folder):
        return folder.is_dir()


def give_name(copied: Copied) -> None:
    """Let the copy appear under its name, whole; whoever took or changed a file of that name meanwhile keeps it.

    Raises:
        StorageError: Somebody did, so it is tried again and finds another name; or the folder can't be written to.
    """
    if copied.beside is None:
        return
    with as_storage_errors(copied.target):
        if copied.replaces is not None and _sha256(copied.target) == copied.replaces:
            copied.beside.replace(copied.target)
        else:
            rename_without_replacing(copied.beside, copied.target)
            copied.beside.unlink(missing_ok=True)  # a hard link leaves the first name


def left_from_before(
    folder: Path, click_id: str, names: Sequence[str], records: Sequence[FileRecord]
) -> tuple[str, ...]:
    """Files of an earlier request of a row that got no successor under their names and are still there.

    Raises:
        StorageError: The folder can't be looked at.
    """
    earlier = dict.fromkeys(each.name for each in records if each.click_id != click_id)
    ours = {each.name for each in records if each.click_id == click_id} | set(names)
    with as_storage_errors(folder):
        return tuple(name for name in earlier if name not in ours and (folder / name).exists())


def _remark(wanted: str, name: str) -> str:
    return f"“{wanted}” is there already and not as Cuesmith wrote it, so it stays; the new file is “{name}”."


def _copy(source: Path, target: Path) -> str:
    """Copy a file to the disk for good; returns its SHA-256, hexadecimal."""
    digest = hashlib.sha256()
    target.unlink(missing_ok=True)  # after a crash it may be a second name of a file that is the user's by now
    with source.open("rb") as reading, target.open("xb") as writing:
        while portion := reading.read(_PORTION_BYTES):
            digest.update(portion)
            writing.write(portion)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _sha256(path: Path) -> str | None:
    """Of a file; None for what is none or can't be read, and so isn't ours for certain."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
