"""`cuesmith keys`: from typing a key to removing it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from keyring.errors import KeyringLocked, NoKeyringError

from app.building import build
from app.cli.command_line import run
from app.cli.console import Console
from app.cli.context import Context
from app.cli.secret_input import secret_from_person_or_pipe
from app.domain.errors import CredentialsRejected, NotConnected
from app.domain.provider import Account
from app.domain.service import Service
from app.engine.addresses import Addresses
from app.engine.keys import Keys
from app.engine.services import Services
from app.storage.keychain import Keychain, NoKeychain
from app.storage.locations import Locations
from app.storage.settings import SettingsStore
from tests.cli.programs import Finished
from tests.fakes.memory_keyring import MemoryKeyring

ACME = Service("acme", "Acme", "effects", base_url="https://api.example.com/v1", key_variable="ACME_API_KEY")
BETA = Service("beta", "Beta", "speech", base_url="https://beta.example.com", key_variable="BETA_API_KEY")
LOCAL = Service("local", "Built-in generator", "effects, speech")
KEY = "invented-key-of-acme-7890"


class Checker:
    """A provider of which only the key check matters here."""

    def __init__(self, answer: Callable[[], Account]) -> None:
        self._answer = answer

    async def check_key(self) -> Account:
        return self._answer()

    async def aclose(self) -> None:
        return


@dataclass
class Program:
    """Runs `cuesmith keys`; each command has its own `Keys`, as processes have.

    Attributes:
        typed: What somebody types at the prompt.
    """

    home: Path
    keyring: MemoryKeyring = field(default_factory=MemoryKeyring)
    has_keychain: bool = True
    environ: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    providers: dict[str, Any] = field(default_factory=dict)
    typed: str | BaseException = KEY
    prompts: list[str] = field(default_factory=list)

    def run(self, *arguments: str) -> Finished:
        out, err = io.StringIO(), io.StringIO()
        context = Context(
            Console(out, err),
            settings=lambda: SettingsStore(Locations.under(self.home).settings_file),
            services=self._services,
            self_check=lambda: 0,
            ask_secret=self._type,
        )
        return Finished(run(["keys", *arguments], context), out.getvalue(), err.getvalue())

    def _services(self) -> Services:
        addresses = Addresses([ACME, BETA, LOCAL], self.chosen)
        keychain = Keychain(self._found, patience_s=20)
        keys = Keys([ACME, BETA, LOCAL], addresses, keychain, environ=self.environ, hide=lambda _: None)
        return replace(build(Locations.under(self.home), self.providers), addresses=addresses, keys=keys)

    def _found(self) -> MemoryKeyring:
        if not self.has_keychain:
            raise NoKeychain("No keychain is running, so the key can’t be stored safely.")
        return self.keyring

    def _type(self, prompt: str) -> str:
        self.prompts.append(prompt)
        if isinstance(self.typed, BaseException):
            raise self.typed
        return self.typed


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def test_a_key_is_kept_listed_and_deleted(program: Program) -> None:
    done = program.run("set", "acme")
    assert (done.code, done.err) == (0, "")
    assert done.out == "Kept in MemoryKeyring. It will be sent to https://api.example.com.\n"
    assert program.prompts == ["Key for Acme (it isn’t shown): "]
    assert program.keyring.everything["acme"] == [KEY]

    listed = program.run("list")
    assert listed.code == 0
    assert [line.split("  ") for line in listed.lines][1][0] == "acme"
    assert "ends in 7890" in listed.lines[1]
    assert "keychain" in listed.lines[1]
    assert "https://api.example.com" in listed.lines[1]
    assert listed.lines[2].split() == ["beta", "none", "-", "cuesmith", "keys", "set", "beta"]

    done = program.run("delete", "acme")
    assert (done.code, done.out) == (0, "No key for Acme is kept any more.\n")
    assert program.keyring.everything == {}
    assert program.run("delete", "acme").code == 0


def test_no_command_ever_says_a_key(program: Program) -> None:
    program.environ["BETA_API_KEY"] = f"{KEY}-too"
    said = [
        program.run(*words.split())
        for words in ("set acme", "set beta", "list", "list --json", "confirm acme", "test acme", "delete acme")
    ]

    assert not any(KEY in each.out + each.err for each in said)


def test_the_list_as_json_holds_all_that_may_be_known(program: Program) -> None:
    program.run("set", "acme")

    acme, beta = program.run("list", "--json").json

    assert acme == {
        "provider": "acme",
        "variable": "ACME_API_KEY",
        "reached_at": "https://api.example.com",
        "source": "keychain",
        "ending": "7890",
        "sent_to": "https://api.example.com",
        "is_confirmed": True,
        "error": None,
    }
    assert beta["source"] is beta["ending"] is beta["sent_to"] is beta["is_confirmed"] is None


def test_after_a_change_of_address_the_list_says_what_to_do_and_confirming_does_it(program: Program) -> None:
    program.run("set", "acme")
    program.chosen["acme"] = "http://127.0.0.1:8080/v1"

    listed = program.run("list").lines[1]
    assert "https://api.example.com" in listed
    assert listed.endswith("for http://127.0.0.1:8080: cuesmith keys confirm acme")

    done = program.run("confirm", "acme")
    assert (done.code, done.out) == (0, "The key for Acme will be sent to http://127.0.0.1:8080.\n")
    listed = program.run("list").lines[1]
    assert listed.endswith("http://127.0.0.1:8080")


def test_a_key_of_the_environment_is_named_by_its_variable_and_goes_before(program: Program) -> None:
    program.environ["ACME_API_KEY"] = "invented-in-the-environment"
    assert "environment variable ACME_API_KEY" in program.run("list").lines[1]

    for verb in ("set", "delete"):
        done = program.run(verb, "acme")
        assert done.code == 0
        assert done.err == "cuesmith: ACME_API_KEY is set in the environment and goes before.\n"


@pytest.mark.parametrize("typed", ["", "two words", "invénted"])
def test_what_can_not_be_a_key_is_refused(program: Program, typed: str) -> None:
    program.typed = typed

    done = program.run("set", "acme")

    assert done.code == 2
    assert done.err.startswith("KEY: The key ")
    assert program.keyring.everything == {}


@pytest.mark.parametrize("provider", ["nobody", "local"])
@pytest.mark.parametrize("verb", ["set", "test", "delete", "confirm"])
def test_a_service_without_a_key_is_refused_before_anything_is_asked(
    program: Program, verb: str, provider: str
) -> None:
    done = program.run(verb, provider)

    assert done.code == 2
    assert done.err == f"PROVIDER: There is no service “{provider}” with a key; it is acme or beta.\n"
    assert program.prompts == []


def test_a_key_never_comes_from_the_arguments(program: Program) -> None:
    with pytest.raises(SystemExit) as caught:
        program.run("set", "acme", KEY)

    assert caught.value.code == 2
    assert program.keyring.everything == {}


def test_without_a_keychain_the_words_name_what_works_instead(program: Program) -> None:
    program.keyring.error = NoKeyringError("none")

    done = program.run("set", "acme")

    assert done.code == 1
    assert done.err == (
        "cuesmith: No keychain is running, so the key can’t be stored safely."
        " Until then, the environment variable ACME_API_KEY works instead.\n"
    )
    assert program.run("list").code == 0


def test_without_a_keychain_a_list_names_the_variables_that_can_be_set(program: Program) -> None:
    program.has_keychain = False

    listed = program.run("list")

    assert listed.code == 0
    assert listed.lines[1].split() == ["acme", "none", "-", "set", "ACME_API_KEY"]


def test_a_locked_keychain_is_said_once_in_a_list_of_many(program: Program) -> None:
    program.keyring.error = KeyringLocked("Failed to unlock the collection!")

    done = program.run("list")

    assert done.code == 1
    assert done.err == "cuesmith: The keychain is locked. Unlock it and try again.\n"
    assert [line.split()[1] for line in done.lines[1:]] == ["unknown", "unknown"]
    errors = [each["error"]["kind"] for each in program.run("list", "--json").json]
    assert errors == ["keychain_error", "keychain_error"]
    assert program.run("confirm", "acme").code == 1


def test_confirming_without_a_key_says_how_to_give_one(program: Program) -> None:
    done = program.run("confirm", "acme")

    assert done.code == 1
    assert done.err == "cuesmith: There is no key for Acme yet: cuesmith keys set acme\n"


def test_ctrl_c_at_the_prompt_keeps_nothing(program: Program) -> None:
    program.typed = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):  # `main` makes it exit code 130
        program.run("set", "acme")

    assert program.keyring.everything == {}


@pytest.mark.parametrize(
    ("account", "out"),
    [(Account(), "Works.\n"), (Account(Decimal("9.5")), "Works.\nBalance: $9.50\n")],
)
def test_a_key_that_works_is_said_to_with_the_balance_if_known(program: Program, account: Account, out: str) -> None:
    program.providers["acme"] = Checker(lambda: account)

    done = program.run("test", "acme")

    assert (done.code, done.out, done.err) == (0, out, "")


@pytest.mark.parametrize("error", [CredentialsRejected("Acme refused the key."), NotConnected("No connection.")])
def test_a_key_that_does_not_work_is_said_with_the_reason(program: Program, error: Exception) -> None:
    def refuse() -> Account:
        raise error

    program.providers["acme"] = Checker(refuse)

    done = program.run("test", "acme")

    assert (done.code, done.out, done.err) == (1, "", f"cuesmith: {error}\n")


def test_a_service_that_can_not_try_a_key_for_nothing_is_not_asked(program: Program) -> None:
    done = program.run("test", "beta")

    assert done.code == 2
    assert done.err == "cuesmith: The key for beta can’t be tried out for nothing.\n"


# Where a key comes from


class Pipe(io.TextIOWrapper):
    """Standard input from another program."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "secret"),
    [(b"invented\n", "invented\n"), (b"\xef\xbb\xbfinvented\r\n", "invented\r\n"), (b"", ""), (b"\xff", "\ufffd")],
)
def test_another_program_hands_a_key_over_on_the_input(
    monkeypatch: pytest.MonkeyPatch, content: bytes, secret: str
) -> None:
    monkeypatch.setattr("sys.stdin", Pipe(content))

    assert secret_from_person_or_pipe("Key: ") == secret


def test_an_endless_input_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Pipe(b"k" * 100_000))

    assert len(secret_from_person_or_pipe("Key: ")) == 4096


def test_without_any_input_there_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)

    assert secret_from_person_or_pipe("Key: ") == ""
