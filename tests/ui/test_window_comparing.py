"""Takes compared in the whole window: the list keeps the secret, keys choose, and the pick is told."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.audio.player_events import Monitor, PlayerState
from app.ui.comparing import NEEDS_TWO
from app.ui.listening import ENDED_BLIND
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window

SECONDS = 0.6


async def with_takes(world, take: int = 0):
    """A task of three takes, hidden in reverse order; its row or that of a take is the current one."""
    task = await world.make("Rain on a tin roof", takes=3, seconds=SECONDS)
    world.select(task, take)
    await until(lambda: world.window.preview.take is not None and world.window.preview.take.number == (take or 1))
    world.window.preview.comparing._shuffle = lambda ids: ids.reverse()
    world.window.library.focus_list()
    return task


def current_row(world):
    return world.window.library.table.currentIndex().row()


@in_a_window
async def test_a_blind_comparison_by_keys_ends_with_the_picked_take(world):
    window = world.window
    task = await with_takes(world)
    marks, at = window.library.table._live, current_row(world)

    world.key(Qt.Key.Key_L)
    world.key(Qt.Key.Key_Space)
    await until(lambda: window.transport.is_playing)
    world.card.take(4_800)
    await until(lambda: marks.playing is not None)
    world.key(Qt.Key.Key_B)
    assert window.preview.comparing.is_blind
    world.key(Qt.Key.Key_2)
    world.card.take(4_800)
    await until(lambda: window.transport.position_frames > 4_800)

    assert window.preview.take.number == 2
    assert (marks.playing, marks.current_take, current_row(world)) == (None, None, at)
    assert not [each for each in window.messages.messages if "take 2" in each.text]

    world.key(Qt.Key.Key_Return)
    await until(lambda: not window.preview.comparing.is_blind)
    assert "B was take 2." in [message.text for message in window.messages.messages]
    await until(lambda: window.library.table.current_row() and window.library.table.current_row().take is not None)
    assert window.library.table.current_row().take.id == window.preview.take.id == task.takes[1].id
    assert marks.current_take == task.takes[1].id
    assert window.transport.is_playing


@in_a_window
async def test_news_and_keys_for_the_waveform_change_nothing_escape_ends_it_and_so_does_another_row(world):
    window = world.window
    task = await with_takes(world, take=2)
    world.key(Qt.Key.Key_B)
    hidden = window.preview.take
    await world.services.library.favourite(task.takes[0].id, True)
    await world.settle()
    for key in (Qt.Key.Key_I, Qt.Key.Key_O, Qt.Key.Key_Plus, Qt.Key.Key_E, Qt.Key.Key_D, Qt.Key.Key_BracketLeft):
        world.key(key)
    window.preview.export()
    assert QApplication.activeModalWidget() is None
    assert window.preview.comparing.is_blind
    assert window.preview.take.id == hidden.id
    assert (window.preview.region, window.preview.shown_takes) == (None, [])
    assert window.preview.waveform.span.is_whole

    world.key(Qt.Key.Key_Escape)
    assert not window.preview.comparing.is_blind
    assert window.preview.take.number == 2
    world.key(Qt.Key.Key_Return)
    await until(lambda: window.transport.is_playing)

    world.key(Qt.Key.Key_B)
    assert window.preview.comparing.is_blind
    world.key(Qt.Key.Key_Down)
    await until(lambda: not window.preview.comparing.is_blind)
    await until(lambda: window.preview.take.number == 3)
    assert ENDED_BLIND in [message.text for message in window.messages.messages]
    assert window.preview.waveform.isVisible()


@in_a_window
async def test_matching_and_monitor_have_keys_and_only_the_users_own_choice_is_remembered(world):
    window = world.window
    await with_takes(world)
    await until(lambda: all(take.measures is not None for take in window.preview.task.takes))
    world.key(Qt.Key.Key_B)
    await window.keep_state()
    assert not window.settings.now.match_loudness
    world.key(Qt.Key.Key_Escape)

    world.key(Qt.Key.Key_M)
    world.key(Qt.Key.Key_C)
    await window.keep_state()

    assert window.settings.now.match_loudness
    assert window.preview.head.match.isChecked()
    assert window.preview.bar.monitor.monitor is Monitor.LEFT
    quietest = min(window.preview.task.takes, key=lambda take: take.measures.loudness_lufs)
    world.key(Qt.Key(ord(str(quietest.number))))
    assert window.preview.head.matched.text() == "0.0 dB"


@in_a_window
async def test_a_file_that_is_gone_ends_a_blind_comparison_and_one_take_alone_begins_none(world):
    window = world.window
    task = await with_takes(world)
    window.picture.path_of(task.takes[0]).unlink()
    world.key(Qt.Key.Key_B)

    world.key(Qt.Key.Key_3)
    await until(lambda: not window.preview.comparing.is_blind)
    assert window.messages.text

    alone = await world.make("Wind", takes=1, seconds=0.2)
    world.select(alone)
    await until(lambda: window.preview.take is not None and window.preview.take.task_id == alone.id)
    world.key(Qt.Key.Key_B)

    assert not window.preview.comparing.is_blind
    assert NEEDS_TWO in [message.text for message in window.messages.messages]


@in_a_window
async def test_a_step_by_arrow_key_goes_on_with_the_next_sound_after_the_end_of_one_and_nothing_else_does(world):
    window = world.window
    tasks = [await world.make(prompt, takes=1, seconds=0.5) for prompt in ("rain", "wind", "bells")]
    task = tasks[-1]  # the newest is on top
    world.select(task)
    window.library.focus_list()
    await world.settle()
    world.key(Qt.Key.Key_Space)
    await until(lambda: window.transport.is_playing)
    await heard_out(world)

    world.key(Qt.Key.Key_Down)
    await until(lambda: window.transport.is_playing)
    assert window.preview.task.id != task.id
    await heard_out(world)

    world.select(task)  # by the mouse, a search, or the bin
    await world.settle()
    assert not window.transport.is_playing
    world.key(Qt.Key.Key_Down)  # after no end
    await world.settle()
    assert not window.transport.is_playing


async def heard_out(world):
    await until(lambda: world.card.take(4_800) is None or world.window.transport.state is PlayerState.ENDED)


@in_a_window
async def test_a_step_while_something_sounds_begins_the_next_at_its_start_but_a_loop_goes_on_in_step(world):
    window = world.window
    task = await world.make("rain", takes=3, seconds=SECONDS)
    world.select(task, 1)
    window.library.focus_list()
    await world.settle()
    world.key(Qt.Key.Key_Space)
    await until(lambda: window.transport.is_playing)
    world.card.take(9_600)
    await until(lambda: window.transport.position_frames > 0)

    world.key(Qt.Key.Key_Down)
    assert (window.preview.take.number, window.transport.position_frames) == (2, 0)
    world.card.take(4_800)
    await until(lambda: window.transport.position_frames > 0)
    assert window.transport.is_playing

    world.key(Qt.Key.Key_L)
    at = window.transport.position_frames
    world.key(Qt.Key.Key_Down)
    assert (window.preview.take.number, window.transport.position_frames) == (3, at)
