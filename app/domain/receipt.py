"""Money: what a task is estimated at, what is reserved for it, and what it really cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

FREE = Decimal(0)


def dollars(amount: Decimal) -> str:
    """`$40`, `$0.50`, `$0.068`: whole dollars bare; a third digit only below one dollar and where it isn't 0."""
    if amount == amount.to_integral_value():
        return f"${amount:,.0f}"
    if amount < Decimal("0.001"):  # little is not nothing
        return f"${amount.normalize():f}"
    digits = f"{amount:,.3f}" if amount < 1 else f"{amount:,.2f}0"
    return f"${digits.removesuffix('0')}"


def exact_dollars(amount: Decimal) -> str:
    """`$0.40`, `$0.0237`, `$12.00`: exact, and with two digits at least."""
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents if cents == amount else amount.normalize():f}"


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent in some time, in US dollars.

    Attributes:
        billed: What services said it cost.
        held: The most that can still come of what they haven't told the cost of. Limits count it as well.
    """

    billed: Decimal = FREE
    held: Decimal = FREE

    @property
    def total(self) -> Decimal:
        return self.billed + self.held

    @property
    def in_words(self) -> str:
        """`$0.49 spent, $0.95 held`; what is nothing is left out."""
        parts = ((self.billed, "spent"), (self.held, "held"))
        return ", ".join(f"{dollars(amount)} {what}" for amount, what in parts if amount)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request should cost, in US dollars. None is unknown, which is not nothing.

    Attributes:
        expected: What it will most likely cost; shown on the button.
        most: What it can cost at the most; reservations and ceilings use this.
        basis: How it was worked out, in a few words for people.
    """

    expected: Decimal | None = None
    most: Decimal | None = None
    basis: str = ""

    def scaled(self, share: float) -> Estimate:
        """The estimate of a part of it; those of all parts are never more than the whole."""
        factor = Decimal(share).quantize(Decimal("0.000001"), ROUND_DOWN)
        expected = None if self.expected is None else self.expected * factor
        return Estimate(expected, None if self.most is None else self.most * factor, self.basis)

    @property
    def is_free(self) -> bool:
        return self.most == FREE

    @property
    def is_known(self) -> bool:
        return self.expected is not None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one attempt was estimated at, what is reserved for it, and what the service billed.

    Attributes:
        reserved: Held against the ceilings until the attempt is settled or released; None is unknown.
        billed: What the service says it cost; None while unknown.
        is_settled: Whether the reservation still counts.
    """

    estimate: Estimate
    reserved: Decimal | None = None
    billed: Decimal | None = None
    is_settled: bool = False
