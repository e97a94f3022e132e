"""Takes compared in the whole window: the list keeps the secret, keys choose, and the pick is told."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.audio.player_events import Monitor
from app.ui.comparing import NEEDS_TWO
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window


async def with_takes(world, takes: int = 3):
    """A task whose second take is the current row, its takes unfolded."""
    task = await world.make("Rain on a tin roof", takes=takes, seconds=1.0)
    world.select(task, min(2, takes))
    await until(lambda: world.window.preview.take is not None and world.window.preview.take.number == min(2, takes))
    world.window.preview.comparing._shuffle = lambda ids: ids.reverse()
    world.window.library.focus_list()
    return task


def row(world) -> int:
    return world.window.library.table.currentIndex().row()


@in_a_window
async def test_a_blind_comparison_by_keys_ends_with_the_picked_take(world):
    window = world.window
    task = await with_takes(world)
    at = row(world)
    news = len(window.messages.messages)

    world.key(Qt.Key.Key_Space)
    await until(lambda: window.transport.is_playing)
    world.card.take(4_800)
    await until(lambda: window.library.table._live.playing is not None)
    world.key(Qt.Key.Key_B)
    assert window.preview.comparing.is_blind
    world.key(Qt.Key.Key_3)
    world.card.take(4_800)
    await until(lambda: window.transport.position_frames > 4_800)

    assert window.preview.take.number == 1
    assert window.library.table._live.playing is None
    assert window.library.table._live.current_take is None
    assert row(world) == at
    assert len(window.messages.messages) == news

    world.key(Qt.Key.Key_Return)
    await until(lambda: not window.preview.comparing.is_blind)
    assert window.messages.text == "C was take 1."
    await until(lambda: window.library.current_take().number == 1)
    assert window.preview.take.id == task.takes[0].id
    assert window.library.table._live.current_take == task.takes[0].id
    assert window.transport.is_playing


@in_a_window
async def test_a_pick_unfolds_its_task_in_the_list(world):
    window = world.window
    task = await world.make("Rain on a tin roof", takes=2, seconds=0.5)
    world.select(task)
    await until(lambda: window.preview.take is not None)
    window.library.focus_list()

    world.key(Qt.Key.Key_B)
    hidden = window.preview.take
    world.key(Qt.Key.Key_Return)

    await until(lambda: window.library.table.current_row() and window.library.table.current_row().take is not None)
    assert window.library.table.current_row().take.id == hidden.id
    assert window.preview.take.id == hidden.id


@in_a_window
async def test_news_of_the_task_keep_the_secret(world):
    window = world.window
    task = await with_takes(world)
    world.key(Qt.Key.Key_B)
    shown = window.preview.take

    await world.services.library.favourite(task.takes[0].id, True)
    await world.settle()

    assert window.preview.comparing.is_blind
    assert window.preview.take.id == shown.id


@in_a_window
async def test_another_row_ends_a_blind_comparison(world):
    window = world.window
    await with_takes(world)
    world.key(Qt.Key.Key_B)

    world.key(Qt.Key.Key_Down)

    await until(lambda: not window.preview.comparing.is_blind)
    await until(lambda: window.preview.take.number == 3)
    assert window.messages.text.startswith("The blind comparison ended without a choice")
    assert window.preview.waveform.isVisible()


@in_a_window
async def test_escape_ends_it_and_enter_plays_again_as_before(world):
    window = world.window
    await with_takes(world)
    world.key(Qt.Key.Key_B)

    world.key(Qt.Key.Key_Escape)
    assert not window.preview.comparing.is_blind
    assert window.preview.take.number == 2
    world.key(Qt.Key.Key_Return)

    await until(lambda: window.transport.is_playing)


@in_a_window
async def test_keys_that_need_a_look_do_nothing_while_takes_are_hidden(world):
    window = world.window
    await with_takes(world)
    world.key(Qt.Key.Key_B)

    for key in (Qt.Key.Key_I, Qt.Key.Key_O, Qt.Key.Key_Plus, Qt.Key.Key_E, Qt.Key.Key_D, Qt.Key.Key_BracketLeft):
        world.key(key)
    world.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)

    assert window.preview.region is None
    assert window.preview.waveform.span.is_whole
    assert window.preview.shown_takes == []


@in_a_window
async def test_matching_is_remembered_and_a_blind_comparison_isn_t(world):
    window = world.window
    await with_takes(world)
    world.key(Qt.Key.Key_B)
    await window._keep_state()
    assert not window.settings.now.match_loudness
    world.key(Qt.Key.Key_Escape)

    world.key(Qt.Key.Key_M)
    await window._keep_state()

    assert window.settings.now.match_loudness


@in_a_window
async def test_a_file_that_is_gone_ends_a_blind_comparison_and_is_told(world):
    window = world.window
    task = await with_takes(world)
    window.picture.path_of(task.takes[0]).unlink()
    world.key(Qt.Key.Key_B)

    world.key(Qt.Key.Key_3)

    await until(lambda: not window.preview.comparing.is_blind)
    assert window.messages.text


@in_a_window
async def test_one_take_says_why_it_cannot_be_compared_blind(world):
    await with_takes(world, takes=1)

    world.key(Qt.Key.Key_B)

    assert world.window.messages.text == NEEDS_TWO


@in_a_window
async def test_matching_and_monitor_have_keys_too(world):
    window = world.window
    await with_takes(world)
    await until(lambda: all(take.measures is not None for take in window.preview.task.takes))

    world.key(Qt.Key.Key_M)
    world.key(Qt.Key.Key_C)

    assert window.preview.comparing.is_matching
    assert window.preview.head.match.isChecked()
    assert window.preview.bar.monitor.monitor is Monitor.LEFT
    quietest = min(window.preview.task.takes, key=lambda take: take.measures.loudness_lufs)
    world.key(Qt.Key(ord(str(quietest.number))))
    assert window.preview.head.matched.text() == "0.0 dB"
    QApplication.processEvents()
