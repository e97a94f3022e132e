"""Odd files as takes on show: the panel paints them, zooms into them, plays them, and hands them to the export."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.audio.player_events import PlayerState
from app.ui.theme import Theme
from tests.audio.odd_files import FILES
from tests.ui.listening_room import take_of, task_of
from tests.ui.preview_stage import Preview, shown
from tests.ui.waiting import until

READ = [name for name, odd in FILES.items() if odd.is_read]


@pytest.fixture
async def preview(theme: Theme, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Preview]:
    async with shown(theme, tmp_path, qtbot) as preview:
        yield preview


@pytest.mark.parametrize("name", READ)
async def test_an_odd_take_is_painted_played_and_exported(preview: Preview, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"odd{FILES[name].suffix}"
    path.write_bytes(FILES[name].make())
    take = take_of(path, task_id="ffffffffffff")
    answers: list[object] = []
    preview.peaks.peaks_ready.connect(answers.append)
    preview.peaks.failed.connect(answers.append)

    preview.panel.show_task(task_of(take, task_id="ffffffffffff"))
    await until(lambda: answers)
    preview.panel.grab()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_0):
        QTest.keyClick(preview.panel.waveform, key)
        preview.panel.grab()
    QTest.keyClick(preview.panel, Qt.Key.Key_S)
    preview.panel.grab()
    preview.panel.toggle_play()
    heard = (PlayerState.PLAYING, PlayerState.STOPPED)
    await until(lambda: preview.room.failures or preview.transport.state in heard)
    if preview.transport.is_playing:
        for _ in range(3):
            preview.room.hear(4_800)
    preview.panel.grab()
    preview.panel.export()

    assert preview.exports == [([take.id], None)]
    assert all(str(each).endswith(".") for each in (*preview.room.failures, *preview.room.errors))
    assert bool(preview.room.failures) <= (not FILES[name].is_whole)
