"""Estimates, reservations and ceilings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from app.domain.errors import SpendingCeilingReached
from app.domain.model_spec import ModelSpec
from app.domain.receipt import FREE, Estimate, Spent
from app.domain.request import GenerationRequest, TranscriptionRequest
from app.domain.task import Task
from app.engine.calendar_days import CalendarDays
from app.engine.changes import Changes
from app.engine.limits import LimitsWatch
from app.storage.ledger import UNCHECKABLE, Ceilings, Excess, Periods, excess_of, refuse_over
from app.storage.setting_values import SpendingSettings
from app.storage.task_store import TaskStore

_NEVER = datetime.max.replace(tzinfo=UTC)
_NOT_BILLED = Estimate(FREE, FREE, "Not billed: a server of your own")


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was spent up to now in the times that limits are for."""

    day: Spent
    month: Spent


@dataclass(frozen=True, slots=True)
class LastTime:
    """What a model cost when it was last asked.

    Attributes:
        takes: How many were asked for.
    """

    billed: Decimal
    takes: int


class Spending:
    """What things should cost, what was spent, and where it ends.

    Attributes:
        ceilings: The user's limits for a day and a month, in US dollars; may be replaced at any time.
        limits_changed: The limits that another process has set; `ceilings` are these already.

    Args:
        is_unbilled: Whether nothing is billed where a provider is reached now, such as a server on this computer.
        zone: Whose calendar days and months are counted in; the system's unless given.
        watch: Tells of limits that another process sets meanwhile.
    """

    def __init__(
        self,
        store: TaskStore,
        ceilings: Ceilings,
        now: Callable[[], datetime],
        *,
        is_unbilled: Callable[[str], bool] = lambda _provider: False,
        zone: tzinfo | None = None,
        watch: LimitsWatch | None = None,
    ) -> None:
        self._store = store
        self.ceilings = ceilings
        self._now = now
        self._is_unbilled = is_unbilled
        self._calendar = CalendarDays(zone)
        self._watch = watch
        self.limits_changed: Changes[SpendingSettings] = Changes() if watch is None else watch.changed
        self.limits_changed.listen(self._take_limits)

    def estimate(self, spec: ModelSpec, request: GenerationRequest) -> Estimate:
        """What a request should cost; one that is split into several tasks may be asked about whole or by its parts."""
        return _NOT_BILLED if self._is_unbilled(spec.provider) else spec.estimate(request)

    def estimate_transcription(self, spec: ModelSpec, request: TranscriptionRequest) -> Estimate:
        """What the transcription of a recording should cost."""
        return _NOT_BILLED if self._is_unbilled(spec.provider) else spec.estimate_transcription(request)

    async def so_far(self) -> SoFar:
        """What was spent today and this month."""
        periods = self.periods()
        return SoFar(
            await self._store.spent(periods.day_start, periods.day_end),
            await self._store.spent(periods.month_start, periods.month_end),
        )

    async def last_time(self, provider: str, model: str) -> LastTime | None:
        """What a model cost the last time; None where that isn't known."""
        task = await self._store.latest_billed(provider, model)
        return None if task is None or task.billed is None else LastTime(task.billed, task.request.takes)

    def excess(self, estimate: Estimate, so_far: SoFar) -> Excess | None:
        """How a click would pass the limit of the day or the month, as far as is known what it can cost."""
        if not estimate.most:
            return None
        today = excess_of("today", self.ceilings.day, so_far.day, estimate.most)
        return today or excess_of("this month", self.ceilings.month, so_far.month, estimate.most)

    async def refuse_over_ceilings(
        self, estimates: Sequence[Estimate], click_ceiling: Decimal | None, *, accepts_unknown_price: bool = False
    ) -> None:
        """Refuse a click before anything of it is queued.

        The last word has the reservation, when a task is sent: others may spend in between.

        Args:
            estimates: One a task.
            click_ceiling: The most that the whole click may cost.
            accepts_unknown_price: The user was asked whether it should go on without a known price.
        Raises:
            SpendingCeilingReached: a ceiling would be passed, or nobody knows whether it would.
        """
        await self._look_at_limits()
        ceilings = replace(self.ceilings, click=click_ceiling)
        if not ceilings.is_any:
            return
        most = [estimate.most for estimate in estimates]
        needed = sum((amount for amount in most if amount is not None), FREE)
        ceilings.refuse_if_unreadable(None if None in most else needed)
        if None in most and not accepts_unknown_price:
            raise SpendingCeilingReached(UNCHECKABLE, ceilings.settings)
        if needed == FREE:
            return
        refuse_over("for this request", ceilings.click, Spent(), needed)
        so_far = await self.so_far()
        refuse_over("today", ceilings.day, so_far.day, needed)
        refuse_over("this month", ceilings.month, so_far.month, needed)

    async def begin(self, task: Task) -> None:
        """Store a task that is about to be sent, together with its reservation, or refuse it.

        Raises:
            SpendingCeilingReached, StorageError: nothing was written.
        """
        assert task.attempt is not None
        await self._look_at_limits()
        self.ceilings.refuse_if_unreadable(task.attempt.receipt.reserved)
        # Of the moment in which it counts as sent: at midnight the clock may be a day further by now.
        periods = self.periods(task.attempt.sent_at)
        await self._store.begin(task, self.ceilings.day, self.ceilings.month, periods)

    async def _look_at_limits(self) -> None:
        if self._watch is not None:
            await self._watch.look()

    def _take_limits(self, limits: SpendingSettings) -> None:
        self.ceilings = Ceilings.of(limits)

    def periods(self, moment: datetime | None = None) -> Periods:
        """The day and the month of a moment, of now unless given, in the user's calendar; without an end.

        What bears a later time was sent while the clock was fast, and must not escape a limit by that.
        """
        return replace(self._calendar.periods(moment or self._now()), day_end=_NEVER, month_end=_NEVER)
