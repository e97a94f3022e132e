"""The panels of a request are those of the chosen model, and say at each field what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPlainTextEdit, QWidget

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.draft import Draft
from app.domain.errors import Problem
from app.domain.model_spec import Example, Kind, LengthGuess, ModelSpec
from app.domain.parameter_spec import BitrateSpec, FormatSpec, Panel, ParameterSpec, ParameterType, Range
from app.domain.reference_spec import ReferenceSpec
from app.domain.voice import Voice
from app.engine.voice_library import search
from app.ui.background import Background
from app.ui.controls.check_box import CheckBox
from app.ui.controls.choice import Choice
from app.ui.controls.ladder_field import LadderField
from app.ui.controls.segmented import SegmentedControl
from app.ui.controls.slider_field import SliderField
from app.ui.controls.stepper import Stepper
from app.ui.controls.text_field import TextField
from app.ui.languages import language_name
from app.ui.reference_facts import ReferenceFacts
from app.ui.request_column import RequestColumn
from app.ui.voice_trouble import WhyNoVoices
from tests.ui.accessibility import description

WAV = FormatSpec(AudioFormat.WAV, (44100, 48000), (1, 2), default_sample_rate_hz=48000, default_channels=2)
MP3 = FormatSpec(
    AudioFormat.MP3,
    (44100, 48000),
    (2,),
    (BitrateSpec((128, 320), sample_rates_hz=(48000,)), BitrateSpec((96,), sample_rates_hz=(44100,))),
    default_sample_rate_hz=48000,
    default_channels=2,
    default_bitrate_kbps=320,
)
GUIDE = ParameterSpec("guide", "Guide", ParameterType.BOOL, excludes=("steps", "seed"))
STEPS = ParameterSpec("steps", "Steps", ParameterType.INT, range=Range(1, 2000, 20), default=20)
MOOD = ParameterSpec("mood", "Mood", ParameterType.CHOICE, Panel.PROMPT, choices=("calm", "wild"))
DITHER = ParameterSpec("dither", "Dither", ParameterType.BOOL, Panel.AUDIO)
SPEED = ParameterSpec("speed", "Speed", ParameterType.FLOAT, Panel.VOICE, Range(0.5, 2, 1, 0.01, "×"), default=1.0)
EFFECTS = ModelSpec(
    "acme",
    "effects",
    "Effects",
    (Kind.EFFECT,),
    prompt_max=40,
    max_takes=8,
    default_takes=3,
    duration=Range(0.5, 20, 4, 0.1, "s"),
    seed=Range(0, 999, 0),
    has_negative_prompt=True,
    parameters=(GUIDE, STEPS, MOOD, DITHER),
    formats=(WAV, MP3),
    examples=(Example("Rain", "Heavy rain"), Example("Door", "A door slams")),
)
SPEECH = ModelSpec(
    "acme",
    "speech",
    "Speech",
    (Kind.SPEECH,),
    prompt_label="Text",
    has_voices=True,
    default_voice="anna",
    parameters=(SPEED,),
)
SONG = ModelSpec("acme", "song", "Song", (Kind.MUSIC,), languages=("en", "de"))
VOICES = (
    Voice("anna", "Anna", "acme", ("en-GB",), "female", "warm"),
    Voice("bert", "Bert", "acme", ("de-DE",), "male", "deep"),
    Voice("carl", "Carl", "acme", ("en-US",), "male", "rough"),
)


async def unread(_path):
    raise AssertionError("nothing is read without files")


@pytest.fixture
def column(theme, shown):
    facts = ReferenceFacts(unread, unread, Background(lambda _error: None))
    made = RequestColumn(theme, EFFECTS, understood=lambda _spec, _text: "", search_voices=search, facts=facts)
    made.resize(340, 900)
    return shown(made)


def control(column: RequestColumn, kind: type, name: str):
    """The control with this name that can be seen."""
    found = [each for each in column.findChildren(kind) if each.accessibleName() == name and each.isVisible()]
    assert found, f"no {kind.__name__} is called {name}"
    return found[0]


def labels(column: RequestColumn) -> set[str]:
    kinds = (SliderField, Stepper, TextField, Choice, SegmentedControl, CheckBox, QPlainTextEdit)
    seen = (each for kind in kinds for each in column.findChildren(kind) if each.isVisible())
    return {each.accessibleName() or getattr(each, "text", str)() for each in seen}


def texts(column: QWidget) -> str:
    return "\n".join(label.text() for label in column.findChildren(QLabel) if label.isVisible())


def test_a_control_is_there_only_if_the_model_has_it(column):
    effects = labels(column)
    column.show_model(SPEECH)
    speech = labels(column)
    column.show_model(SONG)

    assert {"Prompt", "Without", "Length", "Takes", "Seed", "Guide", "Steps", "Mood", "Dither", "Format"} <= effects
    assert "Speed" not in effects
    assert {"Text", "Search voices", "Speed"} <= speech
    assert not {"Length", "Seed", "Without", "Format", "Guide", "Mood", "Dither"} & speech
    assert "Language" in labels(column)


@pytest.mark.parametrize("spec", [EFFECTS, SPEECH])
def test_tab_goes_from_top_to_bottom_also_through_what_another_model_brought(column, spec):
    column.show_model(SONG)
    column.show_model(spec)
    column.show_draft(Draft("Rain", parameters={"acme/effects": {"steps": 30}}))
    if spec is EFFECTS:
        control(column, QAbstractButton, "Reset the model settings").click()
    QApplication.processEvents()
    column.sections()["prompt"]._heading.setFocus()

    stops: list[QWidget] = []
    while QApplication.focusWidget() not in stops:
        stops.append(QApplication.focusWidget())
        column.focusNextPrevChild(True)

    places = [stop.mapTo(column.widget(), stop.rect().center()) for stop in stops]
    rows = [place.y() // 10 for place in places]
    assert len(stops) > 8
    assert rows == sorted(rows), [(stop.accessibleName(), place) for stop, place in zip(stops, places, strict=True)]


def test_the_name_of_a_chosen_voice_is_kept_for_when_it_is_no_longer_offered(column):
    column.show_model(SPEECH)
    column.show_draft(Draft(voices={"acme/speech": "bert"}))
    column.voice.chooser.show_voices(VOICES, frozenset())
    kept = column.draft

    column.show_draft(kept)
    column.voice.chooser.show_voices(VOICES[2:], frozenset())

    assert kept.voice_name_for(SPEECH) == "Bert"
    assert column.voice.chooser.name == "Bert"
    column.voice.chooser.list.setCurrentIndex(column.voice.chooser.list.items.index(1))
    assert (column.draft.voices, column.draft.voice_names) == ({"acme/speech": "carl"}, {"acme/speech": "Carl"})


def test_a_language_that_is_sent_beside_the_voice_can_be_chosen_and_its_default_is_named(column):
    column.show_model(replace(SPEECH, languages=("de-de", "en-uk", "en-us"), default_language="en-us"))
    language = control(column, Choice, "Language")

    assert description(language) == "English (United States)"
    assert column.request().language is None
    language.set_value("en-uk")
    language.changed.emit("en-uk")

    assert description(language) == "English (United Kingdom)"
    assert column.request().language == "en-uk"


def test_a_language_that_the_voice_decides_is_not_asked_for(column):
    column.show_model(replace(SPEECH, languages=("de", "en-US")))

    assert "Language" not in labels(column)


def test_a_control_has_the_range_of_the_model(column):
    length = control(column, SliderField, "Length")

    QTest.keyClick(length.focusProxy(), Qt.Key.Key_End)

    assert column.draft.duration_s == 20
    assert control(column, Stepper, "Takes").value() == 3
    steps = control(column, SliderField, "Steps")
    QTest.keyClick(steps.focusProxy(), Qt.Key.Key_End)
    assert column.request().parameters == {"steps": 2000}
    assert isinstance(column.request().parameters["steps"], int)


def test_a_number_with_thousands_is_understood_when_it_is_typed_back(column):
    steps = control(column, SliderField, "Steps")
    field = steps.findChild(TextField)
    QTest.keyClick(steps.focusProxy(), Qt.Key.Key_End)

    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1,500")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert column.request().parameters == {"steps": 1500}


def test_what_the_user_had_comes_back_with_the_model(column):
    QTest.keyClicks(control(column, QPlainTextEdit, "Prompt"), "Rain")
    QTest.keyClick(control(column, SliderField, "Length").focusProxy(), Qt.Key.Key_End)
    QTest.keyClicks(control(column, TextField, "Seed"), "77")
    before = column.request()

    column.show_model(SPEECH)
    assert (column.request().duration_s, column.request().seed) == (None, None)
    column.show_model(EFFECTS)

    assert column.request() == before
    assert control(column, TextField, "Seed").text() == "77"


def test_an_impossible_combination_of_formats_cannot_be_chosen(column):
    channels = control(column, SegmentedControl, "Channels")
    formats = control(column, SegmentedControl, "Format")
    formats.step(1)

    mono = next(each for each in channels.findChildren(QAbstractButton) if each.text() == "Mono")
    assert column.request().audio == AudioSettings(AudioFormat.MP3, 48000, 2, 320)
    assert not mono.isEnabled()
    assert mono.toolTip() == "MP3 of this model has no mono."
    assert "Bit rate" in labels(column)
    assert column.spec.check(column.request()) == (
        Problem("prompt", "Prompt is empty. Describe what you want to hear."),
    )


def test_the_bit_rate_is_a_slider_over_what_the_format_row_allows(column):
    rates = BitrateSpec((32, 64, 96, 128, 256, 320), sample_rates_hz=(48000,))
    few = BitrateSpec((64, 96), sample_rates_hz=(44100,))
    mp3 = replace(MP3, bitrates=(rates, few))
    spec = replace(EFFECTS, formats=(mp3,))
    column.show_model(spec)
    slider = control(column, LadderField, "Bit rate")
    assert column.request().audio.bitrate_kbps == 320

    QTest.keyClick(slider.focusProxy(), Qt.Key.Key_Left)
    QTest.keyClick(slider.focusProxy(), Qt.Key.Key_Left)
    chosen = column.request().audio.bitrate_kbps
    control(column, Choice, "Sample rate").changed.emit("44100")

    assert chosen == 128
    assert control(column, Choice, "Bit rate").keys() == ("64", "96")
    assert not slider.isVisible()
    assert column.request().audio.bitrate_kbps in (64, 96)
    assert spec.check(replace(column.request(), prompt="Rain")) == ()
    control(column, Choice, "Sample rate").changed.emit("48000")
    assert slider.isVisible()
    assert column.request().audio.bitrate_kbps == slider.value() == 128  # what was chosen came back


def test_a_bit_rate_that_cannot_be_had_keeps_the_request_back_at_its_field(column):
    mp3 = replace(MP3, bitrates=(BitrateSpec((32, 64, 320)),))
    column.show_model(replace(EFFECTS, formats=(mp3,)))
    slider = control(column, LadderField, "Bit rate")
    slider._field.setFocus()
    slider._field.selectAll()
    QTest.keyClicks(slider._field, "999")
    column.commit_typing()

    (problem,) = (each for each in column.problems() if each.field == "bitrate")
    column.go_to("bitrate")

    assert problem.message == "Out of range. Use 32 kbps to 320 kbps."
    assert QApplication.focusWidget() is slider.focusProxy()


def test_the_format_keeps_the_focus_while_arrows_step_through_it(column):
    formats = control(column, SegmentedControl, "Format")
    formats.setFocus()

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)

    assert column.draft.audio.format is AudioFormat.WAV
    assert formats.isAncestorOf(QApplication.focusWidget())


def test_formats_become_a_list_where_they_have_no_room_side_by_side(column, theme):
    theme.set_text_scale(2.0)
    column.resize(300, 900)

    QApplication.processEvents()

    assert control(column, Choice, "Format").value() == "wav"
    assert not [each for each in column.findChildren(SegmentedControl) if each.isVisible() and "Format" in labels(each)]


def test_what_is_set_closes_what_it_excludes(column):
    guide = control(column, CheckBox, "")
    guide.setChecked(True)

    assert not control(column, SliderField, "Steps").isEnabled()
    assert not control(column, TextField, "Seed").isEnabled()
    guide.setChecked(False)
    assert control(column, SliderField, "Steps").isEnabled()
    assert control(column, TextField, "Seed").isEnabled()
    assert column.request().parameters == {}


def test_resetting_the_model_settings_leaves_the_other_panels_alone(column):
    QTest.keyClick(control(column, SliderField, "Steps").focusProxy(), Qt.Key.Key_End)
    mood = control(column, Choice, "Mood")
    mood.changed.emit("wild")
    reset = control(column, QAbstractButton, "Reset the model settings")

    reset.click()

    QApplication.processEvents()
    assert column.request().parameters == {"mood": "wild"}
    assert control(column, SliderField, "Steps").value() == 20


def test_the_counter_says_by_how_much_a_prompt_is_too_long(column):
    QTest.keyClicks(control(column, QPlainTextEdit, "Prompt"), "x" * 76)

    assert "36 too many" in texts(column)
    assert column.prompt._count.role == "err"
    column.show_model(SPEECH)
    assert "76 characters" in texts(column)


def test_a_seed_that_is_no_number_is_refused_at_its_field(column):
    seed = control(column, TextField, "Seed")
    QTest.keyClicks(seed, "12")
    QTest.keyClicks(seed, "x")

    problems = column.problems()

    assert "Type a whole number" in texts(column)
    assert Problem("seed", "Type a whole number, or leave it empty for a new one each time.") in problems
    QTest.keyClick(seed, Qt.Key.Key_Backspace)
    assert column.draft.seed == 12
    assert "seed" not in {problem.field for problem in column.problems()}


def test_a_seed_outside_the_range_is_a_problem_of_the_model(column):
    QTest.keyClicks(control(column, TextField, "Seed"), "5000")

    assert Problem("seed", "Seed must be from 0 to 999; it is 5,000.") in column.problems()


def test_the_dice_choose_a_seed_in_the_range(column):
    control(column, QAbstractButton, "Choose a seed by chance").click()

    assert 0 <= column.draft.seed <= 999
    assert control(column, TextField, "Seed").text() == str(column.draft.seed)


def test_a_typed_length_that_cannot_be_used_keeps_the_request_back(column):
    field = control(column, SliderField, "Length").findChild(TextField)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "99")

    column.commit_typing()

    assert "duration" in {problem.field for problem in column.problems()}
    assert column.draft.duration_s is None


def test_a_length_that_is_still_being_typed_counts(column):
    field = control(column, SliderField, "Length").findChild(TextField)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7.5")

    column.commit_typing()

    assert column.request().duration_s == 7.5


def test_problems_stand_at_their_fields_in_the_order_of_the_panels(column):
    QTest.keyClicks(control(column, TextField, "Seed"), "5000")
    problems = column.problems()

    homeless = column.show_problems((*problems, Problem("provider", "No service.")))

    assert [problem.field for problem in problems] == ["prompt", "seed"]
    assert homeless == (Problem("provider", "No service."),)
    assert "Prompt is empty." in texts(column)
    assert "Seed must be from 0 to 999; it is 5,000." in texts(column)
    column.show_problems(())
    assert "Prompt is empty." not in texts(column)


def test_going_to_a_field_unfolds_its_panel(column):
    column.audio.set_open(False)
    column.prompt.set_open(False)

    column.go_to("sample_rate")

    assert column.audio.is_open()
    assert not column.prompt.is_open()
    assert column.audio.isAncestorOf(QApplication.focusWidget())


def test_voices_are_found_by_words_and_by_language(column):
    column.show_model(SPEECH)
    column.voice.chooser.show_voices(VOICES, frozenset())
    found = column.voice.chooser.list.items
    search_field = control(column, TextField, "Search voices")

    QTest.keyClicks(search_field, "male rough")
    QTest.keyClick(search_field, Qt.Key.Key_Return)
    assert [found.index(row).data() for row in range(found.rowCount())] == ["Carl"]

    search_field.clear()
    control(column, Choice, "Language of the voices").changed.emit("")
    column.voice.chooser.filters.languages.set_value("de-DE")
    column.voice.chooser.filters.languages.changed.emit("de-DE")
    assert [found.index(row).data() for row in range(found.rowCount())] == ["Bert"]


def test_going_to_the_voices_starts_a_search_and_down_leads_into_the_list(column):
    column.show_model(SPEECH)
    column.voice.chooser.show_voices(VOICES, frozenset())
    column.go_to("voice")
    assert QApplication.focusWidget() is control(column, TextField, "Search voices")

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)

    assert QApplication.focusWidget() is column.voice.chooser.list
    assert column.request().voice == "anna"


def test_letters_over_the_list_of_voices_choose_none(column):
    column.show_model(SPEECH)
    column.voice.chooser.show_voices(VOICES, frozenset())

    QTest.keyClicks(column.voice.chooser.list, "bert")

    assert column.request().voice == "anna"


def test_a_search_without_a_voice_says_so(column):
    column.show_model(SPEECH)
    column.voice.chooser.show_voices(VOICES, frozenset())
    search_field = control(column, TextField, "Search voices")

    QTest.keyClicks(search_field, "zzz")
    QTest.keyClick(search_field, Qt.Key.Key_Return)

    assert "No voice matches." in texts(column)


def test_the_arrows_choose_another_voice_and_tab_alone_does_not(column):
    column.show_model(SPEECH)
    column.voice.chooser.show_voices(VOICES, frozenset())
    voices = column.voice.chooser.list

    voices.setFocus(Qt.FocusReason.TabFocusReason)
    assert column.request().voice == "anna"
    QTest.keyClick(voices, Qt.Key.Key_Down)

    assert column.request().voice == "bert"


def test_a_voice_that_vanished_is_not_replaced_by_looking_at_the_list(column):
    column.show_draft(Draft(voices={"acme/speech": "gone"}))
    column.show_model(SPEECH)
    column.voice.chooser.show_voices(VOICES, frozenset())

    column.voice.chooser.list.setFocus(Qt.FocusReason.TabFocusReason)

    assert column.request().voice == "gone"


def test_the_reason_for_missing_voices_stays_while_the_text_is_typed(column, qtbot):
    column.show_model(SPEECH)
    column.voice.chooser.show_trouble(WhyNoVoices("Acme can’t be reached."))

    column.show_problems(())

    assert "The voices couldn’t be loaded. Type a voice id or try again." in texts(column)
    assert "Acme can’t be reached." in texts(column)
    with qtbot.waitSignal(column.voice.chooser.reload_wanted):
        next(each for each in column.voice.findChildren(QAbstractButton) if each.text() == "Try again").click()


def test_examples_are_offered_only_while_the_library_is_empty(column):
    assert not column.prompt.examples.isVisible()

    column.prompt.offer_examples(True)
    chip = next(each for each in column.prompt.examples.findChildren(QAbstractButton) if each.text() == "Door")
    chip.click()

    assert column.draft.prompt == "A door slams"
    column.prompt.offer_examples(False)
    assert not column.prompt.examples.isVisible()


def test_an_example_can_be_undone(column):
    text = control(column, QPlainTextEdit, "Prompt")
    QTest.keyClicks(text, "mine")

    column.prompt.use("An example")
    text.undo()

    assert column.draft.prompt == "mine"


def test_the_text_box_grows_with_the_column(column):
    column.resize(340, 816)
    tall = column.prompt.text.height()
    column.resize(340, 556)

    assert tall == 172
    assert column.prompt.text.height() == 96


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_nothing_is_wider_than_the_narrowest_column(column, theme, scale):
    theme.set_text_scale(scale)
    for spec in (EFFECTS, SPEECH, SONG):
        column.show_model(spec)
        column.resize(theme.px(280), 700)
        QApplication.processEvents()

        assert column.widget().width() <= column.viewport().width()


def test_sizes_follow_the_text_size(column, theme):
    before = column.prompt.text.height()

    theme.set_text_scale(1.5)
    QApplication.processEvents()

    assert column.voice.chooser.list.height() > 6 * 28 * 1.4
    assert column.prompt.text.height() >= before * 0.8  # less room, larger text


SPOKEN = ModelSpec(
    "acme",
    "spoken",
    "Spoken",
    (Kind.SPEECH, Kind.SCENE),
    prompt_min=10,
    prompt_max=40,
    length_guess=LengthGuess(10, 3),
    references=ReferenceSpec(max_clips=1, mention="@Audio"),
    formats=(MP3, FormatSpec(AudioFormat.WAV), FormatSpec(AudioFormat.FLAC)),
)


def test_where_the_text_decides_the_length_it_is_told_how_long_a_take_becomes(column):
    column.show_model(SPOKEN)
    assert "follows the text" in texts(column)

    QTest.keyClicks(control(column, QPlainTextEdit, "Prompt"), "Ninety letters " * 6)

    assert "follows the text, about 0:09 a take" in texts(column)
    column.resize(280, 900)
    QApplication.processEvents()
    assert "about 0:09 a take" in texts(column)
    assert "follows the text" not in texts(column)


def test_a_model_that_makes_one_take_a_request_is_asked_several_times(column):
    column.show_model(SPEECH)
    column.resize(480, 900)
    QApplication.processEvents()
    takes = control(column, Stepper, "Takes")

    QTest.keyClicks(takes._number, "8")

    assert "up to 8 a click, one task each" in texts(column)
    assert column.request().takes == 8
    assert "takes" not in {problem.field for problem in column.problems()}


def test_the_line_below_the_prompt_says_how_the_model_reads_it(column):
    column.show_model(SPOKEN)

    assert "Speech goes in quotes. @\u00a0inserts a clip." in texts(column)


def test_a_text_that_is_too_short_is_counted_up_to_what_is_needed(column):
    column.show_model(SPOKEN)

    QTest.keyClicks(control(column, QPlainTextEdit, "Prompt"), "Hello")

    assert "5 more needed" in texts(column)


def test_a_text_near_its_limit_is_told_quietly_and_blocks_nothing(column):
    column.show_model(SPOKEN)

    control(column, QPlainTextEdit, "Prompt").insertPlainText("é" * 38)

    assert "Prompt is near its limit" in texts(column)
    assert column.prompt._words.role == "text3"
    assert column.problems() == ()


def test_formats_that_leave_nothing_to_choose_are_named(column):
    column.show_model(SPOKEN)

    assert "WAV and FLAC set rate, channels and quality themselves." in texts(column)


def test_a_territory_that_qt_does_not_know_is_not_taken_for_another():
    named = [language_name(tag) for tag in ("en-uk", "en-us", "ar-xa", "ar-eg")]

    assert named == ["English (United Kingdom)", "English (United States)", "Arabic (XA)", "Arabic (Egypt)"]


def test_the_heading_says_what_the_words_are_once_the_placeholder_is_gone(column):
    column.show_model(replace(SONG, prompt_label="Lyrics"))
    QTest.keyClicks(control(column, QPlainTextEdit, "Lyrics"), "Low tide")

    assert column.prompt._heading.text() == "Lyrics"
