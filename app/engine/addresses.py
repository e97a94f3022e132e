"""Where each service is reached now; the settings may name another address than the service's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from app.domain.service import Service
from app.storage.setting_values import Settings

_USUAL_PORTS = {"https": 443, "http": 80}


def base_urls_of(settings: Settings) -> dict[str, str]:
    """The addresses that the user chose, by provider id."""
    return {name: each.base_url for name, each in settings.providers.items() if each.base_url is not None}


class Addresses:
    """Base URLs by provider id. May change while the app runs; what was sent stays with its own."""

    def __init__(self, services: Sequence[Service], chosen: Mapping[str, str] | None = None) -> None:
        self._own = {service.id: service.base_url for service in services}
        self._chosen = dict(chosen or {})

    def choose(self, chosen: Mapping[str, str]) -> None:
        """Take over the addresses of the settings; a provider that isn't named has its own again."""
        self._chosen = dict(chosen)

    def add(self, provider: str, base_url: str) -> None:
        """One more address, or another one."""
        self._chosen[provider] = base_url

    def remove(self, provider: str) -> None:
        """The provider has its own again, or none."""
        self._chosen.pop(provider, None)

    @property
    def chosen(self) -> Mapping[str, str]:
        """The addresses that the user chose, by provider id."""
        return dict(self._chosen)

    def of(self, provider: str) -> str:
        """The base URL, without a slash at its end; empty for one that has none yet."""
        return self._chosen.get(provider) or self.own(provider)

    def own(self, provider: str) -> str:
        """The service's own, whatever the settings say; empty where there is none."""
        return self._own.get(provider, "")


def origin_of(base_url: str) -> str:
    """Scheme, host and port: what a key belongs to. The port is there only if it isn't the scheme's own.

    Two spellings of one host, such as with and without a dot at its end, are two origins: a key is rather asked
    about once more than sent to the wrong place. Empty for an address without a host.
    """
    parts = urlsplit(base_url)
    host = parts.hostname
    if not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    is_usual = parts.port is None or parts.port == _USUAL_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{shown}" if is_usual else f"{parts.scheme}://{shown}:{parts.port}"
