"""Comparing the takes of a task fairly: equally loud, and without knowing which is which."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.loudness_match import LoudnessMatch, match_loudness
from app.domain.measures import LoudnessBasis
from app.domain.take import Take
from app.ui.readouts import level
from app.ui.take_on_show import audio_of

if TYPE_CHECKING:
    from app.domain.task import Task

NEEDS_TWO = "This needs two takes that can be heard."
_AS_QUIETEST = "Play all takes as loud as the quietest one (M)"
_BY_MOMENTARY = "Compared by the highest momentary loudness, since a take is shorter than 400 ms."
_AUDIBLE_DB = 0.05  # less than this is shown as 0.0


class Comparing(QObject):
    """What is compared, and how. It plays and shows nothing itself.

    Args:
        shuffle: Brings takes into an order that nobody knows; None is the usual way.
    """

    changed = Signal()  # gains, or what may be known
    picked = Signal(str, object)  # the letter that was picked, and its Take

    def __init__(self, parent: QObject | None = None, *, shuffle: Callable[[list[str]], None] | None = None) -> None:
        super().__init__(parent)
        self._shuffle = shuffle or random.SystemRandom().shuffle
        self._task_id: str | None = None
        self._takes: tuple[Take, ...] = ()
        self._match = match_loudness({})
        self._is_matching = False
        self._matched_before = False
        self._hidden: tuple[str, ...] = ()  # ids of the takes in a blind comparison, in their secret order

    def show_task(self, task: Task | None) -> None:
        """Compare the takes of this task. Another task, or too few takes left, ends a blind comparison."""
        is_same = task is not None and task.id == self._task_id
        self._task_id = task.id if task is not None else None
        self._takes = tuple(take for take in task.takes if audio_of(take) is not None) if task is not None else ()
        self._match = match_loudness({take.id: take.measures for take in self._takes})
        there = {take.id for take in self._takes}
        left = tuple(each for each in self._hidden if each in there)
        self._hidden = left if is_same and len(left) > 1 else self._end()

    @property
    def takes(self) -> Sequence[Take]:
        """Those of the task that can be heard."""
        return self._takes

    # Loudness

    @property
    def is_matching(self) -> bool:
        return self._is_matching

    @property
    def wants_matching(self) -> bool:
        """What the user chose, whatever a blind comparison does meanwhile."""
        return self._matched_before if self.is_blind else self._is_matching

    def set_matching(self, is_matching: bool) -> None:
        """Whether all takes are played equally loud. Hidden ones always are; for them it counts from afterwards on."""
        if self.is_blind:
            self._matched_before = is_matching
        elif is_matching != self._is_matching:
            self._is_matching = is_matching
            self.changed.emit()

    def toggle_matching(self) -> None:
        """Play all takes equally loud, or as they are; hidden ones always are equally loud."""
        if not self.is_blind:
            self.set_matching(not self._is_matching)

    def gain_db(self, take: Take | None) -> float:
        """What a take is to be played with; exactly 0 while nothing is matched."""
        return self._match.gain_db(take.id if take is not None else None) if self._is_matching else 0.0

    def words(self, take: Take | None) -> str:
        """What matching does to a take, and by what measure."""
        if not self._is_matching or take is None:
            return _AS_QUIETEST
        if self.is_blind:
            return "All takes play equally loud while you compare blind."
        if len(self._takes) < 2:
            return "Takes play equally loud where a task has several (M)"
        return f"{_what_happens(take, self._match, self._takes)} (M)"

    # Blind

    @property
    def can_be_blind(self) -> bool:
        return len(self._takes) > 1

    @property
    def is_blind(self) -> bool:
        return bool(self._hidden)

    @property
    def hidden_takes(self) -> Sequence[Take]:
        """The takes in their secret order; empty where nothing is hidden."""
        takes = {take.id: take for take in self._takes}
        return [takes[each] for each in self._hidden]

    @property
    def is_fair(self) -> bool:
        """Whether every hidden take is played equally loud; not before all of them are measured."""
        return all(each in self._match.gains_db for each in self._hidden)

    def letter_of(self, take: Take) -> str:
        """A, B, C ..., while it is hidden."""
        return letter(self._hidden.index(take.id))

    def begin_blind(self) -> None:
        """Shuffle the takes and forget which is which; they are played equally loud from now on."""
        if not self.can_be_blind or self.is_blind:
            return
        order = [take.id for take in self._takes]
        self._shuffle(order)
        self._hidden = tuple(order)
        self._matched_before, self._is_matching = self._is_matching, True
        self.changed.emit()

    def end_blind(self) -> None:
        """Show again which is which, without a choice."""
        if self.is_blind:
            self._hidden = self._end()
            self.changed.emit()

    def toggle_blind(self) -> None:
        """Hide which take is which, or end that without a choice."""
        if self.is_blind:
            self.end_blind()
        else:
            self.begin_blind()

    def pick(self, take: Take) -> None:
        """Choose one of the hidden takes: that ends it, and tells which it was."""
        if take.id in self._hidden:
            picked = self.letter_of(take)
            self.end_blind()
            self.picked.emit(picked, take)

    def _end(self) -> tuple[str, ...]:
        if self.is_blind:
            self._is_matching = self._matched_before
        return ()


def letter(place: int) -> str:
    """A to Z, then A2 to Z2 and so on."""
    turn, index = divmod(place, len(ascii_uppercase))
    return f"{ascii_uppercase[index]}{turn + 1 if turn else ''}"


def _what_happens(take: Take, match: LoudnessMatch, takes: Sequence[Take]) -> str:
    if take.id not in match.gains_db:
        if take.measures is None:
            return f"Take {take.number} plays unchanged until it is measured."
        return f"Take {take.number} plays unchanged: it is too faint to have a loudness."
    gain_db = match.gains_db[take.id]
    quietest = next((each for each in takes if each.id == match.quietest), take)
    by = f" {_BY_MOMENTARY}" if match.basis is LoudnessBasis.SHORT else ""
    if -gain_db < _AUDIBLE_DB:
        others = "" if take.id != match.quietest else ", the others as loud as it"
        return f"Take {take.number} plays unchanged{others}.{by}"
    return f"Take {take.number} plays {level(-gain_db)} dB quieter, as loud as take {quietest.number}.{by}"
