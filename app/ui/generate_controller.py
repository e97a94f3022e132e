"""From the panels to the queue: the chosen model, its price, the check, the click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.domain.draft import Draft
from app.domain.errors import AppError, RequestInvalid
from app.domain.model_spec import ModelSpec
from app.domain.task import Task
from app.engine.spending import Spending
from app.engine.task_queue import TaskQueue
from app.engine.voice_library import VoiceLibrary
from app.ui.background import Background
from app.ui.error_messages import error_text
from app.ui.request_column import RequestColumn
from app.ui.toolbar import Toolbar


class GenerateController(QObject):
    """Keeps the toolbar in step with the draft, and starts tasks."""

    started = Signal(object)  # the first Task of a click

    def __init__(
        self,
        specs: Sequence[ModelSpec],
        column: RequestColumn,
        toolbar: Toolbar,
        *,
        queue: TaskQueue,
        spending: Spending,
        voices: VoiceLibrary,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._specs = tuple(specs)
        self._column = column
        self._toolbar = toolbar
        self._queue = queue
        self._spending = spending
        self._voices = voices
        self._background = background
        self._voices_of: str | None = None
        column.draft_changed.connect(self._on_draft)
        column.voice.reload_wanted.connect(self._reload_voices)
        toolbar.generate_wanted.connect(self.generate)
        toolbar.chooser.chosen.connect(self.choose)
        self.refresh()

    def choose(self, spec: ModelSpec) -> None:
        """Make this the model that is asked."""
        self._column.show_model(spec)
        self.refresh()
        self.load_voices()

    def restore(self, draft: Draft, provider: str, model: str) -> None:
        """Take over the draft of the last start; a model that vanished leaves the chosen one."""
        spec = next((each for each in self._specs if (each.provider, each.id) == (provider, model)), None)
        self._column.show_draft(draft)
        self.choose(spec or self._column.spec)

    def reuse(self, task: Task) -> None:
        """The prompt and settings of an earlier task, back into the panels."""
        request = task.request
        self.restore(self._column.draft.with_request(request), request.provider, request.model)
        self._column.prompt.text.setFocus()

    def generate(self) -> None:
        """Check the request at its fields; if nothing is wrong, one click is one submission."""
        spec, request = self._column.spec, self._column.request()
        problems = spec.check(request)
        self._column.show_problems(problems)
        if not problems:
            self._background.start(self._generate())

    async def _generate(self) -> None:
        try:
            tasks = await self._queue.add(self._column.request())
        except RequestInvalid as refused:
            self._column.show_problems(refused.problems)
            return
        self.started.emit(tasks[0])

    def refresh(self) -> None:
        """Show what the next click would make and cost."""
        spec, draft = self._column.spec, self._column.draft
        self._toolbar.chooser.show_models(self._specs, spec)
        estimate = self._spending.estimate(spec, draft.request(spec))
        self._toolbar.show_request(spec, draft.takes_for(spec), estimate)

    def load_voices(self) -> None:
        """Show the voices of the chosen model, once a provider."""
        spec = self._column.spec
        if spec.has_voices and self._voices_of != spec.provider:
            self._voices_of = spec.provider
            self._background.start(self._load_voices(spec.provider))

    def _reload_voices(self) -> None:
        self._voices.forget(self._column.spec.provider)
        self._voices_of = None
        self.load_voices()

    async def _load_voices(self, provider: str) -> None:
        try:
            voices = await self._voices.voices(provider)
        except AppError as error:
            self._voices_of = None
            self._column.voice.show_trouble(error_text(error).text)
            return
        if self._column.spec.provider == provider:
            self._column.voice.show_voices(voices)

    def _on_draft(self) -> None:
        self._column.show_problems(())
        self.refresh()
