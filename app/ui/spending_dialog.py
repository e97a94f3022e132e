"""The ledger: what was spent in some time, by day, service or project, what is still open, and the limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.receipt import Spent, dollars
from app.engine.ledger_view import Days, LedgerTable, Span
from app.engine.spending import SoFar
from app.storage.ledger import Ceilings
from app.storage.ledger_entries import Grouping, LedgerEntry, Sum
from app.ui import readouts
from app.ui.controls.button import Button
from app.ui.controls.label import Label
from app.ui.controls.link import LinkButton
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.painting import fill_rounded
from app.ui.controls.segmented import SegmentedControl
from app.ui.controls.text_field import TextField
from app.ui.dialog import Dialog
from app.ui.empty_well import EmptyWell
from app.ui.item_models.ledger import (
    ENTRY_HEADINGS,
    LedgerItemModel,
    headings_of,
    rows_of_entries,
    rows_of_table,
)
from app.ui.ledger_table import LedgerTable as TableView
from app.ui.theme import Theme

WIDTH_PX = 860
_LIST_PX, _LEAST_LIST_PX, _BESIDES_LIST_PX = 330, 90, 340
_DATE_PX = 96
_CHOSEN, OPEN = "chosen", "open"
_SPANS = (
    (Span.TODAY.value, "Today"),
    (Span.THIS_MONTH.value, "This month"),
    (Span.LAST_MONTH.value, "Last month"),
    (Span.ALL.value, "All"),
    (_CHOSEN, "Dates"),
)
_GROUPINGS = (
    (Grouping.DAY.value, "By day"),
    (Grouping.SERVICE.value, "By service"),
    (Grouping.PROJECT.value, "By project"),
    (OPEN, "Held or unknown"),
)
_BAD_DATE = "Type dates such as 2026-11-01, the first one not after the last."
_FREE = "Sounds of the built-in generator are free; they are counted as well."


class SpendingDialog(Dialog):
    """Announces what is wanted and shows what it is given.

    Args:
        today: In the user's calendar.
        service_name: What people call a provider.
        local: A moment as the user's clocks show it.
    """

    wanted = Signal(object, str)  # Days, or a Span by its name; what one line stands for: a Grouping, or OPEN
    export_wanted = Signal()
    limits_wanted = Signal()
    task_wanted = Signal(str)  # task id

    def __init__(
        self,
        theme: Theme,
        today: date,
        service_name: Callable[[str], str],
        local: Callable[[datetime], datetime],
        parent: QWidget,
    ) -> None:
        super().__init__(
            theme,
            "Spending",
            subtitle="In US dollars, as the services told. A task counts on the day on which it was sent.",
            width=WIDTH_PX,
            parent=parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._service_name, self._local = service_name, local
        self.spans = SegmentedControl(theme, "Time", _SPANS, fits_words=True)
        self.spans.set_value(Span.THIS_MONTH.value)
        self.grouping = SegmentedControl(theme, "A line for each", _GROUPINGS, fits_words=True)
        self.grouping.set_value(Grouping.DAY.value)
        self.first = TextField(theme, "From", text=today.replace(day=1).isoformat(), selects_on_click=True)
        self.last = TextField(theme, "To", text=today.isoformat(), selects_on_click=True)
        self._dates = QWidget()
        self.note = NoteLine(theme)
        self.summary = Label(theme, font="strong", elide=True)
        self.items = LedgerItemModel(self)
        self.table = TableView(theme, self.items)
        self._empty = EmptyWell(theme)
        self._frame, self._stack = _Well(theme), QStackedWidget()
        self._today = _Limit(theme, "Today")
        self._month = _Limit(theme, "This month")
        self._limits = LinkButton(theme, "Change limits")
        self._to_task = Button(theme, "Show the task", size="dialog")
        self.export = Button(theme, "Export CSV", size="dialog")
        self._rows = [QHBoxLayout() for _ in range(3)]
        self._dates_row = QHBoxLayout(self._dates)
        self._lay_out()
        self._connect()
        self._show_note("")
        self._dates.hide()
        self._to_task.hide()
        self._refresh_sizes()
        close = self.add_button("Close", safe=True)
        close.clicked.connect(self.reject)
        close.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is asked

    def ask(self) -> None:
        """Announce what is chosen now, unless the dates can't be used."""
        span = self.spans.value() or Span.THIS_MONTH.value
        self._dates.setVisible(span == _CHOSEN)
        days: object = Span(span) if span != _CHOSEN else self._chosen()
        if days is None:
            self._show_note(_BAD_DATE, NoteTone.PROBLEM)
            return
        self._show_note(_FREE if self.grouping.value() != OPEN else "")
        self.wanted.emit(days, self.grouping.value() or Grouping.DAY.value)

    def _chosen(self) -> Days | None:
        """The typed dates; None, with the fields marked, where they are none."""
        dates: list[date | None] = []
        for field in (self.first, self.last):
            try:
                dates.append(date.fromisoformat(field.text().strip()))
            except ValueError:
                dates.append(None)
            field.set_error(dates[-1] is None)
        first, last = dates
        if first is None or last is None:
            return None
        self.last.set_error(last < first)
        return Days(first, last) if first <= last else None

    # What is shown

    def show_table(self, table: LedgerTable) -> None:
        """Sums by what was asked for."""
        self.items.show(headings_of(table.grouping), rows_of_table(table, self._service_name))
        self._show(summary_of(table.total), f"Nothing was spent {self._when()}.")

    def show_entries(self, entries: Sequence[LedgerEntry], *, is_all: bool) -> None:
        """Attempts that money is held for, or that nobody told the cost of."""
        self.items.show(ENTRY_HEADINGS, rows_of_entries(entries, self._service_name, self._local))
        more = "" if is_all else ", the oldest of them"
        words = readouts.counted(len(entries), "request") + (" is" if len(entries) == 1 else " are")
        self._show(f"{words} not settled{more}.", f"Nothing is held and no cost is unknown {self._when()}.")

    def show_so_far(self, so_far: SoFar, ceilings: Ceilings, unknown: tuple[int, int]) -> None:
        """How near the limits are.

        Args:
            unknown: How many tasks of today and of this month are over without anybody telling what they cost.
        """
        self._today.show_spent(so_far.day, ceilings.day, unknown[0])
        self._month.show_spent(so_far.month, ceilings.month, unknown[1])
        self._limits.setText("Change limits" if ceilings.day or ceilings.month else "Set a limit")

    def show_done(self, sentence: str, *, is_problem: bool = False) -> None:
        """What became of an export."""
        self._show_note(sentence, NoteTone.PROBLEM if is_problem else NoteTone.HINT)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a date shows its days; it presses nothing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    # Inside

    def _show(self, summary: str, nothing: str) -> None:
        has_rows = bool(self.items.rows)
        self.summary.setText(summary if has_rows else "")
        self._empty.show_text(nothing)
        self._stack.setCurrentWidget(self.table if has_rows else self._empty)
        self._on_row()

    def _show_note(self, text: str, tone: NoteTone = NoteTone.HINT) -> None:
        self.note.say(text, tone)

    def _when(self) -> str:
        return {
            Span.TODAY.value: "today",
            Span.THIS_MONTH.value: "this month",
            Span.LAST_MONTH.value: "last month",
            Span.ALL.value: "yet",
        }.get(self.spans.value() or "", "in these days")

    def _on_row(self) -> None:
        self._to_task.setVisible(self.grouping.value() == OPEN and bool(self.items.rows))
        self._to_task.setEnabled(bool(self.table.chosen_task()))

    def _lay_out(self) -> None:
        choices, dates, limits = self._rows
        choices.addWidget(self.spans)
        choices.addStretch(1)
        choices.addWidget(self.grouping)
        for field, words in ((self.first, "From"), (self.last, "to")):
            self._dates_row.addWidget(Label(self._theme, words, font="small", role="text2"))
            self._dates_row.addWidget(field)
        self._dates_row.addStretch(1)
        dates.addWidget(self.summary, 1)
        limits.addWidget(self._today)
        limits.addWidget(self._month)
        limits.addStretch(1)
        limits.addWidget(self._limits)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.addWidget(self._stack)
        self.body.addLayout(choices)
        self.body.addWidget(self._dates)
        self.body.addLayout(dates)
        self.body.addWidget(self._frame, 1)
        self.body.addWidget(self.note)
        self.body.addLayout(limits)
        self._footer_buttons.addWidget(self._to_task)
        self._footer_buttons.addWidget(self.export)

    def _connect(self) -> None:
        self.spans.changed.connect(lambda _key: self.ask())
        self.grouping.changed.connect(lambda _key: self.ask())
        self.first.editingFinished.connect(self._on_date)
        self.last.editingFinished.connect(self._on_date)
        self.export.clicked.connect(self.export_wanted)
        self._limits.clicked.connect(self.limits_wanted)
        self._to_task.clicked.connect(lambda: self.task_wanted.emit(self.table.chosen_task()))
        self.table.task_wanted.connect(self.task_wanted)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._on_row())
        self._theme.changed.connect(self._refresh_sizes)

    def _on_date(self) -> None:
        if self.spans.value() == _CHOSEN:
            self.ask()

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self.body.setSpacing(px(10))
        for row in (*self._rows, self._dates_row):
            row.setSpacing(px(10))
        self._rows[2].setSpacing(px(20))
        self._dates_row.setContentsMargins(0, 0, 0, 0)
        self._stack.setMinimumHeight(px(_LEAST_LIST_PX) - 4)
        room = self.screen().availableGeometry()
        is_narrow = room.width() < px(WIDTH_PX)
        self._rows[0].setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)
        self._frame.setMinimumHeight(min(px(_LIST_PX), max(px(_LEAST_LIST_PX), room.height() - px(_BESIDES_LIST_PX))))
        for field in (self.first, self.last):
            field.setFixedWidth(px(_DATE_PX))


class _Well(QWidget):
    """What the table lies in."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        color = self._theme.color
        fill_rounded(QPainter(self), QRectF(self.rect()), self._theme.px(6), color("window"), color("line_field"))


class _Limit(Label):
    """`Today $2.28 of $5, $0.95 held`, `This month unknown`."""

    def __init__(self, theme: Theme, when: str) -> None:
        super().__init__(theme, font="small", role="text2")
        self._when = when

    def show_spent(self, spent: Spent, ceiling: Decimal | None, unknown: int) -> None:
        amount = readouts.UNKNOWN if unknown and not spent.billed else dollars(spent.billed)
        limit = "" if ceiling is None else f" of {readouts.rounded(ceiling)}"
        held = f", {dollars(spent.held)} held" if spent.held else ""
        self.setText(f"{self._when} {amount}{limit}{held}")
        self.set_role("warn" if ceiling is not None and spent.total >= ceiling else "text2")


def summary_of(total: Sum) -> str:
    """`$43.59 billed, $12.03 held, 127 tasks, 23 of unknown cost`; `Cost unknown, 41 tasks`."""
    is_all = total.unknown == total.tasks
    billed = "Cost unknown" if total.billed is None else f"{dollars(total.billed)} billed"
    held = f"{dollars(total.held)} held" if total.held else ""
    unknown = f"{total.unknown:,} of unknown cost" if total.unknown and not (total.billed is None and is_all) else ""
    return ", ".join(part for part in (billed, held, readouts.counted(total.tasks, "task"), unknown) if part)
