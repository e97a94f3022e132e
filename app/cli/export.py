"""`cuesmith export`: takes as files that a studio can use."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from app.cli.commands import Commands
from app.cli.context import Context
from app.cli.exit_codes import ExitCode
from app.cli.outcome import stored_takes
from app.cli.work import at_work
from app.domain.audio import AudioFormat, BitDepth
from app.domain.errors import TaskNotFound
from app.domain.export_settings import DEFAULT_NAME, ExportSettings
from app.domain.take import TakeState
from app.engine.exporter import ExportSource
from app.storage.task_store import TaskStore

_OPTIONS = {
    "format": "--format",
    "sample_rate": "--sample-rate",
    "bit_depth": "--bit-depth",
    "channels": "--channels",
    "loudness": "--loudness",
    "peak": "--peak",
    "name": "--name",
    "folder": "--out",
}


def add_to(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add("export", "convert, name and copy takes into a folder", _export, _OPTIONS)
    parser.add_argument("ids", metavar="TASK_OR_TAKE_ID", nargs="+", help="a task means all of its takes")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for the files")
    parser.add_argument("--format", choices=[f.value for f in AudioFormat], help="as the take if not given")
    parser.add_argument("--sample-rate", metavar="HZ", type=int, help="as the take if not given")
    parser.add_argument("--bit-depth", choices=[depth.value for depth in BitDepth], help="for WAV and FLAC")
    parser.add_argument("--channels", metavar="N", type=int, help="1 mixes down to mono")
    parser.add_argument("--loudness", metavar="LUFS", type=float, help="integrated loudness to reach, such as -16")
    parser.add_argument("--peak", metavar="DBFS", type=float, help="highest true peak, such as -1")
    parser.add_argument("--name", metavar="TEMPLATE", default=DEFAULT_NAME, help="file name, such as {prompt}_{take}")


def _export(options: Namespace, context: Context) -> int:
    settings = ExportSettings(
        format=AudioFormat(options.format) if options.format else None,
        sample_rate_hz=options.sample_rate,
        channels=options.channels,
        bit_depth=BitDepth(options.bit_depth) if options.bit_depth else None,
        loudness_lufs=options.loudness,
        peak_dbfs=options.peak,
        name=options.name,
        folder=options.out.absolute(),
    )
    return asyncio.run(_exported(options.ids, settings, context))


async def _exported(ids: Sequence[str], settings: ExportSettings, context: Context) -> int:
    async with at_work(context) as work:
        sources = await _sources(work.services.store, ids)
        exporter = work.services.exporter
        plan = await exporter.plan(sources, settings)
        exported = await work.unless_interrupted(exporter.export(plan))
        if exported is None:
            work.console.tell("cuesmith: Interrupted. The files that were finished stay.")
            return ExitCode.UNFINISHED
        code = ExitCode.DONE
        for file in exported:
            if file.failure is not None:
                work.console.tell(f"cuesmith: {file.failure.message}")
                code = ExitCode.FAILED
                continue
            work.console.say(str(file.path))
            if file.remark:
                work.console.tell(f"cuesmith: {file.remark}")
        return code


async def _sources(store: TaskStore, ids: Sequence[str]) -> list[ExportSource]:
    """The takes that are meant, in the order of the ids, each once.

    Raises:
        TaskNotFound: There is no such task or take, or its audio isn't here.
    """
    sources: dict[str, ExportSource] = {}
    for name in ids:
        task_id, dash, number = name.partition("-")
        task = await store.task(task_id)
        wanted = [take for take in task.takes if take.id == f"{task.id}-{number}"] if dash else stored_takes(task)
        if dash and not wanted:
            raise TaskNotFound(f"There is no take {name}.")
        if not wanted or any(take.state is not TakeState.STORED for take in wanted):
            raise TaskNotFound(f"{name} has no audio in the library to export.")
        sources.update((take.id, ExportSource(task, take)) for take in wanted)
    return list(sources.values())
