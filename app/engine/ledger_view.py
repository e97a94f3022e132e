"""What was spent, as a table: a span of days, a line a day, a service or a project, and what is held and why."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from app.domain.errors import Problem, RequestInvalid
from app.domain.task import TaskState
from app.engine.calendar_days import CalendarDays, first_of_month
from app.storage.ledger_entries import Grouping, LedgerEntries, LedgerEntry, Sum, Which

_LONGEST = timedelta(days=200 * 366)  # a clock that once stood in another age makes no million days
_PORTION = 1_000


class Span(StrEnum):
    """Spans of time that people ask for by name."""

    TODAY = "today"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days of the user's calendar, both ends included; None is without an end."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a day in ISO form, a provider, or the name of a project, which may be empty."""

    key: str
    sum: Sum


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """Lines in their order: the newest day first, what cost most first.

    Attributes:
        days: The days that were looked at, both ends known unless nothing was ever spent.
    """

    grouping: Grouping
    days: Days
    lines: tuple[Line, ...]
    total: Sum


class LedgerView:
    """Answers what was spent.

    Raises:
        StorageError: From every method, where the disk or the library fails.
    """

    def __init__(self, entries: LedgerEntries, now: Callable[[], datetime], *, zone: tzinfo | None = None) -> None:
        """
        Args:
            zone: Whose calendar; the system's unless given.
        """
        self._entries = entries
        self._now = now
        self.calendar = CalendarDays(zone)

    def days_of(self, span: Span) -> Days:
        """The days of a named span, as of now."""
        today = self.calendar.day_of(self._now())
        match span:
            case Span.TODAY:
                return Days(today, today)
            case Span.THIS_MONTH:
                return Days(first_of_month(today), today)
            case Span.LAST_MONTH:
                last = first_of_month(today) - timedelta(days=1)
                return Days(first_of_month(last), last)
            case Span.ALL:
                return Days()

    async def table(self, grouping: Grouping, days: Days) -> LedgerTable:
        """The sums of some days; lines in which nothing left are left out.

        Raises:
            RequestInvalid: The days end before they begin.
        """
        known = await self._known(days)
        if known is None:
            return LedgerTable(grouping, days, (), Sum())
        since, until = self._moments(*known)
        total = await self._entries.total(since, until)
        if grouping is Grouping.DAY:
            lines = await self._by_day(*known)
        else:
            sums = await self._entries.by(grouping, since, until)
            lines = sorted((Line(key, each) for key, each in sums.items()), key=_dearest_first)
        return LedgerTable(grouping, Days(*known), tuple(lines), total)

    async def portions(self, days: Days, which: Which = Which.ALL) -> AsyncIterator[list[LedgerEntry]]:
        """The entries of some days, the oldest first, a thousand at a time: nothing else waits long for the disk."""
        known = await self._known(days)
        if known is None:
            return
        since, until = self._moments(*known)
        after = ""
        while portion := await self._entries.entries(since, until, which, after=after, limit=_PORTION):
            yield portion
            since, after = portion[-1].at, portion[-1].attempt

    async def unknown_this_month(self) -> int:
        """How many tasks of this month are over without anybody telling what they cost."""
        periods = self.calendar.periods(self._now())
        return await self._entries.unknown(periods.month_start, periods.month_end)

    async def unknown_today(self) -> int:
        """The same of today."""
        periods = self.calendar.periods(self._now())
        return await self._entries.unknown(periods.day_start, periods.day_end)

    async def _by_day(self, first: date, last: date) -> list[Line]:
        span = await self._entries.span()
        assert span is not None
        earliest, latest = map(self.calendar.day_of, span)  # nobody counts the empty days around
        first, last = max(first, earliest, last - _LONGEST), min(last, latest)
        dates = [first + timedelta(days=more) for more in range((last - first).days + 1)]
        starts = [self.calendar.start_of(day) for day in (*dates, last + timedelta(days=1))]
        sums = await self._entries.by_day(starts)
        lines = [Line(day.isoformat(), each) for day, each in zip(dates, sums, strict=True) if each.tasks]
        return lines[::-1]

    async def _known(self, days: Days) -> tuple[date, date] | None:
        """The first and the last of the days; None where nothing was ever spent."""
        span = await self._entries.span()
        earliest, latest = map(self.calendar.day_of, span or (self._now(), self._now()))
        first, last = days.first or min(earliest, days.last or earliest), days.last or max(latest, days.first or latest)
        if last < first:
            raise RequestInvalid([Problem("to", f"{last} is before {first}.")])
        return None if span is None else (first, last)

    def _moments(self, first: date, last: date) -> tuple[datetime, datetime]:
        return self.calendar.start_of(first), self.calendar.start_of(last + timedelta(days=1))


def why_held(entry: LedgerEntry) -> str:
    """Why money is held for an attempt, in a few words."""
    if entry.state.is_open:
        return "Under way"
    if entry.state is TaskState.UNCERTAIN:
        return "Needs your decision"
    if entry.state is TaskState.CANCELLED:
        return "Cancelled after it was sent"
    return "Its service told no cost"


def _dearest_first(line: Line) -> tuple[bool, object, str]:
    billed = line.sum.billed
    return (billed is None, -(billed or 0) - line.sum.held, line.key)
