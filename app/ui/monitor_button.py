"""Which channels are heard: stereo, only the left or the right one, or both as one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from app.audio.player_events import Monitor
from app.ui.announcement import announce
from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.readouts import counted
from app.ui.theme import Theme

_WORDS = {
    Monitor.STEREO: ("Stereo", "ST", "Both channels are heard as they are."),
    Monitor.LEFT: ("Left", "L", "Only the left channel is heard, on both sides."),
    Monitor.RIGHT: ("Right", "R", "Only the right channel is heard, on both sides."),
    Monitor.MONO: ("Mono", "M", "Both channels are heard as one, as from a single loudspeaker."),
}
_ORDER = tuple(Monitor)
_MONO_TAKE = "This take is mono: there are no sides to listen to."


class MonitorButton(PaintedButton):
    """A click goes to the next way of listening; all but stereo are in the colour of a warning, to be remembered."""

    chosen = Signal(object)  # Monitor

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._monitor = Monitor.STEREO
        self._is_short = False
        self._channels = 2
        super().__init__(theme, "", Shape(28, 8), parent=parent)
        self.clicked.connect(self.step)
        self._refresh()

    @property
    def monitor(self) -> Monitor:
        return self._monitor

    def step(self) -> None:
        """Stereo, left, right, mono, and round again; nothing where there is one channel only."""
        if self.isEnabled():
            self._monitor = _ORDER[(_ORDER.index(self._monitor) + 1) % len(_ORDER)]
            self._refresh()
            announce(self, self.accessibleName())
            self.chosen.emit(self._monitor)

    def show_channels(self, channels: int) -> None:
        """How many the take has; 0 says nothing about that."""
        self._channels = channels
        self._refresh()

    def set_short(self, is_short: bool) -> None:
        """Letters in place of words, where there is little room."""
        if is_short != self._is_short:
            self._is_short = is_short
            self._refresh()

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        if not self.isEnabled():
            return Look("disabled")
        if self._monitor is not Monitor.STEREO:
            return Look("warn", fill="warn_tint", outline="warn")
        return Look(
            "text" if hovered or pressed else "text2", fill="pressed" if pressed else "hover" if hovered else None
        )

    def sizeHint(self) -> QSize:
        """As wide as its widest word: nothing beside it moves."""
        metrics = QFontMetrics(self.text_font(bold=False))
        widest = max(metrics.horizontalAdvance(words[self._is_short]) for words in _WORDS.values())
        return QSize(widest + 2 * self._theme.px(self._shape.padding), self._theme.px(self._shape.height))

    def _refresh(self) -> None:
        word, _, means = _WORDS[self._monitor]
        is_mono = self._channels == 1
        self.setEnabled(not is_mono)
        self.setText(_WORDS[self._monitor][self._is_short])
        self.setAccessibleName(f"Monitor: {word}")
        folded = f" Its {counted(self._channels, 'channel')} are folded down to two." if self._channels > 2 else ""
        tip = _MONO_TAKE if is_mono else f"{means}{folded} Click or C for the next: stereo, left, right, mono."
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        self.updateGeometry()
        self.update()
