"""What is known of the keys of the services: read off the GUI thread, kept for every part of the window."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.errors import (
    AppError,
    CredentialsMissing,
    KeychainError,
    QuotaExhausted,
    RequestInvalid,
    SettingsError,
)
from app.domain.provider import Account, AudioProvider, KeyChecker
from app.domain.service import Service
from app.engine.keys import KeyInfo, Keys, KeySource
from app.ui.background import Background
from app.ui.error_messages import error_text


@dataclass(frozen=True, slots=True)
class Standing:
    """How one service stands with its key.

    Attributes:
        is_known: Whether anybody has looked yet.
        info: What may be shown of the key; None where there is none.
        trouble: Why that can't be known, as a sentence; empty if it can.
        doing: What is being done about it, such as "Testing…"; empty while nothing is.
        verdict: What came of the last test of this very key; None before one.
        problem: Why the last key that was typed is not kept, as a sentence for its field.
    """

    is_known: bool = False
    info: KeyInfo | None = None
    trouble: str = ""
    doing: str = ""
    verdict: Account | AppError | None = None
    problem: str = ""

    @property
    def is_missing(self) -> bool:
        """There is certainly no key; while nobody has looked, or the keychain is locked, there may be one."""
        return self.is_known and not self.trouble and self.info is None

    @property
    def is_unconfirmed(self) -> bool:
        """There is one, which isn't sent anywhere before the user says so."""
        return self.info is not None and not self.info.is_confirmed


_UNKNOWN = Standing()
_PATIENCE_S = 0.5  # with the keychain, before a click is answered


class ServiceKeys(QObject):
    """Does what the user wants done about keys, one thing at a time for each service.

    The keychain is asked about a service only once somebody turns to that service: it may ask for a password.

    Attributes:
        has_keychain: Whether there is a keychain that can hold a key; None while nobody has looked.
    """

    changed = Signal(str)  # provider: its standing is another one now
    kept = Signal(str)  # provider: what was typed is a key now, and can be forgotten
    keychain_changed = Signal()  # `keychain_words` may be others now

    def __init__(
        self,
        keys: Keys,
        services: Sequence[Service],
        providers: Mapping[str, AudioProvider],
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self._providers = providers
        self._background = background
        self._with_key = [service.id for service in services if service.needs_key]
        self._standings: dict[str, Standing] = {}
        self._keychain = ""  # its name, or why there is none
        self.has_keychain: bool | None = None
        self._looks: dict[str, int] = {}  # how often was looked: an answer that was overtaken counts no more
        self._stop_listening = keys.changed.listen(self.look_again)

    def close(self) -> None:
        self._stop_listening()

    def know(self, service: Service) -> None:
        """One more service, such as a server of the user's own."""
        self.forget(service.id)  # one of this name may have been here before
        if service.needs_key:
            self._with_key.append(service.id)

    def forget(self, provider: str) -> None:
        """A service that isn't there any more."""
        if provider in self._with_key:
            self._with_key.remove(provider)
        self._standings.pop(provider, None)
        self._looks.pop(provider, None)

    def standing(self, provider: str) -> Standing:
        return self._standings.get(provider, _UNKNOWN)

    def can_test(self, provider: str) -> bool:
        """Whether the service can be asked, for nothing, if it takes the key."""
        return isinstance(self._providers.get(provider), KeyChecker)

    # Looking

    def look(self, provider: str) -> None:
        """Get to know the standing of a service, unless it is known or needs no key."""
        if provider in self._with_key and provider not in self._looks:
            self.look_again(provider)

    def look_at_all(self) -> None:
        for provider in self._with_key:
            self.look(provider)

    def look_again(self, provider: str) -> None:
        """The key or the address may be another one."""
        if provider in self._with_key:
            self._background.start(self._look(provider))

    def look_first(self, provider: str, then: Callable[[], None]) -> None:
        """Look again and go on with that known; a keychain that takes its time isn't waited for."""
        self._background.start(self._look_first(provider), on_done=lambda _: then())

    def look_for_missing(self) -> None:
        """The command line may have set a key meanwhile.

        A keychain that is locked is left alone: it would ask for its password whenever the user comes back.
        """
        for provider in self._with_key:
            if self.standing(provider).is_missing:
                self.look_again(provider)

    def on_moved(self, provider: str) -> None:
        """The service is reached elsewhere: what was tested there before says nothing."""
        self._put(provider, verdict=None)
        self.look_again(provider)

    def forget_balance(self, provider: str) -> None:
        """Something was spent at the service, or given back: what the last test said of its credit is no longer so."""
        verdict = self.standing(provider).verdict
        if isinstance(verdict, Account | QuotaExhausted):
            self._put(provider, verdict=Account())

    def look_at_keychain(self) -> None:
        self._background.start(self._look_at_keychain())

    async def _look(self, provider: str) -> None:
        look = self._looks[provider] = self._looks.get(provider, 0) + 1
        info, trouble = None, ""
        try:
            info = await self._keys.info(provider)
        except KeychainError as error:
            trouble = error_text(error).sentence
        if self._looks.get(provider) == look:
            before = self.standing(provider)
            verdict = before.verdict if info == before.info else None
            self._put(provider, is_known=True, info=info, trouble=trouble, verdict=verdict)

    async def _look_first(self, provider: str) -> None:
        looking = self._background.start(self._look(provider))
        await asyncio.wait([looking], timeout=_PATIENCE_S)

    @property
    def keychain_words(self) -> str:
        """Which keychain there is, or why there is none; unlocked is only said of one that gave an answer."""
        if not self.has_keychain:
            return self._keychain
        is_open = any(_came_from_keychain(standing) for standing in self._standings.values())
        return f"Keychain: {self._keychain}{', unlocked' if is_open else ''}"

    async def _look_at_keychain(self) -> None:
        try:
            self._keychain, self.has_keychain = await self._keys.keychain_name(), True
        except KeychainError as error:
            self._keychain, self.has_keychain = error_text(error).sentence, False
        self.keychain_changed.emit()

    # Doing

    def keep(self, provider: str, key: str) -> None:
        """Into the keychain; then the service is asked whether it takes it."""
        self._do(provider, "Saving…", self._keep(provider, key, self._keys.save), then=lambda: self.test(provider))

    def keep_until_exit(self, provider: str, key: str) -> None:
        self._do(provider, "Saving…", self._keep(provider, key, self._keys.use_until_exit))

    def confirm(self, provider: str) -> None:
        """The key may be sent where the service is reached now."""
        self._do(provider, "Saving…", self._change(provider, self._keys.confirm))

    def delete(self, provider: str) -> None:
        self._do(provider, "Deleting…", self._change(provider, self._keys.delete))

    def remove(self, provider: str, remove: Callable[[str], Awaitable[None]]) -> None:
        """Take a server away with its key; where that fails, its row says why."""
        self._do(provider, "Removing…", self._change(provider, remove), then=lambda: self.forget(provider))

    def test(self, provider: str) -> None:
        if self.can_test(provider):
            self._do(provider, "Testing…", self._test(provider))

    def _do(
        self,
        provider: str,
        doing: str,
        work: Coroutine[Any, Any, bool],
        *,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Start something unless something is under way; `then` follows what succeeded."""
        if self.standing(provider).doing:
            work.close()
            return
        self._put(provider, doing=doing, problem="")

        async def to_its_end() -> bool:
            try:
                return await work
            finally:
                self._put(provider, doing="")

        self._background.start(to_its_end(), on_done=lambda is_done: then() if is_done and then else None)

    async def _keep(self, provider: str, key: str, keep: Callable[[str, str], Awaitable[None]]) -> bool:
        try:
            await keep(provider, key)
        except (RequestInvalid, KeychainError, SettingsError) as error:
            self._put(provider, problem=_at_the_field(error))
            return False
        self._put(provider, verdict=None)
        self.kept.emit(provider)
        await self._look(provider)
        self.look_at_keychain()  # the first key may have unlocked it
        return True

    async def _change(self, provider: str, change: Callable[[str], Awaitable[None]]) -> bool:
        try:
            await change(provider)
        except KeychainError as error:
            self._put(provider, trouble=error_text(error).sentence)
            return False
        except CredentialsMissing:  # it went meanwhile: the look says so
            pass
        await self._look(provider)
        return True

    async def _test(self, provider: str) -> bool:
        checker = self._providers[provider]
        assert isinstance(checker, KeyChecker), "only what can be tested is"
        tested = self.standing(provider).info
        verdict: Account | AppError
        try:
            verdict = await checker.check_key()
        except (CredentialsMissing, KeychainError) as error:
            await self._look(provider)  # which says so, unless what is there can't be a key
            verdict = error
        except AppError as error:
            verdict = error
        if self.standing(provider).info == tested:
            self._put(provider, verdict=verdict)
        return True

    def _put(self, provider: str, **changes: Any) -> None:
        before = self.standing(provider)
        self._standings[provider] = replace(before, **changes)
        if self._standings[provider] != before:
            self.changed.emit(provider)
            self.keychain_changed.emit()


def _came_from_keychain(standing: Standing) -> bool:
    """Whether the keychain itself said what is known; a key from elsewhere is known without it."""
    is_answered = standing.is_known and not standing.trouble
    return is_answered and (standing.info is None or standing.info.source is KeySource.KEYCHAIN)


def _at_the_field(error: RequestInvalid | KeychainError | SettingsError) -> str:
    match error:
        case RequestInvalid():
            return str(error)
        case SettingsError():
            return "Set the address of the service first: a key is kept for one address."
        case _:
            return f"{error_text(error).sentence} “Until I quit” keeps the key in memory."
