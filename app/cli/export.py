"""`cuesmith export`: takes as files that a studio can use."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.cli.commands import Commands
from app.cli.context import Context
from app.cli.exit_codes import ExitCode
from app.cli.export_progress import export_progress
from app.cli.outcome import stored_takes
from app.cli.work import at_work
from app.domain.audio import AudioFormat, BitDepth
from app.domain.clip_edit import WHOLE
from app.domain.errors import TaskNotFound
from app.domain.export_settings import DEFAULT_NAME, DEFAULT_SILENCE_DBFS, ExportSettings, FadeShape, IfExists
from app.domain.take import TakeState
from app.engine.exporter import ExportSource
from app.storage.task_store import TaskStore

_MARGIN_S = ExportSettings().margin_s
_OPTIONS = {
    "format": "--format",
    "sample_rate": "--sample-rate",
    "bit_depth": "--bit-depth",
    "channels": "--channels",
    "bitrate": "--bitrate",
    "quality": "--quality",
    "loudness": "--loudness",
    "momentary": "--momentary",
    "peak": "--peak",
    "true_peak": "--true-peak",
    "gain": "--gain",
    "start": "--from",
    "end": "--to",
    "silence": "--trim-silence",
    "margin": "--trim-margin",
    "fade_in": "--fade-in",
    "fade_out": "--fade-out",
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
    parser.add_argument(
        "--bit-depth", choices=[depth.value for depth in BitDepth], help="for WAV and FLAC; as the take, or 24"
    )
    parser.add_argument(
        "--channels", metavar="N", type=int, help="1 mixes down to mono, 2 is stereo; as the take if not given"
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--bitrate", metavar="KBPS", type=int, help="in kbit/s: of MP3 constant, of Ogg Vorbis and Opus on average"
    )
    size.add_argument(
        "--quality",
        metavar="Q",
        type=float,
        help="variable bit rate: MP3 from 0 (best) to 9, Ogg Vorbis 0 to 10 (best)",
    )
    _add_level_options(parser)
    _add_part_options(parser)
    parser.add_argument(
        "--name", metavar="TEMPLATE", default=DEFAULT_NAME, help=f"of the files; {DEFAULT_NAME} if not given"
    )
    parser.add_argument(
        "--if-exists",
        choices=[each.value for each in IfExists],
        default=IfExists.NUMBER.value,
        help="what to do where a file has the name already; a number is added if not given",
    )
    parser.add_argument("--no-tags", action="store_true", help="don’t write prompt, model and seed into the files")


def _add_level_options(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("level")
    level = group.add_mutually_exclusive_group()
    level.add_argument("--gain", metavar="DB", type=float, help="louder or quieter by so many dB")
    level.add_argument("--loudness", metavar="LUFS", type=float, help="integrated loudness to reach, such as -16 LUFS")
    level.add_argument(
        "--momentary", metavar="LUFS", type=float, help="highest momentary loudness to reach, such as -15 LUFS"
    )
    level.add_argument("--peak", metavar="DBFS", type=float, help="level that the highest sample gets, such as -1 dBFS")
    group.add_argument(
        "--true-peak",
        metavar="DBTP",
        type=float,
        help="highest true peak, in dBTP; -1 under a loudness if not given, else none",
    )


def _add_part_options(parser: ArgumentParser) -> None:
    part = parser.add_argument_group("part and fades")
    part.add_argument(
        "--trimmed",
        action="store_true",
        help="each take as it was cut and faded in the window; what else is said of part and fades is for the others",
    )
    part.add_argument("--from", dest="start", metavar="S", type=float, help="where the part begins, in seconds")
    part.add_argument("--to", dest="end", metavar="S", type=float, help="where it ends, in seconds")
    part.add_argument(
        "--trim-silence",
        dest="silence",
        metavar="DBFS",
        type=float,
        nargs="?",
        const=DEFAULT_SILENCE_DBFS,
        help=f"cut off what is quieter than this at both ends; {DEFAULT_SILENCE_DBFS:g} dBFS if no level is given",
    )
    part.add_argument(
        "--trim-margin",
        dest="margin",
        metavar="S",
        type=float,
        default=_MARGIN_S,
        help=f"how many seconds of it are kept; {_MARGIN_S:g} if not given",
    )
    part.add_argument(
        "--fade-in", metavar="S", type=float, default=0.0, help="seconds of a fade at the start; none if not given"
    )
    part.add_argument(
        "--fade-out", metavar="S", type=float, default=0.0, help="seconds of a fade at the end; none if not given"
    )
    part.add_argument(
        "--fade-shape",
        choices=[shape.value for shape in FadeShape],
        default=FadeShape.EQUAL_POWER.value,
        help="of both fades; equal-power if not given",
    )


def _export(options: Namespace, context: Context) -> int:
    settings = ExportSettings(
        format=AudioFormat(options.format) if options.format else None,
        sample_rate_hz=options.sample_rate,
        channels=options.channels,
        bit_depth=BitDepth(options.bit_depth) if options.bit_depth else None,
        bitrate_kbps=options.bitrate,
        quality=options.quality,
        loudness_lufs=options.loudness,
        momentary_lufs=options.momentary,
        peak_dbfs=options.peak,
        true_peak_dbtp=options.true_peak,
        gain_db=options.gain,
        start_s=options.start,
        end_s=options.end,
        silence_dbfs=options.silence,
        margin_s=options.margin,
        fade_in_s=options.fade_in,
        fade_out_s=options.fade_out,
        fade_shape=FadeShape(options.fade_shape),
        name=options.name,
        writes_tags=not options.no_tags,
        folder=options.out.absolute(),
    )
    return asyncio.run(_exported(options, settings, IfExists(options.if_exists), context))


async def _exported(options: Namespace, settings: ExportSettings, if_exists: IfExists, context: Context) -> int:
    async with at_work(context) as work:
        sources = await _sources(work.services.store, options.ids)
        if options.trimmed:
            edits = await work.services.clip_edits.of([source.take.id for source in sources])
            sources = [replace(source, edit=edits.get(source.take.id, WHOLE)) for source in sources]
        exporter = work.services.exporter
        plan = await exporter.plan(sources, settings, if_exists=if_exists)
        with export_progress(work.console) as show:
            exported = await work.unless_interrupted(exporter.export(plan, progress=show))
        if exported is None:
            work.console.tell("cuesmith: Interrupted. The files that were finished stay.")
            return ExitCode.UNFINISHED
        code = ExitCode.DONE
        for file in exported:
            if file.failure is not None:
                work.console.tell(f"cuesmith: {file.failure.message}")
                code = ExitCode.FAILED
                continue
            if not file.is_skipped:
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
