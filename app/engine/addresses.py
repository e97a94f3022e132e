"""Where each service is reached now; the settings may name another address than the service's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from app.domain.service import Service


class Addresses:
    """Base URLs by provider id. May change while the app runs; what was sent stays with its own."""

    def __init__(self, services: Sequence[Service], chosen: Mapping[str, str] | None = None) -> None:
        self._own = {service.id: service.base_url for service in services}
        self._chosen = dict(chosen or {})

    def choose(self, chosen: Mapping[str, str]) -> None:
        """Take over the addresses of the settings; a provider that isn't named has its own again."""
        self._chosen = dict(chosen)

    def of(self, provider: str) -> str:
        """The base URL, without a slash at its end."""
        return self._chosen.get(provider) or self._own.get(provider, "")


def origin_of(base_url: str) -> str:
    """Scheme, host and port: what a key belongs to. The port is there only if it isn't the scheme's own."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = f":{parts.port}" if parts.port is not None and parts.port != usual else ""
    return f"{parts.scheme}://{shown}{port}"
