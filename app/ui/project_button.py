"""Under which project new tasks are filed: a quiet button in the heading of the prompt."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup, QFontMetrics
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.ui.controls.ghost_button import GhostButton
from app.ui.theme import Theme

_NONE = "No project"
_MOST_PX = 132
_MOST_OFFERED = 15


class ProjectButton(GhostButton):
    """An icon alone without a project, else its name beside it; a press asks for the list of earlier ones."""

    chosen = Signal(str)  # the name; empty for none
    new_wanted = Signal()
    show_wanted = Signal()  # the tasks of this project, in the library

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", icon="folder-open", size="row", parent=parent)
        self._project = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._show)
        self._show()

    @property
    def project(self) -> str:
        return self._project

    def show_project(self, name: str) -> None:
        self._project = name
        self._show()

    def open_menu(self, projects: Sequence[str]) -> None:
        """Offer the earlier ones below the button, the last used first."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        named = dict.fromkeys((*((self._project,) if self._project else ()), *projects[:_MOST_OFFERED]))
        for name in ("", *named):
            action = menu.addAction(name.replace("&", "&&") or _NONE)
            action.setCheckable(True)
            action.setChecked(name == self._project)
            action.triggered.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            group.addAction(action)
        menu.addSeparator()
        menu.addAction("New project…").triggered.connect(lambda: self.new_wanted.emit())
        if self._project:
            menu.addAction("Show its tasks").triggered.connect(lambda: self.show_wanted.emit())
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _show(self) -> None:
        metrics = QFontMetrics(self._theme.font("small", medium=True))
        self.setText(metrics.elidedText(self._project, Qt.TextElideMode.ElideRight, self._theme.px(_MOST_PX)))
        self.setAccessibleName(f"Project: {self._project or 'none'}")
        where = f"New tasks are filed under “{self._project}”." if self._project else "New tasks are in no project."
        self.setToolTip(f"{where} Press to change that.")
