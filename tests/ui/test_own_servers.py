"""A server of one's own is set up with a name and an address, tried, given a key, moved and removed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu

from app.domain.errors import CredentialsRejected, KeychainError, NotConnected
from app.engine.keys import KeySource
from tests.ui import accessibility
from tests.ui.key_desk import KEY, Desk, desk
from tests.ui.waiting import until

ADDRESS = "http://localhost:8880/v1"
KOKORO = "openai:kokoro"


async def set_up(at: Desk, name: str = "kokoro", address: str = ADDRESS, key: str = "") -> None:
    """As a user does, with the dialog open."""
    assert at.dialog is not None
    entry = at.dialog.entry
    if not entry.name_field.isVisible():
        entry._open.click()
    for field, text in ((entry.name_field, name), (entry.address_field, address), (entry.key_field, key)):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text) if text else field.clear()
    at.button("Set up server", entry).click()
    await at.settle()


async def choose_in_menu(at: Desk, provider: str, words: str) -> None:
    row = at.row(provider)
    at.button(f"More about {row.service.name}", row).click()
    menu = row.findChildren(QMenu)[-1]
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()
    await at.settle()


async def test_the_last_row_offers_to_set_one_up(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()

        assert "Own server | OpenAI-compatible" in at.says(dialog.entry)
        assert "Not set up. Any OpenAI-compatible server." in at.says(dialog.entry)
        assert not dialog.entry.name_field.isVisible()
        assert dialog.entry.y() > max(row.y() for row in dialog.rows.values())


async def test_a_server_is_there_at_once_and_is_tried(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()

        await set_up(at)

        assert at.servers_made[KOKORO].checks == 1
        assert "Works, without a key." in at.says(at.row(KOKORO))
        assert f"Reached at {ADDRESS}" in at.says(at.row(KOKORO))
        assert at.offers(KOKORO) == ["Test", "Add key", "More about kokoro", "Change"]
        assert at.store.load().providers[KOKORO].base_url == ADDRESS
        assert not dialog.entry.name_field.isVisible()
        assert "Not set up." not in at.says(dialog.entry)
        assert dialog.entry.y() > at.row(KOKORO).y()
        assert at.fake.held == {}


async def test_several_servers_have_a_row_each(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()

        await set_up(at)
        await set_up(at, "speaches", "https://speaches.example/v1")

        assert list(dialog.rows)[-2:] == [KOKORO, "openai:speaches"]


async def test_what_is_wrong_stands_at_its_field_and_goes_while_it_is_mended(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()

        await set_up(at, "my kokoro", "http://192.168.1.5:8880/v1")

        said = at.says(dialog.entry)
        assert "The name may have up to 40 letters" in said
        assert "The address must begin with https://" in said
        assert dialog.entry.name_field.hasFocus()
        assert list(dialog.rows) == ["local", "acme", "plain"]

        await set_up(at, "kokoro", "http://192.168.1.5:8880/v1")
        assert "The name may have" not in at.says(dialog.entry)
        assert dialog.entry.address_field.hasFocus()

        await set_up(at)
        assert KOKORO in dialog.rows


async def test_a_name_that_is_taken_is_refused(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        await set_up(at)

        await set_up(at)

        assert "There is a server called kokoro already." in at.says(dialog.entry)


async def test_enter_sets_up_and_escape_gives_up_and_the_dialog_stays(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        dialog.entry._open.click()
        QTest.keyClicks(dialog.entry.name_field, "kokoro")
        QTest.keyClicks(dialog.entry.key_field, KEY)

        QTest.keyClick(dialog.entry.name_field, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        assert not dialog.entry.name_field.isVisible()
        assert dialog.entry.key_field.text() == ""
        assert dialog.entry._open.hasFocus()

        dialog.entry._open.click()
        QTest.keyClicks(dialog.entry.name_field, "kokoro")
        QTest.keyClicks(dialog.entry.address_field, ADDRESS)
        QTest.keyClick(dialog.entry.address_field, Qt.Key.Key_Return)
        await at.settle()
        assert KOKORO in dialog.rows


async def test_a_key_goes_into_the_keychain_and_leaves_no_field_behind(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()

        await set_up(at, key=KEY)

        assert at.fake.held[KOKORO] == (KEY, KeySource.KEYCHAIN, "http://localhost:8880")
        assert "Key ends in 3f9c. Works." in at.says(at.row(KOKORO))
        assert all(KEY not in field.text() for field in dialog.findChildren(QLineEdit))


async def test_without_a_keychain_the_server_is_there_and_the_key_waits_in_its_row(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        at.fake.keychain_trouble = KeychainError("No keychain is running.")

        await set_up(at, key=KEY)

        assert "“Until I quit” keeps the key in memory." in at.says(at.row(KOKORO))
        await at.press(KOKORO, "Until I quit")
        assert at.fake.held[KOKORO][:2] == (KEY, KeySource.SESSION)


async def test_a_server_that_wants_a_key_opens_the_field_for_one(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        await set_up(at)
        at.servers_made[KOKORO].answer = CredentialsRejected("401")

        await at.press(KOKORO, "Test")

        assert "This server wants a key. Paste it." in at.says(at.row(KOKORO))
        assert at.field("Key for kokoro").isVisible()


async def test_a_server_that_is_off_is_told(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        await set_up(at)
        at.servers_made[KOKORO].answer = NotConnected("refused")

        await at.press(KOKORO, "Test")

        assert "It couldn’t be tested: no connection." in at.says(at.row(KOKORO))


async def test_another_address_counts_at_once_and_what_was_tested_there_says_nothing(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        await set_up(at)
        row = dialog.rows[KOKORO]

        await choose_in_menu(at, KOKORO, "Change address")
        field = at.field("Address of kokoro")
        field.setText("")
        at.button("Change the address of kokoro", row._address._fields).click()
        assert "The address must look like" in at.says(row)
        field.setText("https://tts.example/v1")
        with qtbot.waitSignal(dialog.moved) as moved:
            at.button("Change the address of kokoro", row._address._fields).click()
        await at.settle()

        assert moved.args == [KOKORO]
        assert at.addresses.of(KOKORO) == "https://tts.example/v1"
        assert at.settings[-1].providers[KOKORO].base_url == "https://tts.example/v1"
        assert "Ready, without a key." in at.says(row)


async def test_removing_asks_in_place_and_takes_the_key_along(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        await set_up(at, key=KEY)

        await choose_in_menu(at, KOKORO, "Remove server")
        assert "Remove kokoro, with its key? Its takes stay." in at.says(at.row(KOKORO))
        assert at.offers(KOKORO)[:2] != ["Test", "Replace"]
        await at.press(KOKORO, "Keep it")
        assert KOKORO in dialog.rows

        await choose_in_menu(at, KOKORO, "Remove server")
        await at.press(KOKORO, "Remove server")

        assert KOKORO not in dialog.rows
        assert at.fake.held == {}
        assert KOKORO not in at.roster.providers
        assert KOKORO not in at.store.load().providers
        assert at.stray == []
        assert "Not set up." in at.says(dialog.entry)

        await set_up(at)
        assert "Works, without a key." in at.says(at.row(KOKORO)), "nothing is left of the one before"


async def test_a_server_whose_key_cannot_be_removed_stays(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        await set_up(at, key=KEY)
        at.fake.lock()

        await choose_in_menu(at, KOKORO, "Remove server")
        await at.press(KOKORO, "Remove server")

        assert KOKORO in dialog.rows
        assert KOKORO in at.roster.providers
        assert "The keychain is locked." in at.says(at.row(KOKORO))


async def test_services_that_cuesmith_knows_cannot_be_removed(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()

        dialog.rows["acme"]._more.click()

        words = [action.text() for action in dialog.rows["acme"].findChildren(QMenu)[-1].actions()]
        assert "Remove server" not in words
        dialog.rows["acme"].findChildren(QMenu)[-1].close()


async def test_everything_has_a_name_of_its_own(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        await set_up(at)
        dialog.entry.open_fields()
        at.button("Add key", at.row(KOKORO)).click()
        await at.settle()
        everything = [*dialog.findChildren(QAbstractButton), *dialog.findChildren(QLineEdit)]
        names = [accessibility.name(widget) for widget in everything if widget.isVisible()]

        assert all(names)
        assert {name for name in names if names.count(name) > 1} <= {"Close"}


@pytest.mark.parametrize("scale", [0.8, 1.0, 1.6])
async def test_the_dialog_grows_with_what_is_asked(theme, qtbot, scale):
    theme.set_text_scale(scale)
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        before = dialog.height()

        dialog.entry.open_fields()
        await until(lambda: dialog.height() > before)
        await at.settle()

        assert dialog.entry.address_field.isVisible()


async def test_on_a_low_screen_the_field_that_has_the_focus_is_scrolled_into_view(theme, qtbot):
    theme.set_text_scale(1.6)
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        await set_up(at)
        await set_up(at, "speaches", "https://speaches.example/v1")

        await set_up(at, "my kokoro", "http://192.168.1.5:8880/v1")

        entry, area = dialog.entry, dialog._area.viewport()

        def sees_the_focus() -> bool:
            focus = dialog.focusWidget()
            return entry.isAncestorOf(focus) and area.rect().contains(QRect(focus.mapTo(area, QPoint()), focus.size()))

        await until(sees_the_focus)
