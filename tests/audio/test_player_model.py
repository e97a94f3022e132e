"""Whatever is wished in whatever order: outside of fades the card gets exactly what a simple model says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.player import PlayerState
from tests.audio.conftest import Deck, Floats, noise

RATE, FADE = 48_000, 240
SETTLED = 3 * FADE  # what waits for a fade comes in another one
LEVEL = 0.4
SOUNDS = (noise(30_000, seed=1, level=LEVEL), noise(30_000, seed=3, level=LEVEL), noise(12_000, seed=5, level=LEVEL))
HALVES = (0.0, -6.020599913279624)


@dataclass
class Model:
    """Where a perfect player would be: the frame that comes next of the file that is loaded."""

    sound: int = 0
    frame: int = 0
    is_playing: bool = False
    loop: tuple[int, int] | None = None
    volume: float = 1.0
    gains: list[float] = field(default_factory=lambda: [1.0, 1.0, 1.0])

    @property
    def frames(self) -> int:
        return len(SOUNDS[self.sound])

    def take(self, count: int) -> Floats:
        """The next frames, without fades."""
        if not self.is_playing:
            return np.zeros((count, 2), np.float32)
        at = self.frame + np.arange(count)
        if self.loop is not None and self.frame < self.loop[1]:
            start, end = self.loop
            at = np.where(at < end, at, start + (at - start) % (end - start))
            self.frame = start + (self.frame + count - start) % (end - start) if at[-1] + 1 >= end else int(at[-1]) + 1
            if self.frame < start:
                self.frame = int(at[-1]) + 1
        else:
            self.frame = min(self.frame + count, self.frames)
        got = np.zeros((count, 2), np.float32)
        inside = at < self.frames
        got[inside] = SOUNDS[self.sound][at[inside]]
        return got * np.float32(self.volume * self.gains[self.sound])

    def begin(self) -> None:
        if self.loop is not None and not self.loop[0] <= self.frame < self.loop[1]:
            self.frame = self.loop[0]
        elif self.frame >= self.frames:
            self.frame = 0

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        loop = self.within(loop)
        if loop == self.loop:
            return
        self.loop = loop
        if self.is_playing and self.loop is not None and not self.loop[0] <= self.frame < self.loop[1]:
            self.frame = self.loop[0]

    def within(self, loop: tuple[int, int] | None) -> tuple[int, int] | None:
        return None if loop is None or loop[0] >= self.frames else (loop[0], min(loop[1], self.frames))

    def switch(self, sound: int) -> None:
        self.sound = sound
        self.loop = self.within(self.loop)
        if self.frame >= self.frames:
            self.frame = 0 if self.loop is None or not self.is_playing else self.loop[0]


FRAMES = st.integers(0, 29_999)
ACTS = st.one_of(
    st.sampled_from(["play", "pause", "toggle", "stop"]).map(lambda name: (name,)),
    st.tuples(st.just("seek"), FRAMES),
    st.tuples(st.just("loop"), FRAMES, st.sampled_from([1, 7, 240, 2_399, 9_001])),
    st.just(("unloop",)),
    st.tuples(st.just("switch"), st.sampled_from([0, 1, 2])),
    st.tuples(st.just("gain"), st.sampled_from(HALVES)),
    st.tuples(st.just("take gain"), st.sampled_from(HALVES)),
)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("model")
    found = [folder / f"{number}.wav" for number in range(len(SOUNDS))]
    for path, samples in zip(found, SOUNDS, strict=True):
        soundfile.write(path, samples, RATE, subtype="PCM_16")
    return found


@contextmanager
def a_deck(path: Path) -> Iterator[Deck]:
    deck = Deck()
    try:
        deck.player.load(path)
        deck.player.play()
        deck.settle()
        yield deck
    finally:
        deck.player.close()


def act(deck: Deck, model: Model, paths: list[Path], what: tuple[object, ...]) -> None:
    """Wish it of the player, and of the model."""
    if what[0] in ("gain", "take gain"):
        _make_louder(deck, model, what)
    elif len(what) == 1:
        _drive(deck, model, what[0])
    else:
        _move(deck, model, paths, what)
    deck.settle()


def _drive(deck: Deck, model: Model, what: object) -> None:
    player = deck.player
    match what:
        case "play" | "toggle" if not model.is_playing:
            player.play() if what == "play" else player.toggle()
            model.begin()
            model.is_playing = True
        case "play":
            player.play()
        case "pause" | "toggle":
            player.pause() if what == "pause" else player.toggle()
            if model.is_playing:
                model.take(FADE)  # it fades out in what comes next
            model.is_playing = False
        case "stop":
            player.stop()
            model.frame, model.is_playing = 0, False
        case "unloop":
            player.set_loop(None)
            model.set_loop(None)


def _move(deck: Deck, model: Model, paths: list[Path], what: tuple[object, ...]) -> None:
    match what:
        case ("seek", int(frame)):
            deck.player.seek(frame)
            model.is_playing &= frame < model.frames
            model.frame = min(frame, model.frames)
        case ("loop", int(start), int(length)):
            deck.player.set_loop(start, start + length)
            model.set_loop((start, start + length))
        case ("switch", int(sound)):
            deck.player.switch(paths[sound], gain_db=20 * float(np.log10(model.gains[sound])))
            model.switch(sound)


def _make_louder(deck: Deck, model: Model, what: tuple[object, ...]) -> None:
    match what:
        case ("gain", float(gain_db)):
            deck.player.set_gain(gain_db)
            model.volume = 10 ** (gain_db / 20)
        case ("take gain", float(gain_db)):
            deck.player.set_take_gain(gain_db)
            model.gains[model.sound] = 10 ** (gain_db / 20)


@given(acts=st.lists(st.tuples(ACTS, st.integers(SETTLED, 9_000)), max_size=14))
@settings(max_examples=60)
def test_outside_of_fades_the_card_gets_what_the_model_says(
    paths: list[Path], acts: list[tuple[tuple[object, ...], int]]
) -> None:
    model = Model(is_playing=True)
    with a_deck(paths[0]) as deck:
        assert np.array_equal(deck.take(SETTLED), model.take(SETTLED))
        for what, frames in acts:
            act(deck, model, paths, what)
            got, wanted = deck.take(frames), model.take(frames)

            assert np.isfinite(got).all()
            assert np.abs(got).max() <= LEVEL * 1.000_001
            assert np.allclose(got[SETTLED:], wanted[SETTLED:], rtol=1e-6, atol=0), what
            if model.volume == model.gains[model.sound] == 1.0:
                assert np.array_equal(got[SETTLED:], wanted[SETTLED:]), what
            if deck.player.state is PlayerState.ENDED:
                model.is_playing = False
        assert deck.player.underruns == 0


@given(
    switches=st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(0, 300)), min_size=1, max_size=12),
    first=st.integers(0, 5_000),
    loop=st.none() | st.tuples(st.integers(0, 4_000), st.sampled_from([100, 241, 5_000])),
)
@settings(max_examples=40)
def test_takes_switched_faster_than_they_fade_keep_in_step(
    paths: list[Path], switches: list[tuple[int, int]], first: int, loop: tuple[int, int] | None
) -> None:
    model = Model(is_playing=True)
    with a_deck(paths[0]) as deck:
        if loop is not None:
            act(deck, model, paths, ("loop", *loop))
        if first:
            deck.take(first)
            model.take(first)
        for sound, frames in switches:
            act(deck, model, paths, ("switch", sound))
            if frames:
                got = deck.card.take(frames)
                assert np.abs(got).max() <= LEVEL * 1.000_001
                model.take(frames)
        deck.card.take(SETTLED, block=60)
        model.take(SETTLED)
        got, wanted = deck.take(3_000), model.take(3_000)

        assert np.array_equal(got, wanted)
        assert deck.player.underruns == 0
