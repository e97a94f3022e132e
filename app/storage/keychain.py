"""The keys of the services in the system's keychain, with their origins, off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.domain.errors import KeychainError
from app.storage.key_entries import KeptKey, KeyEntries
from app.storage.keychain_backends import Backend, NoKeychain, find_backend, holds_nothing, keychain_errors, name_of
from app.storage.keychain_thread import HangingThread

__all__ = ["KeptKey", "Keychain", "NoKeychain"]

T = TypeVar("T")

_PATIENCE_S = 60.0  # somebody may have to type a password


class Keychain:
    """Reads and writes keys. keyring is loaded, and the keychain looked for, with the first call.

    Every method raises:
        NoKeychain: None is running.
        KeychainError: It is locked, fails, or doesn't answer in time.
    """

    def __init__(self, find: Callable[[], Backend] = find_backend, *, patience_s: float = _PATIENCE_S) -> None:
        self._find = find
        self._patience_s = patience_s
        self._backend: Backend | None = None  # of the thread
        self._thread = HangingThread("keychain")
        self._is_closed = False

    async def read(self, provider: str, own_origin: str) -> KeptKey | None:
        """The key of a provider; None where there is none.

        Args:
            own_origin: That of the service itself, for a key that another tool put there; may be empty.
        """

        def read(backend: Backend, is_wanted: Callable[[], bool]) -> KeptKey | None:
            return None if holds_nothing(backend) else KeyEntries(backend, is_wanted).read(provider, own_origin)

        return await self._on_thread(read)

    async def keep(self, provider: str, key: str, origin: str, own_origin: str) -> None:
        """Keep a key that may be sent to an origin, in place of the one before."""
        await self._do(lambda entries: entries.keep(provider, key, origin, own_origin))

    async def confirm(self, provider: str, key: str, origin: str, own_origin: str) -> None:
        """Let a key that is kept be sent to one more origin."""
        await self._do(lambda entries: entries.confirm(provider, key, origin, own_origin))

    async def delete(self, provider: str) -> None:
        """Remove a key with its origins; it is fine if there is none."""
        await self._do(lambda entries: entries.delete(provider))

    async def name(self) -> str:
        """What people know the keychain by. Opens no prompt, so it may be locked nevertheless."""
        return await self._on_thread(lambda backend, _: name_of(backend))

    async def aclose(self) -> None:
        """End the thread; a call that hangs isn't waited for."""
        self._is_closed = True
        self._thread.close()

    async def _do(self, work: Callable[[KeyEntries], T]) -> T:
        return await self._on_thread(lambda backend, is_wanted: work(KeyEntries(backend, is_wanted)))

    async def _on_thread(self, work: Callable[[Backend, Callable[[], bool]], T]) -> T:
        def run(is_wanted: Callable[[], bool]) -> T:
            if self._backend is None:
                self._backend = self._find()
            try:
                with keychain_errors():
                    return work(self._backend, is_wanted)
            except KeychainError:
                self._backend = None  # another may run by the next time
                raise

        if self._is_closed:
            raise KeychainError("The keychain is closed. Start Cuesmith again.")
        try:
            return await self._thread.run(run, self._patience_s)
        except TimeoutError as error:
            raise KeychainError("The keychain doesn’t answer. Unlock it and try again.") from error
