"""Everyone who can be asked for audio: the services that Cuesmith knows, and servers of the user's own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from app.domain.base_url import base_url as usable
from app.domain.errors import Problem, RequestInvalid, SettingsError, StorageError
from app.domain.late_values import LateValues
from app.domain.provider import AudioProvider
from app.domain.service import Service
from app.engine.addresses import Addresses
from app.engine.changes import Changes
from app.engine.keys import Keys
from app.storage.settings import SettingsStore

_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_PROFILE = "openai:"

MakeServer = Callable[[str], tuple[Service, AudioProvider]]
"""From the id of a server of one's own to what is known of it, and the way to it."""


class Roster:
    """Services and their providers. Servers of one's own come and go while the app runs.

    Attributes:
        providers: By their ids; shows additions and removals.
        changed: Ids of servers that were added or removed.
    """

    def __init__(
        self,
        services: Sequence[Service],
        providers: Mapping[str, AudioProvider],
        *,
        addresses: Addresses,
        keys: Keys,
        settings: SettingsStore,
        make_server: MakeServer,
    ) -> None:
        self._services = list(services)
        self._providers = LateValues({name: partial(providers.__getitem__, name) for name in providers})
        self._addresses = addresses
        self._keys = keys
        self._settings = settings
        self._make_server = make_server
        self.providers: Mapping[str, AudioProvider] = MappingProxyType(self._providers)
        self.changed: Changes[str] = Changes()

    @property
    def services(self) -> tuple[Service, ...]:
        """In the order of the lists; servers of one's own come last."""
        return tuple(self._services)

    @staticmethod
    def is_own(provider: str) -> bool:
        """Whether it is a server of the user's own."""
        return provider.startswith(_PROFILE)

    def is_unbilled(self, provider: str) -> bool:
        """Whether a service is reached where nobody sends a bill, such as a server on this computer."""
        if not self._addresses.of(provider):  # the embedded generator: its models say themselves that they are free
            return False
        known = self._providers.get(provider)
        return known is not None and known.recovery.is_unbilled

    async def add_server(self, name: str, base_url: str) -> Service:
        """Set up a server that speaks OpenAI's language, at once and for good.

        Raises:
            RequestInvalid: At `name` or `base_url`.
            SettingsError, StorageError: The settings can't be read or written; nothing has changed.
        """
        provider_id, address = self._checked(name, base_url)
        service, provider = self._make_server(provider_id)
        self._services.append(service)
        self._providers[provider_id] = provider
        self._addresses.add(provider_id, address)
        self._keys.know(service)
        self.changed.announce(provider_id)  # first: settings that are saved meanwhile must have it
        try:
            await asyncio.to_thread(self._settings.set, _key(provider_id), address)
        except (SettingsError, StorageError):
            self._forget(provider_id)
            raise
        return service

    async def remove_server(self, provider_id: str) -> None:
        """Forget a server of one's own, with its key. Tasks that it made stay in the library.

        Raises:
            RequestInvalid: It is none.
            SettingsError, StorageError: The settings can't be read or written; it comes back at the next start.
            KeychainError: Its key can't be removed; it is still there.
        """
        if not self.is_own(provider_id) or provider_id not in self._providers:
            raise RequestInvalid([Problem("provider", f"{provider_id} is no server of your own.")])
        if await self._keys.info(provider_id) is not None:
            await self._keys.delete(provider_id)
        self._forget(provider_id)
        await asyncio.to_thread(self._settings.set, _key(provider_id), "none")

    def _forget(self, provider_id: str) -> None:
        self._services = [service for service in self._services if service.id != provider_id]
        self._providers.pop(provider_id, None)
        self._addresses.remove(provider_id)
        self.changed.announce(provider_id)

    def _checked(self, name: str, base_url: str) -> tuple[str, str]:
        problems: list[Problem] = []
        address = ""
        provider_id = f"{_PROFILE}{name.strip()}"
        if not _NAME.fullmatch(name.strip()):
            problems.append(Problem("name", "The name may have up to 40 letters, digits, “-” and “_”, such as kokoro."))
        elif provider_id in self._providers:
            problems.append(Problem("name", f"There is a server called {name.strip()} already."))
        try:
            address = usable(base_url.strip())
        except ValueError as error:
            problems.append(Problem("base_url", str(error)))
        if problems:
            raise RequestInvalid(problems)
        return provider_id, address


def _key(provider_id: str) -> str:
    return f'providers."{provider_id}".base_url'
