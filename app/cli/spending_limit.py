"""`--max-cost`: the most that a request may cost, checked before anything is queued."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from app.domain.errors import Problem, RequestInvalid, SpendingCeilingReached
from app.domain.receipt import Estimate


def ceiling_of(text: str | None) -> Decimal | None:
    """The amount in US dollars, or None where no limit is given.

    Raises:
        RequestInvalid: It is no amount.
    """
    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        message = f"The most that it may cost must be dollars, such as 0.50; it is {text}."
        raise RequestInvalid([Problem("max_cost", message)])
    return amount


def check_ceiling(estimate: Estimate, ceiling: Decimal | None) -> None:
    """Refuse what may cost more than is allowed.

    Raises:
        SpendingCeilingReached: It may cost more, or nobody knows how much.
    """
    if ceiling is None:
        return
    if estimate.most is None:
        raise SpendingCeilingReached(
            f"What this costs at the most is unknown ({estimate.basis or 'No published price'}),"
            f" so it can’t be kept under --max-cost {ceiling}. Nothing was sent."
        )
    if estimate.most > ceiling:
        raise SpendingCeilingReached(
            f"This may cost ${estimate.most:f}, more than --max-cost {ceiling:f}. Nothing was sent."
        )
