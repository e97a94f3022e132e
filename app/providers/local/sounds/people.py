"""People: steps, hearts and hands."""

from __future__ import annotations

from app.providers.local.recipe import (
    Burst,
    Colour,
    Compound,
    Family,
    Grain,
    Modal,
    Once,
    Part,
    Scatter,
    Steady,
    Tone,
    Train,
    listed,
)

_PACE = Steady(1.85, jitter=0.035, accents=(0, -1.5))
_THUD = Burst(Colour(55, 330, -3, peaks=((110, 0.7, 6),)), (0.07, 0.11), attack_s=0.002)


def _steps(
    heel: Grain,
    toe: Grain,
    thud_db: float,
    toe_db: float,
    gap_s: float = 0.085,
) -> tuple[Part, ...]:
    """Walking: the heel with the weight of the body, then the softer toe; feet alternate."""
    step = Compound(
        (
            (0.0, 0, heel),
            (0.001, thud_db, _THUD),
            (gap_s, toe_db, toe),
            (gap_s * 0.6, toe_db - 9, Burst(Colour(1200, 7000, -3), (0.04, 0.09), attack_s=0.015)),
        )
    )
    return (Scatter(step, _PACE, gain_db=-2, spread_db=2.5, detune=0.08, pan=0.4, wide=0.12, variants=12, walks=True),)


_HARD_HEEL = Modal(
    (310, 420), (1, 2.6, 4.2, 7.1), ring_s=(0.025, 0.045), damping=0.8, softness=0.3, stray=0.06, click=1.4
)
_HARD_TOE = Burst(Colour(500, 5500, -2, peaks=((1400, 0.8, 5),)), (0.03, 0.05), attack_s=0.002)
_CRUNCH = Train(
    Burst(Colour(1500, 10_000, -1), (0.004, 0.014)), rate_hz=(160, 240), seconds=(0.09, 0.15), jitter=0.6, rough=9.0
)
_GRAVEL = Train(
    Modal((900, 2600), (1, 1.9, 3.1), ring_s=(0.008, 0.02), click=1.0),
    rate_hz=(150, 220),
    seconds=(0.1, 0.17),
    jitter=0.6,
    rough=10.0,
)
_SNOW = Train(
    Burst(Colour(500, 4500, -2, peaks=((1300, 0.9, 6),)), (0.008, 0.02)),
    rate_hz=(110, 150),
    seconds=(0.13, 0.2),
    glide=((0, -0.2), (1, 0.2)),
    jitter=0.35,
    rough=6.0,
)
_WET = Compound(
    (
        (0, 0, Burst(Colour(300, 6500, -2), (0.1, 0.18), attack_s=0.008)),
        (0.06, -5, Tone((500, 1100), (0.04, 0.07), "sine", glide=((0, 0), (1, 0.6)))),
    )
)

FAMILIES = (
    Family(
        "footsteps",
        listed(
            "footstep, step, walk, walking, footfall, running, run, schritt, schritte, pas, jogging, march, marching, "
            "boot, heel, stroll, sneak"
        ),
        _steps(_HARD_HEEL, _HARD_TOE, 0, -7),
        {
            "wood": _steps(
                Modal(
                    (120, 190),
                    (1, 2.3, 3.6, 5.4),
                    ring_s=(0.07, 0.13),
                    damping=0.9,
                    softness=0.7,
                    stray=0.06,
                    click=0.8,
                ),
                Modal((190, 300), (1, 2.4), ring_s=(0.04, 0.07), click=0.8),
                0,
                -8,
            ),
            "metal": _steps(
                Modal(
                    (260, 420),
                    (1, 1.52, 2.3, 3.4, 5.1, 7.3),
                    ring_s=(0.25, 0.5),
                    damping=0.6,
                    softness=0.35,
                    stray=0.04,
                    click=0.8,
                ),
                Modal((420, 700), (1, 1.6, 2.7), ring_s=(0.12, 0.25), click=0.6),
                -3,
                -9,
            ),
            "gravel": _steps(_GRAVEL, _GRAVEL, -6, -4, 0.13),
            "snow": _steps(_SNOW, _SNOW, -6, -6, 0.15),
            "grass": _steps(
                Burst(Colour(900, 7500, -2), (0.09, 0.16), attack_s=0.02),
                Burst(Colour(1200, 8000, -2), (0.08, 0.14), attack_s=0.03),
                -2,
                -5,
                0.11,
            ),
            "leaves": _steps(_CRUNCH, _CRUNCH, -8, -4, 0.13),
            "water": _steps(_WET, _WET, -5, -7, 0.16),
            "mud": _steps(
                Burst(Colour(150, 2200, -2, peaks=((500, 0.8, 7),)), (0.12, 0.2), attack_s=0.015), _WET, 0, -9, 0.16
            ),
            "cloth": _steps(
                Burst(Colour(120, 1500, -3), (0.06, 0.1), attack_s=0.006),
                Burst(Colour(300, 2500, -3), (0.05, 0.08), attack_s=0.01),
                2,
                -8,
            ),
        },
        space="room",
        wet=0.16,
    ),
    Family(
        "heartbeat",
        listed("heartbeat, heart, pulse, herz, heartbeats"),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            0,
                            Tone(
                                (44, 50),
                                (0.16, 0.2),
                                "sine",
                                glide=((0, 0.9), (0.3, 0.1), (1, -0.3)),
                                shape=((0, 0), (0.12, 1), (0.5, 0.4), (1, 0)),
                                attack_s=0.006,
                                breath=0.02,
                            ),
                        ),
                        (0, -10, Burst(Colour(50, 260, -3), (0.08, 0.12), attack_s=0.004)),
                        (
                            0.29,
                            -4,
                            Tone(
                                (52, 60),
                                (0.12, 0.16),
                                "sine",
                                glide=((0, 0.9), (0.3, 0.1), (1, -0.3)),
                                shape=((0, 0), (0.12, 1), (0.5, 0.35), (1, 0)),
                                attack_s=0.006,
                            ),
                        ),
                        (0.29, -13, Burst(Colour(60, 320, -3), (0.06, 0.1), attack_s=0.004)),
                    )
                ),
                Steady(1.15, jitter=0.015),
                gain_db=0,
                spread_db=1,
                detune=0.02,
                pan=0.05,
                wide=0.15,
                variants=6,
            ),
        ),
        level_db=3,
        space="dry",
        wet=0.05,
    ),
    Family(
        "breath",
        listed("breath, breathing, breathe, gasp, exhale, inhale, sigh, atem, snore, pant, panting"),
        (
            Scatter(
                Burst(
                    Colour(500, 7500, -1, peaks=((1600, 0.8, 6), (3400, 0.6, 4))),
                    (0.9, 1.2),
                    attack_s=0.2,
                    shape=((0, 0), (0.6, 1), (1, 0)),
                    glide=((0, -0.1), (1, 0.25)),
                ),
                Steady(0.3, jitter=0.03),
                gain_db=-4,
                spread_db=2,
                detune=0.03,
                pan=0.05,
                wide=0.3,
                variants=4,
            ),
            Scatter(
                Compound(
                    (
                        (
                            1.4,
                            0,
                            Burst(
                                Colour(300, 5000, -2, peaks=((800, 0.8, 6), (1900, 0.6, 3))),
                                (1.0, 1.5),
                                attack_s=0.15,
                                shape=((0, 0), (0.25, 1), (1, 0)),
                                glide=((0, 0.2), (1, -0.25)),
                            ),
                        ),
                    )
                ),
                Steady(0.3, jitter=0.03),
                gain_db=-3,
                spread_db=2,
                detune=0.03,
                pan=0.05,
                wide=0.3,
                variants=4,
            ),
        ),
        space="dry",
    ),
    Family(
        "whistle",
        listed("whistle, whistling, referee, pfeife"),
        (
            Scatter(
                Tone(
                    (2050, 2250),
                    (0.5, 0.9),
                    "flute",
                    glide=((0, -0.1), (0.1, 0), (1, -0.03)),
                    shape=((0, 0), (0.08, 1), (0.85, 0.9), (1, 0)),
                    attack_s=0.02,
                    vibrato=(31, 0.02),
                    tremolo=(31, 0.5),
                    breath=0.12,
                ),
                Once(0.01, again_s=1.5),
                gain_db=-2,
                spread_db=1,
                detune=0.02,
                pan=0.15,
                wide=0.1,
                variants=4,
            ),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "chewing",
        listed("eat, chew, chewing, bite, crunch, munch, apple, crunching"),
        (
            Scatter(
                _CRUNCH,
                Steady(2.1, jitter=0.1, accents=(0, -2, -4, -3)),
                gain_db=-2,
                spread_db=4,
                detune=0.15,
                pan=0.1,
                wide=0.2,
                variants=10,
            ),
            Scatter(
                Burst(Colour(150, 1200, -3), (0.05, 0.09), attack_s=0.01),
                Steady(2.1, jitter=0.1),
                gain_db=-11,
                spread_db=3,
                detune=0.15,
                pan=0.1,
                wide=0.2,
                variants=8,
            ),
        ),
        space="dry",
    ),
    Family(
        "punch",
        listed("punch, slap, kick, fist, fight, body hit, ohrfeige, smack"),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(300, 6000, -3, peaks=((900, 0.8, 5),)), (0.05, 0.09), attack_s=0.0008)),
                        (0.0, 0, Tone((75, 110), (0.09, 0.14), "sine", glide=((0, 1.1), (0.3, 0.1), (1, -0.3)))),
                        (0.012, -6, Burst(Colour(1200, 8000, -1), (0.02, 0.05))),
                    )
                ),
                Once(0.0, again_s=0.8),
                gain_db=0,
                spread_db=2,
                detune=0.15,
                pan=0.15,
                wide=0.2,
                variants=8,
            ),
        ),
        level_db=2,
        space="room",
    ),
)
