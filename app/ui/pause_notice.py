"""Stands beside the summary of what is under way while the queue is paused, and ends the pause."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.ui.controls.button import Button
from app.ui.controls.label import Label
from app.ui.theme import Theme


class PauseNotice(QWidget):
    """Hidden while the queue runs."""

    resume_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = QLabel()
        self._word = Label(theme, "Paused", font="small", role="warn")
        self._resume = Button(theme, "Resume", size="row", tone="warn")
        self._resume.setAccessibleName("Resume the queue")
        self._resume.setAccessibleDescription("The queue is paused: nothing new is sent.")
        self._resume.setToolTip("Let queued tasks leave again")
        self._row = QHBoxLayout(self)
        for part in (self._icon, self._word, self._resume):
            self._row.addWidget(part)
        self._resume.clicked.connect(self.resume_wanted)
        theme.changed.connect(self._refresh)
        self._refresh()
        self.hide()

    def _refresh(self) -> None:
        self._row.setContentsMargins(0, 0, self._theme.px(4), 0)
        self._row.setSpacing(self._theme.px(6))
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._theme.pixmap("pause", "warn", size=14, stroke=2.0, device_pixel_ratio=ratio))
