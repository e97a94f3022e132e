from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.audio.player_events import Levels, PlayerState
from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.errors import PlaybackError
from app.domain.take import Failure, Take, TakeState
from app.domain.task import TaskState
from app.ui.loop_region import LoopRegion
from app.ui.selection_dialog import SelectionDialog
from app.ui.take_on_show import NOTHING_SELECTED
from app.ui.theme import Theme
from tests.fakes.measures import SHORT, measures_of
from tests.ui.listening_room import RATE_HZ, take_of, task_of, write_tone
from tests.ui.preview_stage import Preview, shown
from tests.ui.waiting import until

DIRECTLY = Qt.FindChildOption.FindDirectChildrenOnly


@pytest.fixture
async def preview(theme: Theme, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Preview]:
    async with shown(theme, tmp_path, qtbot) as preview:
        yield preview


def has_wave(preview: Preview, theme: Theme) -> bool:
    image = preview.panel.waveform.grab().toImage()
    wave = theme.color("wcore").name()
    return any(image.pixelColor(x, 80).name() == wave for x in range(100, 200))


async def test_a_failure_names_the_service_as_the_messages_do(preview: Preview) -> None:
    failed = replace(preview.task, takes=(), state=TaskState.FAILED, failure=Failure("quota_exhausted", ""))

    preview.panel.show_task(failed)

    assert preview.panel._well.text.startswith("Acme Audio has no credit left.")


async def test_without_a_task_it_says_what_to_do(preview: Preview) -> None:
    assert not preview.panel.bar.isVisible()
    assert preview.panel._well.text == NOTHING_SELECTED


async def test_a_selection_of_a_real_take_comes_to_rest_where_it_does_not_click(preview: Preview) -> None:
    await preview.show()
    view = preview.panel.waveform
    view.selection.set_snapping(True)
    period = RATE_HZ / 220

    view.selection.choose(LoopRegion(10_000, 20_000))
    await until(lambda: view.region != LoopRegion(10_000, 20_000))

    assert view.region is not None
    for end, asked in ((view.region.start, 10_000), (view.region.end, 20_000)):
        assert abs(end / period - round(end / period)) * period <= 1  # the tone rises through zero
        assert abs(end - asked) <= period


async def test_the_ends_of_a_selection_can_be_typed(preview: Preview) -> None:
    await preview.show()
    QTest.mouseDClick(preview.panel.waveform, Qt.MouseButton.LeftButton, pos=QPoint(300, 10))
    (dialog,) = preview.panel.window().findChildren(SelectionDialog)

    dialog.start.setText("0:00.5")
    dialog.end.setText("1.25 s")
    QTest.keyClick(dialog.end, Qt.Key.Key_Return)

    assert preview.panel.region == LoopRegion(24_000, 60_000)


async def test_a_take_is_shown_with_its_numbers(preview: Preview, theme: Theme) -> None:
    await preview.show(take_id="0123456789ab-2")
    await until(lambda: has_wave(preview, theme))

    assert preview.panel.head.title.text() == "Heavy rain on a tin roof"
    assert preview.panel.head.format.text() == "WAV · 48 kHz · stereo"
    assert preview.panel.bar.time_text == "00:00.000 / 00:03.000"
    assert preview.panel.bar.lufs.value == "−12.8"
    assert preview.panel.bar.dbtp.value == "−1.9"
    assert preview.panel.bar.lra.value == "5.8"


async def test_play_and_pause_and_back_to_the_start(preview: Preview) -> None:
    await preview.show()
    preview.press("Play")
    await until(lambda: preview.transport.is_playing)
    preview.room.hear(RATE_HZ)
    await until(lambda: preview.panel.waveform.position > RATE_HZ // 2)

    preview.press("Pause")
    await until(lambda: preview.transport.state is PlayerState.PAUSED)
    assert preview.panel.bar.time_text.startswith("00:00.9")
    preview.press("To the start")

    assert preview.panel.bar.time_text == "00:00.000 / 00:02.000"


async def test_a_click_in_the_waveform_seeks(preview: Preview) -> None:
    await preview.show()
    view = preview.panel.waveform

    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 2, 100))

    assert view.position == pytest.approx(RATE_HZ, abs=200)
    await until(lambda: preview.room.players[0].position_frames == view.position)


async def test_dragging_the_playhead_lets_what_lies_under_it_be_heard(preview: Preview) -> None:
    await preview.show()
    await until(lambda: preview.room.players and preview.room.players[0].path is not None)
    view = preview.panel.waveform
    y = 10  # in the ruler

    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 4, y))
    QTest.mouseMove(view, QPoint(view.width() // 3, y))
    QTest.mouseMove(view, QPoint(view.width() // 2, y))
    assert view.position == pytest.approx(RATE_HZ, abs=400)
    assert preview.panel.bar.time_text.startswith(("00:00.99", "00:01.00"))
    await until(lambda: preview.room.card.stream is not None)
    await until(lambda: np.abs(preview.room.card.take(480)).max() > 0.1)
    await until(lambda: not preview.panel.meter.is_at_rest)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 2, y))

    await until(lambda: preview.room.players[0].position_frames == view.position)
    assert not preview.transport.is_playing


async def test_numbers_switch_takes_at_the_same_position_while_it_plays(preview: Preview) -> None:
    await preview.show()
    await preview.play()
    preview.room.hear(RATE_HZ)
    await until(lambda: preview.panel.waveform.position > RATE_HZ // 2)

    QTest.keyClick(preview.panel, Qt.Key.Key_2)
    await until(lambda: preview.room.players[0].path == preview.path_of(preview.takes[1]))

    assert preview.transport.is_playing
    assert preview.panel.waveform.position > RATE_HZ // 2
    assert preview.panel.take is preview.takes[1]
    assert preview.chosen == ["0123456789ab-2"]


async def test_a_shorter_take_begins_at_its_start(preview: Preview) -> None:
    await preview.show()
    preview.transport.seek(RATE_HZ * 3 // 2)

    preview.panel.choose_number(3)

    assert preview.panel.waveform.position == 0


async def test_another_task_plays_from_its_start_if_something_was_playing(preview: Preview, tmp_path: Path) -> None:
    await preview.show()
    await preview.play()
    preview.room.hear(RATE_HZ)
    await until(lambda: preview.panel.waveform.position > RATE_HZ // 2)
    other = take_of(write_tone(tmp_path / "other.wav"), task_id="ffffffffffff")

    preview.panel.show_task(task_of(other, task_id="ffffffffffff"))
    assert preview.panel.waveform.position == 0
    await until(lambda: preview.room.players[0].path == tmp_path / "other.wav")
    await until(lambda: preview.transport.is_playing)


async def test_another_task_stays_silent_if_nothing_was_playing(preview: Preview, tmp_path: Path) -> None:
    await preview.show()
    other = take_of(write_tone(tmp_path / "other.wav"), task_id="ffffffffffff")

    preview.panel.show_task(task_of(other, task_id="ffffffffffff"))
    await until(lambda: preview.room.players[0].path == tmp_path / "other.wav")

    assert preview.transport.state is PlayerState.STOPPED


async def test_news_of_the_task_never_interrupts_the_sound(preview: Preview, tmp_path: Path) -> None:
    await preview.show()
    await preview.play()
    preview.room.hear(RATE_HZ // 2)
    await until(lambda: preview.panel.waveform.position > 0)
    measured = replace(preview.takes[0], measures=measures_of(-12.8, -1.3))
    another = take_of(write_tone(tmp_path / "4.wav"), 4)

    preview.panel.show_task(task_of(measured, *preview.takes[1:], another), "0123456789ab-1")

    assert preview.panel.waveform.position > 0
    assert preview.panel.bar.dbtp.value == "−1.3"
    preview.room.hear(4_800)
    assert preview.transport.is_playing


async def test_a_selection_loops_when_the_loop_is_on(preview: Preview) -> None:
    await preview.show()
    view = preview.panel.waveform
    view.show_position(4_800)
    QTest.keyClick(view, Qt.Key.Key_O)
    assert preview.panel.region == LoopRegion(0, 4_800)

    QTest.keyClick(preview.panel, Qt.Key.Key_L)
    await preview.play()
    for _ in range(5):
        preview.room.hear(4_000)
        await until(lambda: preview.room.players[0].position_frames <= 4_800)

    assert preview.transport.is_playing
    assert preview.button("Loop").isChecked()


async def test_a_selection_stays_while_takes_are_compared(preview: Preview) -> None:
    await preview.show()
    preview.panel.waveform.region_changed.emit(LoopRegion(RATE_HZ // 2, RATE_HZ * 3 // 2))

    preview.panel.choose_number(2)
    assert preview.panel.region == LoopRegion(RATE_HZ // 2, RATE_HZ * 3 // 2)
    preview.panel.choose_number(3)

    assert preview.panel.region == LoopRegion(RATE_HZ // 2, RATE_HZ)
    preview.panel.choose_number(1)
    assert preview.panel.region == LoopRegion(RATE_HZ // 2, RATE_HZ * 3 // 2), "the short take shows less of it"
    preview.press("Clear the selection")
    preview.panel.choose_number(2)
    assert preview.panel.region is None


@pytest.mark.parametrize("is_blind", [False, True], ids=["seen", "hidden"])
async def test_a_selection_is_the_same_time_in_a_take_of_another_sample_rate(
    preview: Preview, monkeypatch: pytest.MonkeyPatch, *, is_blind: bool
) -> None:
    tone = np.zeros((3 * RATE_HZ // 2, 2), np.float32)
    soundfile.write(preview.folder / "2.wav", tone, RATE_HZ // 2, subtype="PCM_16")
    preview.task = task_of(preview.takes[0], take_of(preview.folder / "2.wav", 2))
    loops: list[LoopRegion | None] = []
    await preview.show()
    preview.panel.waveform.region_changed.emit(LoopRegion(RATE_HZ // 2, RATE_HZ + 1))
    QTest.keyClick(preview.panel, Qt.Key.Key_L)
    monkeypatch.setattr(preview.transport, "set_loop", loops.append)
    if is_blind:
        preview.panel.comparing._shuffle = lambda ids: ids.reverse()
        preview.panel.comparing.toggle_blind()
        preview.panel.choose_number(2)
    else:
        preview.panel.choose_number(2)
        assert preview.panel.region == LoopRegion(RATE_HZ // 4, RATE_HZ // 2)
        preview.panel.choose_number(1)
        assert preview.panel.region == LoopRegion(RATE_HZ // 2, RATE_HZ + 1), "as it was chosen, not rounded twice"

    assert set(loops) == {LoopRegion(RATE_HZ // 4, RATE_HZ // 2), LoopRegion(RATE_HZ // 2, RATE_HZ + 1)}


async def test_export_carries_the_take_and_what_is_selected_of_it(preview: Preview) -> None:
    await preview.show()
    preview.press("Export")
    preview.panel.waveform.region_changed.emit(LoopRegion(10, 20))
    QTest.keyClick(preview.panel, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)

    assert preview.exports == [(["0123456789ab-1"], None), (["0123456789ab-1"], LoopRegion(10, 20))]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (TakeState.ANNOUNCED, "is being fetched"),
        (TakeState.BROKEN, "isn’t playable audio"),
        (TakeState.EXPIRED, "no longer valid"),
        (TakeState.FAILED, "The service made nothing"),
    ],
)
async def test_a_take_that_cannot_be_heard_says_why(preview: Preview, state: TakeState, words: str) -> None:
    failure = Failure("generation_failed", "The service made nothing for this one.")
    silent = Take("0123456789ab-4", "0123456789ab", "a", 4, "r", state, failure=failure)

    preview.panel.show_task(task_of(*preview.takes, silent), silent.id)

    assert words in preview.panel._well.text
    assert not preview.button("Play").isEnabled()
    assert not preview.button("Export").isEnabled()
    preview.panel.toggle_play()
    preview.panel.export()
    assert preview.exports == []


async def test_a_running_task_says_that_takes_will_come(preview: Preview) -> None:
    preview.panel.show_task(replace(task_of(), state=TaskState.RUNNING))

    assert preview.panel._well.text == "The takes appear here as they arrive."


async def test_an_answer_for_an_earlier_take_is_dropped(preview: Preview, theme: Theme) -> None:
    seen: list[int] = []
    preview.peaks.peaks_ready.connect(lambda peaks: seen.append(peaks.frames))

    for take in preview.takes:
        preview.panel.show_task(preview.task, take.id)
    await until(lambda: seen)
    await until(lambda: len(preview.room.background) == 0)

    assert seen == [RATE_HZ]


async def test_a_close_zoom_reads_samples(preview: Preview, theme: Theme) -> None:
    got: list[int] = []
    preview.peaks.samples_ready.connect(lambda start, _block: got.append(start))
    await preview.show()
    await until(lambda: has_wave(preview, theme))

    for _ in range(8):
        preview.press("Zoom in")
    await until(lambda: got)

    assert not preview.panel.waveform.span.is_whole
    preview.press("Show all")
    assert preview.panel.waveform.span.is_whole


async def test_a_file_that_is_gone_is_told(preview: Preview) -> None:
    failures: list[Exception] = []
    preview.peaks.failed.connect(failures.append)
    preview.path_of(preview.takes[0]).unlink()

    preview.panel.show_task(preview.task)
    await until(lambda: failures)


async def test_no_sound_device_leaves_the_picture(preview: Preview, theme: Theme) -> None:
    preview.room.missing = PlaybackError("No output device.")

    preview.panel.show_task(preview.task)
    await until(lambda: has_wave(preview, theme))
    preview.panel.toggle_play()
    await until(lambda: preview.room.failures)


async def test_full_scale_is_said_in_a_word_until_it_is_clicked_away(preview: Preview, tmp_path: Path) -> None:
    await preview.show()
    loud = Levels((0.5, 1.0), (0.3, 0.7))
    bar, meter = preview.panel.bar, preview.panel.meter
    preview.transport.levels_changed.emit(loud, 0.016)
    assert (bar.dbtp.alarm, meter.is_clipped) == ("clip", True)

    QTest.mouseClick(bar.dbtp, Qt.MouseButton.LeftButton)
    assert (bar.dbtp.alarm, meter.is_clipped) == ("", False)
    preview.transport.levels_changed.emit(loud, 0.016)
    QTest.mouseClick(meter, Qt.MouseButton.LeftButton)

    assert (bar.dbtp.alarm, meter.is_clipped) == ("", False)


async def test_a_very_short_take_shows_its_momentary_loudness_under_its_own_name(
    preview: Preview, tmp_path: Path
) -> None:
    path = write_tone(tmp_path / "short.wav", frames=RATE_HZ // 5)
    unmeasured = take_of(path, task_id="ffffffffffff")
    await preview.show(task_of(unmeasured, task_id="ffffffffffff"))
    bar = preview.panel.bar
    assert (bar.lufs.value, bar.dbtp.value, bar.lra.value) == ("–", "–", "–")

    preview.panel.show_task(task_of(replace(unmeasured, measures=SHORT), task_id="ffffffffffff"))

    assert (bar.lufs.value, bar.lufs.accessibleName()) == ("−18.2", "LUFS M: −18.2")
    assert "shorter than 400 ms" in bar.lufs.toolTip()
    assert "three seconds" in bar.lra.toolTip()
    preview.panel.show_task(preview.task)
    assert bar.lufs.accessibleName() == "LUFS: −12.8"


async def test_a_click_on_a_value_copies_it(preview: Preview) -> None:
    await preview.show()

    QTest.mouseClick(preview.panel.bar.lufs, Qt.MouseButton.LeftButton)

    assert QApplication.clipboard().text() == "−12.8 LUFS"


async def test_everything_in_a_narrow_panel_keeps_its_size(preview: Preview) -> None:
    await preview.show()
    preview.panel.waveform.region_changed.emit(LoopRegion(10, 4_000))

    preview.panel.resize(744, 282)
    QApplication.processEvents()
    bar = preview.panel.bar
    parts = [part for part in bar.findChildren(QWidget, options=DIRECTLY) if part.isVisible()]
    edges = sorted((part.geometry().left(), part.geometry().right()) for part in parts)
    assert all(before[1] < after[0] for before, after in pairwise(edges))
    assert edges[-1][1] < bar.width()
    assert preview.panel.overview.height() == 22


async def test_a_take_is_switched_to_as_it_was_trimmed(preview: Preview) -> None:
    preview.panel.edit_of = lambda take: ClipEdit(0, 20_000) if take.number == 2 else WHOLE
    await preview.show()
    await preview.play()

    preview.panel.choose_number(2)
    player = preview.room.players[-1]
    await until(lambda: player.path == preview.folder / "2.wav")
    preview.room.hear(24_000)
    await until(lambda: preview.transport.state is PlayerState.ENDED)

    assert player.position_frames == 20_000


async def test_the_next_take_is_heard_from_its_start_where_one_was_heard_to_its_end(preview: Preview) -> None:
    await preview.show(take_id=preview.takes[2].id)
    await preview.play()
    await until(lambda: preview.room.hear(4_800) or preview.transport.state is PlayerState.ENDED)

    QTest.keyClick(preview.panel, Qt.Key.Key_2)

    await until(lambda: preview.transport.is_playing)
    preview.room.hear(RATE_HZ // 4)
    assert preview.room.players[0].position_frames <= RATE_HZ // 4
    QTest.keyClick(preview.panel, Qt.Key.Key_Space)
    await until(lambda: preview.transport.state is PlayerState.PAUSED)
    QTest.keyClick(preview.panel, Qt.Key.Key_1)
    assert not preview.transport.is_playing


async def test_the_overview_of_a_short_take_shows_its_samples(preview: Preview, theme: Theme) -> None:
    click = np.zeros((RATE_HZ // 20, 1), np.float32)
    click[1_200] = 0.9
    soundfile.write(preview.folder / "1.wav", click, RATE_HZ, subtype="PCM_16")
    await preview.show(task_of(take_of(preview.folder / "1.wav")))

    def loud_columns() -> list[int]:
        overview = preview.panel.overview.grab().toImage()
        height, wave = overview.height() // 4, theme.color("wpeak").name()
        return [x for x in range(overview.width()) if overview.pixelColor(x, height).name() == wave]

    await until(lambda: loud_columns() and len(loud_columns()) <= 2)
    assert abs(loud_columns()[0] - preview.panel.overview.width() // 2) <= 1
