"""How late it is at the latest, also when somebody sets the wall clock back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

_SLACK = timedelta(minutes=2)  # what time servers correct without anybody noticing
_NOBODY_KNOWS = timedelta(days=3_650)


class Reckoning:
    """Goes on by the monotonic clock where the wall clock went back, and with the wall clock where that went forth.

    For what must not be judged too early: whether a service still recognises a key.

    Args:
        now: The wall clock.
        monotonic: Seconds that never run backwards; they may stand still while the computer sleeps.
    """

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now = now
        self._monotonic = monotonic
        self._latest = now()
        self._at_s = monotonic()

    def latest(self) -> datetime:
        """The time as late as it can be."""
        wall, at_s = self._now(), self._monotonic()
        reckoned = self._latest + timedelta(seconds=at_s - self._at_s)
        self._latest, self._at_s = max(wall, reckoned), at_s
        return self._latest

    def note(self, moment: datetime) -> None:
        """Learn of a moment that was written down in the past.

        Where it is yet to come, the clock was set back while nobody watched, and by how much nobody knows.
        """
        latest = self.latest()
        if moment > latest + _SLACK:
            self._latest = moment + _NOBODY_KNOWS
        else:
            self._latest = max(latest, moment)
