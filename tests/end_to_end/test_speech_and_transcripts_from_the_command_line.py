"""Camb.ai, RunInfra and OpenAI-compatible servers from the command line, against the services on loopback."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.audio.files import verify
from tests.cli.programs import Cuesmith, CuesmithHere
from tests.servers.camb import KEY as CAMB_KEY
from tests.servers.camb import CambServer
from tests.servers.openai_dialects import KOKORO
from tests.servers.openai_server import KEY as OPENAI_KEY
from tests.servers.openai_server import OpenAIServer
from tests.servers.runinfra import KEY as RUNINFRA_KEY
from tests.servers.runinfra import RunInfraServer

RATE_HZ = 16_000
TEXTS = ("json", "text", "srt", "vtt", "verbose_json")
SPOKEN = (
    ("camb", "text-to-sound", ("--duration", "2.5"), "wav"),
    ("camb", "text-to-music", (), "wav"),
    ("camb", "mars-flash", ("--voice", "147320", "--format", "wav"), "wav"),
    ("camb", "mars-pro", ("--voice", "147320", "--format", "flac"), "flac"),
    ("runinfra", "kokoro", ("--voice", "nova", "--format", "mp3"), "mp3"),
    ("runinfra", "xtts-v2", ("--reference", "CLIP", "--format", "wav"), "wav"),
    ("openai", "tts-1", ("--voice", "alloy", "--format", "wav"), "wav"),
    ("openai", "tts-1-hd", ("--voice", "alloy", "--format", "flac"), "flac"),
    ("openai", "gpt-4o-mini-tts", ("--voice", "marin", "--format", "mp3"), "mp3"),
    ("openai:kokoro", "kokoro", ("--voice", "af_heart", "--format", "wav"), "wav"),
)
WRITTEN = (
    *(("runinfra", "whisper-large-v3", text) for text in TEXTS),
    ("runinfra", "whisper-large-v3-turbo", "verbose_json"),
    *(("openai", "whisper-1", text) for text in TEXTS),
    ("openai", "gpt-4o-transcribe", "json"),
    ("openai", "gpt-4o-mini-transcribe", "json"),
    ("openai", "gpt-4o-transcribe-diarize", "json"),
)
Servers = dict[str, CambServer | RunInfraServer | OpenAIServer]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with ExitStack() as stack:
        yield {
            "camb": stack.enter_context(CambServer(music_seconds=2.0)),
            "runinfra": stack.enter_context(RunInfraServer()),
            "openai": stack.enter_context(OpenAIServer()),
            "openai:kokoro": stack.enter_context(OpenAIServer(KOKORO)),
        }


@pytest.fixture
def cuesmith(tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> CuesmithHere:
    keys = {"CAMB_API_KEY": CAMB_KEY, "RUNINFRA_API_KEY": RUNINFRA_KEY, "OPENAI_API_KEY": OPENAI_KEY}
    for name, key in keys.items():
        monkeypatch.setenv(name, key)
    lines = [
        f'[providers."{name}"]\nbase_url = "{server.url}"\npoll_interval_s = 0.05\n' for name, server in servers.items()
    ]
    (tmp_path / "home" / "config").mkdir(parents=True)
    (tmp_path / "home" / "config" / "settings.toml").write_text("\n".join(lines))
    return CuesmithHere(tmp_path / "home")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Three words, with a pause between them."""
    word = 0.4 * np.sin(2 * np.pi * 440 * np.arange(RATE_HZ) / RATE_HZ)
    pause = np.zeros(RATE_HZ // 2)
    soundfile.write(tmp_path / "clip.wav", np.concatenate((word, pause, word, pause, word)), RATE_HZ, subtype="PCM_16")
    return tmp_path / "clip.wav"


@pytest.mark.parametrize(("provider", "model", "options", "made_as"), SPOKEN)
def test_a_model_speaks(
    cuesmith: CuesmithHere, recording: Path, provider: str, model: str, options: tuple[str, ...], made_as: str
) -> None:
    options = tuple(str(recording) if option == "CLIP" else option for option in options)

    made = cuesmith.run(
        "generate", "The lighthouse is dark.", "--provider", provider, "--model", model, *options, "--json"
    )

    assert made.code == 0, made.err
    task = made.json
    assert (task["state"], task["error"], len(task["takes"])) == ("finished", None, 1)
    assert verify(Path(task["takes"][0]["path"])).format == made_as


@pytest.mark.parametrize(("provider", "model", "text"), WRITTEN)
def test_a_model_writes_down_what_is_said(
    cuesmith: CuesmithHere, recording: Path, tmp_path: Path, provider: str, model: str, text: str
) -> None:
    out = tmp_path / f"transcript.{text}"

    done = cuesmith.run(
        *("transcribe", recording, "--provider", provider, "--model", model, "--format", text),
        *("--out", out, "--json"),
    )

    assert done.code == 0, done.err
    task = done.json
    assert (task["kind"], task["state"], task["takes"]) == ("transcription", "finished", [])
    assert task["transcript"]["format"] == text
    assert task["transcript"]["text"].strip()
    assert task["transcript"]["path"] == str(out)
    written = out.read_text(encoding="utf-8")
    if text in ("json", "verbose_json"):
        assert json.loads(written)["text"].strip() == task["transcript"]["text"].strip()
    else:
        assert {"srt": "-->", "vtt": "WEBVTT", "text": ""}[text] in written


def test_ctrl_c_while_a_long_recording_is_cut_ends_at_once_and_leaves_nothing(
    cuesmith: CuesmithHere, servers: Servers, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "long.wav", np.zeros(8_000 * 4_000, dtype=np.int16), 8_000, subtype="PCM_16")
    inputs = cuesmith.home / "data" / "inputs"
    app = Cuesmith(cuesmith.home)
    before = len(servers["openai"].requests)
    process = app.start("transcribe", tmp_path / "long.wav", "--provider", "openai", "--model", "gpt-4o-transcribe")
    try:
        while not list(inputs.rglob("0.mp3")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()

    assert (process.returncode, err) == (130, "cuesmith: Interrupted. Nothing was sent.\n")
    assert list(inputs.iterdir()) == []
    assert len(servers["openai"].requests) == before
    assert cuesmith.run("tasks", "--json").json == []


def test_speakers_are_told_apart(cuesmith: CuesmithHere, recording: Path) -> None:
    for arguments in (("--provider", "runinfra"), ("--provider", "openai", "--model", "gpt-4o-transcribe-diarize")):
        done = cuesmith.run("transcribe", recording, *arguments, "--diarize", "--format", "vtt")

        assert done.code == 0, done.err
        assert "<v " in done.out or "Speaker" in done.out


def test_a_take_is_transcribed_by_its_id(cuesmith: CuesmithHere) -> None:
    take = cuesmith.run("generate", "Hello there.", "--model", "speech", "--json").json["takes"][0]["id"]

    done = cuesmith.run("transcribe", take, "--provider", "runinfra", "--format", "text")

    assert done.code == 0, done.err
    assert done.out.strip()


REFUSED = (
    (("generate", "rain", "--provider", "camb", "--model", "text-to-sound", "--duration", "11"), "from 0.5 to 10 s"),
    (("generate", "hi", "--provider", "camb", "--model", "mars-flash", "--voice", "1"), "3 characters"),
    (("generate", "a" * 3_001, "--provider", "camb", "--model", "mars-flash", "--voice", "1"), "3,000 characters"),
    (("generate", "hello", "--provider", "openai", "--model", "tts-1", "--speed", "5"), "from 0.25 to 4"),
    (("generate", "  ", "--provider", "openai", "--model", "tts-1"), "empty"),
    (("generate", "hello", "--provider", "openai", "--model", "whisper-1"), "makes no audio"),
    (("transcribe", "none.wav", "--provider", "openai"), "There is no file"),
    (("transcribe", __file__, "--provider", "openai"), "isn’t audio"),
)


@pytest.mark.parametrize(("arguments", "words"), REFUSED, ids=lambda value: str(value)[:40])
def test_bad_input_is_refused_with_the_allowed_values_and_nothing_leaves(
    cuesmith: CuesmithHere, servers: Servers, arguments: tuple[str, ...], words: str
) -> None:
    before = sum(len(server.requests) for server in servers.values())

    refused = cuesmith.run(*arguments)

    assert refused.code == 2, refused.err
    assert words in refused.err
    assert sum(len(server.requests) for server in servers.values()) == before


def test_a_short_clip_and_a_picture_are_no_voice_to_clone(cuesmith: CuesmithHere, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "short.wav", np.full(2 * RATE_HZ, 0.1), RATE_HZ)
    (tmp_path / "face.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    command = ("generate", "hello", "--provider", "runinfra", "--model", "xtts-v2", "--reference")

    short, picture = cuesmith.run(*command, tmp_path / "short.wav"), cuesmith.run(*command, tmp_path / "face.png")

    assert (short.code, picture.code) == (2, 2)
    assert "at least 3 s" in short.err
    assert "picture" in picture.err


def test_a_clip_that_is_too_long_is_refused_or_trimmed_on_request(cuesmith: CuesmithHere, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "long.wav", np.full(12 * RATE_HZ, 0.1), RATE_HZ)
    command = (
        "generate",
        "hello",
        "--provider",
        "runinfra",
        "--model",
        "xtts-v2",
        "--reference",
        tmp_path / "long.wav",
    )

    refused, trimmed = cuesmith.run(*command), cuesmith.run(*command, "--trim")

    assert (refused.code, trimmed.code) == (2, 0), trimmed.err
    assert "too long: at most 10 s" in refused.err


def test_a_file_over_25_mb_is_refused_at_openai(cuesmith: CuesmithHere, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "long.wav", np.zeros(13_100_000, dtype=np.int16), 48_000, subtype="PCM_16")

    refused = cuesmith.run("transcribe", tmp_path / "long.wav", "--provider", "openai", "--model", "whisper-1")

    assert refused.code == 2
    assert "25 MB" in refused.err
