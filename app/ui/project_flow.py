"""Projects in the window: the one that new tasks are filed under, and moving tasks from one to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.engine.library import Library
from app.storage.search_text import project_text
from app.ui.background import Background
from app.ui.message_bar import MessageBar
from app.ui.project_button import ProjectButton
from app.ui.queue_panel import QueuePanel
from app.ui.readouts import counted
from app.ui.theme import Theme


class ProjectFlow(QObject):
    """`changed` tells that new tasks are filed elsewhere.

    Args:
        remember: Lets undo take something back, and returns what the button beside the message does.
    """

    changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        library: Library,
        button: ProjectButton,
        panel: QueuePanel,
        messages: MessageBar,
        background: Background,
        window: QWidget,
        remember: Callable[[Callable[[], None]], Callable[[], None]],
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._library = library
        self._button = button
        self._messages = messages
        self._background = background
        self._window = window
        self._remember = remember
        button.clicked.connect(lambda: background.start(library.projects(), on_done=button.open_menu))
        button.chosen.connect(self.choose)
        button.new_wanted.connect(lambda: background.start(library.projects(), on_done=self._ask_for_new))
        button.show_wanted.connect(lambda: panel.search(project_text(self.current)))
        panel.project_wanted.connect(lambda ids: background.start(self._ask_where(ids)))

    @property
    def current(self) -> str:
        """What new tasks are filed under; empty for none."""
        return self._button.project

    def choose(self, name: str) -> None:
        """File new tasks under it from now on."""
        if name != self.current:
            self._button.show_project(name)
            self.changed.emit(name)

    def _ask_for_new(self, projects: Sequence[str]) -> None:
        from app.ui.project_dialog import ProjectDialog  # late: see late_parts

        dialog = ProjectDialog(self._theme, "New project", "Use project", projects=projects, parent=self._window)
        dialog.chosen.connect(self.choose)
        dialog.open()

    async def _ask_where(self, task_ids: Sequence[str]) -> None:
        from app.ui.project_dialog import ProjectDialog  # late: see late_parts

        projects = await self._library.projects()
        before = {task_id: (await self._library.task(task_id)).project for task_id in task_ids}
        names = set(before.values())
        what = counted(len(task_ids), "task")
        dialog = ProjectDialog(
            self._theme,
            f"Move {what} to a project",
            f"Move {what}",
            verb_without=f"Move {what} to no project",
            projects=projects,
            name=names.pop() if len(names) == 1 else self.current,
            parent=self._window,
        )
        dialog.chosen.connect(lambda name: self._background.start(self._move(before, name)))
        dialog.open()

    async def _move(self, before: Mapping[str, str], name: str) -> None:
        await self._library.move_to_project(list(before), name)
        where = f"to “{name}”" if name else "to no project"

        def undo() -> None:
            self._background.start(self._move_back(before))

        self._messages.say(f"{counted(len(before), 'task')} moved {where}.", action="Undo", act=self._remember(undo))

    async def _move_back(self, before: Mapping[str, str]) -> None:
        for name in dict.fromkeys(before.values()):
            await self._library.move_to_project([each for each, was in before.items() if was == name], name)
        self._messages.say(f"{counted(len(before), 'task')} moved back.")
