"""OpenAI's own client gets from the loopback service what Cuesmith gets: the service is not ours alone to please."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openai
import pytest
import soundfile

from tests.cli.programs import CuesmithHere
from tests.servers.openai_server import KEY, OpenAIServer

TEXT = "The lighthouse is dark tonight."
RATE_HZ = 16_000


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as made:
        made.behaviour.each_its_own = False
        yield made


@pytest.fixture
def client(server: OpenAIServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key=KEY, base_url=server.url, max_retries=0) as made:
        yield made


@pytest.fixture
def cuesmith(tmp_path: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> CuesmithHere:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    app = CuesmithHere(tmp_path / "home")
    assert app.run("config", "set", "providers.openai.base_url", server.url).code == 0
    return app


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    word = 0.4 * np.sin(2 * np.pi * 440 * np.arange(RATE_HZ) / RATE_HZ)
    soundfile.write(tmp_path / "words.wav", np.concatenate((word, np.zeros(RATE_HZ), word)), RATE_HZ, subtype="PCM_16")
    return tmp_path / "words.wav"


@pytest.mark.parametrize("made_as", ["mp3", "flac", "opus", "wav"])
@pytest.mark.parametrize("model", ["tts-1", "gpt-4o-mini-tts"])
def test_speech_is_the_same(cuesmith: CuesmithHere, client: openai.OpenAI, model: str, made_as: str) -> None:
    theirs = client.audio.speech.create(model=model, voice="nova", input=TEXT, response_format=made_as).content
    asked = ("generate", TEXT, "--provider", "openai", "--model", model, "--voice", "nova", "--format", made_as)
    made = cuesmith.run(*asked, "--json")

    assert made.code == 0, made.err
    ours = Path(made.json["takes"][0]["path"]).read_bytes()
    # A streamed WAV says nothing of its length; ours is put right when it is stored.
    assert samples(ours) == samples(theirs) if made_as == "wav" else ours == theirs


def samples(wav: bytes) -> bytes:
    return wav[wav.index(b"data") + 8 :]


def test_streamed_speech_is_the_same(cuesmith: CuesmithHere, client: openai.OpenAI) -> None:
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input=TEXT, response_format="mp3"
    ) as response:
        theirs = b"".join(response.iter_bytes())
    asked = (
        "generate",
        TEXT,
        "--provider",
        "openai",
        "--model",
        "tts-1",
        "--voice",
        "alloy",
        "--format",
        "mp3",
        "--json",
    )
    made = cuesmith.run(*asked)

    assert Path(made.json["takes"][0]["path"]).read_bytes() == theirs


@pytest.mark.parametrize("written", ["json", "text", "srt", "vtt", "verbose_json"])
def test_a_transcript_is_the_same(
    cuesmith: CuesmithHere, client: openai.OpenAI, recording: Path, tmp_path: Path, written: str
) -> None:
    with recording.open("rb") as file:
        theirs = client.audio.transcriptions.create(model="whisper-1", file=file, response_format=written)
    out = tmp_path / "ours"
    command = ("transcribe", recording, "--provider", "openai", "--model", "whisper-1", "--format", written)
    done = cuesmith.run(*command, "--out", out, "--json")

    assert done.code == 0, done.err
    text = theirs if isinstance(theirs, str) else theirs.text
    if written in ("json", "verbose_json"):
        assert json.loads(out.read_text())["text"] == text
        assert done.json["transcript"]["text"] == text
    else:
        assert out.read_text() == text
    if written == "verbose_json":
        assert [segment["start"] for segment in json.loads(out.read_text())["segments"]] == [
            segment.start for segment in theirs.segments
        ]


def test_a_wrong_key_and_the_list_of_models_are_the_same(
    cuesmith: CuesmithHere, server: OpenAIServer, client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = cuesmith.run("models", "--provider", "openai", "--live", "--json")
    assert {model["id"] for model in listed.json} <= {model.id for model in client.models.list()}

    with (
        openai.OpenAI(api_key="sk-wrong-key-0000", base_url=server.url, max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.audio.speech.create(model="tts-1", voice="nova", input=TEXT)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-key-0000")
    refused = cuesmith.run("generate", TEXT, "--provider", "openai", "--model", "tts-1", "--json")
    assert (refused.code, refused.json["error"]["kind"]) == (1, "credentials_rejected")
