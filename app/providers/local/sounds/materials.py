"""Glass, metal, wood and stone: what is struck, broken and dropped."""

from __future__ import annotations

from app.providers.local.recipe import (
    Bed,
    Bounces,
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
    Train,
)

_OAK = (1, 1.58, 2.31, 3.42, 4.7, 6.3)
_BAR = (1, 2.756, 5.404, 8.933, 13.34)
_PLATE = (1, 1.42, 1.93, 2.51, 3.17, 3.96, 4.88, 6.02, 7.4, 9.1)
_GLASS = (1, 2.32, 4.25, 6.63, 9.38)
_SHATTER = Modal((1900, 6200), _GLASS, (0.06, 0.4), 0.5, 0.3, 0.04, click=0.4)
_CLINK = Modal((1800, 3200), _GLASS, (0.5, 1.1), 0.6, 0.7, 0.02, click=0.25)
_RUB = Burst(
    Colour(500, 7500, -2, ((1800, 1.2, 4),)),
    (0.16, 0.4),
    0.05,
    ((0, 0), (0.4, 1), (0.6, 0.6), (1, 0)),
    ((0, -0.2), (0.5, 0.3), (1, -0.1)),
)
_LINK = Modal((1100, 3200), _PLATE[:6], (0.06, 0.2), 0.5, 0.3, 0.05, click=0.5)
_BLADE = Modal((780, 1150), _BAR[:4] + (1.02, 2.8, 5.5), (1.2, 2.0), 0.45, 0.2, 0.01, click=0.5)
_COIN = Modal((3900, 5600), (1, 1.47, 2.09, 2.9), (0.25, 0.5), 0.4, 0.2, 0.02, click=0.3)


def _struck(hit: Modal | Compound, gap: tuple[float, float] = (1.1, 2.0)) -> tuple[Scatter, ...]:
    return (Scatter(hit, Every(gap, (0.0, 0.02)), 0, 3, 0.1, 0.2, 0.2, 8),)


_METAL_HIT = Compound(
    (
        (0, 0, Modal((240, 420), _PLATE, (1.2, 2.2), 0.55, 0.25, 0.03, click=0.5)),
        (0, -9, Burst(Colour(1200, 14_000), (0.02, 0.04), 0.0004)),
    )
)
_WOOD_HIT = Compound(
    (
        (0, 0, Modal((260, 420), _OAK, (0.09, 0.17), 0.8, 0.4, 0.03, click=0.6)),
        (0, -8, Burst(Colour(100, 1500, -2), (0.03, 0.05))),
    )
)
_STONE_HIT = Compound(
    (
        (0, 0, Modal((700, 1300), (1, 1.7, 2.5, 3.8), (0.03, 0.06), 0.8, 0.4, 0.05, click=1.3)),
        (0, -4, Burst(Colour(80, 900, -2), (0.05, 0.09))),
    )
)
_PLASTIC_HIT = Modal((380, 700), (1, 2.1, 3.4), (0.04, 0.08), 1.0, 0.8, 0.04, click=0.7)
_SOFT_HIT = Burst(Colour(50, 700, -3, ((140, 0.8, 6),)), (0.12, 0.2), 0.002)

FAMILIES = (
    Family(
        "glass break",
        (
            "glass",
            "glass break",
            "shatter",
            "shattering",
            "smash",
            "broken glass",
            "window break",
            "shard",
            "break glass",
            "scherben",
            "verre",
            "smashing",
        ),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(900, 14_000, 0), (0.12, 0.2), 0.0005)),
                        (0, -5, Burst(Colour(120, 1800, -2), (0.06, 0.1))),
                        (0.003, -4, Modal((1300, 2600), _GLASS, (0.15, 0.3), 0.5, 0.2, 0.05, click=0.6)),
                    )
                ),
                Once(0.01, 1.6),
                0,
                1,
                0.1,
                0.1,
                0.6,
                4,
            ),
            Scatter(_SHATTER, Dying(130, 0.28, 0.02), -7, 6, 0.35, 0.8, 0.15, 32),
            Scatter(_SHATTER, Dying(22, 0.85, 0.15), -8, 6, 0.35, 0.9, 0.15, 24),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "clink",
        (
            "clink",
            "wine glass",
            "toast",
            "glasses",
            "cutlery",
            "dishes",
            "cheers",
            "teacup",
            "cup",
            "plate",
            "porcelain",
            "spoon",
            "tableware",
        ),
        (Scatter(_CLINK, Phrases((0.7, 1.6), (1, 3), (0.09, 0.3), (0.0, 0.05)), -2, 4, 0.15, 0.4, 0.1, 10),),
        space="room",
        wet=0.18,
    ),
    Family(
        "hit",
        (
            "hit",
            "strike",
            "bang",
            "thud",
            "thump",
            "bump",
            "metal",
            "clang",
            "clank",
            "knocked over",
            "anvil",
            "hammer",
            "pipe",
            "pan",
        ),
        _struck(_METAL_HIT),
        {
            "metal": _struck(_METAL_HIT),
            "wood": _struck(_WOOD_HIT),
            "stone": _struck(_STONE_HIT),
            "glass": _struck(_CLINK),
            "cloth": _struck(Compound(((0, 0, _SOFT_HIT),))),
            "plastic": _struck(_PLASTIC_HIT),
            "water": _struck(Compound(((0, 0, _SOFT_HIT), (0.02, -6, _RUB)))),
        },
        level_db=1,
        space="room",
        wet=0.22,
    ),
    Family(
        "wood hit",
        ("wood block", "wood", "log", "woodblock", "bamboo", "chop", "axe", "holz", "bois", "board", "stick"),
        _struck(_WOOD_HIT, (0.8, 1.5)),
        space="room",
        wet=0.18,
    ),
    Family(
        "stone",
        ("stone", "brick", "stein", "stone hit"),
        _struck(_STONE_HIT, (0.8, 1.6)),
        space="room",
        wet=0.2,
    ),
    Family(
        "body fall",
        ("fall", "body fall", "collapse on floor", "tumble"),
        (
            Scatter(
                Compound(((0, 0, _SOFT_HIT), (0.11, -4, _SOFT_HIT), (0.02, -12, _RUB))),
                Once(0.02, 1.6),
                0,
                2,
                0.1,
                0.15,
                0.25,
                4,
            ),
        ),
        space="room",
        wet=0.16,
    ),
    Family(
        "chain",
        (
            "chain",
            "shackle",
            "chains",
            "rattling chain",
            "kette",
            "anchor",
            "clatter",
            "clattering",
            "jingle",
        ),
        (Scatter(_LINK, Phrases((0.25, 0.9), (8, 22), (0.022, 0.055), (0.0, 0.05)), -6, 7, 0.25, 0.45, 0.15, 28),),
        space="room",
        wet=0.15,
    ),
    Family(
        "keys",
        ("key", "keys", "keyring", "jingling", "schlüssel", "jingling keys"),
        (
            Scatter(
                Modal((2800, 6500), (1, 1.6, 2.5, 3.3), (0.05, 0.18), 0.4, 0.2, 0.05, click=0.4),
                Phrases((0.2, 0.6), (5, 14), (0.03, 0.07), (0.0, 0.05)),
                -6,
                6,
                0.2,
                0.3,
                0.15,
                24,
            ),
        ),
        space="room",
    ),
    Family(
        "coins",
        ("coins", "money", "purse", "coin drop", "cash", "münze", "treasure", "gold"),
        (
            Scatter(_COIN, Dying(18, 0.5), -4, 5, 0.15, 0.5, 0.1, 20),
            Scatter(_COIN, Bounces(0.24, 0.72, 2.0, 0.05), -3, 1, 0.02, 0.2, 0.1, 4),
        ),
        space="room",
        wet=0.15,
    ),
    Family(
        "ball",
        ("ball", "bounce", "bouncing", "basketball", "ping pong", "tennis", "bouncing ball", "marble"),
        (
            Scatter(
                Compound(((0, 0, Modal((170, 230), (1, 2.2, 3.8), (0.05, 0.09), click=0.5)), (0, -5, _SOFT_HIT))),
                Bounces(0.62, 0.82, 1.8, 0.02),
                -1,
                1,
                0.03,
                0.1,
                0.1,
                6,
            ),
        ),
        space="hall",
        wet=0.2,
    ),
    Family(
        "sword",
        (
            "sword",
            "blade",
            "sword clash",
            "swords",
            "knife",
            "dagger",
            "steel",
            "schwert",
            "unsheathe",
            "fencing",
            "épée",
        ),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            -4,
                            Burst(
                                Colour(2500, 15_000, 1, ((5200, 0.5, 8),)),
                                (0.28, 0.42),
                                0.08,
                                ((0, 0), (0.7, 1), (1, 0)),
                                ((0, -0.5), (1, 0.6)),
                            ),
                        ),
                        (0.3, 0, _BLADE),
                    )
                ),
                Every((1.4, 2.6), (0.0, 0.02)),
                -2,
                2,
                0.1,
                0.3,
                0.2,
                6,
            ),
            Scatter(
                Compound(((0, 0, _BLADE), (0, -6, Burst(Colour(1500, 12_000), (0.03, 0.06), 0.0004)))),
                Every((1.1, 2.4), (0.9, 1.3)),
                -3,
                3,
                0.15,
                0.4,
                0.2,
                6,
            ),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "tree",
        (
            "tree fall",
            "falling tree",
            "twig",
            "snap",
            "break",
            "breaking",
            "crack",
            "ice",
            "bone",
            "cracking",
        ),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(400, 9000, -1, ((1500, 0.9, 5),)), (0.02, 0.05), 0.0004)),
                        (0, -3, Modal((300, 600), _OAK, (0.03, 0.08), click=0.5)),
                    )
                ),
                Dying(9, 0.45),
                -1,
                6,
                0.3,
                0.35,
                0.2,
                14,
            ),
            Scatter(
                Train(Burst(Colour(900, 9000, -1), (0.003, 0.01)), (70, 130), (0.25, 0.5), jitter=0.6, rough=9.0),
                Once(0.03, 1.6),
                -7,
                2,
                0.1,
                0.2,
                0.2,
                4,
            ),
        ),
        space="open air",
        wet=0.12,
    ),
    Family(
        "leaves",
        ("leaf", "leaves", "foliage", "bush", "grass", "rustling leaves", "blatt", "feuille", "undergrowth"),
        (
            Bed(
                Colour(1500, 13_000, -1, ((3600, 1.2, 4),)),
                0,
                (Motion(0.5, 13, 0.12, "gust"), Motion(7, 7)),
                0.95,
            ),
            Scatter(Burst(Colour(1500, 11_000, -1), (0.01, 0.05), 0.003), Scattered(40), -17, 8, 0.3, 0.9, 0.2, 24),
        ),
        space="open air",
        wet=0.04,
    ),
    Family(
        "crash",
        ("crash", "car crash", "wreck", "collision", "accident", "smash up", "pile-up", "unfall"),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(50, 5000, -3), (0.3, 0.5), 0.0006)),
                        (0.0, -2, Modal((110, 190), _PLATE, (0.5, 0.9), 0.6, 0.3, 0.05, click=0.8)),
                        (0.05, -5, Modal((320, 560), _PLATE, (0.4, 0.7), 0.6, 0.3, 0.05, click=0.8)),
                        (0.13, -7, Burst(Colour(200, 7000, -2), (0.3, 0.5), 0.01)),
                    )
                ),
                Once(0.01, 2.0),
                0,
                1,
                0.06,
                0.15,
                0.4,
                4,
            ),
            Scatter(_SHATTER, Dying(60, 0.4, 0.06), -14, 6, 0.35, 0.9, 0.15, 24),
            Scatter(_LINK, Dying(24, 0.7, 0.1), -11, 6, 0.4, 0.8, 0.2, 20),
        ),
        level_db=2,
        space="open air",
        wet=0.2,
    ),
)
