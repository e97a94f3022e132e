"""The spectrogram in the window: layers on the waveform, an axis beside it, a range in the head, tiles behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtWidgets import QWidget

from app.audio.spectrogram_axis import FrequencyAxis
from app.ui.background import Background
from app.ui.look_chooser import Look
from app.ui.preview_head import PreviewHead
from app.ui.recording import Recording
from app.ui.spectrogram_axis_strip import SpectrogramAxisStrip
from app.ui.spectrogram_layer import SpectrogramLayer
from app.ui.spectrogram_loader import SpectrogramLoader
from app.ui.spectrogram_picture import SpectrogramPicture
from app.ui.spectrogram_range import SpectrogramRange
from app.ui.spectrogram_readout import SpectrogramReadout, loudest_text
from app.ui.theme import Theme
from app.ui.wave_layers import Depth
from app.ui.waveform_view import WaveformView

_WAVE_OVER_SPECTROGRAM = 0.6


class SpectrogramDisplay(QObject):
    """Shows and hides; while it is hidden, or there is no sound, nothing is computed.

    Args:
        put_left: Puts the axis left of the waveform.
    """

    failed = Signal(object)  # AppError

    def __init__(
        self,
        theme: Theme,
        head: PreviewHead,
        view: WaveformView,
        background: Background,
        put_left: Callable[[QWidget], None],
    ) -> None:
        super().__init__()
        self._head = head
        self._view = view
        self._loader = SpectrogramLoader(background, self)
        self._sound: Recording | None = None
        self.range = SpectrogramRange(theme)
        self.layer = SpectrogramLayer(view, self._loader)
        self.axis = SpectrogramAxisStrip(theme, view)
        self.readout = SpectrogramReadout(theme, self.layer.reading_at)
        put_left(self.axis)
        view.add_layer(self.layer, Depth.BELOW_WAVE)
        view.add_layer(self.readout, Depth.ABOVE_PLAYHEAD)
        view.pointed.connect(self._on_pointed)
        view.told.connect(self._note_position)
        self._loader.tiles_ready.connect(self.layer.refresh)
        self._loader.tiles_ready.connect(self._note_position)
        self._loader.failed.connect(self.failed)
        self.range.changed.connect(self.layer.show_range)
        self.range.automatic_wanted.connect(self._fit_range)

    def show(self, look: Look, sound: Recording | None) -> None:
        """Show this look of this sound; what can't have a spectrogram yet keeps its waveform."""
        is_on = look is not Look.WAVEFORM and sound is not None
        shown = sound if is_on else None
        before, self._sound = self._sound, shown
        if shown is not None and shown.is_growing and before is not None and before.path == shown.path:
            self.layer.grow(shown.info.frames)
        elif shown != before:
            self._show_sound(shown)
        self._head.show_range(self.range if is_on else None)
        opacity = 1.0 if not is_on else _WAVE_OVER_SPECTROGRAM if look is Look.BOTH else 0.0
        self._view.show_wave(opacity)
        self._note_position()

    def show_range(self, low_dbfs: float, high_dbfs: float) -> None:
        """Have other levels in colour."""
        self.range.show_range(low_dbfs, high_dbfs)
        self.layer.show_range(self.range.low_dbfs, self.range.high_dbfs)

    def move(self, before: Path, after: Path) -> None:
        """A sound that arrived is stored; it will be shown as the file that it is now."""
        self._loader.move(before, after)

    def close(self) -> None:
        self._loader.close()

    def _show_sound(self, sound: Recording | None) -> None:
        self.axis.show_axis(None if sound is None else FrequencyAxis.of(sound.info.sample_rate_hz))
        if sound is None:
            self._loader.forget()
            self.layer.show_sound(None, None)
        else:
            store = self._loader.load(sound.path, is_growing=sound.is_growing)
            self.layer.show_sound(SpectrogramPicture(store, sound.info.sample_rate_hz), sound.info)
            self.layer.grow(sound.info.frames)

    def _fit_range(self) -> None:
        """Colours for the levels that are in sight."""
        fitted = self.layer.fitted_range()
        if fitted is not None:
            self.show_range(*fitted)

    def _note_position(self) -> None:
        """Who can't see the picture hears what it shows where the playhead rests."""
        found = self.layer.loudest_at(self._view.position)
        self._view.note_position(loudest_text(found) if found is not None else "")

    def _on_pointed(self, point: QPointF | None) -> None:
        before = self.readout.text
        self.readout.point_at(point)
        if before or self.readout.text:
            self._view.update()
