"""A take is on show, and can be played, while its audio still arrives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.audio.files import inspect
from app.audio.peaks_cache import PeaksCache
from app.audio.player_events import PlayerState
from app.audio.wav_head import read_wav_head
from app.domain.take import Failure, Take, TakeState
from app.domain.task import TaskState
from app.engine.live import Receiving
from app.ui.loop_region import LoopRegion
from app.ui.peaks_loader import PeaksLoader
from app.ui.preview_panel import PreviewPanel
from app.ui.recording import Recording
from app.ui.theme import Theme
from tests.audio.arriving import ArrivingWav
from tests.audio.conftest import noise
from tests.ui.listening_room import RATE_HZ, Room, take_of, task_of, write_tone
from tests.ui.waiting import until

TASK_ID = "0123456789ab"
ARRIVING = Take(f"{TASK_ID}-1", TASK_ID, "attempt", 1, "stream")


class Stage:
    """A preview of a task whose answer arrives as the test sends it."""

    def __init__(self, theme: Theme, folder: Path) -> None:
        self.room = Room()
        self.folder = folder
        self.transport = self.room.transport
        self.peaks = PeaksLoader(lambda: PeaksCache(folder / "cache"), self.room.background)
        self.panel = PreviewPanel(theme, self.transport, self.peaks, lambda take: folder / (take.file or ""), str)
        self.panel.resize(1000, 348)
        self.samples = noise(4 * RATE_HZ)
        self.wav = ArrivingWav(folder, self.samples)
        self.drawn: list[int] = []
        self.peaks.peaks_ready.connect(lambda peaks: self.drawn.append(peaks.frames))

    def receiving(self) -> Receiving:
        data = self.wav.path.read_bytes()
        head = read_wav_head(data)
        return Receiving(1, len(data), self.wav.path, head.info(len(data)) if head else None)

    def send_until(self, frame: int) -> None:
        """More arrives, and the window hears of it."""
        self.wav.send_until(frame)
        self.tell(self.receiving())

    def tell(self, receiving: Receiving | None, take: Take = ARRIVING, state: TaskState = TaskState.SUBMITTING) -> None:
        self.panel.show_task(replace(task_of(take), state=state), take.id, receiving)

    def store(self) -> Take:
        """The rest arrives, and the take is stored."""
        take = take_of(self.wav.finish(), task_id=TASK_ID)
        self.tell(None, take, TaskState.FINISHED)
        return take

    def break_off(self) -> None:
        """The connection breaks; what is there is kept."""
        file = self.wav.cut().name
        failure = Failure("outcome_unknown", "The connection broke.")
        self.tell(None, replace(ARRIVING, state=TakeState.BROKEN, file=file, failure=failure), TaskState.UNCERTAIN)

    async def play(self) -> None:
        QTest.mouseClick(self.button("Play"), Qt.MouseButton.LeftButton)
        await until(lambda: self.transport.is_playing)

    async def hear(self, seconds: float) -> np.ndarray:
        """What the sound card gets in so much time; the player is given the time to decode."""
        parts = []
        for _ in range(round(seconds * 10)):
            parts.append(self.room.card.take(RATE_HZ // 10))
            told: list[object] = []
            self.room.players[0]._wish(told.append)
            await until(lambda told=told: told)
        heard = np.concatenate(parts)
        return heard[heard.any(axis=1)]

    def button(self, name: str) -> QAbstractButton:
        return next(
            each for each in self.panel.findChildren(QAbstractButton) if name in (each.accessibleName(), each.text())
        )

    def has_label(self, text: str) -> bool:
        return any(each.text() == text and each.isVisible() for each in self.panel.findChildren(QLabel))


@pytest.fixture
async def stage(theme: Theme, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Stage]:
    stage = Stage(theme, tmp_path)
    qtbot.addWidget(stage.panel)
    stage.panel.show()
    yield stage
    stage.peaks.close()
    await stage.room.close()


async def test_play_comes_with_the_first_half_second_and_export_with_the_last_byte(stage: Stage) -> None:
    stage.send_until(RATE_HZ // 2 - 1)
    assert not stage.button("Play").isEnabled()
    assert stage.button("Play").toolTip() == "Receiving…"
    stage.panel.toggle_play()
    assert stage.has_label("Receiving…")

    stage.send_until(RATE_HZ // 2)
    assert stage.button("Play").isEnabled()
    assert stage.button("Play").toolTip() == "Play (Space)"
    assert not stage.button("Export").isEnabled()
    exports: list[object] = []
    stage.panel.export_wanted.connect(lambda *wanted: exports.append(wanted))
    stage.panel.export()
    assert exports == []

    stage.store()
    assert stage.button("Export").isEnabled()
    assert not stage.has_label("Receiving…")
    assert stage.transport.state is not PlayerState.PLAYING


async def test_the_waveform_grows_with_what_is_there(stage: Stage) -> None:
    stage.send_until(RATE_HZ)
    await until(lambda: stage.drawn)
    assert stage.panel.bar.time_text == "00:00.000 / 0:01.0…"

    stage.send_until(2 * RATE_HZ)
    await until(lambda: stage.drawn[-1] > RATE_HZ)
    assert stage.panel.bar.time_text == "00:00.000 / 0:02.0…"
    assert stage.panel.waveform.span.total == 2 * RATE_HZ
    assert stage.panel.waveform.span.is_whole

    stage.store()
    await until(lambda: stage.drawn[-1] == 4 * RATE_HZ)
    assert stage.panel.bar.time_text == "00:00.000 / 00:04.000"
    assert stage.panel.waveform.span.total == 4 * RATE_HZ


async def test_at_the_end_of_what_is_there_it_says_buffering_and_goes_on(stage: Stage) -> None:
    stage.send_until(RATE_HZ)
    await stage.play()

    first = await stage.hear(2)
    await until(lambda: stage.has_label("Buffering"))
    assert stage.transport.is_playing
    assert stage.button("Pause").isEnabled()
    stage.send_until(2 * RATE_HZ)
    await until(lambda: stage.has_label("Receiving…"))
    second = await stage.hear(0.5)
    stage.store()
    rest = await stage.hear(4)
    await until(lambda: stage.transport.state is PlayerState.ENDED)

    assert np.array_equal(np.concatenate([first, second, rest]), stage.samples)
    assert stage.room.players[0].underruns == 0
    assert stage.room.failures == []


async def test_position_and_selection_stay_when_it_is_stored(stage: Stage) -> None:
    stage.send_until(2 * RATE_HZ)
    await until(lambda: stage.transport.state is not PlayerState.EMPTY)
    stage.panel.waveform.region_changed.emit(LoopRegion(RATE_HZ // 2, RATE_HZ))
    stage.panel.waveform.zoom_in()
    span = stage.panel.waveform.span
    await until(lambda: stage.room.players[0].position_frames == RATE_HZ // 2)

    stage.store()
    await until(lambda: stage.room.players[0].duration_frames == 4 * RATE_HZ)

    assert stage.panel.region == LoopRegion(RATE_HZ // 2, RATE_HZ)
    assert stage.panel.waveform.position == RATE_HZ // 2 == stage.room.players[0].position_frames
    assert (stage.panel.waveform.span.start, stage.panel.waveform.span.end) == (span.start, span.end)


async def test_a_break_lets_the_sound_end_and_then_says_incomplete(stage: Stage) -> None:
    told: list[bool] = []
    stage.transport.ended_early.connect(lambda: told.append(True))
    stage.send_until(RATE_HZ)
    await stage.play()
    await stage.hear(0.5)

    stage.break_off()
    assert stage.panel.waveform.isVisible()
    await stage.hear(1)
    await until(lambda: told)
    await until(lambda: stage.panel._well.isVisible())

    assert stage.panel._well.text.startswith("Incomplete")
    assert not stage.button("Play").isEnabled()
    assert stage.button("Play").toolTip() == "Play (Space)"
    await until(lambda: stage.transport.state is PlayerState.EMPTY)


async def test_a_break_in_silence_says_incomplete_at_once(stage: Stage) -> None:
    stage.send_until(RATE_HZ)

    stage.break_off()

    assert stage.panel._well.isVisible()
    assert stage.panel._well.text.startswith("Incomplete")
    assert not stage.has_label("Receiving…")


async def test_what_is_there_of_a_take_that_broke_off_is_heard_but_not_handed_over(stage: Stage) -> None:
    wanted: list[Take] = []
    stage.panel.kept_wanted.connect(wanted.append)
    stage.send_until(RATE_HZ)
    stage.break_off()
    [take] = wanted
    kept = stage.folder / (take.file or "")

    stage.panel.show_kept(take, Recording(kept, inspect(kept)))
    await stage.play()

    assert np.array_equal(await stage.hear(0.5), stage.samples[: RATE_HZ // 2])
    assert stage.has_label("Incomplete")
    assert stage.has_label("WAV · 48 kHz · stereo")
    assert not stage.button("Export").isEnabled()
    assert "broke off" in stage.button("Export").toolTip()
    assert (stage.panel.shown_takes, stage.panel.clip.is_shown) == ([], False)
    stage.panel.show_task(stage.panel.task, take.id)  # it has only news
    assert stage.transport.is_playing
    assert wanted == [take]


async def test_what_arrives_anew_after_a_break_is_shown_once_the_old_sound_has_ended(stage: Stage) -> None:
    stage.send_until(RATE_HZ)
    await stage.play()
    await stage.hear(0.2)
    stage.wav.cut().unlink()
    stage.tell(None)
    stage.wav = ArrivingWav(stage.folder, noise(4 * RATE_HZ, seed=7))
    stage.send_until(2 * RATE_HZ)
    assert stage.panel.waveform.span.total == RATE_HZ

    await stage.hear(1.5)
    await until(lambda: stage.panel.waveform.span.total == 2 * RATE_HZ)

    assert stage.button("Play").isEnabled()
    assert not stage.transport.is_playing


async def test_other_formats_wait_for_their_last_byte(stage: Stage) -> None:
    stage.tell(Receiving(1, 90_000, stage.folder / "take.partial"))

    assert not stage.button("Play").isEnabled()
    assert stage.button("Play").toolTip() == "Receiving…"
    assert stage.has_label("Receiving…")
    assert stage.panel._well.text == "Take 1 is arriving. It can be heard once it is whole."
    assert not stage.button("Export").isEnabled()


async def test_a_take_that_is_whole_before_it_could_be_opened_is_simply_there(stage: Stage) -> None:
    stage.wav.send_until(RATE_HZ)
    early = stage.receiving()
    take = take_of(stage.wav.finish(), task_id=TASK_ID)

    stage.tell(early)
    stage.tell(None, take, TaskState.FINISHED)
    await until(lambda: stage.transport.state is PlayerState.STOPPED)

    assert stage.room.failures == []
    assert stage.room.players[0].duration_frames == 4 * RATE_HZ


async def test_another_take_falls_in_between_and_back(stage: Stage) -> None:
    stage.send_until(RATE_HZ)
    other = take_of(write_tone(stage.folder / "other.wav"), task_id="ffffffffffff")
    stage.panel.show_task(task_of(other, task_id="ffffffffffff"))
    await until(lambda: stage.room.players and stage.room.players[0].path == stage.folder / "other.wav")
    assert stage.button("Export").isEnabled()
    assert not stage.has_label("Receiving…")

    stage.send_until(2 * RATE_HZ)
    await until(lambda: stage.room.players[0].path == stage.wav.path)

    assert stage.panel.waveform.span.total == 2 * RATE_HZ
    assert not stage.button("Export").isEnabled()


async def test_the_transport_bar_keeps_its_size_in_a_narrow_panel(stage: Stage) -> None:
    stage.send_until(RATE_HZ)
    stage.panel.resize(744, 282)
    QApplication.processEvents()
    bar = stage.panel.bar

    parts = sorted(
        (part.geometry().left(), part.geometry().right())
        for part in bar.children()
        if hasattr(part, "isVisible") and part.isVisible()
    )

    assert all(before[1] < after[0] for before, after in pairwise(parts))
    assert parts[-1][1] < bar.width()


async def test_the_window_hears_how_much_has_arrived_and_where_it_is_stored(stage: Stage) -> None:
    sounds: list[Recording | None] = []
    moved: list[tuple[Path, Path]] = []
    stage.panel.sound_changed.connect(sounds.append)
    stage.panel.sound_stored.connect(lambda *paths: moved.append(paths))
    growing = stage.wav.path

    stage.send_until(RATE_HZ)
    stage.send_until(2 * RATE_HZ)
    take = stage.store()

    assert [(each.path, each.info.frames, each.is_growing) for each in sounds if each] == [
        (growing, RATE_HZ, True),
        (growing, 2 * RATE_HZ, True),
        (stage.wav.path, 4 * RATE_HZ, False),
    ]
    assert moved == [(growing, stage.folder / (take.file or ""))]


async def test_of_a_take_that_broke_off_nothing_more_is_read(stage: Stage) -> None:
    sounds: list[Recording | None] = []
    stage.panel.sound_changed.connect(sounds.append)
    stage.send_until(RATE_HZ)

    stage.break_off()

    assert sounds[-1] is None


@pytest.mark.parametrize("is_playing", [False, True])
async def test_between_the_last_byte_and_the_news_that_it_is_stored_nothing_flickers(
    stage: Stage, is_playing: bool
) -> None:
    sounds: list[Recording | None] = []
    stage.send_until(RATE_HZ)
    if is_playing:
        await stage.play()
    stage.panel.sound_changed.connect(sounds.append)

    stage.tell(None)
    assert stage.panel.waveform.span.total == RATE_HZ
    take = stage.store()

    assert sounds == [Recording(stage.folder / (take.file or ""), take.info)]
    assert stage.transport.is_playing is is_playing


async def test_what_is_sent_anew_after_an_end_that_nobody_explained_begins_at_its_start(stage: Stage) -> None:
    stage.send_until(2 * RATE_HZ)
    await stage.play()
    await stage.hear(0.1)
    stage.transport.pause()
    await until(lambda: not stage.transport.is_playing)
    stage.tell(None)
    stage.wav.cut().unlink()
    anew = noise(4 * RATE_HZ, seed=7)
    stage.wav = ArrivingWav(stage.folder, anew)

    sounds: list[Recording | None] = []
    stage.panel.sound_changed.connect(sounds.append)
    stage.send_until(RATE_HZ // 2)
    stage.send_until(RATE_HZ)
    await stage.play()

    assert sounds[0] is None  # nothing of the sound before is taken for this one
    assert stage.panel.waveform.span.total == RATE_HZ
    heard = await stage.hear(0.2)
    rest = len(heard) // 2  # before that it fades in
    assert np.allclose(heard[rest:], anew[rest : len(heard)], atol=2**-15)
