"""The API keys of the services: where each comes from, and to whom it may be sent. Skeleton."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.engine.changes import Changes


class KeySource(StrEnum):
    """Where a key is."""

    ENVIRONMENT = "environment"  # beats the others
    SESSION = "session"  # in the memory of this process, until it ends
    KEYCHAIN = "keychain"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What may be shown of a key.

    Attributes:
        ending: Its last four characters; empty for a key that is too short to show any.
        origin: Where it may be sent: scheme, host and port.
        is_confirmed: Whether that is where the service is reached now.
    """

    provider: str
    source: KeySource
    ending: str
    origin: str
    is_confirmed: bool


class Keys:
    """The one place that hands out keys; providers ask it (`Credentials`), each time they need one.

    Attributes:
        changed: Ids of providers whose key is another one now.
    """

    changed: Changes[str]

    async def key(self, provider: str, base_url: str) -> str:
        """The key for requests below this address.

        Raises:
            CredentialsMissing: There is none.
            KeyUnconfirmed: There is one that belongs to another origin.
            KeychainError: The keychain can't be read.
        """
        raise NotImplementedError

    async def info(self, provider: str) -> KeyInfo | None:
        """What may be shown of the key that would be used now; None where there is none.

        Raises:
            KeychainError: The keychain can't be read.
        """
        raise NotImplementedError

    async def save(self, provider: str, key: str) -> None:
        """Keep a key in the keychain, for the origin at which the service is reached now.

        Raises:
            RequestInvalid: It can't be a key (field `key`).
            KeychainError: There is no keychain, or it is locked; nothing was kept.
        """
        raise NotImplementedError

    async def use_until_exit(self, provider: str, key: str) -> None:
        """Keep a key in memory, until the process ends.

        Raises:
            RequestInvalid: It can't be a key (field `key`).
        """
        raise NotImplementedError

    async def confirm(self, provider: str) -> None:
        """The user says that the key may be sent where the service is reached now.

        Raises:
            CredentialsMissing: There is none.
            KeychainError
        """
        raise NotImplementedError

    async def delete(self, provider: str) -> None:
        """Remove a key from the keychain and from memory; one of the environment can't be removed here.

        Raises:
            KeychainError
        """
        raise NotImplementedError

    async def keychain_name(self) -> str:
        """What people know the keychain in use by, such as `GNOME Keyring`.

        Raises:
            KeychainError: There is none, or it is locked; the message is a sentence.
        """
        raise NotImplementedError

    async def aclose(self) -> None:
        """End the keychain's thread; a call that hangs in it isn't waited for."""
        raise NotImplementedError
