"""Which key is used, and that it goes where it belongs and nowhere else."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyring.errors import KeyringLocked, NoKeyringError

from app.domain.errors import CredentialsMissing, KeychainError, KeyUnconfirmed, RequestInvalid, SettingsError
from app.domain.service import Service
from app.engine.addresses import Addresses, origin_of
from app.engine.keys import KeyInfo, Keys, KeySource
from app.storage.keychain import Keychain
from tests.fakes.memory_keyring import Died, MemoryKeyring

OWN, PROXY, LOOPBACK = "https://api.example.com/v1", "https://proxy.example.com/v1", "http://127.0.0.1:8080/v1"
ACME = Service("acme", "Acme", "effects", base_url=OWN, key_variable="ACME_API_KEY")
LAB = Service("openai:lab", "Lab", "speech", key_variable="CUESMITH_OPENAI_LAB_API_KEY")
LOCAL = Service("local", "Built-in generator", "effects, speech")
KEY, NEXT_KEY = "invented-key-0001", "invented-key-0002"


@dataclass
class World:
    """Keys, and everything around them that a test may turn."""

    keyring: MemoryKeyring = field(default_factory=MemoryKeyring)
    addresses: Addresses = field(default_factory=lambda: Addresses([ACME, LAB, LOCAL]))
    environ: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self.started: list[Keys] = []
        self.keys = self.restarted()

    def restarted(self) -> Keys:
        """As a new process has them."""
        self.keys = Keys(
            [ACME, LAB, LOCAL],
            self.addresses,
            Keychain(lambda: self.keyring, patience_s=20),
            environ=self.environ,
            hide=self.hidden.append,
            clock=lambda: self.now_s,
        )
        self.keys.changed.listen(self.told.append)
        self.started.append(self.keys)
        return self.keys

    def reach_at(self, base_url: str) -> None:
        self.addresses.choose({"acme": base_url})

    async def close(self) -> None:
        self.keyring.gate.set()
        for keys in self.started:
            await keys.aclose()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


# Which key


async def test_without_a_key_it_says_how_to_give_one(world: World) -> None:
    with pytest.raises(CredentialsMissing) as caught:
        await world.keys.key("acme", OWN)

    assert not isinstance(caught.value, KeyUnconfirmed)
    assert "Acme needs a key: cuesmith keys set acme" in str(caught.value)
    assert "ACME_API_KEY" in str(caught.value)
    assert await world.keys.info("acme") is None


async def test_a_key_that_is_kept_is_there_after_a_restart(world: World) -> None:
    await world.keys.save("acme", f"  {KEY}\n")

    keys = world.restarted()

    assert await keys.key("acme", OWN) == KEY
    assert await keys.info("acme") == KeyInfo("acme", KeySource.KEYCHAIN, "0001", "https://api.example.com", True)


async def test_a_key_in_memory_is_gone_after_a_restart_and_in_no_keychain(world: World) -> None:
    await world.keys.use_until_exit("acme", KEY)
    info = await world.keys.info("acme")
    assert info is not None
    assert info.source is KeySource.SESSION
    assert await world.keys.key("acme", OWN) == KEY

    keys = world.restarted()

    assert await keys.info("acme") is None
    assert world.keyring.everything == {}


async def test_the_environment_goes_before_memory_which_goes_before_the_keychain(world: World) -> None:
    await world.keys.save("acme", "in-the-keychain")
    assert await world.keys.key("acme", OWN) == "in-the-keychain"

    await world.keys.use_until_exit("acme", "in-memory-only")
    assert await world.keys.key("acme", OWN) == "in-memory-only"

    world.environ["ACME_API_KEY"] = " in-the-environment\n"
    assert await world.keys.key("acme", OWN) == "in-the-environment"


async def test_keeping_a_key_takes_the_one_in_memory_out_of_the_way(world: World) -> None:
    await world.keys.use_until_exit("acme", KEY)

    await world.keys.save("acme", NEXT_KEY)

    assert await world.keys.key("acme", OWN) == NEXT_KEY


async def test_a_variable_of_white_space_is_not_set(world: World) -> None:
    world.environ["ACME_API_KEY"] = " \t\n"

    assert await world.keys.info("acme") is None


async def test_a_variable_belongs_to_its_own_service_alone(world: World) -> None:
    world.environ["ACME_API_KEY"] = KEY
    world.addresses.choose({"openai:lab": LOOPBACK})

    with pytest.raises(CredentialsMissing):
        await world.keys.key("openai:lab", LOOPBACK)


async def test_deleting_removes_the_key_from_memory_and_keychain(world: World) -> None:
    await world.keys.save("acme", KEY)
    await world.keys.use_until_exit("acme", NEXT_KEY)

    await world.keys.delete("acme")

    assert await world.keys.info("acme") is None
    assert world.keyring.everything == {}


async def test_listeners_hear_of_every_change(world: World) -> None:
    await world.keys.save("acme", KEY)
    await world.keys.use_until_exit("acme", NEXT_KEY)
    await world.keys.confirm("acme")
    await world.keys.delete("acme")

    assert world.told == ["acme"] * 4


# Where to


async def test_after_a_change_of_address_a_key_stays_back_until_it_is_confirmed(world: World) -> None:
    await world.keys.save("acme", KEY)
    world.reach_at(PROXY)

    with pytest.raises(KeyUnconfirmed) as caught:
        await world.keys.key("acme", PROXY)

    assert "https://api.example.com" in str(caught.value)
    assert "https://proxy.example.com" in str(caught.value)
    assert "cuesmith keys confirm acme" in str(caught.value)
    assert KEY not in str(caught.value)
    info = await world.keys.info("acme")
    assert info is not None
    assert (info.origin, info.is_confirmed) == ("https://api.example.com", False)

    await world.keys.confirm("acme")

    assert await world.restarted().key("acme", PROXY) == KEY
    info = await world.keys.info("acme")
    assert info is not None
    assert (info.origin, info.is_confirmed) == ("https://proxy.example.com", True)


async def test_results_at_an_earlier_address_can_still_be_asked_for(world: World) -> None:
    await world.keys.save("acme", KEY)
    world.reach_at(PROXY)
    await world.keys.confirm("acme")

    assert await world.restarted().key("acme", OWN) == KEY


async def test_a_new_key_is_not_sent_to_an_earlier_address(world: World) -> None:
    await world.keys.save("acme", KEY)
    world.reach_at(PROXY)
    await world.keys.save("acme", NEXT_KEY)

    with pytest.raises(KeyUnconfirmed, match="set that address again"):
        await world.keys.key("acme", OWN)

    assert await world.keys.key("acme", PROXY) == NEXT_KEY


async def test_the_path_of_an_address_does_not_matter_but_scheme_and_port_do(world: World) -> None:
    await world.keys.save("acme", KEY)

    assert await world.keys.key("acme", "https://API.example.com:443/v2") == KEY
    for other in ("http://api.example.com/v1", "https://api.example.com:8443/v1", "https://api.example.com.evil/v1"):
        with pytest.raises(KeyUnconfirmed):
            await world.keys.key("acme", other)


async def test_a_key_in_memory_is_bound_to_its_origin_as_well(world: World) -> None:
    await world.keys.use_until_exit("acme", KEY)
    world.reach_at(PROXY)
    with pytest.raises(KeyUnconfirmed):
        await world.keys.key("acme", PROXY)

    await world.keys.confirm("acme")

    assert await world.keys.key("acme", PROXY) == KEY
    assert await world.keys.key("acme", OWN) == KEY


async def test_a_key_of_the_environment_goes_where_the_service_is_reached_now(world: World) -> None:
    world.environ["ACME_API_KEY"] = KEY
    world.reach_at(LOOPBACK)

    assert await world.keys.key("acme", LOOPBACK) == KEY
    with pytest.raises(KeyUnconfirmed, match=r"ACME_API_KEY is sent to http://127\.0\.0\.1:8080"):
        await world.keys.key("acme", OWN)


async def test_a_key_of_the_environment_still_goes_where_this_process_sent_it_before(world: World) -> None:
    world.environ["ACME_API_KEY"] = KEY
    await world.keys.key("acme", OWN)

    world.reach_at(LOOPBACK)

    assert await world.keys.key("acme", OWN) == KEY
    with pytest.raises(KeyUnconfirmed):
        await world.restarted().key("acme", OWN)


async def test_a_key_that_another_program_kept_belongs_to_the_service_itself(world: World) -> None:
    world.keyring.add_from_outside("acme", KEY)
    world.reach_at(PROXY)

    assert await world.keys.key("acme", OWN) == KEY
    with pytest.raises(KeyUnconfirmed):
        await world.keys.key("acme", PROXY)


async def test_a_service_without_an_address_takes_no_key(world: World) -> None:
    with pytest.raises(SettingsError, match="Lab has no address yet"):
        await world.keys.save("openai:lab", KEY)
    with pytest.raises(SettingsError):
        await world.keys.use_until_exit("openai:lab", KEY)
    assert world.keyring.everything == {}

    world.addresses.choose({"openai:lab": LOOPBACK})
    await world.keys.save("openai:lab", KEY)

    assert await world.keys.key("openai:lab", LOOPBACK) == KEY


async def test_there_is_nothing_to_confirm_without_a_key(world: World) -> None:
    with pytest.raises(CredentialsMissing, match="cuesmith keys set acme"):
        await world.keys.confirm("acme")


KEYS = st.sampled_from([KEY, NEXT_KEY, "invented-key-0003"])
STEPS = st.one_of(
    st.tuples(st.just("save"), KEYS, st.none() | st.integers(0, 4)),
    st.tuples(st.just("session"), KEYS),
    st.tuples(st.just("foreign"), KEYS),
    st.tuples(st.just("replaced"), KEYS),
    st.tuples(st.just("move"), st.sampled_from([OWN, PROXY, LOOPBACK])),
    st.tuples(st.just("confirm"), st.none() | st.integers(0, 2)),
    st.tuples(st.just("delete"), st.none() | st.integers(0, 2)),
    st.tuples(st.just("restart")),
    st.tuples(st.just("wait")),
)


@settings(max_examples=300)
@given(st.lists(STEPS, max_size=12))
def test_whatever_happens_a_key_is_only_handed_out_for_origins_that_it_was_given_for(
    steps: list[tuple[object, ...]],
) -> None:
    asyncio.run(_live_through(steps))


async def _live_through(steps: list[tuple[object, ...]]) -> None:
    life = Life()
    try:
        for name, *details in steps:
            await getattr(life, str(name))(*details)
            for base_url in (OWN, PROXY, LOOPBACK):
                try:
                    key = await life.world.keys.key("acme", base_url)
                except CredentialsMissing:
                    continue
                assert origin_of(base_url) in life.given_for[key]
    finally:
        await life.world.close()


class Life:
    """What users, other programs and crashes do, and for which origins each key was given."""

    def __init__(self) -> None:
        self.world = World()
        self.given_for: dict[str, set[str]] = defaultdict(set)

    async def save(self, key: str, writes: int | None) -> None:
        self.given_for[key].add(self._now)
        await self._with_death(writes, self.world.keys.save("acme", key))

    async def session(self, key: str) -> None:
        self.given_for[key].add(self._now)
        await self.world.keys.use_until_exit("acme", key)

    async def foreign(self, key: str) -> None:
        self.given_for[key].add(origin_of(OWN))
        self.world.keyring.add_from_outside("acme", key)

    async def replaced(self, key: str) -> None:
        if "acme origin" not in self.world.keyring.everything:  # else it is for nowhere
            self.given_for[key].add(origin_of(OWN))
        self.world.keyring.replace_from_outside("acme", key)

    async def move(self, base_url: str) -> None:
        self.world.reach_at(base_url)

    async def confirm(self, writes: int | None) -> None:
        in_memory = self.world.keys._session.get("acme")
        in_keychain = self.world.keyring.everything.get("acme")
        if in_memory is not None:
            self.given_for[in_memory.key].add(self._now)
        elif in_keychain is not None:
            self.given_for[in_keychain[0]].add(self._now)
        else:
            return
        await self._with_death(writes, self.world.keys.confirm("acme"))

    async def delete(self, writes: int | None) -> None:
        await self._with_death(writes, self.world.keys.delete("acme"))

    async def restart(self) -> None:
        self.world.restarted()

    async def wait(self) -> None:
        self.world.now_s += 61

    @property
    def _now(self) -> str:
        return origin_of(self.world.addresses.of("acme"))

    async def _with_death(self, writes: int | None, deed: Awaitable[None]) -> None:
        """Do something, in a process that dies in front of one of its writes to the keychain."""
        self.world.keyring.writes_left = writes
        try:
            await deed
        except Died:
            self.world.restarted()
        finally:
            self.world.keyring.writes_left = None


# What can be a key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \r\n", "empty"),
        ("Bearer invented", "one word"),
        ("invented-1\ninvented-2", "one word"),
        ("invented\tkey", "one word"),
        ("invented\x00key", "plain letters"),
        ("invented\x7fkey", "plain letters"),
        ("invénted-key", "plain letters"),
        ("invented\u200bkey", "plain letters"),
        ("invented\u00a0key", "one word"),
        ("k" * 513, "at most 512"),
    ],
)
async def test_what_can_not_be_a_key_is_refused_without_repeating_it(world: World, text: str, words: str) -> None:
    for keep in (world.keys.save, world.keys.use_until_exit):
        with pytest.raises(RequestInvalid) as caught:
            await keep("acme", text)

        (problem,) = caught.value.problems
        assert problem.field == "key"
        assert words in problem.message
        assert "invented" not in problem.message
    assert world.keyring.calls == []


async def test_the_longest_key_is_taken(world: World) -> None:
    await world.keys.save("acme", "k" * 512)

    assert await world.keys.key("acme", OWN) == "k" * 512


async def test_what_another_program_or_the_environment_holds_is_checked_before_it_is_sent(world: World) -> None:
    world.keyring.add_from_outside("acme", "two words\r\nX-Injected: 1")
    with pytest.raises(CredentialsMissing, match="What is in the keychain can’t be a key for Acme") as caught:
        await world.keys.key("acme", OWN)
    assert "two words" not in str(caught.value)

    world.environ["ACME_API_KEY"] = "invénted"
    with pytest.raises(CredentialsMissing, match="What is in ACME_API_KEY can’t be a key"):
        await world.keys.key("acme", OWN)

    info = await world.keys.info("acme")
    assert info is not None
    assert info.ending == ""


@pytest.mark.parametrize(("key", "ending"), [("12345678901", ""), ("123456789012", "9012")])
async def test_only_of_a_long_key_four_characters_are_shown(world: World, key: str, ending: str) -> None:
    await world.keys.save("acme", key)

    info = await world.keys.info("acme")

    assert info is not None
    assert info.ending == ending


async def test_every_key_that_becomes_known_is_hidden_from_the_log(world: World) -> None:
    world.environ["ACME_API_KEY"] = "from-the-environment"
    world.restarted()
    assert world.hidden == ["from-the-environment"]
    del world.environ["ACME_API_KEY"]

    await world.keys.use_until_exit("acme", "typed-for-now")
    await world.keys.delete("acme")
    await world.keys.save("acme", "typed-to-stay")
    with pytest.raises(RequestInvalid):
        await world.keys.save("acme", "typed wrongly")
    world.keyring.replace_from_outside("acme", "from-another-program")
    await world.keys.info("acme")

    assert {"typed-for-now", "typed-to-stay", "typed wrongly", "from-another-program"} <= set(world.hidden)


async def test_nothing_in_memory_shows_a_key_when_it_is_printed(world: World) -> None:
    await world.keys.use_until_exit("acme", KEY)
    await world.keys.save("acme", NEXT_KEY)
    await world.keys.key("acme", OWN)
    await world.keys.use_until_exit("acme", KEY)

    shown = repr((vars(world.keys), await world.keys.info("acme")))

    assert KEY not in shown
    assert NEXT_KEY not in shown


# The keychain


async def test_a_thousand_tasks_ask_the_keychain_once(world: World) -> None:
    await world.keys.save("acme", KEY)
    world.keyring.calls.clear()

    keys = await asyncio.gather(*(world.keys.key("acme", OWN) for _ in range(1000)))
    await world.keys.key("acme", OWN)

    assert set(keys) == {KEY}
    assert world.keyring.calls == ["get", "get"]  # the key and its origins


async def test_a_key_that_another_process_changed_is_noticed_after_a_minute_or_when_it_is_forgotten(
    world: World,
) -> None:
    await world.keys.save("acme", KEY)
    await world.keys.key("acme", OWN)
    other = World(keyring=world.keyring)
    await other.keys.save("acme", NEXT_KEY)
    world.now_s = 59
    assert await world.keys.key("acme", OWN) == KEY
    world.told.clear()

    world.now_s = 61
    assert await world.keys.key("acme", OWN) == NEXT_KEY
    assert world.told == ["acme"]

    await other.keys.save("acme", KEY)
    world.keys.forget("acme")
    assert await world.keys.key("acme", OWN) == KEY
    await other.close()


async def test_a_key_that_comes_from_elsewhere_is_noticed_at_once_where_there_was_none(world: World) -> None:
    assert await world.keys.info("acme") is None

    world.keyring.add_from_outside("acme", KEY)

    assert await world.keys.key("acme", OWN) == KEY


async def test_a_key_kept_while_another_reads_is_the_one_that_counts(world: World) -> None:
    world.keyring.gate.clear()
    reading = asyncio.ensure_future(world.keys.info("acme"))
    await asyncio.to_thread(world.keyring.reached.wait)
    saving = asyncio.ensure_future(world.keys.save("acme", KEY))
    await asyncio.sleep(0)

    world.keyring.gate.set()

    assert await reading is None
    await saving
    assert await world.keys.key("acme", OWN) == KEY


async def test_without_a_keychain_no_key_is_missed_but_none_can_be_kept(world: World) -> None:
    world.keyring.error = NoKeyringError("none")

    assert await world.keys.info("acme") is None
    with pytest.raises(CredentialsMissing, match="No keychain is running"):
        await world.keys.key("acme", OWN)
    with pytest.raises(KeychainError, match="No keychain is running, so the key can’t be stored safely"):
        await world.keys.save("acme", KEY)
    with pytest.raises(KeychainError):
        await world.keys.delete("acme")

    await world.keys.use_until_exit("acme", KEY)
    assert await world.keys.key("acme", OWN) == KEY
    await world.keys.delete("acme")
    assert await world.keys.info("acme") is None


async def test_a_locked_keychain_says_so_and_the_environment_needs_none(world: World) -> None:
    await world.keys.save("acme", KEY)
    world.keyring.error = KeyringLocked("Failed to unlock the collection!")
    keys = world.restarted()

    for ask in (keys.info("acme"), keys.key("acme", OWN), keys.confirm("acme")):
        with pytest.raises(KeychainError, match="locked"):
            await ask

    world.environ["ACME_API_KEY"] = NEXT_KEY
    assert await keys.key("acme", OWN) == NEXT_KEY


async def test_whoever_stops_waiting_for_a_prompt_leaves_the_others_waiting(world: World) -> None:
    await world.keys.save("acme", KEY)
    world.keyring.reached.clear()
    world.keyring.gate.clear()
    first, second = (asyncio.ensure_future(world.keys.key("acme", OWN)) for _ in range(2))
    await asyncio.to_thread(world.keyring.reached.wait)

    first.cancel()
    await asyncio.wait({first})
    world.keyring.gate.set()

    assert first.cancelled()
    assert await second == KEY


@pytest.mark.parametrize("provider", ["local", "nobody"])
async def test_only_services_that_need_a_key_have_one(world: World, provider: str) -> None:
    for ask in (world.keys.info(provider), world.keys.save(provider, KEY), world.keys.delete(provider)):
        with pytest.raises(RequestInvalid) as caught:
            await ask

        assert [problem.field for problem in caught.value.problems] == ["provider"]
        assert "acme or openai:lab" in str(caught.value)
