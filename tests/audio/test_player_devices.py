"""The output device that was chosen is used whenever it is there, and missed aloud when it isn't."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.audio.player import Failed, PlayerState
from app.audio.sound_card import OutputDevice
from app.domain.errors import PlaybackError
from tests.audio.conftest import Deck, WriteWav, noise
from tests.fakes.sound_card import SPEAKERS

RATE, FADE, LATENCY = 48_000, 240, 2_400
USB = OutputDevice("USB Interface", "Silent", 2, RATE, is_default=False)


@pytest.fixture
def usb_deck(deck: Deck, write_wav: WriteWav) -> Deck:
    """It plays on the interface that was chosen."""
    deck.card.devices = [SPEAKERS, USB]
    deck.player.set_device(USB)
    deck.start(write_wav(noise(480_000)))
    deck.take(10_000)
    return deck


def sounds_on(deck: Deck) -> OutputDevice | None:
    deck.settle()
    stream = deck.card.stream
    return stream.device if stream is not None and stream.is_active else None


def unplug(deck: Deck, devices: list[OutputDevice]) -> None:
    deck.card.unplug()
    deck.card.devices = devices


def test_a_chosen_device_that_vanishes_pauses_and_says_its_name(usb_deck: Deck) -> None:
    unplug(usb_deck, [SPEAKERS])

    failure = usb_deck.failure()

    assert str(failure.error).startswith("USB Interface is gone.")
    assert usb_deck.player.state is PlayerState.PAUSED
    assert usb_deck.player.position_frames == 10_000 - LATENCY
    assert sounds_on(usb_deck) is None


def test_while_it_is_away_play_says_so_and_does_not_go_elsewhere(usb_deck: Deck) -> None:
    unplug(usb_deck, [SPEAKERS])
    usb_deck.failure()

    usb_deck.player.play()

    assert "USB Interface isn’t connected" in str(usb_deck.failure().error)
    assert sounds_on(usb_deck) is None
    assert usb_deck.player.state is PlayerState.PAUSED


def test_once_it_is_back_play_uses_it_without_any_further_act(usb_deck: Deck) -> None:
    unplug(usb_deck, [SPEAKERS])
    usb_deck.failure()
    usb_deck.player.play()
    usb_deck.failure()

    usb_deck.card.devices = [SPEAKERS, USB]
    usb_deck.player.play()
    got = usb_deck.take(1_000)

    rest = 10_000 - LATENCY
    assert sounds_on(usb_deck) == USB
    assert np.array_equal(got[FADE:], noise(480_000)[rest + FADE : rest + 1_000])


def test_one_that_vanishes_in_a_pause_is_missed_at_the_next_play_only(usb_deck: Deck) -> None:
    usb_deck.player.pause()
    usb_deck.take(3_000)
    while not usb_deck.events.empty():
        usb_deck.events.get()

    unplug(usb_deck, [SPEAKERS])
    usb_deck.settle()
    told = list(usb_deck.events.queue)
    usb_deck.player.play()

    assert not any(isinstance(event, Failed) for event in told)
    assert "isn’t connected" in str(usb_deck.failure().error)
    assert usb_deck.player.position_frames == 10_000 + FADE


def test_devices_are_looked_for_anew_while_nothing_sounds(usb_deck: Deck) -> None:
    """Closing the stream that rests costs nothing that is heard, and play opens it again."""
    usb_deck.player.pause()
    usb_deck.take(RATE)
    usb_deck.card.list_output_devices()
    gone = sounds_on(usb_deck)

    usb_deck.player.play()
    got = usb_deck.take(1_000)

    assert gone is None
    assert sounds_on(usb_deck) == USB
    assert np.array_equal(got[FADE:], noise(480_000)[10_000 + 2 * FADE : 11_000 + FADE])
    assert not any(isinstance(event, Failed) for event in usb_deck.events.queue)


def test_what_sounds_is_never_closed_to_look_for_devices(usb_deck: Deck) -> None:
    usb_deck.card.list_output_devices()
    usb_deck.player.pause()
    usb_deck.take(RATE)
    usb_deck.player.play()
    usb_deck.settle()
    usb_deck.card.list_output_devices()

    assert sounds_on(usb_deck) == USB
    assert usb_deck.card.opened == [USB]


@pytest.mark.parametrize(("moves_along", "opened"), [(True, 1), (False, 2)])
def test_the_next_play_follows_the_default_of_the_system(
    deck: Deck, write_wav: WriteWav, moves_along: bool, opened: int
) -> None:
    """Where an open stream doesn't move along with it by itself, one that rested is opened anew."""
    deck.card.default_moves_along = moves_along
    deck.card.devices = [SPEAKERS, USB]
    deck.start(write_wav(noise(480_000)))
    deck.take(5_000)
    deck.player.pause()
    deck.take(6 * RATE)
    deck.card.devices = [replace(SPEAKERS, is_default=False), replace(USB, is_default=True)]

    deck.player.play()
    deck.settle()

    assert len(deck.card.opened) == opened
    assert moves_along or sounds_on(deck) == replace(USB, is_default=True)


def test_a_short_pause_keeps_the_default_device_open(deck: Deck, write_wav: WriteWav) -> None:
    deck.card.default_moves_along = False
    deck.start(write_wav(noise(480_000)))
    deck.take(5_000)
    deck.player.pause()
    deck.take(2 * RATE)

    deck.player.play()
    deck.settle()

    assert len(deck.card.opened) == 1


def test_without_any_device_everything_but_sound_works(deck: Deck, a_wav: Path) -> None:
    deck.card.devices = []
    deck.start(a_wav)
    failure = deck.failure()
    deck.player.seek(20_000)
    deck.settle()

    assert isinstance(failure.error, PlaybackError)
    assert deck.player.position_frames == 20_000
    assert deck.player.state is PlayerState.PAUSED


def test_when_the_device_was_let_go_the_sound_is_ready_for_the_next_play(deck: Deck, write_wav: WriteWav) -> None:
    samples = noise(480_000)
    path = write_wav(samples)
    deck.start(path)
    deck.take(5_000)
    deck.player.pause()
    deck.take(5_000)
    deck.clock.advance(60.0)  # longer than a device is kept
    while sounds_on(deck) is not None:
        deck.settle()
    deck.make_ready()
    path.unlink()

    deck.player.play()
    got = deck.take(2_000)

    rest = 5_000 + FADE
    assert np.array_equal(got[FADE:], samples[rest + FADE : rest + 2_000])
