"""What a model accepts as a composition plan, and the check of a plan against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.composition import CompositionPlan, PlanSection
from app.domain.errors import Problem
from app.domain.parameter_spec import BROKEN_TEXT, Range, counted, is_text


@dataclass(frozen=True, slots=True)
class PlanSpec:
    """What a model accepts as a plan.

    Attributes:
        section_duration: Of each section, whole seconds.
        name_max: Characters of a section's name.
        most_sections: None is without a limit of ours.
    """

    section_duration: Range
    name_max: int = 100
    most_sections: int | None = None

    def problems(self, plan: CompositionPlan) -> Iterator[Problem]:
        """What is wrong with a plan, all at the field `plan`, with the section named."""
        if not plan.sections:
            yield Problem("plan", "The plan has no section. Add one.")
        if not plan.styles:
            yield Problem("plan", "The plan has no style for the whole piece. Name one, such as “low strings”.")
        if self.most_sections is not None and len(plan.sections) > self.most_sections:
            most = counted(self.most_sections, "section")
            yield Problem("plan", f"A plan may have {most}; it has {len(plan.sections)}.")
        if not all(map(is_text, _texts(plan))):
            yield Problem("plan", BROKEN_TEXT)
        for number, section in enumerate(plan.sections, start=1):
            for complaint in self._of_section(section):
                yield Problem("plan", f"Section {number}: {complaint}")

    def _of_section(self, section: PlanSection) -> Iterator[str]:
        name = section.name.strip()
        if not name:
            yield "it has no name."
        elif len(name) > self.name_max:
            yield f"its name may have {counted(self.name_max, 'character')}; it has {len(name):,}."
        complaint = self.section_duration.complaint("its length", section.duration_s)
        if complaint is not None:
            yield complaint


def _texts(plan: CompositionPlan) -> Iterator[str]:
    yield from (*plan.styles, *plan.avoided)
    for section in plan.sections:
        yield from (section.name, *section.styles, *section.avoided, *section.lines)
