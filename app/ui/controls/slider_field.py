"""A number that can be dragged or typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.controls.numbers import decimals_of, number_from, number_text
from app.ui.controls.slider import Slider
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme

# Without a step the slider has this many places; what is typed is kept exactly.
_PLACES = 1000


class SliderField(QWidget):
    """A slider with its default marked, and beside it the value with its unit, to be typed over.

    `changed` carries what the user chose. A typed value that can't be used is kept in the field for mending,
    outlined, and told through `error_changed`; `value()` is then still the last good one.
    """

    changed = Signal(float)
    error_changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        label: str,
        *,
        minimum: float,
        maximum: float,
        default: float | None = None,
        step: float | None = None,
        value: float | None = None,
        unit: str = "",
        format: Callable[[float], str] | None = None,  # noqa: A002 - the word for it
        parse: Callable[[str], float | None] | None = None,
        field_width: float = 66,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._unit = unit
        self._format = format
        self._parse = parse
        self._field_width = field_width
        self._problem = ""
        self._outside_problem = False
        self._slider = Slider(theme, label)
        self._field = TextField(theme, label, align_right=True, selects_on_click=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._slider, 1)
        self._row.addWidget(self._field)
        self.setAccessibleName(label)
        self.setFocusProxy(self._slider)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_bounds(minimum, maximum, step=step, default=default)
        start = value if value is not None else default if default is not None else minimum
        self.set_value(start)
        self._slider.valueChanged.connect(self._on_slid)
        self._slider.reset.connect(self._on_reset)
        self._field.editingFinished.connect(self._on_typed)
        self._field.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def value(self) -> float:
        """The number, within the bounds and on a step."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a number, kept within the bounds, without saying so."""
        self._value = self._nearest(value)
        self._show_value()
        self._set_problem("")

    def set_bounds(
        self, minimum: float, maximum: float, *, step: float | None = None, default: float | None = None
    ) -> None:
        """Other limits. Raises ValueError if they leave no room."""
        if not minimum <= maximum:
            raise ValueError(f"no number lies between {minimum} and {maximum}")
        self._minimum, self._maximum, self._step, self._default = minimum, maximum, step, default
        self._decimals = decimals_of(step)
        grain = self._grain()
        # Where the lower bound is itself a multiple of the step, positions are multiples too: a screen reader
        # then hears the value, not the number of steps from the left.
        self._first = round(minimum / grain) if abs(minimum / grain - round(minimum / grain)) < 1e-6 else 0
        blocked = self._slider.blockSignals(True)
        self._slider.setRange(self._first, self._first + max(0, round((maximum - minimum) / grain)))
        self._slider.setSingleStep(1)
        self._slider.setPageStep(max(1, (self._slider.maximum() - self._slider.minimum()) // 10))
        self._slider.blockSignals(blocked)
        self._slider.set_default(None if default is None else self._position(default))
        if hasattr(self, "_value"):
            self.set_value(self._value)

    def set_error(self, problem: str | bool | None) -> None:
        """Outline the field as wrong for a reason from outside, or not."""
        self._outside_problem = bool(problem)
        self._field.set_error(self._outside_problem or bool(self._problem))

    def error(self) -> str | None:
        """What is wrong with the typed text."""
        return self._problem or None

    def text_of(self, value: float) -> str:
        """A value as the field writes it."""
        if self._format is not None:
            return self._format(value)
        return number_text(value, decimals=self._decimals, unit=self._unit)

    def _on_slid(self, position: int) -> None:
        self._choose(self._minimum + (position - self._first) * self._grain())

    def _on_reset(self) -> None:
        if self._default is not None:
            self._choose(self._default)

    def _on_typed(self) -> None:
        text = self._field.text()
        if text == self.text_of(self._value):
            self._set_problem("")
            return
        number = self._parse(text) if self._parse is not None else number_from(text, unit=self._unit)
        allowed = f"{self.text_of(self._minimum)} to {self.text_of(self._maximum)}"
        if number is None:
            self._set_problem(f"“{text.strip()}” is not a number. Use {allowed}.")
        elif not self._minimum <= number <= self._maximum:
            self._set_problem(f"Out of range. Use {allowed}.")
        else:
            self._choose(number)

    def _choose(self, value: float) -> None:
        before = self._value
        self._value = self._nearest(value)
        self._show_value()
        self._set_problem("")
        if self._value != before:
            self.changed.emit(self._value)

    def _show_value(self) -> None:
        blocked = self._slider.blockSignals(True)
        self._slider.setValue(self._position(self._value))
        self._slider.blockSignals(blocked)
        self._slider.setAccessibleDescription(self.text_of(self._value))
        self._slider.update()
        self._field.setText(self.text_of(self._value))

    def _set_problem(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            self._field.set_error(self._outside_problem or bool(problem))
            self.error_changed.emit(problem)

    def _grain(self) -> float:
        return self._step or ((self._maximum - self._minimum) / _PLACES or 1.0)

    def _position(self, value: float) -> int:
        return self._first + round((value - self._minimum) / self._grain())

    def _nearest(self, value: float) -> float:
        inside = min(max(value, self._minimum), self._maximum)
        if self._step is None:
            return inside
        on_step = self._minimum + round((inside - self._minimum) / self._step) * self._step
        return min(max(round(on_step, self._decimals + 3), self._minimum), self._maximum)

    def _refresh_from_theme(self) -> None:
        self._row.setSpacing(self._theme.px(10))
        self._field.setFixedWidth(self._theme.px(self._field_width))
