"""Which file each take becomes, known before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.clip_edit import WHOLE, ClipEdit
from app.domain.export_settings import ExportSettings, IfExists
from app.domain.take import Take
from app.domain.task import Task
from app.engine.file_names import folded, free_name
from app.engine.name_template import NameTemplate


@dataclass(frozen=True, slots=True)
class ExportSource:
    """One stored take, and the task that it belongs to.

    Attributes:
        edit: What is taken of it, and how it is faded; goes before what the settings say about all.
    """

    task: Task
    take: Take
    edit: ClipEdit = WHOLE


@dataclass(frozen=True, slots=True)
class PlannedExport:
    """What becomes of one take.

    Attributes:
        settings: With what is taken of this take, and its fades.
        target: The file that will be written.
        wanted: The file that the name template asks for.
        if_exists: What happens to a file that has the name already.
        is_taken: Whether there was one when this was planned.
        can_replace: Whether there was a file of the wanted name, and no earlier take of the plan wants that, too.
    """

    source: ExportSource
    settings: ExportSettings
    target: Path
    wanted: Path
    if_exists: IfExists = IfExists.NUMBER
    is_taken: bool = False
    can_replace: bool = False

    @property
    def replaces(self) -> bool:
        """An existing `target` will be replaced."""
        return self.is_taken and self.if_exists is IfExists.REPLACE

    @property
    def is_skipped(self) -> bool:
        """Nothing will be written: there is a `target` already."""
        return self.is_taken and self.if_exists is IfExists.SKIP

    @property
    def is_clash(self) -> bool:
        """The wanted name is taken, by an existing file or an earlier one of the plan."""
        return self.target != self.wanted or self.is_taken


def settings_for(source: ExportSource, settings: ExportSettings) -> ExportSettings:
    """The settings of one take: its own part and fades, where it has some, instead of those for all."""
    info = source.take.info
    if source.edit.is_plain or info is None:
        return settings
    edit, rate_hz = source.edit.within(info.frames), info.sample_rate_hz
    if edit.is_trimmed:
        settings = replace(settings, start_s=edit.start / rate_hz, end_s=edit.end_in(info.frames) / rate_hz)
    if edit.is_faded:
        settings = replace(
            settings,
            fade_in_s=edit.fade_in / rate_hz,
            fade_out_s=edit.fade_out / rate_hz,
            fade_shape=edit.shape,
        )
    return settings


def file_name(source: ExportSource, settings: ExportSettings, number: int) -> str:
    """The name that the template gives, with its suffix.

    Raises:
        ValueError: The template has problems, or the take isn't stored.
    """
    return _stem(source, settings, number) + _suffix(source, settings)


def plan_exports(
    sources: Sequence[ExportSource], settings: ExportSettings, existing: Collection[str], if_exists: IfExists
) -> tuple[PlannedExport, ...]:
    """Give every take a name of its own: `name 2.wav` where `name.wav` is taken.

    Args:
        settings: Without problems.
        existing: The names of what is in the folder already.
        if_exists: Of files that were there before. Two takes of one plan never share a name: the later is numbered.
    Raises:
        ValueError: A take isn't stored.
    """
    assert settings.folder is not None
    there = {folded(name) for name in existing}
    planned: list[PlannedExport] = []
    used: set[str] = set()
    wishes: set[str] = set()
    for number, source in enumerate(sources, start=1):
        stem, suffix = _stem(source, settings, number), _suffix(source, settings)
        name = free_name(stem, suffix, used | there if if_exists is IfExists.NUMBER else used)
        used.add(folded(name))
        wanted = settings.folder / f"{stem}{suffix}"
        own, is_taken = settings_for(source, settings), folded(name) in there
        wish = folded(wanted.name)
        can_replace = wish in there and wish not in wishes
        wishes.add(wish)
        planned.append(PlannedExport(source, own, settings.folder / name, wanted, if_exists, is_taken, can_replace))
    return tuple(planned)


def _stem(source: ExportSource, settings: ExportSettings, number: int) -> str:
    return NameTemplate(settings.name).name(source.task, source.take, number=number)


def _suffix(source: ExportSource, settings: ExportSettings) -> str:
    info = source.take.info
    if info is None:
        raise ValueError(f"take {source.take.id} is not stored")
    return (settings.format or info.format).suffix
