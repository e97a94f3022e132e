"""The library as flat rows: folding, windows of values, runs of changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from app.domain.audio import AudioFormat, AudioInfo
from app.domain.model_spec import Kind
from app.domain.receipt import FREE, Estimate
from app.domain.request import GenerationRequest
from app.domain.take import Take, TakeState
from app.domain.task import Task, TaskState
from app.engine.live import Live
from app.storage.library_index import LibraryRow
from app.ui.item_models.library import LibraryItemModel, Role
from app.ui.item_models.row_id import take_of, take_row, task_of, task_row
from app.ui.item_models.row_text import COLUMNS, Column
from tests.fakes.measures import SHORT, measures_of

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
INFO = AudioInfo(AudioFormat.WAV, 48000, 2, 96000)


def row(number: int, takes: int = 0, state: TaskState = TaskState.FINISHED) -> LibraryRow:
    task_id = f"{number:012x}"
    request = GenerationRequest("local", "sketch", f"rain {number}", takes=max(1, takes))
    made = tuple(
        Take(f"{task_id}-{n}", task_id, "a", n, str(n), TakeState.STORED, file=f"{n}.wav", info=INFO, seed=n)
        for n in range(1, takes + 1)
    )
    return LibraryRow(
        number,
        Task(
            task_id, "c", request, Kind.EFFECT, state, NOW - timedelta(minutes=4), NOW, Estimate(FREE, FREE), takes=made
        ),
    )


@pytest.fixture
def live() -> dict[str, Live]:
    return {}


@pytest.fixture
def model(qapp, live):
    return LibraryItemModel(live.get, lambda _id: None, lambda _p, _m: "Sketch", lambda: NOW)


def text(model, at: int, column: Column) -> str:
    return model.index(at, COLUMNS.index(column)).data()


def test_it_behaves_as_qt_expects_of_a_table(model, qtmodeltester):
    model.show([3, 2, 1])
    model.fill([row(3, takes=2), row(2), row(1, takes=1)])
    model.set_open(3, True)

    qtmodeltester.check(model)


def test_rows_without_values_ask_for_them_with_their_neighbours_once(model, qtbot):
    model.show(list(range(500, 0, -1)))

    with qtbot.waitSignal(model.wanted) as asked:
        assert model.index(100, 0).data() is None
        assert model.index(110, 0).data() is None

    numbers = asked.args[0]
    assert 400 in numbers
    assert 390 in numbers
    assert len(numbers) < 120


def test_a_row_says_what_its_task_is(model):
    model.show([7])
    model.fill([row(7, takes=3)])

    assert text(model, 0, Column.PROMPT) == "rain 7"
    assert text(model, 0, Column.STATE) == "3 takes"
    assert text(model, 0, Column.LENGTH) == "0:06.0"
    assert text(model, 0, Column.COST) == "free"
    assert text(model, 0, Column.WHEN) == "4 min"


def test_a_screen_reader_hears_progress_prompt_model_and_price(model, live):
    live[f"{7:012x}"] = Live(NOW - timedelta(seconds=41), 0.62)
    model.show([7])
    model.fill([row(7, state=TaskState.RUNNING)])

    spoken = model.index(0, COLUMNS.index(Column.PROMPT)).data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken == "Running, 62 percent, rain 7, Sketch, free"
    assert text(model, 0, Column.STATE) == "Running  62 %  0:41"


def test_unfolding_shows_the_takes_below_their_task_and_folding_hides_them(model):
    model.show([2, 1])
    model.fill([row(2, takes=3), row(1)])

    model.set_open(2, True)

    assert [model.row_id(at) for at in range(5)] == [
        task_row(2),
        take_row(2, 1),
        take_row(2, 2),
        take_row(2, 3),
        task_row(1),
    ]
    assert text(model, 2, Column.STATE) == "seed 2"
    model.set_open(2, False)
    assert model.rowCount() == 2


def test_a_new_take_of_an_open_task_appears_below_the_others(model, qtbot):
    model.show([2, 1])
    model.fill([row(2, takes=1), row(1)])
    model.set_open(2, True)

    with qtbot.waitSignal(model.rowsInserted) as inserted:
        model.fill([row(2, takes=2)])

    assert inserted.args[1:3] == [2, 2]
    assert model.row_id(2) == take_row(2, 2)


def test_open_tasks_stay_open_when_the_order_changes(model):
    model.show([2, 1])
    model.fill([row(2, takes=2), row(1)])
    model.set_open(2, True)

    model.show([1, 2])

    assert [model.row_id(at) for at in range(4)] == [task_row(1), task_row(2), take_row(2, 1), take_row(2, 2)]


def test_neighbouring_changes_are_announced_together(model):
    model.show([5, 4, 3, 2, 1])
    model.fill([row(number) for number in range(1, 6)])
    runs = []
    model.dataChanged.connect(lambda first, last: runs.append((first.row(), last.row())))

    model.refresh({5, 4, 1})

    assert runs == [(0, 1), (4, 4)]


def test_a_delegate_gets_task_and_take(model):
    model.show([2])
    model.fill([row(2, takes=1)])
    model.set_open(2, True)

    shown = model.index(1, 0).data(Role.ROW)

    assert shown.take is not None
    assert shown.take.number == 1
    assert shown.task.id == f"{2:012x}"


@given(number=st.integers(1, 2**40), take=st.integers(1, 1000))
def test_a_row_keeps_its_task_and_take(number, take):
    assert (task_of(take_row(number, take)), take_of(take_row(number, take))) == (number, take)
    assert (task_of(task_row(number)), take_of(task_row(number))) == (number, 0)


def test_a_take_says_its_rating_beside_its_note(model):
    made = row(2, takes=2)
    first, second = made.task.takes
    takes = (replace(first, rating=4, note="best gust"), replace(second, rating=5))
    model.show([2])
    model.fill([replace(made, task=replace(made.task, takes=takes))])
    model.set_open(2, True)

    assert (text(model, 1, Column.PROMPT), text(model, 2, Column.PROMPT)) == ("4/5 · best gust", "5/5")
    spoken = model.index(2, COLUMNS.index(Column.PROMPT)).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Take 2, seed 2, rated 5 of 5, 0:02.0"


def measured(made: LibraryRow, *measures) -> LibraryRow:
    takes = tuple(replace(take, measures=each) for take, each in zip(made.task.takes, measures, strict=True))
    return replace(made, task=replace(made.task, takes=takes))


def test_a_folded_task_is_as_loud_as_its_loudest_take_and_an_open_one_leaves_it_to_them(model):
    model.show([1])
    model.fill([measured(row(1, takes=3), measures_of(-20.0), measures_of(-14.0), None)])
    assert text(model, 0, Column.LOUDNESS) == "−14.0"
    tooltip = model.index(0, COLUMNS.index(Column.LOUDNESS)).data(Qt.ItemDataRole.ToolTipRole)
    assert tooltip.startswith("The loudest of 3 takes. Integrated loudness")

    model.set_open(1, True)

    assert [text(model, at, Column.LOUDNESS) for at in range(4)] == ["–", "−20.0", "−14.0", "–"]


def test_a_take_in_the_bin_makes_its_task_no_louder(model):
    made = measured(row(1, takes=2), measures_of(-20.0), measures_of(-4.0))
    takes = (made.task.takes[0], replace(made.task.takes[1], is_binned=True))
    model.show([1])
    model.fill([replace(made, task=replace(made.task, takes=takes))])

    assert text(model, 0, Column.LOUDNESS) == "−20.0"


def test_a_short_take_says_that_its_loudness_is_momentary(model):
    model.show([1])
    model.fill([measured(row(1, takes=1), SHORT)])

    tooltip = model.index(0, COLUMNS.index(Column.LOUDNESS)).data(Qt.ItemDataRole.ToolTipRole)
    assert text(model, 0, Column.LOUDNESS) == "M −18.2"
    assert "shorter than 400 ms" in tooltip
    assert "True peak: −3.0 dBTP" in tooltip
