"""A waveform with its head and a switch to the spectrogram, as the preview has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.audio.files import inspect
from app.audio.peaks import build
from app.audio.spectrogram_axis import FrequencyAxis
from app.domain.errors import AppError
from app.ui.look_chooser import Look
from app.ui.preview_head import PreviewHead
from app.ui.recording import Recording
from app.ui.spectrogram_display import SpectrogramDisplay
from app.ui.spectrogram_switch import SpectrogramSwitch
from app.ui.theme import Theme
from app.ui.waveform_view import WaveformView
from tests.ui.waiting import WhileTheLoopRuns, until

RATE_HZ = 48_000
WIDTH, HEIGHT = 600, 324
FIRST_HZ, SECOND_HZ = 1_000, 6_000


def write_tones(path: Path, *, seconds: float = 2.0, channels: int = 2, level: float = 0.1) -> Path:
    """Left 1 kHz, right 6 kHz, at -20 dBFS; silent in the second half."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tones = [level * np.sin(2 * np.pi * hz * time_s) * (time_s < seconds / 2) for hz in (FIRST_HZ, SECOND_HZ)]
    soundfile.write(path, np.stack(tones[:channels], axis=1).astype(np.float32), RATE_HZ, subtype="FLOAT")
    return path


class Desk(QWidget):
    """A waveform with its head and a switch to the spectrogram, as the preview has them."""

    def __init__(self, theme: Theme, folder: Path) -> None:
        super().__init__()
        self._theme = theme
        self.folder = folder
        self.problems: list[AppError] = []
        self.background = WhileTheLoopRuns(self.problems.append)
        self.head = PreviewHead(theme)
        self.view = WaveformView(theme)
        self.row = QHBoxLayout()
        self.row.setSpacing(0)
        self.row.addWidget(self.view)
        self.switch = SpectrogramSwitch(self.head.looks, self.background, self._display_of, self)
        self.switch.failed.connect(self.problems.append)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.head)
        column.addLayout(self.row)
        self.view.setFixedSize(WIDTH, HEIGHT)

    def _display_of(self, display: type[SpectrogramDisplay]) -> SpectrogramDisplay:
        return display(
            self._theme, self.head, self.view, self.background, lambda widget: self.row.insertWidget(0, widget)
        )

    def put(self, path: Path) -> None:
        info = inspect(path)
        self.view.show_take(info.frames, info.sample_rate_hz, info.channels)
        self.view.show_peaks(build(path))
        self.switch.show_sound(Recording(path, info))

    @property
    def looks(self) -> Look:
        return self.head.looks.look

    @property
    def display(self) -> SpectrogramDisplay:
        assert self.switch._display is not None
        return self.switch._display

    async def is_drawn(self) -> None:
        """Until all that is in sight is there."""
        await until(lambda: self.switch._display is not None)
        layer = self.display.layer
        await until(
            lambda: self.image() and layer._picture and layer._frame and not layer._picture.missing(layer._frame)
        )
        layer.refresh()

    async def background_idle(self) -> None:
        await until(lambda: not len(self.background))

    def image(self) -> QImage:
        return self.view.grab().toImage()

    def y_of(self, lane: int, hz: float) -> int:
        place = self.view.lanes()[lane]
        return int(place.bottom() - FrequencyAxis.of(RATE_HZ).share_of(hz) * place.height())

    def point_at(self, x: int, y: int) -> None:
        QTest.mouseMove(self.view, QPoint(x, y))


def brightness(image: QImage, x: int, y: int) -> float:
    return image.pixelColor(x, y).lightnessF()


@asynccontextmanager
async def shown(theme: Theme, folder: Path, qtbot: QtBot) -> AsyncIterator[Desk]:
    """A desk on the screen, with two tones."""
    desk = Desk(theme, folder)
    qtbot.addWidget(desk)
    desk.show()
    desk.put(write_tones(folder / "tones.wav"))
    yield desk
    await desk.background.close()
    desk.switch.close()
