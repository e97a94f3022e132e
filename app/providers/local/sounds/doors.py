"""Doors, timber, ships and ropes: what creaks, slams and knocks."""

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
    Phrases,
    Scatter,
    Tone,
    Train,
    listed,
)
from app.providers.local.sounds.bodies import GLASS, PLATE, WOOD

_CREAK_BODY = Modal(
    (480, 900), (1, 1.7, 2.6, 3.9), ring_s=(0.02, 0.05), damping=0.6, softness=0.2, stray=0.04, click=0.2
)
_CREAK = Train(
    _CREAK_BODY,
    rate_hz=(38, 75),
    seconds=(0.8, 1.6),
    glide=((0, -0.7), (0.3, 0.25), (0.6, -0.1), (1, 0.55)),
    shape=((0, 0.1), (0.2, 0.8), (0.7, 1), (1, 0)),
    jitter=0.13,
    rough=5.0,
)
_GROAN = Train(
    Modal((190, 340), (1, 1.9, 3.1, 4.4), ring_s=(0.04, 0.09), damping=0.7, softness=0.3, stray=0.04, click=0.2),
    rate_hz=(19, 38),
    seconds=(1.1, 2.4),
    glide=((0, -0.4), (0.35, 0.3), (0.7, -0.1), (1, -0.5)),
    shape=((0, 0), (0.25, 0.9), (0.7, 1), (1, 0)),
    jitter=0.12,
    rough=5.0,
)
_SLAM = Compound(
    (
        (
            0.0,
            0,
            Modal(
                (62, 88), (1, 1.8, 2.7, 3.9, 5.2), ring_s=(0.25, 0.4), damping=0.8, softness=0.5, stray=0.04, click=0.9
            ),
        ),
        (0.0, -2, Burst(Colour(60, 2600, -3), (0.12, 0.2), attack_s=0.0008)),
        (0.006, -9, Modal((750, 1300), (1, 1.6, 2.7), ring_s=(0.04, 0.09), click=0.8)),
        (0.055, -15, Modal((240, 420), (1, 2.1, 3.3), ring_s=(0.08, 0.16), click=0.5)),
    )
)
_STEEL_SLAM = Compound(
    (
        (0.0, 0, Modal((58, 80), PLATE, ring_s=(1.6, 2.4), damping=0.5, softness=0.35, stray=0.03, click=0.8)),
        (0.0, -2, Burst(Colour(50, 4000, -3), (0.15, 0.25), attack_s=0.0008)),
        (0.01, -9, Modal((330, 520), PLATE, ring_s=(0.5, 0.9), damping=0.5, softness=0.3, stray=0.03, click=0.5)),
    )
)
_LATCH = Compound(
    (
        (0, 0, Modal((1500, 2300), (1, 1.7, 2.9), ring_s=(0.02, 0.05), click=1.2)),
        (0.07, -4, Modal((900, 1500), (1, 1.8, 2.7), ring_s=(0.03, 0.06), click=1.0)),
    )
)
_KNOCK = Compound(
    (
        (0, 0, Modal((170, 240), WOOD, ring_s=(0.06, 0.11), damping=0.8, softness=0.6, stray=0.03, click=0.5)),
        (0, -6, Burst(Colour(80, 900, -2), (0.03, 0.05))),
    )
)
_ROPE = Train(
    Burst(Colour(350, 3200, -2, peaks=((900, 0.6, 9), (1700, 0.5, 6))), (0.008, 0.02)),
    rate_hz=(26, 60),
    seconds=(0.7, 1.6),
    glide=((0, -0.5), (0.5, 0.4), (1, 0)),
    shape=((0, 0), (0.3, 0.8), (0.8, 1), (1, 0)),
    jitter=0.2,
    rough=6.0,
)

_SLIDE = Compound(
    (
        (0.0, -5, Modal((420, 620), (1, 1.7, 2.9, 4.1), ring_s=(0.05, 0.09), click=0.8)),
        (0.03, 0, Burst(Colour(900, 11_000, -1), (0.5, 0.65), 0.02, ((0, 0.4), (0.15, 1), (0.6, 0.5), (1, 0)))),
        (
            0.05,
            -8,
            Tone(
                (170, 210),
                (0.55, 0.7),
                "soft saw",
                glide=((0, -0.8), (0.3, 0.4), (0.8, 0.3), (1, -0.9)),
                shape=((0, 0), (0.15, 1), (0.8, 0.8), (1, 0)),
                colour=Colour(120, 2600, -2),
            ),
        ),
        (0.66, -2, Modal((85, 120), (1, 1.9, 3.1, 4.6), ring_s=(0.14, 0.22), softness=0.6, click=0.7)),
        (0.68, -10, Burst(Colour(1500, 9000, -1), (0.18, 0.3), 0.005)),
    )
)

FAMILIES = (
    Family(
        "sliding door",
        listed("sliding door, sci-fi door, scifi door, airlock, automatic door, pneumatic door, schiebetür"),
        (Scatter(_SLIDE, Once(0.01, again_s=2.2), gain_db=0, spread_db=1, detune=0.06, pan=0.1, variants=3),),
        space="room",
        wet=0.2,
    ),
    Family(
        "door",
        listed("door, gate, tür, porte, hatch, door open, door close, open door, close door, cupboard, drawer"),
        (
            Scatter(
                _LATCH, Once(0.02, again_s=3.2), gain_db=-9, spread_db=2, detune=0.1, pan=0.15, wide=0.15, variants=4
            ),
            Scatter(
                _CREAK, Once(0.2, again_s=3.2), gain_db=-9, spread_db=2, detune=0.1, pan=0.15, wide=0.15, variants=4
            ),
            Scatter(
                _SLAM, Once(1.75, again_s=3.2), gain_db=-5, spread_db=2, detune=0.1, pan=0.15, wide=0.2, variants=4
            ),
            Scatter(
                _LATCH, Once(1.79, again_s=3.2), gain_db=-11, spread_db=2, detune=0.1, pan=0.15, wide=0.15, variants=4
            ),
        ),
        {
            "metal": (
                Scatter(
                    _LATCH,
                    Once(0.02, again_s=3.4),
                    gain_db=-7,
                    spread_db=2,
                    detune=-0.3,
                    pan=0.15,
                    wide=0.15,
                    variants=4,
                ),
                Scatter(
                    _GROAN, Once(0.2, again_s=3.4), gain_db=-9, spread_db=2, detune=0.1, pan=0.15, wide=0.2, variants=4
                ),
                Scatter(
                    _STEEL_SLAM,
                    Once(1.9, again_s=3.4),
                    gain_db=-2,
                    spread_db=2,
                    detune=0.1,
                    pan=0.15,
                    wide=0.25,
                    variants=4,
                ),
            )
        },
        space="room",
        wet=0.25,
    ),
    Family(
        "door creak",
        listed("creaky door, door creak, hinge, squeak, squeaking, squeaky, rusty hinge"),
        (
            Scatter(
                _CREAK,
                Once(0.01, again_s=1.9),
                gain_db=-2,
                spread_db=3,
                detune=0.15,
                pan=0.15,
                wide=0.1,
                variants=6,
            ),
        ),
        level_db=-5,
        space="room",
        wet=0.25,
    ),
    Family(
        "door slam",
        listed("slam, door slam, slamming"),
        (
            Scatter(_SLAM, Once(0.01, again_s=2.0), gain_db=0, spread_db=2, detune=0.06, pan=0.1, wide=0.2, variants=4),
            Scatter(
                _LATCH, Once(0.05, again_s=2.0), gain_db=-11, spread_db=2, detune=0.1, pan=0.1, wide=0.1, variants=4
            ),
        ),
        {
            "metal": (
                Scatter(
                    _STEEL_SLAM,
                    Once(0.01, again_s=2.4),
                    gain_db=0,
                    spread_db=2,
                    detune=0.06,
                    pan=0.1,
                    wide=0.25,
                    variants=4,
                ),
            )
        },
        level_db=3,
        space="hall",
        wet=0.25,
    ),
    Family(
        "creak",
        listed("creak, creaking, creaky, floorboard, groan, strain, straining, knarren, timber, plank"),
        (
            Scatter(
                _GROAN,
                Every((1.5, 3.2), first_s=(0.0, 0.2)),
                gain_db=-3,
                spread_db=3,
                detune=0.2,
                pan=0.5,
                wide=0.15,
                variants=8,
            ),
            Scatter(
                _CREAK,
                Every((2.0, 4.5), first_s=(0.4, 1.4)),
                gain_db=-9,
                spread_db=3,
                detune=0.2,
                pan=0.6,
                wide=0.1,
                variants=6,
            ),
        ),
        space="room",
        wet=0.2,
    ),
    Family(
        "ship",
        listed("ship, boat, hull, sailing ship, galleon, sailboat, schiff, vessel, mast, deck"),
        (
            Scatter(
                _GROAN,
                Every((1.7, 3.6), first_s=(0.0, 0.4)),
                gain_db=-2,
                spread_db=3,
                detune=0.25,
                pan=0.5,
                wide=0.15,
                variants=10,
            ),
            Scatter(
                _CREAK,
                Every((2.2, 4.8), first_s=(0.6, 1.8)),
                gain_db=-9,
                spread_db=4,
                detune=0.25,
                pan=0.7,
                wide=0.1,
                variants=8,
            ),
            Scatter(
                _ROPE,
                Every((3.0, 6.0), first_s=(0.8, 2.5)),
                gain_db=-13,
                spread_db=3,
                detune=0.2,
                pan=0.7,
                wide=0.1,
                variants=6,
            ),
            Scatter(
                Modal((110, 210), WOOD, ring_s=(0.15, 0.3), damping=0.8, softness=0.6, stray=0.04, click=0.4),
                Every((2.4, 5.0), first_s=(0.8, 2.0)),
                gain_db=-9,
                spread_db=4,
                detune=0.2,
                pan=0.6,
                wide=0.2,
                variants=8,
            ),
            Bed(
                Colour(80, 1600, -4, peaks=((300, 1.0, 4),)),
                gain_db=-11,
                motions=(Motion(0.16, 12, octaves=0.4, shape="wave"),),
                width=0.85,
            ),
        ),
        space="room",
        wet=0.18,
    ),
    Family(
        "rope",
        listed("rope, tension, bow draw, leather, stretch, tau, seil, rigging, hammock"),
        (
            Scatter(
                _ROPE,
                Every((0.9, 2.0), first_s=(0.0, 0.2)),
                gain_db=-2,
                spread_db=4,
                detune=0.2,
                pan=0.35,
                wide=0.15,
                variants=10,
            ),
            Scatter(
                Burst(Colour(600, 5000, -2), (0.2, 0.5), attack_s=0.08, shape=((0, 0), (0.5, 1), (1, 0))),
                Every((1.4, 3.0), first_s=(0.3, 1.0)),
                gain_db=-17,
                spread_db=3,
                detune=0.2,
                pan=0.4,
                wide=0.2,
                variants=6,
            ),
        ),
        level_db=-4,
        space="dry",
    ),
    Family(
        "knock",
        listed("knock, knocking, rap, klopfen, door knock, knock knock"),
        (
            Scatter(
                _KNOCK,
                Phrases(gap_s=(1.2, 2.2), notes=(3, 4), spacing_s=(0.19, 0.25), first_s=(0.0, 0.02)),
                gain_db=-1,
                spread_db=2,
                detune=0.02,
                pan=0.06,
                wide=0.1,
                variants=8,
            ),
        ),
        {
            "metal": (
                Scatter(
                    Modal((260, 330), PLATE, ring_s=(0.4, 0.7), damping=0.6, softness=0.4, stray=0.03, click=0.6),
                    Phrases(gap_s=(1.2, 2.2), notes=(3, 4), spacing_s=(0.2, 0.26), first_s=(0.0, 0.02)),
                    gain_db=-1,
                    spread_db=2,
                    detune=0.02,
                    pan=0.06,
                    wide=0.1,
                    variants=8,
                ),
            ),
            "glass": (
                Scatter(
                    Modal((900, 1300), GLASS, ring_s=(0.06, 0.12), damping=0.8, softness=0.7, stray=0.03, click=0.6),
                    Phrases(gap_s=(1.2, 2.2), notes=(3, 4), spacing_s=(0.18, 0.24), first_s=(0.0, 0.02)),
                    gain_db=-1,
                    spread_db=2,
                    detune=0.02,
                    pan=0.06,
                    wide=0.1,
                    variants=8,
                ),
            ),
        },
        space="room",
        wet=0.22,
    ),
    Family(
        "switch",
        listed(
            "switch, light switch, lever, toggle, latch, lock, unlock, bolt, camera, shutter, photo, stapler, lighter"
        ),
        (
            Scatter(
                _LATCH, Once(0.0, again_s=1.0), gain_db=-1, spread_db=2, detune=0.12, pan=0.08, wide=0.1, variants=6
            ),
        ),
        space="room",
        wet=0.12,
    ),
)
