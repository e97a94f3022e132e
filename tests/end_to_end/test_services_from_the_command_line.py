"""Every model of the job services, from the command line to a playable take, against the services on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from app.audio.files import verify
from tests.cli.programs import CuesmithHere
from tests.servers.aimlapi import KEY as AIMLAPI_KEY
from tests.servers.aimlapi import AimlapiServer
from tests.servers.runware import KEY as RUNWARE_KEY
from tests.servers.runware import RunwareServer

Server = RunwareServer | AimlapiServer


@dataclass(frozen=True)
class Case:
    """One request, and what its first take must be.

    Attributes:
        seconds: None where the service decides.
        price_a_second: None where no cost can be worked out from the length.
    """

    provider: str
    model: str
    options: tuple[str, ...]
    format: str
    rate: int | None = None
    channels: int | None = None
    seconds: float | None = None
    takes: int = 1
    price_a_second: Decimal | None = None
    has_seed: bool = False


SEED_AUDIO = "bytedance:seed-audio@1.0"
SECOND_OF_SEED_AUDIO, SECOND_OF_MUSIC = Decimal("0.158") / 60, Decimal("0.40") / 60
LYRICS = "Come down to the harbour\nWhere the lights are low"

CASES = (
    Case(
        "runware",
        SEED_AUDIO,
        ("--takes", "3", "--format", "mp3", "--sample-rate", "48000", "--channels", "2", "--bitrate", "320"),
        *("mp3", 48_000, 2),
        takes=3,
        price_a_second=SECOND_OF_SEED_AUDIO,
        has_seed=True,
    ),
    Case(
        *("runware", SEED_AUDIO),
        ("--format", "ogg", "--sample-rate", "16000", "--channels", "1", "--bitrate", "96", "--speed", "-10"),
        *("ogg", 16_000, 1),
        price_a_second=SECOND_OF_SEED_AUDIO,
        has_seed=True,
    ),
    Case("runware", SEED_AUDIO, ("--format", "wav"), "wav", price_a_second=SECOND_OF_SEED_AUDIO, has_seed=True),
    Case("runware", SEED_AUDIO, ("--format", "flac"), "flac", price_a_second=SECOND_OF_SEED_AUDIO, has_seed=True),
    Case("runware", SEED_AUDIO, ("--param", "output_type=base64Data", "--format", "wav"), "wav", has_seed=True),
    Case("runware", SEED_AUDIO, ("--param", "output_type=dataURI", "--format", "mp3"), "mp3", has_seed=True),
    Case(
        *("runware", "elevenlabs:1@1"),
        ("--duration", "12", "--format", "mp3", "--sample-rate", "44100", "--bitrate", "128"),
        *("mp3", 44_100, None, 12.0),
        price_a_second=SECOND_OF_MUSIC,
    ),
    Case("runware", "acme:organ@2", ("--format", "wav"), "wav"),
    Case("aimlapi", "stable-audio", ("--duration", "3", "--param", "steps=50"), "wav", seconds=3.0),
    Case("aimlapi", "elevenlabs/eleven_music", ("--duration", "10"), "mp3", seconds=10.0),
    Case("aimlapi", "google/lyria2", ("--negative-prompt", "drums", "--seed", "7"), "wav"),
    Case("aimlapi", "minimax/music-1.5", ("--param", f"lyrics={LYRICS}", "--format", "wav"), "wav"),
    Case(
        *("aimlapi", "minimax/music-2.0"),
        ("--param", f"lyrics={LYRICS}", "--format", "mp3", "--sample-rate", "32000", "--bitrate", "128"),
        *("mp3", 32_000),
    ),
    Case("aimlapi", "minimax/music-2.6", ("--param", "is_instrumental=true"), "mp3"),
    Case("aimlapi", "minimax/music-cover", ("--reference", "CLIP"), "mp3"),
    Case("aimlapi", "minimax-music", ("--reference", "CLIP"), "mp3"),
    Case("aimlapi", "openai/tts-1", ("--voice", "nova", "--format", "flac"), "flac"),
    Case("aimlapi", "elevenlabs/eleven_multilingual_v2", ("--format", "mp3"), "mp3"),
)


@pytest.fixture
def servers() -> Iterator[dict[str, Server]]:
    with ExitStack() as stack:
        yield {
            "runware": stack.enter_context(RunwareServer(result_seconds=1.5)),
            "aimlapi": stack.enter_context(AimlapiServer(result_seconds=1.5)),
        }


@pytest.fixture
def cuesmith(tmp_path: Path, servers: dict[str, Server], monkeypatch: pytest.MonkeyPatch) -> CuesmithHere:
    monkeypatch.setenv("RUNWARE_API_KEY", RUNWARE_KEY)
    monkeypatch.setenv("AIMLAPI_API_KEY", AIMLAPI_KEY)
    app = CuesmithHere(tmp_path / "home")
    for provider, server in servers.items():
        assert app.run("config", "set", f"providers.{provider}.base_url", server.url).code == 0
        assert app.run("config", "set", f"providers.{provider}.poll_interval_s", "0.05").code == 0
    return app


def clip(folder: Path, seconds: float = 20.0) -> str:
    """A clip long enough for every model that wants one."""
    rate = 8_000
    time = np.arange(int(rate * seconds)) / rate
    soundfile.write(folder / "clip.wav", 0.3 * np.sin(880 * np.pi * time), rate, subtype="PCM_16")
    return str(folder / "clip.wav")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.model} {' '.join(case.options)[:24]}")
def test_a_model_brings_takes_as_they_were_asked_for(
    cuesmith: CuesmithHere, servers: dict[str, Server], tmp_path: Path, case: Case
) -> None:
    options = [clip(tmp_path) if option == "CLIP" else option for option in case.options]
    arguments = ("--provider", case.provider, "--model", case.model, *options, "--out", tmp_path / "out", "--json")

    made = cuesmith.run("generate", "An old harbour at night", *arguments)

    assert made.code == 0, made.err
    task = made.json
    assert (task["state"], task["error"], len(task["takes"])) == ("finished", None, case.takes)
    for take in task["takes"]:
        check_take(take, case)
    server = servers[case.provider]
    assert task["cost_usd"] == pytest.approx(
        float(sum(charge.amount_usd for charge in server.ledger.charges)), abs=1e-9
    )
    assert server.files.violations == []
    assert len({take["path"] for take in task["takes"]}) == case.takes


def check_take(take: dict[str, Any], case: Case) -> None:
    info = verify(Path(take["path"]))
    assert (info.format, take["format"]) == (case.format, case.format)
    assert case.rate in (None, info.sample_rate_hz)
    assert case.channels in (None, info.channels)
    if case.seconds is not None:
        assert info.duration_s == pytest.approx(case.seconds, abs=0.2)
    if case.price_a_second is not None:
        assert take["cost_usd"] == pytest.approx(float(case.price_a_second) * info.duration_s, rel=0.08)
    assert (take["seed"] is not None) == case.has_seed or not case.has_seed


def test_a_composition_plan_becomes_music_of_its_length(
    cuesmith: CuesmithHere, servers: dict[str, Server], tmp_path: Path
) -> None:
    (tmp_path / "plan.json").write_text(
        '{"styles": ["tense"], "sections": [{"name": "rise", "duration_s": 5, "styles": ["tremolo"]},'
        ' {"name": "hit", "duration_s": 4}]}'
    )

    made = cuesmith.run(
        *("generate", "--provider", "runware", "--model", "elevenlabs:1@1"),
        *("--plan", tmp_path / "plan.json", "--out", tmp_path / "out", "--json"),
    )

    assert made.code == 0, made.err
    (take,) = made.json["takes"]
    assert verify(Path(take["path"])).duration_s == pytest.approx(9, abs=0.2)
    assert made.json["prompt"] == "tense: rise · hit"
    assert made.json["estimated_cost_usd"] == pytest.approx(0.06)


def test_clips_are_uploaded_once_and_named_in_the_prompt(
    cuesmith: CuesmithHere, servers: dict[str, Server], tmp_path: Path
) -> None:
    command = (
        *("generate", "@Audio1 laughs far away", "--provider", "runware", "--model", SEED_AUDIO),
        *("--reference", clip(tmp_path, 2.0), "--json"),
    )

    first, second = cuesmith.run(*command), cuesmith.run(*command)

    assert (first.code, second.code) == (0, 0), first.err + second.err
    server = servers["runware"]
    assert isinstance(server, RunwareServer)
    (media,) = server.media.values()
    assert media.content == (tmp_path / "clip.wav").read_bytes()


REFUSED = (
    ("--format", ("--model", SEED_AUDIO, "--format", "ogg", "--sample-rate", "44100"), "8,000, 12,000, 16,000, 24,000"),
    ("--bitrate", ("--model", SEED_AUDIO, "--format", "mp3", "--sample-rate", "8000", "--bitrate", "128"), "64 kbps"),
    ("--takes", ("--model", SEED_AUDIO, "--takes", "5"), "from 1 to 4"),
    ("--speed", ("--model", SEED_AUDIO, "--speed", "101"), "from -50 to 100"),
    ("--duration", ("--provider", "aimlapi", "--model", "stable-audio", "--duration", "48"), "from 1 to 47"),
    ("--model", ("--model", "no such model"), "no model"),
)


@pytest.mark.parametrize(("option", "arguments", "allowed"), REFUSED, ids=lambda value: str(value)[:30])
def test_what_a_model_does_not_take_is_refused_at_its_option_and_nothing_leaves(
    cuesmith: CuesmithHere, servers: dict[str, Server], option: str, arguments: tuple[str, ...], allowed: str
) -> None:
    provider = () if "--provider" in arguments else ("--provider", "runware")

    refused = cuesmith.run("generate", "rain", *provider, *arguments)

    assert refused.code == 2
    assert allowed in refused.err
    assert servers["runware"].requests == []
    assert servers["aimlapi"].requests == []


def test_both_kinds_of_reference_a_missing_clip_and_a_long_prompt_are_refused_here(
    cuesmith: CuesmithHere, servers: dict[str, Server], tmp_path: Path
) -> None:
    (tmp_path / "face.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    command = ("generate", "--provider", "runware", "--model", SEED_AUDIO)

    both = cuesmith.run(*command, "hello", "--reference", clip(tmp_path), "--reference", tmp_path / "face.png")
    fourth = cuesmith.run(*command, "@Audio4 sings", "--reference", tmp_path / "clip.wav")
    long = cuesmith.run(*command, "a" * 2_049)

    assert [each.code for each in (both, fourth, long)] == [2, 2, 2]
    assert "--reference: Seed Audio 1.0 takes clips or a picture, not both." in both.err
    assert "PROMPT: @Audio4 has no clip: there is 1 clip." in fourth.err
    assert "PROMPT: " in long.err
    assert "2,048 characters" in long.err
    assert servers["runware"].requests == []
