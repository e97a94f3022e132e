"""Marked voices are on the disk, each provider's by itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.storage.database import Database
from app.storage.favourite_voices import FavouriteVoices
from app.storage.migrations import STEPS


async def test_marks_outlive_the_process_and_belong_to_a_provider(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.sqlite3")
    await database.open()
    favourites = FavouriteVoices(database)
    for voice in ("anna", "bert", "anna"):
        await favourites.mark("acme", voice, is_favourite=True)
    await favourites.mark("openai:kokoro", "anna", is_favourite=True)
    await favourites.mark("acme", "bert", is_favourite=False)
    await favourites.mark("acme", "carl", is_favourite=False)
    await database.close()

    again = Database(tmp_path / "library.sqlite3")
    await again.open()
    try:
        assert await FavouriteVoices(again).of("acme") == {"anna"}
        assert await FavouriteVoices(again).of("openai:kokoro") == {"anna"}
        assert await FavouriteVoices(again).of("nobody") == frozenset()
    finally:
        await again.close()


async def test_a_library_from_before_there_were_marks_gets_them(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    before = Database(path, steps=STEPS[:1])
    await before.open()
    await before.write(lambda connection: connection.execute("INSERT INTO uploads VALUES ('a', 'b', 'c', 'd')"))
    await before.close()

    database = Database(path)
    await database.open()
    try:
        await FavouriteVoices(database).mark("acme", "anna", is_favourite=True)
        assert await FavouriteVoices(database).of("acme") == {"anna"}
    finally:
        await database.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT handle FROM uploads").fetchall() == [("c",)]
    connection.close()
