"""Clips go along with a request under names that the prompt uses, and the names follow their clips."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.domain.draft import Draft
from app.domain.errors import ExportError
from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import Panel, ParameterSpec, ParameterType, Range
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import InputFile, InputKind
from app.ui.clip_actions import ClipActions
from app.ui.controls.note_line import NoteTone
from app.ui.message_bar import MessageBar
from app.ui.reference_row import ReferenceRow
from app.ui.request_column import RequestColumn
from tests.ui.accessibility import name, names_inside
from tests.ui.request_world import NEITHER, PICTURE, Files, button, clip, column_of, drop, files_as_copied, texts
from tests.ui.waiting import until

ALT = Qt.KeyboardModifier.AltModifier
SPEED = ParameterSpec("speed", "Speed", ParameterType.INT, Panel.VOICE, Range(-50, 100, 0), default=0, is_factor=True)
SCENES = ModelSpec(
    "acme",
    "scenes",
    "Scenes",
    (Kind.SCENE, Kind.SPEECH),
    references=ReferenceSpec(max_clips=3, max_pictures=1, is_one_kind=True, mention="@Audio", longest_s=30),
    parameters=(SPEED,),
)
PLAIN = ModelSpec("acme", "plain", "Plain", (Kind.EFFECT,))
SKIPPER, THUNDER, GULLS, FACE = (
    Path(f"/sounds/{each}") for each in ("skipper.wav", "thunder.wav", "gulls.wav", "me.png")
)


@pytest.fixture
def files():
    facts = {path.name: clip() for path in (SKIPPER, THUNDER, GULLS)}
    return Files({**facts, "me.png": PICTURE, "notes.txt": NEITHER, "long.wav": clip(42.0)})


@pytest.fixture
def column(theme, shown, files):
    return shown(column_of(theme, SCENES, files))


def rows(column: RequestColumn) -> list[ReferenceRow]:
    QApplication.processEvents()
    return sorted(
        (row for row in column.findChildren(ReferenceRow) if row.isVisible()),
        key=lambda row: row.mapTo(column, QPoint()).y(),
    )


def names(column: RequestColumn) -> list[str]:
    return [name(row.card).split(", clip")[0] for row in rows(column)]


def zone(column: RequestColumn) -> QWidget:
    return column.voice.references._zone


async def filled(column: RequestColumn, files: Files, *paths: Path, prompt: str = "") -> None:
    column.show_draft(Draft(prompt, references=tuple(InputFile(path) for path in paths)))
    await files.settle()


async def test_dropped_files_become_clips_with_a_name_a_length_and_a_count(column, files):
    drop(zone(column), files_as_copied("skipper.wav", "thunder.wav"))
    await files.settle()

    assert column.draft.references == (InputFile(SKIPPER), InputFile(THUNDER))
    assert names(column) == ["@Audio1, skipper, 0:05.0", "@Audio2, thunder, 0:05.0"]
    assert "2 of 3 clips" in texts(column.voice)


async def test_files_are_pasted_into_the_prompt_and_onto_the_clips(column, files):
    QApplication.clipboard().setMimeData(files_as_copied("skipper.wav"))
    column.prompt.text.paste()
    await files.settle()
    QApplication.clipboard().setMimeData(files_as_copied("thunder.wav"))
    rows(column)[0].setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    await files.settle()
    QApplication.clipboard().clear()  # Qt would let go of it after Python has gone, and crash

    assert names(column) == ["@Audio1, skipper, 0:05.0", "@Audio2, thunder, 0:05.0"]
    assert column.draft.prompt == ""


async def test_files_are_chosen_in_a_dialog_of_the_system(column, files):
    zone(column).click()
    dialog = column.window().findChild(QFileDialog)
    assert dialog.isVisible()

    dialog.filesSelected.emit([str(SKIPPER)])
    await files.settle()
    dialog.close()

    assert column.draft.references == (InputFile(SKIPPER),)


async def test_what_is_no_audio_is_refused_for_four_seconds(column, files):
    drop(zone(column), files_as_copied("notes.txt"))
    await files.settle()

    assert zone(column).text() == "Not an audio file"
    assert zone(column)._until.interval() == 4000
    zone(column)._until.timeout.emit()
    assert zone(column).text() == "Add clips or a portrait"
    assert column.draft.references == ()


async def test_a_fourth_clip_is_refused_and_the_zone_goes_when_there_is_no_room(column, files):
    files.facts["fourth.wav"] = clip()
    drop(zone(column), files_as_copied("skipper.wav", "thunder.wav", "gulls.wav", "fourth.wav"))
    await files.settle()

    assert len(rows(column)) == 3
    assert zone(column).isHidden()
    assert zone(column).text() == "At most 3 clips"


async def test_the_same_file_twice_is_told(column, files):
    await filled(column, files, SKIPPER)

    drop(zone(column), files_as_copied("skipper.wav"))
    await files.settle()

    assert len(rows(column)) == 1
    assert zone(column).text() == "This file is here already"


async def test_a_moved_clip_keeps_its_name_in_the_prompt(column, files):
    await filled(column, files, SKIPPER, THUNDER, GULLS, prompt="@Audio1 shouts, @Audio3 cry, then @Audio2.")
    rows(column)[0].setFocus()

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down, ALT)

    assert [file.path for file in column.draft.references] == [THUNDER, SKIPPER, GULLS]
    assert column.draft.prompt == "@Audio2 shouts, @Audio3 cry, then @Audio1."
    assert names(column)[1].startswith("@Audio2, skipper")
    assert QApplication.focusWidget() is rows(column)[1].card


async def test_tab_and_screen_readers_go_through_the_clips_as_they_are_shown(column, files):
    await filled(column, files, SKIPPER, THUNDER)
    drop(zone(column), files_as_copied("gulls.wav"))
    await files.settle()
    rows(column)[2].setFocus()
    for _ in range(2):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up, ALT)

    heard = [each.split(",")[1].strip() for each in names_inside(column.voice) if ", clip " in each]
    rows(column)[0].setFocus()
    stops = []
    while len(stops) < 13:
        stops.append(QApplication.focusWidget().accessibleName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)

    assert heard == ["gulls", "skipper", "thunder"]
    assert [each.split(",")[1].strip() for each in stops if ", clip " in each] == ["gulls", "skipper", "thunder"]
    assert stops[:4] == [
        "@Audio1, gulls, 0:05.0, clip 1 of 3",
        "Insert @Audio1 into the prompt",
        "Play @Audio1",
        "Remove @Audio1",
    ]
    assert stops[12] == "Speed"


async def test_a_dragged_clip_is_put_where_it_is_let_go(column, files):
    await filled(column, files, SKIPPER, THUNDER, GULLS, prompt="@Audio1")
    first, last = rows(column)[0].card, rows(column)[2].card
    start = first.rect().center()
    goal = first.mapFromGlobal(last.mapToGlobal(QPoint(20, last.height() - 2)))

    QTest.mousePress(first, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for point in (start + QPoint(0, 30), goal):
        QTest.mouseMove(first, point)
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, goal)

    assert [file.path for file in column.draft.references] == [THUNDER, GULLS, SKIPPER]
    assert column.draft.prompt == "@Audio3"


async def test_undo_in_the_prompt_brings_the_order_of_the_clips_back_and_redo_takes_it_again(column, files):
    await filled(column, files, SKIPPER, THUNDER, prompt="@Audio1 and @Audio2")
    rows(column)[1].setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up, ALT)
    assert column.draft.prompt == "@Audio2 and @Audio1"

    column.prompt.text.undo()
    undone = (column.draft.prompt, [file.path for file in column.draft.references])
    column.prompt.text.redo()

    assert undone == ("@Audio1 and @Audio2", [SKIPPER, THUNDER])
    assert column.draft.prompt == "@Audio2 and @Audio1"
    assert [file.path for file in column.draft.references] == [THUNDER, SKIPPER]


async def test_a_removed_clip_leaves_a_marked_name_and_the_later_ones_move_up(column, files):
    await filled(column, files, SKIPPER, THUNDER, GULLS, prompt="@Audio1, @Audio2 and @Audio3")

    button(column, "Remove @Audio1").click()

    assert column.draft.prompt == "@Audio3, @Audio1 and @Audio2"
    assert [file.path for file in column.draft.references] == [THUNDER, GULLS]
    messages = [problem.message for problem in column.problems()]
    assert messages == ["@Audio3 has no clip: there are 2 clips. Add one or change the text."]


async def test_undo_after_a_removal_brings_the_clip_back_and_keeps_what_was_added_since(column, files):
    await filled(column, files, SKIPPER, THUNDER, prompt="@Audio1 and @Audio2")
    button(column, "Remove @Audio1").click()
    drop(zone(column), files_as_copied("gulls.wav"))
    await files.settle()

    column.prompt.text.undo()
    await files.settle()

    assert column.draft.prompt == "@Audio1 and @Audio2"
    assert [file.path for file in column.draft.references] == [SKIPPER, THUNDER, GULLS]


async def test_a_removal_is_taken_back_among_the_clips_with_the_names_as_one_step(column, files):
    await filled(column, files, SKIPPER, THUNDER, prompt="@Audio1 and @Audio2")
    button(column, "Remove @Audio1").click()

    assert column.undo_clips()
    undone = (column.draft.prompt, [file.path for file in column.draft.references])
    assert column.redo_clips()

    assert undone == ("@Audio1 and @Audio2", [SKIPPER, THUNDER])
    assert column.draft.prompt == "@Audio2 and @Audio1"
    assert [file.path for file in column.draft.references] == [THUNDER]


async def test_a_removal_is_taken_back_after_more_was_typed_and_that_stays(column, files):
    await filled(column, files, SKIPPER, THUNDER, prompt="@Audio1 and @Audio2")
    button(column, "Remove @Audio1").click()
    column.prompt.text.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(column.prompt.text, ", far away")

    column.undo_clips()

    assert column.draft.prompt == "@Audio1 and @Audio2, far away"
    assert [file.path for file in column.draft.references] == [SKIPPER, THUNDER]


async def test_added_clips_can_be_taken_back_and_a_draft_from_elsewhere_begins_anew(column, files):
    drop(zone(column), files_as_copied("skipper.wav"))
    await files.settle()

    column.undo_clips()
    assert column.draft.references == ()
    column.redo_clips()
    assert column.draft.references == (InputFile(SKIPPER),)

    column.show_draft(Draft("Rain"))
    assert not column.undo_clips()


async def test_a_clip_is_removed_with_a_key_and_the_focus_stays_among_them(column, files):
    await filled(column, files, SKIPPER, THUNDER)
    rows(column)[0].setFocus()

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)

    assert names(column) == ["@Audio1, thunder, 0:05.0"]
    assert QApplication.focusWidget() is rows(column)[0].card


async def test_a_clip_asks_to_be_played_and_shows_that_it_is(column, files, qtbot):
    await filled(column, files, SKIPPER, THUNDER)

    with qtbot.waitSignal(column.play_wanted) as wanted:
        button(column, "Play @Audio2").click()
    column.voice.references.show_playing(THUNDER)

    assert wanted.args == [THUNDER]
    assert [row._play.icon_name for row in rows(column)] == ["play", "pause"]


async def test_a_pressed_tag_puts_the_name_into_the_prompt(column, files):
    await filled(column, files, SKIPPER, THUNDER, prompt="Waves.")
    column.prompt.text.moveCursor(column.prompt.text.textCursor().MoveOperation.End)

    button(column, "Insert @Audio2 into the prompt").click()

    assert column.draft.prompt == "Waves. @Audio2 "


async def test_a_portrait_cannot_be_combined_with_clips(column, files):
    await filled(column, files, SKIPPER)
    assert "A portrait can’t be combined with clips." in texts(column.voice)
    assert zone(column).text() == "Add a clip or drop audio here"

    drop(zone(column), files_as_copied("me.png"))
    await files.settle()

    assert zone(column).text() == "A portrait can’t be combined with clips."
    assert column.draft.references == (InputFile(SKIPPER),)


async def test_a_portrait_alone_goes_along(column, files):
    drop(zone(column), files_as_copied("me.png"))
    await files.settle()

    assert column.request().references == (InputFile(FACE, kind=InputKind.PICTURE),)
    assert "Clips can’t be combined with a portrait." in texts(column.voice)
    assert zone(column).isHidden()
    assert column.problems()[0].field == "prompt"


async def test_beside_a_portrait_nothing_speaks_of_clips(column, files):
    assert "up to 3 clips" in texts(column.voice)
    assert "@\u00a0inserts a clip." in texts(column.prompt)

    drop(zone(column), files_as_copied("me.png"))
    await files.settle()

    assert column.voice.references.note == "1 portrait"
    assert "1 portrait" in texts(column.voice)
    assert "inserts a clip" not in texts(column.prompt)
    assert "Speech goes in quotes." in texts(column.prompt)
    column.undo_clips()
    assert "@\u00a0inserts a clip." in texts(column.prompt)


async def test_a_model_that_takes_both_counts_both(column, files):
    column.show_model(replace(SCENES, references=replace(SCENES.references, is_one_kind=False)))
    drop(zone(column), files_as_copied("me.png"))
    await files.settle()
    alone = column.voice.references.note
    drop(zone(column), files_as_copied("skipper.wav"))
    await files.settle()

    assert alone == "up to 3 clips · 1 portrait"
    assert column.voice.references.note == "1 of 3 clips · 1 portrait"
    assert "@\u00a0inserts a clip." in texts(column.prompt)


async def test_both_kinds_from_another_model_are_a_problem_at_their_field(column, files):
    face = InputFile(FACE, kind=InputKind.PICTURE)
    column.show_draft(Draft("x", references=(InputFile(SKIPPER), face)))
    await files.settle()

    homeless = column.show_problems(column.problems())

    assert homeless == ()
    assert "Scenes takes clips or a picture, not both. Remove one kind." in texts(column.voice)


async def test_a_clip_beyond_what_is_known_of_the_model_is_only_warned_of(column, files):
    await filled(column, files, Path("/sounds/long.wav"), prompt="@Audio1")

    assert "0:42; more than 0:30 may be refused." in texts(column.voice)
    assert rows(column)[0]._note.tone is NoteTone.WARNING
    assert column.problems() == ()


async def test_a_clip_beyond_a_limit_of_the_service_keeps_the_request_back(column, files):
    strict = replace(SCENES, references=replace(SCENES.references, is_limit_of_service=True))
    column.show_model(strict)
    await filled(column, files, Path("/sounds/long.wav"), prompt="@Audio1")

    assert [problem.field for problem in column.problems()] == ["references"]
    assert "Too long: at most 30 s; it has 42 s." in texts(column.voice)
    column.go_to("references")
    assert QApplication.focusWidget() is button(column, "Trim to 0:30")


LONG, SHORT = Path("/sounds/long.wav"), Path("/trimmed/long.wav")


class Trimming:
    """Makes copies on a thread, as long as they are told to be; `gate` holds them back."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.gate = threading.Event()
        self.fails = False

    def __call__(self, path: Path, longest_s: float) -> Path:
        assert threading.current_thread() is not threading.main_thread()
        assert self.gate.wait(20)
        if self.fails:
            raise ExportError("The disk is full.")
        self.files.facts[str(SHORT)] = clip(longest_s)
        assert path == LONG
        return SHORT


@pytest.fixture
def trimming(theme, column, files):
    made = Trimming(files)
    made.actions = ClipActions(column, made, MessageBar(theme, parent=column), files.background, column)
    return made


@pytest.mark.parametrize("is_limit", [True, False])
async def test_a_clip_that_is_too_long_is_trimmed_at_its_place_and_undo_brings_it_back(
    column, files, trimming, is_limit
):
    column.show_model(replace(SCENES, references=replace(SCENES.references, is_limit_of_service=is_limit)))
    await filled(column, files, LONG, THUNDER, prompt="@Audio1 and @Audio2")

    button(column, "Trim to 0:30").click()
    await until(lambda: "Trimming…" in texts(column.voice))
    assert not button(column, "Trimming…").isEnabled()
    trimming.gate.set()
    await files.settle()

    assert [file.path for file in column.draft.references] == [SHORT, THUNDER]
    assert column.draft.prompt == "@Audio1 and @Audio2"
    assert names(column) == ["@Audio1, long, 0:30.0", "@Audio2, thunder, 0:05.0"]
    assert "Trim" not in texts(column.voice)
    assert column.problems() == ()
    column.undo_clips()
    assert [file.path for file in column.draft.references] == [LONG, THUNDER]
    assert column.draft.prompt == "@Audio1 and @Audio2"


async def test_a_clip_that_went_while_it_was_trimmed_stays_away(column, files, trimming):
    await filled(column, files, LONG, THUNDER)
    button(column, "Trim to 0:30").click()

    button(column, "Remove @Audio1").click()
    trimming.gate.set()
    await files.settle()

    assert [file.path for file in column.draft.references] == [THUNDER]


async def test_a_clip_that_cannot_be_trimmed_stays_and_can_be_trimmed_again(column, files, trimming):
    told = []
    files.background._on_error = told.append
    await filled(column, files, LONG)
    trimming.fails = True
    trimming.gate.set()

    button(column, "Trim to 0:30").click()
    await files.settle()

    assert [str(error) for error in told] == ["The disk is full."]
    assert column.draft.references == (InputFile(LONG),)
    assert button(column, "Trim to 0:30").isEnabled()


async def test_a_file_that_is_gone_is_told_at_its_row_unless_the_library_has_a_copy(column, files):
    await filled(column, files, Path("/sounds/gone.wav"), prompt="@Audio1")
    problems = column.problems()
    column.show_draft(Draft("@Audio1", references=(InputFile(Path("/sounds/gone.wav"), "ab12"),)))

    assert [problem.field for problem in problems] == ["references"]
    assert "The copy in the library goes along." in texts(column.voice)
    assert column.problems() == ()


async def test_a_model_without_clips_keeps_them_for_later(column, files):
    await filled(column, files, SKIPPER, prompt="Rain like @Audio1")

    column.show_model(PLAIN)

    assert "This model can’t use clips. They are kept for when you switch back." in texts(column.voice)
    assert rows(column) == []
    assert "References" in texts(column.voice)
    assert column.request().references == ()
    column.show_model(SCENES)
    assert column.request().references == (InputFile(SKIPPER),)
    assert "kept for" not in texts(column.voice)


async def test_a_clip_that_the_prompt_never_names_is_mentioned_quietly(column, files):
    await filled(column, files, SKIPPER, THUNDER, prompt="Only @Audio1")

    assert "The prompt never mentions @Audio2." in texts(column.voice)
    assert column.problems() == ()


async def test_going_to_the_references_starts_where_they_are_added(column, files):
    column.go_to("references")

    assert QApplication.focusWidget() is zone(column)


@pytest.mark.parametrize("scale", [1.0, 1.5])
async def test_clips_fit_the_narrowest_column(column, files, theme, scale):
    await filled(column, files, SKIPPER, Path("/sounds/long.wav"))
    theme.set_text_scale(scale)
    column.resize(theme.px(280), 900)
    QApplication.processEvents()

    assert column.widget().width() <= column.viewport().width()
