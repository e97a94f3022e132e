"""The commands of the command line: their parsers and what they run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.cli.context import Context

Run = Callable[[Namespace, Context], int]


@dataclass(frozen=True, slots=True)
class Commands:
    """The list that every group of commands adds itself to."""

    parsers: _SubParsersAction[ArgumentParser]

    @classmethod
    def of(cls, parser: ArgumentParser, metavar: str) -> Commands:
        """The commands of a parser; one of them must be given."""
        return cls(parser.add_subparsers(metavar=metavar, required=True))

    def add(self, name: str, summary: str, run: Run, options: Mapping[str, str] | None = None) -> ArgumentParser:
        """A new command.

        Args:
            options: Option names by the fields they set, for problems at a field.
        """
        parser = self._parser(name, summary)
        parser.set_defaults(run=run, option_names=options or {})
        return parser

    def group(self, name: str, summary: str, metavar: str) -> Commands:
        """A command that has commands of its own."""
        return Commands.of(self._parser(name, summary), metavar)

    def _parser(self, name: str, summary: str) -> ArgumentParser:
        description = f"{summary[0].upper()}{summary[1:]}."
        return self.parsers.add_parser(name, help=summary, description=description, allow_abbrev=False)
