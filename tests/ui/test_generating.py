"""From a click to the queue: what is asked before money is spent, and which models and voices can be named."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from app.domain.draft import Draft
from app.domain.errors import ServiceUnavailable, StorageError
from app.domain.model_spec import Kind, LengthGuess, ModelSpec
from app.domain.price import Price, PriceUnit
from app.domain.provider import ListedModel
from app.domain.receipt import Estimate, Spent
from app.domain.request import GenerationRequest
from app.domain.task import Task, TaskState
from app.domain.voice import Voice
from app.engine.spending import LastTime, SoFar, Spending
from app.engine.voice_library import VoiceLibrary
from app.storage.catalogue import Catalogue
from app.storage.ledger import Ceilings
from app.ui.controls.text_field import TextField
from app.ui.generate_controller import GenerateController
from app.ui.last_costs import LastCosts
from app.ui.model_chooser import ModelPopup
from app.ui.other_model_dialog import OtherModelDialog
from app.ui.other_models import OtherModels
from app.ui.price_question import PriceQuestion, why_to_ask
from app.ui.toolbar import Toolbar
from app.ui.voice_controller import VoiceController
from tests.ui import accessibility
from tests.ui.request_world import Files, button, column_of, texts
from tests.ui.waiting import until

NOW = datetime(2026, 11, 18, tzinfo=UTC)
MINUTES = Price(Decimal("0.158"), PriceUnit.MINUTE)
SCENES = ModelSpec("acme", "scenes", "Scenes", (Kind.SCENE,), price=MINUTES, length_guess=LengthGuess(15, 3, 120))
ENDLESS = replace(SCENES, id="endless", label="Endless", length_guess=LengthGuess(15, 3))
RIDDLE = ModelSpec("acme", "riddle", "Riddle", (Kind.MUSIC,))
OTHER = ModelSpec("acme", r"[a-z]+:\d", "Another", (Kind.EFFECT,), has_voices=True, takes_any_voice=True)
ANNA, BERT, CARL = (Voice(each.lower(), each, "acme", ("en",)) for each in ("Anna", "Bert", "Carl"))
SPEECH = ModelSpec("acme", "speech", "Speech", (Kind.SPEECH,), has_voices=True, default_voice="anna")
OWN = replace(SPEECH, id="own", voices=(BERT, CARL), default_voice="bert")


class Queue:
    """Writes down what it is asked for."""

    def __init__(self) -> None:
        self.added: list[tuple[GenerationRequest, bool]] = []

    async def add(
        self, request: GenerationRequest, *, project: str = "", accept_unknown_price: bool = False
    ) -> list[Task]:
        self.added.append((request, accept_unknown_price))
        return [Task("a", "b", request, Kind.EFFECT, TaskState.QUEUED, NOW, NOW)]


class Acme:
    """A service with voices and a list of models."""

    def __init__(self) -> None:
        self.fails = False

    async def voices(self) -> tuple[Voice, ...]:
        return (ANNA,)

    async def models(self) -> tuple[ListedModel, ...]:
        if self.fails:
            raise ServiceUnavailable("down")
        return (ListedModel("drone:1"), ListedModel("piano:2"), ListedModel("Not An Id"))


class Marks:
    """Favourite voices in memory."""

    def __init__(self) -> None:
        self.marked: set[tuple[str, str]] = set()
        self.trouble: StorageError | None = None

    async def of(self, provider: str) -> frozenset[str]:
        return frozenset(voice for owner, voice in self.marked if owner == provider)

    async def mark(self, provider: str, voice: str, *, is_favourite: bool) -> None:
        if self.trouble is not None:
            raise self.trouble
        (self.marked.add if is_favourite else self.marked.discard)((provider, voice))


class Desk:
    """The column and the toolbar in one window, with a queue that only writes down."""

    def __init__(self, theme, spec: ModelSpec, ceilings: Ceilings) -> None:
        self.window, self.files, self.queue, self.acme = QWidget(), Files({}), Queue(), Acme()
        self.column, self.toolbar = column_of(theme, spec, self.files), Toolbar(theme, {"acme": "Acme"})
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.column)
        self.window.resize(1400, 900)
        catalogue = Catalogue([SCENES, ENDLESS, RIDDLE, SPEECH, OWN], unlisted=[OTHER])
        self.spending = Spending(None, ceilings, lambda: NOW)
        self.last_times: dict[str, LastTime] = {}
        self.reads: list[str] = []
        self.last_costs = LastCosts(self._last_time, self.files.background, self.window)
        self.generating = GenerateController(
            theme,
            catalogue.models,
            catalogue,
            self.column,
            self.toolbar,
            queue=self.queue,
            spending=self.spending,
            last_costs=self.last_costs,
            background=self.files.background,
            parent=self.window,
        )
        self.favourites = Marks()
        self.voices = VoiceController(
            self.column,
            VoiceLibrary({"acme": self.acme}),
            self.favourites,
            lambda _provider: "Acme",
            self.files.background,
            self.window,
        )
        self.voices.start()
        self.others = OtherModels(
            theme,
            self.toolbar.chooser,
            catalogue,
            {"acme": self.acme},
            lambda _provider: "Acme",
            self.files.background,
            self.window,
        )
        self.others.chosen.connect(self.generating.choose)
        self.column.show_draft(Draft("x" * 150))
        self.generating.refresh()

    async def _last_time(self, _provider: str, model: str) -> LastTime | None:
        self.reads.append(model)
        return self.last_times.get(model)

    def question(self) -> PriceQuestion | None:
        QApplication.processEvents()
        open_ones = (each for each in self.window.findChildren(PriceQuestion) if each.isVisible())
        return next(open_ones, None)

    async def generate(self) -> None:
        self.toolbar.generate.click()
        await self.files.settle()

    async def answer(self, words: str) -> None:
        button(self.question(), words).click()
        await self.files.settle()


@pytest.fixture
def desk_for(theme, shown):
    def make(spec: ModelSpec = SCENES, *, limit: Decimal | None = None) -> Desk:
        desk = Desk(theme, spec, Ceilings(None, limit, None))
        shown(desk.window)
        return desk

    return make


# What a click costs


async def test_a_known_price_is_on_the_button_and_the_most_in_its_tooltip(desk_for):
    desk = desk_for()

    assert "about $0.03" in desk.toolbar.generate.accessibleName()
    assert desk.toolbar.generate.toolTip().startswith("About $0.03, at most $0.32. About 0:10 at $0.158 a minute")
    await desk.generate()
    assert desk.question() is None
    assert [accepts for _request, accepts in desk.queue.added] == [False]


async def test_an_unknown_price_is_asked_about_once_a_model(desk_for):
    desk = desk_for(RIDDLE)
    assert "price unknown" in desk.toolbar.generate.accessibleName()

    await desk.generate()
    said = texts(desk.question())
    await desk.answer("Generate, price unknown")
    await desk.generate()

    assert "Riddle has no published price. The receipt will show what it cost. Generate anyway?" in said
    assert desk.question() is None
    assert [request.model for request, _accepts in desk.queue.added] == ["riddle", "riddle"]


async def test_cancelling_the_question_sends_nothing_and_asks_again(desk_for):
    desk = desk_for(RIDDLE)
    await desk.generate()

    QTest.keyClick(desk.question(), Qt.Key.Key_Escape)
    await desk.generate()

    assert desk.queue.added == []
    assert desk.question() is not None


async def test_there_is_one_question_and_one_charge_however_often_a_screen_reader_presses(desk_for):
    desk = desk_for(RIDDLE)
    pressed: list[bool] = []
    desk.toolbar.generate.clicked.connect(lambda: pressed.append(True))
    for presses in (1, 2):
        accessibility.press(desk.toolbar.generate)
        await until(lambda presses=presses: len(pressed) == presses)
    questions = [each for each in desk.window.findChildren(PriceQuestion) if each.isVisible()]

    yes = button(questions[0], "Generate, price unknown")
    yes.click()
    yes.click()
    await desk.files.settle()

    assert len(questions) == 1
    assert len(desk.queue.added) == 1
    await desk.generate()
    assert len(desk.queue.added) == 2


async def test_with_a_limit_that_cannot_be_checked_it_is_asked_each_time(desk_for):
    desk = desk_for(RIDDLE, limit=Decimal(40))

    await desk.generate()
    said = texts(desk.question())
    await desk.answer("Generate, price unknown")
    await desk.generate()

    assert "Your spending limit can’t be checked against it." in said
    assert desk.question() is not None
    assert [accepts for _request, accepts in desk.queue.added] == [True]


async def test_an_endless_length_is_asked_about_only_with_a_limit(desk_for):
    free, limited = desk_for(ENDLESS), desk_for(ENDLESS, limit=Decimal(40))

    await free.generate()
    await limited.generate()

    assert free.question() is None
    assert free.toolbar.generate.toolTip().startswith("About $0.03, nobody knows the most.")
    assert "it may cost more than about $0.03. Your spending limit" in texts(limited.question())
    assert limited.queue.added == []


def test_a_free_model_is_never_asked_about():
    free = replace(RIDDLE, price=Price(Decimal(0), PriceUnit.REQUEST))

    assert why_to_ask(free, Estimate(Decimal(0), Decimal(0)), has_limit=True) == ""


async def test_a_click_that_would_pass_a_limit_is_known_before(desk_for):
    desk = desk_for(limit=Decimal(40))  # at most $0.32 a take

    desk.generating.show_so_far(SoFar(Spent(), Spent(Decimal("39.60"), Decimal("0.08"))))
    before = desk.toolbar.generate.accessibleName()
    desk.generating.show_so_far(SoFar(Spent(), Spent(Decimal("39.60"), Decimal("0.09"))))
    await desk.generate()

    assert before == "Generate 1 take, about $0.03"
    assert desk.toolbar.generate.accessibleName() == "Ceiling reached"
    assert "$39.60 spent, $0.09 held, about $0.316 needed" in texts(desk.toolbar)
    assert desk.queue.added == []


async def test_a_model_without_a_published_price_says_what_it_cost_the_last_time(desk_for):
    desk = desk_for(RIDDLE)
    desk.last_times["riddle"] = LastTime(Decimal("0.06"), 1)
    assert "No published price" in texts(desk.toolbar)
    assert desk.reads == []  # the library isn't open yet

    desk.last_costs.start()
    await desk.files.settle()
    first = texts(desk.toolbar)
    desk.last_times["riddle"] = LastTime(Decimal("0.18"), 3)
    request = GenerationRequest("acme", "riddle", "x")
    desk.last_costs.on_task(Task("a", "b", request, Kind.MUSIC, TaskState.RUNNING, NOW, NOW))
    desk.last_costs.on_task(Task("a", "b", request, Kind.MUSIC, TaskState.FINISHED, NOW, NOW))
    await desk.files.settle()

    assert "No published price; last time $0.060" in first
    assert "No published price; last time $0.180 for 3 takes" in texts(desk.toolbar)
    assert desk.toolbar.generate.toolTip() == "No published price; last time $0.180 for 3 takes"
    assert "price unknown" in desk.toolbar.generate.accessibleName()
    assert desk.reads == ["riddle", "riddle"]


async def test_what_a_model_with_a_price_cost_is_not_looked_up(desk_for):
    desk = desk_for()

    desk.last_costs.start()
    desk.last_costs.on_task(
        Task("a", "b", GenerationRequest("acme", "scenes", "x"), Kind.SCENE, TaskState.FINISHED, NOW, NOW)
    )
    await desk.files.settle()

    assert desk.reads == []


async def test_a_price_that_nobody_knows_is_asked_about_however_much_was_spent(desk_for):
    desk = desk_for(RIDDLE, limit=Decimal(40))

    desk.generating.show_so_far(SoFar(Spent(), Spent(Decimal(41))))
    await desk.generate()

    assert desk.question() is not None


async def test_several_takes_of_a_model_that_makes_one_are_one_click(desk_for):
    desk = desk_for()
    desk.column.show_draft(Draft("x").with_takes(SCENES, 8))
    desk.generating.refresh()

    assert desk.column.problems() == ()
    assert desk.toolbar.generate.text() == "Generate 8 takes"
    await desk.generate()
    assert desk.queue.added[0][0].takes == 8


async def test_a_number_of_takes_does_not_follow_to_another_model(desk_for):
    desk = desk_for()
    dear = replace(SCENES, id="dear", price=Price(Decimal(1), PriceUnit.MINUTE))
    stepper = desk.column.prompt._takes

    QTest.keyClicks(stepper._number, "8")
    cheap = desk.toolbar.generate.text()
    desk.generating.choose(dear)
    at_the_dear_one = desk.toolbar.generate.text(), stepper.value()
    desk.generating.choose(SCENES)

    assert cheap == "Generate 8 takes"
    assert at_the_dear_one == ("Generate 1 take", 1)
    assert desk.toolbar.generate.text() == "Generate 8 takes"


# Models that no list has


async def other_dialog(desk: Desk) -> OtherModelDialog:
    desk.toolbar.chooser.open_list()
    button(desk.toolbar.chooser.findChild(ModelPopup), "Other model of Acme").click()
    await desk.files.settle()
    return desk.window.findChild(OtherModelDialog)


async def test_a_model_is_named_by_its_id_and_comes_back_at_the_next_start(desk_for):
    desk = desk_for()
    dialog = await other_dialog(desk)

    QTest.keyClicks(dialog.findChild(TextField), "drone:7")
    button(dialog, "Use this model").click()

    assert (desk.column.spec.id, desk.column.spec.is_unlisted) == ("drone:7", True)
    assert desk.toolbar.chooser.accessibleName() == "Model: drone:7"
    again = desk_for()
    again.generating.restore(Draft("x"), "acme", "drone:7")
    assert again.column.spec == desk.column.spec
    await desk.files.settle()
    await again.files.settle()


async def test_what_cannot_be_an_id_is_told_at_the_field(desk_for):
    desk = desk_for()
    dialog = await other_dialog(desk)

    button(dialog, "Use this model").click()
    empty = texts(dialog)
    QTest.keyClicks(dialog.findChild(TextField), "no such")
    button(dialog, "Use this model").click()

    assert "Type the id of a model." in empty
    assert "“no such” can’t be a model of Acme." in texts(dialog)
    assert dialog.isVisible()
    assert desk.column.spec is SCENES


async def test_the_service_suggests_its_models(desk_for):
    desk = desk_for()
    dialog = await other_dialog(desk)

    QTest.keyClicks(dialog.findChild(TextField), "pia")
    assert dialog._found.stringList() == ["piano:2"]
    dialog._list.setCurrentIndex(dialog._found.index(0, 0))
    button(dialog, "Use this model").click()

    assert desk.column.spec.id == "piano:2"
    await desk.files.settle()


async def test_without_suggestions_an_id_can_still_be_typed(desk_for):
    desk = desk_for()
    desk.acme.fails = True
    dialog = await other_dialog(desk)

    assert any(label.text() for label in dialog.findChildren(QLabel) if label is dialog._status)
    QTest.keyClicks(dialog.findChild(TextField), "drone:7")
    QTest.keyClick(dialog.findChild(TextField), Qt.Key.Key_Return)
    assert desk.column.spec.id == "drone:7"
    await desk.files.settle()


async def test_a_search_without_a_model_offers_to_name_one(desk_for):
    desk = desk_for()
    desk.toolbar.chooser.open_list()
    popup = desk.toolbar.chooser.findChild(ModelPopup)

    popup._filter("nothing like it")

    assert button(popup, "Other model of Acme")
    assert "No model matches." in texts(popup)
    popup.close()


# Voices


def voices(desk: Desk) -> list[str]:
    items = desk.column.voice.chooser.list.items
    return [items.index(row).data() for row in range(items.rowCount())]


async def test_a_model_with_its_own_voices_shows_them_and_not_those_of_the_service(desk_for):
    desk = desk_for()
    desk.generating.choose(SPEECH)
    await until(lambda: voices(desk))
    of_service = voices(desk)

    desk.generating.choose(OWN)
    own = voices(desk)
    desk.generating.choose(SPEECH)
    await until(lambda: voices(desk) == ["Anna"])

    assert of_service == ["Anna"]
    assert own == ["Bert", "Carl"]


async def test_a_voice_that_no_list_has_can_be_named_where_the_model_takes_any(desk_for):
    desk = desk_for()
    desk.generating.restore(Draft("x"), "acme", "drone:7")
    await until(lambda: voices(desk))
    search = next(
        each for each in desk.column.voice.findChildren(TextField) if each.accessibleName() == "Search voices"
    )

    QTest.keyClicks(search, "Zoe-2")
    QTest.keyClick(search, Qt.Key.Key_Return)
    button(desk.column, "Use “Zoe-2”").click()

    assert desk.column.request().voice == "Zoe-2"
    assert "Zoe-2" in texts(desk.column.voice)
    assert not re.search("Use “", texts(desk.column.voice))


async def test_where_voices_are_listed_no_other_can_be_named(desk_for):
    desk = desk_for()
    desk.generating.choose(SPEECH)
    await until(lambda: voices(desk))
    search = next(
        each for each in desk.column.voice.findChildren(TextField) if each.accessibleName() == "Search voices"
    )

    QTest.keyClicks(search, "Zoe")
    QTest.keyClick(search, Qt.Key.Key_Return)

    assert "Use “" not in texts(desk.column.voice)
    assert "No voice matches." in texts(desk.column.voice)
