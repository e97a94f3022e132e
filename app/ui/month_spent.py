"""What this month cost, kept true in the toolbar and for the limits before each click."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QObject, QTimer

from app.domain.task import Task, TaskState
from app.engine.ledger_view import LedgerView
from app.engine.spending import SoFar, Spending
from app.ui.background import Background
from app.ui.toolbar import Toolbar

_GATHER_MS = 250  # what tasks cost is added up once for all that end together


class MonthSpent(QObject):
    """Adds up anew whenever money is held, given back or billed.

    Args:
        ceiling: The user's limit for a month, in US dollars; None without one.
        tell: Gets what was spent, to see which click would pass a limit.
    """

    def __init__(
        self,
        toolbar: Toolbar,
        spending: Spending,
        ledger: LedgerView,
        ceiling: Callable[[], Decimal | None],
        tell: Callable[[SoFar], None],
        background: Background,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._toolbar = toolbar
        self._spending = spending
        self._ledger = ledger
        self._ceiling = ceiling
        self._tell = tell
        self._background = background
        self._soon = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._soon.timeout.connect(self.start)

    def close(self) -> None:
        self._soon.stop()

    def start(self) -> None:
        """Show it now."""
        self._background.start(self.show())

    def look_soon(self) -> None:
        """Something of it has changed."""
        self._soon.start()

    def on_task(self, task: Task) -> None:
        """What is sent has its money held; what is over gives it back, or turns it into a bill."""
        if task.state is TaskState.SUBMITTING or not task.state.is_open:
            self.look_soon()

    async def show(self) -> None:
        """Add up and show it.

        Raises:
            StorageError: The library can't be read.
        """
        so_far = await self._spending.so_far()
        unknown = await self._ledger.unknown_this_month()
        month = datetime.now().astimezone().strftime("%B")
        self._toolbar.show_spent(month, so_far.month, self._ceiling(), unknown=unknown)
        self._tell(so_far)
