"""Bells, drums and strings."""

from __future__ import annotations

from app.providers.local.recipe import (
    Bed,
    Burst,
    Colour,
    Compound,
    Every,
    Family,
    Modal,
    Motion,
    Once,
    Phrases,
    Scatter,
    Steady,
    Tune,
    listed,
)
from app.providers.local.sounds.bodies import BELL

_CHIME = Modal((900, 2600), (1, 2.76, 5.4), ring_s=(1.8, 3.2), damping=0.6, softness=0.9, stray=0.0, click=0.06)

FAMILIES = (
    Family(
        "bell",
        listed("bell, ring, handbell, chime, glocke, cloche, doorbell, toll, tolling, bicycle bell, service bell"),
        (
            Scatter(
                Modal((620, 660), BELL, ring_s=(3.2, 4.2), damping=0.55, softness=0.6, stray=0.002, click=0.1),
                Once(0.01, again_s=2.2),
                gain_db=-2,
                spread_db=1,
                detune=0.0,
                pan=0.1,
                wide=0.25,
                variants=3,
            ),
        ),
        space="hall",
        wet=0.2,
    ),
    Family(
        "big bell",
        listed("church bell, tower bell, cathedral bell, big ben, kirchenglocke"),
        (
            Scatter(
                Modal((196, 208), BELL, ring_s=(7, 9), damping=0.6, softness=0.5, stray=0.002, click=0.1),
                Every((2.6, 3.2), first_s=(0.0, 0.02)),
                gain_db=-1,
                spread_db=1,
                detune=0.0,
                pan=0.15,
                wide=0.35,
                variants=3,
            ),
        ),
        space="open air",
        wet=0.3,
    ),
    Family(
        "gong",
        listed("gong, tam tam, cymbal, singing bowl, cymbals"),
        (
            Scatter(
                Modal(
                    (72, 92),
                    (1, 1.46, 1.52, 2.1, 2.17, 2.9, 3.7, 4.6, 5.9, 7.3, 9.2, 11.6, 14.1),
                    ring_s=(6, 8.5),
                    damping=0.45,
                    softness=0.35,
                    stray=0.01,
                    click=0.03,
                ),
                Once(0.01, again_s=4.0),
                gain_db=0,
                spread_db=1,
                detune=0.05,
                pan=0.1,
                wide=0.5,
                variants=3,
            ),
            Scatter(
                Burst(
                    Colour(900, 9000, -1),
                    (2.5, 3.5),
                    attack_s=0.4,
                    shape=((0, 0), (0.15, 1), (1, 0)),
                    glide=((0, -0.4), (0.2, 0.1), (1, -0.6)),
                ),
                Once(0.02, again_s=4.0),
                gain_db=-15,
                spread_db=1,
                detune=0.05,
                pan=0.1,
                wide=0.7,
                variants=3,
            ),
        ),
        space="hall",
        wet=0.2,
    ),
    Family(
        "wind chimes",
        listed("wind chime, wind chimes, windspiel, mobile"),
        (
            Scatter(
                _CHIME,
                Phrases(gap_s=(0.5, 1.8), notes=(2, 7), spacing_s=(0.1, 0.34), first_s=(0.0, 0.05)),
                gain_db=-7,
                spread_db=5,
                detune=0.12,
                pan=0.7,
                wide=0.15,
                variants=16,
            ),
            Bed(Colour(150, 2200, -4), gain_db=-27, motions=(Motion(0.2, 10, octaves=0.4, shape="gust"),), width=0.9),
        ),
        space="open air",
        wet=0.15,
    ),
    Family(
        "music box",
        listed("music box, lullaby, toy piano, celesta, spieluhr"),
        (
            Scatter(
                Modal((1040, 1060), (1, 2.9, 5.6), ring_s=(1.0, 1.5), damping=0.7, softness=0.9, stray=0.0, click=0.12),
                Tune(
                    (
                        (0, 0, 0),
                        (0.36, 0.333, -2),
                        (0.72, 0.583, -1),
                        (1.08, 1.0, -2),
                        (1.44, 0.583, -3),
                        (1.8, 0.75, -1),
                        (2.16, 0.333, -2),
                        (2.52, -0.083, -1),
                    ),
                    again_s=2.88,
                ),
                gain_db=-3,
                spread_db=1,
                detune=0.0,
                pan=0.2,
                wide=0.15,
                variants=5,
            ),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "drum",
        listed(
            "drum, drums, timpani, taiko, tom, war drum, tribal, trommel, tambour, kick drum, percussion, bongo, djembe"
        ),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            0,
                            Modal(
                                (68, 78),
                                (1, 1.59, 2.14, 2.3, 2.65, 2.92),
                                ring_s=(0.6, 0.9),
                                damping=0.8,
                                softness=0.9,
                                stray=0.01,
                                click=0.25,
                                bend=0.35,
                            ),
                        ),
                        (0, -9, Burst(Colour(150, 3500, -3), (0.05, 0.08), attack_s=0.0008)),
                    )
                ),
                Steady(2.0, jitter=0.012, accents=(0, -9, -4, -9, -1, -9, -4, -6)),
                gain_db=0,
                spread_db=1.5,
                detune=0.01,
                pan=0.12,
                wide=0.2,
                variants=6,
            ),
        ),
        level_db=1,
        space="hall",
        wet=0.22,
    ),
    Family(
        "guitar",
        listed("guitar, string, pluck, harp, strum, violin pluck, lute, banjo, harpe"),
        (
            Scatter(
                Modal(
                    (194, 198),
                    (1, 2.001, 3.004, 4.01, 5.02, 6.04, 7.06, 8.1),
                    ring_s=(1.6, 2.2),
                    damping=0.7,
                    softness=0.8,
                    stray=0.0,
                    click=0.08,
                ),
                Tune(
                    (
                        (0, 0, 0),
                        (0.24, 0.583, -2),
                        (0.48, 1.0, -1),
                        (0.72, 1.333, -2),
                        (0.96, 1.583, -1),
                        (1.2, 1.333, -3),
                        (1.44, 1.0, -2),
                        (1.68, 0.583, -3),
                    ),
                    again_s=1.92,
                ),
                gain_db=-3,
                spread_db=1.5,
                detune=0.0,
                pan=0.2,
                wide=0.15,
                variants=5,
            ),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "piano",
        listed("piano, klavier, keys of a piano, piano note, chord, melody, music"),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            0,
                            Modal(
                                (261, 262),
                                (1, 1.001, 2.003, 3.01, 4.02, 5.04, 6.07, 7.1, 8.15),
                                ring_s=(2.6, 3.4),
                                damping=0.75,
                                softness=1.0,
                                stray=0.0,
                                click=0.03,
                            ),
                        ),
                        (0, -22, Burst(Colour(80, 900, -2), (0.03, 0.05))),
                    )
                ),
                Tune(
                    (
                        (0, 0, 0),
                        (0.0, 0.333, -3),
                        (0.0, 0.583, -3),
                        (1.2, -0.25, -1),
                        (1.2, 0.0, -3),
                        (1.2, 0.333, -3),
                        (2.4, -0.583, 0),
                        (2.4, 0.0, -3),
                        (2.4, 0.417, -3),
                        (3.6, -0.417, -1),
                        (3.6, 0.167, -3),
                        (3.6, 0.583, -3),
                    ),
                    again_s=4.8,
                ),
                gain_db=-4,
                spread_db=1,
                detune=0.0,
                pan=0.25,
                wide=0.15,
                variants=4,
            ),
        ),
        space="hall",
        wet=0.2,
    ),
)
