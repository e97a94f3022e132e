"""The most that may be spent a day and a month."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.storage.settings import SpendingSettings
from app.ui.controls.label import Label
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme
from app.ui.typed_values import parsed_amount

_FIELD_PX = 84
_MOST_USD = 1_000_000  # as the settings take it
_HINT = "Checked before anything is sent. A model without a published price asks each time."
_PROBLEM = "Type an amount such as 40, or leave it empty for no limit."
_UNREADABLE = "A limit can’t be read from the settings: type it anew. Until then nothing is sent that may cost money."
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
        self._problems = dict.fromkeys(self._fields, "")
        self._row, self._column = QHBoxLayout(), QVBoxLayout(self)
        self._lay_out()
        self._refresh_sizes()
        self._say()
        theme.changed.connect(self._refresh_sizes)
        for name, field in self._fields.items():
            self._show(name)
            field.editingFinished.connect(lambda name=name: self._take(name))

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

    def _say(self) -> None:
        """The first problem there is; else how the limits are used."""
        problem = next(filter(None, self._problems.values()), _UNREADABLE if self._limits.unreadable else "")
        self._note.say(problem or _HINT, NoteTone.PROBLEM if problem else NoteTone.HINT)

    def _show(self, name: str) -> None:
        amount: Decimal | None = getattr(self._limits, name)
        self._fields[name].setText("" if amount is None else _amount_text(amount))

    def _lay_out(self) -> None:
        self._row.addWidget(self._heading)
        self._row.addStretch(1)
        for field, words in zip(self._fields.values(), ("a day", "a month"), strict=True):
            self._row.addWidget(field)
            self._row.addWidget(Label(self._theme, words, font="small", role="text2"))
        self._column.addLayout(self._row)
        self._column.addWidget(self._note)

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._row.setSpacing(px(10))
        self._column.setSpacing(px(6))
        self._column.setContentsMargins(0, px(12), 0, 0)
        for field in self._fields.values():
            field.setFixedWidth(px(_FIELD_PX))


def _amount_text(amount: Decimal) -> str:
    """`$5.00`; a limit of less than a cent keeps its digits."""
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents:,}" if cents == amount else f"${amount:,f}"
