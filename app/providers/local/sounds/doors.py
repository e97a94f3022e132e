"""Doors, timber, ships and ropes: what creaks, slams and knocks."""

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
    Train,
)

_OAK = (1, 1.58, 2.31, 3.42, 4.7, 6.3)
_PLATE = (1, 1.42, 1.93, 2.51, 3.17, 3.96, 4.88, 6.02, 7.4, 9.1)
_GLASS = (1, 2.32, 4.25, 6.63, 9.38)
_CREAK_BODY = Modal((480, 900), (1, 1.7, 2.6, 3.9), (0.02, 0.05), 0.6, 0.2, 0.04, click=0.2)
_CREAK = Train(
    _CREAK_BODY, (38, 75), (0.8, 1.6), ((0, -0.7), (0.3, 0.25), (0.6, -0.1), (1, 0.55)), ((0, 0.1), (0.2, 0.8), (0.7, 1), (1, 0)), 0.13, 5.0
)  # fmt: skip
_GROAN = Train(
    Modal((190, 340), (1, 1.9, 3.1, 4.4), (0.04, 0.09), 0.7, 0.3, 0.04, click=0.2),
    (19, 38), (1.1, 2.4), ((0, -0.4), (0.35, 0.3), (0.7, -0.1), (1, -0.5)), ((0, 0), (0.25, 0.9), (0.7, 1), (1, 0)), 0.12, 5.0,
)  # fmt: skip
_SLAM = Compound(
    (
        (0.0, 0, Modal((62, 88), (1, 1.8, 2.7, 3.9, 5.2), (0.25, 0.4), 0.8, 0.5, 0.04, click=0.9)),
        (0.0, -2, Burst(Colour(60, 2600, -3), (0.12, 0.2), 0.0008)),
        (0.006, -9, Modal((750, 1300), (1, 1.6, 2.7), (0.04, 0.09), click=0.8)),
        (0.055, -15, Modal((240, 420), (1, 2.1, 3.3), (0.08, 0.16), click=0.5)),
    )
)
_STEEL_SLAM = Compound(
    (
        (0.0, 0, Modal((58, 80), _PLATE, (1.6, 2.4), 0.5, 0.35, 0.03, click=0.8)),
        (0.0, -2, Burst(Colour(50, 4000, -3), (0.15, 0.25), 0.0008)),
        (0.01, -9, Modal((330, 520), _PLATE, (0.5, 0.9), 0.5, 0.3, 0.03, click=0.5)),
    )
)
_LATCH = Compound(
    (
        (0, 0, Modal((1500, 2300), (1, 1.7, 2.9), (0.02, 0.05), click=1.2)),
        (0.07, -4, Modal((900, 1500), (1, 1.8, 2.7), (0.03, 0.06), click=1.0)),
    )
)
_KNOCK = Compound(
    (
        (0, 0, Modal((170, 240), _OAK, (0.06, 0.11), 0.8, 0.6, 0.03, click=0.5)),
        (0, -6, Burst(Colour(80, 900, -2), (0.03, 0.05))),
    )
)
_ROPE = Train(
    Burst(Colour(350, 3200, -2, ((900, 0.6, 9), (1700, 0.5, 6))), (0.008, 0.02)),
    (26, 60),
    (0.7, 1.6),
    ((0, -0.5), (0.5, 0.4), (1, 0)),
    ((0, 0), (0.3, 0.8), (0.8, 1), (1, 0)),
    0.2,
    6.0,
)

FAMILIES = (
    Family(
        "door",
        (
            "door",
            "gate",
            "tür",
            "porte",
            "hatch",
            "door open",
            "door close",
            "open door",
            "close door",
            "cupboard",
            "drawer",
        ),
        (
            Scatter(_LATCH, Once(0.02, 3.2), -9, 2, 0.1, 0.15, 0.15, 4),
            Scatter(_CREAK, Once(0.2, 3.2), -9, 2, 0.1, 0.15, 0.15, 4),
            Scatter(_SLAM, Once(1.75, 3.2), -5, 2, 0.1, 0.15, 0.2, 4),
            Scatter(_LATCH, Once(1.79, 3.2), -11, 2, 0.1, 0.15, 0.15, 4),
        ),
        {
            "metal": (
                Scatter(_LATCH, Once(0.02, 3.4), -7, 2, -0.3, 0.15, 0.15, 4),
                Scatter(_GROAN, Once(0.2, 3.4), -9, 2, 0.1, 0.15, 0.2, 4),
                Scatter(_STEEL_SLAM, Once(1.9, 3.4), -2, 2, 0.1, 0.15, 0.25, 4),
            )
        },
        space="room",
        wet=0.25,
    ),
    Family(
        "door creak",
        ("creaky door", "door creak", "hinge", "squeak", "squeaking", "squeaky", "rusty hinge"),
        (Scatter(_CREAK, Every((1.4, 2.6), (0.0, 0.05)), -2, 3, 0.15, 0.15, 0.1, 6),),
        space="room",
        wet=0.25,
    ),
    Family(
        "door slam",
        ("slam", "door slam", "slamming"),
        (
            Scatter(_SLAM, Once(0.01, 2.0), 0, 2, 0.06, 0.1, 0.2, 4),
            Scatter(_LATCH, Once(0.05, 2.0), -11, 2, 0.1, 0.1, 0.1, 4),
        ),
        {"metal": (Scatter(_STEEL_SLAM, Once(0.01, 2.4), 0, 2, 0.06, 0.1, 0.25, 4),)},
        level_db=2,
        space="hall",
        wet=0.25,
    ),
    Family(
        "creak",
        (
            "creak",
            "creaking",
            "creaky",
            "floorboard",
            "groan",
            "strain",
            "straining",
            "knarren",
            "timber",
            "plank",
        ),
        (
            Scatter(_GROAN, Every((1.5, 3.2), (0.0, 0.2)), -3, 3, 0.2, 0.5, 0.15, 8),
            Scatter(_CREAK, Every((2.0, 4.5), (0.4, 1.4)), -9, 3, 0.2, 0.6, 0.1, 6),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "ship",
        (
            "ship",
            "boat",
            "hull",
            "sailing ship",
            "galleon",
            "sailboat",
            "schiff",
            "vessel",
            "mast",
            "deck",
        ),
        (
            Scatter(_GROAN, Every((1.7, 3.6), (0.0, 0.4)), -2, 3, 0.25, 0.5, 0.15, 10),
            Scatter(_CREAK, Every((2.2, 4.8), (0.6, 1.8)), -9, 4, 0.25, 0.7, 0.1, 8),
            Scatter(_ROPE, Every((3.0, 6.0), (0.8, 2.5)), -13, 3, 0.2, 0.7, 0.1, 6),
            Scatter(
                Modal((110, 210), _OAK, (0.15, 0.3), 0.8, 0.6, 0.04, click=0.4),
                Every((2.4, 5.0), (0.8, 2.0)),
                -9,
                4,
                0.2,
                0.6,
                0.2,
                8,
            ),
            Bed(Colour(80, 1600, -4, ((300, 1.0, 4),)), -11, (Motion(0.16, 12, 0.4, "wave"),), 0.85),
        ),
        space="room",
        wet=0.18,
    ),
    Family(
        "rope",
        ("rope", "tension", "bow draw", "leather", "stretch", "tau", "seil", "rigging", "hammock"),
        (
            Scatter(_ROPE, Every((0.9, 2.0), (0.0, 0.2)), -2, 4, 0.2, 0.35, 0.15, 10),
            Scatter(
                Burst(Colour(600, 5000, -2), (0.2, 0.5), 0.08, ((0, 0), (0.5, 1), (1, 0))),
                Every((1.4, 3.0), (0.3, 1.0)),
                -17,
                3,
                0.2,
                0.4,
                0.2,
                6,
            ),
        ),
        space="dry",
    ),
    Family(
        "knock",
        ("knock", "knocking", "rap", "klopfen", "door knock", "knock knock"),
        (Scatter(_KNOCK, Phrases((1.2, 2.2), (3, 4), (0.19, 0.25), (0.0, 0.02)), -1, 2, 0.02, 0.06, 0.1, 8),),
        {
            "metal": (
                Scatter(
                    Modal((260, 330), _PLATE, (0.4, 0.7), 0.6, 0.4, 0.03, click=0.6),
                    Phrases((1.2, 2.2), (3, 4), (0.2, 0.26), (0.0, 0.02)),
                    -1,
                    2,
                    0.02,
                    0.06,
                    0.1,
                    8,
                ),
            ),
            "glass": (
                Scatter(
                    Modal((900, 1300), _GLASS, (0.06, 0.12), 0.8, 0.7, 0.03, click=0.6),
                    Phrases((1.2, 2.2), (3, 4), (0.18, 0.24), (0.0, 0.02)),
                    -1,
                    2,
                    0.02,
                    0.06,
                    0.1,
                    8,
                ),
            ),
        },
        space="room",
        wet=0.22,
    ),
    Family(
        "switch",
        (
            "switch",
            "light switch",
            "lever",
            "toggle",
            "latch",
            "lock",
            "unlock",
            "bolt",
            "camera",
            "shutter",
            "photo",
            "stapler",
            "lighter",
        ),
        (Scatter(_LATCH, Every((0.8, 1.5), (0.0, 0.02)), -1, 2, 0.12, 0.08, 0.1, 6),),
        space="room",
        wet=0.12,
    ),
)
