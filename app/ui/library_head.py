"""Above the list: the filters with their counts, and the search."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.storage.library_queries import Filter
from app.ui.controls.chip import FilterChip
from app.ui.controls.label import Label
from app.ui.controls.search_field import SearchField
from app.ui.theme import Theme

_CHIPS = (
    (Filter.ALL, "All", None),
    (Filter.PENDING, "Pending", None),
    (Filter.DONE, "Done", None),
    (Filter.FAILED, "Failed", None),
    (Filter.FAVOURITES, "", "star"),
    (Filter.NEEDS_YOU, "Needs you", "circle-question-mark"),
    (Filter.BIN, "Bin", "trash-2"),
)
_HEIGHT_PX = 44
_TITLE_FROM_PX = 820
_SEARCH_PX = (112, 232)


class LibraryHead(QWidget):
    """One filter is always on. The one for decisions and the bin are only there when there is something to see."""

    filter_wanted = Signal(object)  # Filter
    searched = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._filter = Filter.ALL
        self._counts: Mapping[Filter, int] = {}
        self._library_is_empty = False
        self._title = Label(theme, "Library", font="strong", parent=self)
        self._chips: dict[Filter, FilterChip] = {}
        self._search = SearchField(theme, "Search the library", placeholder="Search", key_hint="Ctrl+F", parent=self)
        self._search.setToolTip("Every word is looked for. project:NAME shows one project. (Ctrl+F)")
        self._row = QHBoxLayout(self)
        self._lay_out()
        self._search.searched.connect(self.searched)
        theme.changed.connect(self._refresh_sizes)
        self._refresh_sizes()

    def _lay_out(self) -> None:
        self._row.addWidget(self._title)
        for key, text, icon in _CHIPS:
            needs_you = key is Filter.NEEDS_YOU
            name = text or "Favourites"
            chip = FilterChip(self._theme, text, icon=icon, needs_you=needs_you, name=name, parent=self)
            chip.setToolTip("Favourites" if not text else "")
            chip.toggled.connect(lambda is_on, key=key: self._on_chip(key, is_on=is_on))
            self._chips[key] = chip
            self._row.addWidget(chip)
        self._row.addStretch(1)
        self._row.addWidget(self._search, 2)

    # What is shown

    def show_filter(self, wanted: Filter) -> None:
        """Mark the filter in force; announces nothing."""
        self._filter = wanted
        for key, chip in self._chips.items():
            with QSignalBlocker(chip):
                chip.setChecked(key is wanted)
            chip.updateGeometry()
            chip.update()
        self._show_chips()

    def show_counts(self, counts: Mapping[Filter, int]) -> None:
        self._counts = counts
        for key, chip in self._chips.items():
            chip.set_count(counts.get(key, 0))
        self._show_chips()

    def show_library_is_empty(self, is_empty: bool) -> None:
        """With nothing to filter, only "All 0" is left."""
        self._library_is_empty = is_empty
        self._show_chips()

    def show_text(self, text: str) -> None:
        """A search text from elsewhere; announces nothing."""
        with QSignalBlocker(self):
            self._search.setText(text)
            self._search.returnPressed.emit()  # looked for already: not once more after a pause

    def focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A line below, as the list's own headings have it."""
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))
        painter.end()

    # Inside

    def _on_chip(self, key: Filter, *, is_on: bool) -> None:
        """Pressing the one that is on shows everything."""
        self.filter_wanted.emit(key if is_on else Filter.ALL)
        self.show_filter(self._filter)

    def _show_chips(self) -> None:
        for key, chip in self._chips.items():
            if key in (Filter.ALL, self._filter):
                is_wanted = True
            elif key is Filter.BIN:
                is_wanted = False  # it is opened from the menu
            elif key is Filter.NEEDS_YOU:
                is_wanted = self._counts.get(key, 0) > 0
            else:
                is_wanted = not self._library_is_empty
            chip.setVisible(is_wanted)

    def _fit(self) -> None:
        self._title.setVisible(self.width() >= self._theme.px(_TITLE_FROM_PX))

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self.setFixedHeight(px(_HEIGHT_PX))
        self._row.setContentsMargins(px(14), 0, px(12), 0)
        self._row.setSpacing(px(4))
        self._title.setContentsMargins(0, 0, px(8), 0)
        least, most = _SEARCH_PX
        self._search.setMinimumWidth(px(least))
        self._search.setMaximumWidth(px(most))
        self._fit()
