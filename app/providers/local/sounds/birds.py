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
    listed,
)

_CALL = ((0, 0), (0.2, 1), (0.75, 0.8), (1, 0))
_TWEET_UP = Tone((2600, 4200), (0.05, 0.12), "sine", glide=((0, -0.15), (0.5, 0.25), (1, 0.05)), shape=_CALL)
_TWEET_DOWN = Tone((3200, 5200), (0.06, 0.16), "sine", glide=((0, 0.4), (1, -0.2)), shape=_CALL)
_TRILL = Tone((3000, 4600), (0.3, 0.7), "sine", shape=_CALL, vibrato=(22, 0.1), tremolo=(22, 0.7))
_WHISTLE = Tone((1900, 2900), (0.2, 0.45), "flute", glide=((0, 0), (0.4, 0.12), (1, -0.25)), shape=_CALL)
_CRICKET = Train(
    Tone((4300, 4700), (0.012, 0.016), "sine", shape=((0, 0), (0.4, 1), (1, 0))),
    rate_hz=(55, 62),
    seconds=(0.06, 0.08),
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
    (820, 1050),
    (0.35, 0.6),
    "reed",
    glide=((0, 0.1), (0.12, 0.5), (0.4, 0.3), (1, -0.25)),
    shape=((0, 0), (0.08, 1), (0.6, 0.8), (1, 0)),
    attack_s=0.02,
    vibrato=(9, 0.015),
    wander=0.03,
    breath=0.08,
    colour=Colour(700, 8000, 0, peaks=((1900, 0.6, 10), (3300, 0.5, 8))),
)
_CAW = Tone(
    (420, 520),
    (0.22, 0.36),
    "pulse",
    glide=((0, 0.1), (0.3, 0.2), (1, -0.15)),
    shape=((0, 0), (0.1, 1), (0.7, 0.8), (1, 0)),
    attack_s=0.012,
    tremolo=(78, 0.5),
    wander=0.06,
    breath=0.35,
    colour=Colour(400, 5000, -1, peaks=((1350, 0.6, 12), (2400, 0.5, 6))),
)
_HOOT = Tone(
    (340, 380),
    (0.3, 0.6),
    "sine",
    glide=((0, -0.06), (0.3, 0.03), (1, -0.08)),
    shape=((0, 0), (0.2, 1), (0.7, 0.9), (1, 0)),
    attack_s=0.04,
    breath=0.06,
)
_CROW_COCK = Tone(
    (520, 640),
    (0.9, 1.3),
    "reed",
    glide=((0, 0), (0.2, 0.5), (0.4, 0.3), (0.55, 0.75), (1, 0.1)),
    shape=((0, 0), (0.08, 0.9), (0.3, 0.4), (0.45, 1), (1, 0)),
    attack_s=0.02,
    wander=0.03,
    breath=0.08,
    colour=Colour(500, 7000, 0, peaks=((1500, 0.6, 9), (2800, 0.5, 6))),
)

FAMILIES = (
    Family(
        "birds",
        listed(
            "bird, birdsong, songbird, chirp, chirping, tweet, sparrow, robin, nightingale, vogel, vögel, oiseau, dawn "
            "chorus, blackbird, parrot, canary, twitter"
        ),
        (
            Scatter(
                _TWEET_UP,
                Phrases(gap_s=(0.6, 2.0), notes=(2, 6), spacing_s=(0.09, 0.17), first_s=(0.0, 0.2)),
                gain_db=-6,
                spread_db=4,
                detune=0.1,
                pan=0.9,
                wide=0.05,
                variants=14,
            ),
            Scatter(
                _TWEET_DOWN,
                Phrases(gap_s=(0.9, 2.6), notes=(2, 5), spacing_s=(0.12, 0.25), first_s=(0.3, 1.0)),
                gain_db=-9,
                spread_db=4,
                detune=0.1,
                pan=0.9,
                wide=0.05,
                variants=14,
            ),
            Scatter(
                _TRILL,
                Every((1.8, 4.2), first_s=(0.5, 1.6)),
                gain_db=-12,
                spread_db=4,
                detune=0.15,
                pan=0.9,
                wide=0.05,
                variants=6,
            ),
            Scatter(
                _WHISTLE,
                Phrases(gap_s=(1.6, 4.0), notes=(2, 4), spacing_s=(0.3, 0.5), first_s=(0.7, 2.0)),
                gain_db=-13,
                spread_db=3,
                detune=0.08,
                pan=0.9,
                wide=0.05,
                variants=8,
            ),
        ),
        space="open air",
        wet=0.3,
    ),
    Family(
        "gull",
        listed("gull, seagull, möwe, mouette, seabird"),
        (
            Scatter(
                _GULL,
                Phrases(gap_s=(2.0, 4.5), notes=(2, 5), spacing_s=(0.4, 0.65), first_s=(0.0, 0.3)),
                gain_db=-3,
                spread_db=3,
                detune=0.06,
                pan=0.8,
                wide=0.05,
                variants=8,
            ),
        ),
        level_db=2,
        space="open air",
        wet=0.3,
    ),
    Family(
        "crow",
        listed("crow, raven, caw, rook, krähe, corbeau"),
        (
            Scatter(
                _CAW,
                Phrases(gap_s=(1.4, 3.2), notes=(2, 4), spacing_s=(0.45, 0.7), first_s=(0.0, 0.2)),
                gain_db=-3,
                spread_db=3,
                detune=0.05,
                pan=0.7,
                wide=0.05,
                variants=8,
            ),
        ),
        space="open air",
        wet=0.25,
    ),
    Family(
        "owl",
        listed("owl, hoot, eule, hibou"),
        (
            Scatter(
                _HOOT,
                Phrases(gap_s=(2.2, 4.0), notes=(2, 4), spacing_s=(0.5, 0.8), first_s=(0.0, 0.3)),
                gain_db=-3,
                spread_db=2,
                detune=0.03,
                pan=0.5,
                wide=0.05,
                variants=6,
            ),
        ),
        space="open air",
        wet=0.4,
    ),
    Family(
        "insects",
        listed("insect, cricket, cicada, grasshopper, grille, grillon, katydid, locust"),
        (
            Scatter(
                _CRICKET, Steady(2.6, jitter=0.05), gain_db=-8, spread_db=2, detune=0.02, pan=0.6, wide=0.05, variants=6
            ),
            Scatter(
                _CRICKET,
                Steady(2.1, jitter=0.07),
                gain_db=-15,
                spread_db=2,
                detune=0.06,
                pan=0.9,
                wide=0.05,
                variants=6,
            ),
            Scatter(
                _CRICKET,
                Steady(3.1, jitter=0.08),
                gain_db=-19,
                spread_db=3,
                detune=0.1,
                pan=0.95,
                wide=0.05,
                variants=6,
            ),
            Scatter(_CICADA, Once(), gain_db=-25, spread_db=0, detune=0, pan=0, wide=0.9, variants=1),
            Bed(
                Colour(3500, 9000, 0, peaks=((4600, 0.3, 9),)),
                gain_db=-17,
                motions=(Motion(0.4, 4), Motion(24, 4)),
                width=0.95,
            ),
        ),
        space="open air",
        wet=0.1,
    ),
    Family(
        "bee",
        listed("bee, fly, mosquito, wasp, swarm, buzz, buzzing, bumblebee, hornet, biene, abeille"),
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
                    colour=Colour(180, 5500, -1, peaks=((900, 0.8, 6),)),
                ),
                Once(),
                gain_db=-4,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.9,
                variants=1,
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
                gain_db=-11,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.9,
                variants=1,
            ),
        ),
        space="open air",
        wet=0.04,
    ),
    Family(
        "rooster",
        listed("rooster, cock-a-doodle-doo, cockerel, hahn"),
        (
            Scatter(
                _CROW_COCK,
                Once(0.05, again_s=3.6),
                gain_db=-2,
                spread_db=2,
                detune=0.04,
                pan=0.2,
                wide=0.1,
                variants=3,
            ),
        ),
        space="open air",
        wet=0.25,
    ),
    Family(
        "wings",
        listed("wing, flap, flutter, bat, flapping, fluttering"),
        (
            Scatter(
                Burst(Colour(150, 3500, -3), (0.06, 0.1), attack_s=0.015, shape=((0, 0), (0.4, 1), (1, 0))),
                Phrases(gap_s=(0.5, 1.4), notes=(4, 12), spacing_s=(0.085, 0.13), first_s=(0.0, 0.1)),
                gain_db=-3,
                spread_db=3,
                detune=0.15,
                pan=0.5,
                wide=0.3,
                variants=12,
            ),
        ),
        space="open air",
        wet=0.08,
    ),
)
