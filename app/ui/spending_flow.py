"""From the month's spending in the toolbar to the ledger: reads it, keeps it true, and writes it as CSV."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import AppError
from app.engine.ledger_csv import export_csv
from app.engine.ledger_view import Days, Span
from app.engine.services import Services
from app.storage.ledger_entries import Grouping, LedgerEntry, Which
from app.ui.background import Background
from app.ui.error_messages import error_text
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.spending_dialog import SpendingDialog

_MOST_ENTRIES = 1_000
_LOOK_AGAIN_MS = 1_000
_REST_SHARE = 10  # a look that took long isn't repeated before ten times as long


class SpendingFlow(QObject):
    """One dialog at a time; a late answer to an earlier question is dropped.

    Args:
        service_name: What people call a provider.
    """

    limits_wanted = Signal()
    task_wanted = Signal(str)  # task id

    def __init__(
        self,
        theme: Theme,
        services: Services,
        service_name: Callable[[str], str],
        background: Background,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._services = services
        self._service_name = service_name
        self._background = background
        self._window = window
        self._dialog: SpendingDialog | None = None
        self._days: Days | Span = Span.THIS_MONTH
        self._asked = 0
        self._again = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._ask_again)
        self._stop = services.library.changed.listen(lambda _ids: self._on_changed())

    def close(self) -> None:
        self._stop()
        self._again.stop()

    def open(self) -> SpendingDialog:
        """The dialog; the one that is open already, if there is one."""
        from app.ui.spending_dialog import SpendingDialog  # late: see late_parts

        if self._dialog is None:
            ledger = self._services.ledger
            today = ledger.days_of(Span.TODAY).last
            assert today is not None
            dialog = SpendingDialog(self._theme, today, self._service_name, ledger.calendar.local, self._window)
            self._dialog = dialog
            dialog.wanted.connect(self._on_wanted)
            dialog.export_wanted.connect(self._choose_file)
            dialog.limits_wanted.connect(lambda: self._leave(self.limits_wanted.emit))
            dialog.task_wanted.connect(lambda task_id: self._leave(lambda: self.task_wanted.emit(task_id)))
            dialog.finished.connect(self._forget)
            dialog.ask()
            dialog.open()
        else:
            self._dialog.activateWindow()
        return self._dialog

    def _forget(self) -> None:
        self._dialog = None
        self._again.stop()

    def _leave(self, to: Callable[[], None]) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        to()

    # Reading

    def _on_wanted(self, days: Days | Span, by: str) -> None:
        self._days = days
        self._background.start(self._read(days, by))

    async def _read(self, days: Days | Span, by: str) -> None:
        from app.ui.spending_dialog import OPEN  # late: see late_parts

        self._asked += 1
        asked, began = self._asked, time.monotonic()
        span = self._span(days)
        ledger = self._services.ledger
        so_far = await self._services.spending.so_far()
        unknown = await ledger.unknown_today(), await ledger.unknown_this_month()
        if by == OPEN:
            entries = await self._open_entries(span)
            if (dialog := self._shown(asked)) is not None:
                dialog.show_entries(entries[:_MOST_ENTRIES], is_all=len(entries) <= _MOST_ENTRIES)
        else:
            table = await ledger.table(Grouping(by), span)
            if (dialog := self._shown(asked)) is not None:
                dialog.show_table(table)
        if (dialog := self._shown(asked)) is not None:
            dialog.show_so_far(so_far, self._services.spending.ceilings, unknown)
            self._again.setInterval(max(_LOOK_AGAIN_MS, int((time.monotonic() - began) * 1_000 * _REST_SHARE)))

    async def _open_entries(self, days: Days) -> list[LedgerEntry]:
        entries: list[LedgerEntry] = []
        async for portion in self._services.ledger.portions(days, Which.OPEN):
            entries += portion
            if len(entries) > _MOST_ENTRIES:
                break
        return entries

    def _shown(self, asked: int) -> SpendingDialog | None:
        return self._dialog if asked == self._asked else None

    def _span(self, days: Days | Span) -> Days:
        return self._services.ledger.days_of(days) if isinstance(days, Span) else days

    def _on_changed(self) -> None:
        if self._dialog is not None and not self._again.isActive():
            self._again.start()

    def _ask_again(self) -> None:
        if self._dialog is not None:
            self._background.start(self._read(self._days, self._dialog.grouping.value() or Grouping.DAY.value))

    # Writing

    def _choose_file(self) -> None:
        """Ask where to. Qt's own dialog, as everywhere: it asks before a file is replaced."""
        if self._dialog is None:
            return
        picker = QFileDialog(self._dialog, "Export CSV")
        picker.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        picker.setOption(QFileDialog.Option.DontUseNativeDialog)
        picker.setNameFilters(["CSV files (*.csv)", "All files (*)"])
        picker.setDefaultSuffix("csv")
        picker.setLabelText(QFileDialog.DialogLabel.Accept, "Export")
        picker.selectFile(_name_of(self._span(self._days)))
        picker.fileSelected.connect(lambda name: self._background.start(self._export(Path(name))))
        picker.finished.connect(picker.deleteLater)
        picker.open()

    async def _export(self, target: Path) -> None:
        try:
            await export_csv(self._services.ledger, self._span(self._days), target, replace=True)
        except AppError as error:
            self._tell(error_text(error).text, is_problem=True)
        else:
            self._tell(f"Written: {target.name}, a row a request.")

    def _tell(self, sentence: str, *, is_problem: bool = False) -> None:
        if self._dialog is not None:
            self._dialog.show_done(sentence, is_problem=is_problem)


def _name_of(days: Days) -> str:
    """`Spending 2026-11-01 to 2026-11-25.csv`."""
    ends = [day.isoformat() for day in (days.first, days.last) if day is not None]
    return " ".join(["Spending", " to ".join(dict.fromkeys(ends))]).strip() + ".csv"
