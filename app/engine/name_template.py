"""Names of exported files from a template such as `{project}_{prompt}_{take:02}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Problem
from app.domain.parameter_spec import one_of
from app.domain.take import Take
from app.domain.task import Task
from app.engine.file_names import safe_name

FIELDS = ("prompt", "project", "model", "provider", "take", "seed", "date", "time", "id", "number")
_ALLOWED = one_of([f"{{{field}}}" for field in FIELDS])
_COUNTED = ("take", "number", "seed")
_PROMPT_LENGTH = 60
_ROOM = 64  # bytes left for the suffix and a number behind the name
_FIELD = re.compile(r"\{([^{}]*)\}")
_WIDTH = re.compile(r"0[1-9]")
_SEPARATORS = " _-"


@dataclass(frozen=True, slots=True)
class NameTemplate:
    """A file name with fields in braces; numbers may say their width, as in `{take:03}`."""

    text: str

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the template, each at the field `name`; empty when it can be used."""
        return tuple(Problem("name", message) for message in self._complaints())

    def name(self, task: Task, take: Take, *, number: int = 1) -> str:
        """The safe name of one take, without a suffix, with room for one.

        Args:
            number: Its place in the export, from 1.
        Raises:
            ValueError: The template has problems.
        """
        if problems := self.problems():
            raise ValueError(problems[0].message)
        values = _values(task, take, number)

        def filled(field: re.Match[str]) -> str:
            name, _, width = field[1].partition(":")
            return values[name].zfill(int(width)) if width and values[name] else values[name]

        text = _FIELD.sub(filled, self.text)
        # An empty field leaves its separator behind.
        return safe_name(text.strip(_SEPARATORS), fallback=take.id, max_bytes=255 - _ROOM)

    def _complaints(self) -> Iterator[str]:
        if not self.text.strip():
            yield "The name is empty. Use fields such as {prompt} and {take}."
        if "/" in self.text or "\\" in self.text:
            yield "The name can’t contain / or \\. Choose another folder instead."
        if re.search(r"[{}]", _FIELD.sub("", self.text)):
            yield "The name has a brace without its partner."
        for inner in _FIELD.findall(self.text):
            name, colon, width = inner.partition(":")
            if name not in FIELDS:
                yield f"There is no field {{{inner}}}. A name may have {_ALLOWED}."
            elif colon and (name not in _COUNTED or not _WIDTH.fullmatch(width)):
                yield f"The width in {{{inner}}} must look like {{take:03}}: only for take, number and seed."


def _values(task: Task, take: Take, number: int) -> dict[str, str]:
    made = task.created_at.astimezone()
    request = task.request
    return {
        "prompt": _shortened(" ".join(request.prompt.split())),
        "project": task.project,
        "model": request.model,
        "provider": request.provider,
        "take": str(take.number),
        "seed": "" if take.seed is None else str(take.seed),
        "date": made.date().isoformat(),
        "time": _clock(made),
        "id": take.id,
        "number": str(number),
    }


def _clock(moment: datetime) -> str:
    return moment.strftime("%H-%M-%S")


def _shortened(prompt: str) -> str:
    """Whole words, as many as a name can carry."""
    if len(prompt) <= _PROMPT_LENGTH:
        return prompt
    cut = prompt[: _PROMPT_LENGTH + 1]
    words = cut.rpartition(" ")[0]
    return (words or cut[:_PROMPT_LENGTH]).rstrip(" ,;:.-")
