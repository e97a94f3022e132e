"""What is advised about a key can be done on this computer: without a keychain only the environment helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.cli.advice import next_step
from app.domain.service import Service
from app.domain.take import Failure
from app.domain.task import Task, TaskState
from app.engine.addresses import Addresses
from app.engine.keys import Keys
from app.storage.keychain import Keychain, NoKeychain
from tests.fakes.memory_keyring import MemoryKeyring
from tests.storage.making import queued

ACME = Service("acme", "Acme", "effects", base_url="https://api.example.com/v1", key_variable="ACME_API_KEY")


def failed(kind: str) -> Task:
    return replace(queued(), state=TaskState.FAILED, failure=Failure(kind, "No."))


def nothing_is_running() -> MemoryKeyring:
    raise NoKeychain("No keychain is running.")


async def advice(kind: str, find: Callable[[], MemoryKeyring] = MemoryKeyring, **environ: str) -> str:
    keys = Keys([ACME], Addresses([ACME]), Keychain(find), environ=environ, hide=lambda _: None)
    try:
        return await next_step(failed(kind), keys)
    finally:
        await keys.aclose()


@pytest.mark.parametrize("kind", ["credentials_missing", "credentials_rejected"])
async def test_with_a_keychain_a_key_is_given_to_it(kind: str) -> None:
    assert "cuesmith keys set acme. Then: cuesmith retry" in await advice(kind)


@pytest.mark.parametrize("kind", ["credentials_missing", "credentials_rejected"])
async def test_without_a_keychain_the_environment_is_advised(kind: str) -> None:
    said = await advice(kind, nothing_is_running)

    assert "ACME_API_KEY" in said
    assert "cuesmith retry" in said
    assert "keys set" not in said


async def test_a_refused_key_of_the_environment_is_changed_there() -> None:
    said = await advice("credentials_rejected", ACME_API_KEY="invented-key-3f9c")

    assert said.startswith("Set another key in ACME_API_KEY. Then: cuesmith retry")


async def test_a_limit_that_stopped_a_task_is_named() -> None:
    assert "spending.month_usd with cuesmith config set" in await advice("spending_ceiling_reached")
