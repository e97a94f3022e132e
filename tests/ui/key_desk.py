"""The dialog of services and keys on keys in memory, and what a user does in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import AppError
from app.domain.provider import Account
from app.domain.service import Service
from app.engine.addresses import Addresses, base_urls_of
from app.engine.roster import Roster
from app.storage.settings import ProviderSettings, Settings, SettingsStore, SpendingSettings
from app.ui.background import Background
from app.ui.own_servers import OwnServers, with_server
from app.ui.service_keys import ServiceKeys
from app.ui.services_dialog import ServicesDialog
from app.ui.theme import Theme
from tests.fakes.keys import FakeKeys
from tests.ui.waiting import until

LOCAL = Service("local", "Built-in generator", "effects, speech")
ACME = Service(
    "acme",
    "Acme",
    "speech, scenes",
    base_url="https://api.acme.example/v1",
    key_variable="ACME_API_KEY",
    account_page="https://acme.example/keys",
    usage_page="https://acme.example/usage",
)
PLAIN = Service(
    "plain", "Plain", "effects", base_url="https://plain.example", key_variable="PLAIN_API_KEY", account_page=""
)
SERVICES = (LOCAL, ACME, PLAIN)
KEY = "invented-key-3f9c"
OTHER_KEY = "invented-key-a71b"


class Checker:
    """A provider of which only the check of its key is asked."""

    def __init__(self) -> None:
        self.answer: Account | AppError = Account(Decimal("23.41"))
        self.checks = 0

    async def check_key(self) -> Account:
        self.checks += 1
        if isinstance(self.answer, AppError):
            raise self.answer
        return self.answer


class Desk:
    """
    Attributes:
        settings: All that the dialog wanted to be kept, in order.
        stray: Errors that nobody showed in the dialog.
    """

    def __init__(self, theme: Theme, qtbot: QtBot) -> None:
        self.theme = theme
        self.home = QWidget()
        self.home.resize(1000, 800)
        qtbot.addWidget(self.home)
        self.addresses = Addresses(SERVICES)
        self.fake = FakeKeys(self.addresses)
        self.acme = Checker()
        self.stray: list[AppError] = []
        self.background = Background(self.stray.append)
        self.servers_made: dict[str, Checker] = {}
        self._folder = TemporaryDirectory()
        self.store = SettingsStore(Path(self._folder.name) / "settings.toml")
        self.roster = Roster(
            SERVICES,
            {"acme": self.acme},  # type: ignore[dict-item]
            addresses=self.addresses,
            keys=self.fake,  # type: ignore[arg-type]
            settings=self.store,
            make_server=self._made_server,  # type: ignore[arg-type]
        )
        self.keys = ServiceKeys(self.fake, SERVICES, self.roster.providers, self.background, self.home)  # type: ignore[arg-type]
        self.servers = OwnServers(self.roster, self.keys, self.background, self.home)
        self.servers.changed.connect(self._on_server)
        self.settings: list[Settings] = []
        self._start = Settings(spending=SpendingSettings(Decimal(5), None))
        self.dialog: ServicesDialog | None = None

    async def open(self) -> ServicesDialog:
        """Shown, active, and everything known, unless the keychain lets us wait."""
        self.home.show()
        settings = self.settings[-1] if self.settings else self._start
        dialog = self.dialog = ServicesDialog(self.theme, self.servers, self.keys, settings, self.home)
        dialog.changed.connect(self._take)
        dialog.open()
        dialog.activateWindow()
        await until(dialog.isActiveWindow)
        if self.fake.gate.is_set():
            await self.settle()
        return dialog

    async def settle(self) -> None:
        await until(lambda: not len(self.background))
        await until(lambda: self.dialog is None or not self.dialog._fit_soon.isActive())

    def move(self, provider: str, base_url: str) -> None:
        """As if the user had chosen another address before the start."""
        self.addresses.choose({provider: base_url})
        self._start = replace(self._start, providers={provider: ProviderSettings(base_url=base_url)})

    def limit(self, spending: SpendingSettings) -> None:
        """The limits as they were read at the start."""
        self._start = replace(self._start, spending=spending)

    def _made_server(self, provider: str) -> tuple[Service, Checker]:
        name = provider.partition(":")[2]
        checker = self.servers_made[provider] = Checker()
        checker.answer = Account()
        key_variable = f"CUESMITH_OPENAI_{name.upper()}_API_KEY"
        return Service(
            provider, name, "speech, transcription", key_variable=key_variable, is_key_optional=True
        ), checker

    def _on_server(self, provider: str) -> None:
        now = self.settings[-1] if self.settings else self._start
        self.settings.append(with_server(now, provider, self.addresses.chosen.get(provider)))
        if self.dialog is not None:
            self.dialog.take(self.settings[-1])

    def close(self) -> None:
        self.servers.close()
        self.keys.close()
        self.home.close()
        self._folder.cleanup()

    def _take(self, settings: Settings) -> None:
        self.addresses.choose(base_urls_of(settings))
        self.settings.append(settings)

    # What a user sees and presses

    def row(self, provider: str) -> QWidget:
        assert self.dialog is not None
        return self.dialog.rows[provider]

    def says(self, where: QWidget) -> str:
        return " | ".join(label.text() for label in where.findChildren(QLabel) if label.isVisible() and label.text())

    def offers(self, provider: str) -> list[str]:
        """The buttons of a row by their words, or their names."""
        buttons = [b for b in self.row(provider).findChildren(QAbstractButton) if b.isVisible()]
        return [button.text() or button.accessibleName() for button in buttons]

    def button(self, words: str, where: QWidget) -> QAbstractButton:
        found = [
            b for b in where.findChildren(QAbstractButton) if b.isVisible() and words in (b.text(), b.accessibleName())
        ]
        assert found, f"no button says {words}"
        return found[0]

    async def press(self, provider: str, words: str) -> None:
        self.button(words, self.row(provider)).click()
        await self.settle()

    def field(self, name: str) -> QLineEdit:
        assert self.dialog is not None
        return next(f for f in self.dialog.findChildren(QLineEdit) if f.accessibleName() == name)


@asynccontextmanager
async def desk(theme: Theme, qtbot: QtBot) -> AsyncIterator[Desk]:
    """Not a fixture: between a test and the end of its fixtures Qt's events are worked off outside the loop."""
    made = Desk(theme, qtbot)
    try:
        yield made
    finally:
        made.fake.gate.set()
        await made.background.close()
        if made.dialog is not None and made.dialog.isVisible():
            made.dialog.done(0)
        made.close()
