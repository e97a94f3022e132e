"""A waveform on a desk: a second of sound, what it announces, and a hand on mouse, wheel and picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.audio.peaks import build
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.time_ruler import RULER_PX
from app.ui.view_span import ViewSpan
from app.ui.waveform_view import WaveformView
from tests.ui.listening_room import RATE_HZ

WIDTH, HEIGHT = 600, 224
FRAMES = RATE_HZ
LANES_Y = 100


def laid_out(theme: Theme, qtbot: QtBot, path: Path) -> WaveformView:
    """A view of a file that is `FRAMES` long."""
    view = WaveformView(theme)
    qtbot.addWidget(view)
    view.resize(WIDTH, HEIGHT)
    view.show_take(FRAMES, RATE_HZ, 2)
    view.show_peaks(build(path))
    view.show()
    return view


class Said:
    """What a view announced."""

    def __init__(self, view: WaveformView) -> None:
        self.seeks: list[int] = []
        self.regions: list[LoopRegion | None] = []
        self.spans: list[ViewSpan] = []
        self.samples: list[tuple[int, int]] = []
        self.scrubs: list[int | str] = []
        self.points: list[QPointF | None] = []
        view.seek_wanted.connect(self.seeks.append)
        view.region_changed.connect(self.regions.append)
        view.span_changed.connect(self.spans.append)
        view.samples_wanted.connect(lambda start, frames: self.samples.append((start, frames)))
        view.scrub_started.connect(lambda frame: self.scrubs.extend(("start", frame)))
        view.scrubbed.connect(self.scrubs.append)
        view.scrub_ended.connect(lambda: self.scrubs.append("end"))
        view.pointed.connect(self.points.append)


def drag(
    view: QWidget,
    start: int,
    end: int,
    y: int = LANES_Y,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, held, QPoint(start, y))
    for x in (start + (end - start) // 2, end):
        QTest.mouseMove(view, QPoint(x, y))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, held, QPoint(end, y))


def click(view: QWidget, x: int, y: int = LANES_Y, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, held, QPoint(x, y))


def turn_wheel(view: QWidget, x: int, notches: int, *, shift: bool = False) -> None:
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    at = QPointF(x, LANES_Y)
    event = QWheelEvent(
        at,
        view.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def image_of(view: QWidget) -> QImage:
    return view.grab().toImage()


def height_of_wave(image: QImage, x: int, colours: set[str]) -> int:
    return sum(image.pixelColor(x, y).name() in colours for y in range(RULER_PX, image.height()))
