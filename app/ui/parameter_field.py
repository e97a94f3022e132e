"""A ParameterSpec as a labelled control."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.parameter_spec import ParameterSpec, ParameterType
from app.domain.request import ParameterValue
from app.ui.controls.check_box import CheckBox
from app.ui.controls.choice import Choice
from app.ui.controls.field_row import FieldRow
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.numbers import decimals_of, number_text
from app.ui.controls.optional_number_field import OptionalNumberField
from app.ui.controls.slider_field import SliderField
from app.ui.controls.tall_field import TallField
from app.ui.controls.text_field import TextField
from app.ui.factors import factor_text, parsed_factor
from app.ui.theme import Theme

_LEAST_FIELD_PX = 66
_FIELD_PADDING_PX = 24
_LEFT_OPEN = "The model decides"


def field_width_px(theme: Theme, spec: ParameterSpec) -> float:
    """How wide the field of a number must be to show both of its ends, in pixels of the design."""
    if spec.range is None:
        return _LEAST_FIELD_PX
    allowed, decimals = spec.range, decimals_of(spec.range.step)
    ends = [
        factor_text(end) if spec.is_factor else number_text(end, decimals=decimals, unit=allowed.unit)
        for end in (allowed.minimum, allowed.maximum)
    ]
    metrics = QFontMetrics(theme.font("label"))
    widest = max(metrics.horizontalAdvance(text) for text in ends)
    return max(_LEAST_FIELD_PX, widest / theme.text_scale + _FIELD_PADDING_PX)


class ParameterField(QWidget):
    """One parameter of the chosen model; `edited` carries its new value, None for none.

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
        self.row = self._made(value)
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
        return control.error() if isinstance(control, SliderField | OptionalNumberField) else None

    def shut(self, reason: str) -> None:
        """Take no value while something else is set, and say why; no reason opens the field again."""
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.row.set_hint(reason or self._spec.hint)

    # Inside

    def _made(self, value: ParameterValue | None) -> FieldRow | TallField:
        spec = self._spec
        if spec.type is ParameterType.TEXT and spec.is_multiline:
            return self._tall(value)
        control = self._control(value)
        label = "" if spec.type is ParameterType.BOOL else spec.label
        eye = self._eye(control) if isinstance(control, QLineEdit) and spec.is_secret else None
        return FieldRow(self._theme, label, control, hint=spec.hint, trailing=eye, parent=self)

    def _control(self, value: ParameterValue | None) -> QWidget:
        match self._spec.type:
            case ParameterType.BOOL:
                return self._check_box(value)
            case ParameterType.CHOICE:
                return self._choice(value)
            case ParameterType.TEXT:
                return self._text(value)
            case ParameterType.INT | ParameterType.FLOAT:
                return self._optional_number(value) if self._spec.default is None else self._slider(value)

    def _placeholder(self, otherwise: str) -> str:
        return "Required" if self._spec.is_required else otherwise

    def _check_box(self, value: ParameterValue | None) -> QWidget:
        box = CheckBox(self._theme, self._spec.label)
        box.setChecked(bool(value))
        box.toggled.connect(lambda is_on: self.edited.emit(is_on))
        return box

    def _choice(self, value: ParameterValue | None) -> QWidget:
        words = [choice.replace("_", " ") for choice in self._spec.choices]
        options = [(key, text[:1].upper() + text[1:]) for key, text in zip(self._spec.choices, words, strict=True)]
        choice = Choice(self._theme, self._spec.label, options, placeholder=self._placeholder(_LEFT_OPEN))
        choice.set_value(None if value is None else str(value))
        choice.changed.connect(lambda key: self.edited.emit(key))
        return choice

    def _text(self, value: ParameterValue | None) -> QWidget:
        spec = self._spec
        field = TextField(
            self._theme,
            spec.label,
            text="" if value is None else str(value),
            placeholder=self._placeholder("https://" if spec.is_address else ""),
            secret=spec.is_secret,
        )
        field.textEdited.connect(lambda text: self.edited.emit(text or None))
        return field

    def _eye(self, field: QLineEdit) -> IconButton:
        eye = IconButton(self._theme, "eye", f"Show {self._spec.label}", checkable=True)

        def reveal(is_shown: bool) -> None:
            field.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)
            eye.set_icon("eye-off" if is_shown else "eye")

        eye.toggled.connect(reveal)
        return eye

    def _tall(self, value: ParameterValue | None) -> TallField:
        spec = self._spec
        field = TallField(
            self._theme,
            spec.label,
            text="" if value is None else str(value),
            placeholder=self._placeholder(""),
            hint=spec.hint,
            least=spec.min_length,
            most=spec.max_length,
        )
        field.edited.connect(lambda text: self.edited.emit(text or None))
        return field

    def _slider(self, value: ParameterValue | None) -> QWidget:
        allowed = self._spec.range
        assert allowed is not None, "the catalogue refuses a number without a range"
        slider = SliderField(
            self._theme,
            self._spec.label,
            minimum=allowed.minimum,
            maximum=allowed.maximum,
            default=allowed.default,
            step=allowed.step,
            value=float(value) if isinstance(value, int | float) else allowed.default,
            unit=allowed.unit,
            format=factor_text if self._spec.is_factor else None,
            parse=parsed_factor if self._spec.is_factor else None,
            field_width=self._field_width,
        )
        slider.changed.connect(lambda new: self.edited.emit(self._number(new)))
        return slider

    def _optional_number(self, value: ParameterValue | None) -> QWidget:
        allowed = self._spec.range
        assert allowed is not None, "the catalogue refuses a number without a range"
        field = OptionalNumberField(
            self._theme,
            self._spec.label,
            placeholder=self._placeholder(_LEFT_OPEN),
            minimum=allowed.minimum,
            maximum=allowed.maximum,
            step=allowed.step,
            is_whole=self._spec.type is ParameterType.INT or allowed.is_whole,
            value=float(value) if isinstance(value, int | float) else None,
            unit=allowed.unit,
            format=factor_text if self._spec.is_factor else None,
            parse=parsed_factor if self._spec.is_factor else None,
        )
        field.changed.connect(lambda new: self.edited.emit(None if new is None else self._number(new)))
        return field

    def _number(self, value: float) -> ParameterValue:
        return round(value) if self._spec.type is ParameterType.INT else value
