"""Voices are loaded with the model, favourites are kept, and what kept a list away is tried again in time."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.domain.errors import AppError, CredentialsMissing, ServiceUnavailable, StorageError
from app.domain.model_spec import Kind, ModelSpec
from app.domain.voice import Voice
from app.engine.voice_library import VoiceLibrary
from app.ui.background import Background
from app.ui.voice_controller import VoiceController
from tests.ui.request_world import Files, button, column_of, texts
from tests.ui.waiting import until

EFFECTS = ModelSpec("acme", "effects", "Effects", (Kind.EFFECT,))
SPEECH = ModelSpec("acme", "speech", "Speech", (Kind.SPEECH,), has_voices=True)
ANNA, BERT = Voice("anna", "Anna", "acme"), Voice("bert", "Bert", "acme")


class Acme:
    def __init__(self) -> None:
        self.error: AppError | None = None
        self.asked = 0

    async def voices(self) -> tuple[Voice, ...]:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return (ANNA, BERT)


class Marks:
    """Favourite voices in memory, on a disk that may fail."""

    def __init__(self) -> None:
        self.marked: set[tuple[str, str]] = set()
        self.trouble: StorageError | None = None

    async def of(self, provider: str) -> frozenset[str]:
        if self.trouble is not None:
            raise self.trouble
        return frozenset(voice for owner, voice in self.marked if owner == provider)

    async def mark(self, provider: str, voice: str, *, is_favourite: bool) -> None:
        if self.trouble is not None:
            raise self.trouble
        (self.marked.add if is_favourite else self.marked.discard)((provider, voice))


class Panel:
    def __init__(self, theme, shown) -> None:
        self.acme, self.marks, self.errors = Acme(), Marks(), []
        self.background = Background(self.errors.append)
        self.column = column_of(theme, EFFECTS, Files({}))
        self.chooser = self.column.voice.chooser
        self.controller = VoiceController(
            self.column,
            VoiceLibrary({"acme": self.acme}),  # type: ignore[dict-item]
            self.marks,  # type: ignore[arg-type]
            lambda _provider: "Acme",
            self.background,
            self.column,
        )
        shown(self.column)

    def names(self) -> list[str]:
        items = self.chooser.list.items
        return [items.index(row).data() for row in range(items.rowCount())]

    async def settle(self) -> None:
        await until(lambda: not len(self.background))


@pytest.fixture
async def panel(theme, shown) -> AsyncIterator[Panel]:
    made = Panel(theme, shown)
    yield made
    await made.background.close()


async def test_nothing_is_asked_before_the_library_is_open_nor_for_a_model_without_voices(panel):
    panel.column.show_model(SPEECH)
    await panel.settle()
    before_start = panel.acme.asked
    panel.column.show_model(EFFECTS)

    panel.controller.start()
    await panel.settle()

    assert before_start == 0
    assert panel.acme.asked == 0


async def test_favourites_come_first_and_a_mark_is_kept(panel):
    panel.marks.marked.add(("acme", "bert"))
    panel.controller.start()
    panel.column.show_model(SPEECH)
    await panel.settle()
    assert panel.names() == ["Bert", "Anna"]

    panel.chooser.favourite_wanted.emit("anna", True)
    panel.chooser.favourite_wanted.emit("bert", False)
    await panel.settle()

    assert panel.marks.marked == {("acme", "anna")}
    assert panel.errors == []


async def test_a_mark_that_cannot_be_kept_is_taken_back_and_told(panel):
    panel.controller.start()
    panel.column.show_model(SPEECH)
    await panel.settle()
    panel.marks.trouble = StorageError("The disk is full.")

    panel.chooser.favourite_wanted.emit("anna", True)
    await panel.settle()

    assert panel.errors == [panel.marks.trouble]
    items = panel.chooser.list.items
    assert not items.index(0).data(items.IS_FAVOURITE)


async def test_voices_are_shown_also_where_the_favourites_cannot_be_read(panel):
    panel.marks.trouble = StorageError("The library is damaged.")
    panel.controller.start()

    panel.column.show_model(SPEECH)
    await panel.settle()

    assert panel.names() == ["Anna", "Bert"]


async def test_a_key_that_is_added_brings_the_voices(panel):
    panel.acme.error = CredentialsMissing("no key")
    panel.controller.start()
    panel.column.show_model(SPEECH)
    await panel.settle()
    assert "Acme needs a key before it lists its voices." in texts(panel.column)

    panel.acme.error = None
    panel.controller.on_key("other")
    panel.controller.on_key("acme")
    await panel.settle()

    assert panel.names() == ["Anna", "Bert"]
    assert panel.acme.asked == 2


async def test_add_key_leads_to_the_service(panel, qtbot):
    panel.acme.error = CredentialsMissing("no key")
    panel.controller.start()
    panel.column.show_model(SPEECH)
    await panel.settle()

    with qtbot.waitSignal(panel.controller.keys_wanted) as wanted:
        button(panel.column, "Add key").click()

    assert wanted.args == ["acme"]


async def test_try_again_asks_again(panel):
    panel.acme.error = ServiceUnavailable("down")
    panel.controller.start()
    panel.column.show_model(SPEECH)
    await panel.settle()

    panel.acme.error = None
    button(panel.column, "Try again").click()
    await panel.settle()

    assert panel.names() == ["Anna", "Bert"]


async def test_a_typed_id_is_what_is_asked_for(panel):
    panel.acme.error = ServiceUnavailable("down")
    panel.controller.start()
    panel.column.show_model(SPEECH)
    await panel.settle()

    panel.chooser.trouble.field.insert("zoe")
    panel.chooser.trouble.field.editingFinished.emit()

    assert panel.column.request().voice == "zoe"
