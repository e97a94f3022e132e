"""Small things at hand: keyboards, paper, cloth, zippers, clocks."""

from __future__ import annotations

from app.providers.local.recipe import (
    Burst,
    Colour,
    Compound,
    Every,
    Family,
    Modal,
    Once,
    Phrases,
    Scatter,
    Steady,
    Train,
    listed,
)

_KEY = Compound(
    (
        (0, 0, Burst(Colour(1400, 9000, 0, peaks=((2600, 0.7, 5),)), (0.008, 0.016), attack_s=0.0004)),
        (0.001, -5, Modal((260, 420), (1, 2.4), ring_s=(0.015, 0.03), click=0.4)),
        (0.075, -11, Burst(Colour(1800, 10_000), (0.006, 0.012), attack_s=0.0004)),
    )
)
_PAPER = Burst(
    Colour(1400, 13_000, 0.5, peaks=((3800, 1.0, 5),)), (0.008, 0.05), attack_s=0.002, shape=((0, 0), (0.3, 1), (1, 0))
)
_RUB = Burst(
    Colour(500, 7500, -2, peaks=((1800, 1.2, 4),)),
    (0.16, 0.4),
    attack_s=0.05,
    shape=((0, 0), (0.4, 1), (0.6, 0.6), (1, 0)),
    glide=((0, -0.2), (0.5, 0.3), (1, -0.1)),
)
_TICK = Compound(
    (
        (0, 0, Modal((2300, 2500), (1, 1.9, 3.3), ring_s=(0.012, 0.02), click=1.2)),
        (0.006, -7, Modal((800, 900), (1, 2.2), ring_s=(0.02, 0.03), click=0.4)),
    )
)
_TOCK = Compound(
    (
        (0, 0, Modal((1700, 1850), (1, 1.9, 3.3), ring_s=(0.014, 0.022), click=1.1)),
        (0.006, -6, Modal((620, 700), (1, 2.2), ring_s=(0.02, 0.035), click=0.4)),
    )
)

_TILL = Compound(
    (
        (0.0, -4, Modal((620, 900), (1, 1.7, 2.9), ring_s=(0.03, 0.06), click=1.0)),
        (0.09, -6, Modal((480, 700), (1, 1.8, 2.7), ring_s=(0.03, 0.06), click=1.0)),
        (0.17, 0, Modal((2050, 2300), (1, 2.0, 2.76, 5.4), ring_s=(1.0, 1.5), damping=0.6, softness=0.6, click=0.3)),
        (0.24, -8, Burst(Colour(250, 3500, -2), (0.22, 0.3), 0.04, ((0, 0.2), (0.8, 1), (1, 0)))),
        (0.5, -3, Modal((110, 160), (1, 1.9, 3.1, 4.6), ring_s=(0.1, 0.18), click=0.9)),
    )
)

FAMILIES = (
    Family(
        "cash register",
        listed("cash register, register, till, ka-ching, kaching, cha-ching, registrierkasse"),
        (Scatter(_TILL, Once(0.01, again_s=1.8), gain_db=0, spread_db=1, detune=0.04, pan=0.1, wide=0.15, variants=3),),
        space="room",
        wet=0.15,
    ),
    Family(
        "typing",
        listed("type, typing, keyboard, typewriter, keystroke, tippen, tastatur, clavier"),
        (
            Scatter(
                _KEY,
                Phrases(gap_s=(0.15, 0.6), notes=(3, 9), spacing_s=(0.09, 0.15), first_s=(0.0, 0.05)),
                gain_db=-3,
                spread_db=5,
                detune=0.15,
                pan=0.25,
                wide=0.1,
                variants=20,
            ),
        ),
        space="dry",
    ),
    Family(
        "paper",
        listed("paper, tear, tearing, page, crumple, book, newspaper, letter, papier, page turn, crinkle, map"),
        (
            Scatter(
                _PAPER,
                Phrases(gap_s=(0.25, 0.9), notes=(8, 24), spacing_s=(0.015, 0.045), first_s=(0.0, 0.05)),
                gain_db=-5,
                spread_db=8,
                detune=0.3,
                pan=0.3,
                wide=0.2,
                variants=28,
            ),
            Scatter(
                Burst(
                    Colour(1200, 11_000, 0),
                    (0.2, 0.45),
                    attack_s=0.06,
                    shape=((0, 0), (0.4, 1), (1, 0)),
                    glide=((0, -0.3), (1, 0.3)),
                ),
                Every((0.8, 1.7), first_s=(0.0, 0.3)),
                gain_db=-8,
                spread_db=3,
                detune=0.2,
                pan=0.3,
                wide=0.25,
                variants=6,
            ),
        ),
        space="dry",
    ),
    Family(
        "plastic bag",
        listed("plastic, bag, wrapper, foil, chips"),
        (
            Scatter(
                Burst(Colour(2500, 15_000, 1), (0.002, 0.012), attack_s=0.0003),
                Phrases(gap_s=(0.15, 0.5), notes=(14, 45), spacing_s=(0.006, 0.02), first_s=(0.0, 0.05)),
                gain_db=-4,
                spread_db=10,
                detune=0.3,
                pan=0.35,
                wide=0.2,
                variants=28,
            ),
        ),
        space="dry",
    ),
    Family(
        "cloth",
        listed(
            "cloth, fabric, clothing, clothes, jacket, silk, sail, curtain, flag, stoff, tissu, blanket, dress, "
            "cape, cloak"
        ),
        (
            Scatter(
                _RUB,
                Phrases(gap_s=(0.3, 0.9), notes=(1, 4), spacing_s=(0.16, 0.35), first_s=(0.0, 0.05)),
                gain_db=-3,
                spread_db=4,
                detune=0.25,
                pan=0.3,
                wide=0.25,
                variants=14,
            ),
            Scatter(
                Burst(Colour(90, 900, -3), (0.1, 0.2), attack_s=0.03, shape=((0, 0), (0.3, 1), (1, 0))),
                Every((0.6, 1.6), first_s=(0.1, 0.5)),
                gain_db=-11,
                spread_db=4,
                detune=0.2,
                pan=0.3,
                wide=0.3,
                variants=6,
            ),
        ),
        space="dry",
    ),
    Family(
        "zipper",
        listed("zipper, zip, unzip, reissverschluss, velcro"),
        (
            Scatter(
                Train(
                    Burst(Colour(1800, 12_000, 0.5, peaks=((3600, 0.6, 7),)), (0.004, 0.008), attack_s=0.0003),
                    rate_hz=(120, 160),
                    seconds=(0.5, 0.8),
                    glide=((0, -0.5), (0.5, 0.5), (1, 0.9)),
                    shape=((0, 0.3), (0.2, 0.9), (0.9, 1), (1, 0)),
                    jitter=0.06,
                    rough=3.0,
                ),
                Once(0.0, again_s=1.2),
                gain_db=-2,
                spread_db=2,
                detune=0.08,
                pan=0.2,
                wide=0.1,
                variants=5,
            ),
        ),
        space="dry",
    ),
    Family(
        "scrape",
        listed("scrape, drag, dragging, scratch, sliding, chair, saw, sawing, file, sandpaper, grind, grinding, slide"),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            0,
                            Train(
                                Burst(Colour(350, 7000, -1, peaks=((1100, 0.6, 8), (2300, 0.5, 7))), (0.006, 0.014)),
                                rate_hz=(150, 230),
                                seconds=(0.5, 0.9),
                                glide=((0, -0.3), (0.5, 0.3), (1, 0)),
                                jitter=0.5,
                                rough=6.0,
                            ),
                        ),
                        (
                            0,
                            -8,
                            Burst(Colour(200, 4000, -2), (0.5, 0.9), attack_s=0.1, shape=((0, 0), (0.4, 1), (1, 0))),
                        ),
                    )
                ),
                Every((0.75, 1.2), first_s=(0.0, 0.02)),
                gain_db=-2,
                spread_db=3,
                detune=0.08,
                pan=0.25,
                wide=0.2,
                variants=8,
            ),
        ),
        space="room",
    ),
    Family(
        "writing",
        listed("write, writing, pencil, pen, chalk, scribble, drawing, signature"),
        (
            Scatter(
                Burst(
                    Colour(1800, 11_000, 0, peaks=((4200, 0.8, 6),)),
                    (0.05, 0.15),
                    attack_s=0.012,
                    shape=((0, 0), (0.3, 1), (0.7, 0.7), (1, 0)),
                    glide=((0, -0.15), (0.5, 0.2), (1, -0.1)),
                ),
                Phrases(gap_s=(0.1, 0.4), notes=(3, 9), spacing_s=(0.08, 0.15), first_s=(0.0, 0.03)),
                gain_db=-4,
                spread_db=4,
                detune=0.2,
                pan=0.15,
                wide=0.15,
                variants=16,
            ),
        ),
        space="dry",
    ),
    Family(
        "clock",
        listed("clock, tick, ticking, watch, tick tock, uhr, horloge, stopwatch, metronome, timer"),
        (
            Scatter(
                _TICK,
                Steady(1.0, jitter=0.004),
                gain_db=-1,
                spread_db=0.6,
                detune=0.005,
                pan=0.03,
                wide=0.08,
                variants=4,
            ),
            Scatter(
                Compound(((0.5, 0, _TOCK),)),
                Steady(1.0, jitter=0.004),
                gain_db=-2,
                spread_db=0.6,
                detune=0.005,
                pan=0.03,
                wide=0.08,
                variants=4,
            ),
        ),
        space="room",
        wet=0.2,
    ),
)
