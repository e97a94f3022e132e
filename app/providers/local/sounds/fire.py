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
)

_SNAP = Burst(Colour(900, 13_000, 0, ((3200, 1.0, 5),)), (0.004, 0.018), 0.0003)
_POP = Compound(
    (
        (0.0, 0, Burst(Colour(500, 9000, -1), (0.008, 0.03), 0.0003)),
        (0.0, -3, Modal((220, 700), (1, 2.4), (0.02, 0.06), click=0.0)),
    )
)
_BOOM = Compound(
    (
        (0.0, 0, Burst(Colour(40, 9000, -3.5), (0.5, 0.8), 0.0008)),
        (0.0, -1, Tone((62, 85), (0.9, 1.4), "sine", ((0, 1.3), (0.12, 0.1), (1, -0.7)), attack_s=0.003)),
        (
            0.02,
            -3,
            Burst(Colour(30, 900, -4, ((70, 1.0, 6),), 12), (2.2, 3.6), 0.01, None, ((0, 0.5), (1, -0.8))),
        ),
        (0.06, -11, Burst(Colour(300, 5000, -3), (1.2, 2.2), 0.03)),
    )
)
_SHARD = Modal((300, 1800), (1, 2.2, 3.6), (0.02, 0.07), click=0.7)

FAMILIES = (
    Family(
        "fire",
        (
            "fire",
            "flame",
            "campfire",
            "fireplace",
            "bonfire",
            "burn",
            "burning",
            "blaze",
            "crackle",
            "crackling",
            "torch",
            "ember",
            "feuer",
            "feu",
            "inferno",
            "wildfire",
        ),
        (
            Bed(Colour(60, 600, -4, ((130, 1.0, 5),)), 0, (Motion(3.2, 8, 0.3), Motion(0.5, 4)), 0.7),
            Bed(Colour(900, 8000, -3), -14, (Motion(6, 8, 0.2), Motion(0.7, 5)), 0.9),
            Scatter(_SNAP, Scattered(26), -14, 8, 0.5, 0.8, 0.15, 24),
            Scatter(_POP, Scattered(2.6), -3, 6, 0.4, 0.6, 0.2, 14),
            Scatter(_SNAP, Every((0.8, 2.2)), -6, 4, 0.4, 0.7, 0.15, 8),
            Scatter(_SNAP, Scattered(60), -28, 6, 0.6, 0.9, 0.1, 16),
        ),
        space="room",
        wet=0.05,
    ),
    Family(
        "explosion",
        (
            "explosion",
            "explode",
            "blast",
            "bomb",
            "detonation",
            "grenade",
            "boom",
            "cannon",
            "dynamite",
            "kaboom",
            "missile hit",
        ),
        (
            Scatter(_BOOM, Once(0.01, 1.8), 0, 1, 0.08, 0.1, 0.7, 3),
            Scatter(_SHARD, Dying(45, 0.55, 0.25), -19, 6, 0.5, 0.9, 0.2, 20),
            Scatter(Burst(Colour(100, 1200, -3), (0.05, 0.16)), Dying(16, 0.7, 0.35), -15, 6, 0.4, 0.8, 0.3, 10),
        ),
        level_db=3,
        space="open air",
        wet=0.4,
    ),
    Family(
        "firework",
        ("firework", "rocket", "pyrotechnics", "feuerwerk"),
        (
            Scatter(
                Tone(
                    (900, 1500),
                    (0.8, 1.1),
                    "triangle",
                    ((0, 0), (1, 1.0)),
                    ((0, 0), (0.1, 0.6), (1, 0.05)),
                    breath=0.55,
                    wander=0.06,
                ),
                Every((2.2, 4), (0, 0.1)),
                -11,
                2,
                0.2,
                0.6,
                0.3,
                4,
            ),
            Scatter(
                Compound(
                    (
                        (1.05, 0, Burst(Colour(50, 4000, -3), (0.5, 0.8), 0.001)),
                        (1.05, -2, Tone((80, 110), (0.4, 0.6), "sine", ((0, 1), (0.2, 0), (1, -0.4)))),
                    )
                ),
                Every((2.2, 4), (0, 0.1)),
                0,
                2,
                0.2,
                0.5,
                0.6,
                4,
            ),
            Scatter(_SNAP, Dying(110, 0.6, 1.35), -15, 6, 0.4, 0.9, 0.15, 20),
        ),
        space="open air",
        wet=0.35,
    ),
    Family(
        "sparks",
        (
            "spark",
            "electric spark",
            "short circuit",
            "electricity",
            "electric",
            "electrical",
            "taser",
            "tesla coil",
            "arc",
            "zap",
            "shock",
        ),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(1500, 16_000, 1), (0.01, 0.04), 0.0003)),
                        (0.004, -6, Tone((90, 130), (0.03, 0.09), "saw", breath=0.4)),
                    )
                ),
                Scattered(9),
                -5,
                6,
                0.3,
                0.7,
                0.2,
                20,
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
                -20,
                0,
                0,
                0,
                0.5,
                1,
            ),
            Scatter(Burst(Colour(3000, 16_000), (0.003, 0.008), 0.0003), Scattered(60), -17, 7, 0.4, 0.8, 0.1, 16),
        ),
        space="room",
    ),
    Family(
        "rockfall",
        ("rock", "boulder", "rubble", "debris", "collapse", "gravel", "crumble", "pebble", "stones falling"),
        (
            Scatter(
                Modal((130, 700), (1, 1.8, 2.9, 4.3), (0.03, 0.1), 0.9, 0.5, 0.05, click=1.2),
                Dying(34, 1.1),
                -5,
                8,
                0.4,
                0.8,
                0.3,
                24,
            ),
            Scatter(Burst(Colour(50, 500, -2), (0.08, 0.25)), Dying(10, 0.9), -4, 6, 0.4, 0.6, 0.4, 10),
            Scatter(Burst(Colour(1200, 9000, -2), (0.004, 0.02)), Dying(90, 1.6, 0.1), -20, 6, 0.5, 0.95, 0.2, 16),
        ),
        space="open air",
        wet=0.15,
    ),
)
