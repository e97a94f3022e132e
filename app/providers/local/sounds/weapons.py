"""Weapons: guns, lasers, arrows, and what flies past."""

from __future__ import annotations

from app.providers.local.recipe import (
    Burst,
    Colour,
    Compound,
    Family,
    Modal,
    Once,
    Phrases,
    Scatter,
    Steady,
    Tone,
    listed,
)

_SHOT = Compound(
    (
        (0.0, 0, Burst(Colour(120, 13_000, -1.5), (0.09, 0.14), attack_s=0.0002)),
        (0.0, -2, Tone((105, 140), (0.12, 0.18), "sine", glide=((0, 1.5), (0.2, 0.2), (1, -0.6)), attack_s=0.001)),
        (0.004, -8, Burst(Colour(90, 3200, -3, peaks=((320, 1.0, 4),)), (0.5, 0.9), attack_s=0.002)),
        (0.0005, -9, Modal((1900, 2700), (1, 1.6, 2.3), ring_s=(0.02, 0.04), click=0.6)),
    )
)
_AUTO = Compound(
    (
        (0, 0, Burst(Colour(150, 12_000, -1.5), (0.05, 0.07), attack_s=0.0002)),
        (0, -2, Tone((120, 150), (0.06, 0.09), "sine", glide=((0, 1.4), (0.3, 0.1), (1, -0.4)), attack_s=0.001)),
        (0.004, -9, Burst(Colour(100, 2500, -3), (0.2, 0.35))),
    )
)
_CASING = Modal((3200, 5200), (1, 1.9, 3.1), ring_s=(0.05, 0.12), damping=0.5, softness=0.3, stray=0.03, click=0.4)
_LASER = Tone(
    (2600, 3400),
    (0.22, 0.34),
    "saw",
    glide=((0, 0.3), (0.25, -1.0), (1, -3.2)),
    shape=((0, 1), (0.3, 0.7), (1, 0)),
    attack_s=0.002,
    fm=(2.0, 1.8, 0.2),
    colour=Colour(120, 12_000, -0.5),
)
_RACK = Compound(
    (
        (0, 0, Modal((700, 1200), (1, 1.7, 2.9, 4.2), ring_s=(0.03, 0.06), click=1.3)),
        (0.1, -2, Burst(Colour(1200, 9000), (0.05, 0.08), attack_s=0.01)),
        (0.2, 0, Modal((560, 900), (1, 1.8, 2.9, 4.4), ring_s=(0.04, 0.08), click=1.3)),
    )
)
_FLYBY = Burst(
    Colour(700, 7000, -1, peaks=((1700, 0.5, 9),)),
    (0.35, 0.5),
    attack_s=0.05,
    shape=((0, 0), (0.5, 1), (1, 0)),
    glide=((0, 0.5), (0.45, 0.4), (0.6, -0.3), (1, -0.6)),
)

FAMILIES = (
    Family(
        "gun",
        listed(
            "gun, gunshot, shot, pistol, rifle, shotgun, gunfire, shoot, revolver, schuss, sniper, musket, firearm, "
            "arme, bullet"
        ),
        (
            Scatter(
                _SHOT, Once(0.005, again_s=0.9), gain_db=0, spread_db=1, detune=0.05, pan=0.08, wide=0.3, variants=5
            ),
            Scatter(
                _CASING, Once(0.62, again_s=0.9), gain_db=-25, spread_db=2, detune=0.1, pan=0.3, wide=0.1, variants=4
            ),
        ),
        level_db=3,
        space="open air",
        wet=0.35,
    ),
    Family(
        "machine gun",
        listed(
            "machine gun, machine gun burst, automatic fire, burst fire, minigun, assault rifle, uzi, maschinengewehr"
        ),
        (
            Scatter(
                _AUTO,
                Phrases(gap_s=(0.35, 0.8), notes=(6, 14), spacing_s=(0.084, 0.094), first_s=(0.0, 0.01)),
                gain_db=0,
                spread_db=1.5,
                detune=0.03,
                pan=0.08,
                wide=0.25,
                variants=8,
            ),
        ),
        level_db=3,
        space="open air",
        wet=0.3,
    ),
    Family(
        "reload",
        listed("reload, cock, cocking, magazine, gun reload, racking"),
        (Scatter(_RACK, Once(0.0, again_s=1.2), gain_db=-1, spread_db=1, detune=0.08, pan=0.1, wide=0.15, variants=5),),
        space="room",
    ),
    Family(
        "ricochet",
        listed("ricochet, whiz, bullet whiz"),
        (
            Scatter(
                Compound(
                    (
                        (0, -3, Modal((1400, 2000), (1, 1.7, 2.6), ring_s=(0.03, 0.06), click=1.2)),
                        (
                            0.005,
                            0,
                            Tone(
                                (2300, 3000),
                                (0.5, 0.8),
                                "triangle",
                                glide=((0, 0.3), (1, -0.9)),
                                shape=None,
                                attack_s=0.004,
                                vibrato=(23, 0.03),
                                breath=0.3,
                            ),
                        ),
                    )
                ),
                Once(0.0, again_s=0.9),
                gain_db=-2,
                spread_db=2,
                detune=0.15,
                pan=0.6,
                wide=0.15,
                variants=6,
            ),
        ),
        space="canyon",
        wet=0.2,
    ),
    Family(
        "laser",
        listed("laser, blaster, ray gun, pew, phaser, laser gun, plasma, photon, strahlenwaffe"),
        (
            Scatter(
                Compound(((0, 0, _LASER), (0, -9, Burst(Colour(900, 12_000), (0.03, 0.06), attack_s=0.0005)))),
                Once(0.0, again_s=0.45),
                gain_db=-2,
                spread_db=1.5,
                detune=0.12,
                pan=0.35,
                wide=0.1,
                variants=8,
            ),
        ),
        level_db=1,
        space="room",
        wet=0.18,
    ),
    Family(
        "lightsaber",
        listed("energy sword, light sword, laser sword, plasma sword, force field, energy shield, shield, beam"),
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
                    colour=Colour(80, 4000, -1, peaks=((450, 0.8, 6),)),
                    stack=(0.0, 0.01, 1.0),
                ),
                Once(),
                gain_db=-3,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.5,
                variants=1,
            ),
        ),
        space="room",
        wet=0.12,
    ),
    Family(
        "arrow",
        listed("arrow, bow, crossbow, bow shot, pfeil, dart, flèche"),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            -4,
                            Modal(
                                (120, 170),
                                (1, 2.02, 3.1, 4.2),
                                ring_s=(0.12, 0.2),
                                damping=0.5,
                                softness=0.6,
                                click=0.4,
                            ),
                        ),
                        (0.02, -5, _FLYBY),
                        (0.42, 0, Modal((170, 260), (1, 2.3, 3.7), ring_s=(0.08, 0.14), click=1.0)),
                    )
                ),
                Once(0.0, again_s=1.6),
                gain_db=-1,
                spread_db=2,
                detune=0.1,
                pan=0.2,
                wide=0.2,
                variants=5,
            ),
        ),
        space="open air",
        wet=0.12,
    ),
    Family(
        "flyby",
        listed("flyby, fly by, bullet time, doppler, fly past"),
        (
            Scatter(
                Burst(
                    Colour(150, 5000, -2, peaks=((420, 0.5, 8),)),
                    (1.0, 1.6),
                    attack_s=0.3,
                    shape=((0, 0), (0.48, 1), (1, 0)),
                    glide=((0, 0.5), (0.44, 0.4), (0.58, -0.3), (1, -0.5)),
                ),
                Once(0.0, again_s=2.2),
                gain_db=-1,
                spread_db=2,
                detune=0.1,
                pan=0.5,
                wide=0.5,
                variants=4,
            ),
        ),
        space="open air",
        wet=0.15,
    ),
    Family(
        "battle",
        listed("battle, war, battlefield, combat, schlacht"),
        scene=(("machine gun", -6), ("explosion", -3), ("earthquake", -14), ("crowd", -12)),
    ),
    Family(
        "metronome click",
        listed("cowbell, woodblock click, claves"),
        (
            Scatter(
                Modal((1150, 1200), (1, 1.5, 2.6), ring_s=(0.06, 0.1), click=0.5),
                Steady(2.0, jitter=0.0, accents=(0, -6, -6, -6)),
                gain_db=-1,
                spread_db=0.5,
                detune=0,
                pan=0.05,
                wide=0.1,
                variants=4,
            ),
        ),
        space="room",
    ),
)
