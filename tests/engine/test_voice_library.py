"""Voices: fetched once, found by any of their words."""

from __future__ import annotations

import asyncio

import pytest

from app.domain.errors import RequestInvalid, ServiceUnavailable
from app.domain.voice import Voice
from app.engine.voice_library import VoiceLibrary, languages, search

ANNA = Voice("v1", "Anna", "acme", ("de-DE", "en-GB"), "female", "warm narrator")
BERT = Voice("v2", "Bert", "acme", ("en-US",), "male", "deep")
YUKI = Voice("v3", "Yuki", "acme", ("ja",), "female", "bright")
EVERYBODY = (ANNA, BERT, YUKI)


class Choir:
    """A provider of which only the voices matter here."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_down = False
        self.answer = asyncio.Event()
        self.answer.set()

    async def voices(self) -> tuple[Voice, ...]:
        self.asked += 1
        await self.answer.wait()
        if self.is_down:
            raise ServiceUnavailable("Acme is down.")
        return EVERYBODY


@pytest.fixture
def choir() -> Choir:
    return Choir()


@pytest.fixture
def library(choir: Choir) -> VoiceLibrary:
    return VoiceLibrary({"acme": choir})  # type: ignore[dict-item]


async def test_voices_are_fetched_once(library: VoiceLibrary, choir: Choir) -> None:
    choir.answer.clear()
    waiting = [asyncio.ensure_future(library.voices("acme")) for _ in range(3)]
    await asyncio.sleep(0)
    choir.answer.set()

    assert await asyncio.gather(*waiting) == [EVERYBODY] * 3
    assert await library.voices("acme") == EVERYBODY
    assert choir.asked == 1


async def test_a_list_that_could_not_be_had_is_asked_for_again(library: VoiceLibrary, choir: Choir) -> None:
    choir.is_down = True
    with pytest.raises(ServiceUnavailable):
        await library.voices("acme")

    choir.is_down = False

    assert await library.voices("acme") == EVERYBODY


async def test_a_forgotten_list_is_fetched_anew(library: VoiceLibrary, choir: Choir) -> None:
    await library.voices("acme")
    library.forget("acme")
    await library.voices("acme")

    assert choir.asked == 2


async def test_an_unknown_provider_is_a_problem_at_its_field(library: VoiceLibrary) -> None:
    with pytest.raises(RequestInvalid) as caught:
        await library.voices("nobody")

    assert [problem.field for problem in caught.value.problems] == ["provider"]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("", None, EVERYBODY),
        ("WARM anna", None, (ANNA,)),
        ("female", None, (ANNA, YUKI)),
        ("female deep", None, ()),
        ("", "en", (ANNA, BERT)),
        ("", "en-us", (BERT,)),
        ("", "e", ()),
        ("v3", "ja", (YUKI,)),
    ],
)
def test_search_looks_into_every_field(text: str, language: str | None, found: tuple[Voice, ...]) -> None:
    assert search(EVERYBODY, text, language) == found


def test_languages_are_listed_once_and_sorted() -> None:
    assert languages((*EVERYBODY, BERT)) == ("de-DE", "en-GB", "en-US", "ja")
