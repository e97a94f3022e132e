"""A piece of music planned section by section, instead of being described in a prompt."""

from __future__ import annotations

from dataclasses import dataclass

_SHOWN_SECTIONS = 4


@dataclass(frozen=True, slots=True)
class PlanSection:
    """One section of a piece.

    Attributes:
        styles: What it should sound like.
        avoided: What it should not.
        duration_s: Seconds.
        lines: Lyrics, a line each; none is instrumental.
    """

    name: str
    duration_s: int
    styles: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompositionPlan:
    """Styles of the whole piece, and its sections in their order."""

    styles: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    sections: tuple[PlanSection, ...] = ()

    @property
    def duration_s(self) -> int:
        return sum(section.duration_s for section in self.sections)

    @property
    def title(self) -> str:
        """A line that lists show in place of a prompt."""
        names = [section.name.strip() or "…" for section in self.sections]
        shown = " · ".join(names[:_SHOWN_SECTIONS]) + (" · …" if len(names) > _SHOWN_SECTIONS else "")
        styles = ", ".join(self.styles)
        return ": ".join(part for part in (styles, shown) if part) or "Composition plan"
