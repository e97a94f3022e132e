"""What lacks a key says so, and leads to where one is given; the keychain is left alone until then."""

from __future__ import annotations

from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from app.domain.model_spec import Kind, ModelSpec
from app.domain.receipt import FREE, Estimate, Spent
from app.storage.ledger import Excess
from app.storage.settings import Settings, SpendingSettings
from app.ui.queue_panel import QueuePanel
from app.ui.services_dialog import ServicesDialog
from app.ui.services_flow import ServicesFlow
from app.ui.toolbar import Toolbar
from tests.ui.key_desk import KEY, SERVICES, Desk, desk
from tests.ui.library_rows import NOW
from tests.ui.waiting import until

SKETCH = ModelSpec("local", "sketch", "Sketch", (Kind.EFFECT,))
SEED = ModelSpec("acme", "seed", "Seed", (Kind.SCENE,))


class Joined:
    """Toolbar and list, joined to a desk's keys."""

    def __init__(self, at: Desk, theme) -> None:
        self.at = at
        self.toolbar = Toolbar(theme, {service.id: service.name for service in SERVICES})
        self.toolbar.setParent(at.home)
        self.library = QueuePanel(
            theme,
            live_of=lambda _id: None,
            position_of=lambda _id: None,
            model_label=lambda _provider, model: model,
            now=lambda: NOW,
            parent=at.home,
        )
        self.settings = Settings()
        self.flow = ServicesFlow(
            theme, at.servers, at.keys, at.addresses, lambda: self.settings, self.toolbar, self.library, at.home
        )
        self.flow.settings_changed.connect(self._take)
        at.home.show()

    def _take(self, settings: Settings) -> None:
        self.settings = settings

    def choose(self, spec: ModelSpec) -> None:
        self.toolbar.chooser.show_models([SKETCH, SEED], spec)
        self.toolbar.show_request(spec, 1, Estimate(FREE, FREE))

    async def dialog(self) -> ServicesDialog:
        """The one that is open now."""
        await self.at.settle()
        shown = [each for each in self.at.home.findChildren(ServicesDialog) if each.isVisible()]
        assert len(shown) == 1
        self.at.dialog = shown[0]
        self.at.dialog.activateWindow()
        await until(self.at.dialog.isActiveWindow)
        await self.at.settle()
        return self.at.dialog


@asynccontextmanager
async def joined(theme, qtbot):
    async with desk(theme, qtbot) as at:
        made = Joined(at, theme)
        made.choose(SKETCH)
        made.flow.start()
        await at.settle()
        yield made


async def test_the_keychain_is_left_alone_as_long_as_no_service_is_used(theme, qtbot):
    async with joined(theme, qtbot) as made:
        assert made.at.fake.asked == []
        assert made.toolbar.generate.text() == "Generate 1 take"


async def test_nothing_is_looked_up_before_the_start(theme, qtbot):
    async with desk(theme, qtbot) as at:
        made = Joined(at, theme)
        made.choose(SEED)
        await at.settle()
        assert at.fake.asked == []

        made.flow.start()
        await at.settle()

        assert made.toolbar.generate.text() == "Set a key for Acme"


async def test_generate_without_a_key_opens_the_dialog_at_the_service(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.choose(SEED)
        await made.at.settle()
        assert made.toolbar.generate.text() == "Set a key for Acme"

        made.toolbar.generate.click()
        await made.dialog()

        assert "Acme needs a key before it can generate." in made.at.says(made.at.row("acme"))
        assert made.at.field("Key for Acme").hasFocus()


async def test_a_key_from_the_command_line_is_found_by_the_click_and_shows_the_price_first(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.choose(SEED)
        await made.at.settle()
        generated: list[bool] = []
        made.toolbar.generate_wanted.connect(lambda: generated.append(True))
        made.at.fake.put("acme", KEY)

        made.toolbar.generate.click()
        await made.at.settle()

        assert made.toolbar.generate.text() == "Generate 1 take"
        assert not made.at.home.findChildren(ServicesDialog)
        assert generated == []


async def test_a_keychain_that_takes_its_time_does_not_keep_the_dialog_away(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.choose(SEED)
        await made.at.settle()
        made.at.fake.gate.clear()

        made.toolbar.generate.click()

        await until(lambda: made.at.home.findChildren(ServicesDialog))
        made.at.fake.gate.set()
        await made.dialog()


async def test_a_key_from_the_command_line_is_found_when_the_user_comes_back(theme, qtbot, qapp):
    async with joined(theme, qtbot) as made:
        made.choose(SEED)
        await made.at.settle()
        made.at.fake.put("acme", KEY)
        asked = len(made.at.fake.asked)

        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        await made.at.settle()
        found = made.at.fake.asked[asked:]
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        await made.at.settle()

        assert made.toolbar.generate.text() == "Generate 1 take"
        assert found == ["acme"]
        assert len(made.at.fake.asked) == asked + 1  # what has a key isn't looked up again


async def test_a_locked_keychain_is_not_asked_whenever_the_user_comes_back(theme, qtbot, qapp):
    async with joined(theme, qtbot) as made:
        made.at.fake.lock()
        made.choose(SEED)
        await made.at.settle()
        asked = len(made.at.fake.asked)

        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        await made.at.settle()

        assert len(made.at.fake.asked) == asked


async def test_a_key_from_the_dialog_lets_generate_go_on(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.choose(SEED)
        await made.at.settle()
        made.toolbar.generate.click()
        await made.dialog()

        made.at.field("Key for Acme").setText(KEY)
        await made.at.press("acme", "Save and test")

        assert made.toolbar.generate.text() == "Generate 1 take"


async def test_a_model_that_needs_no_key_can_be_generated_at_once(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.choose(SEED)
        await made.at.settle()

        made.choose(SKETCH)

        assert made.toolbar.generate.text() == "Generate 1 take"


async def test_an_address_counts_at_once_and_goes_into_the_settings(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.at.fake.put("acme", KEY)
        made.choose(SEED)
        dialog = made.flow.open()
        await made.dialog()

        dialog.rows["acme"].address_chosen.emit("https://relay.example/v1")
        await made.at.settle()

        assert made.at.addresses.of("acme") == "https://relay.example/v1"
        assert made.settings.providers["acme"].base_url == "https://relay.example/v1"
        assert made.toolbar.generate.text() == "Confirm the key for Acme"


async def test_the_list_of_models_knows_who_lacks_a_key(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.at.fake.put("plain", KEY)

        made.toolbar.chooser.opening.emit()
        await made.at.settle()

        assert made.toolbar.chooser._missing_keys == {"acme"}


async def test_there_is_one_dialog_however_often_it_is_asked_for(theme, qtbot):
    async with joined(theme, qtbot) as made:
        first = made.flow.open()

        assert made.flow.open() is first
        first.done(0)
        assert made.flow.open() is not first
        await made.dialog()


@pytest.mark.parametrize("kind", ["credentials_rejected", "credentials_missing"])
async def test_a_failed_task_leads_to_its_service(theme, qtbot, kind):
    async with joined(theme, qtbot) as made:
        if kind == "credentials_rejected":
            made.at.fake.put("acme", KEY)

        made.library.services_wanted.emit("acme", kind)
        await made.dialog()

        assert made.at.field("Key for Acme").hasFocus()


async def test_credit_is_added_at_the_service(theme, qtbot, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    async with joined(theme, qtbot) as made:
        made.library.credit_wanted.emit("acme")

        assert opened == ["https://acme.example/keys"]


async def test_generate_over_a_limit_leads_to_the_limits(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.toolbar.show_excess(Excess("today", Decimal(1), Spent(Decimal(1)), Decimal(1)))

        made.toolbar.generate.click()
        await made.dialog()

        assert made.at.field("Limit a day").hasFocus()


async def test_the_limits_can_be_gone_to(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.flow.open_limits()
        await made.dialog()

        assert made.at.field("Limit a day").hasFocus()


async def test_a_server_that_needs_no_key_can_be_generated_with_at_once(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.at.servers.add("kokoro", "http://localhost:8880/v1")
        await made.at.settle()

        made.choose(ModelSpec("openai:kokoro", "kokoro", "kokoro", (Kind.SPEECH,)))
        await made.at.settle()

        assert made.toolbar.generate.text() == "Generate 1 take"
        assert made.settings.providers["openai:kokoro"].base_url == "http://localhost:8880/v1"
        assert "openai:kokoro" not in made.toolbar.chooser._missing_keys


async def test_settings_of_a_dialog_that_is_open_keep_a_server_that_was_set_up_there(theme, qtbot):
    async with joined(theme, qtbot) as made:
        made.flow.open()
        dialog = await made.dialog()
        made.at.servers.add("kokoro", "http://localhost:8880/v1")
        await made.at.settle()

        dialog._change_limits(SpendingSettings(Decimal(7), None))

        assert made.settings.providers["openai:kokoro"].base_url == "http://localhost:8880/v1"
        assert made.at.addresses.of("openai:kokoro") == "http://localhost:8880/v1"
