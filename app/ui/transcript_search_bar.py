"""The line that searches in a transcript: words, how many places, the next and the one before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.controls.search_field import SearchField
from app.ui.shortcuts import OWN_KEYS
from app.ui.theme import Theme


class TranscriptSearchBar(QWidget):
    """Announces what is looked for; is told what was found. Enter is the next place, Shift+Enter the one before."""

    searched = Signal(str)
    step_wanted = Signal(int)  # 1 is the next place, -1 the one before
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.field = _Field(theme)
        self._count = Label(theme, font="small", role="text2")
        self._before = IconButton(
            theme, "chevron-up", "Previous place", tooltip="Previous place (Shift+Enter)", size=24
        )
        self._next = IconButton(theme, "chevron-down", "Next place", tooltip="Next place (Enter)", size=24)
        self._close = IconButton(
            theme, "x", "Close the search", tooltip="Close the search (Esc)", size=24, icon_size=15
        )
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.field, 1)
        for part in (self._count, self._before, self._next, self._close):
            self._row.addWidget(part)
        self.field.searched.connect(self.searched)
        self.field.step_wanted.connect(self.step_wanted)
        self.field.left.connect(self.closed)
        self._before.clicked.connect(lambda: self.step_wanted.emit(-1))
        self._next.clicked.connect(lambda: self.step_wanted.emit(1))
        self._close.clicked.connect(self.closed)
        theme.changed.connect(self._refresh_sizes)
        self._refresh_sizes()
        self.show_found(0, 0)

    def show_found(self, place: int, count: int) -> None:
        """Which place of how many is shown, counted from 1; 0 of 0 where nothing was found."""
        is_searching = bool(self.field.text().strip())
        words = f"{place:,} of {count:,}" if count else "Not found" if is_searching else ""
        self._count.setText(words)
        self.field.setAccessibleDescription(words)
        for button in (self._before, self._next):
            button.setEnabled(count > 0)

    def start(self) -> None:
        """Put the focus into the field; what is in it is typed over."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._row.setContentsMargins(0, 0, 0, px(6))
        self._row.setSpacing(px(4))


class _Field(SearchField):
    """Esc leaves the search at once, with a text in it or without."""

    step_wanted = Signal(int)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Search in the transcript", placeholder="Search in the transcript")
        self.setProperty(OWN_KEYS, ("Esc",))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            before = self._last
            self._announce()
            if self._last == before:  # else the first place is shown just now
                is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.step_wanted.emit(-1 if is_back else 1)
            return
        super().keyPressEvent(event)
