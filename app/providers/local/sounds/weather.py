"""Weather: rain, wind, thunder, hail, snow."""

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
    Part,
    Scatter,
    Scattered,
    Tone,
    listed,
)

_RAIN_AIR: tuple[Part, ...] = (
    Bed(Colour(700, 13_000, -1.0, peaks=((5200, 1.6, 3),)), gain_db=-2, motions=(Motion(0.22, 4),), width=0.95),
    Bed(Colour(180, 1600, -3.0), gain_db=-15, motions=(Motion(0.13, 5),), width=0.7),
)
_DROP = Burst(Colour(1800, 12_000, 0, peaks=((4200, 0.8, 6),)), (0.006, 0.02), attack_s=0.0005)
_FAT_DROP = Tone((900, 2600), (0.012, 0.03), "sine", glide=((0, 0), (1, 0.5)), breath=0.35)
_RAIN_DROPS: tuple[Part, ...] = (
    Scatter(_DROP, Scattered(420), gain_db=-21, spread_db=5, detune=0.35, pan=0.95, wide=0.3, variants=16),
    Scatter(_FAT_DROP, Scattered(16), gain_db=-17, spread_db=5, detune=0.3, pan=0.9, wide=0.2, variants=12),
)
_TIN_DROP = Modal(
    (620, 1900), (1, 1.61, 2.37, 3.3, 4.6), ring_s=(0.05, 0.16), damping=0.5, softness=0.35, stray=0.05, click=0.5
)
_WOOD_DROP = Modal((190, 520), (1, 2.2, 3.9), ring_s=(0.03, 0.07), damping=0.9, softness=0.9, stray=0.05, click=0.5)
_GLASS_DROP = Modal((1500, 3600), (1, 1.9, 3.1), ring_s=(0.02, 0.06), damping=0.7, softness=0.6, stray=0.05, click=0.6)
_CLOTH_DROP = Burst(Colour(140, 1900, -3, peaks=((320, 0.8, 8),)), (0.02, 0.05), attack_s=0.001)
_POOL_DROP = Tone((500, 1700), (0.03, 0.09), "sine", glide=((0, 0), (1, 0.9)), breath=0.12)
_LEAF_DROP = Burst(Colour(900, 6500, -2, peaks=((2100, 0.9, 7),)), (0.008, 0.03), attack_s=0.0005)


def _rain_on(drop: Modal | Burst | Tone, rate_hz: float, gain_db: float, detune: float = 0.2) -> tuple[Part, ...]:
    """Rain heard through the surface it falls on: fewer, louder, tuned drops under a softer hiss."""
    return (
        Bed(Colour(500, 11_000, -2.5), gain_db=-9, motions=(Motion(0.22, 4),), width=0.95),
        Scatter(
            drop, Scattered(rate_hz), gain_db=gain_db, spread_db=6, detune=detune, pan=0.85, wide=0.25, variants=20
        ),
        Scatter(
            drop,
            Scattered(rate_hz * 0.12),
            gain_db=gain_db + 6,
            spread_db=4,
            detune=detune,
            pan=0.7,
            wide=0.2,
            variants=12,
        ),
        Scatter(_DROP, Scattered(150), gain_db=-21, spread_db=5, detune=0.35, pan=0.95, wide=0.3, variants=16),
    )


_CRACK = Burst(Colour(300, 9000, -2), (0.25, 0.5), attack_s=0.001)
_ROLL = Burst(
    Colour(28, 420, -4, peaks=((62, 0.9, 6),), slope_db=12),
    (3.2, 5.5),
    attack_s=0.05,
    shape=((0, 0.25), (0.06, 1.0), (0.16, 0.5), (0.24, 0.85), (0.4, 0.4), (0.52, 0.55), (0.75, 0.18), (1, 0)),
    glide=((0, 0.6), (0.2, 0.1), (1, -0.7)),
)
_PEAL = Burst(Colour(60, 1500, -4), (0.35, 0.9), attack_s=0.02, shape=((0, 0), (0.15, 1), (0.5, 0.35), (1, 0)))

FAMILIES = (
    Family(
        "rain",
        listed("rain, rainfall, downpour, drizzle, shower, raindrop, rainy, regen, pluie"),
        _RAIN_AIR + _RAIN_DROPS,
        {
            "metal": _rain_on(_TIN_DROP, 190, -19),
            "wood": _rain_on(_WOOD_DROP, 150, -17),
            "glass": _rain_on(_GLASS_DROP, 130, -19),
            "cloth": _rain_on(_CLOTH_DROP, 170, -16),
            "water": _rain_on(_POOL_DROP, 110, -19, 0.4),
            "leaves": _rain_on(_LEAF_DROP, 210, -18, 0.4),
            "stone": _RAIN_AIR + _rain_on(_DROP, 240, -17, 0.3),
        },
        space="open air",
        wet=0.05,
    ),
    Family(
        "hail",
        listed("hail, hailstorm, hailstone, sleet"),
        (
            Scatter(
                Modal((700, 2400), (1, 2.1, 3.7), ring_s=(0.015, 0.05), click=0.9),
                Scattered(120),
                gain_db=-15,
                spread_db=6,
                detune=0.3,
                pan=0.9,
                wide=0.3,
                variants=20,
            ),
            Bed(Colour(900, 14_000, 0), gain_db=-8, motions=(Motion(0.3, 5),), width=0.95),
        ),
        {"metal": _rain_on(_TIN_DROP, 260, -14)},
        space="open air",
        wet=0.05,
    ),
    Family(
        "wind",
        listed("wind, breeze, gust, gale, windy, howling wind, squall, draft, draught"),
        (
            Bed(Colour(70, 700, -4), gain_db=2, motions=(Motion(0.4, 18, octaves=0.35, shape="gust"),), width=0.85),
            Bed(
                Colour(250, 2200, -6, peaks=((560, 0.2, 24),)),
                gain_db=-2,
                motions=(Motion(0.4, 20, octaves=0.5, shape="gust"),),
                width=0.7,
            ),
            Bed(
                Colour(500, 3600, -6, peaks=((1150, 0.12, 28),)),
                gain_db=-10,
                motions=(Motion(0.5, 24, octaves=0.45, shape="gust"),),
                width=0.6,
            ),
            Bed(Colour(1500, 9000, -4), gain_db=-17, motions=(Motion(0.4, 12, octaves=0.2),), width=0.95),
        ),
        space="open air",
        wet=0.08,
    ),
    Family(
        "thunder",
        listed(
            "thunder, thunder roll, rolling thunder, thunderclap, lightning, thunderbolt, donner, tonnerre, thunderous"
        ),
        (
            Scatter(
                _ROLL,
                Every((6, 11), first_s=(0.0, 0.5)),
                gain_db=0,
                spread_db=2,
                detune=0.12,
                pan=0.35,
                wide=0.7,
                variants=4,
            ),
            Scatter(
                _CRACK,
                Every((6, 11), first_s=(0.0, 0.5)),
                gain_db=-9,
                spread_db=4,
                detune=0.2,
                pan=0.4,
                wide=0.6,
                variants=4,
            ),
            Scatter(
                _PEAL,
                Dying(rate_hz=2.2, fall_s=1.6, at_s=0.3),
                gain_db=-8,
                spread_db=4,
                detune=0.3,
                pan=0.6,
                wide=0.7,
                variants=5,
            ),
            Scatter(
                _PEAL,
                Every((2.5, 6), first_s=(1.0, 2.0)),
                gain_db=-14,
                spread_db=6,
                detune=0.4,
                pan=0.6,
                wide=0.7,
                variants=5,
            ),
        ),
        level_db=1,
        space="open air",
        wet=0.35,
    ),
    Family(
        "storm",
        listed("storm, thunderstorm, tempest, hurricane, typhoon, gewitter, orage"),
        scene=(("rain", 0), ("wind", -3), ("thunder", 1)),
    ),
    Family(
        "snow",
        listed("blizzard, snowstorm, snowfall, snow storm, snowing"),
        (
            Bed(
                Colour(120, 1800, -4, peaks=((460, 0.4, 10),)),
                gain_db=0,
                motions=(Motion(0.2, 12, octaves=0.5, shape="gust"),),
                width=0.85,
            ),
            Bed(Colour(4000, 16_000, 0), gain_db=-9, motions=(Motion(0.8, 9, octaves=0.1),), width=0.98),
            Scatter(
                Burst(Colour(5000, 15_000), (0.004, 0.012)),
                Scattered(90),
                gain_db=-30,
                spread_db=5,
                detune=0.2,
                pan=0.95,
                wide=0.2,
                variants=12,
            ),
        ),
        space="open air",
        wet=0.05,
    ),
    Family(
        "earthquake",
        listed("earthquake, rumble, quake, rumbling, tremor, landslide, avalanche, rockslide"),
        (
            Bed(
                Colour(24, 130, -3, peaks=((45, 0.8, 6),), slope_db=12),
                gain_db=6,
                motions=(Motion(0.7, 9, octaves=0.15),),
                width=0.6,
                onset_s=0.4,
            ),
            Bed(Colour(60, 900, -5), gain_db=-2, motions=(Motion(2.5, 8),), width=0.8, onset_s=0.8),
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(60, 700, -3), (0.1, 0.3))),
                        (0.01, -6, Burst(Colour(400, 4000, -2), (0.03, 0.1))),
                    )
                ),
                Scattered(6),
                gain_db=-11,
                spread_db=7,
                detune=0.4,
                pan=0.9,
                wide=0.4,
                variants=12,
            ),
        ),
        level_db=1,
        space="open air",
        wet=0.15,
    ),
)
