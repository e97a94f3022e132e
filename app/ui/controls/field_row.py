"""A labelled control with room for what is wrong with it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.controls.label import Label
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.optional_number_field import OptionalNumberField
from app.ui.controls.slider_field import SliderField
from app.ui.controls.stepper import Stepper
from app.ui.theme import Theme

_GAP = 10


class FieldRow(QWidget):
    """The label at the left, the control beside it, a problem or a hint below or behind it.

    A problem is an icon, the words what to do and a colour, in this order; it hides the hint while it lasts.

    Args:
        hint: Quiet words: behind a control that does not stretch, else below it.
        trailing: A small widget behind the control.
        stretch: The control takes all the room there is.
    """

    def __init__(
        self,
        theme: Theme,
        label: str,
        control: QWidget,
        *,
        hint: str = "",
        trailing: QWidget | None = None,
        stretch: bool = True,
        label_width: float = 78,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stretch = stretch
        self._label_width = label_width
        self._hint_text = hint
        self._outside_problem = ""
        self._own_problem = ""
        self.control = control
        self._label = Label(theme, label, font="label", role="text2", elide=True)
        self._label.setBuddy(control)
        self._beside = Label(theme, "", font="small", role="text3", elide=True)
        self._below = NoteLine(theme)
        self._row = QHBoxLayout()
        self._row.addWidget(self._label)
        self._row.addWidget(control, 1 if stretch else 0)
        if trailing is not None:
            self._row.addWidget(trailing)
        if not stretch:
            self._row.addWidget(self._beside, 1)
        self._line = QHBoxLayout()
        self._line.addWidget(self._below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addLayout(self._line)
        if isinstance(control, SliderField | OptionalNumberField):
            control.error_changed.connect(self._on_own_problem)
        elif isinstance(control, Stepper):
            control.clamped.connect(self._on_own_problem)
            control.changed.connect(lambda _value: self._on_own_problem(""))
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def set_label(self, text: str) -> None:
        """Other words for what is asked."""
        self._label.setText(text)

    def set_hint(self, text: str) -> None:
        """Quiet words; empty for none."""
        self._hint_text = text
        self._refresh()

    def set_error(self, problem: str | None) -> None:
        """Say what is wrong and what to do, at the field; None when all is well."""
        self._outside_problem = problem or ""
        mark = getattr(self.control, "set_error", None)
        if callable(mark):
            mark(problem)
        self._refresh()

    def error(self) -> str | None:
        """What is wrong, from outside or with what was typed."""
        return self._own_problem or self._outside_problem or None

    def _on_own_problem(self, problem: str) -> None:
        self._own_problem = problem
        self._refresh()

    def _refresh(self) -> None:
        problem = self.error()
        beside = "" if self._stretch else self._hint_text
        below = problem or (self._hint_text if self._stretch else "")
        self._beside.setText(beside)
        self._beside.setVisible(not self._stretch)
        self._below.say(below, NoteTone.PROBLEM if problem else NoteTone.HINT)
        px = self._theme.px
        left = self._label.width() + px(_GAP)
        self._line.setContentsMargins(left, 0, 0, px(4) if below else 0)

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        self._label.setFixedWidth(px(self._label_width))
        self._row.setSpacing(px(_GAP))
        self._row.setContentsMargins(0, px(2), 0, px(2))
        self._refresh()
