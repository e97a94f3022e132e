"""A composition plan: styles of the whole piece, and its sections one below the other."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.composition import CompositionPlan, PlanSection
from app.domain.errors import Problem
from app.domain.estimating import readable_length
from app.domain.plan_spec import SECTION_PARTS, PlanSpec, field_of_section
from app.ui import readouts
from app.ui.controls.button import Button
from app.ui.controls.field_row import FieldRow
from app.ui.controls.label import Label
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.order import put_in_order
from app.ui.controls.text_field import TextField
from app.ui.plan_section_row import PlanSectionRow, listed
from app.ui.theme import Theme

_OF_SECTION = re.compile(r"plan\.sections\.(\d+)\.(\w+)")


class PlanEditor(QWidget):
    """`edited` carries the plan as it is now."""

    edited = Signal(object)  # CompositionPlan

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spec: PlanSpec | None = None
        self._rows: list[PlanSectionRow] = []
        self._ordered: list[PlanSectionRow] = []  # as Tab knows them
        self._styles = TextField(theme, "Styles of the whole piece", placeholder="low strings, slow, dark")
        self._avoided = TextField(theme, "Styles to leave out of the whole piece", placeholder="drums, vocals")
        self._list = QVBoxLayout()
        self._add = Button(theme, "Add a section", icon="plus")
        self._total = Label(theme, font="small", role="text3")
        self._note = NoteLine(theme)
        self._foot, self._column = QHBoxLayout(), QVBoxLayout(self)
        self._whole = {
            "plan.styles": FieldRow(theme, "Styles", self._styles),
            "plan.avoided": FieldRow(theme, "Without", self._avoided),
        }
        for row in self._whole.values():
            self._column.addWidget(row)
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

    def fields(self) -> tuple[str, ...]:
        """As problems name them, from top to bottom."""
        count = len(self._rows)
        sections = [field_of_section(number + 1, part) for number in range(count) for part in SECTION_PARTS]
        return (*self._whole, *sections, "plan")

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say at each field what is wrong with it; of a section without its number, for it stands there."""
        for field, row in self._whole.items():
            row.set_error(problems.get(field))
        for number, section in enumerate(self._rows, start=1):
            found = {part: problems.get(field_of_section(number, part)) for part in SECTION_PARTS}
            section.show_problems({part: _alone(message) for part, message in found.items() if message is not None})
        self._note.say(problems.get("plan", ""), NoteTone.PROBLEM)

    def typed_problems(self) -> list[Problem]:
        """Lengths that were typed and couldn't be taken."""
        typed = ((number, row.typed_problem()) for number, row in enumerate(self._rows, start=1))
        return [
            Problem(field_of_section(number, "duration"), f"Section {number}: {message}")
            for number, message in typed
            if message is not None
        ]

    def focus_field(self, field: str) -> bool:
        """Go to a field that has a problem; False if it isn't here. The plan itself lacks sections, or has too many."""
        found = _OF_SECTION.fullmatch(field)
        if field in self._whole:
            self._whole[field].control.setFocus(Qt.FocusReason.OtherFocusReason)
        elif found is not None and int(found[1]) <= len(self._rows):
            self._rows[int(found[1]) - 1].focus_part(found[2])
        elif field == "plan":
            last = self._add if self._add.isEnabled() or not self._rows else self._rows[-1]
            last.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True

    def focus(self) -> None:
        """Go to the top."""
        self._styles.setFocus(Qt.FocusReason.OtherFocusReason)

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

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(0, 0, 0, px(10))
        self._column.setSpacing(px(4))
        self._list.setSpacing(px(6))
        self._list.setContentsMargins(0, px(4), 0, px(2))


def _alone(message: str) -> str:
    """`Section 2: it has no name.` -> `It has no name.`"""
    words = message.partition(": ")[2] if message.startswith("Section ") else message
    return words[:1].upper() + words[1:]
