"""The voices of an account, and the question whether a key is taken."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.domain.errors import CredentialsRejected, ServiceUnavailable, UnexpectedReply
from app.domain.provider import Account
from app.domain.voice import Voice
from app.providers.camb.provider import CambProvider
from tests.fakes.fixed_key import KEY as API_KEY
from tests.providers.camb.faking import Camb

SAMPLE = "https://storage.example.test/voices/147320.wav?sig=abc"
LANGUAGES = [
    {"id": 1, "language": "English (United States)", "short_name": "en-us"},
    {"id": 88, "language": "Portuguese (Brazil)", "short_name": "pt-br"},
]
NARRATOR = {
    "id": 147320,
    "voice_name": "Narrator A",
    "gender": 2,
    "age": 35,
    "language": 1,
    "transcript": None,
    "description": "Warm",
    "is_published": True,
    "signed_url": SAMPLE,
}


async def voices_of(camb: Camb, provider: CambProvider, listed: Any, languages: Any = LANGUAGES) -> tuple[Voice, ...]:
    camb.says(200, listed)
    camb.says(200, languages)
    return await provider.voices()


async def test_a_voice_has_its_name_language_gender_traits_and_a_sample(provider: CambProvider, camb: Camb) -> None:
    voices = await voices_of(camb, provider, [NARRATOR])

    assert voices == (
        Voice(
            "147320",
            "Narrator A",
            "camb",
            languages=("en-us",),
            gender="female",
            traits="Warm, 35 years",
            sample=SAMPLE,
        ),
    )
    assert camb.paths == [
        "GET https://client.camb.ai/apis/list-voices",
        "GET https://client.camb.ai/apis/source-languages",
    ]
    assert camb.keys == [API_KEY, API_KEY]


@pytest.mark.parametrize(
    ("code", "gender"),
    [(0, ""), (1, "male"), (2, "female"), (9, ""), (None, ""), (7, ""), ("2", "female"), ("f", ""), (True, "")],
)
async def test_gender_is_told_by_a_number(code: Any, gender: str, provider: CambProvider, camb: Camb) -> None:
    (voice,) = await voices_of(camb, provider, [{**NARRATOR, "gender": code}])

    assert voice.gender == gender


@pytest.mark.parametrize(
    ("language", "tags"),
    [(1, ("en-us",)), (88, ("pt-br",)), ("88", ("pt-br",)), ("de-de", ("de-de",)), (5, ()), (None, ()), ([1], ())],
)
async def test_a_language_is_looked_up_by_its_number(
    language: Any, tags: tuple[str, ...], provider: CambProvider, camb: Camb
) -> None:
    (voice,) = await voices_of(camb, provider, [{**NARRATOR, "language": language}])

    assert voice.languages == tags


@pytest.mark.parametrize(
    ("description", "age", "traits"),
    [
        (None, None, ""),
        ("Calm\n<b>and</b> slow", None, "Calm and slow"),
        (None, 8, "8 years"),
        ("", 0, ""),
        ("Old", 900, "Old"),
        (7, "35", "35 years"),
    ],
)
async def test_traits_are_the_description_and_the_age(
    description: Any, age: Any, traits: str, provider: CambProvider, camb: Camb
) -> None:
    (voice,) = await voices_of(camb, provider, [{**NARRATOR, "description": description, "age": age}])

    assert voice.traits == traits


@pytest.mark.parametrize("link", [None, "", 7, "x.wav", "http://storage.example.test/x.wav", "https://a.b/x\ny"])
async def test_a_sample_that_can_not_be_fetched_is_none(link: Any, provider: CambProvider, camb: Camb) -> None:
    (voice,) = await voices_of(camb, provider, [{**NARRATOR, "signed_url": link}])

    assert voice.sample == ""


async def test_a_number_and_a_name_are_all_that_a_voice_needs(provider: CambProvider, camb: Camb) -> None:
    listed = [
        {"id": 1, "voice_name": "One"},
        {"id": "2", "voice_name": "Two", "surprise": {"deep": [1]}},
        {"id": 1, "voice_name": "One again"},
        {"id": None, "voice_name": "Nobody"},
        {"id": 3},
        {"id": 4, "voice_name": ""},
        {"id": -5, "voice_name": "Negative"},
        {"id": "x", "voice_name": "Letters"},
        {"id": True, "voice_name": "True"},
        "voice",
        None,
    ]

    voices = await voices_of(camb, provider, listed)

    assert voices == (Voice("1", "One", "camb"), Voice("2", "Two", "camb"))


async def test_an_empty_list_is_a_list(provider: CambProvider, camb: Camb) -> None:
    assert await voices_of(camb, provider, []) == ()


@pytest.mark.parametrize("listed", [{}, {"voices": [NARRATOR]}, b"<html>", b"", None, "none"])
async def test_what_is_no_list_has_no_voices(listed: Any, provider: CambProvider, camb: Camb) -> None:
    with pytest.raises(UnexpectedReply):
        await voices_of(camb, provider, listed)


@pytest.mark.parametrize(
    "languages", [{}, b"<html>", [{"id": None, "short_name": "x"}], [{"id": 1}], [7], [{"id": 1, "short_name": 5}]]
)
async def test_voices_are_listed_even_if_nobody_says_what_their_languages_are(
    languages: Any, provider: CambProvider, camb: Camb
) -> None:
    (voice,) = await voices_of(camb, provider, [NARRATOR], languages)

    assert (voice.name, voice.languages) == ("Narrator A", ())


async def test_voices_are_listed_even_if_the_languages_can_not_be_had(provider: CambProvider, camb: Camb) -> None:
    camb.says(200, [NARRATOR])
    camb.says(503, b"")

    (voice,) = await provider.voices()

    assert (voice.name, voice.languages) == ("Narrator A", ())


async def test_a_key_that_opens_the_list_of_voices_is_taken_and_the_list_is_not_read(
    provider: CambProvider, camb: Camb
) -> None:
    body = camb.streams(b'[{"id": 147320, "voice', b"_name", breaks=True)

    assert await provider.check_key() == Account(None)
    assert camb.paths == ["GET https://client.camb.ai/apis/list-voices"]
    assert camb.keys == [API_KEY]
    assert body.is_closed


async def test_an_account_without_voices_has_a_key_all_the_same(provider: CambProvider, camb: Camb) -> None:
    camb.says(200, [])

    assert await provider.check_key() == Account(None)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_is_not_taken_is_told(status: int, provider: CambProvider, camb: Camb) -> None:
    body = camb.says(status, {"error": "Invalid API key", "status": status})

    with pytest.raises(CredentialsRejected, match="Invalid API key"):
        await provider.check_key()

    assert body.is_closed


@pytest.mark.parametrize("body", [b"", {"error": "Invalid API key"}, b"<html>sign in</html>"])
async def test_an_answer_that_is_no_list_says_nothing_about_the_key(
    body: Any, provider: CambProvider, camb: Camb
) -> None:
    camb.says(200, body)

    with pytest.raises(UnexpectedReply):
        await provider.check_key()


async def test_a_service_that_can_not_be_reached_says_nothing_about_the_key(provider: CambProvider, camb: Camb) -> None:
    camb.breaks(httpx.ReadError("reset"))

    with pytest.raises(ServiceUnavailable):
        await provider.check_key()
