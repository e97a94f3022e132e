"""The tasks of the library, and what can be done about them."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.cli import exit_codes
from app.cli.commands import Commands
from app.cli.context import Context
from app.cli.exit_codes import ExitCode
from app.cli.measures import measure_lines
from app.cli.outcome import cost_again, say_takes, stored_takes, tell_outcomes
from app.cli.task_json import task_json
from app.cli.work import Work, at_work
from app.domain.provider import AudioProvider
from app.domain.receipt import exact_dollars
from app.domain.task import Task, TaskState
from app.engine.recovery import recovery_for

_NOTHING_TO_CANCEL = "There is nothing to cancel."
_PROMPT_WIDTH = 48
_CANCEL_PATIENCE_S = 5.0
_LOOK_EVERY_S = 0.1


def add_to(commands: Commands) -> None:
    """Put the commands into the parser."""
    parser = commands.add("tasks", "list all tasks", _tasks)
    parser.add_argument("--json", action="store_true", help="print a JSON array of tasks")
    parser = commands.add("task", "show one task, with the measures of its takes", _task)
    parser.add_argument("id", metavar="ID", help="a task, or the first characters of one")
    parser.add_argument("--json", action="store_true", help="print the task as JSON")
    commands.add("pause", "let nothing new leave until `resume`, in no window and no command", _pause)
    parser = commands.add("resume", "end a pause, carry on every unfinished task and wait for it", _resume)
    parser.add_argument("--json", action="store_true", help="print a JSON array of these tasks")
    parser = commands.add("cancel", "stop waiting for tasks; their services may still bill them", _cancel)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("id", metavar="ID", nargs="?", help="one task")
    which.add_argument("--all", action="store_true", help="every task that isn’t over, whoever runs it")
    parser.add_argument("--waiting", action="store_true", help="with --all: only those that weren’t sent yet")
    parser = commands.add(
        "retry", "take up a task that ended badly, or submit an uncertain one anew, and wait for it", _retry
    )
    parser.add_argument("id", metavar="ID")
    parser = commands.add("resolve", "decide about a task whose outcome or cost nobody told", _resolve)
    parser.add_argument("id", metavar="ID")
    decision = parser.add_mutually_exclusive_group(required=True)
    decision.add_argument("--failed", action="store_true", help="give up an uncertain task as failed")
    decision.add_argument("--free", action="store_true", help="it cost nothing: nothing is held for it any more")


def _tasks(options: Namespace, context: Context) -> int:
    async def run() -> int:
        async with at_work(context) as work:
            tasks = await work.services.store.tasks()
            if options.json:
                work.console.say_json([_as_json(work, task) for task in tasks])
            elif tasks:
                work.console.say_table(*_table(tasks))
            else:
                work.console.tell("No tasks yet.")
            return ExitCode.DONE

    return asyncio.run(run())


def _task(options: Namespace, context: Context) -> int:
    async def run() -> int:
        async with at_work(context) as work:
            task = await work.services.store.task(options.id)
            if unmeasured := [take for take in stored_takes(task) if take.measures is None]:
                await work.unless_interrupted(work.services.measuring.measure(unmeasured))
                task = await work.services.store.task(task.id)
            if options.json:
                work.console.say_json(_as_json(work, task))
            else:
                _say_details(work, task)
            return ExitCode.DONE

    return asyncio.run(run())


def _resume(options: Namespace, context: Context) -> int:
    async def run() -> int:
        async with at_work(context) as work:
            store = work.services.store
            await work.services.queue.look()
            if work.services.queue.is_paused:
                await work.services.queue.resume()
                work.console.tell("cuesmith: The pause is over.")
            ids = await work.services.carry_on()
            left = [task for task in await store.tasks(_OPEN) if task.id not in ids]
            homeless = [task for task in left if task.request.provider not in work.services.providers]
            for task in homeless:
                work.console.tell(f"cuesmith: There is no service “{task.request.provider}” for task {task.id}.")
            if held := len(left) - len(homeless):
                work.console.tell(f"cuesmith: {_counted(held, 'is', 'are')} held by another Cuesmith; left alone.")
            tasks = homeless + await work.wait_for(ids)
            undecided = [task for task in await store.tasks({TaskState.UNCERTAIN}) if task.id not in ids]
            tasks += undecided  # they are unfinished too, and nobody else reminds the user
            if options.json:
                work.console.say_json([_as_json(work, task) for task in tasks])
            else:
                say_takes(work.console, work.services, tasks)
            await tell_outcomes(work.console, work.services, tasks)
            return exit_codes.of_tasks(tasks)

    return asyncio.run(run())


def _pause(_options: Namespace, context: Context) -> int:
    async def run() -> int:
        async with at_work(context) as work:
            await work.services.queue.pause()
            tasks = await work.services.queue.open_tasks()
            work.console.say(f"Paused. Nothing new is sent; {_counted(len(tasks.waiting), 'waits', 'wait')}.")
            if tasks.under_way:
                work.console.tell(f"{_counted(len(tasks.under_way), 'has', 'have')} been sent: what has left goes on.")
            work.console.tell("End the pause with: cuesmith resume")
            return ExitCode.DONE

    return asyncio.run(run())


def _cancel_all(options: Namespace, context: Context) -> int:
    async def run() -> int:
        async with at_work(context) as work:
            queue = work.services.queue
            tasks = await queue.open_tasks()
            stopped = await queue.stop_all(under_way=not options.waiting)
            left = [
                task for task in [await _when_closed(work, each) for each in stopped.elsewhere] if task.state.is_open
            ]
            cancelled = len(stopped) - len(left)
            work.console.say(f"{_counted(cancelled, 'is', 'are')} cancelled." if len(stopped) else _NOTHING_TO_CANCEL)
            if tasks.billable and not options.waiting:
                work.console.tell(
                    f"{_counted(tasks.billable, 'is at a service', 'are at services')} that can’t be stopped and may "
                    "still bill it. What was sent can be taken up again with: cuesmith retry ID"
                )
            if left and not options.waiting:
                work.console.tell(
                    f"cuesmith: {_counted(len(left), 'will', 'will')} be cancelled by the Cuesmith that holds it."
                )
                return ExitCode.UNFINISHED
            return ExitCode.DONE

    return asyncio.run(run())


def _cancel(options: Namespace, context: Context) -> int:
    if options.all:
        return _cancel_all(options, context)
    if options.waiting:
        context.console.tell("cuesmith cancel: --waiting goes with --all.")
        return ExitCode.REFUSED

    async def run() -> int:
        async with at_work(context) as work:
            task = await work.services.store.task(options.id)
            if not task.state.is_open and task.state is not TaskState.UNCERTAIN:
                work.console.tell(f"cuesmith: Task {task.id} is {task.state} already; there is nothing to cancel.")
                return ExitCode.REFUSED
            await work.services.queue.cancel(task.id)
            task = await _when_closed(work, task.id)
            if task.state.is_open:
                work.console.tell(f"cuesmith: Task {task.id} will be cancelled by the Cuesmith that holds it.")
                return ExitCode.UNFINISHED
            work.console.say(f"{task.id}  {task.state}")
            if _may_be_billed(task, work.services.providers.get(task.request.provider)):
                work.console.tell("The service can’t be stopped and may still bill it.")
            return ExitCode.DONE

    return asyncio.run(run())


def _may_be_billed(task: Task, provider: AudioProvider | None) -> bool:
    if task.attempt is None or task.attempt.sent_at is None:
        return False
    return provider is None or not recovery_for(provider, task.attempt).is_unbilled


async def _when_closed(work: Work, task_id: str) -> Task:
    """The task once it is cancelled, by whoever holds it; as it is when that takes too long."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _CANCEL_PATIENCE_S
    task = await work.services.store.task(task_id)
    while task.state.is_open and loop.time() < until:
        await asyncio.sleep(_LOOK_EVERY_S)
        task = await work.services.store.task(task_id)
    return task


def _retry(options: Namespace, context: Context) -> int:
    async def run() -> int:
        async with at_work(context) as work:
            task = await work.services.store.task(options.id)
            queue = work.services.queue
            if task.state is TaskState.UNCERTAIN:
                undecided = await queue.undecided(task.id)
                if undecided.can_be_sent:
                    again = cost_again(undecided.again)
                    work.console.tell(f"cuesmith: Task {task.id} is submitted anew; it may cost again: {again}.")
                task = await queue.submit_anew(undecided)
            else:
                task = await queue.retry(task.id)
            tasks = await work.wait_for([task.id])
            say_takes(work.console, work.services, tasks)
            await tell_outcomes(work.console, work.services, tasks)
            return exit_codes.of_tasks(tasks)

    return asyncio.run(run())


def _resolve(options: Namespace, context: Context) -> int:
    async def run() -> int:
        async with at_work(context) as work:
            task = await work.services.store.task(options.id)
            if options.free:
                task = await work.services.queue.resolve_free(task.id)
                work.console.say(f"{task.id}  {task.state}  {_cost(task)}")
                return ExitCode.DONE
            if task.state is not TaskState.UNCERTAIN:
                work.console.tell(f"cuesmith: Task {task.id} is {task.state}; it needs no decision.")
                return ExitCode.REFUSED
            await work.services.queue.resolve_failed(task.id)
            work.console.say(f"{task.id}  {TaskState.FAILED}")
            return ExitCode.DONE

    return asyncio.run(run())


_OPEN = frozenset(state for state in TaskState if state.is_open)


def _table(tasks: Sequence[Task]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Headings and rows; projects have a column once one is used."""
    has_projects = any(task.project for task in tasks)
    headings = ("ID", "STATE", "PROVIDER", "MODEL", "TAKES", "COST", "WHEN", *("PROJECT",) * has_projects, "PROMPT")
    return headings, [_row(task, has_project=has_projects) for task in tasks]


def _row(task: Task, *, has_project: bool) -> tuple[str, ...]:
    return (
        task.id,
        task.state.value,
        task.request.provider,
        task.request.model,
        str(len(stored_takes(task))),
        _cost(task),
        _local(task.created_at),
        *(task.project,) * has_project,
        _one_line(task.request.title),
    )


def _say_details(work: Work, task: Task) -> None:
    console = work.console
    estimate = task.estimate.expected
    facts = [
        ("id", task.id),
        ("state", task.state.value),
        ("prompt", " ".join(task.request.title.split())),
        ("model", f"{task.request.provider} {task.request.model}"),
        ("made", _local(task.created_at)),
        ("estimate", "unknown" if estimate is None else _dollars(estimate)),
        ("cost", _cost(task)),
    ]
    if task.project:
        facts.append(("project", task.project))
    if task.failure is not None:
        facts.append(("error", task.failure.message))
    for name, value in facts:
        console.say(f"{name:<10}{value}")
    if task.transcript_file is not None:
        console.say(f"{'transcript':<10}{work.services.transcripts.path(task.transcript_file)}")
    for take in stored_takes(task):
        info = take.info
        assert take.file is not None
        seconds = "" if info is None else f"{info.duration_s:.3f} s, {info.sample_rate_hz:,} Hz, "
        console.say(f"{'take':<10}{take.id}  {seconds}{work.services.files.path(take.file)}")
        for name, value in () if take.measures is None else measure_lines(take.measures):
            console.say(f"  {name:<10}{value}")


def _as_json(work: Work, task: Task) -> dict[str, Any]:
    return task_json(task, work.services.files.path, work.services.transcripts.path)


def _cost(task: Task) -> str:
    return "unknown" if task.billed is None else _dollars(task.billed)


def _dollars(amount: Decimal) -> str:
    return "free" if amount == 0 else exact_dollars(amount)


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _one_line(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= _PROMPT_WIDTH else f"{line[: _PROMPT_WIDTH - 1]}…"


def _counted(count: int, one: str, several: str) -> str:
    return f"1 task {one}" if count == 1 else f"{count:,} tasks {several}"
