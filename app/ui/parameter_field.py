"""A ParameterSpec as a labelled control."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.parameter_spec import ParameterSpec, ParameterType
from app.domain.request import ParameterValue
from app.ui.controls.check_box import CheckBox
from app.ui.controls.choice import Choice
from app.ui.controls.field_row import FieldRow
from app.ui.controls.numbers import decimals_of, number_text
from app.ui.controls.slider_field import SliderField
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme

_LEAST_FIELD_PX = 66
_FIELD_PADDING_PX = 24


def field_width_px(theme: Theme, spec: ParameterSpec) -> float:
    """How wide the field of a number must be to show both of its ends, in pixels of the design."""
    if spec.range is None:
        return _LEAST_FIELD_PX
    allowed, decimals = spec.range, decimals_of(spec.range.step)
    ends = [number_text(end, decimals=decimals, unit=allowed.unit) for end in (allowed.minimum, allowed.maximum)]
    metrics = QFontMetrics(theme.font("label"))
    widest = max(metrics.horizontalAdvance(text) for text in ends)
    return max(_LEAST_FIELD_PX, widest / theme.text_scale + _FIELD_PADDING_PX)


class ParameterField(QWidget):
    """One parameter of the chosen model; `edited` carries its new value.

    Args:
        field_width: Of the field beside a slider, in pixels of the design.
    """

    edited = Signal(object)

    def __init__(
        self,
        theme: Theme,
        spec: ParameterSpec,
        value: ParameterValue | None,
        *,
        field_width: float = _LEAST_FIELD_PX,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spec = spec
        self._field_width = field_width
        self.row = FieldRow(theme, self._label(), self._control(value), hint=spec.hint, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.row)

    @property
    def name(self) -> str:
        return self._spec.name

    def show_problem(self, message: str | None) -> None:
        self.row.set_error(message)

    def typed_problem(self) -> str | None:
        """What is wrong with a typed number that couldn't be taken."""
        control = self.row.control
        return control.error() if isinstance(control, SliderField) else None

    def shut(self, reason: str) -> None:
        """Take no value while something else is set; no reason opens the field again."""
        self.setEnabled(not reason)
        self.setToolTip(reason)

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
        box.toggled.connect(lambda is_on: self.edited.emit(is_on))
        return box

    def _choice(self, value: ParameterValue | None) -> QWidget:
        options = [(choice, choice.replace("_", " ").capitalize()) for choice in self._spec.choices]
        choice = Choice(self._theme, self._spec.label, options, placeholder="The model decides")
        choice.set_value(None if value is None else str(value))
        choice.changed.connect(lambda key: self.edited.emit(key))
        return choice

    def _text(self, value: ParameterValue | None) -> QWidget:
        field = TextField(self._theme, self._spec.label, text="" if value is None else str(value))
        field.textEdited.connect(lambda text: self.edited.emit(text or None))
        return field

    def _slider(self, value: ParameterValue | None) -> QWidget:
        allowed = self._spec.range
        assert allowed is not None, "the catalogue refuses a number without a range"
        is_whole = self._spec.type is ParameterType.INT
        slider = SliderField(
            self._theme,
            self._spec.label,
            minimum=allowed.minimum,
            maximum=allowed.maximum,
            default=allowed.default,
            step=allowed.step,
            value=float(value) if isinstance(value, int | float) else allowed.default,
            unit=allowed.unit,
            field_width=self._field_width,
        )
        slider.changed.connect(lambda new: self.edited.emit(round(new) if is_whole else new))
        return slider
