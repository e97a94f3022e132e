"""Problems and errors as lines for people and as JSON for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.cli.console import Console
from app.cli.exit_codes import ExitCode, of_error
from app.domain.errors import (
    AppError,
    Problem,
    RequestInvalid,
    RowProblem,
    SettingsError,
    SheetInvalid,
    SpendingCeilingReached,
)


def report(console: Console, error: AppError, options: Mapping[str, str], *, as_json: bool = False) -> ExitCode:
    """Tell an error that ended a command, one line a problem.

    Args:
        options: Option names by the fields they set. Where `param` is among them, other fields are parameters.
        as_json: Put an object with the key `error` on the output too.
    """
    problems = error.problems if isinstance(error, RequestInvalid) else ()
    for problem in problems:
        console.tell(f"{option_of(problem.field, options)}: {problem.message}")
    if isinstance(error, SheetInvalid):
        for each in error.problems:
            console.tell(_in_sheet(each))
        count = len(error.problems)
        console.tell(f"cuesmith: {count:,} {'problem' if count == 1 else 'problems'} in the sheet. Nothing was sent.")
    elif isinstance(error, SpendingCeilingReached):
        console.tell(f"cuesmith: {error}{_without_limits(error)}")
    elif not problems:
        key = error.key if isinstance(error, SettingsError) else None
        place = f"{key}: " if key is not None and key not in str(error) else ""
        console.tell(f"cuesmith: {place}{error}")
    if as_json:
        console.say_json({"error": _error_json(error, problems, options)})
    return of_error(error)


def _in_sheet(problem: RowProblem) -> str:
    """`Line 7, EP3_005, voice: There is no voice ...`"""
    place = (f"Line {problem.line}", problem.row_id, problem.column)
    return f"{', '.join(filter(None, place))}: {problem.message}"


def _without_limits(error: SpendingCeilingReached) -> str:
    """How the limits in the way are removed."""
    commands = " and ".join(f"cuesmith config set {name} none" for name in error.settings)
    return f" Without the limit: {commands}" if commands else ""


def option_of(field: str, options: Mapping[str, str]) -> str:
    """The option that sets a field of a request, or the whole of what it is a part of; else the program itself."""
    parameter = f"--param {field}" if "param" in options else "cuesmith"
    whole = "plan" if field.startswith("plan.") else field
    return options.get(whole, parameter)


def _error_json(error: AppError, problems: Iterable[Problem], options: Mapping[str, str]) -> dict[str, Any]:
    content: dict[str, Any] = {"kind": error.kind, "message": str(error)}
    if isinstance(error, SheetInvalid):
        rows = [{"line": p.line, "id": p.row_id, "column": p.column, "message": p.message} for p in error.problems]
        return content | {"problems": rows}
    listed = [{"field": p.field, "option": option_of(p.field, options), "message": p.message} for p in problems]
    return content | ({"problems": listed} if listed else {})
