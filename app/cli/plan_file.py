"""A composition plan from a JSON file, for `generate --plan`."""

from __future__ import annotations

from pathlib import Path

import msgspec

from app.domain.composition import CompositionPlan, PlanSection
from app.domain.errors import Problem, RequestInvalid

_LARGEST_BYTES = 1 << 20


class _Section(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    duration_s: int
    styles: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class _Plan(msgspec.Struct, forbid_unknown_fields=True):
    sections: tuple[_Section, ...]
    styles: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()


def plan_of(path: Path) -> CompositionPlan:
    """Read a plan: `{"styles": [], "avoided": [], "sections": [{"name", "duration_s", "styles", "avoided", "lines"}]}`.

    Raises:
        RequestInvalid: The file can't be read, or isn't such a plan; the message says where.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise _refusal(f"The plan {path} can’t be read: {error.strerror}.") from error
    if len(data) > _LARGEST_BYTES:
        raise _refusal(f"The plan {path} is larger than {_LARGEST_BYTES >> 20} MB.")
    try:
        plan = msgspec.json.decode(data, type=_Plan)
    except (ValueError, RecursionError) as error:  # ValueError: of msgspec, and of bytes that are no text
        raise _refusal(f"{path} isn’t a composition plan: {error}.") from error
    return CompositionPlan(plan.styles, plan.avoided, tuple(map(_section_of, plan.sections)))


def _section_of(section: _Section) -> PlanSection:
    return PlanSection(section.name, section.duration_s, section.styles, section.avoided, section.lines)


def _refusal(message: str) -> RequestInvalid:
    return RequestInvalid([Problem("plan", message)])
