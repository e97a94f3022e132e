"""The menu behind the button at the left of the toolbar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from app.storage.library_queries import Filter, SortKey

if TYPE_CHECKING:
    from app.ui.application import Application

_SORTS = {
    SortKey.WHEN: "Newest first",
    SortKey.PROMPT: "Prompt",
    SortKey.STATE: "State",
    SortKey.MODEL: "Model",
    SortKey.LENGTH: "Longest first",
    SortKey.LOUDNESS: "Loudest first",
    SortKey.COST: "Dearest first",
}
_DESCENDING = (SortKey.WHEN, SortKey.LENGTH, SortKey.LOUDNESS, SortKey.COST)


class MainMenu(QMenu):
    """Made when it is opened, and gone when it is closed."""

    def __init__(self, application: Application) -> None:
        super().__init__(application.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        library = application.library
        self._offer("Export…", "Ctrl+E", library.export_selected, bool(library.selected_takes()))
        self._offer("Transcribe a file…", "", application.transcribing.choose_file)
        self._offer("Import a script…", "Ctrl+B", application.batches.choose_file)
        self.addSeparator()
        self.addMenu(self._sorting(application))
        if library.shows_bin:
            self._offer("Leave the bin", "", lambda: library.set_filter(Filter.ALL))
        else:
            self._offer("Bin", "", lambda: library.set_filter(Filter.BIN))
        self.addSeparator()
        if application.whole_queue.is_paused:
            self._offer("Resume the queue", "", application.whole_queue.resume)
        else:
            self._offer("Pause the queue", "", application.whole_queue.pause)
        self._offer("Stop all tasks…", "", application.whole_queue.ask_to_stop)
        self.addSeparator()
        self._offer("Services and keys…", "Ctrl+K", application.dialogs.open_services)
        self._offer("Spending…", "Ctrl+Shift+S", application.dialogs.open_spending)
        self._offer("Settings…", "Ctrl+,", application.dialogs.open_settings)
        self._offer("All messages", "Ctrl+Shift+M", application.messages.open_all)
        self._offer("Keyboard…", "F1", application.dialogs.open_sheet)
        self._offer("About Cuesmith…", "", application.dialogs.open_about)
        self.addSeparator()
        self._offer("Quit", "Ctrl+Q", application.leaving.leave)

    def _offer(self, text: str, keys: str, act: Callable[[], object], is_possible: bool = True) -> None:
        action = self.addAction(f"{text}\t{keys}" if keys else text)
        action.setEnabled(is_possible)
        action.triggered.connect(lambda: act())

    def _sorting(self, application: Application) -> QMenu:
        """The order of the list, for those who don't click headings."""
        menu = QMenu("Sort the library by", self)
        group = QActionGroup(menu)
        for key, text in _SORTS.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(application.library.query.sort is key)
            action.triggered.connect(
                lambda _checked, key=key: application.library.set_sort(key, descending=key in _DESCENDING)
            )
            group.addAction(action)
        return menu
