"""A transcript is there once and whole, whatever was killed while it was written."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from app.domain.transcript import TranscriptFormat
from app.storage.transcript_files import TranscriptFiles

TASK = "0123456789ab"


def there(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


async def test_one_that_was_written_and_not_recorded_before_the_month_ended_is_there_once(tmp_path: Path) -> None:
    before = TranscriptFiles(tmp_path, lambda: datetime(2026, 11, 30, tzinfo=UTC))
    after = TranscriptFiles(tmp_path, lambda: datetime(2026, 12, 1, tzinfo=UTC))
    other = await before.keep("ba9876543210", "of another task", TranscriptFormat.SRT)
    await before.keep(TASK, "first", TranscriptFormat.SRT)

    file = await after.keep(TASK, "again", TranscriptFormat.SRT)

    assert after.path(file).read_text() == "again"
    assert there(tmp_path) == [other, file]


async def test_what_a_killed_writer_left_is_swept_away_once_it_is_old(tmp_path: Path) -> None:
    files = TranscriptFiles(tmp_path, lambda: datetime(2026, 11, 30, tzinfo=UTC))
    file = await files.keep(TASK, "whole", TranscriptFormat.TEXT)
    for name, age_s in ((f".{TASK}.txt.0123abcd", 2 * 86_400), (f".{TASK}.txt.4567abcd", 60)):
        (tmp_path / "2026-11" / name).write_text("ha")
        now_s = datetime.now(UTC).timestamp()
        os.utime(tmp_path / "2026-11" / name, (now_s - age_s, now_s - age_s))

    await files.sweep()

    assert there(tmp_path) == sorted([file, f"2026-11/.{TASK}.txt.4567abcd"])
