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
        """What is wrong with a plan: at `plan` as a whole, at `plan.styles`, or at `plan.sections.2.duration`."""
        if not plan.sections:
            yield Problem("plan", "The plan has no section. Add one.")
        if not plan.styles:
            yield Problem("plan.styles", "The plan has no style for the whole piece. Name one, such as “low strings”.")
        if self.most_sections is not None and len(plan.sections) > self.most_sections:
            most = counted(self.most_sections, "section")
            yield Problem("plan", f"A plan may have {most}; it has {len(plan.sections)}.")
        for part, texts in (("styles", plan.styles), ("avoided", plan.avoided)):
            if not all(map(is_text, texts)):
                yield Problem(f"plan.{part}", BROKEN_TEXT)
        for number, section in enumerate(plan.sections, start=1):
            for part, complaint in self._of_section(section):
                yield Problem(field_of_section(number, part), f"Section {number}: {complaint}")

    def _of_section(self, section: PlanSection) -> Iterator[tuple[str, str]]:
        """Complaints, each with the part that it is about."""
        name = section.name.strip()
        if not name:
            yield "name", "it has no name. Give it one."
        elif len(name) > self.name_max:
            yield "name", f"its name may have {counted(self.name_max, 'character')}; it has {len(name):,}."
        complaint = self.section_duration.complaint("its length", section.duration_s)
        if complaint is not None:
            yield "duration", complaint
        texts = {
            "name": (section.name,),
            "styles": section.styles,
            "avoided": section.avoided,
            "lines": section.lines,
        }
        for part, written in texts.items():
            if not all(map(is_text, written)):
                yield part, f"{BROKEN_TEXT[:1].lower()}{BROKEN_TEXT[1:]}"


SECTION_PARTS = ("name", "duration", "styles", "avoided", "lines")


def field_of_section(number: int, part: str) -> str:
    """`plan.sections.2.duration`; sections are counted from 1."""
    return f"plan.sections.{number}.{part}"
