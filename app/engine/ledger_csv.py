"""The ledger as a CSV file for spreadsheets: one row an attempt."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from app.audio.publishing import written_beside
from app.domain.errors import ExportError
from app.engine.calendar_days import CalendarDays
from app.engine.ledger_view import Days, LedgerView
from app.storage.disk_failures import of_system
from app.storage.ledger_entries import LedgerEntry

COLUMNS = (
    *("time", "task", "attempt", "service", "model", "kind", "project", "prompt", "state"),
    *("expected_usd", "most_usd", "held_usd", "billed_usd", "cost"),
)
"""Amounts are US dollars in all their digits and empty where they aren't known; `cost` says which that is."""

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else

# What a spreadsheet would take for a formula, also in full width, and whatever it may strip before looking.
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


async def csv_portions(view: LedgerView, days: Days) -> AsyncIterator[str]:
    """The head, then many entries at a time; every line has its end."""
    yield _lines([COLUMNS])
    async for entries in view.portions(days):
        yield await asyncio.to_thread(_rows, entries, view.calendar)


async def export_csv(view: LedgerView, days: Days, target: Path, *, replace: bool = False) -> None:
    """Write the entries of some days into a file.

    Args:
        replace: The user was asked about a file of that name.
    Raises:
        ExportError: There is such a file.
        StorageError: The file can't be written, or the library can't be read; nothing is left behind.
    """
    portions = [portion async for portion in csv_portions(view, days)]
    await asyncio.to_thread(_write, target, portions, replace=replace)


def _write(target: Path, portions: Sequence[str], *, replace: bool) -> None:
    try:
        with (
            written_beside(target, replace=replace) as beside,
            beside.open("w", encoding="utf-8", errors="replace", newline="") as stream,
        ):
            stream.write(_BYTE_ORDER_MARK)
            stream.writelines(portions)
    except FileExistsError as error:
        raise ExportError(f"{target} exists already. Choose another name.") from error
    except OSError as error:
        raise of_system(error, target) from error


def _lines(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _rows(entries: Iterable[LedgerEntry], calendar: CalendarDays) -> str:
    return _lines(_cells(entry, calendar) for entry in entries)


def _cells(entry: LedgerEntry, calendar: CalendarDays) -> Iterator[str]:
    yield calendar.local(entry.at).isoformat(timespec="seconds")
    yield entry.task_id
    yield entry.attempt
    for text in (entry.provider, entry.model, entry.kind.value, entry.project, entry.prompt):
        yield _harmless(text)
    yield entry.state.value
    yield from map(_digits, (entry.expected, entry.most, entry.held, entry.billed))
    yield cost_word(entry)


def cost_word(entry: LedgerEntry) -> str:
    """`billed`, `unknown`, or `under way` for what may still be told."""
    if entry.billed is not None and (entry.is_settled or not entry.state.is_open):
        return "billed"
    return "unknown" if entry.is_unknown else "under way"


def _harmless(text: str) -> str:
    """A text as a text: spreadsheets calculate with what looks like a formula, and may run programs in it."""
    plain = _CONTROL.sub(" ", text)
    return f"'{plain}" if _FORMULA.match(plain) else plain


def _digits(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"
