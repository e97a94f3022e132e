"""Sounds of trailers: whooshes, risers, impacts, sub drops."""

from __future__ import annotations

from app.providers.local.recipe import Burst, Colour, Compound, Family, Modal, Once, Scatter, Tone, listed

_BELL_SWEEP = ((0.0, 0.0), (0.45, 1.0), (0.6, 0.8), (1.0, 0.0))
_RISING = ((0.0, 0.02), (0.3, 0.08), (0.6, 0.25), (0.85, 0.65), (0.97, 1.0), (1.0, 0.0))
_WHOOSH = Compound(
    (
        (
            0.0,
            0,
            Burst(
                Colour(250, 5000, -3, peaks=((900, 0.9, 7),)),
                (0.55, 0.85),
                attack_s=0.1,
                shape=_BELL_SWEEP,
                glide=((0, -1.0), (0.5, 0.7), (1, -0.6)),
            ),
        ),
        (
            0.03,
            -9,
            Burst(
                Colour(1800, 13_000, -1),
                (0.45, 0.7),
                attack_s=0.1,
                shape=_BELL_SWEEP,
                glide=((0, -0.5), (0.5, 0.3), (1, -0.3)),
            ),
        ),
        (
            0.0,
            -6,
            Burst(
                Colour(50, 400, -3),
                (0.6, 0.9),
                attack_s=0.15,
                shape=_BELL_SWEEP,
                glide=((0, -0.5), (0.5, 0.4), (1, -0.4)),
            ),
        ),
    )
)

FAMILIES = (
    Family(
        "whoosh",
        listed("whoosh, swoosh, swish, swing, sweep, woosh, wisch, throw, air cut, transition"),
        (
            Scatter(
                _WHOOSH, Once(0.0, again_s=1.3), gain_db=0, spread_db=2, detune=0.15, pan=0.35, wide=0.5, variants=6
            ),
        ),
        space="hall",
        wet=0.1,
    ),
    Family(
        "riser",
        listed("riser, build-up, buildup, rise, uplifter, crescendo, tension riser, build up, ramp up"),
        (
            Scatter(
                Burst(
                    Colour(300, 9000, -2, peaks=((1200, 0.8, 6),)),
                    None,
                    attack_s=0.1,
                    shape=_RISING,
                    glide=((0, -2.0), (1, 1.3)),
                ),
                Once(),
                gain_db=-3,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.9,
                variants=1,
            ),
            Scatter(
                Tone(
                    (110, 112),
                    None,
                    "saw",
                    glide=((0, 0), (1, 2.0)),
                    shape=_RISING,
                    attack_s=0.1,
                    tremolo=(7, 0.3),
                    colour=Colour(100, 9000, -1),
                    stack=(0.0, 0.006, 0.583, 1.0),
                ),
                Once(),
                gain_db=-8,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.9,
                variants=1,
            ),
            Scatter(
                Tone(
                    (440, 444),
                    None,
                    "triangle",
                    glide=((0, 0), (1, 2.2)),
                    shape=_RISING,
                    attack_s=0.1,
                    vibrato=(6, 0.02),
                    stack=(0.0, 0.01),
                ),
                Once(),
                gain_db=-15,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.9,
                variants=1,
            ),
        ),
        space="hall",
        wet=0.12,
    ),
    Family(
        "downer",
        listed("downer, downlifter, drop down, power down, shutdown, descend, falling tone, fall off, wind down"),
        (
            Scatter(
                Tone(
                    (420, 440),
                    (1.8, 2.4),
                    "soft saw",
                    glide=((0, 0), (1, -3.2)),
                    shape=((0, 0.4), (0.1, 1), (0.7, 0.7), (1, 0)),
                    attack_s=0.03,
                    tremolo=(9, 0.25),
                    colour=Colour(60, 5000, -1),
                    stack=(0.0, 0.006, 0.583),
                ),
                Once(0.0, again_s=2.6),
                gain_db=-2,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.5,
                variants=2,
            ),
            Scatter(
                Burst(
                    Colour(200, 7000, -2),
                    (1.8, 2.4),
                    attack_s=0.05,
                    shape=((0, 0.3), (0.1, 1), (1, 0)),
                    glide=((0, 0.8), (1, -2.2)),
                ),
                Once(0.0, again_s=2.6),
                gain_db=-10,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.7,
                variants=2,
            ),
        ),
        space="hall",
        wet=0.15,
    ),
    Family(
        "impact",
        listed(
            "impact, hit of a trailer, trailer hit, cinematic hit, braam, stinger, slam of a trailer, cinematic "
            "impact, trailer, cinematic, epic"
        ),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(40, 7000, -3), (0.5, 0.7), attack_s=0.0006)),
                        (
                            0,
                            1,
                            Tone(
                                (46, 54),
                                (1.6, 2.2),
                                "sine",
                                glide=((0, 1.6), (0.08, 0.25), (1, -0.5)),
                                shape=None,
                                attack_s=0.003,
                            ),
                        ),
                        (
                            0,
                            -5,
                            Modal(
                                (88, 120),
                                (1, 1.46, 2.1, 2.9, 3.7, 4.6),
                                ring_s=(1.6, 2.6),
                                damping=0.6,
                                softness=0.5,
                                stray=0.02,
                                click=0.2,
                            ),
                        ),
                        (0.02, -8, Burst(Colour(40, 1200, -4), (2.2, 3.2), attack_s=0.02)),
                    )
                ),
                Once(0.01, again_s=2.0),
                gain_db=0,
                spread_db=1,
                detune=0.03,
                pan=0.05,
                wide=0.5,
                variants=3,
            ),
        ),
        level_db=3,
        space="cathedral",
        wet=0.3,
    ),
    Family(
        "sub drop",
        listed("sub drop, sub, bass drop, bass, sub boom, 808"),
        (
            Scatter(
                Tone(
                    (58, 64),
                    (2.0, 2.8),
                    "sine",
                    glide=((0, 0.9), (0.15, 0.2), (1, -0.8)),
                    shape=None,
                    attack_s=0.004,
                    breath=0.01,
                ),
                Once(0.01, again_s=2.6),
                gain_db=0,
                spread_db=0.5,
                detune=0,
                pan=0,
                wide=0.1,
                variants=2,
            ),
            Scatter(
                Burst(Colour(60, 900, -4), (0.2, 0.3)),
                Once(0.01, again_s=2.6),
                gain_db=-12,
                spread_db=0.5,
                detune=0,
                pan=0,
                wide=0.3,
                variants=2,
            ),
        ),
        level_db=3,
        space="hall",
        wet=0.1,
    ),
)
