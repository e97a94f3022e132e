"""Arranges the panels; keeps their sizes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.ui.queue_panel import QueuePanel
from app.ui.request_column import RequestColumn
from app.ui.theme import Theme
from app.ui.toolbar import Toolbar

_COLUMN_PX, _COLUMN_LEAST_PX, _COLUMN_MOST_PX = 340, 260, 480
_PREVIEW_PX, _PREVIEW_LEAST_PX = 348, 240
_LIST_LEAST_PX = 180


class MainWindow(QWidget):
    """Toolbar above, the request at the left, library over preview at the right, messages below."""

    closing = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        toolbar: Toolbar,
        column: RequestColumn,
        library: QueuePanel,
        preview: QWidget,
        messages: QWidget,
        icon: QIcon,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._column = column
        self._is_closing = False
        self.setWindowTitle("Cuesmith")
        self.setWindowIcon(icon)
        self.setObjectName("main_window")
        self._right = QSplitter(Qt.Orientation.Vertical)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out(toolbar, column, library, preview, messages)

    def _lay_out(
        self, toolbar: Toolbar, column: RequestColumn, library: QueuePanel, preview: QWidget, messages: QWidget
    ) -> None:
        px = self._theme.px
        library.setMinimumHeight(px(_LIST_LEAST_PX))
        preview.setMinimumHeight(px(_PREVIEW_LEAST_PX))
        column.setMinimumWidth(px(_COLUMN_LEAST_PX))
        column.setMaximumWidth(px(_COLUMN_MOST_PX))
        for splitter, parts in ((self._right, (library, preview)), (self._across, (column, self._right))):
            for part in parts:
                splitter.addWidget(part)
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        self._right.setStretchFactor(0, 1)
        self._right.setStretchFactor(1, 0)
        self._across.setStretchFactor(0, 0)
        self._across.setStretchFactor(1, 1)
        self._right.setSizes([px(480), px(_PREVIEW_PX)])
        self._across.setSizes([px(_COLUMN_PX), px(1100)])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(toolbar)
        outer.addWidget(self._across, 1)
        outer.addWidget(messages)
        self.setMinimumSize(px(900), px(560))
        self.resize(px(1440), px(900))

    # What outlives the window

    def layout_state(self) -> dict[str, str]:
        """Where things are, as text that can be kept."""
        parts = {
            "geometry": self.saveGeometry(),
            "across": self._across.saveState(),
            "right": self._right.saveState(),
        }
        return {name: bytes(state.toBase64().data()).decode() for name, state in parts.items()}

    def restore_layout(self, state: Mapping[str, str]) -> None:
        """Put things back; what can't be read stays as it is."""
        restores = {
            "geometry": self.restoreGeometry,
            "across": self._across.restoreState,
            "right": self._right.restoreState,
        }
        for name, restore in restores.items():
            if name in state:
                restore(QByteArray.fromBase64(state[name].encode()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """The app decides when: open submits are finished first."""
        if self._is_closing:
            event.accept()
            return
        event.ignore()
        self.closing.emit()

    def close_now(self) -> None:
        self._is_closing = True
        self.close()
