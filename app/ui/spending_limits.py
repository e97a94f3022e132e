"""The most that may be spent a day and a month."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.storage.settings import SpendingSettings
from app.ui.controls.button import Button
from app.ui.controls.label import Label
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme
from app.ui.typed_values import parsed_amount

_FIELD_PX = 84
_MOST_USD = 1_000_000  # as the settings take it
_HINT = "Checked before anything is sent. A model without a published price asks each time."
_PROBLEM = "Type an amount such as 40, or leave it empty for no limit."
_WHEN = {"day_usd": "a day", "month_usd": "a month"}
_TOO_MUCH = "Type at most $1,000,000, or leave it empty for no limit."


class SpendingLimits(QWidget):
    """`changed` carries the limits as soon as a field is left or Enter is pressed."""

    changed = Signal(object)  # SpendingSettings

    def __init__(self, theme: Theme, limits: SpendingSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._limits = limits
        self._heading = Label(theme, "Stop before spending more than", font="strong")
        self._fields = {
            "day_usd": TextField(theme, "Limit a day", placeholder="No limit", align_right=True, selects_on_click=True),
            "month_usd": TextField(
                theme, "Limit a month", placeholder="No limit", align_right=True, selects_on_click=True
            ),
        }
        self._note = NoteLine(theme)
        self._frees = {name: Button(theme, f"No limit {when}", size="row") for name, when in _WHEN.items()}
        self._problems = dict.fromkeys(self._fields, "")
        self._row, self._decisions, self._column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        self._lay_out()
        self._refresh_sizes()
        self._say()
        theme.changed.connect(self._refresh_sizes)
        for name, field in self._fields.items():
            self._show(name)
            field.editingFinished.connect(lambda name=name: self._take(name))
            self._frees[name].clicked.connect(lambda _=False, name=name: self._free(name))

    def focus_first(self) -> None:
        self._fields["day_usd"].setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self) -> bool:
        """Take over what is still being typed; False, with the focus there, if it can't be used."""
        taken = [self._take(name) for name in self._fields]  # each, so that every problem is marked
        return all(taken) or self._go_to_problem()

    def _go_to_problem(self) -> bool:
        wrong = next(name for name, problem in self._problems.items() if problem)
        self._fields[wrong].setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    def _take(self, name: str) -> bool:
        field = self._fields[name]
        text = field.text().strip()
        amount = parsed_amount(text)
        problem = _PROBLEM if text and amount is None else _TOO_MUCH if amount and amount > _MOST_USD else ""
        self._problems[name] = problem
        field.set_error(problem)
        self._say()
        if problem:
            return False
        if amount != getattr(self._limits, name):
            self._limits = self._limits.with_limit(name, amount)
            self._say()
            self.changed.emit(self._limits)
        self._show(name)
        return True

    def _free(self, name: str) -> None:
        """There is to be no limit where one couldn't be read."""
        self._problems[name] = ""
        self._fields[name].set_error("")
        self._fields[name].setFocus(Qt.FocusReason.OtherFocusReason)  # the button goes
        self._limits = self._limits.with_limit(name, None)
        self._say()
        self._show(name)
        self.changed.emit(self._limits)

    def _say(self) -> None:
        """The first problem there is, with a way out of it; else how the limits are used."""
        unreadable = [name for name in self._fields if name in self._limits.unreadable]
        problem = next(filter(None, self._problems.values()), _unreadable(unreadable) if unreadable else "")
        self._note.say(problem or _HINT, NoteTone.PROBLEM if problem else NoteTone.HINT)
        for name, button in self._frees.items():
            button.setVisible(name in unreadable)

    def _show(self, name: str) -> None:
        amount: Decimal | None = getattr(self._limits, name)
        self._fields[name].setText("" if amount is None else _amount_text(amount))
        self._fields[name].setPlaceholderText("Unknown" if name in self._limits.unreadable else "No limit")

    def _lay_out(self) -> None:
        self._row.addWidget(self._heading)
        self._row.addStretch(1)
        self._decisions.addStretch(1)
        for name, field in self._fields.items():
            self._row.addWidget(field)
            self._row.addWidget(Label(self._theme, _WHEN[name], font="small", role="text2"))
            self._decisions.addWidget(self._frees[name])
        self._column.addLayout(self._row)
        self._column.addWidget(self._note)
        self._column.addLayout(self._decisions)

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._row.setSpacing(px(10))
        self._decisions.setSpacing(px(10))
        self._column.setSpacing(px(6))
        self._column.setContentsMargins(0, px(12), 0, 0)
        for field in self._fields.values():
            field.setFixedWidth(px(_FIELD_PX))


def _unreadable(names: Sequence[str]) -> str:
    which, it = ("Both limits", "them") if len(names) > 1 else (f"The limit {_WHEN[names[0]]}", "it")
    choices = " or ".join(f"“No limit {_WHEN[name]}”" for name in names)
    return (
        f"{which} can’t be read from the settings, so nothing is sent that may cost money. Type {it} anew, or choose "
        f"{choices}."
    )


def _amount_text(amount: Decimal) -> str:
    """`$5.00`; a limit of less than a cent keeps its digits."""
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents:,}" if cents == amount else f"${amount:,f}"
