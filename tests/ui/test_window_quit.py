"""Leaving while a service makes what was paid for is asked about, and nothing else is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.request import GenerationRequest
from app.domain.task import TaskState
from app.ui.leaving import Leaving
from app.ui.main_menu import MainMenu
from app.ui.quit_question import QuitQuestion
from tests.servers.camb import KEY, CambServer
from tests.servers.faults import HoldAfter
from tests.ui.request_world import texts
from tests.ui.waiting import until
from tests.ui.window_world import World, in_a_window, opened


@pytest.fixture
def camb() -> Iterator[CambServer]:
    with CambServer() as made:
        yield made


@asynccontextmanager
async def speaking(
    camb: CambServer, app: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """A window with one task under way at a service that bills it, until the test is over."""
    monkeypatch.setenv("CAMB_API_KEY", KEY)
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(f'[providers.camb]\nbase_url = "{camb.url}"\n')
    held = camb.faults.at("speech", HoldAfter(0.5))
    async with opened(app, home) as world:
        [task] = await world.services.queue.add(
            GenerationRequest("camb", "mars-flash", "The lighthouse is dark.", voice="147320")
        )
        await until(lambda: held.reached.is_open)
        assert (await world.services.store.task(task.id)).state is TaskState.SUBMITTING
        yield world
        held.release()
        await world.services.queue.wait([task.id])


def question(world: World) -> QuitQuestion | None:
    QApplication.processEvents()
    shown = [each for each in world.window.window.findChildren(QuitQuestion) if each.isVisible()]
    assert len(shown) <= 1
    return shown[0] if shown else None


@pytest.mark.usefixtures("theme")
async def test_leaving_while_a_task_runs_at_a_service_is_asked_about(
    camb: CambServer, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with speaking(camb, qapp, tmp_path / "home", monkeypatch) as world:
        world.window.window.close()
        asked = question(world)
        world.window.window.close()  # once more: there is one question

        assert asked is not None
        assert question(world) is asked
        assert "1 task is running at its service." in texts(asked)
        assert "It goes on and is fetched at the next start." in texts(asked)
        QTest.keyClick(asked, Qt.Key.Key_Escape)
        assert question(world) is None
        assert world.window.toolbar.generate.isEnabled()

        next(each for each in MainMenu(world.window).actions() if each.text().startswith("Quit")).trigger()
        again = question(world)
        assert again is not None
        world.button("Quit", again).click()
        assert world.window.leaving.is_begun


@pytest.mark.usefixtures("theme")
@pytest.mark.parametrize("is_session", [False, True], ids=["a signal", "the end of the session"])
async def test_a_signal_and_the_end_of_the_session_ask_nothing(
    camb: CambServer, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_session: bool
) -> None:
    async with speaking(camb, qapp, tmp_path / "home", monkeypatch) as world:
        if is_session:
            world.window.leaving.expect_end_of_session()
            world.window.window.close()
        else:
            world.window.leaving.end()

        assert question(world) is None
        assert world.window.leaving.is_begun


@in_a_window
async def test_what_is_made_on_this_computer_is_not_asked_about(world: World) -> None:
    request = GenerationRequest("local", "sketch", "Rain", takes=1, duration_s=20.0)
    await world.services.queue.add(request)

    world.window.window.close()

    assert question(world) is None
    assert world.window.leaving.is_begun


@pytest.mark.parametrize(
    ("unwritten", "said"), [(1, "1 task can’t be written to the disk."), (2, "2 tasks can’t be written to the disk.")]
)
def test_what_is_in_memory_only_is_said_to_be_lost_by_quitting(theme, shown, unwritten: int, said: str) -> None:
    window = shown(QWidget())
    leaving = Leaving(theme, lambda: 3, lambda: unwritten, window, window)

    leaving.leave()

    assert leaving.question is not None
    assert said in texts(leaving.question)
    assert "If you quit now, it may be lost." in texts(leaving.question)
    QTest.keyClick(leaving.question, Qt.Key.Key_Escape)
    assert not leaving.is_begun


@pytest.mark.parametrize(
    ("running", "said"),
    [(1, "1 task is running at its service."), (2, "2 tasks are running at the services.")],
)
def test_the_question_counts(theme, shown, qtbot, running: int, said: str) -> None:
    window = shown(QWidget())
    asked = QuitQuestion(theme, running, window)
    with qtbot.waitExposed(asked):
        asked.open()

    assert said in texts(asked)
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    assert asked.result() == QuitQuestion.DialogCode.Rejected
