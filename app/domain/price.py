"""What a model costs, as its service publishes it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.receipt import exact_dollars


class PriceUnit(StrEnum):
    """What a price is counted in."""

    SECOND = "second"
    MINUTE = "minute"
    CHARACTER = "character"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Price:
    """A published price in US dollars.

    Attributes:
        amount: For one unit; zero is free.
        read_on: ISO date on which it was read.
        source: Where it was published.
    """

    amount: Decimal
    unit: PriceUnit
    read_on: str = ""
    source: str = ""

    @property
    def in_words(self) -> str:
        """`$0.40 a minute`, `free`."""
        return f"{exact_dollars(self.amount)} a {self.unit}" if self.amount else "free"
