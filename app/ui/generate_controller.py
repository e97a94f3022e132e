"""From the panels to the queue: the chosen model, its price, the check, the click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.draft import Draft
from app.domain.errors import Problem, RequestInvalid
from app.domain.model_spec import ModelSpec
from app.domain.request import GenerationRequest
from app.domain.task import Task
from app.engine.spending import SoFar, Spending
from app.engine.task_queue import TaskQueue
from app.storage.catalogue import Catalogue
from app.ui.background import Background
from app.ui.last_costs import LastCosts
from app.ui.request_column import RequestColumn
from app.ui.theme import Theme
from app.ui.toolbar import Toolbar

if TYPE_CHECKING:
    from app.ui.price_question import PriceQuestion


class GenerateController(QObject):
    """Keeps the toolbar in step with the draft, and starts tasks.

    Args:
        specs: The models to choose from, in the order of the list.
        catalogue: Knows also what is assumed of models that aren't listed.
        is_there: Whether there is a provider; servers of the user's own come and go.
        project: What new tasks are filed under; empty for none.
    """

    started = Signal(object)  # the first Task of a click
    refused = Signal(str)  # a problem that no field of the window shows
    field_wanted = Signal(str)  # the focus belongs there

    def __init__(
        self,
        theme: Theme,
        specs: Sequence[ModelSpec],
        catalogue: Catalogue,
        column: RequestColumn,
        toolbar: Toolbar,
        *,
        queue: TaskQueue,
        spending: Spending,
        last_costs: LastCosts,
        background: Background,
        is_there: Callable[[str], bool] = lambda _provider: True,
        project: Callable[[], str] = str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._specs = tuple(specs)
        self._catalogue = catalogue
        self._column = column
        self._toolbar = toolbar
        self._queue = queue
        self._spending = spending
        self._last_costs = last_costs
        self._background = background
        self._is_there = is_there
        self._project = project
        self._is_marked = False
        self._so_far: SoFar | None = None  # until the library is read
        self._accepted: set[tuple[str, str]] = set()  # models that may be asked without a known price
        self._question: PriceQuestion | None = None
        column.draft_changed.connect(self._on_draft)
        last_costs.changed.connect(self.refresh)
        toolbar.generate_wanted.connect(self.generate)
        toolbar.chooser.chosen.connect(self.choose)
        self.refresh()

    def choose(self, spec: ModelSpec) -> None:
        """Make this the model that is asked."""
        self._is_marked = False
        self._column.show_model(spec)
        self.refresh()

    def restore(self, draft: Draft, provider: str, model: str) -> None:
        """Take over the draft of the last start; a model that vanished leaves the chosen one."""
        self._is_marked = False
        self._column.show_request(self._spec(provider, model) or self._column.spec, draft)
        self.refresh()

    def reuse(self, task: Task) -> None:
        """The prompt and settings of an earlier task, back into the panels."""
        request = task.request
        if not isinstance(request, GenerationRequest):
            return  # a transcription has no place in these panels
        draft = self._column.draft.with_request(request, self._spec(request.provider, request.model))
        self.restore(draft, request.provider, request.model)
        self.field_wanted.emit("prompt")

    def generate(self) -> None:
        """Check the request at its fields; if nothing is wrong, one click is one submission."""
        from app.ui.price_question import why_to_ask  # late: see late_parts

        if self._question is not None:  # a screen reader presses buttons behind it, too
            self._question.activateWindow()
            return
        self._column.commit_typing()
        problems = self._column.problems()
        if problems:
            self._refuse(problems)
            return
        self._column.show_problems(())
        spec, request = self._column.spec, self._column.request()
        has_limit = self._spending.ceilings.is_any
        reason = why_to_ask(spec, self._spending.estimate(spec, request), has_limit=has_limit)
        if not reason or (not has_limit and (spec.provider, spec.id) in self._accepted):
            self._background.start(self._generate(request))
        else:
            self._ask(spec, request, reason)

    def _ask(self, spec: ModelSpec, request: GenerationRequest, reason: str) -> None:
        """Once a model; each time where there is a limit that can't be checked."""
        from app.ui.price_question import PriceQuestion  # late: see late_parts

        question = self._question = PriceQuestion(self._theme, spec, reason, self._column.window())
        question.accepted.connect(lambda: self._accept(question, spec, request))
        question.finished.connect(self._forget_question)
        question.open()

    def _forget_question(self) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None

    def _accept(self, question: PriceQuestion, spec: ModelSpec, request: GenerationRequest) -> None:
        """Once a question, however often its button is pressed before it is gone."""
        if question is not self._question:
            return
        self._accepted.add((spec.provider, spec.id))
        self._background.start(self._generate(request, accepts_unknown_price=True))

    def on_service(self, provider: str) -> None:
        """A server came or went; a model can't be asked without its server."""
        if not self._is_there(provider) and self._column.spec.provider == provider:
            self.choose(self._specs[0])

    def _spec(self, provider: str, model: str) -> ModelSpec | None:
        if not self._is_there(provider):
            return None
        try:
            return self._catalogue.spec(provider, model)
        except RequestInvalid:
            return None  # it vanished

    async def _generate(self, request: GenerationRequest, *, accepts_unknown_price: bool = False) -> None:
        try:
            tasks = await self._queue.add(request, project=self._project(), accept_unknown_price=accepts_unknown_price)
        except RequestInvalid as refused:
            self._refuse(refused.problems)
            return
        self.started.emit(tasks[0])

    def _refuse(self, problems: Sequence[Problem]) -> None:
        """Show every problem at its field, and go to the first."""
        self._is_marked = True
        homeless = self._column.show_problems(problems)
        if homeless:
            self.refused.emit(" ".join(problem.message for problem in homeless))
        first = next((problem for problem in problems if problem not in homeless), None)
        if first is not None:
            self.field_wanted.emit(first.field)

    def refresh(self) -> None:
        """Show what the next click would make and cost."""
        spec, draft = self._column.spec, self._column.draft
        self._toolbar.chooser.show_models(self._specs, spec)
        estimate = self._spending.estimate(spec, draft.request(spec))
        last_time = None if estimate.is_known else self._last_costs.of(spec)
        self._toolbar.show_request(spec, draft.takes_for(spec), estimate, last_time)
        self._toolbar.show_excess(None if self._so_far is None else self._spending.excess(estimate, self._so_far))

    def show_so_far(self, so_far: SoFar) -> None:
        """What was spent by now, for the limits; they may be others, too."""
        self._so_far = so_far
        self.refresh()

    def _on_draft(self) -> None:
        """A marked problem goes as soon as it is mended; nothing new is marked before the next click."""
        if self._is_marked:
            problems = self._column.problems()
            self._column.show_problems(problems)
            self._is_marked = bool(problems)
        self.refresh()
