"""How long a take becomes: chosen, left to the model, or following the text."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain import estimating
from app.domain.draft import Draft
from app.domain.model_spec import ModelSpec
from app.ui import readouts
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.optional_number_field import OptionalNumberField
from app.ui.controls.slider_field import SliderField
from app.ui.theme import Theme
from app.ui.typed_values import parsed_length

_LEFT_OPEN = "The model decides"
_BESIDE_WORDS_PX = 78 + 10  # label and gap


class LengthRow(QWidget):
    """`edited` carries seconds, None where they are left to the model."""

    edited = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slider = SliderField(
            theme, "Length", minimum=0.1, maximum=60, format=readouts.length, parse=parsed_length
        )
        self._field = OptionalNumberField(
            theme,
            "Length",
            placeholder=_LEFT_OPEN,
            minimum=0.1,
            maximum=60,
            format=readouts.length,
            parse=parsed_length,
        )
        self._theme = theme
        self._words = Label(theme, font="small", role="text2", elide=True)
        self._wordy, self._brief = "", ""
        self._rows = [FieldRow(theme, "Length", each) for each in (self._slider, self._field, self._words)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in self._rows:
            column.addWidget(row)
        self._row = self._rows[0]
        self._slider.changed.connect(lambda seconds: self.edited.emit(round(seconds, 3)))
        self._field.changed.connect(self.edited)

    @property
    def control(self) -> QWidget:
        """The one that is shown."""
        return self._row.control

    def show_draft(self, spec: ModelSpec, draft: Draft) -> None:
        """Show what this model lets one choose, and else how long a take should become."""
        allowed, is_planned = spec.duration, draft.plan_for(spec) is not None
        if allowed is None:
            self._row = self._rows[2]
            self.follow(spec, draft)
        elif spec.is_duration_optional:
            self._row = self._rows[1]
            self._field.set_bounds(allowed.minimum, allowed.maximum, step=allowed.step, is_whole=allowed.is_whole)
            self._field.set_value(draft.duration_for(spec))
        else:
            self._row = self._rows[0]
            self._slider.set_bounds(allowed.minimum, allowed.maximum, step=allowed.step, default=allowed.default)
            self._slider.set_value(draft.duration_for(spec) or allowed.default)
        for row in self._rows:
            row.setVisible(row is self._row)
        # A plan has the lengths of its sections.
        self.setVisible(not is_planned and (allowed is not None or spec.length_guess is not None))

    def follow(self, spec: ModelSpec, draft: Draft) -> None:
        """Say how long a take should become with the text of now."""
        request = draft.request(spec)
        expected_s, _most_s = estimating.lengths_s(spec, request)
        self._wordy = self._brief = "follows the text"
        if expected_s is not None and request.prompt:
            self._brief = f"about {estimating.readable_length(expected_s)} a take"
            self._wordy = f"follows the text, {self._brief}"
        self._fit_words()

    def set_error(self, problem: str | None) -> None:
        self._row.set_error(problem)

    def error(self) -> str | None:
        """What is wrong with a typed length."""
        control = self.control
        return control.error() if isinstance(control, SliderField | OptionalNumberField) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        room = self.width() - self._theme.px(_BESIDE_WORDS_PX)
        is_wide = QFontMetrics(self._theme.font("small")).horizontalAdvance(self._wordy) <= room
        self._words.setText(self._wordy if is_wide else self._brief)
        self._words.setToolTip("" if is_wide else self._wordy)
