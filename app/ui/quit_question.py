"""Asks before the user leaves while services are still making what was paid for, or the disk refuses what they made."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.dialog import Dialog
from app.ui.theme import Theme


class QuitQuestion(Dialog):
    """Accepted by "Quit"; Esc and the cross stay."""

    def __init__(self, theme: Theme, running: int, parent: QWidget, *, unwritten: int = 0) -> None:
        """
        Args:
            running: How many tasks services are working on; they go on.
            unwritten: How many of them have something in memory alone, which ends with the app.
        """
        is_one = (unwritten or running) == 1
        if unwritten:
            title = f"{unwritten} task{'' if is_one else 's'} can’t be written to the disk."
            subtitle = (
                f"What was made of {'it' if is_one else 'them'} may be charged, and is in memory only. "
                "If you quit now, it may be lost. Free some space on the disk first."
            )
        else:
            title = "1 task is running at its service." if is_one else f"{running} tasks are running at the services."
            subtitle = f"{'It goes on and is' if is_one else 'They go on and are'} fetched at the next start."
        super().__init__(
            theme,
            title,
            subtitle=subtitle,
            icon="circle-question-mark",
            icon_role="accent",
            width=440,
            parent=parent,
        )
        self.add_button("Stay", safe=True).clicked.connect(self.reject)
        self.add_button("Quit", primary=True).clicked.connect(self.accept)
