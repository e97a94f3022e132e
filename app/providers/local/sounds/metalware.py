"""Metal things, and what bounces or crashes: chains, keys, coins, swords, balls."""

from __future__ import annotations

from app.providers.local.recipe import (
    Bounces,
    Burst,
    Colour,
    Compound,
    Dying,
    Every,
    Family,
    Modal,
    Once,
    Phrases,
    Scatter,
    listed,
)
from app.providers.local.sounds.bodies import BAR, GLASS, PLATE

_SHATTER = Modal((1900, 6200), GLASS, ring_s=(0.06, 0.4), damping=0.5, softness=0.3, stray=0.04, click=0.4)
_LINK = Modal((1100, 3200), PLATE[:6], ring_s=(0.06, 0.2), damping=0.5, softness=0.3, stray=0.05, click=0.5)
_BLADE = Modal(
    (780, 1150), (*BAR[:4], 1.02, 2.8, 5.5), ring_s=(1.2, 2.0), damping=0.45, softness=0.2, stray=0.01, click=0.5
)
_COIN = Modal((3900, 5600), (1, 1.47, 2.09, 2.9), ring_s=(0.25, 0.5), damping=0.4, softness=0.2, stray=0.02, click=0.3)
_SOFT_HIT = Burst(Colour(50, 700, -3, peaks=((140, 0.8, 6),)), (0.12, 0.2), attack_s=0.002)

FAMILIES = (
    Family(
        "chain",
        listed("chain, shackle, chains, rattling chain, kette, anchor, clatter, clattering, jingle"),
        (
            Scatter(
                _LINK,
                Phrases(gap_s=(0.25, 0.9), notes=(8, 22), spacing_s=(0.022, 0.055), first_s=(0.0, 0.05)),
                gain_db=-6,
                spread_db=7,
                detune=0.25,
                pan=0.45,
                wide=0.15,
                variants=28,
            ),
        ),
        space="room",
        wet=0.15,
    ),
    Family(
        "keys",
        listed("key, keys, keyring, jingling, schlüssel, jingling keys"),
        (
            Scatter(
                Modal(
                    (2800, 6500),
                    (1, 1.6, 2.5, 3.3),
                    ring_s=(0.05, 0.18),
                    damping=0.4,
                    softness=0.2,
                    stray=0.05,
                    click=0.4,
                ),
                Phrases(gap_s=(0.2, 0.6), notes=(5, 14), spacing_s=(0.03, 0.07), first_s=(0.0, 0.05)),
                gain_db=-6,
                spread_db=6,
                detune=0.2,
                pan=0.3,
                wide=0.15,
                variants=24,
            ),
        ),
        space="room",
    ),
    Family(
        "coins",
        listed("coins, money, purse, coin drop, cash, münze, treasure, gold"),
        (
            Scatter(
                _COIN,
                Dying(rate_hz=18, fall_s=0.5),
                gain_db=-4,
                spread_db=5,
                detune=0.15,
                pan=0.5,
                wide=0.1,
                variants=20,
            ),
            Scatter(
                _COIN,
                Bounces(0.24, ratio=0.72, fall_db=2.0, at_s=0.05),
                gain_db=-3,
                spread_db=1,
                detune=0.02,
                pan=0.2,
                wide=0.1,
                variants=4,
            ),
        ),
        space="room",
        wet=0.15,
    ),
    Family(
        "ball",
        listed("ball, bounce, bouncing, basketball, ping pong, tennis, bouncing ball, marble"),
        (
            Scatter(
                Compound(
                    ((0, 0, Modal((170, 230), (1, 2.2, 3.8), ring_s=(0.05, 0.09), click=0.5)), (0, -5, _SOFT_HIT))
                ),
                Bounces(0.62, ratio=0.82, fall_db=1.8, at_s=0.02),
                gain_db=-1,
                spread_db=1,
                detune=0.03,
                pan=0.1,
                wide=0.1,
                variants=6,
            ),
        ),
        space="hall",
        wet=0.2,
    ),
    Family(
        "sword",
        listed("sword, blade, sword clash, swords, knife, dagger, steel, schwert, unsheathe, fencing, épée"),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            -4,
                            Burst(
                                Colour(2500, 15_000, 1, peaks=((5200, 0.5, 8),)),
                                (0.28, 0.42),
                                attack_s=0.08,
                                shape=((0, 0), (0.7, 1), (1, 0)),
                                glide=((0, -0.5), (1, 0.6)),
                            ),
                        ),
                        (0.3, 0, _BLADE),
                    )
                ),
                Every((1.4, 2.6), first_s=(0.0, 0.02)),
                gain_db=-2,
                spread_db=2,
                detune=0.1,
                pan=0.3,
                wide=0.2,
                variants=6,
            ),
            Scatter(
                Compound(((0, 0, _BLADE), (0, -6, Burst(Colour(1500, 12_000), (0.03, 0.06), attack_s=0.0004)))),
                Every((1.1, 2.4), first_s=(0.9, 1.3)),
                gain_db=-3,
                spread_db=3,
                detune=0.15,
                pan=0.4,
                wide=0.2,
                variants=6,
            ),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "crash",
        listed("crash, car crash, wreck, collision, accident, smash up, pile-up, unfall"),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(50, 5000, -3), (0.3, 0.5), attack_s=0.0006)),
                        (
                            0.0,
                            -2,
                            Modal(
                                (110, 190), PLATE, ring_s=(0.5, 0.9), damping=0.6, softness=0.3, stray=0.05, click=0.8
                            ),
                        ),
                        (
                            0.05,
                            -5,
                            Modal(
                                (320, 560), PLATE, ring_s=(0.4, 0.7), damping=0.6, softness=0.3, stray=0.05, click=0.8
                            ),
                        ),
                        (0.13, -7, Burst(Colour(200, 7000, -2), (0.3, 0.5), attack_s=0.01)),
                    )
                ),
                Once(0.01, again_s=2.0),
                gain_db=0,
                spread_db=1,
                detune=0.06,
                pan=0.15,
                wide=0.4,
                variants=4,
            ),
            Scatter(
                _SHATTER,
                Dying(rate_hz=60, fall_s=0.4, at_s=0.06),
                gain_db=-14,
                spread_db=6,
                detune=0.35,
                pan=0.9,
                wide=0.15,
                variants=24,
            ),
            Scatter(
                _LINK,
                Dying(rate_hz=24, fall_s=0.7, at_s=0.1),
                gain_db=-11,
                spread_db=6,
                detune=0.4,
                pan=0.8,
                wide=0.2,
                variants=20,
            ),
        ),
        level_db=2,
        space="open air",
        wet=0.2,
    ),
)
