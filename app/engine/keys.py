"""The API keys of the services: where each comes from, and to whom it may be sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.domain.errors import CredentialsMissing, KeyUnconfirmed, Problem, RequestInvalid, SettingsError
from app.domain.parameter_spec import one_of
from app.domain.service import Service
from app.engine.addresses import Addresses, origin_of
from app.engine.changes import Changes
from app.engine.key_text import checked_key, ending_of, problem_of
from app.storage.keychain import Keychain, NoKeychain

_REMEMBERED_S = 60.0


class KeySource(StrEnum):
    """Where a key is."""

    ENVIRONMENT = "environment"  # beats the others
    SESSION = "session"  # in the memory of this process, until it ends
    KEYCHAIN = "keychain"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What may be shown of a key.

    Attributes:
        ending: Its last four characters; empty for a key that is too short to show any, or can't be one.
        origin: Where it may be sent: scheme, host and port; empty for nowhere.
        is_confirmed: Whether that is where the service is reached now.
    """

    provider: str
    source: KeySource
    ending: str
    origin: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class _Held:
    """A key at hand.

    Attributes:
        origins: Where it may be sent, the newest first.
    """

    key: str = field(repr=False)
    source: KeySource
    origins: tuple[str, ...]


class Keys:
    """The one place that hands out keys; providers ask it (`Credentials`), each time they need one.

    A key belongs to the origin at which its service was reached when it was given, and to every one that the user
    confirmed since: results of what was sent to an earlier address can still be fetched there. A key of the
    environment was set by the user beside the address of the service: it goes where the service is reached now,
    and where it was reached while this process ran.

    What the keychain says is remembered for a minute, so that a thousand tasks don't ask it a thousand times.

    Attributes:
        changed: Ids of providers whose key is another one now, or may be sent elsewhere.
    """

    def __init__(
        self,
        services: Sequence[Service],
        addresses: Addresses,
        keychain: Keychain,
        *,
        environ: Mapping[str, str],
        hide: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            hide: Keeps a value out of the log.
            clock: Seconds that only ever rise.
        """
        self.changed: Changes[str] = Changes()
        self._services = {service.id: service for service in services if service.needs_key}
        self._addresses = addresses
        self._keychain = keychain
        self._environ = environ
        self._hide = hide
        self._clock = clock
        self._session: dict[str, _Held] = {}
        self._sent_from_environment: dict[str, tuple[str, ...]] = {}
        self._remembered: dict[str, tuple[_Held, float]] = {}
        self._reading: dict[str, asyncio.Task[_Held | None]] = {}
        for service in self.services:
            self._of_environment(service)  # hides what is there before anything can log it

    def know(self, service: Service) -> None:
        """One more service that may have a key, such as a server of the user's own."""
        if service.needs_key:
            self._services[service.id] = service
            self._of_environment(service)

    @property
    def services(self) -> tuple[Service, ...]:
        """The services that need a key."""
        return tuple(self._services.values())

    def service(self, provider: str) -> Service:
        """A service that needs a key.

        Raises:
            RequestInvalid: There is none of this id (field `provider`).
        """
        found = self._services.get(provider)
        if found is None:
            known = one_of(self._services)
            raise RequestInvalid([Problem("provider", f"There is no service “{provider}” with a key; it is {known}.")])
        return found

    async def key(self, provider: str, base_url: str) -> str:
        """The key for requests below this address.

        Raises:
            CredentialsMissing: There is none, or it can't be one.
            KeyUnconfirmed: There is one that belongs to another origin.
            KeychainError: The keychain can't be read.
        """
        service = self.service(provider)
        try:
            held = await self._held(service)
        except NoKeychain as error:
            raise CredentialsMissing(
                f"{service.name} needs a key. No keychain is running that could hold one; the environment variable "
                f"{service.key_variable} is used if it is set."
            ) from error
        if held is None:
            raise CredentialsMissing(
                f"{service.name} needs a key: cuesmith keys set {provider}, or the environment variable "
                f"{service.key_variable}"
            )
        if problem_of(held.key) is not None:
            raise CredentialsMissing(f"What is in {_place_of(held, service)} can’t be a key for {service.name}.")
        origin = origin_of(base_url)
        if not origin or origin not in held.origins:
            raise KeyUnconfirmed(self._refusal(service, held, origin))
        if held.source is KeySource.ENVIRONMENT:
            self._sent_from_environment[provider] = held.origins
        return held.key

    async def at_hand(self, provider: str) -> None:
        """Wait until the key that requests to a provider need now is known, or it is known that they need none.

        Raises:
            CredentialsMissing, KeyUnconfirmed, KeychainError: as `key` does.
        """
        service = self._services.get(provider)
        base_url = self._addresses.of(provider)
        if service is None or not base_url:
            return
        try:
            await self.key(provider, base_url)
        except KeyUnconfirmed:
            raise
        except CredentialsMissing:
            if service.needs_key_at(base_url):
                raise

    async def info(self, provider: str) -> KeyInfo | None:
        """What may be shown of the key that would be used now; None where there is none.

        Raises:
            KeychainError: The keychain can't be read.
        """
        service = self.service(provider)
        try:
            held = await self._held(service)
        except NoKeychain:
            return None  # what doesn't exist holds no key; `keychain_name` says so
        if held is None:
            return None
        now = self._origin_now(provider)
        is_confirmed = now in held.origins
        origin = now if is_confirmed else next(iter(held.origins), "")
        return KeyInfo(provider, held.source, ending_of(held.key), origin, is_confirmed)

    async def save(self, provider: str, key: str) -> None:
        """Keep a key in the keychain, for the origin at which the service is reached now.

        Raises:
            RequestInvalid: It can't be a key (field `key`).
            KeychainError: There is no keychain, or it is locked; nothing was kept.
            SettingsError: The service has no address yet.
        """
        service = self.service(provider)
        checked = self._checked(key)
        try:
            await self._keychain.keep(provider, checked, self._needed_origin(service), self._own_origin(provider))
        finally:
            self.forget(provider)
        self._session.pop(provider, None)
        self.changed.announce(provider)

    async def use_until_exit(self, provider: str, key: str) -> None:
        """Keep a key in memory, until the process ends; it beats the one in the keychain.

        Raises:
            RequestInvalid: It can't be a key (field `key`).
            SettingsError: The service has no address yet.
        """
        service = self.service(provider)
        checked = self._checked(key)
        origin = self._needed_origin(service)
        before = self._session.get(provider)
        others = before.origins if before is not None and before.key == checked else ()
        self._session[provider] = _Held(checked, KeySource.SESSION, _with(origin, others))
        self.changed.announce(provider)

    async def confirm(self, provider: str) -> None:
        """The user says that the key may be sent where the service is reached now.

        Raises:
            CredentialsMissing: There is none.
            KeychainError: The keychain can't be read or written.
            SettingsError: The service has no address yet.
        """
        service = self.service(provider)
        origin = self._needed_origin(service)
        self.forget(provider)  # what the user sees is in the keychain, not in our memory
        held = await self._held(service)
        if held is None:
            raise CredentialsMissing(f"There is no key for {service.name} yet: cuesmith keys set {provider}")
        if held.source is KeySource.SESSION:
            self._session[provider] = replace(held, origins=_with(origin, held.origins))
        elif held.source is KeySource.KEYCHAIN:
            try:
                await self._keychain.confirm(provider, held.key, origin, self._own_origin(provider))
            finally:
                self.forget(provider)
        self.changed.announce(provider)

    async def delete(self, provider: str) -> None:
        """Remove a key from the keychain and from memory; one of the environment can't be removed here.

        Raises:
            KeychainError: The keychain can't be written; what is in memory is gone nevertheless.
        """
        self.service(provider)
        was_in_memory = self._session.pop(provider, None) is not None
        try:
            await self._keychain.delete(provider)
        except NoKeychain:
            if not was_in_memory:
                raise
        finally:
            self.forget(provider)
            self.changed.announce(provider)

    def forget(self, provider: str) -> None:
        """Ask the keychain again when the key is next needed: another process may have changed it."""
        self._remembered.pop(provider, None)
        self._reading.pop(provider, None)

    async def keychain_name(self) -> str:
        """What people know the keychain in use by, such as `GNOME Keyring`. It may be locked.

        Raises:
            KeychainError: There is none; the message is a sentence.
        """
        return await self._keychain.name()

    async def aclose(self) -> None:
        """End the keychain's thread; a call that hangs in it isn't waited for."""
        for reading in self._reading.values():
            reading.cancel()
        self._reading.clear()
        await self._keychain.aclose()

    async def _held(self, service: Service) -> _Held | None:
        """The key that would be used now.

        Raises:
            KeychainError
        """
        provider = service.id
        held = self._of_environment(service) or self._session.get(provider)
        if held is not None:
            return held
        remembered = self._remembered.get(provider)
        if remembered is not None and self._clock() - remembered[1] < _REMEMBERED_S:
            return remembered[0]
        reading = self._reading.get(provider)
        if reading is None:  # whoever asks at the same time shares the answer
            reading = self._reading[provider] = asyncio.ensure_future(self._read(provider))
            reading.add_done_callback(lambda done: self._note(provider, done))
        return await asyncio.shield(reading)

    async def _read(self, provider: str) -> _Held | None:
        kept = await self._keychain.read(provider, self._own_origin(provider))
        if kept is None:
            return None
        self._hide(kept.key)
        return _Held(kept.key, KeySource.KEYCHAIN, kept.origins)

    def _note(self, provider: str, done: asyncio.Task[_Held | None]) -> None:
        """Remember what was read, unless it was written meanwhile. That there is no key is asked each time."""
        failed = done.cancelled() or done.exception() is not None
        if self._reading.get(provider) is not done:
            return
        del self._reading[provider]
        held = None if failed else done.result()
        before = self._remembered.pop(provider, None)
        if held is not None:
            self._remembered[provider] = (held, self._clock())
        if before is not None and not failed and held != before[0]:
            self.changed.announce(provider)

    def _of_environment(self, service: Service) -> _Held | None:
        key = self._environ.get(service.key_variable or "", "").strip()
        if not key:
            return None
        self._hide(key)
        now = self._origin_now(service.id)
        origins = _with(now, self._sent_from_environment.get(service.id, ())) if now else ()
        return _Held(key, KeySource.ENVIRONMENT, origins)

    def _checked(self, key: str) -> str:
        self._hide(key.strip())  # also what can't be one: it may be most of one
        return checked_key(key)

    def _origin_now(self, provider: str) -> str:
        return origin_of(self._addresses.of(provider))

    def _own_origin(self, provider: str) -> str:
        return origin_of(self._addresses.own(provider))

    def _needed_origin(self, service: Service) -> str:
        origin = self._origin_now(service.id)
        if not origin:
            setting = f"providers.{service.id}.base_url"
            raise SettingsError(f"{service.name} has no address yet: cuesmith config set '{setting}' URL", setting)
        return origin

    def _refusal(self, service: Service, held: _Held, origin: str) -> str:
        """Which origins there are, and what to do."""
        belongs = f"belongs to {held.origins[0]}" if held.origins else "was put there by another program"
        first = "" if origin == self._origin_now(service.id) else "set that address again, then "
        agree = f"confirm it under Services, or with: cuesmith keys confirm {service.id}"
        if held.source is KeySource.ENVIRONMENT:
            belongs = f"is sent to {held.origins[0] if held.origins else 'no address'}"
            first, agree = "", "set that address again."
        return (
            f"The key for {service.name} in {_place_of(held, service)} {belongs} and isn’t sent to "
            f"{origin or 'an address without a host'} before you agree: {first}{agree}"
        )


def _place_of(held: _Held, service: Service) -> str:
    match held.source:
        case KeySource.ENVIRONMENT:
            return str(service.key_variable)
        case KeySource.SESSION:
            return "memory"
        case KeySource.KEYCHAIN:
            return "the keychain"


def _with(origin: str, others: Sequence[str]) -> tuple[str, ...]:
    return (origin, *(other for other in others if other != origin))
