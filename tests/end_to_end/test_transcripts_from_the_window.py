"""Recordings written down from the real window: every transcription model and format, over the accessibility bus."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.desktop import ROOT, Desktop, Hand, desktop, missing_parts
from tests.end_to_end.test_services_from_the_window import command_line, wait_for_tasks
from tests.servers.openai_server import KEY as OPENAI_KEY
from tests.servers.openai_server import OpenAIServer
from tests.servers.runinfra import KEY as RUNINFRA_KEY
from tests.servers.runinfra import RunInfraServer
from tests.servers.transcribing import spoken

MISSING = missing_parts() if sys.platform == "linux" else ["a Linux desktop"]
WORDS = "alfa bravo charlie delta. echo foxtrot golf hotel"
DIALOG = ("dialog", "Transcribe")
FORMATS = {"Detailed JSON": "verbose_json", "JSON": "json", "Text": "text", "SRT": "srt", "VTT": "vtt"}

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    (tmp_path / "interview.wav").write_bytes(spoken(WORDS, "wav"))
    return tmp_path / "interview.wav"


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as made:
        made.environment["CUESMITH_HOME"] = str(tmp_path / "home")
        yield made


def open_window(screen: Desktop, provider: str, url: str) -> Hand:
    command_line(screen, "config", "set", f"providers.{provider}.base_url", url)
    screen.start([sys.executable, "-m", "app"], cwd=ROOT)
    hand = Hand(screen, "Cuesmith")
    hand.see("Prompt", role="text")
    return hand


def ask(screen: Desktop, hand: Hand, recording: Path) -> None:
    """The dialog, by the menu and the list of files."""
    hand.open_menu("Menu")
    screen.keys("Down", "Return")  # popup menus are not in the tree of the accessibility bus
    picker = {"inside": ("dialog", "Transcribe a file")}
    hand.type("File name:", str(recording), role="text", **picker)
    hand.press("Choose", exact=False, **picker)
    hand.see("interview.wav", role="label", inside=DIALOG)


def check(screen: Desktop, models_and_formats: list[tuple[str, str]]) -> None:
    tasks = command_line(screen, "tasks", "--json")
    assert [(task["model"], task["transcript"]["format"], task["state"]) for task in tasks] == [
        (model, text, "finished") for model, text in models_and_formats
    ]
    for task in tasks:
        assert "alfa bravo" in task["transcript"]["text"].lower()
        assert Path(task["transcript"]["path"]).read_text(encoding="utf-8")


def test_every_format_of_runinfra(screen: Desktop, recording: Path) -> None:
    with RunInfraServer() as server:
        screen.environment["RUNINFRA_API_KEY"] = RUNINFRA_KEY
        hand = open_window(screen, "runinfra", server.url)

        for number, name in enumerate(FORMATS, start=1):
            ask(screen, hand, recording)
            hand.press(name, role="radio button", inside=DIALOG)
            hand.press("Transcribe", exact=False, inside=DIALOG)
            if number == 1:
                hand.press("Transcribe, price unknown", inside=("dialog", "Whisper large v3: price unknown"))
            wait_for_tasks(screen, number)

        check(screen, [("whisper-large-v3", text) for text in FORMATS.values()])
        # The words stand beside the waveform.
        hand.see("alfa bravo", exact=False)


def test_every_model_of_openai(screen: Desktop, recording: Path) -> None:
    models = ("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize")
    with OpenAIServer() as server:
        screen.environment["OPENAI_API_KEY"] = OPENAI_KEY
        hand = open_window(screen, "openai", server.url)

        for number, _model in enumerate(models, start=1):
            ask(screen, hand, recording)
            if number > 1:  # the model of the last time is kept
                hand.open_menu("Model", inside=DIALOG)
                screen.keys("Down", "Return")
            hand.press("Transcribe", exact=False, inside=DIALOG)
            wait_for_tasks(screen, number)

        texts = ("verbose_json", "json", "json", "verbose_json")
        check(screen, list(zip(models, texts, strict=True)))
