"""Birds and insects, and what else flies."""

from __future__ import annotations

from app.providers.local.recipe import (
    Bed,
    Burst,
    Colour,
    Every,
    Family,
    Motion,
    Once,
    Phrases,
    Scatter,
    Steady,
    Tone,
    Train,
)

_CALL = ((0, 0), (0.2, 1), (0.75, 0.8), (1, 0))
_TWEET_UP = Tone((2600, 4200), (0.05, 0.12), "sine", ((0, -0.15), (0.5, 0.25), (1, 0.05)), _CALL)
_TWEET_DOWN = Tone((3200, 5200), (0.06, 0.16), "sine", ((0, 0.4), (1, -0.2)), _CALL)
_TRILL = Tone((3000, 4600), (0.3, 0.7), "sine", shape=_CALL, vibrato=(22, 0.1), tremolo=(22, 0.7))
_WHISTLE = Tone((1900, 2900), (0.2, 0.45), "flute", ((0, 0), (0.4, 0.12), (1, -0.25)), _CALL)
_CRICKET = Train(
    Tone((4300, 4700), (0.012, 0.016), "sine", shape=((0, 0), (0.4, 1), (1, 0))),
    (55, 62),
    (0.06, 0.08),
    jitter=0.02,
    rough=1.0,
)
_CICADA = Tone(
    (5200, 5900),
    None,
    "triangle",
    shape=((0, 0.7), (0.3, 1), (0.7, 0.8), (1, 0.9)),
    tremolo=(118, 0.85),
    wander=0.02,
    breath=0.25,
)
_GULL = Tone(
    (820, 1050), (0.35, 0.6), "reed", ((0, 0.1), (0.12, 0.5), (0.4, 0.3), (1, -0.25)), ((0, 0), (0.08, 1), (0.6, 0.8), (1, 0)),
    0.02, (9, 0.015), wander=0.03, breath=0.08, colour=Colour(700, 8000, 0, ((1900, 0.6, 10), (3300, 0.5, 8))),
)  # fmt: skip
_CAW = Tone(
    (420, 520),
    (0.22, 0.36),
    "pulse",
    ((0, 0.1), (0.3, 0.2), (1, -0.15)),
    ((0, 0), (0.1, 1), (0.7, 0.8), (1, 0)),
    0.012,
    tremolo=(78, 0.5),
    wander=0.06,
    breath=0.35,
    colour=Colour(400, 5000, -1, ((1350, 0.6, 12), (2400, 0.5, 6))),
)
_HOOT = Tone(
    (340, 380),
    (0.3, 0.6),
    "sine",
    ((0, -0.06), (0.3, 0.03), (1, -0.08)),
    ((0, 0), (0.2, 1), (0.7, 0.9), (1, 0)),
    0.04,
    breath=0.06,
)
_CROW_COCK = Tone(
    (520, 640),
    (0.9, 1.3),
    "reed",
    ((0, 0), (0.2, 0.5), (0.4, 0.3), (0.55, 0.75), (1, 0.1)),
    ((0, 0), (0.08, 0.9), (0.3, 0.4), (0.45, 1), (1, 0)),
    0.02,
    wander=0.03,
    breath=0.08,
    colour=Colour(500, 7000, 0, ((1500, 0.6, 9), (2800, 0.5, 6))),
)

FAMILIES = (
    Family(
        "birds",
        (
            "bird",
            "birdsong",
            "songbird",
            "chirp",
            "chirping",
            "tweet",
            "sparrow",
            "robin",
            "nightingale",
            "vogel",
            "oiseau",
            "dawn chorus",
            "blackbird",
            "parrot",
            "canary",
            "twitter",
        ),
        (
            Scatter(_TWEET_UP, Phrases((0.6, 2.0), (2, 6), (0.09, 0.17), (0.0, 0.2)), -6, 4, 0.1, 0.9, 0.05, 14),
            Scatter(_TWEET_DOWN, Phrases((0.9, 2.6), (2, 5), (0.12, 0.25), (0.3, 1.0)), -9, 4, 0.1, 0.9, 0.05, 14),
            Scatter(_TRILL, Every((1.8, 4.2), (0.5, 1.6)), -12, 4, 0.15, 0.9, 0.05, 6),
            Scatter(_WHISTLE, Phrases((1.6, 4.0), (2, 4), (0.3, 0.5), (0.7, 2.0)), -13, 3, 0.08, 0.9, 0.05, 8),
        ),
        space="open air",
        wet=0.3,
    ),
    Family(
        "gull",
        ("gull", "seagull", "möwe", "mouette", "seabird"),
        (Scatter(_GULL, Phrases((2.0, 4.5), (2, 5), (0.4, 0.65), (0.0, 0.3)), -3, 3, 0.06, 0.8, 0.05, 8),),
        space="open air",
        wet=0.3,
    ),
    Family(
        "crow",
        ("crow", "raven", "caw", "rook", "krähe", "corbeau"),
        (Scatter(_CAW, Phrases((1.4, 3.2), (2, 4), (0.45, 0.7), (0.0, 0.2)), -3, 3, 0.05, 0.7, 0.05, 8),),
        space="open air",
        wet=0.25,
    ),
    Family(
        "owl",
        ("owl", "hoot", "eule", "hibou"),
        (Scatter(_HOOT, Phrases((2.2, 4.0), (2, 4), (0.5, 0.8), (0.0, 0.3)), -3, 2, 0.03, 0.5, 0.05, 6),),
        space="open air",
        wet=0.4,
    ),
    Family(
        "insects",
        ("insect", "cricket", "cicada", "grasshopper", "grille", "grillon", "katydid", "locust"),
        (
            Scatter(_CRICKET, Steady(2.6, 0.05), -8, 2, 0.02, 0.6, 0.05, 6),
            Scatter(_CRICKET, Steady(2.1, 0.07), -15, 2, 0.06, 0.9, 0.05, 6),
            Scatter(_CRICKET, Steady(3.1, 0.08), -19, 3, 0.1, 0.95, 0.05, 6),
            Scatter(_CICADA, Once(), -25, 0, 0, 0, 0.9, 1),
            Bed(Colour(3500, 9000, 0, ((4600, 0.3, 9),)), -17, (Motion(0.4, 4), Motion(24, 4)), 0.95),
        ),
        space="open air",
        wet=0.1,
    ),
    Family(
        "bee",
        (
            "bee",
            "fly",
            "mosquito",
            "wasp",
            "swarm",
            "buzz",
            "buzzing",
            "bumblebee",
            "hornet",
            "biene",
            "abeille",
        ),
        (
            Scatter(
                Tone(
                    (215, 245),
                    None,
                    "saw",
                    shape=((0, 0.3), (0.2, 1), (0.4, 0.45), (0.6, 0.95), (0.8, 0.35), (1, 0.7)),
                    wander=0.22,
                    vibrato=(7, 0.02),
                    breath=0.06,
                    colour=Colour(180, 5500, -1, ((900, 0.8, 6),)),
                ),
                Once(),
                -4,
                0,
                0,
                0,
                0.9,
                1,
            ),
            Scatter(
                Tone(
                    (255, 290),
                    None,
                    "saw",
                    shape=((0, 0.6), (0.3, 0.2), (0.5, 0.9), (0.75, 0.3), (1, 0.5)),
                    wander=0.25,
                    colour=Colour(200, 5000, -2),
                ),
                Once(),
                -11,
                0,
                0,
                0,
                0.9,
                1,
            ),
        ),
        space="open air",
        wet=0.04,
    ),
    Family(
        "rooster",
        ("rooster", "cock-a-doodle-doo", "cockerel", "hahn"),
        (Scatter(_CROW_COCK, Every((3, 5), (0.0, 0.2)), -2, 2, 0.04, 0.2, 0.1, 3),),
        space="open air",
        wet=0.25,
    ),
    Family(
        "wings",
        ("wing", "flap", "flutter", "bat", "flapping", "fluttering"),
        (
            Scatter(
                Burst(Colour(150, 3500, -3), (0.06, 0.1), 0.015, ((0, 0), (0.4, 1), (1, 0))),
                Phrases((0.5, 1.4), (4, 12), (0.085, 0.13), (0.0, 0.1)),
                -3,
                3,
                0.15,
                0.5,
                0.3,
                12,
            ),
        ),
        space="open air",
        wet=0.08,
    ),
)
