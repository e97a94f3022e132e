"""What a service took money for, so that a test can say "one charge"."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal


class BalanceTooLow(Exception):
    """The balance, less what is reserved, does not cover the work."""


@dataclass(frozen=True)
class Charge:
    """Money taken. `task` is the service's id of the job, `item` the result it was taken for."""

    task: str
    item: str
    amount_usd: Decimal
    at_s: float


class Ledger:
    """An account. Accepted work reserves its price; what is finished is charged; what failed frees its reservation."""

    def __init__(self, balance_usd: Decimal) -> None:
        self._lock = threading.Lock()
        self.opening_balance_usd = balance_usd
        self.accepted: list[str] = []
        self.charges: list[Charge] = []
        self.on_charge: Callable[[Charge], None] | None = None
        self._reserved: dict[str, Decimal] = {}

    @property
    def total_usd(self) -> Decimal:
        return sum((charge.amount_usd for charge in self.charges), Decimal(0))

    @property
    def balance_usd(self) -> Decimal:
        return self.opening_balance_usd - self.total_usd

    @property
    def reserved_usd(self) -> Mapping[str, Decimal]:
        """By task: what accepted and unfinished work may still cost."""
        return dict(self._reserved)

    @property
    def tasks(self) -> set[str]:
        """Every job that was ever charged."""
        return {charge.task for charge in self.charges}

    def of(self, task: str) -> list[Charge]:
        return [charge for charge in self.charges if charge.task == task]

    def accept(self, task: str, price_usd: Decimal) -> None:
        """Reserve the price of a job.

        Raises:
            BalanceTooLow: nothing was reserved.
        """
        with self._lock:
            if self.balance_usd - sum(self._reserved.values(), Decimal(0)) < price_usd:
                raise BalanceTooLow(task)
            self.accepted.append(task)
            self._reserved[task] = price_usd

    def charge(self, task: str, item: str, amount_usd: Decimal, at_s: float) -> None:
        with self._lock:
            charge = Charge(task, item, amount_usd, at_s)
            self.charges.append(charge)
            self._reserved[task] = max(self._reserved.get(task, Decimal(0)) - amount_usd, Decimal(0))
        if self.on_charge is not None:
            self.on_charge(charge)

    def close(self, task: str) -> None:
        """The job has ended: what is left of its reservation is free again."""
        with self._lock:
            self._reserved.pop(task, None)
