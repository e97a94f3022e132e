"""A number that may be left to the model: an empty field is no number at all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.controls.numbers import decimals_of, number_from, number_text
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme


class OptionalNumberField(TextField):
    """`changed` carries what the user typed, None for an emptied field.

    What can't be used stays in the field for mending, outlined, and is told through `error_changed`; `value()` is
    then still the last good one.
    """

    changed = Signal(object)  # float or None
    error_changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        label: str,
        *,
        placeholder: str,
        minimum: float,
        maximum: float,
        step: float = 1.0,
        is_whole: bool = False,
        value: float | None = None,
        unit: str = "",
        format: Callable[[float], str] | None = None,  # noqa: A002 - the word for it
        parse: Callable[[str], float | None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, label, placeholder=placeholder, selects_on_click=True, parent=parent)
        self._unit = unit
        self._format = format
        self._parse = parse
        self._value: float | None = None
        self._typed_problem = ""
        self._outside_problem = False
        self.set_bounds(minimum, maximum, step=step, is_whole=is_whole)
        self.set_value(value)
        self.editingFinished.connect(self._on_typed)

    def set_bounds(self, minimum: float, maximum: float, *, step: float = 1.0, is_whole: bool = False) -> None:
        """Other limits; a number that is shown already stays as it is."""
        self._minimum, self._maximum, self._step, self._is_whole = minimum, maximum, step, is_whole

    def set_unit(self, unit: str) -> None:
        """What the numbers count from now on."""
        self._unit = unit

    def value(self) -> float | None:
        """The number, within the limits; None where there is none."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a number, or none, without saying so."""
        self._value = value
        self.setText("" if value is None else self.text_of(value))
        self._set_typed_problem("")

    def error(self) -> str | None:
        """What is wrong with the typed text."""
        return self._typed_problem or None

    def set_error(self, problem: str | bool | None) -> None:
        self._outside_problem = bool(problem)
        super().set_error(self._outside_problem or bool(self._typed_problem))

    def text_of(self, value: float) -> str:
        """A value as the field writes it: typed digits beyond the step are kept."""
        if self._format is not None:
            return self._format(value)
        decimals = next((d for d in range(decimals_of(self._step), 6) if round(value, d) == value), 6)
        return number_text(value, decimals=decimals, unit=self._unit)

    def _on_typed(self) -> None:
        text = self.text().strip()
        if self._value is not None and text == self.text_of(self._value):
            self._set_typed_problem("")
            return
        number = None if not text else self._parsed(text)
        if text and number is None:
            self._set_typed_problem(f"“{text}” is not a {'whole ' if self._is_whole else ''}number. {self._advice()}")
        elif number is not None and not self._minimum <= number <= self._maximum:
            self._set_typed_problem(f"Out of range. {self._advice()}")
        else:
            is_new = number != self._value
            self.set_value(number)
            if is_new:
                self.changed.emit(number)

    def _parsed(self, text: str) -> float | None:
        number = self._parse(text) if self._parse is not None else number_from(text, unit=self._unit)
        return None if number is not None and self._is_whole and not number.is_integer() else number

    def _advice(self) -> str:
        return f"Use {self.text_of(self._minimum)} to {self.text_of(self._maximum)}, or leave it empty."

    def _set_typed_problem(self, problem: str) -> None:
        if problem != self._typed_problem:
            self._typed_problem = problem
            super().set_error(self._outside_problem or bool(problem))
            self.error_changed.emit(problem)
