"""What a service remembers about money, whatever becomes of its customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

PRICE = Decimal("0.05")


@dataclass(slots=True)
class Charges:
    """Every accepted submission, in the order in which they came."""

    accepted: list[tuple[UUID, bytes]] = field(default_factory=list)

    def charge(self, key: UUID, body: bytes) -> None:
        self.accepted.append((key, body))

    def of(self, body: bytes) -> int:
        """How many times the same body was charged."""
        return sum(charged == body for _, charged in self.accepted)

    def __len__(self) -> int:
        return len(self.accepted)
