"""A position in a take, and what assistive technology sees of it: a slider whose value are milliseconds."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractSlider, QWidget


class PositionSlider(QAbstractSlider):
    """A slider without a picture of its own. Everything but its value counts in frames of the take."""

    told = Signal()  # where the playhead is, to assistive technology: more can be said of that place now
    seek_wanted = Signal(object)  # int, a frame: in 32 bits, as Signal(int) has them, are three hours at 192 kHz

    def __init__(self, step_s: float, long_step_s: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rate_hz = 48_000
        self._frames = 0
        self._position = 0
        self._is_sent = False
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSingleStep(round(step_s * 1000))
        self.setPageStep(round(long_step_s * 1000))
        # Our own changes are silent: this is a screen reader that moved the slider.
        self.valueChanged.connect(lambda milliseconds: self.seek(milliseconds * self._rate_hz / 1000))

    @property
    def position(self) -> int:
        return self._position

    @property
    def sample_rate_hz(self) -> int:
        """What its frames are counted at."""
        return self._rate_hz

    def set_length(self, frames: int, sample_rate_hz: int) -> None:
        """The take is so long; the value stays inside."""
        self._frames, self._rate_hz = max(frames, 0), max(sample_rate_hz, 1)
        with QSignalBlocker(self):
            self.setRange(0, self._milliseconds(self._frames))

    def announce_position(self) -> None:
        """Tell assistive technology where the playhead is; too often would be a flood while playing."""
        with QSignalBlocker(self):
            self.setValue(self._milliseconds(self._position))
        self.told.emit()

    def describe(self, text: str) -> None:
        """Say what can be done here, if that has changed."""
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def seek(self, frame: float) -> None:
        """Ask for the playhead to be somewhere in the take."""
        self._is_sent = True  # by hand: wherever it goes, it wants to be seen
        self.seek_wanted.emit(round(min(max(frame, 0), self._frames)))

    def nudge(self, seconds: float) -> None:
        """Ask for the playhead to move by a bit."""
        self.seek(self._position + seconds * self._rate_hz)

    def _milliseconds(self, frames: int) -> int:
        return round(frames * 1000 / self._rate_hz)
