"""The settings in force, and on the disk soon after."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace

from app.storage.settings import Settings, SettingsStore


class KeptSettings:
    """
    Attributes:
        now: In force; replaced as a whole.
    """

    def __init__(self, store: SettingsStore, now: Settings) -> None:
        self.now = now
        self._saved = now
        self._store = store
        self._saving = asyncio.Lock()

    async def fresh(self) -> Settings:
        """The latest, with what another process has set since; what isn't saved yet goes before that."""
        async with self._saving:
            there = await asyncio.to_thread(self._store.load)
            changed = {
                each.name: getattr(self.now, each.name)
                for each in fields(Settings)
                if getattr(self.now, each.name) != getattr(self._saved, each.name)
            }
            self.now, self._saved = replace(there, **changed), there
            return self.now

    async def save(self) -> None:
        """Save the latest; one write after the other, and a slider that is dragged doesn't write each step.

        Raises:
            StorageError, OSError: They couldn't be written; what was written before is still there.
        """
        async with self._saving:
            latest = self.now
            if self._saved != latest:
                await asyncio.to_thread(self._store.save, latest)
                self._saved = latest
