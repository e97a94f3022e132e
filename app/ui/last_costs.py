"""What models without a published price cost the last time, read off the GUI thread."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, Signal

from app.domain.model_spec import ModelSpec
from app.domain.task import Task
from app.engine.spending import LastTime
from app.ui.background import Background


class LastCosts(QObject):
    """Remembers what was read until a task of the model ends.

    Args:
        read: Finds the latest task of a provider's model whose cost is known.
    """

    changed = Signal()  # something was read

    def __init__(
        self,
        read: Callable[[str, str], Awaitable[LastTime | None]],
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._background = background
        self._known: dict[tuple[str, str], LastTime | None] = {}
        self._is_open = False

    def start(self) -> None:
        """The library is open: from now on it can be asked."""
        self._is_open = True
        self.changed.emit()

    def of(self, spec: ModelSpec) -> LastTime | None:
        """What is known by now; what isn't known yet is read, and `changed` tells."""
        key = spec.provider, spec.id
        if spec.price is None and self._is_open and key not in self._known:
            self._known[key] = None
            self._look(*key)
        return self._known.get(key)

    def on_task(self, task: Task) -> None:
        """A task of a model that was asked about may have ended with a bill."""
        key = task.request.provider, task.request.model
        if key in self._known and not task.state.is_open:
            self._look(*key)

    def _look(self, provider: str, model: str) -> None:
        self._background.start(self._find(provider, model))

    async def _find(self, provider: str, model: str) -> None:
        found = await self._read(provider, model)
        if found != self._known[provider, model]:
            self._known[provider, model] = found
            self.changed.emit()
