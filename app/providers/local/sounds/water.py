"""Water in all its forms, and fire's enemies: drips, streams, waves, bubbles, pouring."""

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
    Phrases,
    Scatter,
    Scattered,
    Steady,
    Tone,
)

_BUBBLE = Tone((380, 1500), (0.03, 0.1), "sine", ((0, 0), (1, 0.55)), attack_s=0.003)
_LOW_BUBBLE = Tone((140, 460), (0.06, 0.16), "sine", ((0, 0), (1, 0.7)), attack_s=0.006)
_DRIP = Compound(
    (
        (0.0, -12, Burst(Colour(1500, 9000), (0.004, 0.01))),
        (
            0.012,
            0,
            Tone((780, 1700), (0.07, 0.16), "sine", ((0, -0.1), (0.25, 0), (1, 0.65)), attack_s=0.004),
        ),
        (0.09, -13, Tone((1200, 2600), (0.03, 0.07), "sine", ((0, 0), (1, 0.4)))),
    )
)
_SPLASH_BODY = Burst(
    Colour(250, 9000, -2),
    (0.5, 1.1),
    0.004,
    ((0, 1), (0.15, 0.55), (0.5, 0.2), (1, 0)),
    ((0, -0.5), (0.3, 0.4), (1, 0.2)),
)

FAMILIES = (
    Family(
        "sea",
        (
            "sea",
            "ocean",
            "wave",
            "surf",
            "beach",
            "shore",
            "swell",
            "seashore",
            "tide",
            "coast",
            "meer",
            "mer",
            "sea wave",
            "ocean wave",
        ),
        (
            Bed(Colour(90, 5200, -3.5, ((420, 1.6, 4),)), 1, (Motion(0.115, 17, 0.75, "wave"),), 0.9),
            Bed(Colour(1800, 13_000, -1), -6, (Motion(0.115, 24, 0.3, "wave"),), 0.98),
            Bed(Colour(40, 260, -3), -5, (Motion(0.09, 8, 0.1),), 0.7),
            Bed(Colour(600, 6000, -3), -17, (Motion(0.3, 6),), 0.95),
            Scatter(_BUBBLE, Scattered(14), -31, 5, 0.5, 0.95, 0.2, 12),
        ),
        space="open air",
        wet=0.06,
    ),
    Family(
        "water drip",
        (
            "drip",
            "water drip",
            "dripping",
            "drop",
            "water drop",
            "droplet",
            "dripping water",
            "leaky tap",
            "leak",
            "dripping tap",
            "tropfen",
        ),
        (
            Scatter(_DRIP, Every((0.55, 1.5), (0.0, 0.15)), -3, 3, 0.22, 0.45, 0.15, 10),
            Scatter(_DRIP, Every((1.6, 3.4), (0.6, 1.2)), -14, 3, 0.4, 0.8, 0.15, 6),
        ),
        space="bathroom",
        wet=0.4,
    ),
    Family(
        "stream",
        (
            "stream",
            "river",
            "brook",
            "creek",
            "babble",
            "babbling",
            "flowing water",
            "running water",
            "water",
            "bach",
            "fluss",
            "rivière",
            "fountain",
            "rapids",
        ),
        (
            Bed(Colour(350, 7500, -3, ((900, 1.0, 4),)), -3, (Motion(1.6, 4, 0.12), Motion(5, 3)), 0.9),
            Bed(Colour(90, 500, -3), -12, (Motion(0.8, 6, 0.2),), 0.7),
            Scatter(_BUBBLE, Scattered(70), -19, 6, 0.55, 0.9, 0.2, 24),
            Scatter(_LOW_BUBBLE, Scattered(16), -17, 5, 0.4, 0.7, 0.2, 14),
        ),
        space="open air",
        wet=0.05,
    ),
    Family(
        "waterfall",
        ("waterfall", "cascade", "cataract", "torrent", "flood"),
        (
            Bed(Colour(120, 9000, -2.2, ((500, 1.6, 4),)), 3, (Motion(0.5, 2), Motion(7, 1.5)), 0.95),
            Bed(Colour(40, 200, -2), -2, (Motion(0.9, 4),), 0.8),
            Bed(Colour(5000, 15_000), -9, (Motion(1.3, 3),), 0.98),
            Scatter(_LOW_BUBBLE, Scattered(30), -20, 6, 0.5, 0.9, 0.2, 16),
        ),
        space="open air",
        wet=0.08,
    ),
    Family(
        "bubbles",
        (
            "bubble",
            "bubbling",
            "boil",
            "boiling",
            "cauldron",
            "gurgle",
            "fizz",
            "potion",
            "aquarium",
            "blasen",
            "brew",
        ),
        (
            Scatter(_BUBBLE, Scattered(26), -9, 6, 0.5, 0.7, 0.2, 24),
            Scatter(_LOW_BUBBLE, Phrases((0.1, 0.5), (2, 7), (0.05, 0.11)), -5, 4, 0.12, 0.5, 0.2, 14),
            Bed(Colour(120, 1200, -4), -17, (Motion(2.5, 8, 0.2),), 0.6),
        ),
        space="room",
        wet=0.1,
    ),
    Family(
        "splash",
        ("splash", "splashing", "dive", "plop", "plunge"),
        (
            Scatter(
                Compound(((0, 0, _SPLASH_BODY), (0, -4, Burst(Colour(60, 500, -2), (0.15, 0.3), 0.003)))),
                Once(0.02, 1.4),
                0,
                2,
                0.1,
                0.2,
                0.6,
                4,
            ),
            Scatter(_BUBBLE, Dying(60, 0.35, 0.1), -13, 5, 0.5, 0.7, 0.2, 16),
            Scatter(Burst(Colour(1800, 11_000), (0.006, 0.02)), Dying(90, 0.4, 0.15), -18, 5, 0.3, 0.9, 0.2, 12),
        ),
        space="open air",
        wet=0.15,
    ),
    Family(
        "pouring",
        ("pour", "pouring", "filling", "refill"),
        (
            Scatter(_BUBBLE, Scattered(60), -11, 5, 0.3, 0.3, 0.2, 24),
            Bed(Colour(500, 9000, -2, ((1100, 0.6, 8),)), -8, (Motion(2.2, 4, 0.15), Motion(11, 4)), 0.5),
        ),
        space="room",
    ),
    Family(
        "steam",
        ("steam", "hiss", "hissing", "gas leak", "air release", "spray", "pressure", "geyser", "pneumatic"),
        (
            Bed(
                Colour(1800, 16_000, 0.5, ((4800, 0.8, 5), (7600, 0.5, 4))),
                2,
                (Motion(0.6, 4, 0.08), Motion(16, 3)),
                0.85,
                0.03,
            ),
            Bed(Colour(250, 1200, -3), -15, (Motion(3, 5),), 0.6),
        ),
        space="room",
    ),
    Family(
        "rowing",
        ("row", "rowing", "oar", "paddle", "rowboat"),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(250, 5000, -3), (0.5, 0.9), 0.15, ((0, 0), (0.3, 1), (1, 0)))),
                        (0.5, -9, _BUBBLE),
                    )
                ),
                Steady(0.45, 0.06),
                -4,
                3,
                0.15,
                0.4,
                0.5,
                6,
            ),
            Scatter(
                Modal((160, 300), (1, 2.3, 3.7), (0.08, 0.2), click=0.4),
                Steady(0.45, 0.05),
                -15,
                3,
                0.15,
                0.5,
                0.2,
                6,
            ),
            Bed(Colour(150, 2500, -4), -16, (Motion(0.6, 8, 0.3),), 0.9),
        ),
        space="open air",
        wet=0.08,
    ),
)
