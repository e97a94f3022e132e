"""Servers of the user's own: set up and removed while the window is open."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.domain.errors import RequestInvalid, SettingsError, StorageError
from app.domain.service import Service
from app.engine.roster import Roster
from app.storage.settings import ProviderSettings, Settings
from app.ui.background import Background
from app.ui.error_messages import error_text
from app.ui.service_keys import ServiceKeys


class OwnServers(QObject):
    """Does what the user wants done about servers, and tells who there is now."""

    changed = Signal(str)  # id of a server that came or went
    added = Signal(str)  # id of the server that what was typed has become
    refused = Signal(object)  # why it can't become one: sentences by field, `name` and `base_url`

    def __init__(
        self, roster: Roster, keys: ServiceKeys, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._roster = roster
        self._keys = keys
        self._background = background
        self._is_adding = False
        self._stop_listening = roster.changed.listen(self._on_changed)

    def close(self) -> None:
        self._stop_listening()

    @property
    def services(self) -> tuple[Service, ...]:
        """Everyone, in the order of the lists; servers of the user's own come last."""
        return self._roster.services

    def service(self, provider: str) -> Service | None:
        return next((each for each in self.services if each.id == provider), None)

    def is_own(self, provider: str) -> bool:
        return self._roster.is_own(provider)

    def add(self, name: str, base_url: str) -> None:
        """Set one up; `added` or `refused` follows."""
        if not self._is_adding:
            self._is_adding = True
            self._background.start(self._add(name, base_url))

    def remove(self, provider: str) -> None:
        """Forget one, and its key. What it made stays in the library."""
        self._keys.remove(provider, self._roster.remove_server)

    async def _add(self, name: str, base_url: str) -> None:
        try:
            added = await self._roster.add_server(name, base_url)
        except RequestInvalid as error:
            self.refused.emit({problem.field: problem.message for problem in error.problems})
        except (SettingsError, StorageError) as error:
            self.refused.emit({"name": error_text(error).text})
        else:
            self.added.emit(added.id)
        finally:
            self._is_adding = False

    def _on_changed(self, provider: str) -> None:
        service = self.service(provider)
        if service is not None:
            self._keys.know(service)
        else:
            self._keys.forget(provider)
        self.changed.emit(provider)


def with_server(settings: Settings, provider: str, base_url: str | None) -> Settings:
    """The settings once a server is there, at this address; None where it has gone."""
    providers = {name: each for name, each in settings.providers.items() if name != provider}
    if base_url is not None:
        own = settings.providers.get(provider, ProviderSettings())
        providers[provider] = replace(own, base_url=base_url)
    return replace(settings, providers=providers)
