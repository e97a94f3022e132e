"""The whole command line: its help, its commands, and what an error turns into."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from app import __version__
from app.cli import batch, config, export, generate, keys, listings, spending, tasks, transcribe
from app.cli.commands import Commands
from app.cli.context import Context
from app.cli.problems import report
from app.domain.errors import AppError

_EPILOG = "Without a command the window opens. CUESMITH_HOME=DIR keeps everything of the app under DIR."


def run(arguments: Sequence[str], context: Context) -> int:
    """Run one command and return its exit code.

    Raises:
        SystemExit: Bad usage (2), or help or version was asked for (0).
    """
    if list(arguments) == ["--self-check"]:
        return context.self_check()
    options = build_parser().parse_args(arguments)
    try:
        return int(options.run(options, context))
    except AppError as error:
        as_json = bool(getattr(options, "json", False))
        return report(context.console, error, options.option_names, as_json=as_json)


def build_parser() -> ArgumentParser:
    """The parser with every command."""
    parser = ArgumentParser(
        prog="cuesmith",
        description="Generate, audition and hand over sounds and voices.",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"cuesmith {__version__}")
    parser.add_argument("--self-check", action="store_true", help="check that the installation is whole")
    commands = Commands.of(parser, "COMMAND")
    for group in (generate, batch, transcribe, tasks, spending, export, config, keys, listings):
        group.add_to(commands)
    return parser
