"""The way to the network with somebody who looks on: where requests went, and whether a key went with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from app.domain.base_url import is_loopback
from app.providers.network import Answer, Lane, Network, Outgoing
from app.providers.troubles import NeverLeft


@dataclass(frozen=True)
class Left:
    """A request that left."""

    url: str
    has_key: bool


class WatchedNetwork(Network):
    """Nothing leaves this computer, whatever the app would do.

    Args:
        keys: What is looked for in headers.
        hasty_s: No silence is borne for longer; for real time.
    Attributes:
        left: Every request since this was last emptied.
    """

    def __init__(self, keys: Collection[str], hasty_s: float | None = None) -> None:
        super().__init__()
        self.left: list[Left] = []
        self._keys = keys
        self._hasty_s = hasty_s
        self._route = ("", "")

    def reroute(self, address: str, stand_in: str) -> None:
        """What goes to a public address goes to loopback instead; an empty one changes nothing."""
        self._route = (address, stand_in)

    async def send(self, outgoing: Outgoing, lane: Lane) -> Answer:
        self.left.append(Left(outgoing.url, self._has_key(outgoing)))
        address, stand_in = self._route
        if address and outgoing.url.startswith(address):
            outgoing = replace(outgoing, url=stand_in + outgoing.url.removeprefix(address))
        if not is_loopback(urlsplit(outgoing.url).hostname or ""):
            raise NeverLeft("it isn’t on this computer")  # noted above: it would have left
        if self._hasty_s is not None:
            outgoing = replace(outgoing, read_timeout_s=min(outgoing.read_timeout_s, self._hasty_s))
        return await super().send(outgoing, lane)

    def _has_key(self, outgoing: Outgoing) -> bool:
        return any(key in value for key in self._keys for value in (outgoing.url, *outgoing.headers.values()))
