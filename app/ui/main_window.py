"""Arranges the panels for the room there is; keeps the sizes that the user gave them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.queue_panel import QueuePanel
from app.ui.request_column import RequestColumn
from app.ui.request_rail import RequestRail
from app.ui.splitter import Splitter
from app.ui.theme import Theme
from app.ui.toolbar import Toolbar

_COLUMN_PX, _NARROW_COLUMN_PX = 340, 280
_COLUMN_LEAST_PX, _COLUMN_MOST_PX = 272, 480
_PREVIEW_PX, _PREVIEW_LEAST_PX = 348, 216
_PREVIEW_SHARE = 0.507  # of the height beside the column, up to its usual height
_LIST_LEAST_PX = 104
_NARROW_BELOW_PX, _RAIL_BELOW_PX = 1180, 1024
_RIGHT_LEAST_PX = 480  # what list and preview need beside the column: with large text the window may be no wider
_LEAST_SIZE = (900, 560)
_FRAME_TITLE_PX, _FRAME_SIDE_PX = 32, 4  # what window managers add, of which Qt learns only afterwards


class MainWindow(QWidget):
    """Toolbar above, the request at the left, library over preview at the right, messages below.

    A narrow window folds the request to a rail of buttons that bring it back.
    """

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
        self._library = library
        self._preview = preview
        self._is_closing = False
        self._has_rail = False
        self._is_first_run = False
        self._own_width, self._own_height = False, False  # whether the user dragged the line
        self.setWindowTitle("Cuesmith")
        self.setWindowIcon(icon)
        self.setObjectName("main_window")
        self._rail = RequestRail(theme)
        self._right = Splitter(Qt.Orientation.Vertical, "Library and preview")
        self._across = Splitter(Qt.Orientation.Horizontal, "Request and library")
        self._lay_out(toolbar, messages)
        self._connect()
        self.resize(theme.px(1440), theme.px(900))

    def _lay_out(self, toolbar: Toolbar, messages: QWidget) -> None:
        self._right.addWidget(self._library)
        self._right.addWidget(self._preview)
        self._across.addWidget(self._column)
        self._across.addWidget(self._right)
        for splitter, growing in ((self._right, 0), (self._across, 1)):
            splitter.setStretchFactor(growing, 1)
            splitter.setStretchFactor(1 - growing, 0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._rail)
        middle.addWidget(self._across, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(toolbar)
        outer.addLayout(middle, 1)
        outer.addWidget(messages)
        self._rail.hide()
        self._refresh_limits()

    def _connect(self) -> None:
        self._theme.changed.connect(self._on_theme)
        self._rail.wanted.connect(self._on_part_wanted)
        self._column.rebuilt.connect(self._offer_parts)
        self._across.splitterMoved.connect(self._keep_width)
        self._right.splitterMoved.connect(self._keep_height)
        self._across.reset_wanted.connect(self._reset_width)
        self._right.reset_wanted.connect(self._reset_height)

    # The request, wherever it is

    def go_to_field(self, field: str) -> None:
        """Bring the request column back if it is folded, and move the focus to one of its fields."""
        if self._has_rail:
            self._open_column(self._part_of(field))
        self._column.go_to(field)

    def go_to_section(self, name: str) -> None:
        """Bring the request column back if it is folded, and go to the first field of one of its sections."""
        if self._has_rail:
            self._open_column(name)
        self._column.go_to_section(name)

    # What outlives the window

    def layout_state(self) -> dict[str, str]:
        """Where things are, as text that can be kept; lines that nobody dragged find their place by themselves."""
        parts = {"geometry": self.saveGeometry()}
        if self._own_width and not self._has_rail:
            parts["across"] = self._across.saveState()
        if self._own_height:
            parts["right"] = self._right.saveState()
        return {name: bytes(state.toBase64().data()).decode() for name, state in parts.items()}

    def fit_screen(self, available: QSize) -> None:
        """Before the first show: no larger than the screen, with room for the frame that will be put around it.

        What was restored may come from a larger screen.
        """
        if self.isMaximized() or self.isFullScreen():
            return
        frame = QSize(2 * _FRAME_SIDE_PX, _FRAME_TITLE_PX + _FRAME_SIDE_PX)
        self.resize(self.size().boundedTo(available - frame))

    def restore_layout(self, state: Mapping[str, str]) -> None:
        """Put things back; what can't be read stays as it is."""
        kept = {name: QByteArray.fromBase64(text.encode()) for name, text in state.items()}
        if "geometry" in kept:
            self.restoreGeometry(kept["geometry"])
        if "across" in kept:
            self._own_width = self._across.restoreState(kept["across"])
        if "right" in kept:
            self._own_height = self._right.restoreState(kept["right"])
        self._arrange()

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

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

    # Inside

    def _arrange(self) -> None:
        wants_rail = self.width() < self._rail_below()
        if wants_rail != self._has_rail:
            self._has_rail = wants_rail
            self._rail.setVisible(wants_rail)
            if wants_rail and self._holds_focus():
                self.setFocus(Qt.FocusReason.OtherFocusReason)  # else Qt hands it on to the list, which selects a row
            self._rail.show_part("")
            self._column.setVisible(not wants_rail)
            self._offer_parts()
        if not self._own_width:
            self._reset_width()
        if not self._own_height:
            self._reset_height()

    def _rail_below(self) -> int:
        """Large text folds the column only where nothing useful would fit beside it, not in every window."""
        px = self._theme.px
        return min(px(_RAIL_BELOW_PX), max(_RAIL_BELOW_PX, px(_NARROW_COLUMN_PX + _RIGHT_LEAST_PX)))

    def _keep_width(self) -> None:
        self._own_width = True

    def _keep_height(self) -> None:
        self._own_height = True

    def _holds_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self._column.isAncestorOf(focused)

    def _reset_width(self) -> None:
        self._own_width = False
        is_narrow = self.width() < self._theme.px(_NARROW_BELOW_PX)
        wanted = self._theme.px(_NARROW_COLUMN_PX if is_narrow else _COLUMN_PX)
        self._across.setSizes([wanted, max(1, self._across.width() - wanted)])

    def show_first_run(self, is_first: bool) -> None:
        """While there is nothing to hear the preview is as low as it can be."""
        if is_first != self._is_first_run:
            self._is_first_run = is_first
            if not self._own_height:
                self._reset_height()

    def _reset_height(self) -> None:
        self._own_height = False
        px, room = self._theme.px, self._right.height()
        share = 0.0 if self._is_first_run else _PREVIEW_SHARE
        wanted = min(max(int(room * share), px(_PREVIEW_LEAST_PX)), px(_PREVIEW_PX))
        self._right.setSizes([max(1, room - wanted), wanted])

    def _on_theme(self) -> None:
        self._refresh_limits()
        self._arrange()
        self.update()

    def _refresh_limits(self) -> None:
        px = self._theme.px
        self._library.setMinimumHeight(px(_LIST_LEAST_PX))
        self._preview.setMinimumHeight(px(_PREVIEW_LEAST_PX))
        self._column.setMinimumWidth(px(_COLUMN_LEAST_PX))
        self._column.setMaximumWidth(px(_COLUMN_MOST_PX))
        # Not grown with the text: a large text must not make the window larger than the screen.
        self.setMinimumSize(*_LEAST_SIZE)

    # The rail

    def _part_of(self, field: str) -> str:
        for part, section in (("voice", self._column.voice), ("audio", self._column.audio)):
            if field in section.fields():
                return part
        return "prompt"

    def _open_column(self, part: str) -> None:
        self._rail.show_part(part)
        self._column.setVisible(bool(part))
        if not self._own_width:
            self._reset_width()

    def _on_part_wanted(self, part: str) -> None:
        self._open_column(part)
        if part:
            self._column.go_to_section(part)

    def _offer_parts(self) -> None:
        sections = self._column.sections()
        self._rail.offer("voice", not sections["voice"].isHidden())
