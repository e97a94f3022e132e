from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QSlider, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.ui.controls.ladder_field import LadderField
from app.ui.controls.numbers import decimals_of, number_from, number_text
from app.ui.controls.slider_field import SliderField
from app.ui.controls.stepper import Stepper
from app.ui.theme import Theme
from app.ui.tokens import DARK
from tests.ui import accessibility

Show = Callable[[QWidget], QWidget]


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    yield
    QLocale.setDefault(before)


def wheel(widget: QWidget, steps: int) -> None:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(0, 0),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def type_into(qtbot: QtBot, field: QWidget, text: str) -> None:
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


# numbers as text


@pytest.mark.parametrize(("step", "decimals"), [(1, 0), (8, 0), (0.1, 1), (0.5, 1), (0.05, 2), (0.001, 3), (None, 2)])
def test_every_step_shows_its_digits(step: float | None, decimals: int):
    assert decimals_of(step) == decimals


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "text"),
    [
        (-2, 0, "st", "−2 st"),
        (1.12, 2, "×", "1.12×"),
        (48000, 0, "Hz", "48,000 Hz"),
        (-0.001, 1, "dB", "0.0 dB"),
        (62, 0, "%", "62%"),
    ],
)
def test_numbers_are_written_with_their_unit(value: float, decimals: int, unit: str, text: str):
    assert number_text(value, decimals=decimals, unit=unit) == text


@pytest.mark.parametrize("text", ["", "  ", "st", "two", "1..2", "nan", "inf", "1e999", "−"])
def test_what_is_no_number_is_none(text: str):
    assert number_from(text, unit="st") is None


@pytest.mark.parametrize("text", ["-2", "−2", " −2 st", "-2st", "−2 ST", "-2.0"])
def test_a_number_is_understood_with_and_without_its_unit(text: str):
    assert number_from(text, unit="st") == -2


@given(st.decimals(min_value=-99_999, max_value=99_999, places=2), st.sampled_from(["", "×", "st", "kbps"]))
def test_what_is_written_is_read_back(value, unit: str):
    assert number_from(number_text(float(value), decimals=2, unit=unit), unit=unit) == float(value)


def test_a_german_types_a_comma_or_a_point(german: None):
    assert number_text(1234.5, decimals=1, unit="s") == "1.234,5 s"
    assert (number_from("1,5"), number_from("0.5e0")) == (1.5, 0.5)


# stepper


@pytest.fixture
def takes(theme: Theme, shown: Show) -> Stepper:
    stepper = Stepper(theme, "Takes", minimum=1, maximum=4, value=2)
    shown(stepper)
    return stepper


def half(stepper: Stepper, name: str) -> QPushButton:
    return next(b for b in stepper.findChildren(QPushButton) if b.accessibleName() == name)


def test_minus_and_plus_step_to_the_ends(takes: Stepper, qtbot: QtBot):
    seen: list[int] = []
    takes.changed.connect(seen.append)

    for _ in range(4):
        qtbot.mouseClick(half(takes, "Takes: more"), Qt.MouseButton.LeftButton)

    assert seen == [3, 4]
    assert not half(takes, "Takes: more").isEnabled()
    assert half(takes, "Takes: less").isEnabled()


def test_the_arrow_keys_step(takes: Stepper, qtbot: QtBot):
    takes.setFocus()

    with qtbot.waitSignal(takes.changed) as told:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)

    assert told.args == [3]


def test_the_wheel_steps_only_with_the_focus(takes: Stepper, qtbot: QtBot):
    number = takes.findChild(QSpinBox)
    number.clearFocus()
    wheel(number, 1)
    without = takes.value()
    takes.setFocus()
    wheel(number, 1)

    assert (without, takes.value()) == (2, 3)


@pytest.mark.parametrize(("typed", "value", "limit"), [("9", 4, "highest"), ("0", 1, "lowest"), ("-7", 1, "lowest")])
def test_a_typed_number_outside_becomes_the_nearest_and_says_so(
    takes: Stepper, qtbot: QtBot, typed: str, value: int, limit: str
):
    with qtbot.waitSignal(takes.clamped) as told:
        type_into(qtbot, takes, typed)

    assert takes.value() == value
    assert told.args == [f"{typed} is out of range. {value} is the {limit}."]


def test_a_number_that_a_screen_reader_puts_in_counts_as_typed(takes: Stepper, qtbot: QtBot):
    takes.clearFocus()
    takes.findChild(QSpinBox).clearFocus()
    editor = takes.findChild(QSpinBox).lineEdit()
    assert not editor.hasFocus()

    editor.setText("4")

    assert takes.value() == 4


def test_letters_cannot_be_typed(takes: Stepper, qtbot: QtBot):
    type_into(qtbot, takes, "x3")

    assert takes.value() == 3


def test_the_program_sets_a_number_silently(takes: Stepper, qtbot: QtBot):
    with qtbot.assertNotEmitted(takes.changed):
        takes.set_value(3)
        takes.set_range(1, 2)
        takes.set_value(7)

    assert (takes.value(), takes.range()) == (2, (1, 2))


def test_the_digits_of_a_stepper_grow_with_the_text(theme: Theme, takes: Stepper):
    theme.set_text_scale(1.5)

    assert takes._number.lineEdit().font().pixelSize() == theme.font("strong").pixelSize() == 20


def test_a_stepper_is_a_named_spin_box_with_a_value(takes: Stepper):
    number = takes.findChild(QSpinBox)

    assert accessibility.role(number) == QAccessible.Role.SpinBox
    assert accessibility.name(number) == "Takes"
    assert accessibility.interface(number).valueInterface().currentValue() == 2
    accessibility.interface(number).valueInterface().setCurrentValue(4)
    assert takes.value() == 4


# slider and field


@pytest.fixture
def speed(theme: Theme, shown: Show) -> SliderField:
    control = SliderField(theme, "Speed", minimum=0.5, maximum=2, default=1, step=0.01, unit="×")
    control.resize(260, 28)
    shown(control)
    return control


def slider_of(control: SliderField) -> QSlider:
    return control.findChild(QSlider)


def field_of(control: SliderField) -> QLineEdit:
    return control.findChild(QLineEdit)


def test_a_slider_starts_at_its_default(speed: SliderField):
    assert (speed.value(), field_of(speed).text()) == (1.0, "1.00×")


def test_a_press_takes_the_handle_there(speed: SliderField, qtbot: QtBot):
    slider = slider_of(speed)

    with qtbot.waitSignal(speed.changed) as told:
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 2, 12))

    assert told.args == [2.0]
    assert field_of(speed).text() == "2.00×"


def test_dragging_follows_the_pointer(speed: SliderField, qtbot: QtBot):
    slider = slider_of(speed)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 2, 12))

    qtbot.mouseMove(slider, QPoint(2, 12))
    qtbot.waitUntil(lambda: speed.value() == 0.5)

    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)


def test_a_double_click_brings_the_default_back(speed: SliderField, qtbot: QtBot):
    speed.set_value(1.7)

    with qtbot.waitSignal(speed.changed) as told:
        qtbot.mouseDClick(slider_of(speed), Qt.MouseButton.LeftButton)

    assert told.args == [1.0]


def test_arrows_go_one_step(speed: SliderField, qtbot: QtBot):
    speed.setFocus()

    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)

    assert speed.value() == pytest.approx(1.01)


def test_the_wheel_needs_the_focus(speed: SliderField, qtbot: QtBot):
    slider_of(speed).clearFocus()
    wheel(slider_of(speed), 1)

    assert speed.value() == 1.0


@pytest.mark.parametrize(("typed", "value"), [("1.5", 1.5), ("1.5×", 1.5), (" 0.50 ", 0.5), ("1.234", 1.23)])
def test_a_typed_value_is_taken_on_its_step(speed: SliderField, qtbot: QtBot, typed: str, value: float):
    with qtbot.waitSignal(speed.changed) as told:
        type_into(qtbot, speed, typed)

    assert told.args == [value]
    assert slider_of(speed).value() == round(value * 100)


@pytest.mark.parametrize("typed", ["9", "fast", "-1"])
def test_a_wrong_value_is_kept_marked_and_explained(speed: SliderField, qtbot: QtBot, typed: str):
    with qtbot.waitSignal(speed.error_changed) as told:
        type_into(qtbot, speed, typed)

    assert speed.value() == 1.0
    assert field_of(speed).text() == typed
    assert "0.50× to 2.00×" in told.args[0]
    assert speed.error() == told.args[0]
    middle = field_of(speed).width() // 2
    field_of(speed).clearFocus()
    assert field_of(speed).grab().toImage().pixelColor(middle, 0).name().upper() == DARK.err


def test_mending_a_wrong_value_takes_the_mark_away(speed: SliderField, qtbot: QtBot):
    type_into(qtbot, speed, "9")

    type_into(qtbot, speed, "1")

    assert speed.error() is None
    assert not field_of(speed).property("problem")


def test_the_program_sets_a_value_silently_and_within_the_bounds(speed: SliderField, qtbot: QtBot):
    with qtbot.assertNotEmitted(speed.changed):
        speed.set_value(7)
        speed.set_bounds(0.8, 1.2, step=0.1, default=1.0)

    assert speed.value() == 1.2


def test_bounds_without_room_are_a_bug(speed: SliderField):
    with pytest.raises(ValueError):
        speed.set_bounds(2, 1)


def test_without_a_step_a_typed_value_is_exact(theme: Theme, shown: Show, qtbot: QtBot):
    control = SliderField(theme, "Strength", minimum=0, maximum=1)
    shown(control)

    type_into(qtbot, control, "0.12345")

    assert control.value() == 0.12345


def test_a_value_may_be_written_in_another_way(theme: Theme, shown: Show, qtbot: QtBot):
    control = SliderField(
        theme,
        "Length",
        minimum=0,
        maximum=600,
        value=65.5,
        step=0.1,
        format=lambda seconds: f"{int(seconds // 60)}:{seconds % 60:04.1f}",
        parse=lambda text: sum(float(part) * 60**place for place, part in enumerate(reversed(text.split(":")))),
    )
    shown(control)
    before = field_of(control).text()

    type_into(qtbot, control, "2:00")

    assert (before, control.value(), field_of(control).text()) == ("1:05.5", 120.0, "2:00.0")


@given(
    st.integers(-50, 50),
    st.integers(1, 200),
    st.sampled_from([1, 0.5, 0.1, 0.01, 5, None]),
    st.floats(-1000, 1000),
)
def test_every_value_is_within_the_bounds_and_on_a_step(
    session_theme: Theme, low: int, span: int, step: float | None, wanted: float
):
    control = SliderField(session_theme, "Any", minimum=low, maximum=low + span, step=step)

    control.set_value(wanted)

    assert low <= control.value() <= low + span
    if step is not None and control.value() != low + span:
        steps = (control.value() - low) / step
        assert steps == pytest.approx(round(steps), abs=1e-6)


def test_a_slider_is_named_and_speaks_whole_steps_as_values(theme: Theme, qtbot: QtBot):
    control = SliderField(theme, "Pitch", minimum=-12, maximum=12, default=0, step=1, value=-2, unit="st")
    qtbot.addWidget(control)
    slider = slider_of(control)

    assert accessibility.role(slider) == QAccessible.Role.Slider
    assert (accessibility.name(slider), accessibility.description(slider)) == ("Pitch", "−2 st")
    value = accessibility.interface(slider).valueInterface()
    assert (value.minimumValue(), value.currentValue(), value.maximumValue()) == (-12, -2, 12)
    with qtbot.waitSignal(control.changed) as told:
        value.setCurrentValue(5)
    assert told.args == [5.0]


# slider over a few values

RATES_KBPS = (32, 40, 64, 128, 256, 320)


@pytest.fixture
def ladder(theme: Theme, shown: Show) -> LadderField:
    control = LadderField(theme, "Bit rate", RATES_KBPS, unit="kbps", field_width=76)
    control.set_value(128)
    control.resize(260, 28)
    shown(control)
    return control


def test_keys_lead_from_one_value_to_the_next_and_to_the_ends(ladder: LadderField, qtbot: QtBot):
    ladder.setFocus()
    seen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Up):
        qtbot.keyClick(QApplication.focusWidget(), key)
        seen.append(ladder.value())

    assert seen == [256, 320, 320, 256, 32, 40]
    assert field_of(ladder).text() == "40 kbps"


@given(st.sets(st.integers(8, 400), min_size=2, max_size=9).map(sorted))
def test_from_any_value_a_key_reaches_its_neighbour(session_theme: Theme, rungs: list[int]):
    control = LadderField(session_theme, "Bit rate", rungs)
    control.set_value(rungs[0])

    climbed = [control.value()]
    for _ in rungs[1:]:
        QTest.keyClick(slider_of(control), Qt.Key.Key_Right)
        climbed.append(control.value())
    control.deleteLater()

    assert climbed == rungs


def test_the_wheel_leads_to_the_next_value(ladder: LadderField):
    ladder.setFocus()

    wheel(slider_of(ladder), -1)

    assert ladder.value() == 64


def test_the_pointer_takes_the_nearest_value_and_the_handle_rests_there(ladder: LadderField, qtbot: QtBot):
    slider = slider_of(ladder)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() * 3 // 4, 12))  # about 250

    assert ladder.value() == slider.value() == 256
    qtbot.mouseMove(slider, QPoint(slider.width() * 3 // 4 - 6, 12))
    assert ladder.value() == 256
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(("typed", "value"), [("100", 128), ("45 kbps", 40), ("320", 320)])
def test_a_typed_number_becomes_the_nearest_value(ladder: LadderField, qtbot: QtBot, typed: str, value: int):
    type_into(qtbot, ladder, typed)

    assert (ladder.value(), ladder.error()) == (value, None)


def test_a_typed_number_beyond_the_ends_is_kept_for_mending(ladder: LadderField, qtbot: QtBot):
    type_into(qtbot, ladder, "500")

    assert (ladder.value(), ladder.error()) == (128, "Out of range. Use 32 kbps to 320 kbps.")


def test_other_values_leave_the_nearest_and_are_spoken_as_what_they_are(ladder: LadderField):
    ladder.set_rungs((8, 16, 24))

    spoken = accessibility.interface(slider_of(ladder)).valueInterface()
    assert ladder.value() == spoken.currentValue() == 24
    assert (spoken.minimumValue(), spoken.maximumValue()) == (8, 24)
    assert accessibility.name(slider_of(ladder)) == "Bit rate"
    assert accessibility.description(slider_of(ladder)) == "24 kbps"
