"""`cuesmith batch`: a sheet of lines, from its price to its files."""

from __future__ import annotations

import asyncio
import shlex
from argparse import Namespace
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from app.cli import exit_codes
from app.cli.batch_progress import SheetCount, sheet_progress
from app.cli.batch_words import batch_json, plan_json, summary
from app.cli.commands import Commands
from app.cli.context import Context
from app.cli.exit_codes import ExitCode
from app.cli.out_folder import make_folder
from app.cli.outcome import tell_outcomes
from app.cli.spending_limit import ceiling_of
from app.cli.work import Work, at_work
from app.domain.audio import AudioFormat
from app.domain.errors import (
    CredentialsMissing,
    KeyUnconfirmed,
    Problem,
    RequestInvalid,
    SheetInvalid,
    StorageError,
    TaskBusy,
)
from app.domain.task import Task
from app.engine.batch_plan import BatchPlan, Defaults
from app.engine.batches import Begun
from app.engine.sheet_table import COLUMNS, PARAMETER, read_sheet

_OPTIONS = {
    "sheet": "SHEET",
    "reference": "SHEET",
    "out": "--out",
    "provider": "--provider",
    "model": "--model",
    "max_cost": "--max-cost",
}
_TRIES = 3


def add_to(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add(
        "batch", "make everything that a sheet of lines asks for, and nothing twice", _batch, _OPTIONS
    )
    parser.add_argument(
        "sheet", metavar="SHEET", type=Path, help="a table (CSV, TSV) with the columns id and prompt, and others"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="write the takes and manifest.csv here")
    parser.add_argument("--provider", metavar="ID", default="local", help="service of rows that name none")
    parser.add_argument("--model", metavar="ID", help="model of rows that name none")
    parser.add_argument("--format", choices=[f.value for f in AudioFormat], help="of rows that name none")
    parser.add_argument("--project", metavar="NAME", default="", help="file what is made under this project")
    parser.add_argument("--max-cost", metavar="USD", help="refuse the sheet if all of it may cost more than this")
    parser.add_argument("--dry-run", action="store_true", help="check the sheet and say what it costs; send nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object with rows and totals")
    parser.epilog = (
        f"Columns: {', '.join(COLUMNS)}, and {PARAMETER}NAME for a model’s own parameters. Files are named by the id."
        " The same sheet again makes only what is missing or changed."
    )


def _batch(options: Namespace, context: Context) -> int:
    options.sheet = options.sheet.absolute()
    options.out = None if options.out is None else options.out.absolute()
    return asyncio.run(_batched(options, context))


async def _batched(options: Namespace, context: Context) -> int:
    most = ceiling_of(options.max_cost)
    if options.out is None and not options.dry_run:
        raise RequestInvalid([Problem("out", "Say where the files go: --out DIR.")])
    async with at_work(context) as work:
        plan = await _planned(options, work)
        for line in summary(plan):
            (work.console.say if options.dry_run and not options.json else work.console.tell)(line)
        await work.services.batches.refuse_over_ceilings(plan, most)
        if options.dry_run:
            if options.json:
                work.console.say_json(plan_json(plan))
            return ExitCode.DONE
        await _refuse_without_keys(work, plan)
        await asyncio.to_thread(make_folder, options.out)
        plan, begun = await _begun(options, work, plan, most)
        if begun.elsewhere:
            count = len(begun.elsewhere)
            what = "1 task is run by another Cuesmith" if count == 1 else f"{count:,} tasks are run by another Cuesmith"
            work.console.tell(f"cuesmith: {what}; waiting for it.")
        tasks = await _waited(work, begun)
        return await _told(options, work, plan, begun, tasks)


async def _planned(options: Namespace, work: Work) -> BatchPlan:
    """The sheet as it is now.

    Raises:
        SheetInvalid: With every problem of every row.
    """
    if not await asyncio.to_thread(options.sheet.is_file):
        raise RequestInvalid([Problem("sheet", f"There is no file {options.sheet}.")])
    sheet = await asyncio.to_thread(read_sheet, options.sheet)
    defaults = Defaults(options.provider, options.model, None, AudioFormat(options.format) if options.format else None)
    plan = await work.services.batches.planner.plan(sheet, defaults)
    if plan.problems:
        raise SheetInvalid(plan.problems)
    return plan


async def _refuse_without_keys(work: Work, plan: BatchPlan) -> None:
    """One word about a missing key, before thousands of rows fail over it.

    Raises:
        CredentialsMissing, KeyUnconfirmed, KeychainError: Nothing was queued.
    """
    for provider in dict.fromkeys(row.checked.request.provider for row in plan.rows if row.due):
        try:
            await work.services.keys.at_hand(provider)
        except KeyUnconfirmed:
            work.console.tell(f"cuesmith: If it may be sent there: cuesmith keys confirm {provider}.")
            raise
        except CredentialsMissing:
            work.console.tell(f"cuesmith: Give {provider} a key: cuesmith keys set {provider}. Nothing was sent.")
            raise


async def _begun(options: Namespace, work: Work, plan: BatchPlan, most: Decimal | None) -> tuple[BatchPlan, Begun]:
    """Queue the sheet; one that another process begins at the same moment is planned anew, and its rows are found."""
    for tries_left in reversed(range(_TRIES)):
        try:
            begun = await work.services.batches.begin(plan, options.out, project=options.project, most=most)
        except TaskBusy:
            if not tries_left:
                raise
            plan = await _planned(options, work)
        else:
            return plan, begun
    raise AssertionError("the last try returns or raises")


async def _waited(work: Work, begun: Begun) -> list[Task]:
    """Show how the sheet gets on until all of it is at rest or somebody interrupts; its tasks as they are then."""
    services = work.services
    count = SheetCount(await services.batches.tasks(begun))
    with sheet_progress(work.console) as shown:

        def note(task: Task) -> None:
            if count.note(task):
                shown.show(count)

        shown.show(count)
        stop = services.queue.changed.listen(note)
        try:
            if await work.unless_interrupted(_until_rest(work, begun)) is None:
                await services.queue.close()
        finally:
            stop()
    return await services.batches.tasks(begun)


async def _until_rest(work: Work, begun: Begun) -> bool:
    await work.services.batches.wait(begun)
    return True


async def _told(options: Namespace, work: Work, plan: BatchPlan, begun: Begun, tasks: Sequence[Task]) -> ExitCode:
    """Write what is still to be written, and say what there is."""
    batches, console = work.services.batches, work.console
    delivered = await batches.deliverer.catch_up(options.out)
    manifest = await _manifest(work, options.out)
    files = await batches.files_of(tasks, options.out)
    code = exit_codes.of_tasks(tasks)
    if delivered.failures or manifest is None:
        code = max(code, ExitCode.FAILED)
    by_id = {task.id: task for task in tasks}
    of_rows = {row: [by_id[task] for task in ids if task in by_id] for row, ids in begun.task_ids.items()}
    work.tell_deliveries()
    if options.json:
        console.say_json(batch_json(plan, work.services, of_rows, files, manifest))
    else:
        _say_files(work, of_rows, files)
    await tell_outcomes(
        console, work.services, tasks, {task: row for row, ids in begun.task_ids.items() for task in ids}
    )
    console.tell(f"{SheetCount(tasks).in_words}.")
    if code is ExitCode.UNFINISHED:
        console.tell(f"cuesmith: What is done is kept. Go on with: {_command(options)}")
    return code


async def _manifest(work: Work, folder: Path) -> Path | None:
    try:
        return await work.services.batches.deliverer.renew_manifest(folder)
    except StorageError as error:
        work.console.tell(f"cuesmith: The manifest can’t be written: {error}")
        return None


def _say_files(work: Work, tasks: Mapping[str, Sequence[Task]], files: Mapping[str, Path]) -> None:
    for of_row in tasks.values():
        for take in (take for task in of_row for take in task.takes if take.id in files):
            work.console.say(str(files[take.id]))


def _command(options: Namespace) -> str:
    """What goes on with the same sheet."""
    words = ["cuesmith", "batch", str(options.sheet), "--out", str(options.out)]
    for name, value, usual in (
        ("--provider", options.provider, "local"),
        ("--model", options.model, None),
        ("--format", options.format, None),
        ("--project", options.project, ""),
    ):
        words += [name, value] if value != usual else []
    return shlex.join(words)
