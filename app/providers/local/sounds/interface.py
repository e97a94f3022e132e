"""Sounds of interfaces: beeps, clicks, messages, codes."""

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
    Tone,
    Tune,
    listed,
)

_SOFT = Modal((780, 790), (1, 2.0, 3.01), ring_s=(0.4, 0.55), damping=0.7, softness=1.2, stray=0.0, click=0.06)

FAMILIES = (
    Family(
        "ui beep",
        listed(
            "beep, ui beep, confirm, "
            "blip, bleep, beeping, interface, piep, ui, menu, computer beep, button, select, scanner, "
            "hud"
        ),
        (
            Scatter(
                Tone(
                    (1180, 1190),
                    (0.07, 0.1),
                    "triangle",
                    shape=((0, 0), (0.08, 1), (0.7, 0.8), (1, 0)),
                    attack_s=0.002,
                ),
                Once(0.0, again_s=0.55),
                gain_db=-2,
                spread_db=0.5,
                detune=0.0,
                pan=0.05,
                wide=0.05,
                variants=3,
            ),
        ),
        space="dry",
    ),
    Family(
        "ui click",
        listed("click, ui click, tap, mouse click, press, klick, pop, tick sound, mouse"),
        (
            Scatter(
                Compound(
                    (
                        (0, 0, Burst(Colour(1200, 9000, 0, peaks=((2600, 0.6, 7),)), (0.006, 0.01), attack_s=0.0003)),
                        (0.001, -4, Modal((480, 620), (1, 2.2), ring_s=(0.015, 0.025), click=0.2)),
                    )
                ),
                Once(0.0, again_s=0.5),
                gain_db=-1,
                spread_db=1,
                detune=0.05,
                pan=0.05,
                wide=0.05,
                variants=6,
            ),
        ),
        space="dry",
    ),
    Family(
        "error",
        listed("error, fail, failure, wrong, denied, lose, game over, invalid, defeat, fehler, negative"),
        (
            Scatter(
                Tone(
                    (155, 156),
                    (0.2, 0.24),
                    "square",
                    shape=((0, 0), (0.04, 1), (0.8, 0.9), (1, 0)),
                    colour=Colour(100, 4000, -2),
                    stack=(0.0, 0.083),
                ),
                Tune(((0, 0, 0), (0.24, -0.25, 0))),
                gain_db=-2,
                spread_db=0.2,
                detune=0,
                pan=0.05,
                wide=0.1,
                variants=2,
            ),
        ),
        space="dry",
    ),
    Family(
        "notification",
        listed(
            "notification, message, notify, alert, ding, incoming, mail, reminder, chat message, announcement, "
            "jingle of a message, airport"
        ),
        (
            Scatter(
                _SOFT,
                Tune(((0, 0, 0), (0.14, 0.417, -1))),
                gain_db=-1,
                spread_db=0.3,
                detune=0,
                pan=0.1,
                wide=0.15,
                variants=3,
            ),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "modem",
        listed("modem, dial-up, fax, data transfer, telemetry"),
        (
            Scatter(
                Tone(
                    (1200, 2400),
                    (0.3, 0.9),
                    "triangle",
                    shape=((0, 1), (0.98, 1), (1, 0)),
                    vibrato=(37, 0.12),
                    tremolo=(73, 0.6),
                    breath=0.15,
                ),
                Phrases(gap_s=(0.02, 0.1), notes=(1, 3), spacing_s=(0.35, 0.8), first_s=(0.0, 0.01)),
                gain_db=-3,
                spread_db=2,
                detune=0.35,
                pan=0.1,
                wide=0.1,
                variants=10,
            ),
        ),
        space="dry",
    ),
    Family(
        "morse",
        listed("morse, morse code, telegraph, sos"),
        (
            Scatter(
                Tone(
                    (700, 702),
                    (0.075, 0.08),
                    "sine",
                    shape=((0, 0), (0.06, 1), (0.94, 1), (1, 0)),
                    attack_s=0.002,
                ),
                Tune(((0, 0, 0), (0.16, 0, 0), (0.32, 0, 0), (1.6, 0, 0), (1.76, 0, 0), (1.92, 0, 0)), again_s=2.6),
                gain_db=-2,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.05,
                variants=2,
            ),
            Scatter(
                Tone(
                    (700, 702),
                    (0.235, 0.24),
                    "sine",
                    shape=((0, 0), (0.02, 1), (0.98, 1), (1, 0)),
                    attack_s=0.002,
                ),
                Tune(((0.56, 0, 0), (0.88, 0, 0), (1.2, 0, 0)), again_s=2.6),
                gain_db=-2,
                spread_db=0,
                detune=0,
                pan=0,
                wide=0.05,
                variants=2,
            ),
        ),
        space="dry",
    ),
    Family(
        "medical",
        listed("heart monitor, ecg, medical, hospital, monitor, ekg, flatline"),
        (
            Scatter(
                Tone(
                    (985, 990),
                    (0.11, 0.12),
                    "sine",
                    shape=((0, 0), (0.06, 1), (0.9, 1), (1, 0)),
                    attack_s=0.003,
                ),
                Tune(((0, 0, 0),), again_s=0.92),
                gain_db=-3,
                spread_db=0,
                detune=0,
                pan=0.05,
                wide=0.1,
                variants=2,
            ),
        ),
        space="room",
        wet=0.2,
    ),
)
