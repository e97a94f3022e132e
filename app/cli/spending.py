"""`cuesmith spending`: what was spent, by day, service or project."""

from __future__ import annotations

import asyncio
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.cli.commands import Commands
from app.cli.context import Context
from app.cli.exit_codes import ExitCode
from app.cli.work import Work, at_work
from app.domain.errors import ExportError, Problem, RequestInvalid
from app.domain.receipt import exact_dollars
from app.engine.ledger_csv import csv_portions, export_csv
from app.engine.ledger_view import Days, LedgerTable, Line, Span
from app.storage.ledger_entries import Grouping, Sum

_OPTIONS = {"from": "--from", "to": "--to", "csv": "--csv"}
_HEADINGS = {Grouping.DAY: "DAY", Grouping.SERVICE: "SERVICE", Grouping.PROJECT: "PROJECT"}
_NO_PROJECT = "(none)"


def add_to(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add("spending", "show what was spent, in US dollars", _spending, _OPTIONS)
    parser.add_argument("--by", choices=[each.value for each in Grouping], default="day", help="a line for each; day")
    parser.add_argument(
        "--from", dest="first", metavar="DATE", type=_date, help="such as 2026-11-01; this month’s first"
    )
    parser.add_argument("--to", dest="last", metavar="DATE", type=_date, help="this day included; today if not given")
    parser.add_argument("--all", action="store_true", help="everything there is, instead of this month")
    parser.add_argument("--csv", metavar="FILE", help="write every attempt as CSV; - prints it")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no date such as 2026-11-01") from None


def _spending(options: Namespace, context: Context) -> int:
    target = None if options.csv in (None, "-") else Path(options.csv).absolute()
    return asyncio.run(_told(options, target, context))


async def _told(options: Namespace, target: Path | None, context: Context) -> int:
    async with at_work(context) as work:
        days = _days(options, work)
        if options.csv == "-":
            async for portion in csv_portions(work.services.ledger, days):
                work.console.say(portion.removesuffix("\r\n"))
            return ExitCode.DONE
        table = await work.services.ledger.table(Grouping(options.by), days)
        if target is not None:
            await _write(work, days, target)
        if options.json:
            work.console.say_json(_as_json(table, work))
        elif target is None:
            _say_table(table, work)
        return ExitCode.DONE


def _days(options: Namespace, work: Work) -> Days:
    if options.all and (options.first or options.last):
        raise RequestInvalid([Problem("from", "Give either --all or dates.")])
    if options.all:
        return Days()
    month = work.services.ledger.days_of(Span.THIS_MONTH)
    if options.first is None and options.last is None:
        return month
    return Days(options.first, options.last)


async def _write(work: Work, days: Days, target: Path) -> None:
    try:
        await export_csv(work.services.ledger, days, target)
    except ExportError as error:
        raise RequestInvalid([Problem("csv", str(error))]) from error
    work.console.tell(f"cuesmith: Written: {target}")


def _say_table(table: LedgerTable, work: Work) -> None:
    if not table.lines:
        work.console.tell(f"cuesmith: Nothing was spent{_when(table.days)}.")
        return
    digits = _digits([*(line.sum for line in table.lines), table.total])
    names = {service.id: service.name for service in work.services.known_services}
    head = (_HEADINGS[table.grouping], "BILLED", "HELD", "TASKS", "COST UNKNOWN")
    rows = [(_name(line, table.grouping, names), *_cells(line.sum, digits)) for line in table.lines]
    lines = [head, *rows, ("TOTAL", *_cells(table.total, digits))]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *figures in lines:
        cells = [figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True)]
        work.console.say("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    for limit in _limits(work):
        work.console.tell(limit)


def _name(line: Line, grouping: Grouping, names: Mapping[str, str]) -> str:
    if grouping is Grouping.SERVICE:
        return names.get(line.key, line.key)
    return line.key or _NO_PROJECT


def _cells(of: Sum, digits: int) -> tuple[str, ...]:
    billed = "unknown" if of.billed is None else f"${of.billed:,.{digits}f}"
    held = f"${of.held:,.{digits}f}" if of.held else ""
    return billed, held, f"{of.tasks:,}", f"{of.unknown:,}" if of.unknown else ""


def _digits(sums: Iterable[Sum]) -> int:
    """So many that every amount is told exactly, and points stand below each other."""
    amounts = [amount for each in sums for amount in (each.billed, each.held) if amount]
    return max([2, *(-int(amount.normalize().as_tuple().exponent) for amount in amounts)])


def _limits(work: Work) -> list[str]:
    ceilings = work.services.spending.ceilings
    told = ((ceilings.day, "a day"), (ceilings.month, "a month"))
    return [f"Limit: {exact_dollars(amount)} {what}." for amount, what in told if amount is not None]


def _when(days: Days) -> str:
    if days.first is None or days.last is None:
        return " yet"
    return f" on {days.first}" if days.first == days.last else f" from {days.first} to {days.last}"


def _as_json(table: LedgerTable, work: Work) -> dict[str, Any]:
    days, ceilings = table.days, work.services.spending.ceilings
    return {
        "by": table.grouping.value,
        "from": None if days.first is None else days.first.isoformat(),
        "to": None if days.last is None else days.last.isoformat(),
        "lines": [{table.grouping.value: line.key, **_sum_json(line.sum)} for line in table.lines],
        "total": _sum_json(table.total),
        "limits": {"day_usd": _dollars(ceilings.day), "month_usd": _dollars(ceilings.month)},
    }


def _sum_json(of: Sum) -> dict[str, Any]:
    """Null is unknown."""
    return {
        "billed_usd": _dollars(of.billed),
        "held_usd": _dollars(of.held),
        "tasks": of.tasks,
        "tasks_of_unknown_cost": of.unknown,
    }


def _dollars(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
