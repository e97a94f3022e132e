"""Fire, sparks, debris and explosions."""

from __future__ import annotations

from app.providers.local.recipe import (
    Bed,
    Burst,
    Colour,
    Compound,
    Dying,
    Every,
    Family,
    Modal,
    Motion,
    Once,
    Scatter,
    Scattered,
    Tone,
    listed,
)

_SNAP = Burst(Colour(900, 13_000, 0, peaks=((3200, 1.0, 5),)), (0.004, 0.018), attack_s=0.0003)
_POP = Compound(
    (
        (0.0, 0, Burst(Colour(500, 9000, -1), (0.008, 0.03), attack_s=0.0003)),
        (0.0, -3, Modal((220, 700), (1, 2.4), ring_s=(0.02, 0.06), click=0.0)),
    )
)
_TAIL = ((0.0, 1.0), (0.1, 0.6), (0.3, 0.28), (0.6, 0.1), (1.0, 0.0))
_BOOM = Compound(
    (
        (0.0, 0, Burst(Colour(40, 9000, -3.5), (0.5, 0.8), attack_s=0.0008)),
        (0.0, -1, Tone((62, 85), (0.9, 1.4), "sine", glide=((0, 1.3), (0.12, 0.1), (1, -0.7)), attack_s=0.003)),
        (
            0.02,
            -3,
            Burst(
                Colour(30, 900, -4, peaks=((70, 1.0, 6),), slope_db=12),
                (3.4, 4.8),
                attack_s=0.01,
                shape=_TAIL,
                glide=((0, 0.5), (1, -0.8)),
            ),
        ),
        (0.06, -11, Burst(Colour(300, 5000, -3), (1.2, 2.2), attack_s=0.03)),
    )
)
_SHARD = Modal((300, 1800), (1, 2.2, 3.6), ring_s=(0.02, 0.07), click=0.7)

_STRIKE = Compound(
    (
        (0.0, -3, Burst(Colour(1800, 11_000, 1), (0.16, 0.24), 0.02, ((0, 0.3), (0.7, 1), (1, 0.2)))),
        (
            0.16,
            0,
            Burst(
                Colour(350, 8000, -2),
                (0.7, 1.0),
                0.01,
                ((0, 0.5), (0.1, 1), (0.35, 0.35), (1, 0)),
                glide=((0, 0.6), (0.4, -0.3), (1, -0.8)),
            ),
        ),
    )
)

FAMILIES = (
    Family(
        "match",
        listed("match, match strike, striking a match, matchstick, streichholz, allumette"),
        (
            Scatter(
                _STRIKE, Once(0.01, again_s=1.8), gain_db=0, spread_db=1, detune=0.08, pan=0.1, wide=0.2, variants=3
            ),
            Scatter(_SNAP, Dying(rate_hz=14, fall_s=0.5, at_s=0.25), gain_db=-14, spread_db=4, pan=0.2, variants=6),
        ),
        space="room",
    ),
    Family(
        "fire",
        listed(
            "fire, flame, campfire, fireplace, bonfire, burn, burning, blaze, crackle, crackling, torch, ember, "
            "feuer, feu, inferno, wildfire"
        ),
        (
            Bed(
                Colour(60, 600, -4, peaks=((130, 1.0, 5),)),
                gain_db=0,
                motions=(Motion(3.2, 8, octaves=0.3), Motion(0.5, 4)),
                width=0.7,
            ),
            Bed(Colour(900, 8000, -3), gain_db=-14, motions=(Motion(6, 8, octaves=0.2), Motion(0.7, 5)), width=0.9),
            Scatter(_SNAP, Scattered(26), gain_db=-14, spread_db=8, detune=0.5, pan=0.8, wide=0.15, variants=24),
            Scatter(_POP, Scattered(2.6), gain_db=-3, spread_db=6, detune=0.4, pan=0.6, wide=0.2, variants=14),
            Scatter(_SNAP, Every((0.8, 2.2)), gain_db=-6, spread_db=4, detune=0.4, pan=0.7, wide=0.15, variants=8),
            Scatter(_SNAP, Scattered(60), gain_db=-28, spread_db=6, detune=0.6, pan=0.9, wide=0.1, variants=16),
        ),
        space="room",
        wet=0.05,
    ),
    Family(
        "explosion",
        listed("explosion, explode, blast, bomb, detonation, grenade, boom, cannon, dynamite, kaboom, missile hit"),
        (
            Scatter(_BOOM, Once(0.01, again_s=1.8), gain_db=0, spread_db=1, detune=0.08, pan=0.1, wide=0.7, variants=3),
            Scatter(
                _SHARD,
                Dying(rate_hz=45, fall_s=0.55, at_s=0.25),
                gain_db=-19,
                spread_db=6,
                detune=0.5,
                pan=0.9,
                wide=0.2,
                variants=20,
            ),
            Scatter(
                Burst(Colour(100, 1200, -3), (0.05, 0.16)),
                Dying(rate_hz=16, fall_s=0.7, at_s=0.35),
                gain_db=-15,
                spread_db=6,
                detune=0.4,
                pan=0.8,
                wide=0.3,
                variants=10,
            ),
        ),
        level_db=3,
        space="open air",
        wet=0.4,
    ),
    Family(
        "firework",
        listed("firework, rocket, pyrotechnics, feuerwerk"),
        (
            Scatter(
                Tone(
                    (900, 1500),
                    (0.8, 1.1),
                    "triangle",
                    glide=((0, 0), (1, 1.0)),
                    shape=((0, 0), (0.1, 0.6), (1, 0.05)),
                    breath=0.55,
                    wander=0.06,
                ),
                Once(0.02, again_s=2.6),
                gain_db=-11,
                spread_db=2,
                detune=0.2,
                pan=0.6,
                wide=0.3,
                variants=4,
            ),
            Scatter(
                Compound(
                    (
                        (1.05, 0, Burst(Colour(50, 4000, -3), (0.5, 0.8), attack_s=0.001)),
                        (1.05, -2, Tone((80, 110), (0.4, 0.6), "sine", glide=((0, 1), (0.2, 0), (1, -0.4)))),
                    )
                ),
                Once(0.02, again_s=2.6),
                gain_db=0,
                spread_db=2,
                detune=0.2,
                pan=0.5,
                wide=0.6,
                variants=4,
            ),
            Scatter(
                _SNAP,
                Dying(rate_hz=110, fall_s=0.6, at_s=1.35),
                gain_db=-15,
                spread_db=6,
                detune=0.4,
                pan=0.9,
                wide=0.15,
                variants=20,
            ),
        ),
        space="open air",
        wet=0.35,
    ),
    Family(
        "sparks",
        listed(
            "spark, electric spark, short circuit, electricity, electric, electrical, taser, tesla coil, arc, zap, "
            "shock"
        ),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(1500, 16_000, 1), (0.01, 0.04), attack_s=0.0003)),
                        (0.004, -6, Tone((90, 130), (0.03, 0.09), "saw", breath=0.4)),
                    )
                ),
                Scattered(9),
                gain_db=-5,
                spread_db=6,
                detune=0.3,
                pan=0.7,
                wide=0.2,
                variants=20,
            ),
            Scatter(
                Tone(
                    (98, 102),
                    None,
                    "pulse",
                    shape=((0, 0.8), (0.5, 1), (1, 0.8)),
                    tremolo=(13, 0.7),
                    breath=0.25,
                    colour=Colour(400, 9000, 2),
                ),
                Once(),
                gain_db=-20,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.5,
                variants=1,
            ),
            Scatter(
                Burst(Colour(3000, 16_000), (0.003, 0.008), attack_s=0.0003),
                Scattered(60),
                gain_db=-17,
                spread_db=7,
                detune=0.4,
                pan=0.8,
                wide=0.1,
                variants=16,
            ),
        ),
        space="room",
    ),
    Family(
        "rockfall",
        listed("rock, boulder, rubble, debris, collapse, gravel, crumble, pebble, stones falling"),
        (
            Scatter(
                Modal(
                    (130, 700), (1, 1.8, 2.9, 4.3), ring_s=(0.03, 0.1), damping=0.9, softness=0.5, stray=0.05, click=1.2
                ),
                Dying(rate_hz=34, fall_s=1.1),
                gain_db=-5,
                spread_db=8,
                detune=0.4,
                pan=0.8,
                wide=0.3,
                variants=24,
            ),
            Scatter(
                Burst(Colour(50, 500, -2), (0.08, 0.25)),
                Dying(rate_hz=10, fall_s=0.9),
                gain_db=-4,
                spread_db=6,
                detune=0.4,
                pan=0.6,
                wide=0.4,
                variants=10,
            ),
            Scatter(
                Burst(Colour(1200, 9000, -2), (0.004, 0.02)),
                Dying(rate_hz=90, fall_s=1.6, at_s=0.1),
                gain_db=-20,
                spread_db=6,
                detune=0.5,
                pan=0.95,
                wide=0.2,
                variants=16,
            ),
        ),
        space="open air",
        wet=0.15,
    ),
)
