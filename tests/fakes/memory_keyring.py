"""A keychain in memory, with the calls of keyring's backends and the troubles of real ones."""

from __future__ import annotations

import threading
from collections import defaultdict

from keyring.errors import PasswordDeleteError


class Died(BaseException):
    """The process ended here."""


class MemoryKeyring:
    """Passwords by service and user name.

    As in a Secret Service, several may have the same names: a write replaces only entries of the same program, and
    a read finds the oldest. `replace_from_outside` and `add_from_outside` are what other programs do.

    Attributes:
        calls: Names of the methods, in the order in which they were called.
        error: Raised by each call from now on.
        writes_left: Before the one after these the process dies; None for never.
        reached: Set as soon as a call is under way.
        gate: Calls wait until it is set, as while a prompt is open.
    """

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self.calls: list[str] = []
        self.error: BaseException | None = None
        self.writes_left: int | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.reached = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self._arrive("get")
        found = self._entries[service, username]
        return found[0][1] if found else None

    def set_password(self, service: str, username: str, password: str) -> None:
        self._arrive("set")
        self._spend_a_write()
        self._put(service, username, "cuesmith", password)

    def delete_password(self, service: str, username: str) -> None:
        self._arrive("delete")
        self._spend_a_write()
        if not self._entries[service, username]:
            raise PasswordDeleteError("No such password!")
        del self._entries[service, username][0]

    def add_from_outside(self, username: str, password: str) -> None:
        """Another program keeps an entry of its own beside whatever there is."""
        self._put("cuesmith", username, "another", password)

    def replace_from_outside(self, username: str, password: str) -> None:
        """Another program changes what is there."""
        self._entries["cuesmith", username] = [("cuesmith", password)]

    @property
    def everything(self) -> dict[str, list[str]]:
        """Passwords by user names."""
        return {user: [each for _, each in found] for (_, user), found in self._entries.items() if found}

    def _put(self, service: str, username: str, program: str, password: str) -> None:
        found = self._entries[service, username]
        found[:] = [(owner, each) for owner, each in found if owner != program]
        found.append((program, password))

    def _arrive(self, call: str) -> None:
        self.calls.append(call)
        self.reached.set()
        self.gate.wait()
        if self.error is not None:
            raise self.error

    def _spend_a_write(self) -> None:
        if self.writes_left is None:
            return
        if self.writes_left == 0:
            raise Died
        self.writes_left -= 1
