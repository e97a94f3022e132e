"""Weapons: guns, lasers, arrows, and what flies past."""

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
    Tone,
)

_SHOT = Compound(
    (
        (0.0, 0, Burst(Colour(120, 13_000, -1.5), (0.09, 0.14), 0.0002)),
        (0.0, -2, Tone((105, 140), (0.12, 0.18), "sine", ((0, 1.5), (0.2, 0.2), (1, -0.6)), attack_s=0.001)),
        (0.004, -8, Burst(Colour(90, 3200, -3, ((320, 1.0, 4),)), (0.5, 0.9), 0.002)),
        (0.0005, -9, Modal((1900, 2700), (1, 1.6, 2.3), (0.02, 0.04), click=0.6)),
    )
)
_AUTO = Compound(
    (
        (0, 0, Burst(Colour(150, 12_000, -1.5), (0.05, 0.07), 0.0002)),
        (0, -2, Tone((120, 150), (0.06, 0.09), "sine", ((0, 1.4), (0.3, 0.1), (1, -0.4)), attack_s=0.001)),
        (0.004, -9, Burst(Colour(100, 2500, -3), (0.2, 0.35))),
    )
)
_CASING = Modal((3200, 5200), (1, 1.9, 3.1), (0.05, 0.12), 0.5, 0.3, 0.03, click=0.4)
_LASER = Tone(
    (2600, 3400),
    (0.22, 0.34),
    "saw",
    ((0, 0.3), (0.25, -1.0), (1, -3.2)),
    ((0, 1), (0.3, 0.7), (1, 0)),
    0.002,
    fm=(2.0, 1.8, 0.2),
    colour=Colour(120, 12_000, -0.5),
)
_RACK = Compound(
    (
        (0, 0, Modal((700, 1200), (1, 1.7, 2.9, 4.2), (0.03, 0.06), click=1.3)),
        (0.1, -2, Burst(Colour(1200, 9000), (0.05, 0.08), 0.01)),
        (0.2, 0, Modal((560, 900), (1, 1.8, 2.9, 4.4), (0.04, 0.08), click=1.3)),
    )
)
_FLYBY = Burst(
    Colour(700, 7000, -1, ((1700, 0.5, 9),)),
    (0.35, 0.5),
    0.05,
    ((0, 0), (0.5, 1), (1, 0)),
    ((0, 0.5), (0.45, 0.4), (0.6, -0.3), (1, -0.6)),
)

FAMILIES = (
    Family(
        "gun",
        (
            "gun",
            "gunshot",
            "shot",
            "pistol",
            "rifle",
            "shotgun",
            "gunfire",
            "shoot",
            "revolver",
            "schuss",
            "sniper",
            "musket",
            "firearm",
            "arme",
            "bullet",
        ),
        (
            Scatter(_SHOT, Once(0.005, 0.9), 0, 1, 0.05, 0.08, 0.3, 5),
            Scatter(_CASING, Once(0.62, 0.9), -25, 2, 0.1, 0.3, 0.1, 4),
        ),
        level_db=3,
        space="open air",
        wet=0.35,
    ),
    Family(
        "machine gun",
        ("machine gun", "automatic fire", "burst fire", "minigun", "assault rifle", "uzi", "maschinengewehr"),
        (Scatter(_AUTO, Phrases((0.35, 0.8), (6, 14), (0.084, 0.094), (0.0, 0.01)), 0, 1.5, 0.03, 0.08, 0.25, 8),),
        level_db=3,
        space="open air",
        wet=0.3,
    ),
    Family(
        "reload",
        ("reload", "cock", "cocking", "magazine", "gun reload", "racking"),
        (Scatter(_RACK, Every((1.0, 1.7), (0.0, 0.02)), -1, 1, 0.08, 0.1, 0.15, 5),),
        space="room",
    ),
    Family(
        "ricochet",
        ("ricochet", "whiz", "bullet whiz"),
        (
            Scatter(
                Compound(
                    (
                        (0, -3, Modal((1400, 2000), (1, 1.7, 2.6), (0.03, 0.06), click=1.2)),
                        (
                            0.005,
                            0,
                            Tone(
                                (2300, 3000),
                                (0.5, 0.8),
                                "triangle",
                                ((0, 0.3), (1, -0.9)),
                                None,
                                0.004,
                                (23, 0.03),
                                breath=0.3,
                            ),
                        ),
                    )
                ),
                Every((0.7, 1.4), (0.0, 0.02)),
                -2,
                2,
                0.15,
                0.6,
                0.15,
                6,
            ),
        ),
        space="canyon",
        wet=0.2,
    ),
    Family(
        "laser",
        ("laser", "blaster", "ray gun", "pew", "phaser", "laser gun", "plasma", "photon", "strahlenwaffe"),
        (
            Scatter(
                Compound(((0, 0, _LASER), (0, -9, Burst(Colour(900, 12_000), (0.03, 0.06), 0.0005)))),
                Phrases((0.35, 0.8), (1, 3), (0.24, 0.38), (0.0, 0.01)),
                -2,
                1.5,
                0.12,
                0.35,
                0.1,
                8,
            ),
        ),
        level_db=1,
        space="room",
        wet=0.18,
    ),
    Family(
        "lightsaber",
        (
            "energy sword",
            "light sword",
            "laser sword",
            "plasma sword",
            "force field",
            "energy shield",
            "shield",
            "beam",
        ),
        (
            Scatter(
                Tone(
                    (92, 96),
                    None,
                    "saw",
                    shape=((0, 0.6), (0.2, 1), (0.45, 0.6), (0.7, 1), (1, 0.7)),
                    wander=0.12,
                    vibrato=(4, 0.02),
                    tremolo=(29, 0.35),
                    colour=Colour(80, 4000, -1, ((450, 0.8, 6),)),
                    stack=(0.0, 0.01, 1.0),
                ),
                Once(),
                -3,
                0,
                0,
                0,
                0.5,
                1,
            ),
        ),
        space="room",
        wet=0.12,
    ),
    Family(
        "arrow",
        ("arrow", "bow", "crossbow", "bow shot", "pfeil", "dart", "flèche"),
        (
            Scatter(
                Compound(
                    (
                        (0, -4, Modal((120, 170), (1, 2.02, 3.1, 4.2), (0.12, 0.2), 0.5, 0.6, click=0.4)),
                        (0.02, -5, _FLYBY),
                        (0.42, 0, Modal((170, 260), (1, 2.3, 3.7), (0.08, 0.14), click=1.0)),
                    )
                ),
                Every((1.3, 2.2), (0.0, 0.01)),
                -1,
                2,
                0.1,
                0.2,
                0.2,
                5,
            ),
        ),
        space="open air",
        wet=0.12,
    ),
    Family(
        "flyby",
        ("flyby", "fly by", "passing", "pass by", "bullet time", "doppler", "fly past"),
        (
            Scatter(
                Burst(
                    Colour(150, 5000, -2, ((420, 0.5, 8),)),
                    (1.0, 1.6),
                    0.3,
                    ((0, 0), (0.48, 1), (1, 0)),
                    ((0, 0.5), (0.44, 0.4), (0.58, -0.3), (1, -0.5)),
                ),
                Every((1.8, 3.0), (0.0, 0.1)),
                -1,
                2,
                0.1,
                0.5,
                0.5,
                4,
            ),
        ),
        space="open air",
        wet=0.15,
    ),
    Family(
        "battle",
        ("battle", "war", "battlefield", "combat", "schlacht"),
        scene=(("machine gun", -6), ("explosion", -3), ("earthquake", -14), ("crowd", -12)),
    ),
    Family(
        "metronome click",
        ("cowbell", "woodblock click", "claves"),
        (
            Scatter(
                Modal((1150, 1200), (1, 1.5, 2.6), (0.06, 0.1), click=0.5),
                Steady(2.0, 0.0, (0, -6, -6, -6)),
                -1,
                0.5,
                0,
                0.05,
                0.1,
                4,
            ),
        ),
        space="room",
    ),
)
