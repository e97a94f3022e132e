"""Each service says how it stands with its key; a key is pasted, tested, replaced, let go elsewhere, deleted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu

from app.domain import errors
from app.domain.provider import Account
from app.engine.keys import KeySource
from app.storage.settings import SpendingSettings
from tests.ui import accessibility
from tests.ui.key_desk import KEY, OTHER_KEY, desk
from tests.ui.request_world import texts
from tests.ui.waiting import until

ELSEWHERE = "http://127.0.0.1:8431/v1"


async def type_key(at, provider: str, name: str, key: str) -> None:
    field = at.field(f"Key for {name}")
    field.setFocus()
    QTest.keyClicks(field, key)


# What the rows say


async def test_each_service_says_how_it_stands(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        await at.open()

        assert "Ready. Needs no key." in at.says(at.row("local"))
        assert "Key ends in 3f9c." in at.says(at.row("acme"))
        assert "Not set up." in at.says(at.row("plain"))
        assert "Keychain: GNOME Keyring, unlocked" in at.says(at.dialog)
        assert at.offers("local") == []
        assert at.offers("acme") == ["Test", "Replace", "Delete the key for Acme", "More about Acme"]
        assert at.offers("plain") == ["Add key", "More about Plain"]


async def test_it_opens_before_the_keychain_answers(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        at.fake.gate.clear()
        await at.open()
        assert "Looking…" in at.says(at.row("acme"))
        assert "unlocked" not in at.says(at.dialog)

        at.fake.gate.set()
        await at.settle()

        assert "Key ends in 3f9c." in at.says(at.row("acme"))


async def test_a_key_of_the_environment_can_only_be_tested(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY, KeySource.ENVIRONMENT)
        await at.open()

        assert "Set by ACME_API_KEY outside the app." in at.says(at.row("acme"))
        assert at.offers("acme") == ["Test", "More about Acme"]


async def test_a_locked_keychain_is_told_and_asked_again(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        at.fake.lock()
        await at.open()
        assert "The keychain is locked. Unlock it and try again." in at.says(at.row("acme"))

        at.fake.keychain_trouble = None
        await at.press("acme", "Try again")

        assert "Key ends in 3f9c." in at.says(at.row("acme"))
        assert "Keychain: GNOME Keyring, unlocked" in at.says(at.dialog)


# Adding and replacing


async def test_a_pasted_key_is_kept_and_tested_and_leaves_nothing_behind(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        at.button("Add key", at.row("acme")).click()
        field = at.field("Key for Acme")
        assert field.hasFocus()

        QApplication.clipboard().setText(f"  {KEY}\n")
        field.paste()
        await at.press("acme", "Save and test")

        assert at.fake.held["acme"][0] == KEY
        assert at.acme.checks == 1
        assert "Key ends in 3f9c. Works, $23.41 left." in at.says(at.row("acme"))
        assert field.text() == ""
        field.setEchoMode(QLineEdit.EchoMode.Normal)
        field.undo()
        assert field.text() == ""


async def test_enter_saves_and_the_dialog_stays(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        at.button("Add key", at.row("acme")).click()
        await type_key(at, "acme", "Acme", KEY)

        QTest.keyClick(at.field("Key for Acme"), Qt.Key.Key_Return)
        await at.settle()

        assert "Works, $23.41 left." in at.says(at.row("acme"))
        assert at.dialog.isVisible()


async def test_a_service_that_tells_no_balance_works(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.acme.answer = Account()
        at.fake.put("acme", KEY)
        await at.open()

        await at.press("acme", "Test")

        assert "Key ends in 3f9c. Works." in at.says(at.row("acme"))


@pytest.mark.parametrize("answer", [Account(Decimal(0)), errors.QuotaExhausted("402")])
async def test_an_empty_account_is_not_called_free(theme, qtbot, answer):
    async with desk(theme, qtbot) as at:
        at.acme.answer = answer
        at.fake.put("acme", KEY)
        await at.open()

        await at.press("acme", "Test")

        assert "Works, no credit left." in at.says(at.row("acme"))


async def test_a_refused_key_opens_the_field_for_a_new_one(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        at.acme.answer = errors.CredentialsRejected("401 invalid api key")
        await at.open()
        at.button("Test", at.row("acme")).setFocus()

        await at.press("acme", "Test")

        assert "Key refused. Paste a new one." in at.says(at.row("acme"))
        assert "401" not in at.says(at.dialog)
        assert at.field("Key for Acme").hasFocus()
        assert at.field("Key for Acme").property("problem") is True

        at.acme.answer = Account()
        await type_key(at, "acme", "Acme", OTHER_KEY)
        await at.press("acme", "Save and test")

        assert "Key ends in a71b. Works." in at.says(at.row("acme"))
        assert not at.field("Key for Acme").isVisible()


async def test_what_cannot_be_a_key_is_refused_at_the_field(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        at.button("Add key", at.row("acme")).click()
        await type_key(at, "acme", "Acme", "two words")

        await at.press("acme", "Save and test")

        assert "The key must be one word, without spaces or line breaks inside." in at.says(at.row("acme"))
        assert at.field("Key for Acme").text() == "two words"
        assert at.field("Key for Acme").hasFocus()
        assert at.acme.checks == 0

        QTest.keyClick(at.field("Key for Acme"), Qt.Key.Key_Backspace)

        assert "must be one word" not in at.says(at.row("acme"))


async def test_without_a_keychain_a_key_can_be_used_until_the_end(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        at.fake.keychain_trouble = errors.KeychainError("No keychain is running, so the key can’t be stored safely.")
        at.button("Add key", at.row("acme")).click()
        await type_key(at, "acme", "Acme", KEY)
        await at.press("acme", "Save and test")
        assert "No keychain is running, so the key can’t be stored safely." in at.says(at.row("acme"))
        assert at.field("Key for Acme").text() == KEY

        at.fake.keychain_trouble = None
        await at.press("acme", "Until I quit")

        assert "Key ends in 3f9c. Kept until you quit." in at.says(at.row("acme"))
        assert at.acme.checks == 0


async def test_nobody_is_told_that_keys_are_kept_in_a_keychain_that_isnt_there(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        with_one = at.says(at.dialog)
        at.dialog.done(0)
        at.fake.keychain_trouble = errors.KeychainError("No keychain is running, so the key can’t be stored safely.")

        await at.open()

        assert "Keys are kept in this computer’s keychain and sent only to" in with_one
        assert "Keys are kept in memory until you quit, and sent only to" in at.says(at.dialog)
        assert "computer’s keychain" not in at.says(at.dialog)


async def test_replacing_can_be_called_off(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        await at.open()
        await at.press("acme", "Replace")
        await type_key(at, "acme", "Acme", OTHER_KEY)

        await at.press("acme", "Cancel")

        assert not at.field("Key for Acme").isVisible()
        assert at.field("Key for Acme").text() == ""
        assert at.fake.held["acme"][0] == KEY


async def test_a_service_that_cannot_be_tested_promises_no_test(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        at.button("Add key", at.row("plain")).click()
        await type_key(at, "plain", "Plain", KEY)

        await at.press("plain", "Save key")

        assert at.offers("plain") == ["Replace", "Delete the key for Plain", "More about Plain"]


async def test_a_service_that_cannot_be_reached_does_not_make_the_key_wrong(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        at.acme.answer = errors.ServiceUnavailable("503 of the service")
        await at.open()

        await at.press("acme", "Test")

        assert "Key ends in 3f9c. It couldn’t be tested: the service can’t be reached." in at.says(at.row("acme"))


async def test_the_eye_shows_what_was_pasted_and_hides_it_again(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        at.button("Add key", at.row("acme")).click()
        field = at.field("Key for Acme")
        await type_key(at, "acme", "Acme", KEY)
        assert KEY not in accessibility.interface(field).text(accessibility.QAccessible.Text.Value)

        at.button("Show the key for Acme", field).click()
        assert field.echoMode() is QLineEdit.EchoMode.Normal
        at.button("Hide the key for Acme", field).click()

        assert field.echoMode() is QLineEdit.EchoMode.Password


async def test_a_key_that_was_typed_is_gone_with_the_dialog(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        at.button("Add key", at.row("acme")).click()
        await type_key(at, "acme", "Acme", KEY)
        field = at.field("Key for Acme")

        QTest.keyClick(field, Qt.Key.Key_Escape)

        assert not dialog.isVisible()
        assert field.text() == ""
        at.dialog = None


# Deleting


async def test_deleting_asks_in_place_and_keeps_the_key_unless_told_otherwise(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        await at.open()
        await at.press("acme", "Delete the key for Acme")
        assert "Delete the key that ends in 3f9c? It can’t be brought back." in at.says(at.row("acme"))
        assert at.button("Keep it", at.row("acme")).hasFocus()

        await at.press("acme", "Keep it")
        assert at.fake.held["acme"][0] == KEY

        await at.press("acme", "Delete the key for Acme")
        await at.press("acme", "Delete key")

        assert "acme" not in at.fake.held
        assert "Not set up." in at.says(at.row("acme"))


# Addresses


async def choose_address(at, text: str) -> None:
    at.dialog.rows["acme"].change_address()
    field = at.field("Address of Acme")
    field.selectAll()
    QTest.keyClicks(field, text)
    await at.press("acme", "Change the address of Acme")


async def test_after_a_change_of_address_the_key_waits_for_the_users_word(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        await at.open()

        await choose_address(at, ELSEWHERE)

        assert at.settings[-1].providers["acme"].base_url == ELSEWHERE
        question = "This key was given for https://api.acme.example. Send it to http://127.0.0.1:8431 from now on?"
        assert question in at.says(at.row("acme"))
        assert f"Reached at {ELSEWHERE}" in at.says(at.row("acme"))
        assert "Test" not in at.offers("acme")

        await at.press("acme", "Send it there")

        assert "Key ends in 3f9c." in at.says(at.row("acme"))
        assert "Test" in at.offers("acme")


async def test_the_own_address_comes_back_with_one_press(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        at.move("acme", ELSEWHERE)
        await at.open()
        assert "from now on?" in at.says(at.row("acme"))

        await at.press("acme", "Use Acme’s own address")

        assert at.settings[-1].providers["acme"].base_url is None
        assert "Key ends in 3f9c." in at.says(at.row("acme"))
        assert "Reached at" not in at.says(at.row("acme"))


async def test_an_address_that_cannot_be_used_says_why_and_changes_nothing(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()

        await choose_address(at, "http://example.com")

        assert "The address must begin with https://; http:// is for this computer alone." in at.says(at.row("acme"))
        assert at.settings == []
        assert at.field("Address of Acme").hasFocus()


async def test_the_menu_of_a_row_leads_to_the_account_and_to_the_address(theme, qtbot, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    async with desk(theme, qtbot) as at:
        await at.open()
        at.button("More about Acme", at.row("acme")).click()
        menu = at.row("acme").findChild(QMenu)
        actions = {action.text(): action for action in menu.actions()}

        actions["Account and keys…"].trigger()
        actions["What was charged…"].trigger()
        actions["Change address"].trigger()
        menu.close()

        assert opened == ["https://acme.example/keys", "https://acme.example/usage"]
        assert at.field("Address of Acme").isVisible()


async def test_those_without_a_key_are_told_where_to_get_one(theme, qtbot, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    async with desk(theme, qtbot) as at:
        await at.open()
        at.button("Add key", at.row("acme")).click()

        at.button("Get a key at Acme", at.row("acme")).click()

        assert opened == ["https://acme.example/keys"]


# Limits


async def test_the_limits_are_shown_as_money_and_kept_when_the_field_is_left(theme, qtbot):
    async with desk(theme, qtbot) as at:
        await at.open()
        assert at.field("Limit a day").text() == "$5.00"
        field = at.field("Limit a month")
        field.setFocus()
        QTest.keyClicks(field, "$1,000")
        QTest.keyClick(field, Qt.Key.Key_Tab)

        assert at.settings[-1].spending == SpendingSettings(Decimal(5), Decimal(1000))
        assert field.text() == "$1,000.00"


async def test_a_limit_can_be_taken_away_and_closing_takes_it_over(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        field = at.field("Limit a day")
        field.setFocus()
        field.clear()

        at.button("Close", dialog).click()

        assert at.settings[-1].spending.day_usd is None
        at.dialog = None


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("much", "Type an amount such as 40, or leave it empty for no limit."),
        ("2000000", "Type at most $1,000,000, or leave it empty for no limit."),
    ],
)
async def test_a_limit_that_cannot_be_used_keeps_the_dialog_open(theme, qtbot, typed, problem):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        field = at.field("Limit a month")
        field.setFocus()
        QTest.keyClicks(field, typed)
        dialog._close.click()

        assert dialog.isVisible()
        assert problem in at.says(dialog)
        assert field.hasFocus()
        assert at.settings == []


# Ways in, keyboard, size


async def test_it_opens_at_the_service_that_is_asked_for(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()

        dialog.go_to("acme", "Acme needs a key before it can generate.")

        assert "Acme needs a key before it can generate." in at.says(at.row("acme"))
        assert at.field("Key for Acme").hasFocus()


async def test_whoever_asks_before_the_keychain_answers_is_brought_there_then(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.gate.clear()
        dialog = await at.open()
        dialog.go_to("acme", "Acme needs a key before it can generate.")

        at.fake.gate.set()
        await at.settle()

        assert at.field("Key for Acme").hasFocus()


async def test_the_focus_never_lands_on_the_button_that_lets_a_key_go(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        at.move("acme", ELSEWHERE)
        dialog = await at.open()

        dialog.go_to("acme")

        assert at.button("Replace", at.row("acme")).hasFocus()


async def test_every_button_and_field_has_a_name_of_its_own(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        dialog = await at.open()
        await at.press("acme", "Replace")
        await at.press("plain", "Add key")
        everything = [*dialog.findChildren(QAbstractButton), *dialog.findChildren(QLineEdit)]
        shown = [widget for widget in everything if widget.isVisible()]
        names = [accessibility.name(widget) for widget in shown]

        assert all(names)
        double = {name for name in names if names.count(name) > 1}
        assert double <= {"Close"}  # the cross and the button do the same


async def test_everything_can_be_reached_with_tab(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        dialog = await at.open()
        wanted = {b for b in dialog.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled()}
        reached = set()
        for _ in range(40):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            reached.add(QApplication.focusWidget())

        assert wanted <= reached


async def test_a_screen_too_low_for_the_rows_scrolls_them(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        theme.set_text_scale(2.0)
        await until(lambda: not dialog._fit_soon.isActive())

        assert dialog.height() <= dialog.screen().availableGeometry().height()
        assert at.button("Close", dialog).isVisible()


async def test_the_height_follows_the_rows(theme, qtbot):
    async with desk(theme, qtbot) as at:
        dialog = await at.open()
        before = dialog.height()

        await at.press("acme", "Add key")
        await until(lambda: dialog.height() > before)
        await at.press("acme", "Cancel")

        await until(lambda: dialog.height() == before)


async def test_what_changed_elsewhere_is_seen_when_it_is_opened_again(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        dialog = await at.open()
        dialog.done(0)
        at.fake.put("acme", OTHER_KEY)

        await at.open()

        assert "Key ends in a71b." in at.says(at.row("acme"))


async def test_a_result_counts_only_for_the_key_that_was_tested(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        await at.open()
        await at.press("acme", "Test")
        at.fake.put("acme", OTHER_KEY)

        at.fake.changed.announce("acme")
        await at.settle()

        assert "Key ends in a71b." in at.says(at.row("acme"))
        assert "Works" not in at.says(at.row("acme"))


@pytest.mark.parametrize("answer", [Account(Decimal(10)), errors.QuotaExhausted("Empty.")])
async def test_a_balance_is_told_no_longer_once_something_was_spent(theme, qtbot, answer):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        at.acme.answer = answer
        await at.open()
        await at.press("acme", "Test")
        before = at.says(at.row("acme"))

        at.keys.forget_balance("acme")

        assert "left" in before
        assert "Key ends in 3f9c. Works. " in f"{at.says(at.row('acme'))} "
        assert "left" not in at.says(at.row("acme"))


async def test_a_refusal_of_the_key_outlives_what_is_spent(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        at.acme.answer = errors.CredentialsRejected("No.")
        await at.open()
        await at.press("acme", "Test")

        at.keys.forget_balance("acme")
        at.keys.forget_balance("plain")  # of which nothing is known

        assert "Key refused." in at.says(at.row("acme"))


async def test_nothing_goes_unnoticed(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.fake.put("acme", KEY)
        await at.open()
        await at.press("acme", "Test")
        await at.press("acme", "Delete the key for Acme")
        await at.press("acme", "Delete key")

        assert at.stray == []


async def test_a_limit_that_cannot_be_read_is_typed_anew_or_given_up(theme, qtbot):
    async with desk(theme, qtbot) as at:
        at.limit(SpendingSettings(unreadable=("day_usd", "month_usd")))
        dialog = await at.open()
        assert "Both limits can’t be read" in texts(dialog)
        assert at.field("Limit a day").placeholderText() == "Unknown"

        gives_up = at.button("No limit a day", dialog)
        gives_up.click()

        assert at.settings[-1].spending == SpendingSettings(unreadable=("month_usd",))
        assert "The limit a month can’t be read" in texts(dialog)
        assert "“No limit a month”" in texts(dialog)
        assert not gives_up.isVisible()
        field = at.field("Limit a month")
        field.setFocus()
        QTest.keyClicks(field, "40")
        QTest.keyClick(field, Qt.Key.Key_Tab)
        assert at.settings[-1].spending == SpendingSettings(month_usd=Decimal(40))
        assert "Checked before anything is sent" in texts(dialog)
