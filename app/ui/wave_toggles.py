"""Two switches above the waveform: its scale in decibels, and whether a selection snaps to zero crossings."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.controls.ghost_button import GhostButton, IconButton
from app.ui.theme import Theme
from app.ui.wave_scale import WaveScale
from app.ui.waveform_view import WaveformView


class WaveToggles(QWidget):
    """Shows what the waveform does and changes it, whoever else does too."""

    def __init__(self, theme: Theme, view: WaveformView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.decibels = GhostButton(theme, "dB", checkable=True)
        self.decibels.setAccessibleName("Scale in decibels")
        self.decibels.setToolTip("Scale in decibels (D)")
        self.snap = IconButton(
            theme,
            "magnet",
            "Snap to zero crossings",
            tooltip="Selections snap to zero crossings (Z); with Ctrl held the other way round",
            checkable=True,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.decibels)
        row.addWidget(self.snap)
        self.decibels.clicked.connect(view.toggle_scale)
        self.snap.clicked.connect(view.toggle_snapping)
        view.scale_changed.connect(lambda scale: self.decibels.setChecked(scale is WaveScale.DECIBELS))
        view.selection.snapping_changed.connect(self.snap.setChecked)
