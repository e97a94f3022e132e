"""Keys in the keychain: never sent where they weren't meant for, never in the way of anything else."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable

import pytest
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError

from app.domain.errors import KeychainError
from app.storage.key_entries import KeyEntries
from app.storage.keychain import Keychain, NoKeychain
from tests.fakes.memory_keyring import Died, MemoryKeyring

OWN, PROXY, OTHER = "https://api.example.com", "https://proxy.example.com", "http://127.0.0.1:8080"
KEY, NEXT_KEY = "invented-key-0001", "invented-key-0002"


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
async def keychain(keyring: MemoryKeyring) -> AsyncIterator[Keychain]:
    keychain = Keychain(lambda: keyring, patience_s=20)
    yield keychain
    keyring.gate.set()
    await keychain.aclose()


# What is kept


async def test_a_key_is_kept_bare_under_the_name_of_its_service(keychain: Keychain, keyring: MemoryKeyring) -> None:
    await keychain.keep("acme", KEY, PROXY, OWN)

    assert keyring.get_password("cuesmith", "acme") == KEY
    kept = await keychain.read("acme", OWN)
    assert kept is not None
    assert (kept.key, kept.origins) == (KEY, (PROXY,))


async def test_where_there_is_no_key_there_is_none(keychain: Keychain, keyring: MemoryKeyring) -> None:
    assert await keychain.read("acme", OWN) is None

    keyring.add_from_outside("acme", " \n")

    assert await keychain.read("acme", OWN) is None


async def test_a_key_of_another_program_belongs_to_the_service_itself(
    keychain: Keychain, keyring: MemoryKeyring
) -> None:
    keyring.add_from_outside("acme", f"{KEY}\n")

    kept = await keychain.read("acme", OWN)

    assert kept is not None
    assert (kept.key, kept.origins) == (KEY, (OWN,))


async def test_where_the_service_has_no_address_of_its_own_a_foreign_key_belongs_nowhere(
    keychain: Keychain, keyring: MemoryKeyring
) -> None:
    keyring.add_from_outside("openai:lab", KEY)

    kept = await keychain.read("openai:lab", "")

    assert kept is not None
    assert kept.origins == ()


async def test_a_key_that_another_program_put_in_place_of_ours_belongs_nowhere(
    keychain: Keychain, keyring: MemoryKeyring
) -> None:
    await keychain.keep("acme", KEY, PROXY, OWN)
    keyring.replace_from_outside("acme", NEXT_KEY)

    kept = await keychain.read("acme", OWN)

    assert kept is not None
    assert (kept.key, kept.origins) == (NEXT_KEY, ())


async def test_a_confirmed_key_keeps_the_origins_it_had(keychain: Keychain, keyring: MemoryKeyring) -> None:
    keyring.add_from_outside("acme", KEY)
    await keychain.confirm("acme", KEY, PROXY, OWN)
    await keychain.confirm("acme", KEY, OTHER, OWN)
    await keychain.confirm("acme", KEY, PROXY, OWN)

    kept = await keychain.read("acme", OWN)

    assert kept is not None
    assert kept.origins == (PROXY, OTHER, OWN)


async def test_confirming_a_key_gives_nothing_to_the_one_that_replaced_it_meanwhile(
    keychain: Keychain, keyring: MemoryKeyring
) -> None:
    await keychain.keep("acme", KEY, OWN, OWN)
    keyring.replace_from_outside("acme", NEXT_KEY)

    await keychain.confirm("acme", KEY, PROXY, OWN)

    kept = await keychain.read("acme", OWN)
    assert kept is not None
    assert (kept.key, kept.origins) == (NEXT_KEY, ())


async def test_a_new_key_has_only_the_origin_that_it_is_given_for(keychain: Keychain) -> None:
    await keychain.keep("acme", KEY, OWN, OWN)
    await keychain.keep("acme", NEXT_KEY, PROXY, OWN)

    kept = await keychain.read("acme", OWN)

    assert kept is not None
    assert (kept.key, kept.origins) == (NEXT_KEY, (PROXY,))


async def test_a_written_key_counts_though_an_entry_of_another_program_stood_in_front_of_it(
    keychain: Keychain, keyring: MemoryKeyring
) -> None:
    keyring.add_from_outside("acme", KEY)

    await keychain.keep("acme", NEXT_KEY, OWN, OWN)

    kept = await keychain.read("acme", OWN)
    assert kept is not None
    assert kept.key == NEXT_KEY


async def test_deleting_removes_every_entry_of_the_key_and_is_fine_twice(
    keychain: Keychain, keyring: MemoryKeyring
) -> None:
    await keychain.keep("acme", KEY, OWN, OWN)
    await keychain.keep("other", NEXT_KEY, OWN, OWN)
    keyring.add_from_outside("acme", NEXT_KEY)

    await keychain.delete("acme")
    await keychain.delete("acme")

    assert sorted(keyring.everything) == ["other", "other origin"]


async def test_what_many_changes_leave_fits_into_an_entry_of_every_system(
    keychain: Keychain, keyring: MemoryKeyring
) -> None:
    long = [f"https://{number}.{'long' * 10}.example.com:8080" for number in range(20)]
    for number in range(20):
        await keychain.keep("acme", f"{KEY}-{number}", long[0], OWN)
        for origin in long:
            await keychain.confirm("acme", f"{KEY}-{number}", origin, OWN)

    assert len(keyring.everything["acme origin"][0]) < 1280  # Windows: 2,560 bytes of UTF-16
    kept = await keychain.read("acme", OWN)
    assert kept is not None
    assert kept.origins[0] == long[-1]


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"a": 1}', "[" * 100_000])
async def test_a_damaged_entry_of_origins_sends_the_key_nowhere(
    keychain: Keychain, keyring: MemoryKeyring, damage: str
) -> None:
    await keychain.keep("acme", KEY, OWN, OWN)
    keyring.replace_from_outside("acme origin", damage)

    kept = await keychain.read("acme", OWN)

    assert kept is not None
    assert kept.origins == ()


# Ends at every step


@pytest.mark.parametrize("writes", range(4))
@pytest.mark.parametrize("is_foreign", [False, True])
def test_wherever_keeping_a_key_is_cut_short_no_key_has_the_origin_of_another(writes: int, is_foreign: bool) -> None:
    keyring = MemoryKeyring()
    entries = KeyEntries(keyring)
    if is_foreign:
        keyring.add_from_outside("acme", KEY)
    else:
        entries.keep("acme", KEY, PROXY, OWN)
    keyring.writes_left = writes

    try:
        entries.keep("acme", NEXT_KEY, OTHER, OWN)
    except Died:
        keyring.writes_left = None

    kept = entries.read("acme", OWN)
    if kept is not None:  # a foreign entry is removed before ours shows
        assert (kept.key, kept.origins) in ((KEY, (OWN if is_foreign else PROXY,)), (NEXT_KEY, (OTHER,)))


@pytest.mark.parametrize("writes", range(3))
def test_wherever_deleting_is_cut_short_the_key_is_gone_or_has_its_own_origin(writes: int) -> None:
    keyring = MemoryKeyring()
    entries = KeyEntries(keyring)
    entries.keep("acme", KEY, PROXY, OWN)
    keyring.writes_left = writes

    try:
        entries.delete("acme")
    except Died:
        keyring.writes_left = None

    kept = entries.read("acme", OWN)
    assert kept is None or kept.origins == (PROXY,)


# Troubles


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NoKeyringError("none"), "No keychain is running, so the key can’t be stored safely."),
        (KeyringLocked("Failed to unlock the collection!"), "The keychain is locked. Unlock it and try again."),
        (InitError("Prompt dismissed"), "The keychain is locked. Unlock it and try again."),
        (PasswordSetError("no"), "The keychain refused to keep the key."),
        (OSError(f"pipe broke while {KEY} was written"), "The keychain can’t be used; the log says more. Try again."),
    ],
)
async def test_a_trouble_of_the_keychain_is_a_sentence(
    keychain: Keychain, keyring: MemoryKeyring, error: Exception, sentence: str
) -> None:
    keyring.error = error

    with pytest.raises(KeychainError) as caught:
        await keychain.keep("acme", KEY, OWN, OWN)

    assert str(caught.value) == sentence
    assert caught.value.__cause__ is error
    assert isinstance(caught.value, NoKeychain) == isinstance(error, NoKeyringError)


async def test_after_a_trouble_the_keychain_is_looked_for_anew(keyring: MemoryKeyring) -> None:
    def find() -> MemoryKeyring:
        if not is_running:
            raise NoKeychain("No keychain is running.")
        return keyring

    is_running: list[bool] = []
    keychain = Keychain(find)
    with pytest.raises(NoKeychain):
        await keychain.read("acme", OWN)
    is_running.append(True)

    await keychain.keep("acme", KEY, OWN, OWN)

    assert keyring.everything["acme"] == [KEY]
    await keychain.aclose()


async def test_a_keychain_that_keeps_nothing_is_noticed(keychain: Keychain, keyring: MemoryKeyring) -> None:
    keyring.set_password = lambda *_: None  # type: ignore[method-assign]

    with pytest.raises(KeychainError, match="didn’t keep"):
        await keychain.keep("acme", KEY, OWN, OWN)


def test_no_text_of_a_kept_key_shows_it() -> None:
    keyring = MemoryKeyring()
    entries = KeyEntries(keyring)
    entries.keep("acme", KEY, OWN, OWN)

    assert KEY not in repr(entries.read("acme", OWN))


# A prompt that nobody answers


async def test_a_keychain_that_does_not_answer_is_waited_for_only_so_long(keyring: MemoryKeyring) -> None:
    keychain = Keychain(lambda: keyring, patience_s=0.05)
    keyring.gate.clear()

    with pytest.raises(KeychainError, match="doesn’t answer"):
        await keychain.read("acme", OWN)

    keyring.gate.set()
    await keychain.aclose()


async def test_a_key_is_not_kept_once_its_user_was_told_that_it_was_not(keyring: MemoryKeyring) -> None:
    keychain = Keychain(lambda: keyring, patience_s=0.05)
    keyring.gate.clear()
    with pytest.raises(KeychainError):
        await keychain.keep("acme", KEY, OWN, OWN)

    keyring.gate.set()
    await eventually(lambda: "acme origin" in keyring.everything)
    await keychain.aclose()
    await eventually(lambda: not any(thread.name == "keychain" for thread in threading.enumerate()))

    assert "acme" not in keyring.everything


async def test_what_waits_behind_a_hanging_call_and_is_given_up_is_never_begun(keyring: MemoryKeyring) -> None:
    keychain = Keychain(lambda: keyring, patience_s=20)
    keyring.gate.clear()
    reading = asyncio.ensure_future(keychain.read("acme", OWN))
    await eventually(keyring.reached.is_set)
    deleting = asyncio.ensure_future(keychain.delete("acme"))
    await asyncio.sleep(0)

    deleting.cancel()
    await asyncio.wait({deleting})
    keyring.gate.set()
    await reading
    await keychain.aclose()

    assert "delete" not in keyring.calls
    assert keyring.calls.count("get") == 1


async def test_the_event_loop_runs_on_while_a_prompt_is_open(keychain: Keychain, keyring: MemoryKeyring) -> None:
    keyring.gate.clear()
    reading = asyncio.ensure_future(keychain.read("acme", OWN))
    await eventually(keyring.reached.is_set)

    for _ in range(100):
        await asyncio.sleep(0)

    assert not reading.done()
    keyring.gate.set()
    assert await reading is None


async def test_closing_does_not_wait_for_a_prompt(keyring: MemoryKeyring) -> None:
    keychain = Keychain(lambda: keyring, patience_s=20)
    keyring.gate.clear()
    reading = asyncio.ensure_future(keychain.read("acme", OWN))
    await eventually(keyring.reached.is_set)

    await keychain.aclose()

    assert not reading.done()
    with pytest.raises(KeychainError, match="closed"):
        await keychain.read("acme", OWN)
    reading.cancel()
    keyring.gate.set()


async def test_closing_leaves_no_thread_behind(keychain: Keychain) -> None:
    await keychain.read("acme", OWN)

    await keychain.aclose()

    assert not any(thread.name == "keychain" for thread in threading.enumerate())


_HANG = """
import asyncio, threading
from app.storage.keychain import Keychain

class Hanging:
    def get_password(self, service, username):
        print("asked", flush=True)
        threading.Event().wait()

async def main():
    keychain = Keychain(Hanging)
    reading = asyncio.ensure_future(keychain.read("acme", ""))
    await asyncio.sleep(0.2)
    await keychain.aclose()
    reading.cancel()

asyncio.run(main())
"""


def test_a_process_ends_though_a_prompt_is_still_open() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _HANG], capture_output=True, text=True, timeout=30, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "asked\n", "")


async def test_no_traceback_of_a_trouble_has_the_key_in_it(keychain: Keychain, keyring: MemoryKeyring) -> None:
    keyring.error = KeyringLocked("Failed to unlock the collection!")

    with pytest.raises(KeychainError) as caught:
        await keychain.keep("acme", KEY, OWN, OWN)

    assert KEY not in "".join(traceback.format_exception(caught.value))


async def eventually(holds: Callable[[], object]) -> None:
    """Wait for what another thread does; the test's own time limit ends it."""
    while not holds():  # noqa: ASYNC110 - a thread sets no asyncio.Event
        await asyncio.sleep(0.001)
