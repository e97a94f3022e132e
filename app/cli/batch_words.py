"""What a sheet comes to, in sentences for people and as JSON for scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.cli.task_json import task_json
from app.domain.receipt import exact_dollars
from app.domain.task import Task
from app.engine.batch_plan import BatchPlan, PlannedRow, Step, count
from app.engine.services import Services

_WORDS = {
    Step.NEW: "new",
    Step.CHANGED: "changed",
    Step.RETRY: "tried again",
    Step.OPEN: "carried on",
    Step.UNCERTAIN: "waiting for your decision",
    Step.UNCHANGED: "unchanged",
}
_MOST_NAMES = 8


def summary(plan: BatchPlan) -> list[str]:
    """What happens to the rows, what that costs, and what is left alone; a line each."""
    counts = {step: number for step, number in count(plan.rows).items() if number}
    rows = _counted(len(plan.rows), "row")
    lines = [f"{rows}: {', '.join(f'{number:,} {_WORDS[step]}' for step, number in counts.items())}.", price(plan)]
    if plan.removed:
        names = ", ".join(plan.removed[:_MOST_NAMES])
        more = f" and {len(plan.removed) - _MOST_NAMES:,} more" if len(plan.removed) > _MOST_NAMES else ""
        lines.append(f"No longer in the sheet, left as they are: {names}{more}.")
    return lines


def price(plan: BatchPlan) -> str:
    """`Expected: $0.26. At the most: $0.31. 92 takes. 3 rows of unknown price come on top.`"""
    totals = plan.totals
    if not totals.rows:
        return "Nothing has to be generated."
    takes = _counted(totals.takes, "take")
    unknown = sum(any(each.most is None for each in row.due) for row in plan.rows)
    if unknown == totals.rows:
        return f"Expected: unknown. At the most: unknown. {takes}."
    if not totals.most and not unknown:
        return f"Free. {takes}."
    most = "unknown" if unknown else exact_dollars(totals.most)
    rest = f" The price of {_counted(totals.unknown, 'row')} is unknown and comes on top." if totals.unknown else ""
    return f"Expected: {exact_dollars(totals.expected)}. At the most: {most}. {takes}.{rest}"


def plan_json(plan: BatchPlan) -> dict[str, Any]:
    """A sheet of which nothing was queued."""
    return {
        "sheet": plan.sheet,
        "rows": [_row_json(row) for row in plan.rows],
        "removed": list(plan.removed),
        "totals": _totals_json(plan),
    }


def batch_json(
    plan: BatchPlan,
    services: Services,
    tasks: Mapping[str, Sequence[Task]],
    files: Mapping[str, Path],
    manifest: Path | None,
) -> dict[str, Any]:
    """A sheet with what became of it.

    Args:
        tasks: By the ids of rows.
        files: Where takes were written to, by their ids.
    """
    rows = []
    for row in plan.rows:
        of_row = tasks.get(row.row.id, ())
        made = [task_json(task, services.files.path, services.transcripts.path, files) for task in of_row]
        paths = [str(files[take.id]) for task in of_row for take in task.takes if take.id in files]
        rows.append(_row_json(row) | {"files": paths, "tasks": made})
    every = [task for of_row in tasks.values() for task in of_row]
    known = [task.billed for task in every if task.billed is not None]
    totals = _totals_json(plan) | {
        "states": {state: sum(task.state == state for task in every) for state in sorted({t.state for t in every})},
        "cost_usd": float(sum(known, Decimal(0))),
        "unknown_costs": len(every) - len(known),
    }
    return {
        "sheet": plan.sheet,
        "manifest": None if manifest is None else str(manifest),
        "rows": rows,
        "removed": list(plan.removed),
        "totals": totals,
    }


def _row_json(row: PlannedRow) -> dict[str, Any]:
    request = row.checked.request
    return {
        "line": row.row.line,
        "id": row.row.id,
        "step": row.step.value,
        "provider": request.provider,
        "model": request.model,
        "takes": request.takes,
        "estimated_cost_usd": _sum([each.expected for each in row.due]),
        "most_cost_usd": _sum([each.most for each in row.due]),
    }


def _totals_json(plan: BatchPlan) -> dict[str, Any]:
    totals = plan.totals
    return {
        "rows": len(plan.rows),
        "steps": {step.value: number for step, number in count(plan.rows).items()},
        "takes": totals.takes,
        "estimated_cost_usd": float(totals.expected),
        "most_cost_usd": float(totals.most),
        "unknown_prices": totals.unknown,
    }


def _sum(amounts: Sequence[Decimal | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return float(sum(known, Decimal(0))) if len(known) == len(amounts) else None


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
