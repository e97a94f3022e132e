"""Sums over receipts, and the limits that an attempt must stay under before it may leave."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.errors import SpendingCeilingReached
from app.domain.receipt import FREE, Spent, dollars
from app.domain.task import Attempt
from app.storage.money_sql import FITS, HELD_UNITS, amount_of, units
from app.storage.setting_values import SpendingSettings
from app.storage.sql_values import money_of, time_text

UNCHECKABLE = (
    "It isn’t known what this can cost, and there is a spending limit. Nothing was sent. Remove the limit to generate "
    "anyway."
)
UNREADABLE = (
    "A spending limit can’t be read from the settings, so nothing is sent that may cost money. Set it anew, or "
    "mend the settings and start again."
)
_SETTINGS = {"today": "spending.day_usd", "this month": "spending.month_usd"}

_IN_TIME = "receipts WHERE reserved_at >= ? AND reserved_at < ? AND attempt IS NOT ?"
_OF_CLICK = "receipts WHERE task IN (SELECT number FROM tasks WHERE click_id = ?) AND attempt IS NOT ?"
_SUMS = """
    SELECT coalesce(sum(CASE WHEN {fits} THEN {billed} END), 0) AS billed,
        coalesce(sum(CASE WHEN {fits} THEN {held} END), 0) AS held,
        coalesce(sum(NOT {fits}), 0) AS others
    FROM {source}
"""
_OTHERS = "SELECT reserved, billed, is_settled FROM {source} AND NOT {fits}"


@dataclass(frozen=True, slots=True)
class Periods:
    """The user's own day and month, as half-open spans of time: starts belong to them, ends don't."""

    day_start: datetime
    day_end: datetime
    month_start: datetime
    month_end: datetime


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The most that may be spent, in US dollars; None is without a limit.

    Attributes:
        click: For all tasks of one click, with all their attempts.
        unreadable: Dotted names of limits that can't be read, so nobody knows whether they would be passed.
    """

    day: Decimal | None = None
    month: Decimal | None = None
    click: Decimal | None = None
    unreadable: tuple[str, ...] = ()

    @classmethod
    def of(cls, spending: SpendingSettings) -> Ceilings:
        """The limits of the settings."""
        unreadable = tuple(f"spending.{name}" for name in spending.unreadable)
        return cls(spending.day_usd, spending.month_usd, unreadable=unreadable)

    @property
    def is_any(self) -> bool:
        return bool(self.unreadable) or not self.day is self.month is self.click is None

    def refuse_if_unreadable(self, needed: Decimal | None) -> None:
        """
        Args:
            needed: The most that can be charged; None is unknown.
        Raises:
            SpendingCeilingReached: There is a limit that nobody can check.
        """
        if self.unreadable and needed != FREE:
            raise SpendingCeilingReached(UNREADABLE, self.unreadable)

    @property
    def settings(self) -> tuple[str, ...]:
        """Dotted names of those that are settings."""
        limits = (("spending.day_usd", self.day), ("spending.month_usd", self.month))
        return tuple(name for name, limit in limits if limit is not None)


@dataclass(frozen=True, slots=True)
class Excess:
    """How a limit would be passed.

    Attributes:
        when: What the limit is for, in words: `today`, `this month`, `for this request`.
        needed: The most that can come on top of what was spent.
    """

    when: str
    ceiling: Decimal
    spent: Spent
    needed: Decimal

    @property
    def limit(self) -> str:
        return f"This would pass your limit of {dollars(self.ceiling)} {self.when}"

    @property
    def settings(self) -> tuple[str, ...]:
        """The dotted name of the limit, if it is a setting."""
        return tuple(name for when, name in _SETTINGS.items() if when == self.when)

    @property
    def figures(self) -> str:
        before = f"{self.spent.in_words}, " if self.spent.total else ""
        return f"{before}about {dollars(self.needed)} needed"


def spent_between(
    connection: sqlite3.Connection, since: datetime, until: datetime, *, besides: str | None = None
) -> Spent:
    """What was billed in that time, and what is still held for attempts that were sent in it.

    Args:
        besides: Id of an attempt that is left out.
    """
    return _sum(connection, _IN_TIME, (time_text(since), time_text(until), besides))


def spent_by_click(connection: sqlite3.Connection, click_id: str, *, besides: str | None = None) -> Spent:
    """The same for all tasks of one click, whenever it was."""
    return _sum(connection, _OF_CLICK, (click_id, besides))


def ceiling_of_click(connection: sqlite3.Connection, click_id: str) -> Decimal | None:
    """The most that a click may cost, if it came with a limit."""
    row = connection.execute("SELECT amount FROM ceilings WHERE click_id = ?", (click_id,)).fetchone()
    return None if row is None else money_of(row["amount"])


def refuse_over_ceilings(
    connection: sqlite3.Connection, click_id: str, attempt: Attempt, ceilings: Ceilings, periods: Periods
) -> None:
    """
    Raises:
        SpendingCeilingReached: The attempt could take its click, the day or the month over a limit, or nobody
            knows whether it could.
    """
    if not ceilings.is_any:
        return
    needed = attempt.receipt.reserved
    if needed is None:
        raise SpendingCeilingReached(UNCHECKABLE, ceilings.settings)
    if needed == FREE:
        return
    own = str(attempt.id)
    refuse_over("for this request", ceilings.click, spent_by_click(connection, click_id, besides=own), needed)
    day = spent_between(connection, periods.day_start, periods.day_end, besides=own)
    refuse_over("today", ceilings.day, day, needed)
    month = spent_between(connection, periods.month_start, periods.month_end, besides=own)
    refuse_over("this month", ceilings.month, month, needed)


def excess_of(when: str, ceiling: Decimal | None, spent: Spent, needed: Decimal) -> Excess | None:
    """What would pass the limit if that much more were spent."""
    if ceiling is None or spent.total + needed <= ceiling:
        return None
    return Excess(when, ceiling, spent, needed)


def refuse_over(when: str, ceiling: Decimal | None, spent: Spent, needed: Decimal) -> None:
    """
    Raises:
        SpendingCeilingReached: That much more would pass the limit.
    """
    excess = excess_of(when, ceiling, spent, needed)
    if excess is not None:
        raise SpendingCeilingReached(f"{excess.limit}: {excess.figures}. Nothing was sent.", excess.settings)


def _sum(connection: sqlite3.Connection, source: str, values: tuple[str | None, ...]) -> Spent:
    sums = _SUMS.format(source=source, fits=FITS, billed=units("billed"), held=HELD_UNITS)
    row = connection.execute(sums, values).fetchone()
    billed, held = amount_of(row["billed"]), amount_of(row["held"])
    for other in connection.execute(_OTHERS.format(source=source, fits=FITS), values) if row["others"] else ():
        told, reserved = money_of(other["billed"]) or FREE, money_of(other["reserved"]) or FREE
        billed += told
        held += FREE if other["is_settled"] else max(reserved - told, FREE)  # a part of it may be told already
    return Spent(billed, held)
