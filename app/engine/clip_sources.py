"""What is handed over of takes: each with its own trim and fades, or the part of one that is selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.take import TakeState
from app.engine.export_plan import ExportSource
from app.engine.library import Library
from app.storage.clip_edits import ClipEditRows


class ClipSources:
    """Reads takes, their tasks and their edits."""

    def __init__(self, library: Library, edits: ClipEditRows) -> None:
        self._library = library
        self._edits = edits

    async def of(self, take_ids: Sequence[str], *, selection: tuple[int, int] | None = None) -> list[ExportSource]:
        """Those of the takes that are stored, in the same order.

        Args:
            selection: First frame and the one after the last, of a single take; one that lies in what was cut off
                is taken as it is.
        Raises:
            TaskNotFound: A take is gone.
        """
        edits = await self._edits.of(take_ids)
        sources: list[ExportSource] = []
        for take_id in take_ids:
            take = await self._library.take(take_id)
            if take.state is TakeState.STORED:
                task = await self._library.task(take.task_id)
                source = ExportSource(task, take)
                sources.append(replace(source, edit=edits[take_id]) if take_id in edits else source)
        if selection is None or len(sources) != 1:
            return sources
        return [selected(sources[0], *selection)]


def selected(source: ExportSource, start: int, end: int) -> ExportSource:
    """A part of a take, with those fades of its clip that lie at its ends."""
    frames = source.take.info.frames if source.take.info is not None else end
    part = source.edit.selected(start, end, frames)
    if part is None:
        part = replace(source.edit, start=start, end=end, fade_in=0, fade_out=0).within(frames)
    return replace(source, edit=part)
