"""The columns of the library, and what each says about a row: heading and text in one place."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from app.domain.request import TranscriptionRequest
from app.domain.take import Failure, Take, TakeState
from app.storage.library_queries import SortKey
from app.ui import readouts
from app.ui.error_messages import failure_text
from app.ui.measure_words import loudness, loudness_cell, summary
from app.ui.task_words import StateWords, after_credit, state_words, take_words

if TYPE_CHECKING:
    from app.domain.task import Task
    from app.engine.live import Live


class RowLike(Protocol):
    """A row as far as its words need it."""

    @property
    def task(self) -> Task: ...
    @property
    def take(self) -> Take | None: ...
    @property
    def live(self) -> Live | None: ...
    @property
    def position(self) -> int | None: ...
    @property
    def is_open(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the words of a row depend on besides its values.

    Attributes:
        is_paused: Whether nothing new leaves now.
        credit_sought: When the user last went to add credit, by provider.
    """

    model_label: Callable[[str, str], str]
    now: Callable[[], datetime]
    is_paused: Callable[[], bool] = lambda: False
    credit_sought: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellText:
    """One cell: its text and the colour token it is written in."""

    text: str = ""
    role: str = "text"
    tooltip: str = ""


def _nothing(_row: RowLike, _around: Surroundings) -> CellText:
    return CellText()


def words_of(row: RowLike, around: Surroundings) -> StateWords:
    """Icon, words and next step of a row."""
    take = row.take
    if take is None:
        words = state_words(row.task, row.live, around.now(), row.position, is_paused=around.is_paused())
        sought_at = around.credit_sought.get(row.task.request.provider)
        return after_credit(words) if sought_at is not None and row.task.updated_at <= sought_at else words
    return take_words(take, row.task, row.live)


def _state(row: RowLike, around: Surroundings) -> CellText:
    take = row.take
    if take is not None and take.state is TakeState.STORED:
        return CellText(f"seed {take.seed}" if take.seed is not None else "", "text3", take.remark)
    words = words_of(row, around)
    failure = take.failure if take is not None else row.task.failure
    return CellText(words.text, words.word_role, _explained(failure, row.live))


def _explained(failure: Failure | None, live: Live | None) -> str:
    """What happened, what to do, and the service's own words; of what goes on, what holds it up."""
    if failure is None:
        return live.words if live is not None else ""
    words = failure_text(failure)
    return "\n".join(part for part in (words.text, words.details) if part)


def _prompt(row: RowLike, around: Surroundings) -> CellText:
    """Its tooltip has the whole text, and what a narrow list leaves out."""
    rest = ", ".join(part for part in (_model(row, around).text, _cost(row, around).text, _age(row, around)) if part)
    if row.take is not None:
        short = " · ".join(part for part in (f"{row.take.rating}/5" if row.take.rating else "", row.take.note) if part)
        return CellText(short, "text2", "\n".join(part for part in (row.take.note, _rated(row.take), rest) if part))
    prompt = " ".join(row.task.request.title.split())
    role = "text3" if row.task.state == "cancelled" else "text"
    project = f"Project: {row.task.project}" if row.task.project else ""
    return CellText(prompt, role, "\n".join(part for part in (row.task.request.title, rest, project) if part))


def _rated(take: Take) -> str:
    return f"rated {take.rating} of 5" if take.rating else ""


def _model(row: RowLike, around: Surroundings) -> CellText:
    if row.take is not None:
        line = readouts.audio_line(row.take.info) if row.take.info else ""
        return CellText(line, "text3", line)
    label = around.model_label(row.task.request.provider, row.task.request.model)
    return CellText(label, "text2", label)


def _length(row: RowLike, _around: Surroundings) -> CellText:
    request = row.task.request
    if isinstance(request, TranscriptionRequest) and request.duration_s is not None:
        return CellText(readouts.length(request.duration_s))
    takes = (row.take,) if row.take is not None else row.task.takes
    seconds = [take.info.duration_s for take in takes if take.info is not None]
    return CellText(readouts.length(sum(seconds))) if seconds else CellText(readouts.NOT_MEASURED, "text3")


def _loudness(row: RowLike, _around: Surroundings) -> CellText:
    """Of a folded task with several takes the loudest, which it is sorted by; unfolded, they say it themselves."""
    takes = (row.take,) if row.take is not None else () if row.is_open and len(row.task.takes) > 1 else row.task.takes
    kept = [take for take in takes if row.take is not None or not take.is_binned]
    measured = [take.measures for take in kept if take.measures is not None]
    if not measured:
        return CellText(readouts.NOT_MEASURED, "text3")
    loudest = max(measured, key=lambda each: -math.inf if each.loudness_lufs is None else each.loudness_lufs)
    which = f"The loudest of {len(kept)} takes. " if len(kept) > 1 else ""
    tooltip = f"{which}{loudness(loudest).meaning}\n\n{summary(loudest)}"
    return CellText(loudness_cell(loudest), tooltip=tooltip)


def _cost(row: RowLike, _around: Surroundings) -> CellText:
    if row.take is not None:
        return CellText("" if row.take.cost is None else readouts.billed(row.take.cost))
    if row.task.estimate.is_free:
        return CellText(readouts.billed(Decimal(0)))
    if row.task.state.is_open:
        return CellText(readouts.estimated_short(row.task.estimate.expected), "text3")
    role = "warn" if row.task.state == "uncertain" else "text"
    billed = row.task.billed
    return CellText("$0" if billed == 0 else readouts.billed(billed), role)


def _age(row: RowLike, around: Surroundings) -> str:
    return readouts.ago(row.task.created_at, around.now()) if row.take is None else ""


def _when(row: RowLike, around: Surroundings) -> CellText:
    if row.take is not None:
        return CellText()
    local = row.task.created_at.astimezone()
    return CellText(readouts.ago(row.task.created_at, around.now()), "text3", f"{local:%d %b %Y, %H:%M:%S}")


def _favourite(row: RowLike, _around: Surroundings) -> CellText:
    is_favourite = row.take.is_favourite if row.take else any(take.is_favourite for take in row.task.takes)
    return CellText("Favourite" if is_favourite else "")


class Column(Enum):
    """A column: its name, heading, words, and what sorting by it means."""

    ICON = ("State icon", "", _nothing, False, None)
    FAVOURITE = ("Favourite", "", _favourite, False, None)
    PROMPT = ("Prompt", "Prompt", _prompt, False, SortKey.PROMPT)
    STATE = ("State", "State", _state, False, SortKey.STATE)
    MODEL = ("Model", "Model", _model, False, SortKey.MODEL)
    LENGTH = ("Length", "Length", _length, True, SortKey.LENGTH)
    LOUDNESS = ("Loudness", "LUFS", _loudness, True, SortKey.LOUDNESS)
    COST = ("Cost", "Cost", _cost, True, SortKey.COST)
    WHEN = ("When", "When", _when, True, SortKey.WHEN)

    @property
    def explanation(self) -> str:
        """What the heading means, for its tooltip; the list's headings are short."""
        return _EXPLANATIONS.get(self.value, "")

    def __init__(
        self,
        label: str,
        heading: str,
        of: Callable[[RowLike, Surroundings], CellText],
        is_number: bool,
        sort_key: SortKey | None,
    ) -> None:
        self._value_ = label
        self.heading = heading
        self.of = of
        self.is_number = is_number
        self.sort_key = sort_key


_EXPLANATIONS = {
    "Prompt": "What was asked for. Click to sort.",
    "State": "What became of it. Click to sort.",
    "Model": "What made it; of a take, what the file holds. Click to sort by model.",
    "Length": "Length, of a task all takes together. Click to sort.",
    "Loudness": "Integrated loudness in LUFS (ITU-R BS.1770-4); M is the highest momentary loudness of a take under "
    "400 ms. Of several takes the loudest. Click to sort.",
    "Cost": "What it cost, ≈ while it is an estimate. Click to sort.",
    "When": "When it was asked for. Click to sort.",
}

COLUMNS = tuple(Column)


def spoken(row: RowLike, around: Surroundings) -> str:
    """A row in words, for screen readers."""
    if row.take is not None:
        parts = [
            f"Take {row.take.number}",
            _state(row, around).text,
            row.take.note,
            _rated(row.take),
            _length(row, around).text,
        ]
        if row.take.is_favourite:
            parts.append("favourite")
        return ", ".join(part for part in parts if part and part != readouts.NOT_MEASURED)
    words = words_of(row, around)
    percent = f"{int(words.fraction * 100)} percent" if words.fraction is not None else ""
    parts = [
        words.word,
        percent,
        words.trouble,
        _prompt(row, around).text,
        _model(row, around).text,
        _cost(row, around).text.replace("≈", "about"),
    ]
    if row.task.takes:
        parts.append("unfolded" if row.is_open else "folded")
    return ", ".join(part for part in parts if part)
