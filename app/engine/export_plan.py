"""Which file each take becomes, known before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.export_settings import ExportSettings
from app.domain.take import Take
from app.domain.task import Task
from app.engine.file_names import folded, free_name
from app.engine.name_template import NameTemplate


@dataclass(frozen=True, slots=True)
class ExportSource:
    """One stored take, and the task that it belongs to."""

    task: Task
    take: Take


@dataclass(frozen=True, slots=True)
class PlannedExport:
    """What becomes of one take.

    Attributes:
        target: The file that will be written.
        wanted: The file that the name template asks for.
        replaces: Whether an existing `target` is meant to be replaced.
    """

    source: ExportSource
    settings: ExportSettings
    target: Path
    wanted: Path
    replaces: bool = False

    @property
    def is_clash(self) -> bool:
        """The wanted name is taken, by an existing file or an earlier one of the plan."""
        return self.target != self.wanted or self.replaces


def file_name(source: ExportSource, settings: ExportSettings, number: int) -> str:
    """The name that the template gives, with its suffix.

    Raises:
        ValueError: The template has problems, or the take isn't stored.
    """
    return _stem(source, settings, number) + _suffix(source, settings)


def plan_exports(
    sources: Sequence[ExportSource], settings: ExportSettings, existing: Collection[str], *, replace: bool
) -> tuple[PlannedExport, ...]:
    """Give every take a name of its own: `name 2.wav` where `name.wav` is taken.

    Args:
        settings: Without problems.
        existing: The names of what is in the folder already.
        replace: Existing files are replaced rather than left alone. Two takes of one plan never share a name.
    Raises:
        ValueError: A take isn't stored.
    """
    assert settings.folder is not None
    there = {folded(name) for name in existing}
    planned: list[PlannedExport] = []
    used: set[str] = set()
    for number, source in enumerate(sources, start=1):
        stem, suffix = _stem(source, settings, number), _suffix(source, settings)
        name = free_name(stem, suffix, used if replace else used | there)
        used.add(folded(name))
        wanted = settings.folder / f"{stem}{suffix}"
        replaces = replace and folded(name) in there
        planned.append(PlannedExport(source, settings, settings.folder / name, wanted, replaces))
    return tuple(planned)


def _stem(source: ExportSource, settings: ExportSettings, number: int) -> str:
    return NameTemplate(settings.name).name(source.task, source.take, number=number)


def _suffix(source: ExportSource, settings: ExportSettings) -> str:
    info = source.take.info
    if info is None:
        raise ValueError(f"take {source.take.id} is not stored")
    return (settings.format or info.format).suffix
