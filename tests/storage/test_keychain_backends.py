"""Only what the system itself guards counts as a keychain."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, Windows, chainer, fail, kwallet, libsecret, macOS, null

from app.domain.errors import KeychainError
from app.storage.keychain_backends import NoKeychain, find_backend, is_real, name_of


class PlaintextKeyring(KeyringBackend):
    """Writes keys into a file, as one of keyrings.alt does."""

    priority = 20

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("a file was asked for a key")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("a key was written into a file")


@pytest.fixture(autouse=True)
def no_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No keychain runs, and nobody has set up keyring."""
    for name in ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.mark.parametrize(
    ("backend", "name"),
    [
        (SecretService.Keyring, "Secret Service"),
        (libsecret.Keyring, "Secret Service"),
        (kwallet.DBusKeyring, "KWallet"),
        (macOS.Keyring, "macOS Keychain"),
        (Windows.WinVaultKeyring, "Windows Credential Locker"),
    ],
)
def test_keychains_of_the_systems_have_the_names_that_people_know(backend: type[KeyringBackend], name: str) -> None:
    made = backend()

    assert is_real(made)
    assert name_of(made) == name


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, chainer.ChainerBackend, PlaintextKeyring])
def test_what_forgets_or_writes_files_is_no_keychain(backend: type[KeyringBackend]) -> None:
    assert not is_real(backend())


@pytest.mark.parametrize(
    "setting",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        f"{__name__}.PlaintextKeyring",
        "no.such.module.Keyring",
        "keyring.backends.null.NoSuchClass",
        "keyring.backends.SecretService.Keyring",  # without a bus
        "",
    ],
)
def test_what_keyring_is_set_to_is_refused_unless_it_is_a_keychain_that_runs(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", setting)

    with pytest.raises(NoKeychain) as caught:
        find_backend()

    assert str(caught.value).endswith(".")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="their keychain always runs")
@pytest.mark.parametrize("setting", [None, "keyring.backends.chainer.ChainerBackend"])
def test_where_no_keychain_runs_a_file_is_not_taken_instead(
    monkeypatch: pytest.MonkeyPatch, setting: str | None
) -> None:
    if setting is not None:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", setting)

    with pytest.raises(KeychainError, match="No keychain is running, so the key can’t be stored safely"):
        find_backend()
