"""The picture of a sound: its peaks in the lanes and in the overview, its samples and zero crossings when wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.overview_strip import OverviewStrip
from app.ui.peaks_loader import PeaksLoader
from app.ui.recording import Recording
from app.ui.waveform_view import WaveformView

if TYPE_CHECKING:
    from app.audio.peaks import Floats, Peaks


class SoundPicture(QObject):
    """Has read what waveform and overview show, and keeps the span of both in step."""

    def __init__(
        self, peaks: PeaksLoader, waveform: WaveformView, overview: OverviewStrip, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._peaks = peaks
        self._waveform = waveform
        self._overview = overview
        waveform.span_changed.connect(overview.show_span)
        overview.span_wanted.connect(waveform.show_span)
        waveform.samples_wanted.connect(peaks.load_samples)
        waveform.crossings_wanted.connect(peaks.load_crossings)
        peaks.peaks_ready.connect(self._on_peaks)
        peaks.samples_ready.connect(self._on_samples)
        peaks.crossings_ready.connect(waveform.show_crossings)

    def show(self, sound: Recording) -> None:
        """Show all of it; empty lanes until its peaks are there."""
        info = sound.info
        self._peaks.forget()
        self._waveform.show_take(info.frames, info.sample_rate_hz, info.channels)
        self._overview.show_peaks(None)
        self._overview.show_span(self._waveform.span)
        self._peaks.load(sound.path)

    def show_nothing(self) -> None:
        self._peaks.forget()
        self._waveform.show_nothing()
        self._overview.show_peaks(None)

    def _on_peaks(self, peaks: Peaks) -> None:
        self._waveform.show_peaks(peaks)
        self._overview.show_peaks(peaks)

    def _on_samples(self, start: int, samples: Floats) -> None:
        self._waveform.show_samples(start, samples)
        if start == 0 and samples.shape[1] == self._waveform.span.total:
            self._overview.show_samples(samples)
