"""What happens to the money of an attempt: reserved, settled, released."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.domain.receipt import FREE, Estimate, Receipt


def reserved(estimate: Estimate) -> Receipt:
    """Before anything leaves: the most that it can cost is held against the ceilings."""
    return Receipt(estimate, reserved=estimate.most)


def settled(receipt: Receipt, cost: Decimal | None) -> Receipt:
    """The attempt is over, and the service said what it cost.

    Where it doesn't say, the receipt stays as it is: the cost is unknown and the reservation goes on standing
    for it. Only what was free beforehand is known to be free.
    """
    if cost is not None and is_amount(cost):
        return replace(receipt, billed=cost, is_settled=True)
    if receipt.billed is None and receipt.estimate.is_free:
        return replace(receipt, billed=FREE, is_settled=True)
    return receipt


def free(receipt: Receipt) -> Receipt:
    """It cost nothing: the service provably took nothing and the attempt is over, or the user says so."""
    return replace(receipt, billed=FREE, is_settled=True)


def let_go(receipt: Receipt) -> Receipt:
    """Nothing is held for the attempt any more; what it cost isn't said.

    Either it didn't leave and will be sent later, with a new reservation; or the user decided about an outcome
    that nobody knows.
    """
    return replace(receipt, is_settled=True)


def held_again(receipt: Receipt) -> Receipt:
    """An attempt is taken up again: until it is settled, what it may have cost is held."""
    return receipt if receipt.billed is not None else replace(receipt, is_settled=False)


def cost_nothing(receipt: Receipt) -> bool:
    return receipt.is_settled and receipt.billed == FREE


def is_amount(cost: Decimal) -> bool:
    """Whether a service's word can be a cost at all."""
    return cost.is_finite() and cost >= FREE
