"""Speech that arrives, in the whole window: the list and the preview tell of it, Play works, and it becomes a take."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.request import GenerationRequest
from app.domain.take import TakeState
from app.domain.task import Task
from app.ui.item_models.row_text import COLUMNS, Column
from app.ui.waveform_view import WaveformView
from tests.servers.camb import KEY as CAMB_KEY
from tests.servers.camb import CambServer
from tests.servers.faults import HoldAfter
from tests.servers.openai_server import KEY, OpenAIServer
from tests.ui.waiting import until
from tests.ui.window_world import World, opened

NO_KEYCHAIN = "keyring.backends.null.Keyring"  # whoever runs the tests keeps their keys to themselves


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(speech_seconds=4.0) as made:
        yield made


@pytest.fixture
def camb() -> Iterator[CambServer]:
    with CambServer() as made:
        yield made


@asynccontextmanager
async def window_on(
    server: OpenAIServer | CambServer, app: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    provider = "camb" if isinstance(server, CambServer) else "openai"
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("CAMB_API_KEY", CAMB_KEY)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NO_KEYCHAIN)
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(f'[providers.{provider}]\nbase_url = "{server.url}"\n')
    async with opened(app, home) as world:
        yield world


def speech(audio_format: AudioFormat) -> GenerationRequest:
    audio = AudioSettings(format=audio_format)
    return GenerationRequest("openai", "tts-1-hd", "The lighthouse is dark.", voice="alloy", audio=audio)


async def speak(world: World, wanted: GenerationRequest) -> Task:
    """A task that was started and is selected."""
    [task] = await world.services.queue.add(wanted)
    await until(lambda: world.row_of(task.id) is not None)
    world.select(task)
    await until(lambda: world.window.preview.task is not None)
    return task


def cell(world: World, task: Task, column: Column) -> str:
    row = world.row_of(task.id)
    assert row is not None
    items = world.window.library.items
    return str(items.data(items.index(row, COLUMNS.index(column))))


def shows(world: World, text: str) -> bool:
    labels = world.window.preview.findChildren(QLabel)
    return any(each.text() == text and each.isVisible() for each in labels)


@pytest.mark.usefixtures("theme")
async def test_half_of_a_take_is_heard_while_the_other_half_is_held_back(
    server: OpenAIServer, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = server.faults.at("speech", HoldAfter(0.5))
    async with window_on(server, qapp, tmp_path / "home", monkeypatch) as world:
        task = await speak(world, speech(AudioFormat.WAV))
        await until(lambda: cell(world, task, Column.STATE) == "Receiving  0:02.0")
        await until(lambda: world.button("Play").isEnabled())
        assert not world.button("Export", world.window.preview).isEnabled()
        assert world.window.preview.bar.time_text == "00:00.000 / 0:02.0…"

        world.button("Play").click()
        await until(lambda: world.window.transport.is_playing)
        await until(lambda: world.card.take(1_200) is not None and shows(world, "Buffering"))
        await until(lambda: world.window.preview.waveform.position > 0)
        heard_until = world.window.preview.waveform.position
        held.release()
        await world.services.queue.wait([task.id])
        await until(lambda: world.button("Export", world.window.preview).isEnabled())

        assert heard_until <= 24_000 * 2
        assert world.window.preview.waveform.position >= heard_until
        assert world.window.transport.is_playing
        assert not shows(world, "Buffering")
        assert not shows(world, "Receiving…")
        assert world.window.preview.bar.time_text.endswith("/ 00:04.000")
        await until(lambda: cell(world, task, Column.STATE) == "1 take")
        stored = (await world.services.library.task(task.id)).takes[0]
        path = world.services.files.path(stored.file or "")
        assert int.from_bytes(path.read_bytes()[4:8], "little") == path.stat().st_size - 8


@pytest.mark.usefixtures("theme")
async def test_the_spectrogram_of_a_take_grows_as_it_arrives_and_stays_when_it_is_stored(
    server: OpenAIServer, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = server.faults.at("speech", HoldAfter(0.5))
    async with window_on(server, qapp, tmp_path / "home", monkeypatch) as world:
        view = world.window.preview.waveform
        world.window.preview.head.looks.toggle_spectrogram()
        task = await speak(world, speech(AudioFormat.WAV))
        await until(lambda: cell(world, task, Column.STATE) == "Receiving  0:02.0")
        await until(lambda: is_loud(view, at=0.9))
        half = view.span.total

        held.release()
        await world.services.queue.wait([task.id])
        await until(lambda: world.button("Export", world.window.preview).isEnabled())

        assert view.span.total > 1.9 * half
        assert is_loud(view, at=0.4)  # at once, of what is known already
        await until(lambda: is_loud(view, at=0.9))


def is_loud(view: WaveformView, *, at: float) -> bool:
    """Whether something there, 0 to 1 of the width, has the warm colours that only loud sound has in a spectrogram."""
    image, lane = view.grab().toImage(), view.lanes()[0]
    places = range(int(lane.width() * (at - 0.1)), int(lane.width() * at), 3)
    colors = (image.pixelColor(x, y) for x, y in product(places, range(int(lane.top()), int(lane.bottom()), 2)))
    return any(color.red() > color.blue() + 30 for color in colors)


@pytest.mark.usefixtures("theme")
async def test_a_cut_answer_is_incomplete_in_the_list_and_in_the_preview(
    camb: CambServer, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = camb.faults.at("speech", HoldAfter(0.5, cut=True))
    async with window_on(camb, qapp, tmp_path / "home", monkeypatch) as world:
        audio = AudioSettings(format=AudioFormat.WAV)
        text = "The lighthouse is dark."
        task = await speak(world, GenerationRequest("camb", "mars-flash", text, voice="147320", audio=audio))
        await until(lambda: cell(world, task, Column.STATE).startswith("Receiving"))

        held.release()
        await until(lambda: cell(world, task, Column.STATE) == "Needs your decision")
        world.select(task, 1)
        preview = world.window.preview
        await until(lambda: world.button("Play", preview).isEnabled())

        row = world.row_of(task.id)
        assert row is not None
        items = world.window.library.items
        await until(lambda: items.data(items.index(row + 1, COLUMNS.index(Column.STATE))) == "Incomplete")
        assert "Incomplete" in [each.text() for each in preview.bar.findChildren(QLabel)]
        assert not world.button("Export", preview).isEnabled()
        assert preview.shown_takes == []
        [take] = (await world.services.library.task(task.id)).takes
        assert take.state is TakeState.BROKEN
        preview.toggle_play()
        await until(lambda: world.card.stream is not None and bool(world.card.take(480).any()))


@pytest.mark.usefixtures("theme")
async def test_a_format_that_has_to_be_whole_says_receiving(
    server: OpenAIServer, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = server.faults.at("speech", HoldAfter(0.5))
    async with window_on(server, qapp, tmp_path / "home", monkeypatch) as world:
        task = await speak(world, speech(AudioFormat.MP3))
        await until(lambda: cell(world, task, Column.STATE).endswith("kB"))

        await until(lambda: world.button("Play").toolTip() == "Receiving…")
        assert not world.button("Play").isEnabled()
        assert shows(world, "Receiving…")
        held.release()
        await until(lambda: world.button("Play").isEnabled())

        assert not world.window.transport.is_playing
