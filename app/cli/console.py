"""Where a command writes: results to the output, everything for people to the error stream."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

# A terminal obeys control characters; and marks that turn the reading direction make a line read as another one.
_OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Console:
    """The two streams of a command.

    Attributes:
        discreet: Takes secrets out of whatever is written.
    """

    out: TextIO
    err: TextIO
    discreet: Callable[[str], str] = str

    @property
    def has_terminal(self) -> bool:
        """Whether somebody watches the error stream."""
        return self.err.isatty()

    def say(self, line: str) -> None:
        """One line of the result."""
        self._write(self.out, line)

    def say_json(self, value: object) -> None:
        """One JSON value as the whole result."""
        self._write(self.out, json.dumps(value, ensure_ascii=not _is_unicode(self.out), indent=2))

    def say_table(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Columns as wide as their widest cell; the last one runs free."""
        lines = [tuple(headings), *map(tuple, rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)][:-1]
        for line in lines:
            cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
            self.say("  ".join([*cells, line[-1]]).rstrip())

    def tell(self, line: str) -> None:
        """One line for the person at the terminal."""
        self._write(self.err, line)
        self.err.flush()

    def _write(self, stream: TextIO, line: str) -> None:
        """Characters that an old console lacks are written as their numbers rather than raised about."""
        encoding = stream.encoding or "utf-8"
        line = self.discreet(line)
        if stream.isatty():
            line = "\n".join(map(harmless, line.split("\n")))
        stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def harmless(text: str) -> str:
    """A text from outside, such as a prompt or the words of a service, as a terminal may show it: on one line."""
    return _OBEYED.sub("\ufffd", text)


def _is_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "utf-8").lower().replace("-", "").startswith("utf")
