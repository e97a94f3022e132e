"""The fields of a transcription, as far as the chosen model has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import ParameterSpec
from app.domain.transcript import TranscriptFormat
from app.domain.transcription_draft import TranscriptionDraft, parameters_of
from app.domain.transcription_spec import TranscriptionSpec
from app.ui.controls.check_box import CheckBox
from app.ui.controls.choice import Choice
from app.ui.controls.disclosure import Disclosure
from app.ui.controls.field_row import FieldRow
from app.ui.controls.optional_number_field import OptionalNumberField
from app.ui.controls.segmented import SegmentedControl
from app.ui.controls.text_area import TextArea
from app.ui.languages import SPOKEN, language_name
from app.ui.parameter_field import ParameterField, field_width_px
from app.ui.theme import Theme

LABEL_PX = 92
_ANY = ""
_PROMPT_PX = 52
_TEMPERATURE_PX = 148
FORMAT_NAMES = {
    TranscriptFormat.VERBOSE_JSON: "Detailed JSON",
    TranscriptFormat.JSON: "JSON",
    TranscriptFormat.TEXT: "Text",
    TranscriptFormat.SRT: "SRT",
    TranscriptFormat.VTT: "VTT",
}
_TIMES_ONLY = "Speakers come only with times."
_WITH_TIMES = "With the time of every sentence."
_WITHOUT_TIMES = "Without times: the words alone."


class TranscribeForm(QWidget):
    """A draft in, a draft out; `edited` follows every change by the user."""

    edited = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._draft = TranscriptionDraft()
        self._spec: ModelSpec | None = None
        self._parameters: dict[str, ParameterField] = {}
        self._language = Choice(theme, "Language")
        self._prompt = TextArea(theme, "Words that may occur", placeholder="Names and words that may occur")
        self._format = SegmentedControl(theme, "Format")
        self._temperature = OptionalNumberField(
            theme, "Temperature", placeholder="Left to the service", minimum=0.0, maximum=1.0, step=0.1
        )
        self._diarize = CheckBox(theme, "Tell speakers apart")
        self._redact = CheckBox(theme, "Leave out personal data")
        self.rows = {
            "language": self._row("Language", self._language),
            "prompt": self._row("Words", self._prompt),
            "format": self._row("Format", self._format),
            "temperature": self._row("Temperature", self._temperature, "0 is the most certain", stretch=False),
            "diarize": self._row("", self._diarize),
            "redact": self._row("", self._redact),
        }
        self._rare = Disclosure(theme, "Advanced")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (*self.rows.values(), self._rare):
            self._column.addWidget(part)
        self._connect()
        theme.changed.connect(self._refresh_sizes)
        self._refresh_sizes()

    def _row(self, label: str, control: QWidget, hint: str = "", *, stretch: bool = True) -> FieldRow:
        return FieldRow(self._theme, label, control, hint=hint, stretch=stretch, label_width=LABEL_PX)

    def _connect(self) -> None:
        self._language.changed.connect(lambda tag: self._edit(language=tag or None))
        self._prompt.textChanged.connect(lambda: self._edit(prompt=self._prompt.toPlainText()))
        self._format.changed.connect(lambda key: self._edit(format=TranscriptFormat(key)))
        self._temperature.changed.connect(lambda value: self._edit(temperature=value))
        self._temperature.error_changed.connect(lambda _problem: self.edited.emit())
        self._diarize.toggled.connect(lambda is_on: self._edit(diarize=is_on))
        self._redact.toggled.connect(lambda is_on: self._edit(redact=is_on))

    # Values

    @property
    def draft(self) -> TranscriptionDraft:
        return self._draft

    def show_draft(self, spec: ModelSpec, draft: TranscriptionDraft) -> None:
        """Show what a model has, set as the draft says."""
        assert spec.transcription is not None
        is_other = spec is not self._spec
        self._draft, self._spec = draft, spec
        self._show_model(spec.transcription)
        self._show_values(spec, draft)
        if is_other:
            self._build_parameters(spec, draft)
            self._order_tabs()
        self._refresh()

    def commit_typing(self) -> None:
        """Take over what was typed and not left yet."""
        self._temperature.editingFinished.emit()

    # Problems

    def typed_problems(self) -> list[Problem]:
        """What was typed and couldn't be taken."""
        rows = ((name, field.typed_problem()) for name, field in self._parameters.items())
        typed = [Problem(name, message) for name, message in rows if message is not None]
        wrong = self._temperature.error() if self.rows["temperature"].isVisibleTo(self) else None
        return [*typed, Problem("temperature", wrong)] if wrong else typed

    def show_problems(self, problems: Mapping[str, str]) -> None:
        for name, row in self.rows.items():
            own = self._temperature.error() if name == "temperature" else None
            row.set_error(None if own else problems.get(name))
        for name, field in self._parameters.items():
            field.show_problem(problems.get(name))
        if any(name in problems for name in self._parameters):
            self._rare.set_open(True)

    def fields(self) -> tuple[str, ...]:
        """Those that can be seen now, by the names that problems give them."""
        rows = (name for name, row in self.rows.items() if not row.isHidden())
        return (*rows, *self._parameters)

    def focus_field(self, field: str) -> None:
        if field in self._parameters:
            self._rare.set_open(True)
            self._parameters[field].row.control.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.rows[field].control.setFocus(Qt.FocusReason.OtherFocusReason)

    # Inside

    def _edit(self, **changes: object) -> None:
        self._draft = replace(self._draft, **changes)  # type: ignore[arg-type]  # by the names of its own fields
        self._refresh()
        self.edited.emit()

    def _edit_parameter(self, parameter: ParameterSpec, value: object) -> None:
        assert self._spec is not None
        self._draft = self._draft.with_value(self._spec, parameter, value)  # type: ignore[arg-type]
        self.edited.emit()

    def _show_model(self, takes: TranscriptionSpec) -> None:
        self.rows["language"].setVisible(takes.takes_language)
        self.rows["prompt"].setVisible(takes.takes_prompt)
        self.rows["format"].setVisible(len(takes.formats) > 1)
        self.rows["temperature"].setVisible(takes.temperature is not None)
        self.rows["diarize"].setVisible(takes.has_diarize)
        self.rows["redact"].setVisible(takes.has_redact)
        keys = [each.value for each in takes.formats]
        if list(self._format.keys()) != keys:
            self._format.set_options([(each.value, FORMAT_NAMES[each]) for each in takes.formats])
        if takes.temperature is not None:
            allowed = takes.temperature
            self._temperature.set_bounds(allowed.minimum, allowed.maximum, step=allowed.step)

    def _show_values(self, spec: ModelSpec, draft: TranscriptionDraft) -> None:
        self._language.set_options(_language_options(spec.languages or SPOKEN, draft.language))
        self._language.set_value(draft.language or _ANY)
        if self._prompt.toPlainText() != draft.prompt:
            with QSignalBlocker(self._prompt):
                self._prompt.setPlainText(draft.prompt)
        self._temperature.set_value(draft.temperature_for(spec))
        for box, is_on in ((self._diarize, draft.diarize), (self._redact, draft.redact)):
            with QSignalBlocker(box):
                box.setChecked(is_on)

    def _build_parameters(self, spec: ModelSpec, draft: TranscriptionDraft) -> None:
        for field in self._parameters.values():
            self._rare.content.removeWidget(field)
            field.hide()
            field.deleteLater()
        self._parameters = {}
        for parameter in parameters_of(spec):
            value, width = draft.value_for(spec, parameter), field_width_px(self._theme, parameter)
            field = ParameterField(self._theme, parameter, value, field_width=width, parent=self)
            field.edited.connect(lambda new, parameter=parameter: self._edit_parameter(parameter, new))
            self._parameters[parameter.name] = field
            self._rare.content.addWidget(field)
        self._rare.setVisible(bool(self._parameters))
        is_set = any(draft.value_for(spec, each) != each.default for each in parameters_of(spec))
        self._rare.set_open(is_set)

    def _order_tabs(self) -> None:
        """Tab goes from above to below, also through what was made anew for this model."""
        formats = self._format.findChildren(QAbstractButton)
        rare = self._rare.findChildren(QAbstractButton)[:1]
        own = [field.row.control for field in self._parameters.values()]
        first = (self._language, self._prompt, *formats, self._temperature, self._diarize, self._redact)
        for before, after in pairwise((*first, *rare, *own)):
            QWidget.setTabOrder(before, after)

    def _refresh(self) -> None:
        """What follows from the rest: the formats that can be taken, and what the taken one means."""
        spec = self._spec
        if spec is None:
            return
        open_formats = self._draft.formats_for(spec)
        for key in self._format.keys():  # noqa: SIM118 - not a dict
            self._format.set_option_enabled(key, TranscriptFormat(key) in open_formats, _TIMES_ONLY)
        taken = self._draft.format_for(spec)
        if self._format.value() != taken.value:
            self._format.set_value(taken.value)
        self.rows["format"].set_hint(_WITH_TIMES if taken.has_times else _WITHOUT_TIMES)

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._column.setSpacing(px(2))
        self._prompt.setFixedHeight(px(_PROMPT_PX))
        self._temperature.setFixedWidth(px(_TEMPERATURE_PX))


def problems_by_field(problems: Iterable[Problem]) -> dict[str, str]:
    """The first problem of each field."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.field, problem.message)
    return found


def _language_options(tags: Sequence[str], taken: str | None) -> list[tuple[str, str]]:
    offered = tags if taken is None or taken in tags else (*tags, taken)
    named = sorted(((tag, language_name(tag)) for tag in offered), key=lambda option: option[1].casefold())
    return [(_ANY, "Found out by itself"), *named]
