"""Many people, and voices without words."""

from __future__ import annotations

from app.providers.local.recipe import Bed, Burst, Colour, Family, Motion, Phrases, Scatter, Scattered, Tone, listed

_MUMBLE = Colour(180, 3200, -3, peaks=((480, 0.6, 9), (1150, 0.5, 7), (2400, 0.5, 4)))
_SYLLABLE = Tone(
    (98, 230),
    (0.09, 0.22),
    "throat",
    glide=((0, 0.05), (0.5, 0.02), (1, -0.12)),
    shape=((0, 0), (0.25, 1), (0.7, 0.7), (1, 0)),
    attack_s=0.02,
    wander=0.05,
    breath=0.16,
    colour=_MUMBLE,
)
_OPEN = Tone(
    (110, 240),
    (0.1, 0.24),
    "throat",
    glide=((0, 0), (0.4, 0.08), (1, -0.15)),
    shape=((0, 0), (0.3, 1), (1, 0)),
    attack_s=0.02,
    wander=0.05,
    breath=0.14,
    colour=Colour(200, 3600, -2, peaks=((720, 0.5, 9), (1300, 0.5, 8), (2600, 0.4, 4))),
)
_CLAP = Burst(Colour(700, 7500, -1, peaks=((1300, 0.9, 6), (2600, 0.7, 4))), (0.025, 0.06), attack_s=0.0008)
_CHEER = Tone(
    (260, 520),
    (0.6, 1.4),
    "throat",
    glide=((0, -0.2), (0.3, 0.25), (1, -0.1)),
    shape=((0, 0), (0.25, 1), (0.7, 0.8), (1, 0)),
    attack_s=0.08,
    wander=0.12,
    breath=0.3,
    colour=Colour(300, 4500, -1, peaks=((850, 0.7, 9), (1700, 0.7, 6))),
)
_LAUGH = Tone(
    (190, 330),
    (0.09, 0.14),
    "throat",
    glide=((0, 0.15), (1, -0.15)),
    shape=((0, 0), (0.2, 1), (1, 0)),
    attack_s=0.01,
    breath=0.35,
    colour=Colour(250, 4500, -1, peaks=((750, 0.6, 9), (1400, 0.5, 7))),
)

FAMILIES = (
    Family(
        "crowd",
        listed(
            "crowd, murmur, crowd murmur, people, talking, chatter, voices, audience, babble of voices, walla, "
            "foule, menge, conversation, party, pub"
        ),
        (
            Scatter(
                _SYLLABLE,
                Phrases(gap_s=(0.1, 0.7), notes=(3, 9), spacing_s=(0.13, 0.2), first_s=(0.0, 0.3)),
                gain_db=-8,
                spread_db=4,
                detune=0.12,
                pan=0.9,
                wide=0.1,
                variants=24,
            ),
            Scatter(
                _OPEN,
                Phrases(gap_s=(0.1, 0.9), notes=(3, 8), spacing_s=(0.14, 0.22), first_s=(0.0, 0.4)),
                gain_db=-9,
                spread_db=4,
                detune=0.12,
                pan=0.9,
                wide=0.1,
                variants=24,
            ),
            Scatter(_SYLLABLE, Scattered(16), gain_db=-14, spread_db=5, detune=0.35, pan=0.95, wide=0.1, variants=24),
            Scatter(_OPEN, Scattered(13), gain_db=-14, spread_db=5, detune=0.35, pan=0.95, wide=0.1, variants=24),
            Bed(
                Colour(160, 2600, -4, peaks=((480, 0.9, 6), (1200, 0.7, 3))),
                gain_db=-10,
                motions=(Motion(4.2, 5, octaves=0.1), Motion(0.5, 3)),
                width=0.9,
            ),
        ),
        space="hall",
        wet=0.22,
    ),
    Family(
        "applause",
        listed("applause, clap, clapping, ovation, applaus, applaudissement"),
        (
            Scatter(_CLAP, Scattered(190), gain_db=-14, spread_db=6, detune=0.2, pan=0.95, wide=0.15, variants=32),
            Bed(
                Colour(700, 8000, -1.5, peaks=((1500, 1.0, 4),)),
                gain_db=-10,
                motions=(Motion(0.4, 3),),
                width=0.95,
                onset_s=0.2,
            ),
        ),
        space="hall",
        wet=0.2,
    ),
    Family(
        "cheer",
        listed("cheer, cheering, stadium, fans, jubel"),
        (
            Scatter(_CHEER, Scattered(14), gain_db=-10, spread_db=4, detune=0.3, pan=0.95, wide=0.15, variants=28),
            Scatter(_CLAP, Scattered(70), gain_db=-20, spread_db=6, detune=0.2, pan=0.95, wide=0.1, variants=20),
            Bed(
                Colour(400, 5000, -2, peaks=((900, 0.9, 6),)),
                gain_db=-3,
                motions=(Motion(0.5, 5, octaves=0.12),),
                width=0.95,
                onset_s=0.3,
            ),
        ),
        space="open air",
        wet=0.25,
    ),
    Family(
        "laugh",
        listed("laugh, laughter, laughing, giggle, lachen"),
        (
            Scatter(
                _LAUGH,
                Phrases(gap_s=(0.4, 1.2), notes=(4, 8), spacing_s=(0.15, 0.2), first_s=(0.0, 0.1)),
                gain_db=-2,
                spread_db=3,
                detune=0.06,
                pan=0.4,
                wide=0.1,
                variants=10,
            ),
        ),
        space="room",
    ),
    Family(
        "whisper",
        listed("whisper, whispering, ghost voices, flüstern"),
        (
            Scatter(
                Burst(
                    Colour(900, 9000, 0, peaks=((1700, 0.6, 7), (3300, 0.5, 6))),
                    (0.07, 0.2),
                    attack_s=0.03,
                    shape=((0, 0), (0.4, 1), (1, 0)),
                ),
                Phrases(gap_s=(0.15, 0.6), notes=(3, 8), spacing_s=(0.13, 0.22), first_s=(0.0, 0.1)),
                gain_db=-3,
                spread_db=6,
                detune=0.25,
                pan=0.7,
                wide=0.15,
                variants=28,
            ),
            Bed(Colour(2000, 9000), gain_db=-24, motions=(Motion(3, 6),), width=0.9),
        ),
        space="hall",
        wet=0.15,
    ),
)
