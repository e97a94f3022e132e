"""The preview with all that it hears and draws by, made behind the window’s first picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.take import Take
from app.ui.background import Background
from app.ui.peaks_loader import PeaksLoader
from app.ui.preview_panel import PreviewPanel
from app.ui.spectrogram_switch import SpectrogramSwitch
from app.ui.theme import Theme
from app.ui.transport import Transport
from app.ui.window_services import WindowServices


class PreviewParts(QObject):
    """Panel, player, peaks and spectrogram, joined to each other.

    Args:
        path_of: Where the audio of a stored take lies.
        service_name: What people call a provider.
    """

    def __init__(
        self,
        theme: Theme,
        services: WindowServices,
        path_of: Callable[[Take], Path],
        service_name: Callable[[str], str],
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.transport = Transport(services.make_player, background, self)
        self.peaks = PeaksLoader(services.make_peaks, background, self)
        self.panel = panel = PreviewPanel(theme, self.transport, self.peaks, path_of, service_name)
        self.spectrogram = SpectrogramSwitch(
            panel.head.looks,
            background,
            lambda display: display(theme, panel.head, panel.waveform, background, panel.put_left_of_lanes),
            self,
        )
        panel.sound_changed.connect(self.spectrogram.show_sound)
        panel.sound_stored.connect(self.spectrogram.move_sound)
