"""What should be heard: the prompt or a plan, length, takes and seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import ModelSpec
from app.domain.parameter_spec import Panel
from app.domain.request import InputFile
from app.ui import readouts
from app.ui.controls.field_row import FieldRow
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.controls.section import Section
from app.ui.controls.segmented import SegmentedControl
from app.ui.controls.stepper import Stepper
from app.ui.controls.text_field import TextField
from app.ui.length_row import LengthRow
from app.ui.parameter_fields import ParameterFields
from app.ui.project_button import ProjectButton
from app.ui.prompt_editor import PromptEditor
from app.ui.prompt_examples import PromptExamples
from app.ui.prompt_hints import hint_of
from app.ui.theme import Theme
from app.ui.typed_values import parsed_seed

if TYPE_CHECKING:
    from app.ui.plan_editor import PlanEditor

# The box grows with the column: 172 px high in a window of 900 px, 96 px in one of 640 px.
_LEAST_BOX_PX, _LARGEST_BOX_PX = 96.0, 260.0
_ROOM_OF_LEAST_PX = 556.0
_BOX_PX_A_ROOM_PX = 76 / 260
_EXAMPLES_PX = 62.0
_AROUND_HINT_PX = 14 + 78 + 10 + 92 + 10 + 14  # padding, label, gap, stepper, gap, padding
_NO_SEED = "Type a whole number, or leave it empty for a new one each time."


class PromptPanel(Section):
    """A text box and what belongs to every take; `edited` carries changes to the draft."""

    edited = Signal(dict)  # fields of the draft and their new values
    takes_edited = Signal(int)  # of this model
    parameter_edited = Signal(str, object)
    plan_edited = Signal(object)  # CompositionPlan
    plan_wanted = Signal(bool)  # instead of the prompt, or no longer
    history_wanted = Signal()

    def __init__(
        self, theme: Theme, understood: Callable[[ModelSpec, str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "Prompt", parent=parent)
        self._theme = theme
        self._understood = understood
        self._spec: ModelSpec | None = None
        self._problem: str | None = None
        self._warning = ""
        self._prompt = ""  # as the draft has it
        self._files: tuple[InputFile, ...] = ()
        self._offers_examples = False
        self._width_px, self._room_px = 0, 0
        self._switch = SegmentedControl(theme, "What is asked for", [("prompt", "Prompt"), ("plan", "Plan")])
        self.text = PromptEditor(theme, "Prompt")
        self._words = Label(theme, font="caption", role="text3", wrap=True)
        self._count = Label(theme, font="caption", role="text3")
        self.examples = PromptExamples(theme)
        self._negative = TextField(theme, "Without", placeholder="What should not be heard")
        self._negative_row = FieldRow(theme, "Without", self._negative)
        self._length_row = LengthRow(theme)
        self._takes = Stepper(theme, "Takes")
        self._takes_row = FieldRow(theme, "Takes", self._takes, stretch=False)
        self._seed = TextField(theme, "Seed", placeholder="New for every take")
        self._dice = IconButton(theme, "dices", "Choose a seed by chance")
        self._seed_row = FieldRow(theme, "Seed", self._seed, trailing=self._dice)
        self.parameters = ParameterFields(theme, Panel.PROMPT)
        self.history = IconButton(theme, "history", "Earlier prompts", size=24)
        self.project = ProjectButton(theme)
        self._under = QHBoxLayout()
        self._switch_room = QVBoxLayout()
        self._boxed = QWidget()
        self._box = QVBoxLayout(self._boxed)
        self._lay_out()
        self._connect()
        self._refresh_sizes()

    def _lay_out(self) -> None:
        self.add_action(self.project)
        self.add_action(self.history)
        self._under.addWidget(self._words, 1)
        self._under.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addWidget(self.text)
        self._box.addLayout(self._under)
        self._box.addWidget(self.examples)
        self._switch_room.addWidget(self._switch)
        self.content.addLayout(self._switch_room)
        self.content.addWidget(self._boxed)
        rows = (self._negative_row, self._takes_row, self._length_row, self._seed_row)
        for row in (*rows, self.parameters):
            self.content.addWidget(row)

    def _connect(self) -> None:
        self.text.textChanged.connect(self._on_text)
        self.examples.chosen.connect(self.use)
        self._negative.textEdited.connect(lambda text: self.edited.emit({"negative_prompt": text}))
        self._switch.changed.connect(lambda key: self.plan_wanted.emit(key == "plan"))
        self._length_row.edited.connect(lambda seconds: self.edited.emit({"duration_s": seconds}))
        self._takes.changed.connect(self.takes_edited)
        self._seed.textEdited.connect(self._on_seed)
        self._dice.clicked.connect(self._roll)
        self.parameters.edited.connect(self.parameter_edited)
        self.history.clicked.connect(self.history_wanted)
        self._theme.changed.connect(self._refresh_sizes)

    @cached_property
    def plan(self) -> PlanEditor:
        """Made when there is first a plan: without it the first picture comes 4 ms sooner."""
        from app.ui.plan_editor import PlanEditor  # late: see second_parts

        plan = PlanEditor(self._theme)
        self.content.insertWidget(self.content.indexOf(self._boxed) + 1, plan)
        plan.edited.connect(self.plan_edited)
        return plan

    @property
    def _plan_so_far(self) -> PlanEditor | None:
        made: PlanEditor | None = vars(self).get("plan")
        return made

    # What is shown

    def show_draft(self, spec: ModelSpec, draft: Draft, *, anew: bool = False) -> None:
        """Show the controls that this model has, set as the draft says."""
        if spec is not self._spec:
            self.examples.show_examples(spec.examples)
        self._spec = spec
        self._prompt, self._files = draft.prompt, draft.references_for(spec)
        if self.text.toPlainText() != draft.prompt:
            self.text.show_text(draft.prompt)
        self.text.setPlaceholderText(spec.prompt_placeholder or "Describe the sound")
        self.text.setAccessibleName(spec.prompt_label)
        self.set_title(spec.prompt_label)  # a placeholder is gone with the first letter
        self._show_plan(spec, draft)
        self._takes.set_range(1, spec.most_takes_of_click)
        self._takes.set_value(draft.takes_for(spec))
        self._show_most_takes()
        self._seed_row.setVisible(spec.seed is not None)
        if anew or parsed_seed(self._seed.text()) != draft.seed:
            self._seed.setText("" if draft.seed is None else str(draft.seed))
        self._negative_row.setVisible(spec.has_negative_prompt)
        if self._negative.text() != draft.negative_prompt:
            self._negative.setText(draft.negative_prompt)
        self.parameters.show_draft(spec, draft, anew=anew)
        self.show_closed(draft.closed_by_others(spec))
        self._refresh()

    def follow(self, spec: ModelSpec, draft: Draft) -> None:
        """Say anew how long a take becomes, where the text decides, and what the text may name."""
        self._length_row.follow(spec, draft)
        files = draft.references_for(spec)
        if files != self._files:
            self._files = files
            self._refresh()

    def show_closed(self, closed: Mapping[str, str]) -> None:
        """Take nothing at the fields that can't go with what is set."""
        for field, row in (("seed", self._seed_row), ("negative_prompt", self._negative_row)):
            row.setEnabled(field not in closed)
            row.setToolTip(closed.get(field, ""))

    def offer_examples(self, wanted: bool) -> None:
        """Prompts to start from, for as long as there is nothing in the library."""
        if wanted != self._offers_examples:
            self._offers_examples = wanted
            self._refresh()

    def set_room(self, width_px: int, height_px: int) -> None:
        """Fit into a column of this size: the text box grows with it."""
        self._width_px, self._room_px = width_px, height_px
        self._show_most_takes()
        self._refresh_sizes()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say at each field what is wrong with it; a field without a problem is cleared."""
        self._problem = problems.get("prompt")
        if self._plan_so_far is not None:
            self._plan_so_far.show_problems(problems)
        for field, row in self._rows().items():
            row.set_error(problems.get(field))
        self.parameters.show_problems(problems)
        self._refresh()

    def typed_problems(self) -> list[Problem]:
        """What was typed and couldn't be taken: the draft has an older value there."""
        problems = []
        if self._length_row.isVisibleTo(self) and (wrong := self._length_row.error()) is not None:
            problems.append(Problem("duration", wrong))
        if self._seed_row.isVisibleTo(self) and self._seed_is_wrong():
            problems.append(Problem("seed", _NO_SEED))
        plan = self._plan_so_far
        if plan is not None and plan.isVisibleTo(self):
            problems += plan.typed_problems()
        return [*problems, *self.parameters.typed_problems()]

    def show_warning(self, message: str | None) -> None:
        """What may be meant otherwise in the prompt; it blocks nothing."""
        if (message or "") != self._warning:
            self._warning = message or ""
            self._refresh()

    def show_history(self, prompts: list[str]) -> None:
        """Open the list of earlier prompts below its button."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for prompt in prompts:
            line = " ".join(prompt.split())
            shown = line if len(line) <= 60 else f"{line[:59]}…"
            action = menu.addAction(shown.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, prompt=prompt: self.use(prompt))
        if not prompts:
            menu.addAction("No earlier prompts yet").setEnabled(False)
        menu.popup(self.history.mapToGlobal(self.history.rect().bottomLeft()))

    def fields(self) -> tuple[str, ...]:
        """Names of the fields that are here, as problems name them."""
        planned = () if self._plan_so_far is None else self._plan_so_far.fields()
        return ("prompt", *planned, *self._rows(), *self.parameters.names())

    def focus_field(self, field: str) -> bool:
        """Move the focus to a field that has a problem; False if it isn't here."""
        if field == "prompt" and self._boxed.isHidden():
            self.plan.focus()
            return True
        control: QWidget | None = self.text if field == "prompt" else None
        if field in self._rows():
            control = self._rows()[field].control
        if control is None:
            plan = self._plan_so_far
            return (plan is not None and plan.focus_field(field)) or self.parameters.focus_field(field)
        control.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def use(self, prompt: str) -> None:
        """Replace the text; undo brings the old one back. A plan gives way to it."""
        if self._boxed.isHidden():
            self.plan_wanted.emit(False)
        cursor = self.text.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(prompt)
        self.text.setTextCursor(cursor)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    # Inside

    def _rows(self) -> dict[str, FieldRow | LengthRow]:
        return {
            "negative_prompt": self._negative_row,
            "takes": self._takes_row,
            "duration": self._length_row,
            "seed": self._seed_row,
        }

    def _show_plan(self, spec: ModelSpec, draft: Draft) -> None:
        """The plan in place of the prompt, or the prompt; a model without plans has no switch."""
        plan = draft.plan_for(spec)
        self._switch.setVisible(spec.plan is not None)
        self._switch_room.setContentsMargins(0, 0, 0, self._theme.px(8) if spec.plan is not None else 0)
        self._switch.set_value("prompt" if plan is None else "plan")
        self._boxed.setVisible(plan is None)
        if plan is not None and spec.plan is not None:
            self.plan.setVisible(True)
            self.plan.show_plan(spec.plan, plan)
        elif self._plan_so_far is not None:
            self._plan_so_far.hide()
        self._length_row.show_draft(spec, draft)

    def _show_most_takes(self) -> None:
        if self._spec is None:
            return
        most, is_split = self._spec.most_takes_of_click, self._spec.max_takes == 1
        wordy = f"up to {most} a click, one task each" if is_split else f"up to {most} a click"
        brief = f"up to {most}, a task each" if is_split else f"up to {most}"
        room = self._width_px - self._theme.px(_AROUND_HINT_PX)
        metrics = QFontMetrics(self._theme.font("small"))
        fitting = (hint for hint in (wordy, brief) if metrics.horizontalAdvance(hint) <= room)
        self._takes_row.set_hint(next(fitting, f"up to {most}"))
        self._takes_row.setToolTip(wordy)

    def _on_text(self) -> None:
        text = self.text.toPlainText()
        if text != self._prompt:  # Qt also tells when only the colours changed
            self._prompt = text
            self.edited.emit({"prompt": text})
            self._refresh()

    def _seed_is_wrong(self) -> bool:
        return bool(self._seed.text().strip()) and parsed_seed(self._seed.text()) is None

    def _on_seed(self, text: str) -> None:
        self.edited.emit({"seed": parsed_seed(text)})
        if self._seed_is_wrong():
            self._seed_row.set_error(_NO_SEED)

    def _roll(self) -> None:
        if self._spec is None or self._spec.seed is None:
            return
        seed = random.randint(int(self._spec.seed.minimum), int(self._spec.seed.maximum))  # noqa: S311
        self._seed.setText(str(seed))
        self._seed_row.set_error(None)
        self.edited.emit({"seed": seed})

    def _refresh_sizes(self) -> None:
        px, scale = self._theme.px, self._theme.text_scale
        grown = _LEAST_BOX_PX + (self._room_px / scale - _ROOM_OF_LEAST_PX) * _BOX_PX_A_ROOM_PX
        if self.examples.isVisibleTo(self):
            grown -= _EXAMPLES_PX
        self.text.setFixedHeight(px(min(max(grown, _LEAST_BOX_PX), _LARGEST_BOX_PX)))
        self._under.setContentsMargins(px(2), 0, px(2), 0)
        self._under.setSpacing(px(8))
        self._box.setSpacing(px(5))
        self._box.setContentsMargins(0, 0, 0, px(6))

    def _refresh(self) -> None:
        """The line below the text: what was understood or is wrong, and how long it is."""
        spec = self._spec
        if spec is None:
            return
        text = self.text.toPlainText()
        over = self._show_count(spec, len(text.strip()))
        shows_examples = self._offers_examples and bool(spec.examples)
        hint = self._understood(spec, text) if text.strip() else ""
        problem = self._problem if over <= 0 else None  # the count says already what is wrong
        if problem is None and not hint and shows_examples:
            hint = "Or start from one of these:"
        hint = hint or self._warning or hint_of(spec, self._files)
        self._words.setText(problem or hint)
        self._words.set_role("err" if problem is not None else "text3")
        self.text.set_error(self._problem is not None or over > 0)
        if shows_examples != self.examples.isVisibleTo(self):
            self.examples.setVisible(shows_examples)
            self._refresh_sizes()

    def _show_count(self, spec: ModelSpec, length: int) -> int:
        """Show how long the text is; returns by how much it is too long."""
        over = length - spec.prompt_max if spec.prompt_max is not None else 0
        if over > 0:
            text = f"{over:,} too many"
        elif spec.prompt_min is not None and 0 < length < spec.prompt_min:
            text = f"{spec.prompt_min - length:,} more needed"
        elif spec.prompt_max is not None:
            text = f"{length:,} of {spec.prompt_max:,}"
        else:
            text = readouts.counted(length, "character")
        self._count.setText(text)
        self._count.set_role("err" if over > 0 else "text3")
        return over
