"""A blind comparison in the preview: nothing that can be seen or read tells the takes apart until one is picked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.audio.player_events import PlayedShape
from app.ui.blind_cover import BlindCover
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from tests.fakes.measures import measures_of
from tests.ui.listening_room import RATE_HZ, task_of
from tests.ui.preview_stage import Preview, shown
from tests.ui.waiting import until


@pytest.fixture
async def preview(theme: Theme, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Preview]:
    """Takes of 2, 3 and 1 seconds with −12, −16 and −20 LUFS, in reverse order while they are hidden."""
    async with shown(theme, tmp_path, qtbot) as preview:
        preview.panel.comparing._shuffle = lambda ids: ids.reverse()
        levels = (-12.0, -16.0, -20.0)
        preview.task = task_of(
            *(replace(take, measures=measures_of(lufs)) for take, lufs in zip(preview.takes, levels, strict=True))
        )
        yield preview


def words(panel: QWidget) -> str:
    """Everything that can be read of what is visible."""
    found = []
    for each in panel.findChildren(QWidget):
        if each.isVisible():
            text = getattr(each, "text", None)
            found += [each.accessibleName(), each.accessibleDescription(), each.toolTip()]
            found += [text()] if callable(text) else []
    return "\n".join(found)


def letters(preview: Preview) -> list[str]:
    buttons = preview.panel.head.switcher.findChildren(QAbstractButton)
    return [f"{each.text()}{'*' if each.isChecked() else ''}" for each in buttons if each.isVisible()]


async def test_takes_are_played_equally_loud_when_that_is_wanted(preview: Preview) -> None:
    await preview.show()
    QTest.keyClick(preview.panel, Qt.Key.Key_M)
    assert preview.button("Match loudness").isChecked()
    assert preview.panel.head.matched.text() == "−8.0 dB"
    assert "Take 1 plays 8.0 dB quieter" in preview.button("Match loudness").toolTip()
    await preview.play()

    matched = preview.room.card.take(RATE_HZ // 2)
    assert np.abs(matched).max() == pytest.approx(0.8 * 10 ** (-8 / 20), rel=0.01)
    QTest.keyClick(preview.panel, Qt.Key.Key_M)

    await until(lambda: np.abs(preview.room.card.take(480)).max() > 0.79)


async def test_the_gain_of_a_take_goes_with_it(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    await preview.show()
    QTest.keyClick(preview.panel, Qt.Key.Key_M)
    player = preview.room.players[0]
    switch, switched = player.switch, []

    def spy(path: Path, *, gain_db: float, shape: PlayedShape | None) -> None:
        switched.append(round(gain_db, 1))
        switch(path, gain_db=gain_db, shape=shape)

    monkeypatch.setattr(player, "switch", spy)

    gains = []
    for number in (1, 2, 3):
        preview.panel.choose_number(number)
        gains.append((preview.panel.head.matched.text(), round(preview.transport._take_gain_db, 1)))

    assert gains == [("−8.0 dB", -8.0), ("−4.0 dB", -4.0), ("0.0 dB", 0.0)]
    assert switched == [-4.0, 0.0], "from the first sample on"


async def test_measures_that_arrive_while_it_plays_change_only_the_gain(preview: Preview) -> None:
    measured = preview.task.takes
    await preview.show(task_of(measured[0], measured[1], replace(measured[2], measures=None)))
    QTest.keyClick(preview.panel, Qt.Key.Key_M)
    assert preview.transport._take_gain_db == pytest.approx(-4.0)
    await preview.play()
    preview.room.hear(RATE_HZ // 2)
    await until(lambda: preview.panel.waveform.position > 0)

    preview.panel.show_task(preview.task)

    assert preview.transport._take_gain_db == pytest.approx(-8.0)
    assert preview.panel.waveform.position > 0


async def test_hidden_takes_have_letters_and_nothing_else(preview: Preview) -> None:
    await preview.show()

    QTest.keyClick(preview.panel, Qt.Key.Key_B)

    assert letters(preview) == ["A*", "B", "C"]
    assert preview.panel.take is preview.task.takes[2]
    assert not preview.panel.waveform.isVisible()
    assert not preview.panel.overview.isVisible()
    assert not preview.panel.meter.isVisible()
    assert preview.panel.bar.time_text == "00:00.000"
    assert not preview.button("Export").isEnabled()
    assert [readout.value for readout, _ in preview.panel.bar._readouts()] == ["–", "–", "–"]
    told = words(preview.panel)
    for secret in ("Take ", "LUFS", "dBTP", "WAV", "−", "00:01.000"):
        assert secret not in told.replace("Zoom out (−)", ""), secret


async def test_numbers_and_clicks_choose_letters_and_announce_nothing(preview: Preview) -> None:
    await preview.show()
    preview.panel.comparing.toggle_blind()

    QTest.keyClick(preview.panel, Qt.Key.Key_2)
    assert letters(preview) == ["A", "B*", "C"]
    assert preview.panel.take is preview.task.takes[1]
    preview.press("C")
    assert preview.panel.take is preview.task.takes[0]
    for key in (Qt.Key.Key_4, Qt.Key.Key_M):
        QTest.keyClick(preview.panel, key)

    assert letters(preview) == ["A", "B", "C*"]
    assert preview.chosen == []
    assert preview.panel.comparing.is_matching
    preview.panel.comparing.end_blind()
    assert not preview.panel.comparing.is_matching


async def test_all_hidden_takes_look_the_same(preview: Preview) -> None:
    await preview.show()
    preview.panel.comparing.toggle_blind()
    cover = preview.panel.findChild(BlindCover)
    cover.seek_wanted.emit(0.1)
    pictures = []
    for number in (1, 2, 3):
        preview.panel.choose_number(number)
        QApplication.processEvents()
        pictures.append((cover.grab().toImage(), cover.value(), cover.maximum(), words(preview.panel.bar)))

    for other in pictures[1:]:
        assert other[1:] == pictures[0][1:]
        assert other[0] == pictures[0][0]


async def test_a_click_on_the_time_line_seeks_in_whichever_plays(preview: Preview) -> None:
    await preview.show()
    preview.panel.comparing.toggle_blind()
    preview.panel.choose_number(2)
    cover = preview.panel.findChild(BlindCover)

    QTest.mouseClick(cover, Qt.MouseButton.LeftButton, pos=QPoint(cover.width() // 3, 60))
    assert preview.transport.position_frames == pytest.approx(RATE_HZ, abs=200)
    QTest.keyClick(cover, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)

    assert preview.transport.position_frames == pytest.approx(2 * RATE_HZ, abs=200)
    await until(lambda: preview.room.players[0].position_frames == preview.transport.position_frames)


async def test_a_pick_shows_the_take_that_it_was(preview: Preview) -> None:
    picked: list[tuple[str, int]] = []
    preview.panel.comparing.picked.connect(lambda letter, take: picked.append((letter, take.number)))
    await preview.show()
    preview.panel.comparing.toggle_blind()
    preview.panel.choose_number(2)
    assert preview.panel.head.pick.text() == "Pick B"

    preview.press("Pick B")

    assert picked == [("B", 2)]
    assert preview.chosen == [preview.task.takes[1].id]
    assert letters(preview) == ["1", "2*", "3"]
    assert preview.panel.waveform.isVisible()
    assert preview.panel.waveform.span.total == 3 * RATE_HZ
    assert preview.panel.bar.lufs.value == "−16.0"
    assert not preview.panel.head.pick.isVisible()
    assert preview.transport._take_gain_db == 0


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_B], ids=["Esc", "B"])
async def test_without_a_pick_the_take_from_before_is_shown_again(preview: Preview, key: Qt.Key) -> None:
    await preview.show(take_id=preview.task.takes[1].id)
    preview.panel.comparing.toggle_blind()
    preview.panel.choose_number(3)

    QTest.keyClick(preview.panel, key)

    assert letters(preview) == ["1", "2*", "3"]
    assert preview.chosen == []
    assert preview.panel.waveform.span.total == 3 * RATE_HZ


async def test_it_goes_on_playing_through_all_of_it(preview: Preview) -> None:
    await preview.show()
    await preview.play()
    preview.room.hear(RATE_HZ // 4)
    for act in (preview.panel.comparing.toggle_blind, lambda: preview.panel.choose_number(2), preview.panel.pick):
        act()
        preview.room.hear(4_800)
        await until(lambda: preview.transport.position_frames > RATE_HZ // 4)
        assert preview.transport.is_playing


async def test_a_selection_is_there_again_afterwards(preview: Preview) -> None:
    await preview.show(take_id=preview.task.takes[1].id)
    region = LoopRegion(RATE_HZ * 3 // 2, RATE_HZ * 5 // 2)
    preview.panel.waveform.region_changed.emit(region)

    preview.panel.comparing.toggle_blind()
    preview.panel.choose_number(1)
    preview.panel.choose_number(2)
    preview.panel.pick()

    assert preview.panel.region == region


async def test_the_focus_goes_from_the_waveform_to_what_hides_it_and_back(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("app.ui.blind_comparison.announce", lambda _widget, text: told.append(text))
    await preview.show()
    preview.panel.activateWindow()
    preview.panel.focus()
    await until(preview.panel.waveform.hasFocus)

    preview.panel.comparing.toggle_blind()
    cover = preview.panel.findChild(BlindCover)
    assert cover.hasFocus()
    assert told == ["The takes are hidden: A to C. Enter picks the one you hear."]
    preview.panel.pick()

    assert preview.panel.waveform.hasFocus()


async def test_news_of_the_task_reveal_nothing(preview: Preview) -> None:
    await preview.show()
    preview.panel.comparing.toggle_blind()

    preview.panel.show_task(task_of(*(replace(take, note="x") for take in preview.task.takes)))

    assert letters(preview) == ["A*", "B", "C"]
    assert "Take " not in words(preview.panel)


async def test_takes_that_vanish_end_it_and_the_rest_is_shown(preview: Preview) -> None:
    await preview.show()
    preview.panel.comparing.toggle_blind()

    preview.panel.show_task(task_of(preview.task.takes[1]))

    assert letters(preview) == ["2*"]
    assert preview.panel.waveform.isVisible()
    assert preview.panel.waveform.span.total == 3 * RATE_HZ


async def test_a_single_take_says_why_it_cannot_be_compared_blind(preview: Preview) -> None:
    await preview.show(task_of(preview.task.takes[0]))

    blind = preview.button("Compare blind")

    assert not blind.isEnabled()
    assert blind.toolTip() == "This needs two takes that can be heard."
    QTest.keyClick(preview.panel, Qt.Key.Key_B)
    assert not preview.panel.comparing.is_blind


async def test_the_playhead_passes_behind_the_words_of_the_cover(theme: Theme, qtbot: QtBot) -> None:
    cover = BlindCover(theme)
    qtbot.addWidget(cover)
    cover.resize(900, 240)
    cover.show_length(10)
    words, above = QRect(200, 126, 500, 12), QRect(200, 40, 500, 12)
    seen = []
    for seconds in (0.0, 5.0):
        cover.show_position(seconds)
        image = cover.grab().toImage()
        seen.append((image.copy(words), image.copy(above)))

    assert seen[0][0] == seen[1][0]
    assert seen[0][1] != seen[1][1]
