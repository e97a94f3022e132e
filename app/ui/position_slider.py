"""What assistive technology sees of a waveform: a slider whose value is the position in milliseconds."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractSlider, QWidget


class PositionSlider(QAbstractSlider):
    """A slider without a picture of its own. Everything but its value counts in frames of the take."""

    moved_by_reader = Signal(float)  # frame: assistive technology has set the value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rate_hz = 48_000
        self.setOrientation(Qt.Orientation.Horizontal)
        # Our own changes are silent, so this is a screen reader.
        self.valueChanged.connect(lambda milliseconds: self.moved_by_reader.emit(milliseconds * self._rate_hz / 1000))

    def set_steps(self, step_s: float, long_step_s: float) -> None:
        """How far one key moves."""
        self.setSingleStep(round(step_s * 1000))
        self.setPageStep(round(long_step_s * 1000))

    def set_length(self, frames: int, sample_rate_hz: int) -> None:
        """The take is so long; the value stays inside."""
        self._rate_hz = max(sample_rate_hz, 1)
        with QSignalBlocker(self):
            self.setRange(0, self._milliseconds(max(frames, 0)))

    def tell(self, frame: int) -> None:
        """Where it is now; too often would be a flood while playing."""
        with QSignalBlocker(self):
            self.setValue(self._milliseconds(frame))

    def describe(self, text: str) -> None:
        """Say what can be done here, if that has changed."""
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def _milliseconds(self, frames: int) -> int:
        return round(frames * 1000 / self._rate_hz)
