"""Spending limits that another process changed in the settings file."""

from __future__ import annotations

from pathlib import Path

from app.storage.setting_values import SpendingSettings
from app.storage.settings import SettingsStore

_Stamp = tuple[int, int, int]


class LimitsFile:
    """Looks whether the file was written since it was last looked at. Blocking; made when the settings are loaded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._stamp()

    def news(self) -> SpendingSettings | None:
        """The limits as the file has them now; None where nobody has written it since.

        What can't be read is named as unreadable, as `SettingsStore.load` does.
        """
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        # A store of its own: what the app knows of the other settings is none of this.
        limits = SettingsStore(self._path).load().spending
        self._seen = stamp
        return limits

    def _stamp(self) -> _Stamp | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
