"""`cuesmith generate`: one task, from its request to its takes."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.cli import exit_codes
from app.cli.commands import Commands
from app.cli.context import Context
from app.cli.exit_codes import ExitCode
from app.cli.out_folder import make_folder
from app.cli.outcome import say_takes, stored_takes, tell_outcomes
from app.cli.problems import option_of
from app.cli.request_options import OPTIONS, add_request_options, request_of
from app.cli.spending_limit import ceiling_of, check_ceiling
from app.cli.task_json import task_json
from app.cli.work import Work, at_work
from app.domain.export_settings import ExportSettings
from app.domain.input_facts import InputFacts
from app.domain.model_spec import ModelSpec
from app.domain.project import project_name
from app.domain.receipt import Estimate, exact_dollars
from app.domain.request import GenerationRequest, InputKind
from app.domain.task import Task
from app.engine.exporter import ExportSource
from app.engine.services import Services
from app.storage.catalogue import Catalogue


def add_to(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add("generate", "make audio from words and wait for it", _generate, OPTIONS)
    add_request_options(parser)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="write the takes here; without it they stay in the library"
    )
    parser.add_argument("--project", metavar="NAME", default="", help="file the task under this project")
    parser.add_argument("--max-cost", metavar="USD", help="refuse what may cost more than this")
    parser.add_argument("--dry-run", action="store_true", help="check the request and say what it costs; send nothing")
    parser.add_argument("--json", action="store_true", help="print the task as JSON")


def _generate(options: Namespace, context: Context) -> int:
    out = None if options.out is None else options.out.absolute()
    return asyncio.run(_generated(options, out, context))


async def _generated(options: Namespace, out: Path | None, context: Context) -> int:
    ceiling, project = ceiling_of(options.max_cost), project_name(options.project)
    async with at_work(context) as work:
        spec = _spec_of(options, work.services.catalogue)
        request = await asyncio.to_thread(request_of, options, spec, partial(_kind_of, work.services.probe))
        if options.trim and spec.references.longest_s is not None:
            request = await asyncio.to_thread(_trimmed, request, work.services, spec.references.longest_s)
        for warning in spec.warnings(request):
            work.console.tell(f"{option_of(warning.field, OPTIONS)}: {warning.message}")
        estimate = work.services.spending.estimate(spec, request)
        check_ceiling(estimate, ceiling)
        if options.dry_run:
            parts = await work.services.queue.refuse_unfit(request)
            estimates = [work.services.spending.estimate(spec, part) for part in parts]
            await work.services.spending.refuse_over_ceilings(estimates, ceiling)
            _say_estimate(work, estimate, as_json=options.json)
            return ExitCode.DONE
        if out is not None:
            await asyncio.to_thread(make_folder, out)
        added = await work.services.queue.add(request, project=project, task_ceiling=ceiling)
        tasks = await work.wait_for([task.id for task in added])
        return await _handed_over(work, tasks, out, as_json=options.json)


async def _handed_over(work: Work, tasks: list[Task], out: Path | None, *, as_json: bool) -> ExitCode:
    """Write the takes where they are wanted and say what there is."""
    code = exit_codes.of_tasks(tasks)
    written: dict[str, Path] = {}
    if out is not None and code is not ExitCode.UNFINISHED:
        written, is_whole = await _write(work, tasks, out)
        code = code if is_whole else max(code, ExitCode.FAILED)
    if as_json:
        for task in tasks:
            work.console.say_json(task_json(task, work.services.files.path, work.services.transcripts.path, written))
    elif out is None:
        say_takes(work.console, work.services, tasks)
    else:
        for path in written.values():
            work.console.say(str(path))
    await tell_outcomes(work.console, work.services, tasks)
    return code


async def _write(work: Work, tasks: list[Task], folder: Path) -> tuple[dict[str, Path], bool]:
    """Copy the takes into a folder, byte for byte; what is there already stays.

    Returns:
        The files by the ids of their takes, and whether all of them could be written.
    """
    exporter = work.services.exporter
    sources = [ExportSource(task, take) for task in tasks for take in stored_takes(task)]
    settings = ExportSettings(folder=folder, writes_tags=False)
    exported = await exporter.export(await exporter.plan(sources, settings))
    for file in exported:
        if file.failure is not None:
            take = file.plan.source.take
            work.console.tell(f"cuesmith: {file.failure.message} Take {take.id} is in the library.")
    written = {file.plan.source.take.id: file.path for file in exported if file.failure is None}
    return written, len(written) == len(sources)


def _spec_of(options: Namespace, catalogue: Catalogue) -> ModelSpec:
    """The model that is asked for, or the provider's first one."""
    models = [spec for spec in catalogue.of_provider(options.provider) if spec.makes_audio]
    if options.model is None and models:
        return models[0]
    return catalogue.spec(options.provider, options.model or "")


def _trimmed(request: GenerationRequest, services: Services, longest_s: float) -> GenerationRequest:
    files = (
        replace(file, path=services.trim(file.path, longest_s)) if file.kind is InputKind.CLIP else file
        for file in request.references
    )
    return replace(request, references=tuple(files))


def _kind_of(probe: Callable[[Path], InputFacts], path: Path) -> InputKind:
    """What the bytes of a file say; a file that is neither is refused as a clip, with its name."""
    return probe(path).kind or InputKind.CLIP


def _say_estimate(work: Work, estimate: Estimate, *, as_json: bool) -> None:
    """What the request should cost and can cost at the most; unknown is told as such."""
    if as_json:
        amounts = [None if amount is None else float(amount) for amount in (estimate.expected, estimate.most)]
        work.console.say_json({"estimated_cost_usd": amounts[0], "most_cost_usd": amounts[1], "basis": estimate.basis})
        return
    expected, most = ("unknown" if each is None else exact_dollars(each) for each in (estimate.expected, estimate.most))
    work.console.say(f"Expected: {expected}. At the most: {most}. {estimate.basis}.")
