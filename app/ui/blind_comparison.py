"""Puts a cover over what would tell takes apart while they are compared blind, and takes it away again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.ui.announcement import announce
from app.ui.comparing import Comparing, letter
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.domain.take import Take
    from app.ui.blind_cover import BlindCover


class BlindComparison(QObject):
    """Begins with the first of the hidden takes, and ends with the one that was picked, or else the one from before.

    Args:
        covered: What has the focus when there is no cover.
        shown: The take on show.
        show: Shows a take of the task, and all of it anew if it is on show already.
    """

    seek_wanted = Signal(float)  # seconds, on the time line of the cover

    def __init__(
        self,
        theme: Theme,
        comparing: Comparing,
        covered: QWidget,
        shown: Callable[[], Take | None],
        show: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._comparing = comparing
        self._covered = covered
        self._shown = shown
        self._show = show
        self._made: BlindCover | None = None
        self._goes_back_to: str | None = None  # the id of a take; None while nothing is hidden
        comparing.changed.connect(self._on_changed)

    @property
    def cover(self) -> BlindCover | None:
        """What stands over the takes; None while they aren't hidden."""
        return self._made if self._comparing.is_blind else None

    def pick(self) -> None:
        """Choose the hidden take that is on show."""
        take = self._shown()
        if take is not None and self._comparing.is_blind:
            self._goes_back_to = take.id
            self._comparing.pick(take)

    def forget(self) -> None:
        """It ended because there is nothing to compare any more: nothing is gone back to."""
        self._goes_back_to = None

    def _on_changed(self) -> None:
        shown, is_blind = self._shown(), self._comparing.is_blind
        if is_blind and self._goes_back_to is None and shown is not None:
            self._goes_back_to = shown.id
            self._begin()
        elif not is_blind and self._goes_back_to is not None:
            take_id, self._goes_back_to = self._goes_back_to, None
            had_focus = self._made is not None and self._made.hasFocus()
            self._show(take_id)
            if had_focus:
                self._covered.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self) -> None:
        if self._made is None:
            from app.ui.blind_cover import BlindCover  # late: see late_parts

            self._made = BlindCover(self._theme)
            self._made.seek_wanted.connect(self.seek_wanted)
        hidden, had_focus = self._comparing.hidden_takes, self._covered.hasFocus()
        self._made.show_length(max(take.info.duration_s for take in hidden if take.info is not None))
        self._show(hidden[0].id)
        if had_focus:
            self._made.setFocus(Qt.FocusReason.OtherFocusReason)
        last = letter(len(hidden) - 1)
        announce(self._made, f"The takes are hidden: {letter(0)} to {last}. Enter picks the one you hear.")
