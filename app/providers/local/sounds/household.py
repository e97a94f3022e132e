"""Small things at hand: keyboards, paper, cloth, zippers, clocks."""

from __future__ import annotations

from app.providers.local.recipe import (
    Burst,
    Colour,
    Compound,
    Every,
    Family,
    Modal,
    Phrases,
    Scatter,
    Steady,
    Train,
)

_KEY = Compound(
    (
        (0, 0, Burst(Colour(1400, 9000, 0, ((2600, 0.7, 5),)), (0.008, 0.016), 0.0004)),
        (0.001, -5, Modal((260, 420), (1, 2.4), (0.015, 0.03), click=0.4)),
        (0.075, -11, Burst(Colour(1800, 10_000), (0.006, 0.012), 0.0004)),
    )
)
_PAPER = Burst(Colour(1400, 13_000, 0.5, ((3800, 1.0, 5),)), (0.008, 0.05), 0.002, ((0, 0), (0.3, 1), (1, 0)))
_RUB = Burst(
    Colour(500, 7500, -2, ((1800, 1.2, 4),)),
    (0.16, 0.4),
    0.05,
    ((0, 0), (0.4, 1), (0.6, 0.6), (1, 0)),
    ((0, -0.2), (0.5, 0.3), (1, -0.1)),
)
_TICK = Compound(
    (
        (0, 0, Modal((2300, 2500), (1, 1.9, 3.3), (0.012, 0.02), click=1.2)),
        (0.006, -7, Modal((800, 900), (1, 2.2), (0.02, 0.03), click=0.4)),
    )
)
_TOCK = Compound(
    (
        (0, 0, Modal((1700, 1850), (1, 1.9, 3.3), (0.014, 0.022), click=1.1)),
        (0.006, -6, Modal((620, 700), (1, 2.2), (0.02, 0.035), click=0.4)),
    )
)

FAMILIES = (
    Family(
        "typing",
        ("type", "typing", "keyboard", "typewriter", "keystroke", "tippen", "tastatur", "clavier"),
        (Scatter(_KEY, Phrases((0.15, 0.6), (3, 9), (0.09, 0.15), (0.0, 0.05)), -3, 5, 0.15, 0.25, 0.1, 20),),
        space="dry",
    ),
    Family(
        "paper",
        (
            "paper",
            "page",
            "crumple",
            "book",
            "newspaper",
            "letter",
            "papier",
            "page turn",
            "crinkle",
            "map",
        ),
        (
            Scatter(_PAPER, Phrases((0.25, 0.9), (8, 24), (0.015, 0.045), (0.0, 0.05)), -5, 8, 0.3, 0.3, 0.2, 28),
            Scatter(
                Burst(
                    Colour(1200, 11_000, 0),
                    (0.2, 0.45),
                    0.06,
                    ((0, 0), (0.4, 1), (1, 0)),
                    ((0, -0.3), (1, 0.3)),
                ),
                Every((0.8, 1.7), (0.0, 0.3)),
                -8,
                3,
                0.2,
                0.3,
                0.25,
                6,
            ),
        ),
        space="dry",
    ),
    Family(
        "plastic bag",
        ("plastic", "bag", "wrapper", "foil", "chips"),
        (
            Scatter(
                Burst(Colour(2500, 15_000, 1), (0.002, 0.012), 0.0003),
                Phrases((0.15, 0.5), (14, 45), (0.006, 0.02), (0.0, 0.05)),
                -4,
                10,
                0.3,
                0.35,
                0.2,
                28,
            ),
        ),
        space="dry",
    ),
    Family(
        "cloth",
        (
            "cloth",
            "fabric",
            "clothing",
            "clothes",
            "jacket",
            "silk",
            "sail",
            "curtain",
            "flag",
            "stoff",
            "tissu",
            "blanket",
            "dress",
            "cape",
            "cloak",
        ),
        (
            Scatter(_RUB, Phrases((0.3, 0.9), (1, 4), (0.16, 0.35), (0.0, 0.05)), -3, 4, 0.25, 0.3, 0.25, 14),
            Scatter(
                Burst(Colour(90, 900, -3), (0.1, 0.2), 0.03, ((0, 0), (0.3, 1), (1, 0))),
                Every((0.6, 1.6), (0.1, 0.5)),
                -11,
                4,
                0.2,
                0.3,
                0.3,
                6,
            ),
        ),
        space="dry",
    ),
    Family(
        "zipper",
        ("zipper", "zip", "unzip", "reissverschluss", "velcro"),
        (
            Scatter(
                Train(
                    Burst(Colour(1800, 12_000, 0.5, ((3600, 0.6, 7),)), (0.004, 0.008), 0.0003),
                    (120, 160),
                    (0.5, 0.8),
                    ((0, -0.5), (0.5, 0.5), (1, 0.9)),
                    ((0, 0.3), (0.2, 0.9), (0.9, 1), (1, 0)),
                    0.06,
                    3.0,
                ),
                Every((1.0, 1.7), (0.0, 0.03)),
                -2,
                2,
                0.08,
                0.2,
                0.1,
                5,
            ),
        ),
        space="dry",
    ),
    Family(
        "scrape",
        (
            "scrape",
            "drag",
            "dragging",
            "scratch",
            "sliding",
            "chair",
            "saw",
            "sawing",
            "file",
            "sandpaper",
            "grind",
            "grinding",
            "slide",
        ),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            0,
                            Train(
                                Burst(Colour(350, 7000, -1, ((1100, 0.6, 8), (2300, 0.5, 7))), (0.006, 0.014)),
                                (150, 230),
                                (0.5, 0.9),
                                ((0, -0.3), (0.5, 0.3), (1, 0)),
                                jitter=0.5,
                                rough=6.0,
                            ),
                        ),
                        (0, -8, Burst(Colour(200, 4000, -2), (0.5, 0.9), 0.1, ((0, 0), (0.4, 1), (1, 0)))),
                    )
                ),
                Every((0.75, 1.2), (0.0, 0.02)),
                -2,
                3,
                0.08,
                0.25,
                0.2,
                8,
            ),
        ),
        space="room",
    ),
    Family(
        "writing",
        ("write", "writing", "pencil", "pen", "chalk", "scribble", "drawing", "signature"),
        (
            Scatter(
                Burst(
                    Colour(1800, 11_000, 0, ((4200, 0.8, 6),)),
                    (0.05, 0.15),
                    0.012,
                    ((0, 0), (0.3, 1), (0.7, 0.7), (1, 0)),
                    ((0, -0.15), (0.5, 0.2), (1, -0.1)),
                ),
                Phrases((0.1, 0.4), (3, 9), (0.08, 0.15), (0.0, 0.03)),
                -4,
                4,
                0.2,
                0.15,
                0.15,
                16,
            ),
        ),
        space="dry",
    ),
    Family(
        "clock",
        (
            "clock",
            "tick",
            "ticking",
            "watch",
            "tick tock",
            "uhr",
            "horloge",
            "stopwatch",
            "metronome",
            "timer",
        ),
        (
            Scatter(_TICK, Steady(1.0, 0.004), -1, 0.6, 0.005, 0.03, 0.08, 4),
            Scatter(Compound(((0.5, 0, _TOCK),)), Steady(1.0, 0.004), -2, 0.6, 0.005, 0.03, 0.08, 4),
        ),
        space="room",
        wet=0.2,
    ),
)
