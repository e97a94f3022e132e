"""Where the window's sound comes out: a chosen device that is unplugged and plugged in again."""

from __future__ import annotations

from app.audio.sound_card import OutputDevice
from app.ui.output_device_chooser import device_key
from tests.fakes.sound_card import SPEAKERS
from tests.ui.waiting import until
from tests.ui.window_world import in_a_window

INTERFACE = OutputDevice("Audio interface", "Silent", 2, 48_000, is_default=False)


@in_a_window
async def test_an_unplugged_device_is_told_and_used_again_when_it_is_back(world):
    window = world.window
    world.card.devices = [SPEAKERS, INTERFACE]
    world.select(await world.make("Rain", takes=1, seconds=1.5), 1)
    await until(lambda: window.preview.take is not None)
    window.output.open_menu()
    await until(lambda: window.output.offers)
    next(each for each in window.output.offers if each.text() == "Audio interface").trigger()
    window.preview.toggle_play()
    await until(lambda: window.transport.is_playing)
    assert world.card.opened[-1] == INTERFACE

    world.card.unplug()
    world.card.devices = [SPEAKERS]
    await until(lambda: window.messages.text.startswith("Audio interface is gone."))
    await until(lambda: window.output.is_away)
    assert not window.transport.is_playing
    assert world.button("Choose device").isVisible()
    window.preview.toggle_play()
    await until(lambda: window.transport.is_playing)
    assert world.card.opened[-1] is None
    assert window.output.is_away
    await window.keep_state()
    assert window.settings.now.output_device == device_key(INTERFACE)

    window.preview.toggle_play()
    await until(lambda: not window.transport.is_playing)
    world.card.devices = [SPEAKERS, INTERFACE]
    window.preview.toggle_play()
    await until(lambda: window.transport.is_playing)

    assert world.card.opened[-1] == INTERFACE
    assert not window.output.is_away
