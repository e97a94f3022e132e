"""What should be heard: the prompt, length, takes and seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.domain.draft import Draft
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import Range
from app.ui import readouts
from app.ui.controls.chip import SuggestionChip
from app.ui.controls.field_row import FieldRow
from app.ui.controls.flow_layout import FlowLayout
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.controls.section import Section
from app.ui.controls.slider_field import SliderField
from app.ui.controls.stepper import Stepper
from app.ui.controls.text_area import TextArea
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme


def parsed_length(text: str) -> float | None:
    """A typed length in seconds: `4`, `4.5 s`, `0:04.5`, `1:02`; None if it isn't one."""
    parts = text.strip().removesuffix("s").strip().replace(",", ".").split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) > 3 or any(number < 0 for number in numbers):
        return None
    seconds = 0.0
    for number in numbers:
        seconds = seconds * 60 + number
    return seconds


class PromptPanel(Section):
    """A text box and what belongs to every take; `edited` carries changes to the draft."""

    edited = Signal(dict)  # fields of the draft and their new values
    history_wanted = Signal()

    def __init__(
        self, theme: Theme, understood: Callable[[ModelSpec, str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "Prompt", parent=parent)
        self._theme = theme
        self._understood = understood
        self._spec: ModelSpec | None = None
        self._problems: Mapping[str, str] = {}
        self._offers_examples = True
        self.text = TextArea(theme, "Prompt")
        self._words = Label(theme, font="caption", role="text3", wrap=True)
        self._count = Label(theme, font="caption", role="text3")
        self._examples = QWidget()
        self._examples_row = FlowLayout(theme.px(6))
        self._negative = TextField(theme, "Without", placeholder="What should not be heard")
        self._negative_row = FieldRow(theme, "Without", self._negative)
        self._length = self._slider()
        self._length_row = FieldRow(theme, "Length", self._length)
        self._takes = Stepper(theme, "Takes")
        self._takes_row = FieldRow(theme, "Takes", self._takes, stretch=False)
        self._seed = TextField(theme, "Seed", placeholder="New for every take")
        self._dice = IconButton(theme, "dices", "Choose a seed by chance")
        self._seed_row = FieldRow(theme, "Seed", self._seed, trailing=self._dice)
        self.history = IconButton(theme, "history", "Earlier prompts", size=22)
        self._lay_out()
        self._connect()

    def _slider(self) -> SliderField:
        return SliderField(
            self._theme,
            "Length",
            minimum=0.1,
            maximum=60,
            format=readouts.length,
            parse=parsed_length,
        )

    def _lay_out(self) -> None:
        px = self._theme.px
        self.add_action(self.history)
        self._examples.setLayout(self._examples_row)
        under = QHBoxLayout()
        under.setContentsMargins(px(2), 0, px(2), 0)
        under.addWidget(self._words, 1)
        under.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        self.text.setFixedHeight(px(110))
        box = QVBoxLayout()
        box.setSpacing(px(5))
        box.addWidget(self.text)
        box.addLayout(under)
        box.addWidget(self._examples)
        self.content.addLayout(box)
        for row in (self._negative_row, self._length_row, self._takes_row, self._seed_row):
            self.content.addWidget(row)

    def _connect(self) -> None:
        self.text.textChanged.connect(self._on_text)
        self._negative.textEdited.connect(lambda text: self.edited.emit({"negative_prompt": text}))
        self._length.changed.connect(lambda seconds: self.edited.emit({"duration_s": round(seconds, 1)}))
        self._takes.changed.connect(lambda takes: self.edited.emit({"takes": takes}))
        self._seed.textEdited.connect(self._on_seed)
        self._dice.clicked.connect(self._roll)
        self.history.clicked.connect(self.history_wanted)

    # What is shown

    def show_draft(self, spec: ModelSpec, draft: Draft) -> None:
        """Show the controls that this model has, set as the draft says."""
        is_new = spec is not self._spec
        self._spec = spec
        if self.text.toPlainText() != draft.prompt:
            with QSignalBlocker(self.text):
                self.text.setPlainText(draft.prompt)
        self.text.setPlaceholderText(spec.prompt_placeholder or "Describe the sound")
        self._show_length(spec.duration, draft.duration_for(spec))
        self._takes_row.setVisible(spec.max_takes > 1)
        self._takes.set_range(1, spec.max_takes)
        self._takes.set_value(draft.takes_for(spec))
        self._takes_row.set_hint(f"up to {spec.max_takes} a click")
        self._seed_row.setVisible(spec.seed is not None)
        seed = "" if draft.seed is None else str(draft.seed)
        if self._seed.text() != seed and not self._seed.hasFocus():
            self._seed.setText(seed)
        self._negative_row.setVisible(spec.has_negative_prompt)
        if self._negative.text() != draft.negative_prompt:
            self._negative.setText(draft.negative_prompt)
        if is_new:
            self._show_examples(spec)
        self._refresh()

    def offer_examples(self, wanted: bool) -> None:
        """Prompts to start from, for as long as there is nothing in the library."""
        self._offers_examples = wanted
        self._refresh()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say at each field what is wrong with it; a field without a problem is cleared."""
        self._problems = problems
        rows = {
            "negative_prompt": self._negative_row,
            "duration": self._length_row,
            "takes": self._takes_row,
            "seed": self._seed_row,
        }
        for field, row in rows.items():
            row.set_error(problems.get(field))
        self._refresh()

    def show_history(self, prompts: list[str]) -> None:
        """Open the list of earlier prompts below its button."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for prompt in prompts:
            line = " ".join(prompt.split())
            shown = line if len(line) <= 60 else f"{line[:59]}…"
            action = menu.addAction(shown.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, prompt=prompt: self._use(prompt))
        if not prompts:
            menu.addAction("No earlier prompts yet").setEnabled(False)
        menu.popup(self.history.mapToGlobal(self.history.rect().bottomLeft()))

    def focus_field(self, field: str) -> bool:
        """Move the focus to a field that has a problem; False if it isn't here."""
        controls: dict[str, QWidget] = {
            "prompt": self.text,
            "negative_prompt": self._negative,
            "duration": self._length,
            "takes": self._takes,
            "seed": self._seed,
        }
        control = controls.get(field)
        if control is None:
            return False
        control.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # Inside

    def _show_length(self, allowed: Range | None, value: float | None) -> None:
        self._length_row.setVisible(allowed is not None)
        if allowed is not None and value is not None:
            self._length.set_bounds(allowed.minimum, allowed.maximum, step=allowed.step, default=allowed.default)
            self._length.set_value(value)

    def _show_examples(self, spec: ModelSpec) -> None:
        while (item := self._examples_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for example in spec.examples:
            chip = SuggestionChip(self._theme, example.label, parent=self._examples)
            chip.setToolTip(example.prompt)
            chip.clicked.connect(lambda _checked=False, prompt=example.prompt: self._use(prompt))
            self._examples_row.addWidget(chip)

    def _use(self, prompt: str) -> None:
        self.text.setPlainText(prompt)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_text(self) -> None:
        self.edited.emit({"prompt": self.text.toPlainText()})
        self._refresh()

    def _on_seed(self, text: str) -> None:
        figures = text.strip().replace(",", "").replace(" ", "")
        if not figures:
            self.edited.emit({"seed": None})
            self._seed_row.set_error(None)
        elif figures.isdecimal():
            self.edited.emit({"seed": int(figures)})
        else:
            self._seed_row.set_error("Type a whole number, or leave it empty for a new one each time.")

    def _roll(self) -> None:
        if self._spec is None or self._spec.seed is None:
            return
        seed = random.randint(int(self._spec.seed.minimum), int(self._spec.seed.maximum))  # noqa: S311
        self._seed.setText(str(seed))
        self.edited.emit({"seed": seed})

    def _refresh(self) -> None:
        """The line below the text: what was understood or is wrong, and how long it is."""
        spec = self._spec
        if spec is None:
            return
        text = self.text.toPlainText()
        length = len(text.strip())
        over = length - spec.prompt_max if spec.prompt_max is not None else 0
        problem = self._problems.get("prompt")
        if over > 0:
            self._count.setText(f"{over:,} too many")
        elif spec.prompt_max is not None:
            self._count.setText(f"{length:,} of {spec.prompt_max:,}")
        else:
            self._count.setText(readouts.counted(length, "character"))
        self._count.set_role("err" if over > 0 else "text3")
        shows_examples = self._offers_examples and bool(spec.examples)
        hint = self._understood(spec, text)
        if problem is not None and over <= 0:
            self._words.setText(problem)
        elif not hint and shows_examples:
            self._words.setText("Or start from one of these:")
        else:
            self._words.setText(hint)
        self._words.set_role("err" if problem is not None and over <= 0 else "text3")
        self.text.set_error(problem is not None or over > 0)
        self._examples.setVisible(shows_examples)
