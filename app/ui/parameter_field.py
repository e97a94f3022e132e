"""A ParameterSpec as a labelled control."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.parameter_spec import ParameterSpec, ParameterType, Range, number
from app.domain.request import ParameterValue
from app.ui.controls.check_box import CheckBox
from app.ui.controls.choice import Choice
from app.ui.controls.field_row import FieldRow
from app.ui.controls.slider_field import SliderField
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme


def parsed_number(text: str) -> float | None:
    """A typed number with or without its unit, comma or point; None if it isn't one."""
    figures = "".join(letter for letter in text.replace("−", "-").replace(",", ".") if letter in "+-.0123456789")
    try:
        return float(figures)
    except ValueError:
        return None


def range_slider(theme: Theme, label: str, allowed: Range, value: float, *, field_width: int = 66) -> SliderField:
    """A slider over a range of the spec."""

    def text(shown: float) -> str:
        figure = number(round(shown, 3)).replace("-", "−")
        return f"{figure} {allowed.unit}" if allowed.unit else figure

    return SliderField(
        theme,
        label,
        minimum=allowed.minimum,
        maximum=allowed.maximum,
        default=allowed.default,
        step=allowed.step,
        value=value,
        format=text,
        parse=parsed_number,
        field_width=field_width,
    )


class ParameterField(QWidget):
    """One parameter of the chosen model; `edited` carries its new value."""

    edited = Signal(object)

    def __init__(
        self, theme: Theme, spec: ParameterSpec, value: ParameterValue | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spec = spec
        self.row = FieldRow(theme, self._label(), self._control(value), hint=spec.hint, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.row)

    @property
    def name(self) -> str:
        return self._spec.name

    def show_problem(self, message: str | None) -> None:
        self.row.set_error(message)

    def _label(self) -> str:
        return "" if self._spec.type is ParameterType.BOOL else self._spec.label

    def _control(self, value: ParameterValue | None) -> QWidget:
        match self._spec.type:
            case ParameterType.BOOL:
                return self._check_box(value)
            case ParameterType.CHOICE:
                return self._choice(value)
            case ParameterType.TEXT:
                return self._text(value)
            case ParameterType.INT | ParameterType.FLOAT:
                return self._slider(value)

    def _check_box(self, value: ParameterValue | None) -> QWidget:
        box = CheckBox(self._theme, self._spec.label)
        box.setChecked(bool(value))
        box.toggled.connect(self.edited)
        return box

    def _choice(self, value: ParameterValue | None) -> QWidget:
        options = [(choice, choice.replace("_", " ").capitalize()) for choice in self._spec.choices]
        choice = Choice(self._theme, self._spec.label, options)
        choice.set_value(None if value is None else str(value))
        choice.changed.connect(self.edited)
        return choice

    def _text(self, value: ParameterValue | None) -> QWidget:
        field = TextField(self._theme, self._spec.label, text="" if value is None else str(value))
        field.textEdited.connect(lambda text: self.edited.emit(text or None))
        return field

    def _slider(self, value: ParameterValue | None) -> QWidget:
        allowed = self._spec.range
        assert allowed is not None, "the catalogue refuses a number without a range"
        is_whole = self._spec.type is ParameterType.INT
        current = float(value) if isinstance(value, int | float) else allowed.default
        slider = range_slider(self._theme, self._spec.label, allowed, current)
        slider.changed.connect(lambda new: self.edited.emit(round(new) if is_whole else new))
        return slider
