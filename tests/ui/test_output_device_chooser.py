from __future__ import annotations

import math
import threading
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.audio.sound_card import OutputDevice
from app.domain.errors import PlaybackError
from app.ui.background import Background
from app.ui.output_device_chooser import NO_DEVICE, OutputDeviceChooser, device_key
from app.ui.theme import Theme
from app.ui.volume_scale import STEPS, gain_db_of, step_of
from tests.ui.waiting import until

SPEAKERS = OutputDevice("Speakers", "ALSA", 2, 48_000, is_default=True)
HEADPHONES = OutputDevice("Studio headphones & more", "JACK", 2, 44_100, is_default=False)


class Rack:
    """A chooser, and the devices that it finds."""

    def __init__(self, theme: Theme) -> None:
        self.devices: list[OutputDevice] = [SPEAKERS, HEADPHONES]
        self.problem: PlaybackError | None = None
        self.background = Background(lambda _error: None)
        self.chooser = OutputDeviceChooser(theme, self.list, self.background)
        self.chosen: list[OutputDevice | None] = []
        self.missing: list[str] = []
        self.volumes: list[float] = []
        self.chooser.device_chosen.connect(self.chosen.append)
        self.chooser.device_missing.connect(self.missing.append)
        self.chooser.volume_changed.connect(self.volumes.append)

    def list(self) -> list[OutputDevice]:
        assert threading.current_thread() is not threading.main_thread(), "listing may block"
        if self.problem is not None:
            raise self.problem
        return self.devices

    @property
    def shown(self) -> str:
        return self.chooser.findChildren(QAbstractButton)[0].accessibleName()


@pytest.fixture
async def rack(theme: Theme, qtbot: QtBot, qapp: QApplication) -> AsyncIterator[Rack]:
    rack = Rack(theme)
    qtbot.addWidget(rack.chooser)
    rack.chooser.show()
    yield rack
    await rack.background.close()


async def test_the_default_device_is_named(rack: Rack) -> None:
    rack.chooser.restore(None, -6.0)
    await until(lambda: "Speakers" in rack.shown)

    assert rack.shown == "Output device: Speakers, 48 kHz"
    assert rack.chosen == []
    assert rack.volumes[-1] == pytest.approx(-6.0, abs=0.3)


async def test_the_device_of_the_last_time_is_taken_up_by_name_and_host(rack: Rack) -> None:
    rack.chooser.restore(device_key(HEADPHONES), 0.0)
    await until(lambda: rack.chosen)

    assert rack.chosen == [HEADPHONES]
    assert "44.1 kHz" in rack.shown


async def test_a_device_that_is_not_connected_at_the_start_stays_the_chosen_one(rack: Rack) -> None:
    rack.devices = [SPEAKERS]
    rack.chooser.restore(device_key(HEADPHONES), 0.0)
    await until(lambda: rack.missing)

    assert rack.missing == [
        "Studio headphones & more isn’t connected. Sound goes to the system’s own output until it is back."
    ]
    assert rack.shown == "Output device: Studio headphones & more, not connected"
    assert rack.chooser.key == device_key(HEADPHONES)
    assert rack.chosen == []


async def test_a_lost_device_is_left_for_the_default_and_taken_up_again_before_the_next_play(rack: Rack) -> None:
    rack.chooser.restore(device_key(HEADPHONES), 0.0)
    await until(lambda: rack.chosen)
    assert rack.chooser.look_for_chosen() is None

    rack.devices = [SPEAKERS]
    rack.chooser.look_after_loss()
    await until(lambda: rack.chooser.is_away)
    assert rack.chosen == [HEADPHONES, None]
    assert rack.chooser.key == device_key(HEADPHONES)
    await rack.chooser.look_for_chosen()
    assert rack.chooser.is_away

    rack.devices = [SPEAKERS, HEADPHONES]
    await rack.chooser.look_for_chosen()

    assert rack.chosen == [HEADPHONES, None, HEADPHONES]
    assert "not connected" not in rack.shown
    assert rack.chooser.look_for_chosen() is None


async def test_the_menu_shows_a_chosen_device_that_is_away_and_finds_it_again(rack: Rack) -> None:
    rack.devices = [SPEAKERS]
    rack.chooser.restore(device_key(HEADPHONES), 0.0)
    await until(lambda: rack.chooser.is_away)
    rack.chooser.open_menu()
    await until(lambda: rack.chooser.offers)

    texts = [action.text() for action in rack.chooser.offers]
    assert texts == ["System default: Speakers", "Studio headphones && more, not connected", "Speakers"]
    assert [action.isChecked() for action in rack.chooser.offers] == [False, True, False]
    assert not rack.chooser.offers[1].isEnabled()

    rack.devices = [SPEAKERS, HEADPHONES]
    rack.chooser.open_menu()
    await until(lambda: rack.chosen)
    assert rack.chosen == [HEADPHONES]
    assert "44.1 kHz" in rack.shown


async def test_another_choice_forgets_the_one_that_is_away(rack: Rack) -> None:
    rack.devices = [SPEAKERS]
    rack.chooser.restore(device_key(HEADPHONES), 0.0)
    await until(lambda: rack.chooser.is_away)
    rack.chooser.open_menu()
    await until(lambda: rack.chooser.offers)

    rack.chooser.offers[0].trigger()

    assert rack.chooser.key is None
    assert not rack.chooser.is_away
    assert rack.chosen == [None]


async def test_without_any_device_it_says_so(rack: Rack) -> None:
    rack.devices = []

    rack.chooser.restore(None, 0.0)
    await until(lambda: "No output device" in rack.shown)
    rack.chooser.open_menu()
    await until(lambda: rack.missing)

    assert rack.missing == [NO_DEVICE]


async def test_a_device_that_came_back_is_named_again_once_something_is_heard(rack: Rack) -> None:
    rack.chooser.restore(None, 0.0)
    await until(lambda: "Speakers" in rack.shown)
    rack.chooser.show_missing()
    assert rack.shown == "Output device: No output device"

    rack.chooser.show_found()

    await until(lambda: "Speakers" in rack.shown)
    assert rack.chosen == []


async def test_a_missing_sound_system_is_told(rack: Rack) -> None:
    rack.problem = PlaybackError("Sound can’t be played because the PortAudio library is missing.")

    rack.chooser.open_menu()
    await until(lambda: rack.missing)

    assert rack.missing[0].startswith("Sound can’t be played")


async def test_the_menu_lists_the_devices_of_this_moment(rack: Rack) -> None:
    rack.chooser.restore(None, 0.0)
    await until(lambda: "Speakers" in rack.shown)
    rack.devices = [HEADPHONES, SPEAKERS]
    rack.chooser.open_menu()
    await until(lambda: rack.chooser.offers)

    offers = {action.text(): action for action in rack.chooser.offers}
    assert list(offers) == ["System default: Speakers", "Speakers", "Studio headphones && more"]
    assert offers["System default: Speakers"].isChecked()
    offers["Studio headphones && more"].trigger()

    assert rack.chosen == [HEADPHONES]
    assert rack.chooser.key == "JACK/Studio headphones & more"


async def test_mute_comes_back_to_the_volume_before(rack: Rack) -> None:
    rack.chooser.restore(None, -12.0)
    mute = next(b for b in rack.chooser.findChildren(QAbstractButton) if b.accessibleName() == "Mute")
    before = rack.chooser.volume_db

    mute.click()
    assert rack.volumes[-1] == -math.inf
    assert mute.accessibleName() == "Unmute"
    mute.click()

    assert rack.chooser.volume_db == before
    await until(lambda: len(rack.background) == 0)


@given(st.integers(0, STEPS))
def test_every_place_of_the_slider_has_its_volume(step: int) -> None:
    assert step_of(gain_db_of(step)) == step
    assert gain_db_of(step) <= 0


@given(st.floats(-200, 50))
def test_every_volume_has_its_place(gain_db: float) -> None:
    assert 0 <= step_of(gain_db) <= STEPS
