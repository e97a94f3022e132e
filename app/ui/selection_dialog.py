"""Asks where the selection begins and ends, for whoever knows it to the millisecond or to the sample."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.ui.controls.field_row import FieldRow
from app.ui.controls.text_field import TextField
from app.ui.dialog import Dialog
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.typed_positions import parsed_position, position_words
from app.ui.wave_readout import length_words

_NO_PLACE = "Type a time such as 0:01.923, or a number of samples such as 92,304 samples."


class SelectionDialog(Dialog):
    """`chosen` carries the `LoopRegion` once; the dialog is closed by then.

    Args:
        region: What is selected now, or would be.
        frames: Of the take.
        in_samples: How places are told; either can be typed.
    """

    chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        region: LoopRegion,
        frames: int,
        sample_rate_hz: int,
        *,
        in_samples: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "Start and end of the selection", width=400, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._frames, self._rate_hz = frames, sample_rate_hz
        self._in_samples = in_samples
        told = [position_words(frame, sample_rate_hz, in_samples=in_samples) for frame in (region.start, region.end)]
        self.start = TextField(theme, "Start", text=told[0], selects_on_click=True)
        self.end = TextField(theme, "End", text=told[1], selects_on_click=True)
        # What isn't typed anew stays as exact as it is: a millisecond holds many samples.
        self._told = {self.start: (told[0], region.start), self.end: (told[1], region.end)}
        self._start_row = FieldRow(theme, "Start", self.start)
        self._end_row = FieldRow(theme, "End", self.end)
        self.body.setSpacing(theme.px(8))
        self.body.addWidget(self._start_row)
        self.body.addWidget(self._end_row)
        self.add_button("Cancel", safe=True).clicked.connect(self.reject)
        self.add_button("Select", primary=True).clicked.connect(self._on_accept)
        for field in (self.start, self.end):
            field.textChanged.connect(lambda _text: self._refresh())
        self._refresh()
        self.start.setFocus()
        self.start.selectAll()

    def _refresh(self) -> None:
        """Say at each field what is wrong with it, and else how long the selection is."""
        start, end = self._frame_of(self.start), self._frame_of(self.end)
        self._start_row.set_error(_NO_PLACE if start is None else None)
        self._end_row.set_error(self._problem_of_end(start, end))
        region = self._region()
        self._end_row.set_hint("" if region is None else f"Length {length_words(region.frames, self._rate_hz)}")
        self.set_primary_enabled(region is not None)

    def _problem_of_end(self, start: int | None, end: int | None) -> str | None:
        if end is None:
            return _NO_PLACE
        last = position_words(self._frames, self._rate_hz, in_samples=self._in_samples)
        if end > self._frames:
            return f"The take ends at {last}. Type at most that."
        if start is not None and end <= start:
            return "The end comes before the start. Type a later one."
        return None

    def _frame_of(self, field: TextField) -> int | None:
        text, frame = self._told[field]
        return frame if field.text() == text else parsed_position(field.text(), self._rate_hz)

    def _region(self) -> LoopRegion | None:
        start, end = self._frame_of(self.start), self._frame_of(self.end)
        if start is None or end is None or not start < end <= self._frames:
            return None
        return LoopRegion(start, end)

    def _on_accept(self) -> None:
        region = self._region()
        if region is not None and self.isVisible():
            self.accept()
            self.chosen.emit(region)
