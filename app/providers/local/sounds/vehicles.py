"""Engines and vehicles, on the road, on rails and in the air."""

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
    Scatter,
    Steady,
    Tone,
    Train,
    listed,
)
from app.providers.local.sounds.engines import CAR, FIRING, FLAT, IDLE, revving
from app.providers.local.sounds.hum import hum

_RAIL = Compound(
    (
        (
            0,
            0,
            Modal((95, 140), (1, 2.1, 3.3, 5.2), ring_s=(0.12, 0.2), damping=0.7, softness=0.5, stray=0.04, click=0.5),
        ),
        (0.0, -5, Burst(Colour(500, 5000, -2), (0.04, 0.07))),
        (
            0.13,
            -2,
            Modal((95, 140), (1, 2.1, 3.3, 5.2), ring_s=(0.12, 0.2), damping=0.7, softness=0.5, stray=0.04, click=0.5),
        ),
    )
)

FAMILIES = (
    Family(
        "engine",
        listed(
            "engine, motor, truck, diesel, tractor, generator, lorry, motorboat, lkw, moteur, bus, tank "
            "engine, outboard"
        ),
        IDLE,
        {"revving": revving(42)},
        space="open air",
        wet=0.06,
    ),
    Family(
        "car",
        listed(
            "car, auto, voiture, race car, vehicle, driving, car engine, sports car, rev, revving, rev up, revving up"
        ),
        CAR,
        {"idling": IDLE, "revving": revving(66)},
        space="open air",
        wet=0.08,
    ),
    Family(
        "motorcycle",
        listed("motorcycle, motorbike, moped, chopper bike, scooter"),
        (
            Scatter(
                Train(
                    FIRING,
                    rate_hz=(40, 46),
                    seconds=None,
                    glide=((0, -0.3), (0.2, 0.6), (0.5, 0.2), (0.8, 1.0), (1, 0.5)),
                    shape=FLAT,
                    jitter=0.07,
                    rough=3.0,
                ),
                Once(),
                gain_db=-3,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.4,
                variants=1,
            ),
            Bed(
                Colour(250, 4000, -3, peaks=((700, 0.8, 5),)),
                gain_db=-12,
                motions=(Motion(20, 5, octaves=0, shape="throb"),),
                width=0.6,
            ),
        ),
        space="open air",
        wet=0.06,
    ),
    Family(
        "traffic",
        listed("traffic, road, street, highway, verkehr, cars, motorway, circulation"),
        (
            Bed(
                Colour(60, 900, -4, peaks=((160, 1.0, 4),)),
                gain_db=1,
                motions=(Motion(0.12, 7, octaves=0.2),),
                width=0.85,
            ),
            Bed(Colour(300, 4500, -4), gain_db=-6, motions=(Motion(0.17, 14, octaves=0.35, shape="gust"),), width=0.9),
            Scatter(
                Burst(
                    Colour(150, 3500, -3),
                    (2.2, 3.8),
                    attack_s=0.4,
                    shape=((0, 0), (0.45, 1), (1, 0)),
                    glide=((0, 0.3), (0.5, 0.15), (0.6, -0.2), (1, -0.4)),
                ),
                Every((2.4, 5), first_s=(0.0, 1.0)),
                gain_db=-9,
                spread_db=4,
                detune=0.2,
                pan=0.9,
                wide=0.4,
                variants=6,
            ),
        ),
        space="open air",
        wet=0.08,
    ),
    Family(
        "train",
        listed("train, railway, railroad, locomotive, subway, metro, zug, tram, rail, underground train"),
        (
            Scatter(
                _RAIL, Steady(1.35, jitter=0.02), gain_db=4, spread_db=2, detune=0.05, pan=0.35, wide=0.3, variants=8
            ),
            Scatter(
                _RAIL,
                Steady(1.35, jitter=0.025, accents=(-4, -5)),
                gain_db=-3,
                spread_db=2,
                detune=0.12,
                pan=0.5,
                wide=0.3,
                variants=8,
            ),
            Bed(
                Colour(45, 420, -3, peaks=((85, 0.8, 5),)),
                gain_db=-5,
                motions=(Motion(0.7, 3), Motion(2.7, 4, octaves=0.0, shape="throb")),
                width=0.7,
            ),
            Bed(
                Colour(500, 6000, -3, peaks=((2100, 0.3, 8),)),
                gain_db=-13,
                motions=(Motion(0.4, 6, octaves=0.05), Motion(5.4, 4)),
                width=0.9,
            ),
        ),
        space="open air",
        wet=0.08,
    ),
    Family(
        "steam train",
        listed("steam train, steam engine, steam locomotive, dampflok"),
        (
            Scatter(
                Burst(
                    Colour(300, 7000, -2, peaks=((900, 0.9, 5),)),
                    (0.14, 0.22),
                    attack_s=0.015,
                    shape=((0, 0), (0.15, 1), (1, 0)),
                ),
                Steady(3.6, jitter=0.02, accents=(0, -4, -2, -5)),
                gain_db=-2,
                spread_db=2,
                detune=0.08,
                pan=0.1,
                wide=0.4,
                variants=8,
            ),
            Bed(Colour(45, 400, -3), gain_db=-7, motions=(Motion(3.6, 5, octaves=0, shape="throb"),), width=0.7),
            Scatter(
                Modal((180, 300), (1, 2.1, 3.6), ring_s=(0.08, 0.14), click=0.5),
                Steady(1.8, jitter=0.02),
                gain_db=-16,
                spread_db=3,
                detune=0.1,
                pan=0.3,
                wide=0.3,
                variants=6,
            ),
        ),
        space="open air",
        wet=0.12,
    ),
    Family(
        "train horn",
        listed("horn, train horn, foghorn, ship horn, truck horn, honk, car horn, hupe, klaxon, fog horn"),
        (
            Scatter(
                Tone(
                    (155, 158),
                    (1.2, 1.7),
                    "brass",
                    glide=((0, -0.04), (0.08, 0), (1, -0.02)),
                    shape=((0, 0), (0.05, 1), (0.9, 0.95), (1, 0)),
                    attack_s=0.03,
                    stack=(0.0, 0.333, 0.583),
                    breath=0.04,
                    colour=Colour(120, 4500, -1),
                ),
                Once(0.02, again_s=2.3),
                gain_db=0,
                spread_db=1,
                detune=0.0,
                pan=0.05,
                wide=0.25,
                variants=3,
            ),
        ),
        level_db=2,
        space="open air",
        wet=0.3,
    ),
    Family(
        "helicopter",
        listed("helicopter, chopper, hubschrauber, rotor, hélicoptère, drone copter"),
        (
            Scatter(
                Burst(Colour(35, 900, -4, peaks=((75, 0.8, 7),)), (0.06, 0.08), attack_s=0.006),
                Steady(11.5, jitter=0.01, accents=(0, -1)),
                gain_db=-1,
                spread_db=1,
                detune=0.02,
                pan=0.1,
                wide=0.35,
                variants=8,
            ),
            Bed(Colour(150, 4000, -3), gain_db=-6, motions=(Motion(11.5, 15, octaves=0.1, shape="chop"),), width=0.7),
            hum(360, "soft saw", gain_db=-27, colour=Colour(300, 4000, -1), wander=0.01, breath=0.2),
            Bed(Colour(2500, 11_000, -1), gain_db=-21, motions=(Motion(11.5, 6, octaves=0, shape="chop"),), width=0.9),
        ),
        space="open air",
        wet=0.1,
    ),
    Family(
        "jet",
        listed(
            "jet, airplane, plane, aircraft, flugzeug, avion, turbine, airliner, take off, takeoff, rocket engine, "
            "thruster, afterburner"
        ),
        (
            Bed(
                Colour(35, 1800, -3, peaks=((120, 1.2, 4),)),
                gain_db=3,
                motions=(Motion(3.5, 3), Motion(0.25, 4, octaves=0.1)),
                width=0.85,
            ),
            Bed(Colour(700, 9000, -2), gain_db=-6, motions=(Motion(0.3, 6, octaves=0.15),), width=0.95),
            hum(2350, "sine", gain_db=-25, colour=None, wander=0.02, breath=0.1, stack=(0.0, 0.58)),
        ),
        level_db=1,
        space="open air",
        wet=0.12,
    ),
    Family(
        "propeller",
        listed("propeller, propeller plane, biplane, airship, cessna"),
        (
            Scatter(
                FIRING, Steady(52, jitter=0.02), gain_db=-5, spread_db=1, detune=0.02, pan=0.05, wide=0.3, variants=10
            ),
            hum(104, "soft saw", gain_db=-9, colour=Colour(80, 2500, -3), wander=0.006),
            Bed(
                Colour(150, 3000, -4),
                gain_db=-10,
                motions=(Motion(52, 6, octaves=0, shape="throb"), Motion(0.4, 4)),
                width=0.8,
            ),
        ),
        space="open air",
        wet=0.1,
    ),
    Family(
        "spaceship",
        listed(
            "spaceship, starship, space station, space ship, spacecraft, ufo, sci-fi, scifi, bridge of a ship, "
            "hyperdrive, warp, space"
        ),
        (
            hum(
                55,
                "soft saw",
                gain_db=-8,
                colour=Colour(40, 900, -4),
                wander=0.01,
                breath=0.0,
                stack=(0.0, 0.003, 0.583, 1.0),
            ),
            hum(
                220,
                "sine",
                gain_db=-22,
                colour=None,
                wander=0.02,
                breath=0.0,
                stack=(0.0, 0.005, 0.58),
                tremolo=(0.3, 0.6),
            ),
            Bed(
                Colour(60, 1200, -4, peaks=((180, 0.3, 9), (430, 0.3, 6))),
                gain_db=-5,
                motions=(Motion(0.15, 5, octaves=0.15),),
                width=0.9,
            ),
            Bed(Colour(2500, 9000, -2), gain_db=-24, motions=(Motion(0.2, 4),), width=0.95),
        ),
        space="spaceship",
        wet=0.25,
    ),
)
