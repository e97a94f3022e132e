"""The line above the waveform: which take of what, in which format, and how close one looks."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.take import Take
from app.domain.task import Task
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.look_chooser import LookChooser
from app.ui.readouts import audio_line
from app.ui.take_switcher import TakeSwitcher
from app.ui.theme import Theme

HEIGHT_PX = 40
_LONGEST_TITLE = 160
_WORDS_FROM_PX = 860  # below, icons stand for the looks


class PreviewHead(QWidget):
    """Announces what was clicked and shows what it is told."""

    take_chosen = Signal(str)
    zoom_out_wanted = Signal()
    zoom_in_wanted = Signal()
    fit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.switcher = TakeSwitcher(theme)
        self.title = Label(theme, medium=True, elide=True)
        self.format = Label(theme, font="small", role="text3")
        out = IconButton(theme, "zoom-out", "Zoom out", tooltip="Zoom out (−)")
        closer = IconButton(theme, "zoom-in", "Zoom in", tooltip="Zoom in (+)")
        fit = IconButton(theme, "maximize-2", "Show all", tooltip="Show all (0)", icon_size=15)
        self._zoom = (out, closer, fit)
        self.looks = LookChooser(theme)
        self.switcher.chosen.connect(self.take_chosen)
        out.clicked.connect(self.zoom_out_wanted)
        closer.clicked.connect(self.zoom_in_wanted)
        fit.clicked.connect(self.fit_wanted)
        self._row = QHBoxLayout(self)
        for widget in (self.switcher, self.title, self.format):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self.looks)
        self._zooming = QHBoxLayout()
        self._zooming.setSpacing(0)
        for button in self._zoom:
            self._zooming.addWidget(button)
        self._row.addLayout(self._zooming)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()

    def show_task(self, task: Task | None, take: Take | None) -> None:
        """Show the takes of a task, and of one of them what it is."""
        self.switcher.show_takes(task.takes if task else (), take.id if take else None)
        self.title.setText(" ".join(task.request.title.split())[:_LONGEST_TITLE] if task else "")
        self.format.setText(audio_line(take.info) if take and take.info else "")

    def show_range(self, control: QWidget) -> None:
        """Make room for what sets the colours of a spectrogram, before the choice of looks."""
        self._row.insertWidget(self._row.indexOf(self.looks), control)

    def set_zoomable(self, zoomable: bool) -> None:
        """Whether there is a waveform to look at."""
        self.looks.setEnabled(zoomable)
        for button in self._zoom:
            button.setEnabled(zoomable)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.looks.show_words(has_words=self.width() >= self._theme.px(_WORDS_FROM_PX))
        super().resizeEvent(event)

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        self.setFixedHeight(px(HEIGHT_PX))
        self._row.setContentsMargins(px(14), 0, px(12), 0)
        self._row.setSpacing(px(10))
