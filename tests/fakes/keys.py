"""Keys in memory, with a keychain that can be locked, slow or absent."""

from __future__ import annotations

import asyncio

from app.domain.errors import AppError, CredentialsMissing, KeychainError, Problem, RequestInvalid
from app.domain.service import Service
from app.engine.addresses import Addresses, origin_of
from app.engine.changes import Changes
from app.engine.keys import KeyInfo, KeySource


class FakeKeys:
    """Stands in for `Keys`; nothing leaves the process.

    Attributes:
        held: Key, source and origin by provider.
        keychain_trouble: What reading and writing the keychain raises.
        gate: Cleared, the keychain doesn't answer until it is set.
        asked: Every provider that was looked up, in order.
    """

    def __init__(self, addresses: Addresses) -> None:
        self.changed: Changes[str] = Changes()
        self.held: dict[str, tuple[str, KeySource, str]] = {}
        self.keychain_trouble: AppError | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[str] = []
        self._addresses = addresses

    def know(self, service: Service) -> None:
        """Nothing: any provider may have a key here."""

    def put(self, provider: str, key: str, source: KeySource = KeySource.KEYCHAIN) -> None:
        """As if it had been there before the start."""
        self.held[provider] = (key, source, self._origin(provider))

    async def info(self, provider: str) -> KeyInfo | None:
        self.asked.append(provider)
        await self._answer()
        held = self.held.get(provider)
        if held is None:
            return None
        key, source, origin = held
        return KeyInfo(provider, source, key[-4:], origin, origin == self._origin(provider))

    async def save(self, provider: str, key: str) -> None:
        await self._keep(provider, key, KeySource.KEYCHAIN)

    async def use_until_exit(self, provider: str, key: str) -> None:
        self._check(key)
        self.held[provider] = (key, KeySource.SESSION, self._origin(provider))
        self.changed.announce(provider)

    async def confirm(self, provider: str) -> None:
        await self._answer()
        if provider not in self.held:
            raise CredentialsMissing("none")
        key, source, _origin = self.held[provider]
        self.held[provider] = (key, source, self._origin(provider))
        self.changed.announce(provider)

    async def delete(self, provider: str) -> None:
        await self._answer()
        self.held.pop(provider, None)
        self.changed.announce(provider)

    async def keychain_name(self) -> str:
        if self.keychain_trouble is not None:
            raise self.keychain_trouble
        return "GNOME Keyring"

    def lock(self) -> None:
        self.keychain_trouble = KeychainError("The keychain is locked. Unlock it and try again.")

    async def _keep(self, provider: str, key: str, source: KeySource) -> None:
        self._check(key)
        await self._answer()
        self.held[provider] = (key, source, self._origin(provider))
        self.changed.announce(provider)

    async def _answer(self) -> None:
        await self.gate.wait()
        if self.keychain_trouble is not None:
            raise self.keychain_trouble

    def _check(self, key: str) -> None:
        if not key or " " in key:
            raise RequestInvalid([Problem("key", "The key must be one word, without spaces or line breaks inside.")])

    def _origin(self, provider: str) -> str:
        return origin_of(self._addresses.of(provider))
