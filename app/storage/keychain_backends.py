"""Which keychain of the system is in use, what people call it, and what its troubles are called here."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import KeychainError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_log = logging.getLogger(__name__)

# Others exist (keyring's null, the files of keyrings.alt): they forget, or write keys into files.
_NAMES = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Locker",
}
# A process's short name -> what people call its program; the kernel cuts these names at 15 characters.
_DAEMONS = {"gnome-keyring-d": "GNOME Keyring", "kwalletd": "KWallet", "ksecretd": "KWallet", "keepassxc": "KeePassXC"}
_BUS_NAME = "org.freedesktop.secrets"


class NoKeychain(KeychainError):
    """This computer has no keychain that is running, so no key can be in it."""


class Backend(Protocol):
    """The part of a keyring backend that is used. Every call blocks, for as long as a prompt is open."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def find_backend() -> Backend:
    """The system's own keychain; what the user configured for keyring counts, if it is one.

    Looked for anew with each call: a keychain may be started after us.

    Raises:
        NoKeychain
    """
    with keychain_errors():
        from keyring import core
        from keyring.backends import chainer

        try:
            configured = core.load_env() or core.load_config()
        except (ImportError, AttributeError, ValueError, RuntimeError) as error:
            raise NoKeychain(f"The keychain that keyring is set to can’t be used ({type(error).__name__}).") from error
        if configured is None or isinstance(configured, chainer.ChainerBackend):
            return _best_of_the_system()
        if is_real(configured):
            return configured
        raise NoKeychain("keyring is set to something that isn’t a keychain, so the key can’t be stored safely.")


def is_real(backend: object) -> bool:
    """Whether it is a keychain of the operating system, rather than a file or a stand-in."""
    return type(backend).__module__ in _NAMES


def name_of(backend: object) -> str:
    """What people know it by, such as `GNOME Keyring`."""
    module = type(backend).__module__
    name = _NAMES.get(module, type(backend).__name__)
    return (_secret_service_daemon() or name) if name == "Secret Service" else name


def holds_nothing(backend: object) -> bool:
    """Whether it is a Secret Service in which nothing was ever kept.

    Reading from such a one would ask the user for the password of a new keyring, for nothing.
    """
    if type(backend).__module__ != "keyring.backends.SecretService":
        return False
    import secretstorage
    from secretstorage.collection import DEFAULT_COLLECTION
    from secretstorage.exceptions import ItemNotFoundException

    with closing(secretstorage.dbus_init()) as bus:
        try:
            secretstorage.Collection(bus, DEFAULT_COLLECTION)
        except ItemNotFoundException:
            return True
    return False


@contextmanager
def keychain_errors() -> Iterator[None]:
    """Whatever a keychain raises, as a sentence. Its own words stay in the log: nobody knows what is in them."""
    from keyring import errors

    try:
        yield
    except KeychainError:
        raise
    except errors.NoKeyringError as error:
        raise NoKeychain(_NOT_RUNNING) from error
    except (errors.KeyringLocked, errors.InitError) as error:
        raise KeychainError("The keychain is locked. Unlock it and try again.") from error
    except errors.PasswordSetError as error:
        raise KeychainError("The keychain refused to keep the key.") from error
    except Exception as error:
        # Each backend passes on what its system raises: D-Bus errors, pywintypes.error, GLib.Error.
        _log.warning("the keychain failed", exc_info=True)
        raise KeychainError("The keychain can’t be used; the log says more. Try again.") from error


_NOT_RUNNING = "No keychain is running, so the key can’t be stored safely."


def _best_of_the_system() -> KeyringBackend:
    from keyring.backend import KeyringBackend, by_priority
    from keyring.backends import SecretService, Windows, kwallet, libsecret, macOS

    known = {module.__name__ for module in (SecretService, Windows, kwallet, libsecret, macOS)}
    viable = [kind for kind in KeyringBackend.get_viable_backends() if kind.__module__ in known]
    if not viable:
        raise NoKeychain(_NOT_RUNNING)
    return max(viable, key=by_priority)()


def _secret_service_daemon() -> str | None:
    """Who answers for the Secret Service on this session bus; None where that can't be seen."""
    if sys.platform != "linux":
        return None
    from jeepney import DBusErrorResponse  # type: ignore[import-untyped]
    from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
    from jeepney.io.blocking import Proxy, open_dbus_connection  # type: ignore[import-untyped]

    try:
        with open_dbus_connection() as connection:
            (process,) = Proxy(message_bus, connection).GetConnectionUnixProcessID(_BUS_NAME)
        program = Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()
    except (KeyError, ValueError, OSError, DBusErrorResponse):
        return None  # not started yet, in another container, or another user's
    return next((name for start, name in _DAEMONS.items() if program.startswith(start)), None)
