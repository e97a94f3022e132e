"""The way out of the window: asked about while services make what was paid for, then taken once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.quit_question import QuitQuestion


class Leaving(QObject):
    """`begun` comes once, when it is certain that the user goes.

    Args:
        running: How many tasks services are working on now.
        unwritten: How many tasks have something in memory alone.
    Attributes:
        question: What is asked now, if anything is.
        is_begun: The window is closing.
    """

    begun = Signal()

    def __init__(
        self, theme: Theme, running: Callable[[], int], unwritten: Callable[[], int], window: QWidget, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._running = running
        self._unwritten = unwritten
        self._window = window
        self._is_session_ending = False
        self.question: QuitQuestion | None = None
        self.is_begun = False

    def leave(self) -> None:
        """The user wants to go: ask first while services are making what was paid for."""
        running, unwritten = self._running(), self._unwritten()
        if not (running or unwritten) or self.is_begun or self._is_session_ending:
            self.end()
        elif self.question is None:
            from app.ui.quit_question import QuitQuestion  # late: see late_parts

            question = self.question = QuitQuestion(self._theme, running, self._window, unwritten=unwritten)
            question.accepted.connect(self.end)
            question.finished.connect(self._on_answer)
            question.open()

    def expect_end_of_session(self) -> None:
        """The user is logging out: a window that asked then would hold up the whole desktop."""
        self._is_session_ending = True

    def end(self) -> None:
        """Leave without a question."""
        if not self.is_begun:
            self.is_begun = True
            self.begun.emit()

    def _on_answer(self) -> None:
        if self.question is not None:
            self.question.deleteLater()
            self.question = None
