"""Which part of the takes an export writes: all of them, the trimmed clips, or what is selected of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from app.domain.clip_edit import WHOLE, ClipEdit
from app.engine.clip_sources import selected
from app.engine.export_plan import ExportSource
from app.ui.controls.field_row import FieldRow
from app.ui.controls.segmented import SegmentedControl
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme


class Part(StrEnum):
    """What is written of each take."""

    WHOLE = "whole"
    CLIP = "clip"
    SELECTION = "selection"


class ExportPart(QObject):
    """One row, which is only there where there is a choice; the narrowest part is chosen at first.

    Args:
        sources: With the edits of their takes.
        region: What is selected of a single take.
    """

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        sources: Sequence[ExportSource],
        region: LoopRegion | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._sources = tuple(sources)
        self._region = region if len(self._sources) == 1 else None
        is_single = len(self._sources) == 1
        offered = [(Part.WHOLE, "Whole take" if is_single else "Whole takes")]
        if any(not source.edit.is_plain for source in self._sources):
            is_trimmed = any(source.edit.is_trimmed for source in self._sources)
            noun = "Trimmed" if is_trimmed else "Faded"
            offered.append((Part.CLIP, f"{noun} {'clip' if is_single else 'clips'}"))
        if self._region is not None:
            offered.append((Part.SELECTION, "Selection"))
        self._control = SegmentedControl(
            theme, "Part", [(part.value, words) for part, words in offered], fits_words=True
        )
        self._control.set_value(offered[-1][0].value)
        self._control.changed.connect(self._on_changed)
        self.row = FieldRow(theme, "Part", self._control, stretch=False)
        self.row.setVisible(len(offered) > 1)
        self._show_times()

    @property
    def part(self) -> Part:
        return Part(self._control.value() or Part.WHOLE)

    def sources(self) -> tuple[ExportSource, ...]:
        """The takes with what is chosen of each."""
        if self.part is Part.WHOLE:
            return tuple(replace(source, edit=WHOLE) for source in self._sources)
        if self.part is Part.SELECTION and self._region is not None:
            return (selected(self._sources[0], self._region.start, self._region.end),)
        return self._sources

    def edit(self) -> ClipEdit | None:
        """The edit of a single take; None of several."""
        return self.sources()[0].edit if len(self._sources) == 1 else None

    def _on_changed(self) -> None:
        self._show_times()
        self.changed.emit()

    def _show_times(self) -> None:
        edit, info = self.edit(), self._sources[0].take.info
        if edit is None or info is None:
            self.row.set_hint("")
            return
        start_s, end_s = edit.start / info.sample_rate_hz, edit.end_in(info.frames) / info.sample_rate_hz
        self.row.set_hint(f"{start_s:.3f} – {end_s:.3f} s" if self.part is not Part.WHOLE else f"{end_s:.3f} s")
