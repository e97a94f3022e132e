"""The clip of a voice comes from where the service keeps it, without the key."""

from __future__ import annotations

import pytest

from app.domain.errors import ResultExpired, UnexpectedReply
from app.domain.provider import VoiceSampler
from app.domain.voice import Voice
from app.providers.camb.provider import CambProvider
from tests.providers.camb.faking import WAV, Camb, Sink

NARRATOR = Voice("147320", "Narrator A", "camb", sample="https://93.184.215.14/voices/147320.wav?sig=abc")


async def test_it_is_fetched_without_the_key(provider: CambProvider, camb: Camb) -> None:
    assert isinstance(provider, VoiceSampler)
    camb.streams(WAV, b"\xff\x00" * 500)
    sink = Sink()

    await provider.sample(NARRATOR, sink)

    assert sink.data == WAV + b"\xff\x00" * 500
    assert camb.paths == [f"GET {NARRATOR.sample}"]
    assert camb.keys == [None]
    assert "authorization" not in camb.asked[0].headers


async def test_a_signed_address_that_is_too_old_has_expired(provider: CambProvider, camb: Camb) -> None:
    camb.says(403, b"<Error>Request has expired</Error>")

    with pytest.raises(ResultExpired):
        await provider.sample(NARRATOR, Sink())


@pytest.mark.parametrize("address", ["http://93.184.215.14/a.wav", "https://127.0.0.1/a.wav", "https://10.0.0.1/a.wav"])
async def test_an_address_that_leads_astray_is_not_followed(provider: CambProvider, camb: Camb, address: str) -> None:
    with pytest.raises(UnexpectedReply):
        await provider.sample(Voice("1", "A", "camb", sample=address), Sink())

    assert camb.asked == []
