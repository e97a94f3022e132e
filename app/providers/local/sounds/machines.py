"""Machines that hum, whirr and work."""

from __future__ import annotations

from app.providers.local.recipe import (
    Bed,
    Burst,
    Colour,
    Compound,
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
from app.providers.local.sounds.hum import hum

_FLAT = ((0.0, 1.0), (1.0, 1.0))


FAMILIES = (
    Family(
        "machine hum",
        listed(
            "hum, machine, machine hum, machinery, transformer, fridge, refrigerator, server room, computer, "
            "humming, maschine, air conditioner, ventilation, factory, appliance, mains hum"
        ),
        (
            hum(50, "hollow", gain_db=-10, colour=None, wander=0.001),
            hum(
                100,
                "soft saw",
                gain_db=-6,
                colour=Colour(60, 1400, -4),
                wander=0.001,
                breath=0.0,
                stack=(0.0, 0.003, 1.0),
            ),
            hum(
                148, "sine", gain_db=-16, colour=None, wander=0.003, breath=0.0, stack=(0.0, 0.585), tremolo=(0.7, 0.3)
            ),
            Bed(
                Colour(80, 1800, -4, peaks=((310, 0.4, 8), (620, 0.3, 5))),
                gain_db=-8,
                motions=(Motion(0.3, 2),),
                width=0.8,
            ),
            Bed(Colour(1800, 9000, -2), gain_db=-25, motions=(Motion(0.5, 2),), width=0.95),
        ),
        space="room",
    ),
    Family(
        "fan",
        listed("fan, ventilator, vacuum, vacuum cleaner, hair dryer, blower, lüfter, hoover, air vent"),
        (
            Bed(
                Colour(150, 5500, -2.5, peaks=((420, 0.6, 6),)),
                gain_db=0,
                motions=(Motion(17, 2.5, octaves=0, shape="throb"), Motion(0.4, 1.5)),
                width=0.85,
            ),
            hum(118, "soft saw", gain_db=-16, colour=Colour(100, 1800, -3), wander=0.003),
            Bed(Colour(40, 200, -2), gain_db=-12, motions=(), width=0.5),
        ),
        space="room",
    ),
    Family(
        "drill",
        listed(
            "drill, electric drill, power tool, bohrer, chainsaw, circular saw, blender, mixer, dentist, lawnmower, "
            "shaver, motor saw"
        ),
        (
            Scatter(
                Tone(
                    (185, 195),
                    None,
                    "pulse",
                    glide=((0, -1.0), (0.08, 0.15), (0.4, 0.0), (0.6, -0.15), (0.9, 0.1), (1, -0.6)),
                    shape=((0, 0.3), (0.08, 1), (0.9, 1), (1, 0.2)),
                    attack_s=0.02,
                    wander=0.03,
                    breath=0.25,
                    colour=Colour(150, 9000, 0, peaks=((1200, 0.7, 6), (3100, 0.5, 5))),
                ),
                Once(),
                gain_db=-3,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.6,
                variants=1,
            ),
            Bed(
                Colour(900, 9000, -1),
                gain_db=-10,
                motions=(Motion(31, 5, octaves=0, shape="throb"), Motion(1.2, 4)),
                width=0.7,
            ),
        ),
        space="room",
    ),
    Family(
        "robot",
        listed(
            "robot, servo, mech, android, robotic arm, mechanical, hydraulic, actuator, exoskeleton, gears, gear, "
            "clockwork"
        ),
        (
            Scatter(
                Tone(
                    (240, 420),
                    (0.25, 0.6),
                    "soft saw",
                    glide=((0, -0.3), (0.2, 0.3), (0.8, 0.35), (1, -0.3)),
                    shape=((0, 0), (0.1, 1), (0.85, 0.9), (1, 0)),
                    attack_s=0.01,
                    fm=(1.5, 1.2, 0.6),
                    breath=0.08,
                    colour=Colour(250, 7000, 0),
                ),
                Phrases(gap_s=(0.3, 0.9), notes=(1, 3), spacing_s=(0.4, 0.7), first_s=(0.0, 0.03)),
                gain_db=-4,
                spread_db=3,
                detune=0.25,
                pan=0.4,
                wide=0.1,
                variants=12,
            ),
            Scatter(
                Modal((500, 1100), (1, 1.7, 2.9, 4.1), ring_s=(0.04, 0.12), click=0.9),
                Phrases(gap_s=(0.3, 0.9), notes=(1, 3), spacing_s=(0.4, 0.7), first_s=(0.0, 0.03)),
                gain_db=-9,
                spread_db=4,
                detune=0.2,
                pan=0.4,
                wide=0.1,
                variants=10,
            ),
        ),
        space="room",
        wet=0.15,
    ),
    Family(
        "conveyor",
        listed(
            "conveyor, assembly line, printer, printing press, loom, sewing machine, mill, pump, washing machine, "
            "piston, elevator, lift"
        ),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Modal((150, 260), (1, 1.9, 3.1), ring_s=(0.06, 0.12), click=0.7)),
                        (0.11, -5, Burst(Colour(700, 6000, -2), (0.03, 0.06))),
                        (0.2, -8, Modal((380, 700), (1, 2.3), ring_s=(0.03, 0.06), click=0.6)),
                    )
                ),
                Steady(3.1, jitter=0.012, accents=(0, -3)),
                gain_db=-3,
                spread_db=1.5,
                detune=0.04,
                pan=0.25,
                wide=0.2,
                variants=8,
            ),
            hum(74, "soft saw", gain_db=-15, colour=Colour(60, 1200, -3)),
            Bed(Colour(150, 2500, -3), gain_db=-16, motions=(Motion(3.1, 5, octaves=0, shape="throb"),), width=0.8),
        ),
        space="hall",
        wet=0.15,
    ),
    Family(
        "geiger",
        listed("geiger, geiger counter, radiation, radioactive"),
        (
            Scatter(
                Burst(Colour(900, 9000, 0, peaks=((2400, 0.5, 8),)), (0.003, 0.006), attack_s=0.0002),
                Scattered(11),
                gain_db=-1,
                spread_db=2,
                detune=0.05,
                pan=0.1,
                wide=0.05,
                variants=10,
            ),
        ),
        space="dry",
    ),
    Family(
        "sonar",
        listed("sonar, submarine, ping, radar, u-boat, u-boot"),
        (
            Scatter(
                Tone((1480, 1500), (1.6, 1.9), "sine", glide=((0, 0), (1, -0.02)), shape=None, attack_s=0.01),
                Steady(0.42, jitter=0.0),
                gain_db=-2,
                spread_db=0.5,
                detune=0,
                pan=0.05,
                wide=0.1,
                variants=3,
            ),
            hum(58, "hollow", gain_db=-19, colour=None, wander=0.01),
            Bed(Colour(40, 500, -4), gain_db=-17, motions=(Motion(0.2, 5),), width=0.8),
        ),
        space="underwater",
        wet=0.5,
    ),
)
