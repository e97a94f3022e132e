"""`cuesmith transcribe`: what is said in a file or a take, written down."""

from __future__ import annotations

import asyncio
import os
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from app.cli import exit_codes
from app.cli.commands import Commands
from app.cli.context import Context
from app.cli.exit_codes import ExitCode
from app.cli.outcome import tell_outcomes
from app.cli.spending_limit import ceiling_of, check_ceiling
from app.cli.task_json import task_json
from app.cli.work import Work, at_work
from app.domain.errors import Problem, RequestInvalid, StorageError, TaskNotFound
from app.domain.model_spec import ModelSpec
from app.domain.project import project_name
from app.domain.request import InputFile, TranscriptionRequest
from app.domain.task import Task
from app.domain.transcript import TranscriptFormat
from app.storage.catalogue import Catalogue
from app.storage.disk_failures import as_storage_errors
from app.storage.durable_files import write_whole

_OPTIONS = {
    "audio": "FILE",
    "provider": "--provider",
    "model": "--model",
    "language": "--language",
    "prompt": "--prompt",
    "format": "--format",
    "temperature": "--temperature",
    "diarize": "--diarize",
    "redact": "--redact",
    "project": "--project",
    "max_cost": "--max-cost",
    "out": "--out",
}


def add_to(commands: Commands) -> None:
    """Put the command into the parser."""
    parser = commands.add("transcribe", "write down what is said in a file or a take", _transcribe, _OPTIONS)
    parser.add_argument("file", metavar="FILE", help="an audio file, or the id of a take")
    parser.add_argument("--provider", metavar="ID", help="service; the first one that can transcribe if not given")
    parser.add_argument("--model", metavar="ID", help="model of the service; its first one if not given")
    parser.add_argument("--language", metavar="L", help="such as en or de; found out if not given")
    parser.add_argument("--prompt", metavar="TEXT", default="", help="names and words that may occur")
    parser.add_argument(
        "--format", choices=[each.value for each in TranscriptFormat], help="the model's first if not given"
    )
    parser.add_argument("--temperature", metavar="T", type=float, help="0 is the most certain")
    parser.add_argument("--diarize", action="store_true", help="tell speakers apart")
    parser.add_argument("--redact", action="store_true", help="leave out personal data")
    parser.add_argument("--project", metavar="NAME", default="", help="file the task under this project")
    parser.add_argument("--max-cost", metavar="USD", help="refuse what may cost more than this")
    parser.add_argument("--json", action="store_true", help="print the task as JSON")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write the transcript here; without it, it is printed")


def _transcribe(options: Namespace, context: Context) -> int:
    out = None if options.out is None else options.out.absolute()
    return asyncio.run(_transcribed(options, out, context))


async def _transcribed(options: Namespace, out: Path | None, context: Context) -> int:
    ceiling, project = ceiling_of(options.max_cost), project_name(options.project)
    if out is not None:
        _check_target(out)
    async with at_work(context) as work:
        spec = _spec_of(options, work.services.catalogue)
        path = await _recording(work, options.file)
        request = _request_of(options, spec, path)
        if ceiling is not None:
            facts = await asyncio.to_thread(work.services.probe, path)
            timed = replace(request, duration_s=facts.duration_s)
            check_ceiling(work.services.spending.estimate_transcription(spec, timed), ceiling)
        # A long recording is cut first, which takes a while; nothing was sent by then.
        adding = work.services.queue.add_transcription(request, project=project, task_ceiling=ceiling)
        added = await work.unless_interrupted(adding)
        if added is None:
            work.console.tell("cuesmith: Interrupted. Nothing was sent.")
            return ExitCode.UNFINISHED
        (task,) = await work.wait_for([added.id])
        return await _handed_over(work, task, out, as_json=options.json)


async def _handed_over(work: Work, task: Task, out: Path | None, *, as_json: bool) -> ExitCode:
    code = exit_codes.of_task(task)
    written: Path | None = None
    if task.transcript_file is not None:
        kept = work.services.transcripts.path(task.transcript_file)
        text = await asyncio.to_thread(kept.read_bytes)
        if out is not None:
            written = out
            try:
                await asyncio.to_thread(_write, out, text)
            except StorageError as error:
                work.console.tell(f"cuesmith: {error} The transcript is in the library: {kept}")
                code, written = max(code, ExitCode.FAILED), None
        elif not as_json:
            work.console.say(text.decode("utf-8", "replace").rstrip("\n"))
    if as_json:
        services = work.services
        work.console.say_json(task_json(task, services.files.path, services.transcripts.path, transcript=written))
    elif written is not None:
        work.console.say(str(written))
    await tell_outcomes(work.console, work.services, [task])
    return code


def _request_of(options: Namespace, spec: ModelSpec, path: Path) -> TranscriptionRequest:
    assert spec.transcription is not None
    first = spec.transcription.formats[0]
    if options.diarize and options.format is None:
        first = next((each for each in spec.transcription.formats if each.has_times), first)
    request = TranscriptionRequest(
        provider=spec.provider,
        model=spec.id,
        audio=InputFile(path),
        format=first if options.format is None else TranscriptFormat(options.format),
        language=options.language,
        prompt=options.prompt,
        temperature=options.temperature,
        diarize=options.diarize,
        redact=options.redact,
    )
    problems = spec.check_transcription(request)
    if problems:
        raise RequestInvalid(problems)
    return request


def _spec_of(options: Namespace, catalogue: Catalogue) -> ModelSpec:
    """The model that is asked for, or the first one that transcribes."""
    if options.model is not None and options.provider is not None:
        spec = catalogue.spec(options.provider, options.model)
        if spec.transcription is not None:
            return spec
        raise RequestInvalid([Problem("model", f"{spec.label} makes audio and writes nothing down.")])
    able = [spec for spec in catalogue.models if spec.transcription is not None]
    fitting = [spec for spec in able if options.provider in (None, spec.provider) and options.model in (None, spec.id)]
    if not fitting:
        known = ", ".join(f"{spec.provider} {spec.id}" for spec in able)
        field = "model" if options.model is not None else "provider"
        raise RequestInvalid([Problem(field, f"No such model transcribes; these do: {known}.")])
    return fitting[0]


async def _recording(work: Work, word: str) -> Path:
    """A file, or else the take of that id."""
    path = Path(word)
    if await asyncio.to_thread(path.is_file):
        return await asyncio.to_thread(path.absolute)
    try:
        take = await work.services.store.take(word)
    except TaskNotFound:
        take = None
    if take is None or take.file is None:
        raise RequestInvalid([Problem("audio", f"There is no file and no take {word}.")])
    return work.services.files.path(take.file)


def _check_target(out: Path) -> None:
    """What can't be handed over shouldn't be paid for; an existing file is never written over unasked."""
    if out.exists():
        raise RequestInvalid([Problem("out", f"{out} exists already. Choose another name.")])
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise RequestInvalid([Problem("out", f"The folder {out.parent} can’t be written to.")])


def _write(path: Path, data: bytes) -> None:
    with as_storage_errors(path):
        write_whole(path, data)
