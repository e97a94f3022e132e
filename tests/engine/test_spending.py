"""What a click may cost, in the user's own days and months."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import SpendingCeilingReached
from app.domain.receipt import FREE, Estimate, Spent
from app.engine.spending import SoFar, Spending
from app.storage.ledger import Ceilings
from app.storage.settings import SpendingSettings


class Ledger:
    """A ledger with one sum in it."""

    def __init__(self, amount: str = "0") -> None:
        self.amount = Decimal(amount)

    async def spent(self, since: datetime, until: datetime) -> Spent:
        return Spent(self.amount)


def spending(ceilings: Ceilings, spent: str = "0", now: datetime = datetime(2026, 3, 1, tzinfo=UTC)) -> Spending:
    return Spending(Ledger(spent), ceilings, lambda: now, zone=ZoneInfo("America/New_York"))  # type: ignore[arg-type]


def of(amount: str | None) -> Estimate:
    return Estimate(None, Decimal(amount) if amount is not None else None)


async def test_what_ends_exactly_at_the_limit_is_allowed_and_a_cent_more_is_not() -> None:
    limited = spending(Ceilings(month=Decimal(40)), spent="39.95")

    await limited.refuse_over_ceilings([of("0.05")], None)
    with pytest.raises(SpendingCeilingReached, match=r"\$40 this month: \$39.95 spent, about \$0\.06 needed"):
        await limited.refuse_over_ceilings([of("0.06")], None)


async def test_how_a_limit_would_be_passed_is_known_beforehand_and_the_day_comes_first() -> None:
    limited = spending(Ceilings(day=Decimal(5), month=Decimal(40)), spent="4.95")
    so_far = await limited.so_far()

    assert limited.excess(of("0.05"), so_far) is None
    assert limited.excess(of(None), so_far) is None  # nobody knows: it is asked about
    assert limited.excess(of("0"), SoFar(Spent(Decimal(9)), Spent(Decimal(99)))) is None
    excess = limited.excess(of("36"), so_far)
    assert excess is not None
    assert (excess.limit, excess.figures) == (
        "This would pass your limit of $5 today",
        "$4.95 spent, about $36 needed",
    )


async def test_a_limit_for_the_click_counts_all_its_tasks() -> None:
    unlimited = spending(Ceilings())

    await unlimited.refuse_over_ceilings([of("0.5"), of("0.5")], Decimal(1))
    with pytest.raises(SpendingCeilingReached):
        await unlimited.refuse_over_ceilings([of("0.5"), of("0.6")], Decimal(1))


async def test_an_unknown_price_passes_no_limit_and_a_free_one_passes_any() -> None:
    limited = spending(Ceilings(day=Decimal(0)), spent="5")

    await limited.refuse_over_ceilings([Estimate(FREE, FREE)], Decimal(0))
    with pytest.raises(SpendingCeilingReached, match="isn’t known"):
        await limited.refuse_over_ceilings([of(None)], None)
    await spending(Ceilings()).refuse_over_ceilings([of(None)], None)


def test_days_and_months_are_the_users_own() -> None:
    late = spending(Ceilings(), now=datetime(2026, 4, 1, 3, 59, tzinfo=UTC))  # still March in New York

    periods = late.periods()

    assert periods.day_start == datetime(2026, 3, 31, 4, tzinfo=UTC)
    assert periods.month_start == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert periods.day_end == periods.month_end == datetime.max.replace(tzinfo=UTC)  # what a fast clock sent counts


async def test_nothing_that_may_cost_money_is_begun_while_a_limit_cannot_be_read():
    limited = spending(Ceilings.of(SpendingSettings(unreadable=("day_usd",))))

    for estimate in (of("0.01"), of(None)):
        with pytest.raises(SpendingCeilingReached, match="can’t be read") as caught:
            await limited.refuse_over_ceilings([estimate], None, accepts_unknown_price=True)
        assert caught.value.settings == ("spending.day_usd",)
    await limited.refuse_over_ceilings([of("0")], None)
