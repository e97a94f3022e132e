"""Glass, metal, wood, stone and leaves: what is struck, broken and stepped into."""

from __future__ import annotations

from app.providers.local.recipe import (
    Bed,
    Burst,
    Colour,
    Compound,
    Dying,
    Family,
    Modal,
    Motion,
    Once,
    Phrases,
    Scatter,
    Scattered,
    Train,
    listed,
)
from app.providers.local.sounds.bodies import GLASS, PLATE, WOOD

_SHATTER = Modal((1900, 6200), GLASS, ring_s=(0.06, 0.4), damping=0.5, softness=0.3, stray=0.04, click=0.4)
_CLINK = Modal((1800, 3200), GLASS, ring_s=(0.5, 1.1), damping=0.6, softness=0.7, stray=0.02, click=0.25)
_RUB = Burst(
    Colour(500, 7500, -2, peaks=((1800, 1.2, 4),)),
    (0.16, 0.4),
    attack_s=0.05,
    shape=((0, 0), (0.4, 1), (0.6, 0.6), (1, 0)),
    glide=((0, -0.2), (0.5, 0.3), (1, -0.1)),
)


def _struck(hit: Modal | Compound, again_s: float = 1.3) -> tuple[Scatter, ...]:
    return (
        Scatter(hit, Once(0.0, again_s=again_s), gain_db=0, spread_db=3, detune=0.1, pan=0.2, wide=0.2, variants=8),
    )


_METAL_HIT = Compound(
    (
        (0, 0, Modal((240, 420), PLATE, ring_s=(1.2, 2.2), damping=0.55, softness=0.25, stray=0.03, click=0.5)),
        (0, -9, Burst(Colour(1200, 14_000), (0.02, 0.04), attack_s=0.0004)),
    )
)
_WOOD_HIT = Compound(
    (
        (0, 0, Modal((260, 420), WOOD, ring_s=(0.09, 0.17), damping=0.8, softness=0.4, stray=0.03, click=0.6)),
        (0, -8, Burst(Colour(100, 1500, -2), (0.03, 0.05))),
    )
)
_STONE_HIT = Compound(
    (
        (
            0,
            0,
            Modal(
                (700, 1300), (1, 1.7, 2.5, 3.8), ring_s=(0.03, 0.06), damping=0.8, softness=0.4, stray=0.05, click=1.3
            ),
        ),
        (0, -4, Burst(Colour(80, 900, -2), (0.05, 0.09))),
    )
)
_PLASTIC_HIT = Modal((380, 700), (1, 2.1, 3.4), ring_s=(0.04, 0.08), damping=1.0, softness=0.8, stray=0.04, click=0.7)
_SOFT_HIT = Burst(Colour(50, 700, -3, peaks=((140, 0.8, 6),)), (0.12, 0.2), attack_s=0.002)

FAMILIES = (
    Family(
        "glass break",
        listed(
            "glass, glass break, shatter, shattering, smash, broken glass, window break, shard, break glass, "
            "scherben, verre, smashing"
        ),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(900, 14_000, 0), (0.12, 0.2), attack_s=0.0005)),
                        (0, -5, Burst(Colour(120, 1800, -2), (0.06, 0.1))),
                        (
                            0.003,
                            -4,
                            Modal(
                                (1300, 2600),
                                GLASS,
                                ring_s=(0.15, 0.3),
                                damping=0.5,
                                softness=0.2,
                                stray=0.05,
                                click=0.6,
                            ),
                        ),
                    )
                ),
                Once(0.01, again_s=1.6),
                gain_db=0,
                spread_db=1,
                detune=0.1,
                pan=0.1,
                wide=0.6,
                variants=4,
            ),
            Scatter(
                _SHATTER,
                Dying(rate_hz=130, fall_s=0.28, at_s=0.02),
                gain_db=-7,
                spread_db=6,
                detune=0.35,
                pan=0.8,
                wide=0.15,
                variants=32,
            ),
            Scatter(
                _SHATTER,
                Dying(rate_hz=22, fall_s=0.85, at_s=0.15),
                gain_db=-8,
                spread_db=6,
                detune=0.35,
                pan=0.9,
                wide=0.15,
                variants=24,
            ),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "clink",
        listed(
            "clink, wine glass, toast, glasses, cutlery, dishes, cheers, teacup, cup, plate, porcelain, spoon, "
            "tableware"
        ),
        (
            Scatter(
                _CLINK,
                Phrases(gap_s=(0.7, 1.6), notes=(1, 3), spacing_s=(0.09, 0.3), first_s=(0.0, 0.05)),
                gain_db=-2,
                spread_db=4,
                detune=0.15,
                pan=0.4,
                wide=0.1,
                variants=10,
            ),
        ),
        space="room",
        wet=0.18,
    ),
    Family(
        "hit",
        listed("hit, strike, bang, thud, thump, bump, metal, clang, clank, knocked over, anvil, hammer, pipe, pan"),
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
        listed("wood block, wood, log, woodblock, bamboo, chop, axe, holz, bois, board, stick"),
        _struck(_WOOD_HIT, 1.0),
        space="room",
        wet=0.18,
    ),
    Family(
        "stone",
        listed("stone, brick, stein, stone hit"),
        _struck(_STONE_HIT, 1.1),
        space="room",
        wet=0.2,
    ),
    Family(
        "body fall",
        listed("fall, body fall, collapse on floor, tumble"),
        (
            Scatter(
                Compound(((0, 0, _SOFT_HIT), (0.11, -4, _SOFT_HIT), (0.02, -12, _RUB))),
                Once(0.02, again_s=1.6),
                gain_db=0,
                spread_db=2,
                detune=0.1,
                pan=0.15,
                wide=0.25,
                variants=4,
            ),
        ),
        space="room",
        wet=0.16,
    ),
    Family(
        "snap",
        listed("tree fall, falling tree, twig, snap, break, breaking, crack, ice, bone, cracking"),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(400, 9000, -1, peaks=((1500, 0.9, 5),)), (0.02, 0.05), attack_s=0.0004)),
                        (0, -3, Modal((300, 600), WOOD, ring_s=(0.03, 0.08), click=0.5)),
                    )
                ),
                Dying(rate_hz=9, fall_s=0.45),
                gain_db=-1,
                spread_db=6,
                detune=0.3,
                pan=0.35,
                wide=0.2,
                variants=14,
            ),
            Scatter(
                Train(
                    Burst(Colour(900, 9000, -1), (0.003, 0.01)),
                    rate_hz=(70, 130),
                    seconds=(0.25, 0.5),
                    jitter=0.6,
                    rough=9.0,
                ),
                Once(0.03, again_s=1.6),
                gain_db=-7,
                spread_db=2,
                detune=0.1,
                pan=0.2,
                wide=0.2,
                variants=4,
            ),
        ),
        space="open air",
        wet=0.12,
    ),
    Family(
        "leaves",
        listed(
            "leaf, leaves, tree, branch, treetop, foliage, bush, grass, rustling, undergrowth, blatt, feuille, arbre"
        ),
        (
            Bed(
                Colour(1500, 13_000, -1, peaks=((3600, 1.2, 4),)),
                gain_db=0,
                motions=(Motion(0.5, 13, octaves=0.12, shape="gust"), Motion(7, 7)),
                width=0.95,
            ),
            Scatter(
                Burst(Colour(1500, 11_000, -1), (0.01, 0.05), attack_s=0.003),
                Scattered(40),
                gain_db=-17,
                spread_db=8,
                detune=0.3,
                pan=0.9,
                wide=0.2,
                variants=24,
            ),
        ),
        space="open air",
        wet=0.04,
    ),
)
