"""Trim and fades of takes, as they are kept in the library."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.export_settings import FadeShape
from app.storage.database import Database

_SAVE = """
    INSERT INTO clip_edits (take, start, end, fade_in, fade_out, shape)
    SELECT id, :start, :end, :fade_in, :fade_out, :shape FROM takes WHERE id = :take
    ON CONFLICT (take) DO UPDATE SET
        start = excluded.start, end = excluded.end,
        fade_in = excluded.fade_in, fade_out = excluded.fade_out, shape = excluded.shape
"""
_AT_ONCE = 500  # ids in one statement


class ClipEditRows:
    """Every method returns once it is durable.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, take_ids: Collection[str]) -> Mapping[str, ClipEdit]:
        """The edits of those takes that have one."""
        ids = list(take_ids)

        def work(connection: sqlite3.Connection) -> dict[str, ClipEdit]:
            edits: dict[str, ClipEdit] = {}
            for at in range(0, len(ids), _AT_ONCE):
                part = ids[at : at + _AT_ONCE]
                marks = ", ".join("?" * len(part))
                rows = connection.execute(f"SELECT * FROM clip_edits WHERE take IN ({marks})", part)  # noqa: S608 - marks
                edits |= {str(row["take"]): _edit_of(row) for row in rows}
            return edits

        return await self._database.read(work)

    async def all(self) -> Mapping[str, ClipEdit]:
        """Every edit there is, by the take's id."""

        def work(connection: sqlite3.Connection) -> dict[str, ClipEdit]:
            return {str(row["take"]): _edit_of(row) for row in connection.execute("SELECT * FROM clip_edits")}

        return await self._database.read(work)

    async def save(self, take_id: str, edit: ClipEdit) -> None:
        """Keep the edit of a take; a plain one is forgotten. Nothing happens to a take that is gone."""

        def work(connection: sqlite3.Connection) -> None:
            if edit == WHOLE:
                connection.execute("DELETE FROM clip_edits WHERE take = ?", (take_id,))
            else:
                connection.execute(_SAVE, {"take": take_id, **_columns_of(edit)})

        await self._database.write(work)


def _columns_of(edit: ClipEdit) -> dict[str, object]:
    return {
        "start": edit.start,
        "end": edit.end,
        "fade_in": edit.fade_in,
        "fade_out": edit.fade_out,
        "shape": edit.shape.value,
    }


def _edit_of(row: sqlite3.Row) -> ClipEdit:
    return ClipEdit(row["start"], row["end"], row["fade_in"], row["fade_out"], FadeShape(row["shape"]))
