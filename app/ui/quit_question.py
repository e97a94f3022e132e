"""Asks before the user leaves while services are still making what was paid for."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.dialog import Dialog
from app.ui.theme import Theme


class QuitQuestion(Dialog):
    """Accepted by "Quit"; Esc and the cross stay."""

    def __init__(self, theme: Theme, running: int, parent: QWidget) -> None:
        is_one = running == 1
        super().__init__(
            theme,
            "1 task is running at its service." if is_one else f"{running} tasks are running at the services.",
            subtitle=f"{'It goes on and is' if is_one else 'They go on and are'} fetched at the next start.",
            icon="circle-question-mark",
            icon_role="accent",
            width=440,
            parent=parent,
        )
        self.add_button("Stay", safe=True).clicked.connect(self.reject)
        self.add_button("Quit", primary=True).clicked.connect(self.accept)
