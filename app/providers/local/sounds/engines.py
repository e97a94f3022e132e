"""What engines are made of, for everything that has one."""

from __future__ import annotations

from app.providers.local.recipe import (
    Bed,
    Burst,
    Colour,
    Modal,
    Motion,
    Once,
    Part,
    Scatter,
    Scattered,
    Steady,
    Tone,
    Train,
)
from app.providers.local.sounds.hum import hum

FIRING = Burst(Colour(45, 1500, -3, peaks=((95, 0.7, 8), (240, 0.6, 5))), (0.03, 0.05), attack_s=0.002)
FLAT = ((0.0, 1.0), (1.0, 1.0))


_RUN_UP = ((0.0, -1.0), (0.14, 0.5), (0.34, -0.6), (0.5, 0.9), (0.62, 0.85), (1.0, -0.9))
_PUSH = ((0.0, 0.45), (0.14, 1.0), (0.34, 0.5), (0.5, 1.0), (0.62, 0.9), (1.0, 0.4))


def revving(rate_hz: float) -> tuple[Part, ...]:
    """An engine that is pushed twice and falls back; `rate_hz` is how often it fires in between."""
    firing = Train(
        FIRING, rate_hz=(rate_hz * 0.97, rate_hz * 1.03), seconds=None, glide=_RUN_UP, shape=_PUSH, jitter=0.03
    )
    roar = Tone(
        (rate_hz * 1.97, rate_hz * 2.03),
        None,
        "soft saw",
        glide=_RUN_UP,
        shape=_PUSH,
        attack_s=0.02,
        breath=0.15,
        colour=Colour(70, 3600, -2),
    )
    return (
        Scatter(firing, Once(), gain_db=-4, spread_db=0, detune=0, pan=0, wide=0.4, variants=1),
        Scatter(roar, Once(), gain_db=-8, spread_db=0, detune=0, pan=0, wide=0.8, variants=1),
        Bed(Colour(120, 3000, -4), gain_db=-14, motions=(Motion(0.3, 3, octaves=0.2),), width=0.8),
    )


IDLE: tuple[Part, ...] = (
    Scatter(
        FIRING,
        Steady(27, jitter=0.05, accents=(0, -2, -1, -3)),
        gain_db=-5,
        spread_db=1.5,
        detune=0.02,
        pan=0.05,
        wide=0.3,
        variants=10,
    ),
    hum(54, "pulse", gain_db=-13, colour=Colour(50, 1800, -3), wander=0.012),
    Bed(
        Colour(90, 2600, -4),
        gain_db=-9,
        motions=(Motion(13.5, 5, octaves=0.0, shape="throb"), Motion(0.6, 2)),
        width=0.6,
    ),
    Scatter(
        Modal((420, 900), (1, 1.7, 2.9), ring_s=(0.015, 0.03), click=0.6),
        Scattered(24),
        gain_db=-29,
        spread_db=5,
        detune=0.3,
        pan=0.4,
        wide=0.2,
        variants=10,
    ),
)
CAR: tuple[Part, ...] = (
    Scatter(
        Train(
            FIRING,
            rate_hz=(62, 70),
            seconds=None,
            glide=((0, -0.6), (0.35, 0.5), (0.42, 0.1), (0.75, 0.75), (1, 0.2)),
            shape=((0, 0.7), (0.5, 1), (1, 0.8)),
            jitter=0.03,
            rough=2.0,
        ),
        Once(),
        gain_db=-5,
        spread_db=0,
        detune=0,
        pan=0,
        wide=0.4,
        variants=1,
    ),
    Scatter(
        Tone(
            (124, 128),
            None,
            "soft saw",
            glide=((0, -0.6), (0.35, 0.5), (0.42, 0.1), (0.75, 0.75), (1, 0.2)),
            shape=FLAT,
            attack_s=0.02,
            breath=0.12,
            colour=Colour(80, 3200, -2),
        ),
        Once(),
        gain_db=-11,
        spread_db=0,
        detune=0,
        pan=0,
        wide=0.8,
        variants=1,
    ),
    Bed(Colour(150, 3500, -4), gain_db=-8, motions=(Motion(0.3, 3, octaves=0.2),), width=0.8),
)
