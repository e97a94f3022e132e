"""The free questions: what an account holds, and which models there are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import UnexpectedReply
from app.domain.provider import Account, ListedModel
from app.providers.aimlapi.provider import AimlapiProvider
from tests.providers.aimlapi.faking import FakeClient


@pytest.mark.parametrize(
    ("body", "balance"),
    [
        (b'{"current_balance": 12.34, "currency": "USD"}', "12.34"),
        (b'{"current_balance": 0.1000000000000000055, "currency": "usd"}', "0.1000000000000000055"),
        (b'{"current_balance": "7", "currency": "USD"}', "7"),
        (b'{"current_balance": -0.5, "currency": "USD"}', "-0.5"),
        (b'{"current_balance": 12.34, "currency": "EUR"}', None),
        (b'{"current_balance": 12.34}', None),
        (b'{"current_balance": null, "currency": "USD"}', None),
        (b'{"current_balance": "much", "currency": 7}', None),
        (b'{"current_balance": 1e999999999, "currency": "USD"}', None),
        (b'{"current_balance": "1e-999999999", "currency": "USD"}', None),
        (b"{}", None),
    ],
)
async def test_a_key_that_works_tells_what_is_left(
    body: bytes, balance: str | None, aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, body)

    account = await aimlapi.check_key()

    assert account == Account(None if balance is None else Decimal(balance))
    ((wire, base_url, with_key),) = client.asked
    assert (wire.method, wire.path, base_url, with_key) == ("GET", "/v2/billing", None, True)


async def test_models_are_listed_without_a_key_each_once_and_in_order(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(
        200,
        {
            "object": "list",
            "data": [
                {"id": "stable-audio", "type": "audio", "info": {"name": "Stable Audio", "developer": "Stability"}},
                {"id": "google/lyria2", "info": {}},
                {"id": "stable-audio", "info": {"name": "Again"}},
                {"id": "google/lyria2", "info": {"name": "Lyria 2"}},
            ],
        },
    )

    listed = await aimlapi.models()

    assert listed == (ListedModel("google/lyria2", "Lyria 2"), ListedModel("stable-audio", "Stable Audio"))
    ((wire, _, with_key),) = client.asked
    assert (wire.method, wire.path, with_key) == ("GET", "/v1/models?output_modalities=audio", False)


@pytest.mark.parametrize(
    "data",
    [
        [{"id": "a", "info": None}, {"id": 7}, {"info": {"name": "x"}}, "b", None, {"id": ""}, {"id": "two\nlines"}],
        [{"id": "a", "info": {"name": 5}, "aliases": "odd", "tags": None}],
    ],
)
async def test_odd_entries_of_the_list_are_left_out(
    data: list[Any], aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    client.will_answer(200, {"data": data})

    assert await aimlapi.models() == (ListedModel("a"),)


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}])
async def test_a_list_that_is_none_has_no_models(body: Any, aimlapi: AimlapiProvider, client: FakeClient) -> None:
    client.will_answer(200, body)

    assert await aimlapi.models() == ()


async def test_an_answer_that_is_no_object_is_unexpected(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    client.will_answer(200, b"[]")
    client.will_answer(200, b"<html>")

    with pytest.raises(UnexpectedReply):
        await aimlapi.models()
    with pytest.raises(UnexpectedReply):
        await aimlapi.check_key()


async def test_the_voices_are_in_the_catalogue_and_nobody_is_asked(
    aimlapi: AimlapiProvider, client: FakeClient
) -> None:
    assert await aimlapi.voices() == ()
    assert client.asked == []


async def test_letting_go_closes_nothing_that_others_use(aimlapi: AimlapiProvider, client: FakeClient) -> None:
    await aimlapi.aclose()

    client.will_answer(200, {"data": []})
    assert await aimlapi.models() == ()
