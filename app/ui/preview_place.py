"""Where the preview will be: its words for an empty library stand there until it is made."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.ui.empty_well import EmptyWell
from app.ui.take_on_show import NOTHING_SELECTED
from app.ui.theme import Theme

PREVIEW_PX, LEAST_PREVIEW_PX = (720, 348), (460, 240)
WELL_EDGE_PX, WELL_RIGHT_PX = 14, 12


class PreviewPlace(QWidget):
    """Looks like the preview with no task in it.

    The window’s first picture is painted with this: the preview, of which nothing else would be seen in it, is 55
    widgets and 40 modules, 30 of 290 ms of processor time until then.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._well = EmptyWell(theme)
        self._well.show_text(NOTHING_SELECTED)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._well)
        edge, right = theme.px(WELL_EDGE_PX), theme.px(WELL_RIGHT_PX)
        self._column.setContentsMargins(edge, edge, right, edge)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def put(self, preview: QWidget) -> None:
        """Here it is: it takes all of the place."""
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.removeWidget(self._well)
        self._column.addWidget(preview)
        self._well.hide()
        self._well.deleteLater()

    def sizeHint(self) -> QSize:
        return QSize(*map(self._theme.px, PREVIEW_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(*map(self._theme.px, LEAST_PREVIEW_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("panel"))
