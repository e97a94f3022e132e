"""A server of one's own in the whole window: set up, asked and removed without a restart, there at the next start."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton

from app.domain.task import TaskState
from app.ui.model_chooser import ModelPopup
from app.ui.other_model_dialog import OtherModelDialog
from app.ui.services_dialog import ServicesDialog
from tests.servers.openai_dialects import KOKORO
from tests.servers.openai_server import OpenAIServer
from tests.ui.waiting import until
from tests.ui.window_world import World, in_a_window, opened

MINE = "openai:mine"


@pytest.fixture(autouse=True)
def no_keychain(monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


async def set_up(world: World, address: str) -> ServicesDialog:
    """In the dialog, by its fields and buttons."""
    dialog = world.window.services_flow.open()
    await until(dialog.isActiveWindow)
    dialog.entry._open.click()
    world.type("mine")
    dialog.entry.address_field.setFocus()
    world.type(address)
    world.button("Set up server", dialog.entry).click()
    await until(lambda: MINE in dialog.rows and "Works, without a key." in dialog.rows[MINE]._words.text())
    await world.settle()
    return dialog


def offered(world: World) -> list[str]:
    """The entries of the list of models."""
    chooser = world.window.toolbar.chooser
    chooser.open_list()
    popup = chooser.findChildren(ModelPopup)[-1]
    names = [each.accessibleName() for each in popup.findChildren(QAbstractButton) if not each.isHidden()]
    popup.close()
    return names


async def choose(world: World, model: str) -> tuple[str, ...]:
    """By “Other model…”; returns what the server lists."""
    world.window.other_models.ask(MINE)
    dialog = world.window.window.findChild(OtherModelDialog)
    await until(lambda: dialog._listed)
    dialog._id.setText(model)
    dialog._choose()
    await world.settle()
    return dialog._listed


@in_a_window
async def test_a_server_makes_a_sound_without_a_restart(world):
    async with OpenAIServer(KOKORO) as server:
        before = offered(world)
        dialog = await set_up(world, server.url)
        dialog.done(0)

        listed = await choose(world, "kokoro")
        window, chooser = world.window, world.window.column.voice.chooser
        await until(lambda: chooser.list.items.rowCount() > 3)
        chooser.list.setCurrentIndex(chooser.list.items.index(2))
        window.column.prompt.text.setPlainText("Welcome back.")
        enabled = window.toolbar.generate.text()
        window.toolbar.generate.click()
        await until(lambda: server.speeches)
        (task,) = await world.services.store.tasks()
        await world.services.queue.wait([task.id])

        assert "Other model of mine" not in before
        assert "Other model of mine" in offered(world)
        assert "kokoro" in listed
        assert enabled == "Generate 1 take"
        (task,) = await world.services.store.tasks()
        assert task.state is TaskState.FINISHED, task.failure
        assert server.speeches[0].body["voice"] == chooser.list.items.index(2).data(chooser.list.items.ID)
        assert {request.key for request in server.requests} == {"none"}


@in_a_window
async def test_settings_that_change_afterwards_keep_the_server_and_it_is_there_at_the_next_start(world, qapp, tmp_path):
    async with OpenAIServer(KOKORO) as server:
        dialog = await set_up(world, server.url)
        dialog._limits._fields["day_usd"].setText("7")
        dialog._close.click()
        await choose(world, "kokoro")
        await world.settle()

        assert world.services.addresses.of(MINE) == server.url
        await world.end()
        async with opened(qapp, tmp_path / "home") as again:
            assert again.window.column.spec.provider == MINE
            assert again.services.addresses.of(MINE) == server.url
            assert again.services.settings.get("spending.day_usd") == "7"
            assert "Other model of mine" in offered(again)


@in_a_window
async def test_a_removed_server_is_offered_no_more_and_another_model_takes_its_place(world, qapp, tmp_path):
    async with OpenAIServer(KOKORO) as server:
        dialog = await set_up(world, server.url)
        await choose(world, "kokoro")

        world.window.servers.remove(MINE)
        await until(lambda: MINE not in dialog.rows)
        await world.settle()
        dialog.done(0)

        assert world.window.column.spec.provider == "local"
        assert "Other model of mine" not in offered(world)
        await world.end()
        async with opened(qapp, tmp_path / "home") as again:
            assert MINE not in again.services.providers


@in_a_window
async def test_a_server_that_is_off_lets_a_voice_be_typed(world):
    async with OpenAIServer(KOKORO) as server:
        (await set_up(world, server.url)).done(0)
        await choose(world, "kokoro")
        chooser = world.window.column.voice.chooser
        await until(lambda: chooser.list.items.rowCount())
    chooser.reload_wanted.emit()
    await until(chooser.trouble.isVisible)

    world.window.window.activateWindow()
    await until(world.window.window.isActiveWindow)
    chooser.take_focus()
    world.type("af_bella")

    assert world.window.column.request().voice == "af_bella"
