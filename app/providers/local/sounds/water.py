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
    listed,
)

_BUBBLE = Tone((380, 1500), (0.03, 0.1), "sine", glide=((0, 0), (1, 0.55)), attack_s=0.003)
_LOW_BUBBLE = Tone((140, 460), (0.06, 0.16), "sine", glide=((0, 0), (1, 0.7)), attack_s=0.006)
_DRIP = Compound(
    (
        (0.0, -12, Burst(Colour(1500, 9000), (0.004, 0.01))),
        (
            0.012,
            0,
            Tone((780, 1700), (0.07, 0.16), "sine", glide=((0, -0.1), (0.25, 0), (1, 0.65)), attack_s=0.004),
        ),
        (0.09, -13, Tone((1200, 2600), (0.03, 0.07), "sine", glide=((0, 0), (1, 0.4)))),
    )
)
_SPLASH_BODY = Burst(
    Colour(250, 9000, -2),
    (0.5, 1.1),
    attack_s=0.004,
    shape=((0, 1), (0.15, 0.55), (0.5, 0.2), (1, 0)),
    glide=((0, -0.5), (0.3, 0.4), (1, 0.2)),
)

FAMILIES = (
    Family(
        "sea",
        listed("sea, ocean, wave, surf, beach, shore, swell, seashore, tide, coast, meer, mer, sea wave, ocean wave"),
        (
            Bed(
                Colour(90, 5200, -3.5, peaks=((420, 1.6, 4),)),
                gain_db=1,
                motions=(Motion(0.115, 20, octaves=0.75, shape="wave"),),
                width=0.9,
            ),
            Bed(
                Colour(1800, 13_000, -1),
                gain_db=-6,
                motions=(Motion(0.115, 24, octaves=0.3, shape="wave"),),
                width=0.98,
            ),
            Bed(Colour(40, 260, -3), gain_db=-11, motions=(Motion(0.09, 8, octaves=0.1),), width=0.7),
            Bed(Colour(600, 6000, -3), gain_db=-19, motions=(Motion(0.3, 6),), width=0.95),
            Scatter(_BUBBLE, Scattered(14), gain_db=-31, spread_db=5, detune=0.5, pan=0.95, wide=0.2, variants=12),
        ),
        level_db=-2,
        space="open air",
        wet=0.06,
    ),
    Family(
        "water drip",
        listed(
            "drip, water drip, dripping, drop, water drop, droplet, dripping water, leaky tap, leak, dripping tap, "
            "tropfen"
        ),
        (
            Scatter(
                _DRIP,
                Every((0.55, 1.5), first_s=(0.0, 0.15)),
                gain_db=-3,
                spread_db=3,
                detune=0.22,
                pan=0.45,
                wide=0.15,
                variants=10,
            ),
            Scatter(
                _DRIP,
                Every((1.6, 3.4), first_s=(0.6, 1.2)),
                gain_db=-14,
                spread_db=3,
                detune=0.4,
                pan=0.8,
                wide=0.15,
                variants=6,
            ),
        ),
        space="bathroom",
        wet=0.4,
    ),
    Family(
        "stream",
        listed(
            "stream, river, brook, creek, babble, babbling, flowing water, running water, water, bach, fluss, "
            "rivière, fountain, rapids"
        ),
        (
            Bed(
                Colour(350, 7500, -3, peaks=((900, 1.0, 4),)),
                gain_db=-3,
                motions=(Motion(1.6, 4, octaves=0.12), Motion(5, 3)),
                width=0.9,
            ),
            Bed(Colour(90, 500, -3), gain_db=-12, motions=(Motion(0.8, 6, octaves=0.2),), width=0.7),
            Scatter(_BUBBLE, Scattered(70), gain_db=-19, spread_db=6, detune=0.55, pan=0.9, wide=0.2, variants=24),
            Scatter(_LOW_BUBBLE, Scattered(16), gain_db=-17, spread_db=5, detune=0.4, pan=0.7, wide=0.2, variants=14),
        ),
        space="open air",
        wet=0.05,
    ),
    Family(
        "waterfall",
        listed("waterfall, cascade, cataract, torrent, flood"),
        (
            Bed(
                Colour(120, 9000, -2.2, peaks=((500, 1.6, 4),)),
                gain_db=3,
                motions=(Motion(0.5, 2), Motion(7, 1.5)),
                width=0.95,
            ),
            Bed(Colour(40, 200, -2), gain_db=-2, motions=(Motion(0.9, 4),), width=0.8),
            Bed(Colour(5000, 15_000), gain_db=-9, motions=(Motion(1.3, 3),), width=0.98),
            Scatter(_LOW_BUBBLE, Scattered(30), gain_db=-20, spread_db=6, detune=0.5, pan=0.9, wide=0.2, variants=16),
        ),
        space="open air",
        wet=0.08,
    ),
    Family(
        "bubbles",
        listed("bubble, bubbling, boil, boiling, cauldron, gurgle, fizz, potion, aquarium, blasen, brew"),
        (
            Scatter(_BUBBLE, Scattered(26), gain_db=-9, spread_db=6, detune=0.5, pan=0.7, wide=0.2, variants=24),
            Scatter(
                _LOW_BUBBLE,
                Phrases(gap_s=(0.1, 0.5), notes=(2, 7), spacing_s=(0.05, 0.11)),
                gain_db=-5,
                spread_db=4,
                detune=0.12,
                pan=0.5,
                wide=0.2,
                variants=14,
            ),
            Bed(Colour(120, 1200, -4), gain_db=-17, motions=(Motion(2.5, 8, octaves=0.2),), width=0.6),
        ),
        space="room",
        wet=0.1,
    ),
    Family(
        "splash",
        listed("splash, splashing, dive, plop, plunge"),
        (
            Scatter(
                Compound(((0, 0, _SPLASH_BODY), (0, -4, Burst(Colour(60, 500, -2), (0.15, 0.3), attack_s=0.003)))),
                Once(0.02, again_s=1.4),
                gain_db=0,
                spread_db=2,
                detune=0.1,
                pan=0.2,
                wide=0.6,
                variants=4,
            ),
            Scatter(
                _BUBBLE,
                Dying(rate_hz=60, fall_s=0.35, at_s=0.1),
                gain_db=-13,
                spread_db=5,
                detune=0.5,
                pan=0.7,
                wide=0.2,
                variants=16,
            ),
            Scatter(
                Burst(Colour(1800, 11_000), (0.006, 0.02)),
                Dying(rate_hz=90, fall_s=0.4, at_s=0.15),
                gain_db=-18,
                spread_db=5,
                detune=0.3,
                pan=0.9,
                wide=0.2,
                variants=12,
            ),
        ),
        space="open air",
        wet=0.15,
    ),
    Family(
        "pouring",
        listed("pour, pouring, filling, refill"),
        (
            Scatter(_BUBBLE, Scattered(60), gain_db=-11, spread_db=5, detune=0.3, pan=0.3, wide=0.2, variants=24),
            Bed(
                Colour(500, 9000, -2, peaks=((1100, 0.6, 8),)),
                gain_db=-8,
                motions=(Motion(2.2, 4, octaves=0.15), Motion(11, 4)),
                width=0.5,
            ),
        ),
        space="room",
    ),
    Family(
        "steam",
        listed("steam, hiss, hissing, gas leak, air release, spray, pressure, geyser, pneumatic"),
        (
            Bed(
                Colour(1800, 16_000, 0.5, peaks=((4800, 0.8, 5), (7600, 0.5, 4))),
                gain_db=2,
                motions=(Motion(0.6, 4, octaves=0.08), Motion(16, 3)),
                width=0.85,
                onset_s=0.03,
            ),
            Bed(Colour(250, 1200, -3), gain_db=-15, motions=(Motion(3, 5),), width=0.6),
        ),
        space="room",
    ),
    Family(
        "rowing",
        listed("row, rowing, oar, paddle, rowboat"),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            0,
                            Burst(Colour(250, 5000, -3), (0.5, 0.9), attack_s=0.15, shape=((0, 0), (0.3, 1), (1, 0))),
                        ),
                        (0.5, -9, _BUBBLE),
                    )
                ),
                Steady(0.45, jitter=0.06),
                gain_db=-4,
                spread_db=3,
                detune=0.15,
                pan=0.4,
                wide=0.5,
                variants=6,
            ),
            Scatter(
                Modal((160, 300), (1, 2.3, 3.7), ring_s=(0.08, 0.2), click=0.4),
                Steady(0.45, jitter=0.05),
                gain_db=-15,
                spread_db=3,
                detune=0.15,
                pan=0.5,
                wide=0.2,
                variants=6,
            ),
            Bed(Colour(150, 2500, -4), gain_db=-16, motions=(Motion(0.6, 8, octaves=0.3),), width=0.9),
        ),
        space="open air",
        wet=0.08,
    ),
)
