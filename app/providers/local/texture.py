"""A sound for words nobody knows: the look and sound of the letters decide, so that the same words always fit."""

from __future__ import annotations

import hashlib
from typing import Literal

from app.providers.local.recipe import (
    Bed,
    Burst,
    Colour,
    Family,
    Modal,
    Motion,
    Once,
    Part,
    Phrases,
    Scatter,
    Scattered,
    Tone,
)

_HISSING = frozenset("szfxchjvßç")
_HITTING = frozenset("ktpbdgq")
_HUMMING = frozenset("mnlrw")
_FRONT = frozenset("ieyéèöüä")
_BACK = frozenset("ouaå")
_SCALES = ((0.0, 0.333, 0.583), (0.0, 0.25, 0.583), (0.0, 0.583, 1.0), (0.0, 0.083, 0.5), (0.0, 0.417, 0.833))
_SHAPES: tuple[Literal["swell", "gust", "wave", "throb"], ...] = ("swell", "gust", "wave", "throb")
_WAVES = ("sine", "flute", "hollow", "soft saw", "organ", "triangle")
_BODIES = ((1, 2.76, 5.4), (1, 1.58, 2.31, 3.42), (1, 2.0, 3.01), (1, 1.42, 1.93, 2.51, 3.17))


def texture_for(words: tuple[str, ...]) -> Family:
    """A family made up for these words: hissing letters make noise, hard ones strokes, round ones a hum."""
    letters = "".join(words).lower() or "o"
    digest = hashlib.sha256(" ".join(words).lower().encode()).digest()
    dice = [byte / 255.0 for byte in digest]

    def share(group: frozenset[str]) -> float:
        return sum(letter in group for letter in letters) / len(letters)

    front, back = share(_FRONT), share(_BACK)
    height = (front + 0.1) / (front + back + 0.2)  # 0 is dark, 1 is bright
    centre_hz = 160.0 * 2.0 ** (4.5 * (0.6 * height + 0.4 * dice[0]))
    parts: tuple[Part, ...] = (
        _air(centre_hz, share(_HISSING), dice),
        _hum(height, share(_HUMMING), dice),
        _strokes(centre_hz, share(_HITTING), dice),
        _specks(height, dice),
    )
    space = ("hall", "cathedral", "spaceship", "cave")[digest[20] % 4]
    return Family("texture", (), parts, space=space, wet=0.2 + 0.2 * dice[21])


def _air(centre_hz: float, hissing: float, dice: list[float]) -> Bed:
    colour = Colour(
        max(60.0, centre_hz * 0.4),
        min(14_000.0, centre_hz * 9.0),
        -4.0 + 6.0 * hissing,
        peaks=(
            (centre_hz, 0.3 + 0.6 * dice[1], 6 + 10 * dice[2]),
            (centre_hz * (1.4 + 2 * dice[3]), 0.25, 8 * dice[4]),
        ),
    )
    motion = Motion(
        0.15 * 2.0 ** (4.0 * dice[5]), 6 + 10 * dice[6], octaves=0.5 * dice[7], shape=_SHAPES[int(dice[8] * 3.99)]
    )
    return Bed(colour, gain_db=-8 + 16 * hissing, motions=(motion,), width=0.9, onset_s=0.05)


def _hum(height: float, humming: float, dice: list[float]) -> Scatter:
    hz = 55.0 * 2.0 ** round(2.0 * height + dice[9]) * 2.0 ** (round(dice[10] * 12) / 12.0)
    tone = Tone(
        (hz * 0.997, hz * 1.003),
        None,
        _WAVES[int(dice[11] * 5.99)],
        shape=((0, 0.5), (0.2 + 0.2 * dice[12], 1), (0.6, 0.6), (1, 0.8)),
        attack_s=0.2,
        wander=0.01 + 0.03 * dice[13],
        tremolo=(0.3 + 5.0 * dice[14], 0.4 * dice[15]),
        colour=Colour(50, 600 * 2.0 ** (3 * height), -3),
        stack=_SCALES[int(dice[16] * 4.99)],
    )
    return Scatter(tone, Once(), gain_db=-14 + 16 * humming, spread_db=0, detune=0, pan=0, wide=1.0, variants=1)


def _strokes(centre_hz: float, hitting: float, dice: list[float]) -> Scatter:
    body = Modal(
        (centre_hz * 0.7, centre_hz * 1.6),
        _BODIES[int(dice[17] * 3.99)],
        ring_s=(0.06 + 0.3 * dice[18], 0.2 + 1.2 * dice[18]),
        stray=0.03,
        click=0.3,
    )
    timing = Phrases(gap_s=(0.4, 1.6), notes=(1, 2 + round(12 * hitting)), spacing_s=(0.07, 0.24))
    return Scatter(body, timing, gain_db=-18 + 22 * hitting, spread_db=5, detune=0.15, pan=0.7, wide=0.2, variants=14)


def _specks(height: float, dice: list[float]) -> Scatter:
    speck = Burst(Colour(800 * 2.0 ** (2 * height), 12_000), (0.004, 0.03 + 0.06 * dice[19]))
    return Scatter(
        speck,
        Scattered(3 + 30 * dice[22]),
        gain_db=-26 + 8 * dice[23],
        spread_db=7,
        detune=0.4,
        pan=0.9,
        wide=0.2,
        variants=12,
    )
