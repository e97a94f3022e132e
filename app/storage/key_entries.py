"""How a key and the origins it may be sent to lie in a keychain: two entries, written so that a crash tells no lie."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.domain.errors import KeychainError
from app.storage.keychain_backends import Backend

SERVICE = "cuesmith"

_MOST_KEYS = 3
_LONGEST = 1200  # characters; Windows keeps at most 1,280 in an entry
_MOST_DUPLICATES = 10

_Records = dict[str, tuple[str, ...]]
"""Origins by the fingerprint of their key, the newest first."""


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key of the keychain.

    Attributes:
        origins: Where the user said that it may be sent, the newest first; possibly nowhere.
    """

    key: str = field(repr=False)
    origins: tuple[str, ...]


class KeyEntries:
    """Entries of the service `cuesmith`. Blocking.

    The bare key is the password of the user `runware`, so that other tools can read and write it. The user
    `runware origin` holds where it may go, together with a fingerprint of the key: a key that some other tool put
    there later matches none, and goes nowhere before the user agrees. A key without such an entry is one that no
    Cuesmith has touched: it belongs to the service itself.
    """

    def __init__(self, backend: Backend, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """
        Args:
            is_wanted: Whether somebody still waits; asked before a key is written.
        """
        self._backend = backend
        self._is_wanted = is_wanted

    def read(self, provider: str, own_origin: str) -> KeptKey | None:
        """The key of a provider; None where there is none.

        Args:
            own_origin: That of the service itself; empty where it has none.
        """
        # The key first: whoever replaces it writes its origins before it.
        key = (self._backend.get_password(SERVICE, provider) or "").strip()
        if not key:
            return None
        records = self._records(provider)
        if records is None:
            return KeptKey(key, (own_origin,) if own_origin else ())
        return KeptKey(key, records.get(fingerprint(key), ()))

    def keep(self, provider: str, key: str, origin: str, own_origin: str) -> None:
        """Keep a key for an origin; the same key keeps the origins it has.

        The origins are there before the key is, and those of the key before stay: wherever this is cut short, the
        key that is there has its own origins and no others.
        """
        self.confirm(provider, key, origin, own_origin)
        if not self._is_wanted():
            raise KeychainError("The keychain was opened too late; the key wasn’t kept.")
        self._write(provider, key)

    def confirm(self, provider: str, key: str, origin: str, own_origin: str) -> None:
        """Let a key be sent to one more origin; whatever other key is there meanwhile gains nothing."""
        records = self._records(provider) or {}
        before = self.read(provider, own_origin)
        if before is not None:
            records[fingerprint(before.key)] = before.origins
        others = [each for each in records.pop(fingerprint(key), ()) if each != origin]
        self._write(_origin_user(provider), _as_text({fingerprint(key): (origin, *others), **records}))

    def delete(self, provider: str) -> None:
        """Remove a key, then its origins: never the other way round, or it would seem to be another tool's."""
        self._remove(provider)
        self._remove(_origin_user(provider))

    def _records(self, provider: str) -> _Records | None:
        """None where there is no such entry; nothing in one that can't be understood."""
        text = self._backend.get_password(SERVICE, _origin_user(provider))
        if text is None:
            return None
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {name: _strings(origins) for name, origins in found.items() if isinstance(origins, list)}

    def _write(self, user: str, secret: str) -> None:
        """Write, and read back. An entry that another tool made may stand in front of ours: it goes."""
        self._backend.set_password(SERVICE, user, secret)
        for _ in range(_MOST_DUPLICATES):
            found = self._backend.get_password(SERVICE, user)
            if found == secret:
                return
            if found is None:
                self._backend.set_password(SERVICE, user, secret)
            else:
                self._backend.delete_password(SERVICE, user)
        raise KeychainError("The keychain didn’t keep the key.")

    def _remove(self, user: str) -> None:
        for _ in range(_MOST_DUPLICATES):
            if self._backend.get_password(SERVICE, user) is None:
                return
            self._backend.delete_password(SERVICE, user)
        raise KeychainError("The keychain didn’t remove the key.")


def fingerprint(key: str) -> str:
    """Tells keys apart and gives nothing of them away: a part of their SHA-256, hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _as_text(records: _Records) -> str:
    """As much as fits into an entry; the oldest is left out, and would have to be confirmed again."""
    kept = list(records.items())[:_MOST_KEYS]
    while len(text := json.dumps(dict(kept), separators=(",", ":"))) > _LONGEST:
        name, origins = kept.pop()
        if not kept or len(origins) > 1:
            kept.append((name, origins[:-1]))
    return text


def _origin_user(provider: str) -> str:
    return f"{provider} origin"


def _strings(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str))
