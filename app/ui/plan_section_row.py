"""One section of a composition plan: a line that unfolds to what it should sound like."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.composition import PlanSection
from app.domain.estimating import readable_length
from app.domain.parameter_spec import Range
from app.domain.plan_spec import PlanSpec
from app.ui import readouts
from app.ui.controls.field_row import FieldRow
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.controls.painting import fill_rounded
from app.ui.controls.slider_field import SliderField
from app.ui.controls.tall_field import TallField
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme
from app.ui.typed_values import parsed_length

_HEAD_PX, _LABEL_PX, _LINES_PX = 32, 58, 72
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def listed(text: str) -> tuple[str, ...]:
    """Styles as they are typed: one after the other, with commas."""
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


class PlanSectionRow(QWidget):
    """Shows a section and announces changes of it; its number is only for people."""

    edited = Signal()
    step_wanted = Signal(int)  # -1 up, 1 down
    remove_wanted = Signal()

    def __init__(self, theme: Theme, section: PlanSection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._number = 1
        self._allowed: Range | None = None
        self._problems: Mapping[str, str] = {}
        self._heading = _Heading(theme)
        self._up = IconButton(theme, "chevron-up", "Up", size=24, icon_size=14)
        self._down = IconButton(theme, "chevron-down", "Down", size=24, icon_size=14)
        self._remove = IconButton(theme, "x", "Remove", size=24, icon_size=14)
        self._name = TextField(theme, "Name", text=section.name)
        self._length = SliderField(
            theme,
            "Length",
            minimum=section.duration_s,
            maximum=section.duration_s,
            value=section.duration_s,
            format=readouts.elapsed,
            parse=parsed_length,
            field_width=58,
        )
        self._styles = TextField(theme, "Styles", text=", ".join(section.styles), placeholder="warm, plucked strings")
        self._avoided = TextField(theme, "Without", text=", ".join(section.avoided), placeholder="drums")
        self._lines = TallField(
            theme,
            "Lyrics, a line each",
            text="\n".join(section.lines),
            placeholder="Empty is instrumental",
            height=_LINES_PX,
        )
        rows = (
            ("name", "Name", self._name),
            ("duration", "Length", self._length),
            ("styles", "Styles", self._styles),
            ("avoided", "Without", self._avoided),
        )
        self._parts: dict[str, FieldRow | TallField] = {
            part: FieldRow(theme, label, field, label_width=_LABEL_PX) for part, label, field in rows
        }
        self._parts["lines"] = self._lines
        self._note = NoteLine(theme)
        self._head, self._inside = QHBoxLayout(), QWidget()
        self._fields, self._column = QVBoxLayout(self._inside), QVBoxLayout(self)
        self._lay_out()
        self._connect()
        self._refresh_sizes()
        self._refresh()

    def _lay_out(self) -> None:
        self._head.addWidget(self._heading, 1)
        for button in (self._up, self._down, self._remove):
            self._head.addWidget(button)
        for part in self._parts.values():
            self._fields.addWidget(part)
        self._column.addLayout(self._head)
        self._column.addWidget(self._note)
        self._column.addWidget(self._inside)
        self._inside.hide()
        self.setFocusProxy(self._heading)

    def _connect(self) -> None:
        self._heading.toggled.connect(self._inside.setVisible)
        self._heading.toggled.connect(lambda _is_open: self._refresh())
        for field in (self._name, self._styles, self._avoided):
            field.textEdited.connect(self._on_edit)
        self._length.changed.connect(self._on_edit)
        self._lines.edited.connect(self._on_edit)
        self._up.clicked.connect(lambda: self.step_wanted.emit(-1))
        self._down.clicked.connect(lambda: self.step_wanted.emit(1))
        self._remove.clicked.connect(self.remove_wanted)
        self._theme.changed.connect(self._refresh_sizes)

    def section(self) -> PlanSection:
        """What it shows now."""
        return PlanSection(
            self._name.text().strip(),
            round(self._length.value()),
            listed(self._styles.text()),
            listed(self._avoided.text()),
            tuple(line for line in (line.strip() for line in self._lines.text().splitlines()) if line),
        )

    def show_place(self, number: int, of: int, spec: PlanSpec) -> None:
        """Which section it is, and what it may be."""
        self._number = number
        allowed = spec.section_duration
        if allowed != self._allowed:  # else what was typed and can't be used would be lost
            self._allowed = allowed
            with QSignalBlocker(self._length):
                self._length.set_bounds(allowed.minimum, allowed.maximum, step=1, default=allowed.default)
        self._up.setEnabled(number > 1)
        self._down.setEnabled(number < of)
        name = f"section {number}"
        self._up.set_name(f"Move {name} up", "Up (Alt+Up)")
        self._down.set_name(f"Move {name} down", "Down (Alt+Down)")
        self._remove.set_name(f"Remove {name}", "Remove")
        fields = ((self._name, "name"), (self._styles, "styles"), (self._avoided, "without"), (self._length, "length"))
        for field, word in fields:
            field.setAccessibleName(f"Section {number}: {word}")
        self._lines.control.setAccessibleName(f"Section {number}: lyrics")
        self._refresh()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """What is wrong with its parts, each at its field; folded, the first of them below the heading."""
        self._problems = problems
        for part, row in self._parts.items():
            is_told = part == "duration" and self._length.error() is not None  # by the field itself
            row.set_error(None if is_told else problems.get(part))
        self._refresh()

    def typed_problem(self) -> str | None:
        """What was typed as a length and couldn't be taken."""
        return self._length.error()

    def set_open(self, wanted: bool) -> None:
        self._heading.setChecked(wanted)

    def focus_name(self) -> None:
        self.focus_part("name")
        self._name.selectAll()

    def focus_part(self, part: str) -> None:
        """Unfold, and go to a field."""
        self.set_open(True)
        self._parts[part].control.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.step_wanted.emit(step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        color = self._theme.color
        outline = color("err" if self._problems else "line")
        fill_rounded(QPainter(self), QRectF(self.rect()), self._theme.px(6), color("window"), outline)

    def _on_edit(self) -> None:
        self._refresh()
        self.edited.emit()

    def _refresh(self) -> None:
        section = self.section()
        is_open = self._heading.isChecked()
        problem = "" if is_open else next((self._problems[part] for part in self._parts if part in self._problems), "")
        self._heading.show_section(self._number, section, is_open=is_open, problem=problem)
        self._note.say(problem, NoteTone.PROBLEM)
        self.update()

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setSpacing(0)
        self._column.setContentsMargins(px(8), px(3), px(4), px(3))
        self._column.setSpacing(px(2))
        self._fields.setContentsMargins(0, 0, px(4), px(5))
        self._fields.setSpacing(px(2))


class _Heading(PaintedButton):
    """Chevron, number, name and length; pressed it unfolds."""

    def __init__(self, theme: Theme) -> None:
        self._name, self._length = "", ""
        super().__init__(theme, "", Shape(_HEAD_PX, 0, icon_size=14, font="small"))
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_section(self, number: int, section: PlanSection, *, is_open: bool, problem: str) -> None:
        self._name = section.name or "No name"
        self._length = readable_length(section.duration_s)
        place = f"Section {number}"
        name = section.name if section.name != place else ""  # it is called so until it gets a name of its own
        parts = (place, name, self._length, ", ".join(section.styles), problem)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setAccessibleDescription("Unfolded" if is_open else "Folded")
        self.update()

    def look(self, *, hovered: bool, pressed: bool) -> Look:  # noqa: ARG002 - a heading is always the same
        return Look("text")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()  # the row moves
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        side = px(14)
        name = "chevron-down" if self.isChecked() else "chevron-right"
        role = "text2" if self.underMouse() else "text3"
        picture = theme.pixmap(name, role, size=14, device_pixel_ratio=self.devicePixelRatioF())
        painter.drawPixmap(0, (self.height() - side) // 2, picture)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text3"))
        width = painter.fontMetrics().horizontalAdvance(self._length)
        painter.drawText(QRectF(self.width() - width - px(6), 0, width, self.height()), middle, self._length)
        left = side + px(6)
        room = QRectF(left, 0, self.width() - left - width - px(14), self.height())
        painter.setFont(theme.font("small", medium=True))
        painter.setPen(theme.color("text"))
        shown = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, middle, shown)
