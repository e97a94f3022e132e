"""Sounds of games: coins, power-ups, fanfares, jumps."""

from __future__ import annotations

from app.providers.local.recipe import Colour, Compound, Every, Family, Once, Phrases, Scatter, Tone, Tune, listed

_CHIP = Tone((986, 989), (0.09, 0.1), "square", shape=((0, 1), (0.8, 0.8), (1, 0)), colour=Colour(300, 9000, -2))
_CHIP_LONG = Tone((1317, 1319), (0.45, 0.5), "square", shape=((0, 1), (0.2, 0.6), (1, 0)), colour=Colour(300, 9000, -2))

FAMILIES = (
    Family(
        "coin pickup",
        listed("coin, coin pickup, pickup, collect, pick up, ring pickup, score, point, gem, item"),
        (
            Scatter(
                Compound(((0, 0, _CHIP), (0.085, 0, _CHIP_LONG))),
                Once(0.0, again_s=0.9),
                gain_db=-2,
                spread_db=0.5,
                detune=0.0,
                pan=0.05,
                wide=0.05,
                variants=2,
            ),
        ),
        space="dry",
    ),
    Family(
        "power-up",
        listed(
            "power-up, powerup, power up, level up, upgrade, bonus, extra life, level-up, evolve, unlock "
            "achievement, 1-up"
        ),
        (
            Scatter(
                Tone(
                    (392, 393),
                    (0.13, 0.15),
                    "square",
                    shape=((0, 1), (0.7, 0.7), (1, 0)),
                    vibrato=(9, 0.01),
                    colour=Colour(250, 9000, -2),
                    stack=(0.0, 1.0),
                ),
                Tune(
                    (
                        (0, 0, 0),
                        (0.09, 0.333, 0),
                        (0.18, 0.583, 0),
                        (0.27, 1.0, 0),
                        (0.36, 1.333, 0),
                        (0.45, 1.583, 0),
                        (0.54, 2.0, 1),
                    ),
                    again_s=0.0,
                ),
                gain_db=-3,
                spread_db=0.3,
                detune=0.0,
                pan=0.1,
                wide=0.2,
                variants=3,
            ),
            Scatter(
                Tone(
                    (390, 395),
                    (0.7, 0.75),
                    "triangle",
                    glide=((0, 0), (1, 2)),
                    shape=((0, 0.2), (0.8, 1), (1, 0)),
                    attack_s=0.01,
                    vibrato=(13, 0.03),
                ),
                Once(0.0, again_s=1.6),
                gain_db=-12,
                spread_db=0.3,
                detune=0,
                pan=0,
                wide=0.4,
                variants=2,
            ),
        ),
        space="room",
        wet=0.15,
    ),
    Family(
        "success",
        listed("success, win, victory, correct, achievement, complete, fanfare, reward, quest complete, gewonnen"),
        (
            Scatter(
                Tone(
                    (523, 524),
                    (0.3, 0.4),
                    "brass",
                    glide=((0, -0.02), (0.1, 0), (1, 0)),
                    shape=((0, 0), (0.06, 1), (0.6, 0.7), (1, 0)),
                    attack_s=0.01,
                    colour=Colour(200, 7000, -2),
                    stack=(0.0, 0.333, 0.583),
                ),
                Tune(
                    (
                        (0, -0.417, 0),
                        (0.14, -0.417, -2),
                        (0.28, -0.417, -2),
                        (0.42, 0, 1),
                        (0.75, -0.167, -1),
                        (1.0, 0.0, 1),
                    ),
                    again_s=0.0,
                ),
                gain_db=-3,
                spread_db=0.3,
                detune=0.0,
                pan=0.1,
                wide=0.3,
                variants=3,
            ),
        ),
        space="hall",
        wet=0.2,
    ),
    Family(
        "jump",
        listed("jump, hop, boing, spring, leap, sprung, cartoon"),
        (
            Scatter(
                Tone(
                    (210, 240),
                    (0.28, 0.34),
                    "hollow",
                    glide=((0, 0), (0.2, 0.3), (1, 1.7)),
                    shape=((0, 1), (0.5, 0.7), (1, 0)),
                    attack_s=0.003,
                    vibrato=(19, 0.04),
                ),
                Once(0.0, again_s=0.8),
                gain_db=-1,
                spread_db=0.5,
                detune=0.04,
                pan=0.08,
                wide=0.05,
                variants=4,
            ),
        ),
        space="dry",
    ),
    Family(
        "arcade",
        listed("arcade, 8-bit, 8 bit, retro, chiptune, video game, game, pixel, slot machine, pinball"),
        (
            Scatter(
                Tone(
                    (440, 1300),
                    (0.05, 0.12),
                    "square",
                    glide=((0, 0), (1, 0.6)),
                    shape=((0, 1), (0.8, 0.8), (1, 0)),
                    colour=Colour(200, 9000, -2),
                ),
                Phrases(gap_s=(0.25, 0.7), notes=(3, 8), spacing_s=(0.07, 0.11), first_s=(0.0, 0.01)),
                gain_db=-3,
                spread_db=3,
                detune=0.25,
                pan=0.5,
                wide=0.05,
                variants=20,
            ),
            Scatter(
                Compound(((0, 0, _CHIP), (0.085, 0, _CHIP_LONG))),
                Every((1.6, 3.2), first_s=(0.5, 1.2)),
                gain_db=-8,
                spread_db=1,
                detune=0.1,
                pan=0.5,
                wide=0.05,
                variants=4,
            ),
        ),
        space="dry",
    ),
)
