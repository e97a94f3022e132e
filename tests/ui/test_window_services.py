"""Services and keys in the whole window: the ways to the dialog, and what it changes. Nothing is sent."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from app.domain.errors import SpendingCeilingReached
from app.domain.provider import Account
from app.domain.task import TaskState
from app.ui.preferences_dialog import PreferencesDialog
from app.ui.services_dialog import ServicesDialog
from tests.ui.test_window import add_foreign_task
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window

CTRL = Qt.KeyboardModifier.ControlModifier
NO_KEYCHAIN = "keyring.backends.null.Keyring"  # whoever runs the tests keeps their keys to themselves


def labels(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


@in_a_window
async def test_ctrl_k_and_the_toolbar_open_the_services(world, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)
    window = world.window

    world.key(Qt.Key.Key_K, CTRL)
    first = window.window.findChild(ServicesDialog)
    assert {"Built-in generator", "Runware", "AI/ML API"} <= set(labels(first).splitlines())
    first.done(0)
    await world.settle()
    world.button("Services and keys").click()

    shown = [each for each in window.window.findChildren(ServicesDialog) if each.isVisible()]
    assert len(shown) == 1


@in_a_window
async def test_menu_and_settings_lead_to_the_services(world, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)
    window = world.window
    window.dialogs.open_menu()
    menu = next(each for each in window.window.findChildren(QMenu) if each.isVisible())
    assert "Services and keys…\tCtrl+K" in {each.text() for each in menu.actions()}
    menu.close()

    window.dialogs.open_settings()
    settings = window.window.findChild(PreferencesDialog)
    world.button("Open services and keys", settings).click()

    assert not settings.isVisible()
    assert window.window.findChild(ServicesDialog).isVisible()


@in_a_window
async def test_ctrl_enter_without_a_key_asks_for_one_and_then_generates(world, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)
    monkeypatch.delenv("RUNWARE_API_KEY", raising=False)
    window = world.window
    window.generating.choose(next(spec for spec in world.services.catalogue.models if spec.provider == "runware"))
    await until(lambda: window.toolbar.generate.text() == "Set a key for Runware")

    world.key(Qt.Key.Key_Return, CTRL)
    await until(lambda: window.window.findChild(ServicesDialog))
    dialog = window.window.findChild(ServicesDialog)
    await until(dialog.isActiveWindow)
    await until(lambda: "Runware needs a key before it can generate." in labels(dialog))
    await until(lambda: "No keychain" in labels(dialog) or "isn’t a keychain" in labels(dialog))
    world.type("invented-key-3f9c")
    world.button("Until I quit", dialog).click()

    await until(lambda: "Key ends in 3f9c. Kept until you quit." in labels(dialog))
    assert window.toolbar.generate.text().startswith("Generate")
    assert window.library.items.rowCount() == 0


@in_a_window
async def test_limits_from_the_dialog_of_services_count_at_once(world, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)
    window = world.window
    window.services_flow.open_limits()
    dialog = window.window.findChild(ServicesDialog)
    await until(dialog.isActiveWindow)

    world.type("5")
    world.key(Qt.Key.Key_Tab)

    assert world.services.spending.ceilings.day == Decimal(5)
    await world.settle()
    assert world.services.settings.get("spending.day_usd") == "5"


@in_a_window
async def test_a_limit_that_stops_a_click_can_be_changed_from_the_message(world, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)
    window = world.window
    window.show_error(SpendingCeilingReached("This would pass your limit of $0.50 this month."))

    world.button("Change limit").click()

    dialog = window.window.findChild(ServicesDialog)
    await until(dialog.isActiveWindow)
    await until(lambda: QApplication.focusWidget().accessibleName() == "Limit a day")


@in_a_window
async def test_the_first_start_promises_nothing_free_once_a_paid_model_is_chosen(world, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)
    window = world.window
    await until(lambda: "costs nothing" in labels(window.library))

    window.generating.choose(next(spec for spec in world.services.catalogue.models if spec.provider == "runware"))

    assert "costs nothing" not in labels(window.library)


@in_a_window
async def test_what_an_account_holds_is_not_told_any_more_once_a_task_has_ended_there(world, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)
    monkeypatch.setenv("RUNWARE_API_KEY", "invented-key-3f9c")
    window = world.window
    window.dialogs.open_services()
    dialog = window.window.findChild(ServicesDialog)
    window.service_keys.look("runware")
    await world.settle()
    window.service_keys._put("runware", verdict=Account(Decimal(10)))
    assert "Works, $10.00 left." in labels(dialog)

    await ended(world, "camb")
    assert "Works, $10.00 left." in labels(dialog)
    await ended(world, "runware")

    await until(lambda: "$10.00 left" not in labels(dialog))
    assert "Works." in labels(dialog)


async def ended(world, provider: str) -> None:
    """A task of a service ends: the user gives it up."""
    task = await add_foreign_task(world, TaskState.UNCERTAIN, provider=provider)
    await world.services.queue.resolve_failed(task.id)
    await world.settle()
