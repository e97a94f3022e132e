"""Everything in the window that is about keys: the dialog, the ways to it, and what lacks a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.model_spec import ModelSpec
from app.domain.service import Service
from app.engine.addresses import Addresses, base_urls_of
from app.storage.settings import Settings
from app.ui.own_servers import OwnServers, with_server
from app.ui.queue_panel import QueuePanel
from app.ui.service_keys import ServiceKeys
from app.ui.theme import Theme
from app.ui.toolbar import Toolbar

if TYPE_CHECKING:
    from app.ui.services_dialog import ServicesDialog


class ServicesFlow(QObject):
    """Opens the dialog at the service that needs it, and keeps toolbar and model list in step with the keys."""

    settings_changed = Signal(object)  # Settings
    moved = Signal(str)  # provider: it is reached elsewhere now

    def __init__(
        self,
        theme: Theme,
        servers: OwnServers,
        keys: ServiceKeys,
        addresses: Addresses,
        settings: Callable[[], Settings],
        toolbar: Toolbar,
        library: QueuePanel,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._servers = servers
        self._keys = keys
        self._addresses = addresses
        self._settings = settings
        self._toolbar = toolbar
        self._window = window
        self._provider = ""  # of the model that the next click asks
        self._has_started = False
        self._dialog: ServicesDialog | None = None
        toolbar.services_wanted.connect(self.open)
        toolbar.key_wanted.connect(self._open_for_generate)
        toolbar.limits_wanted.connect(self.open_limits)
        toolbar.model_shown.connect(self._on_model)
        toolbar.chooser.opening.connect(keys.look_at_all)
        toolbar.chooser.key_wanted.connect(self.open_for_key)
        library.services_wanted.connect(self.open_after)
        library.credit_wanted.connect(self.open_account_page)
        keys.changed.connect(self._show)
        servers.changed.connect(self._on_server)
        app = QApplication.instance()
        assert isinstance(app, QApplication), "a window has an application"
        app.applicationStateChanged.connect(self._on_application)

    def start(self) -> None:
        """From now on keys are looked up; call it after the first paint, for that loads the keychain."""
        self._has_started = True
        self._keys.look(self._provider)

    def open(self) -> ServicesDialog:
        """The dialog; the one that is open already, if there is one."""
        from app.ui.services_dialog import ServicesDialog  # late: see late_parts

        if self._dialog is None:
            self._dialog = ServicesDialog(self._theme, self._servers, self._keys, self._settings(), self._window)
            self._dialog.changed.connect(self._take)
            self._dialog.moved.connect(self._on_moved)
            self._dialog.finished.connect(self._on_finished)
            self._dialog.open()
        return self._dialog

    def open_limits(self) -> None:
        self.open().go_to_limits()

    def open_after(self, provider: str, kind: str) -> None:
        """Open the dialog at a service of which a task failed.

        Args:
            kind: Of the failure.
        """
        reason = self._reason(provider) if kind == "credentials_missing" else ""
        self.open().go_to(provider, reason, wants_new_key=kind == "credentials_rejected")

    def open_account_page(self, provider: str) -> None:
        """Where people add credit."""
        service = self._servers.service(provider)
        if service is not None and service.account_page:
            QDesktopServices.openUrl(QUrl(service.account_page))
        else:
            self.open().go_to(provider)

    def _open_for_generate(self) -> None:
        """A key that was set on the command line meanwhile is found; the price is then seen before the next click."""
        self._keys.look_first(self._provider, self._open_if_lacking)

    def _open_if_lacking(self) -> None:
        if self._is_stopped(self._provider):
            self.open_for_key(self._provider)

    def _on_application(self, state: Qt.ApplicationState) -> None:
        """The user is back, perhaps from a terminal."""
        if state is Qt.ApplicationState.ApplicationActive and self._has_started:
            self._keys.look_for_missing()

    def open_for_key(self, provider: str) -> None:
        """Open the dialog at a service that lacks a key."""
        self.open().go_to(provider, self._reason(provider))

    def _reason(self, provider: str) -> str:
        service = self._servers.service(provider)
        return f"{service.name} needs a key before it can generate." if service is not None else ""

    def _take(self, settings: Settings) -> None:
        """A new address counts before anybody is asked about the key again."""
        self._addresses.choose(base_urls_of(settings))
        self.settings_changed.emit(settings)

    def _on_finished(self) -> None:
        self._dialog = None

    def _on_model(self, spec: ModelSpec) -> None:
        if spec.provider != self._provider:
            self._provider = spec.provider
            if self._has_started:
                self._keys.look(spec.provider)
            self._show(spec.provider)

    def _on_moved(self, provider: str) -> None:
        self.moved.emit(provider)
        self._show(provider)

    def _on_server(self, provider: str) -> None:
        """Settings that are saved from now on know of a server that came, and no more of one that went."""
        settings = with_server(self._settings(), provider, self._addresses.chosen.get(provider))
        self.settings_changed.emit(settings)
        if self._dialog is not None:
            self._dialog.take(settings)
        self._show(provider)

    def _lacks_key(self, service: Service) -> bool:
        """A server of the user's own often needs none."""
        return self._keys.standing(service.id).is_missing and service.needs_key_at(self._addresses.of(service.id))

    def _show(self, provider: str) -> None:
        self._toolbar.chooser.show_missing_keys(
            frozenset(service.id for service in self._servers.services if self._lacks_key(service))
        )
        if provider == self._provider:
            standing, service = self._keys.standing(provider), self._servers.service(provider)
            name = service.name if service is not None and self._is_stopped(provider) else ""
            self._toolbar.show_key_missing(name, is_unconfirmed=standing.is_unconfirmed)

    def _is_stopped(self, provider: str) -> bool:
        """Whether nothing can be generated there before the user has done something about its key."""
        service = self._servers.service(provider)
        return service is not None and (self._lacks_key(service) or self._keys.standing(provider).is_unconfirmed)
