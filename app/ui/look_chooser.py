"""How a take is looked at: as a waveform, as a spectrogram, or as both, one over the other."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.controls.segmented import Segment, SegmentedControl
from app.ui.theme import Theme


class Look(StrEnum):
    """What the lanes show."""

    WAVEFORM = "waveform"
    SPECTROGRAM = "spectrogram"
    BOTH = "both"


_NAMES = {
    Look.WAVEFORM: "Waveform",
    Look.SPECTROGRAM: "Spectrogram",
    Look.BOTH: "Waveform over spectrogram",
}
_ICONS = {Look.WAVEFORM: "audio-waveform", Look.SPECTROGRAM: "chart-no-axes-column", Look.BOTH: "layers"}
_KEYS = {Look.WAVEFORM: "S", Look.SPECTROGRAM: "S", Look.BOTH: "Shift+S"}


class LookChooser(SegmentedControl):
    """`look_changed` carries every `Look` that is taken, by hand or by key."""

    look_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Look", fits_words=True, parent=parent)
        self._has_words: bool | None = None
        self._look = Look.WAVEFORM
        self._look_below = Look.WAVEFORM
        self.show_words(has_words=True)
        self.set_value(self._look)
        self.changed.connect(lambda key: self.set_look(Look(key)))

    @property
    def look(self) -> Look:
        return self._look

    def set_look(self, look: Look) -> None:
        """Look at it this way from now on."""
        self.set_value(look)
        if look is not self._look:
            self._look = look
            if look is not Look.BOTH:
                self._look_below = look
            self.look_changed.emit(look)

    def toggle_spectrogram(self) -> None:
        """To the spectrogram, or back to the waveform."""
        self.set_look(Look.SPECTROGRAM if self._look is Look.WAVEFORM else Look.WAVEFORM)

    def toggle_overlay(self) -> None:
        """Both, or back to what was there before."""
        self.set_look(self._look_below if self._look is Look.BOTH else Look.BOTH)

    def show_words(self, *, has_words: bool) -> None:
        """With words beside the icons where there is room for them."""
        if has_words != self._has_words:
            self._has_words = has_words
            self.set_options([_segment(look, has_words=has_words and look is not Look.BOTH) for look in Look])
            for look in Look:
                self.set_tooltip(look, f"{_NAMES[look]} ({_KEYS[look]})")


def _segment(look: Look, *, has_words: bool) -> Segment:
    return Segment(look, _NAMES[look] if has_words else "", _ICONS[look], _NAMES[look])
