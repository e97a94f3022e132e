"""Days and months of the user's own calendar, as moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from app.storage.ledger import Periods


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """Where days begin and end.

    Attributes:
        zone: Whose days; the system's where there is none.
    """

    zone: tzinfo | None = None

    def local(self, moment: datetime) -> datetime:
        """The same moment as the user's clocks show it."""
        return moment.astimezone(self.zone)

    def day_of(self, moment: datetime) -> date:
        return self.local(moment).date()

    def start_of(self, day: date) -> datetime:
        """Its midnight; where the clocks skip that, the moment at which they do."""
        start = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return start.astimezone() if self.zone is None else start

    def periods(self, moment: datetime) -> Periods:
        """The day and the month of a moment."""
        day = self.day_of(moment)
        month = first_of_month(day)
        return Periods(
            self.start_of(day),
            self.start_of(day + timedelta(days=1)),
            self.start_of(month),
            self.start_of(first_of_next_month(day)),
        )


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
