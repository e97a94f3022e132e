"""Limits that another process sets count from the next request on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import SpendingCeilingReached
from app.domain.receipt import Estimate, Spent
from app.domain.task import Task
from app.engine.limits import LimitsWatch
from app.engine.spending import Spending
from app.storage.ledger import Ceilings, Periods
from app.storage.limits_file import LimitsFile
from app.storage.setting_values import SpendingSettings
from app.storage.settings import SettingsStore
from tests.storage.making import queued, submitting

DIME = Estimate(None, Decimal("0.10"))


@dataclass
class Moment:
    """A clock that is moved by hand."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


class Ledger:
    """Knows of no spending, and notes the periods that an attempt is counted in."""

    periods: Periods

    async def spent(self, since: datetime, until: datetime) -> Spent:
        return Spent()

    async def begin(self, task: Task, day: Decimal | None, month: Decimal | None, periods: Periods) -> None:
        self.periods = periods


def spending(file: LimitsFile, clock: Moment) -> Spending:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    watch = LimitsWatch(file.news, monotonic=clock)
    return Spending(Ledger(), Ceilings(), lambda: now, watch=watch)  # type: ignore[arg-type]


async def test_a_limit_that_another_process_sets_stops_the_next_request(tmp_path: Path) -> None:
    clock, file = Moment(), LimitsFile(tmp_path / "settings.toml")
    ours, told = spending(file, clock), list[SpendingSettings]()
    ours.limits_changed.listen(told.append)
    await ours.refuse_over_ceilings([DIME], None)
    theirs = SettingsStore(tmp_path / "settings.toml")
    theirs.set("spending.day_usd", "0.05")

    clock.seconds += 1.0
    with pytest.raises(SpendingCeilingReached, match=r"limit of \$0\.05 today"):
        await ours.refuse_over_ceilings([DIME], None)
    theirs.set("spending.day_usd", "none")
    await ours.begin(submitting(queued()))  # within the same second: not looked at again
    assert ours.ceilings.day == Decimal("0.05")
    clock.seconds += 1.0
    await ours.begin(submitting(queued()))

    assert ours.ceilings == Ceilings()
    assert told == [SpendingSettings(Decimal("0.05")), SpendingSettings()]


async def test_a_limit_that_became_unreadable_stops_everything_that_may_cost(tmp_path: Path) -> None:
    clock, file = Moment(), LimitsFile(tmp_path / "settings.toml")
    ours = spending(file, clock)
    (tmp_path / "settings.toml").write_text("[spending]\nday_usd = 'a lot'\n")

    with pytest.raises(SpendingCeilingReached, match="can’t be read"):
        await ours.begin(submitting(queued()))


def test_a_file_that_nobody_wrote_is_no_news(tmp_path: Path) -> None:
    SettingsStore(tmp_path / "settings.toml").set("spending.day_usd", "5")
    file = LimitsFile(tmp_path / "settings.toml")

    assert file.news() is None
    SettingsStore(tmp_path / "settings.toml").set("spending.month_usd", "40")
    assert file.news() == SpendingSettings(Decimal(5), Decimal(40))
    assert file.news() is None


async def test_an_attempt_is_counted_on_the_day_on_which_it_was_sent() -> None:
    """Midnight may pass between the two."""
    ledger, midnight = Ledger(), datetime(2026, 3, 1, tzinfo=ZoneInfo("America/New_York"))
    after = midnight + timedelta(seconds=1)
    late = Spending(ledger, Ceilings(Decimal(5)), lambda: after, zone=ZoneInfo("America/New_York"))  # type: ignore[arg-type]
    task = submitting(queued())
    assert task.attempt is not None

    await late.begin(replace(task, attempt=replace(task.attempt, sent_at=midnight - timedelta(microseconds=1))))

    assert ledger.periods.day_start == midnight - timedelta(days=1)
    assert ledger.periods.month_start == datetime(2026, 2, 1, tzinfo=ZoneInfo("America/New_York"))
