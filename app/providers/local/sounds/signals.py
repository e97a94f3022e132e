"""Alarms, sirens, telephones and radios."""

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
    Scattered,
    Steady,
    Tone,
    Train,
    listed,
)

_BELL_HAMMER = Modal(
    (1150, 1250), (1, 1.003, 2.7, 4.4), ring_s=(0.25, 0.4), damping=0.5, softness=0.4, stray=0.002, click=0.2
)

FAMILIES = (
    Family(
        "alarm",
        listed(
            "alarm, fire alarm, alarm clock, smoke alarm, intruder alarm, warning, red alert, evacuation, burglar "
            "alarm, wecker, buzzer, car alarm"
        ),
        (
            Scatter(
                Compound(
                    (
                        (
                            0,
                            0,
                            Tone(
                                (960, 962),
                                (0.24, 0.25),
                                "square",
                                shape=((0, 0), (0.03, 1), (0.97, 1), (1, 0)),
                                colour=Colour(300, 7000, -1),
                            ),
                        ),
                        (
                            0.26,
                            0,
                            Tone(
                                (760, 762),
                                (0.24, 0.25),
                                "square",
                                shape=((0, 0), (0.03, 1), (0.97, 1), (1, 0)),
                                colour=Colour(300, 7000, -1),
                            ),
                        ),
                    )
                ),
                Steady(1.9, jitter=0.0),
                gain_db=-2,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.1,
                variants=1,
            ),
        ),
        level_db=1,
        space="room",
        wet=0.2,
    ),
    Family(
        "siren",
        listed("siren, police, ambulance, police siren, fire engine, sirene, sirène, air raid, emergency"),
        (
            Scatter(
                Tone(
                    (640, 645),
                    (3.3, 3.4),
                    "soft saw",
                    glide=((0, 0), (0.45, 1.0), (0.6, 1.0), (1, 0)),
                    shape=((0, 0.9), (0.5, 1), (1, 0.9)),
                    attack_s=0.01,
                    colour=Colour(400, 5500, 0, peaks=((1300, 0.8, 5),)),
                    stack=(0.0, 0.004),
                ),
                Steady(0.302, jitter=0.0),
                gain_db=-2,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.15,
                variants=1,
            ),
        ),
        level_db=1,
        space="open air",
        wet=0.25,
    ),
    Family(
        "phone",
        listed("phone, telephone, ringtone, phone ring, telefon, ringing, old phone, dial"),
        (
            Scatter(
                Train(
                    _BELL_HAMMER,
                    rate_hz=(21, 22),
                    seconds=(1.0, 1.05),
                    shape=((0, 1), (0.95, 1), (1, 0)),
                    jitter=0.01,
                    rough=1.0,
                ),
                Steady(0.42, jitter=0.0),
                gain_db=-2,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.2,
                variants=3,
            ),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "radio static",
        listed(
            "static, radio, radio static, interference, white noise, walkie talkie, tv static, rauschen, tuning, "
            "shortwave, detuned radio, hiss of a tape, tape, vinyl, vinyl crackle, record crackle"
        ),
        (
            Bed(
                Colour(500, 6500, -0.5, peaks=((1700, 1.2, 4),)),
                gain_db=0,
                motions=(Motion(0.9, 4), Motion(9, 3)),
                width=0.6,
            ),
            Scatter(
                Burst(Colour(900, 8000), (0.002, 0.01), attack_s=0.0002),
                Scattered(38),
                gain_db=-10,
                spread_db=9,
                detune=0.3,
                pan=0.5,
                wide=0.1,
                variants=20,
            ),
            Scatter(
                Tone(
                    (900, 1600),
                    None,
                    "sine",
                    glide=((0, 0.6), (0.2, -0.3), (0.35, 0.2), (0.6, -0.6), (0.8, 0.5), (1, 0)),
                    shape=((0, 0.2), (0.2, 1), (0.4, 0.1), (0.7, 0.9), (1, 0.2)),
                    attack_s=0.05,
                    wander=0.15,
                ),
                Once(),
                gain_db=-23,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.4,
                variants=1,
            ),
            Scatter(
                Burst(Colour(400, 5000), (0.05, 0.2), attack_s=0.002, shape=((0, 1), (0.9, 1), (1, 0))),
                Every((0.7, 2.0), first_s=(0.2, 0.8)),
                gain_db=-13,
                spread_db=4,
                detune=0.3,
                pan=0.3,
                wide=0.3,
                variants=6,
            ),
        ),
        space="dry",
    ),
)
