"""A composition plan: styles of the whole piece, and its sections one below the other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.composition import CompositionPlan, PlanSection
from app.domain.errors import Problem
from app.domain.estimating import readable_length
from app.domain.plan_spec import PlanSpec
from app.ui import readouts
from app.ui.controls.button import Button
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.order import put_in_order
from app.ui.controls.text_field import TextField
from app.ui.plan_section_row import PlanSectionRow, listed
from app.ui.theme import Theme

_ANY_STYLE = ("any",)


class PlanEditor(QWidget):
    """`edited` carries the plan as it is now."""

    edited = Signal(object)  # CompositionPlan

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spec: PlanSpec | None = None
        self._rows: list[PlanSectionRow] = []
        self._ordered: list[PlanSectionRow] = []  # as Tab knows them
        self._is_marked = False
        self._styles = TextField(theme, "Styles of the whole piece", placeholder="low strings, slow, dark")
        self._avoided = TextField(theme, "Styles to leave out of the whole piece", placeholder="drums, vocals")
        self._list = QVBoxLayout()
        self._add = Button(theme, "Add a section", icon="plus")
        self._total = Label(theme, font="small", role="text3")
        self._note = NoteLine(theme)
        self._foot, self._column = QHBoxLayout(), QVBoxLayout(self)
        self._column.addWidget(FieldRow(theme, "Styles", self._styles))
        self._column.addWidget(FieldRow(theme, "Without", self._avoided))
        self._column.addLayout(self._list)
        self._foot.addWidget(self._add)
        self._foot.addStretch(1)
        self._foot.addWidget(self._total)
        self._column.addLayout(self._foot)
        self._column.addWidget(self._note)
        self._styles.textEdited.connect(self._on_edit)
        self._avoided.textEdited.connect(self._on_edit)
        self._add.clicked.connect(self._add_section)
        self._refresh_sizes()
        theme.changed.connect(self._refresh_sizes)

    def show_plan(self, spec: PlanSpec, plan: CompositionPlan) -> None:
        """Show a plan, unless it is what stands here already."""
        if spec is self._spec and plan == self.plan():
            return
        self._spec = spec
        self._styles.setText(", ".join(plan.styles))
        self._avoided.setText(", ".join(plan.avoided))
        for row in self._rows:
            self._drop(row)
        self._rows = [self._made(section) for section in plan.sections]
        for row in self._rows:
            self._list.addWidget(row)
        if len(self._rows) == 1:
            self._rows[0].set_open(True)
        self._refresh()

    def plan(self) -> CompositionPlan:
        """What stands here now."""
        return CompositionPlan(
            listed(self._styles.text()),
            listed(self._avoided.text()),
            tuple(row.section() for row in self._rows),
        )

    def show_problems(self, *, is_marked: bool) -> None:
        """Say at each section what is wrong with it, or stop saying so."""
        self._is_marked = is_marked
        self._mark()

    def typed_problems(self) -> list[Problem]:
        """Lengths that were typed and couldn't be taken."""
        typed = ((number, row.typed_problem()) for number, row in enumerate(self._rows, start=1))
        return [Problem("plan", f"Section {number}: {message}") for number, message in typed if message is not None]

    def focus(self) -> None:
        """Go to the first thing that is wrong, else to the top."""
        for row in self._rows:
            if self._complaint(row):
                row.focus_name()
                return
        first = self._styles if self._rows else self._add
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # Inside

    def _made(self, section: PlanSection) -> PlanSectionRow:
        row = PlanSectionRow(self._theme, section, self)
        row.edited.connect(self._on_edit)
        row.step_wanted.connect(lambda step: self._move(row, step))
        row.remove_wanted.connect(lambda: self._remove(row))
        return row

    def _add_section(self) -> None:
        if self._spec is None:
            return
        number = len(self._rows) + 1
        row = self._made(PlanSection(f"Section {number}", round(self._spec.section_duration.default)))
        for other in self._rows:
            other.set_open(False)
        self._rows.append(row)
        self._list.addWidget(row)
        row.show()
        self._on_edit()
        row.focus_name()

    def _move(self, row: PlanSectionRow, step: int) -> None:
        place = self._rows.index(row) + step
        if not 0 <= place < len(self._rows):
            return
        self._rows.remove(row)
        self._rows.insert(place, row)
        self._list.removeWidget(row)
        self._list.insertWidget(place, row)
        self._on_edit()
        row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, row: PlanSectionRow) -> None:
        place = self._rows.index(row)
        self._rows.remove(row)
        self._drop(row)
        self._on_edit()
        near: QWidget = self._rows[min(place, len(self._rows) - 1)] if self._rows else self._add
        near.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, row: PlanSectionRow) -> None:
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _on_edit(self) -> None:
        self._refresh()
        self.edited.emit(self.plan())

    def _refresh(self) -> None:
        if self._spec is None:
            return
        count = len(self._rows)
        for number, row in enumerate(self._rows, start=1):
            row.show_place(number, count, self._spec)
        if self._rows != self._ordered:
            self._ordered = list(self._rows)
            put_in_order(self._rows, (self._add, self._total, self._note))
        most = self._spec.most_sections
        is_full = most is not None and count >= most
        self._add.setEnabled(not is_full)
        self._add.setToolTip(f"A plan may have {readouts.counted(most or 0, 'section')}." if is_full else "")
        total = readable_length(self.plan().duration_s) if count else ""
        self._total.setText(f"{total} in {readouts.counted(count, 'section')}" if count else "No section yet")
        self._mark()

    def _mark(self) -> None:
        for row in self._rows:
            row.show_problem(self._complaint(row) if self._is_marked else "")
        whole = self._of_whole() if self._is_marked else ""
        self._note.say(whole, NoteTone.PROBLEM)
        self._styles.set_error(self._is_marked and not listed(self._styles.text()))

    def _complaint(self, row: PlanSectionRow) -> str:
        """What is wrong with one section, found as if it stood alone in a plan that is right otherwise."""
        if self._spec is None:
            return ""
        alone = CompositionPlan(_ANY_STYLE, sections=(row.section(),))
        message = next((problem.message for problem in self._spec.problems(alone)), "")
        words = message.removeprefix("Section 1: ")
        return words[:1].upper() + words[1:]

    def _of_whole(self) -> str:
        """What is wrong with the plan beyond its sections."""
        found = self._spec.problems(self.plan()) if self._spec is not None else ()
        return " ".join(problem.message for problem in found if not problem.message.startswith("Section "))

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(0, 0, 0, px(10))
        self._column.setSpacing(px(4))
        self._list.setSpacing(px(6))
        self._list.setContentsMargins(0, px(4), 0, px(2))
