"""A parameter is shown as people read it, and taken as the model wants it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from app.domain.draft import Draft
from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import Panel, ParameterSpec, ParameterType, Range
from app.ui.controls.choice import Choice
from app.ui.controls.optional_number_field import OptionalNumberField
from app.ui.controls.slider_field import SliderField
from app.ui.controls.text_field import TextField
from app.ui.factors import factor_text, parsed_factor
from app.ui.request_column import RequestColumn
from tests.ui.request_world import Files, button, column_of, texts

SPEED = ParameterSpec(
    "speed",
    "Speed",
    ParameterType.INT,
    Panel.VOICE,
    Range(-50, 100, 0, 1, "%", is_whole=True),
    default=0,
    is_factor=True,
)
PITCH = ParameterSpec("pitch", "Pitch", ParameterType.INT, Panel.VOICE, Range(-12, 12, 0, 1, "st"), default=0)
START = ParameterSpec("start", "Start", ParameterType.FLOAT, range=Range(0, 46, 0, 0.5, "s"))
STEPS = ParameterSpec("steps", "Steps", ParameterType.INT, range=Range(1, 100, 20))
LYRICS = ParameterSpec(
    "lyrics",
    "Lyrics",
    ParameterType.TEXT,
    Panel.PROMPT,
    min_length=5,
    max_length=20,
    is_multiline=True,
    is_required=True,
    unless="instrumental",
)
INSTRUMENTAL = ParameterSpec("instrumental", "Instrumental", ParameterType.BOOL, Panel.PROMPT, default=False)
DELIVERY = ParameterSpec(
    "delivery", "Delivered as", ParameterType.CHOICE, choices=("URL", "base64_data"), default="URL", is_advanced=True
)
TTL = ParameterSpec(
    "ttl", "Link lives", ParameterType.INT, range=Range(60, 900, 60), needs="delivery=URL", is_advanced=True
)
UPLOAD = ParameterSpec(
    "upload_to",
    "Upload to",
    ParameterType.TEXT,
    Panel.AUDIO,
    is_address=True,
    is_secret=True,
    is_advanced=True,
    is_for_one_take=True,
)
SONGS = ModelSpec(
    "acme",
    "songs",
    "Songs",
    (Kind.MUSIC,),
    max_takes=4,
    duration=Range(10, 300, 30, 0.1, "s"),
    is_duration_optional=True,
    parameters=(SPEED, PITCH, START, STEPS, LYRICS, INSTRUMENTAL, DELIVERY, TTL, UPLOAD),
)


@pytest.fixture
def column(theme, shown):
    return shown(column_of(theme, SONGS, Files({})))


def control(column: RequestColumn, kind: type, name: str) -> QWidget:
    QApplication.processEvents()
    return next(each for each in column.findChildren(kind) if each.accessibleName() == name and each.isVisible())


def type_into(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def unfold(column: RequestColumn) -> None:
    column.model._rare.set_open(True)


# Factors


@given(some.integers(-99, 500))
def test_what_a_factor_shows_is_read_back(percent):
    assert parsed_factor(factor_text(percent)) == percent


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("1.12×", 12),
        ("1.12x", 12),
        ("1.12", 12),
        (" 0.5 X", -50),
        ("2", 100),
        ("12 %", 12),
        ("+12%", 12),
        ("−10 %", -10),
    ],
)
def test_a_number_is_a_factor_and_percent_are_meant_where_they_are_typed(text, percent):
    assert parsed_factor(text) == percent


@pytest.mark.parametrize("text", ["", "×", "%", "fast", "nan"])
def test_what_is_no_factor_is_none(text):
    assert parsed_factor(text) is None


def test_a_speed_in_percent_reads_as_a_factor(column):
    speed = control(column, SliderField, "Speed")
    assert speed._field.text() == "1.00×"

    type_into(speed._field, "1.12")

    assert speed._field.text() == "1.12×"
    assert column.request().parameters["speed"] == 12
    type_into(speed._field, "12")
    assert "Out of range. Use 0.50× to 2.00×." in texts(column)
    assert column.request().parameters["speed"] == 12


def test_a_pitch_reads_in_semitones(column):
    pitch = control(column, SliderField, "Pitch")

    type_into(pitch._field, "-2")

    assert pitch._field.text() == "−2 st"
    assert column.request().parameters["pitch"] == -2


# Numbers that may be left out


def test_a_number_without_a_default_is_left_to_the_model_until_it_is_typed(column):
    start = control(column, OptionalNumberField, "Start")
    assert (start.text(), start.placeholderText()) == ("", "The model decides")
    assert "start" not in column.request().parameters

    type_into(start, "0")
    typed = column.request().parameters["start"]
    type_into(start, "2.25 s")

    assert typed == 0
    assert start.text() == "2.25 s"
    assert column.request().parameters["start"] == 2.25
    start.clear()
    QTest.keyClick(start, Qt.Key.Key_Return)
    assert "start" not in column.request().parameters


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("99", "Out of range. Use 1 to 50, or leave it empty."),
        ("2.5", "“2.5” is not a whole number. Use 1 to 50, or leave it empty."),
        ("ten", "“ten” is not a whole number. Use 1 to 50, or leave it empty."),
    ],
)
def test_a_typed_number_that_cannot_be_used_stays_for_mending(theme, shown, typed, complaint):
    spec = ParameterSpec("steps", "Steps", ParameterType.INT, range=Range(1, 50, 20))
    column = shown(column_of(theme, ModelSpec("acme", "m", "M", (Kind.MUSIC,), parameters=(spec,)), Files({})))
    steps = control(column, OptionalNumberField, "Steps")

    type_into(steps, typed)

    assert steps.text() == typed
    assert complaint in texts(column)
    assert complaint in {problem.message for problem in column.problems()}
    type_into(steps, "7")
    assert column.request().parameters == {"steps": 7}
    assert isinstance(column.request().parameters["steps"], int)
    assert "steps" not in {problem.field for problem in column.problems()}


def test_an_optional_length_is_empty_until_it_is_typed(column):
    length = control(column, OptionalNumberField, "Length")
    assert column.request().duration_s is None

    type_into(length, "1:30")

    assert column.request().duration_s == 90
    assert length.text() == "1:30.0"
    type_into(length, "9:00")
    assert "duration" in {problem.field for problem in column.problems()}


# Texts


def test_lyrics_have_room_and_say_what_is_missing_or_too_much(column):
    lyrics = control(column, QPlainTextEdit, "Lyrics")
    assert lyrics.placeholderText() == "Required"

    QTest.keyClicks(lyrics, "La")
    assert "3 more needed" in texts(column)
    QTest.keyClick(lyrics, Qt.Key.Key_Return)
    QTest.keyClicks(lyrics, "la" * 10)

    assert "3 too many" in texts(column)
    assert column.request().parameters["lyrics"] == "La\n" + "la" * 10


def test_what_is_required_is_a_problem_until_something_lifts_it(column):
    assert "lyrics" in {problem.field for problem in column.problems()}

    column.show_problems(column.problems())
    column.go_to("lyrics")

    assert QApplication.focusWidget() is control(column, QPlainTextEdit, "Lyrics")
    assert "Lyrics is empty; Songs needs it." in texts(column)
    next(each for each in column.prompt.parameters._fields.values() if each.name == "instrumental").row.control.click()
    assert "lyrics" not in {problem.field for problem in column.problems()}


# What few people need


def test_advanced_settings_are_folded_until_they_are_asked_for(column):
    assert not column.model.advanced.isVisible()

    button(column, "Advanced").click()

    assert column.model.advanced.isVisible()
    assert control(column, Choice, "Delivered as").current_text() == "URL"
    assert [action.text() for action in control(column, Choice, "Delivered as").menu_actions()] == [
        "URL",
        "Base64 data",
    ]


def test_the_fold_opens_by_itself_where_something_in_it_is_set(column):
    column.show_draft(Draft().with_value(SONGS, "delivery", "base64_data"))

    assert column.model.advanced.isVisible()


def test_the_fold_opens_by_itself_where_something_in_it_is_wrong(column):
    column.show_draft(Draft().with_takes(SONGS, 1).with_value(SONGS, "upload_to", "ftp://example.com"))
    column.model._rare.set_open(False)

    column.show_problems(column.problems())

    assert column.model.advanced.isVisible()
    assert "Upload to must be an address" in texts(column)


def test_a_setting_that_means_nothing_now_is_closed_and_says_why(column):
    unfold(column)
    delivery = control(column, Choice, "Delivered as")
    lives = control(column, OptionalNumberField, "Link lives")
    assert lives.isEnabled()

    delivery.changed.emit("base64_data")

    assert not lives.isEnabled()
    assert "Only with Delivered as URL." in texts(column)


def test_what_goes_with_one_take_alone_is_closed_for_several(column):
    unfold(column)
    column.show_draft(Draft().with_takes(SONGS, 2))
    unfold(column)
    assert not control(column, TextField, "Upload to").isEnabled()
    assert "Only with one take." in texts(column)

    column.prompt._takes._number.stepBy(-1)

    assert control(column, TextField, "Upload to").isEnabled()


def test_a_secret_is_hidden_until_the_eye_is_pressed(column):
    column.show_draft(Draft().with_takes(SONGS, 1))
    unfold(column)
    secret = control(column, TextField, "Upload to")
    QTest.keyClicks(secret, "https://example.com/?key=s3cret")
    hidden = secret.echoMode()

    button(column, "Show Upload to").click()

    assert hidden is QLineEdit.EchoMode.Password
    assert secret.echoMode() is QLineEdit.EchoMode.Normal
    assert column.request().parameters["upload_to"] == "https://example.com/?key=s3cret"
    assert "s3cret" not in repr(column.draft.without_secrets())


def test_resetting_the_model_settings_empties_the_fold_too(column):
    column.show_draft(
        Draft().with_takes(SONGS, 1).with_value(SONGS, "delivery", "base64_data").with_value(SONGS, "start", 3.0)
    )

    button(column, "Reset the model settings").click()

    assert dict(column.request().parameters) == {}
    assert control(column, OptionalNumberField, "Start").text() == ""
    assert not column.model.advanced.isVisible()
