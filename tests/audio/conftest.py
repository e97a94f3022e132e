"""Audio files to work on, a player on a silent card, and a real sound server."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from app.audio.player import Failed, Player, PlayerEvent, PlayerState, StateChanged
from tests.fakes.sound_card import HandClock, SilentSoundCard
from tests.sound_server import SoundServer, missing_tool

Floats = npt.NDArray[np.float32]
_PATIENCE_S = 20.0


def noise(frames: int, channels: int = 2, *, seed: int = 1, bits: int = 16, level: float = 0.4) -> Floats:
    """Noise on exact steps of so many bits, never zero, so that every frame can be told apart."""
    steps = np.random.default_rng(seed).integers(1, int(level * 2 ** (bits - 1)), (frames, channels))
    signs = np.random.default_rng(seed + 1).choice([-1, 1], (frames, channels))
    return (steps * signs / 2 ** (bits - 1)).astype(np.float32)


WriteWav = Callable[..., Path]


@pytest.fixture
def write_wav(tmp_path: Path) -> WriteWav:
    def write(samples: Floats, *, rate_hz: int = 48_000, subtype: str = "PCM_16", name: str = "a.wav") -> Path:
        path = tmp_path / name
        soundfile.write(path, samples, rate_hz, subtype=subtype, format="WAV")
        return path

    return write


class Deck:
    """A player on a silent card, with its events and its time in the test's hand."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.card = SilentSoundCard(self.clock)
        self.player = Player(self.card, clock=self.clock, close_after_s=30.0, stall_s=3.0)
        self.events: queue.Queue[PlayerEvent] = queue.Queue()
        self.player.listen(self.events.put)

    def settle(self) -> None:
        """Wait until all wishes are carried out and everything is decoded ahead."""
        done = threading.Event()
        self.player._wish(lambda playback: playback.take_care())
        self.player._wish(lambda _: done.set())
        assert done.wait(_PATIENCE_S)

    def make_ready(self) -> None:
        """Wait until the player has prepared what play would need, as it does by itself while it has no wishes."""
        for _ in range(1_000):
            self.settle()
            playback = self.player._playback
            if playback is not None and playback._sounding._is_prepared:
                self.settle()  # it has begun with that; when it takes the next wish it is done
                return
        raise AssertionError("the player doesn't prepare anything")

    def take(self, frames: int) -> Floats:
        """What the card gets; the player is given the time to keep up."""
        parts = []
        while frames > 0:
            self.settle()
            parts.append(self.card.take(min(frames, 12_000)))
            frames -= 12_000
        self.settle()
        return np.concatenate(parts)

    def start(self, path: Path) -> None:
        self.player.load(path)
        self.player.play()
        self.settle()

    def wait_for(self, state: PlayerState) -> None:
        while self.event() != StateChanged(state):
            pass

    def failure(self) -> Failed:
        while not isinstance(event := self.event(), Failed):
            pass
        return event

    def event(self) -> PlayerEvent:
        return self.events.get(timeout=_PATIENCE_S)


@pytest.fixture
def deck() -> Iterator[Deck]:
    deck = Deck()
    yield deck
    deck.player.close()


@pytest.fixture(scope="session")
def sound_server() -> Iterator[SoundServer]:
    tool = missing_tool()
    if tool is not None:
        pytest.skip(f"{tool} isn't installed")
    with SoundServer() as server:
        yield server


@pytest.fixture
def a_wav(write_wav: WriteWav) -> Path:
    """A second of noise: 48 kHz, stereo, 16 bit."""
    return write_wav(noise(48_000))
