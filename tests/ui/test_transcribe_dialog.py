"""What is asked before a recording is transcribed, and what is told about it at its fields."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.domain.errors import Problem
from app.domain.input_facts import InputFacts
from app.domain.model_spec import Kind
from app.domain.parameter_spec import ParameterSpec, ParameterType, Range
from app.domain.price import Price, PriceUnit
from app.domain.request import InputFile, InputKind
from app.domain.transcript import TranscriptFormat
from app.domain.transcription_draft import TranscriptionDraft
from app.ui.transcribe_dialog import Recording, TranscribeDialog
from tests.ui.transcribing_world import able

HOUR_S = 3600.0
SCRIBE = able(
    has_redact=True, temperature=Range(0.0, 1.0, 0.0, 0.1), longest_s=2 * HOUR_S, prompt_max=20, label="Scribe"
)
CLERK = able("beta", "clerk", "Clerk", formats=(TranscriptFormat.JSON,), has_diarize=False, price=None)
UNTOUCHED = TranscriptionDraft()
NAMES = {"acme": "Acme", "beta": "Beta"}


@pytest.fixture
def dialog_for(theme, qtbot):
    home = QWidget()
    qtbot.addWidget(home)

    def make(*models, draft=UNTOUCHED, others=()):
        recording = Recording(InputFile(Path("/sounds/interview.wav")), "interview.wav")
        dialog = TranscribeDialog(theme, recording, models, NAMES, others, draft, home)
        dialog.show()
        return dialog

    return make


def audio(seconds: float = 60.0) -> InputFacts:
    return InputFacts(InputKind.CLIP, 1_000_000, seconds)


def words(dialog: QWidget) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def rows(dialog: TranscribeDialog) -> set[str]:
    return {name for name, row in dialog.form.rows.items() if row.isVisible()}


def test_only_what_the_model_has_is_asked(dialog_for):
    dialog = dialog_for(SCRIBE, CLERK)
    assert rows(dialog) == {"language", "prompt", "format", "temperature", "diarize", "redact"}

    dialog._model._take("beta\0clerk")

    assert rows(dialog) == {"language", "prompt"}
    assert "Beta. Words with times." in words(dialog)


def test_a_request_says_what_the_fields_say(dialog_for, qtbot):
    dialog = dialog_for(SCRIBE)
    dialog.show_facts(audio())
    form = dialog.form
    form._language._take("de")
    form._prompt.setPlainText("Ann, Ben")
    form._format._buttons["srt"].click()
    form._temperature.setText("0.4")
    form._diarize.click()

    with qtbot.waitSignal(dialog.wanted) as wanted:
        dialog._go.click()

    request = wanted.args[0]
    assert (request.language, request.prompt, request.format) == ("de", "Ann, Ben", TranscriptFormat.SRT)
    assert (request.temperature, request.diarize, request.redact, request.duration_s) == (0.4, True, False, 60.0)


def test_nothing_can_be_started_before_the_recording_was_looked_at(dialog_for):
    dialog = dialog_for(SCRIBE)

    assert not dialog._go.isEnabled()
    assert "Looking at the recording…" in words(dialog)
    dialog.show_facts(audio())
    assert dialog._go.isEnabled()


def test_the_button_names_the_price_and_the_footer_how_it_comes_about(dialog_for):
    dialog = dialog_for(able(price=Price(Decimal("0.006"), PriceUnit.MINUTE)), CLERK)
    dialog.show_facts(audio(10 * 60))
    assert dialog._go.accessibleName() == "Transcribe, about $0.06"
    assert "10:00 at $0.006 a minute" in words(dialog)

    dialog._model._take("beta\0clerk")
    assert dialog._go.accessibleName() == "Transcribe, price unknown"


@pytest.mark.parametrize(
    ("seconds", "plan"),
    [
        (3 * HOUR_S + 12 * 60 + 5, "3:12:05 long: sent in 2 parts, cut where it is quiet."),
        (3 * HOUR_S + 50 * 60, "3:50:00 long: sent in 2 to 3 parts, cut where it is quiet."),
        (2 * HOUR_S, ""),
    ],
)
def test_a_recording_over_the_limit_says_how_it_is_sent(dialog_for, seconds, plan):
    dialog = dialog_for(SCRIBE)

    dialog.show_facts(audio(seconds))

    assert dialog._plan() == plan
    assert plan in words(dialog)


def test_a_recording_that_no_export_would_make_small_enough_says_how_it_is_sent(dialog_for):
    dialog = dialog_for(able(largest_bytes=25_000_000))

    dialog.show_facts(InputFacts(InputKind.CLIP, 60_000_000, 3_000.0))

    assert dialog._plan() == "50:00 long: sent in 2 parts, cut where it is quiet."


def test_speakers_close_the_formats_without_times(dialog_for):
    dialog = dialog_for(SCRIBE)
    form = dialog.form
    form._format._buttons["text"].click()
    assert "Without times" in words(dialog)

    form._diarize.click()

    assert not form._format._buttons["text"].isEnabled()
    assert "times" in form._format._buttons["text"].toolTip()
    assert form._format.value() == "verbose_json"
    form._diarize.click()
    assert form._format.value() == "text"


def test_problems_stand_at_their_fields_and_the_first_has_the_focus(dialog_for, qtbot):
    dialog = dialog_for(SCRIBE)
    dialog.show_facts(audio())
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.form._prompt.setPlainText("Ann, Ben, and everybody else")
    dialog.form._temperature.setText("7")

    with qtbot.assertNotEmitted(dialog.wanted):
        dialog._go.click()

    assert "may have 20 characters; it has 28" in dialog.form.rows["prompt"].error()
    assert "Use 0.0 to 1.0" in dialog.form.rows["temperature"].error()
    dialog.form._temperature.setText("0.7")
    dialog.form._prompt.setPlainText("Ann")
    assert dialog.form.rows["prompt"].error() is None
    with qtbot.waitSignal(dialog.wanted):
        dialog._go.click()


def test_every_field_of_a_refusal_has_a_place(dialog_for):
    dialog = dialog_for(SCRIBE)
    dialog.show_facts(audio())
    fields = ("audio", "format", "language", "prompt", "temperature", "diarize", "redact", "model", "elsewhere")

    dialog.show_problems([Problem(field, f"About {field}.") for field in fields])

    assert all(f"About {field}." in words(dialog) for field in fields)
    assert dialog._audio_row.error() == "About audio."
    assert dialog._trouble.text() == "About elsewhere."


def test_a_file_that_is_no_audio_is_told_at_the_recording(dialog_for, qtbot):
    dialog = dialog_for(SCRIBE)

    dialog.show_facts(InputFacts(InputKind.PICTURE, 10))

    assert "interview.wav isn’t audio" in dialog._audio_row.error()
    with qtbot.assertNotEmitted(dialog.wanted):
        dialog._go.click()


def test_a_recording_that_cannot_be_read_is_not_sent(dialog_for, qtbot):
    dialog = dialog_for(SCRIBE)

    dialog.show_unreadable("The file is gone.")

    assert dialog._audio_row.error() == "The file is gone."
    with qtbot.assertNotEmitted(dialog.wanted):
        dialog._go.click()


def test_models_whose_service_has_a_key_come_first(dialog_for, qtbot):
    dialog = dialog_for(SCRIBE, CLERK)
    assert dialog.spec == SCRIBE

    dialog.show_lacking(["acme"])

    assert [key.split("\0")[0] for key in dialog._model.keys()] == ["beta", "acme"]  # noqa: SIM118 - not a dict
    assert dialog.spec == CLERK

    dialog.show_lacking(["acme", "beta"])
    assert dialog._go.text() == "Set a key for Acme"
    with qtbot.waitSignal(dialog.key_wanted) as wanted, qtbot.assertNotEmitted(dialog.wanted):
        dialog._go.click()
    assert wanted.args == ["acme"]


def test_the_last_choice_stays_even_where_it_lacks_a_key(dialog_for):
    dialog = dialog_for(SCRIBE, CLERK, draft=TranscriptionDraft("acme", "scribe", language="fr"))

    dialog.show_lacking(["acme"])

    assert dialog.spec == SCRIBE
    assert dialog.draft.language == "fr"
    assert dialog.form._language.current_text() == "French"


def test_another_model_is_asked_for_and_then_chosen(dialog_for, qtbot):
    dialog = dialog_for(SCRIBE, others=("beta",))
    other = next(key for key in dialog._model.keys() if "other" in key)  # noqa: SIM118 - not a dict

    with qtbot.waitSignal(dialog.other_model_wanted) as wanted:
        dialog._model._take(other)
    assert wanted.args == ["beta"]
    assert dialog.spec == SCRIBE

    dialog.add_model(CLERK)
    assert dialog.spec == CLERK
    assert dialog._model.current_text() == "Clerk"


def test_without_any_model_it_says_so(dialog_for):
    dialog = dialog_for()
    dialog.show_facts(audio())

    assert "No service here can transcribe." in words(dialog)
    assert not dialog._go.isEnabled()


def test_settings_of_the_model_alone_are_behind_a_fold(dialog_for):
    times = ParameterSpec("word_times", "Times of words", ParameterType.BOOL, default=False)
    spec = type(SCRIBE)(
        "acme", "own", "Own", (Kind.TRANSCRIPTION,), parameters=(times,), transcription=SCRIBE.transcription
    )
    dialog = dialog_for(spec)
    assert not dialog.form._parameters["word_times"].isVisible()

    dialog.form._rare.set_open(True)
    dialog.form._parameters["word_times"].row.control.click()

    assert dialog.request().parameters == {"word_times": True}


def test_tab_goes_from_above_to_below(dialog_for, qtbot):
    dialog = dialog_for(CLERK, SCRIBE)
    dialog.show_facts(audio())
    dialog._model._take("acme\0scribe")
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    form = dialog.form
    dialog._model.setFocus()

    passed = []
    for _ in range(8):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())

    formats = form._format._buttons["verbose_json"]
    assert passed[:6] == [form._language, form._prompt, formats, form._temperature, form._diarize, form._redact]
    assert [each.text() for each in passed[6:]] == ["Cancel", "Transcribe"]


def test_while_the_recording_is_made_ready_nothing_can_be_changed_only_called_off(dialog_for, qtbot):
    dialog = dialog_for(SCRIBE)
    dialog.show_facts(audio())

    dialog.set_busy(True)

    assert not dialog.form.isEnabled()
    assert not dialog._go.isEnabled()
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
