"""Many people, and voices without words."""

from __future__ import annotations

from app.providers.local.recipe import (
    Bed,
    Burst,
    Colour,
    Family,
    Motion,
    Phrases,
    Scatter,
    Scattered,
    Tone,
)

_MUMBLE = Colour(180, 3200, -3, ((480, 0.6, 9), (1150, 0.5, 7), (2400, 0.5, 4)))
_SYLLABLE = Tone(
    (98, 230),
    (0.09, 0.22),
    "throat",
    ((0, 0.05), (0.5, 0.02), (1, -0.12)),
    ((0, 0), (0.25, 1), (0.7, 0.7), (1, 0)),
    0.02,
    wander=0.05,
    breath=0.16,
    colour=_MUMBLE,
)
_OPEN = Tone(
    (110, 240),
    (0.1, 0.24),
    "throat",
    ((0, 0), (0.4, 0.08), (1, -0.15)),
    ((0, 0), (0.3, 1), (1, 0)),
    0.02,
    wander=0.05,
    breath=0.14,
    colour=Colour(200, 3600, -2, ((720, 0.5, 9), (1300, 0.5, 8), (2600, 0.4, 4))),
)
_CLAP = Burst(Colour(700, 7500, -1, ((1300, 0.9, 6), (2600, 0.7, 4))), (0.025, 0.06), 0.0008)
_CHEER = Tone(
    (260, 520),
    (0.6, 1.4),
    "throat",
    ((0, -0.2), (0.3, 0.25), (1, -0.1)),
    ((0, 0), (0.25, 1), (0.7, 0.8), (1, 0)),
    0.08,
    wander=0.12,
    breath=0.3,
    colour=Colour(300, 4500, -1, ((850, 0.7, 9), (1700, 0.7, 6))),
)
_LAUGH = Tone(
    (190, 330),
    (0.09, 0.14),
    "throat",
    ((0, 0.15), (1, -0.15)),
    ((0, 0), (0.2, 1), (1, 0)),
    0.01,
    breath=0.35,
    colour=Colour(250, 4500, -1, ((750, 0.6, 9), (1400, 0.5, 7))),
)

FAMILIES = (
    Family(
        "crowd",
        (
            "crowd",
            "murmur",
            "crowd murmur",
            "people",
            "talking",
            "chatter",
            "voices",
            "audience",
            "babble of voices",
            "walla",
            "foule",
            "menge",
            "conversation",
            "party",
            "pub",
        ),
        (
            Scatter(_SYLLABLE, Phrases((0.1, 0.7), (3, 9), (0.13, 0.2), (0.0, 0.3)), -8, 4, 0.12, 0.9, 0.1, 24),
            Scatter(_OPEN, Phrases((0.1, 0.9), (3, 8), (0.14, 0.22), (0.0, 0.4)), -9, 4, 0.12, 0.9, 0.1, 24),
            Scatter(_SYLLABLE, Scattered(16), -14, 5, 0.35, 0.95, 0.1, 24),
            Scatter(_OPEN, Scattered(13), -14, 5, 0.35, 0.95, 0.1, 24),
            Bed(
                Colour(160, 2600, -4, ((480, 0.9, 6), (1200, 0.7, 3))),
                -10,
                (Motion(4.2, 5, 0.1), Motion(0.5, 3)),
                0.9,
            ),
        ),
        space="hall",
        wet=0.22,
    ),
    Family(
        "applause",
        ("applause", "clap", "clapping", "ovation", "applaus", "applaudissement"),
        (
            Scatter(_CLAP, Scattered(190), -14, 6, 0.2, 0.95, 0.15, 32),
            Bed(Colour(700, 8000, -1.5, ((1500, 1.0, 4),)), -10, (Motion(0.4, 3),), 0.95, 0.2),
        ),
        space="hall",
        wet=0.2,
    ),
    Family(
        "cheer",
        ("cheer", "cheering", "stadium", "fans", "jubel"),
        (
            Scatter(_CHEER, Scattered(14), -10, 4, 0.3, 0.95, 0.15, 28),
            Scatter(_CLAP, Scattered(70), -20, 6, 0.2, 0.95, 0.1, 20),
            Bed(Colour(400, 5000, -2, ((900, 0.9, 6),)), -3, (Motion(0.5, 5, 0.12),), 0.95, 0.3),
        ),
        space="open air",
        wet=0.25,
    ),
    Family(
        "laugh",
        ("laugh", "laughter", "laughing", "giggle", "lachen"),
        (Scatter(_LAUGH, Phrases((0.4, 1.2), (4, 8), (0.15, 0.2), (0.0, 0.1)), -2, 3, 0.06, 0.4, 0.1, 10),),
        space="room",
    ),
    Family(
        "whisper",
        ("whisper", "whispering", "ghost voices", "flüstern"),
        (
            Scatter(
                Burst(
                    Colour(900, 9000, 0, ((1700, 0.6, 7), (3300, 0.5, 6))),
                    (0.07, 0.2),
                    0.03,
                    ((0, 0), (0.4, 1), (1, 0)),
                ),
                Phrases((0.15, 0.6), (3, 8), (0.13, 0.22), (0.0, 0.1)),
                -3,
                6,
                0.25,
                0.7,
                0.15,
                28,
            ),
            Bed(Colour(2000, 9000), -24, (Motion(3, 6),), 0.9),
        ),
        space="hall",
        wet=0.15,
    ),
)
