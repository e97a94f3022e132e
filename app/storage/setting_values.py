"""What the user decided, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from app.domain.export_settings import ExportSettings


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """What is set for one service; None leaves it to the service's own advice.

    Attributes:
        base_url: Another address than the service's own.
        poll_interval_s: The first wait between two questions about a job.
        concurrency: How many of its tasks run at once.
        per_minute: How many tasks are sent to it in a minute at the most.
    """

    base_url: str | None = None
    poll_interval_s: float | None = None
    concurrency: int | None = None
    per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """
    Attributes:
        patience_s: How long an unreachable service is tried before a command gives up waiting.
    """

    patience_s: float = 120.0


@dataclass(frozen=True, slots=True)
class SpendingSettings:
    """The most that may be spent, in US dollars; None is without a limit.

    Attributes:
        unreadable: Names of the limits of which the file may hold one that can't be read.
    """

    day_usd: Decimal | None = None
    month_usd: Decimal | None = None
    unreadable: tuple[str, ...] = ()

    def with_limit(self, name: str, amount: Decimal | None) -> SpendingSettings:
        """With one limit decided."""
        return replace(self, **{name: amount}, unreadable=tuple(each for each in self.unreadable if each != name))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the user decided.

    Attributes:
        theme: `system`, `dark` or `light`.
        text_scale: 1.0 is the size of the design.
        output_device: `HOST API/NAME`; None is the system's own.
        volume_db: Of the preview; minus infinity is silent.
        match_loudness: Whether all takes of a task are played as loud as the quietest one.
        providers: By provider id; services without a setting are absent.
        export: What was last chosen there.
        clips_folder: Where files go that are dragged or copied out of the window; None is the usual place.
    """

    theme: str = "system"
    text_scale: float = 1.0
    reduce_motion: bool = False
    output_device: str | None = None
    volume_db: float = 0.0
    match_loudness: bool = False
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    spending: SpendingSettings = field(default_factory=SpendingSettings)
    export: ExportSettings = field(default_factory=ExportSettings)
    clips_folder: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "providers", MappingProxyType(dict(self.providers)))
