"""A tone that lasts as long as its layer: the core of machines."""

from __future__ import annotations

from app.providers.local.recipe import FULL, Colour, Once, Scatter, Tone


def hum(
    hz: float,
    wave: str = "saw",
    *,
    gain_db: float = -6.0,
    colour: Colour | None = None,
    wander: float = 0.004,
    breath: float = 0.0,
    stack: tuple[float, ...] = (0.0,),
    tremolo: tuple[float, float] = (0.0, 0.0),
) -> Scatter:
    """A steady tone, slightly different in both ears. The arguments are those of a `Tone`."""
    tone = Tone(
        (hz * 0.995, hz * 1.005),
        None,
        wave,
        shape=FULL,
        attack_s=0.02,
        wander=wander,
        breath=breath,
        colour=colour,
        stack=stack,
        tremolo=tremolo,
    )
    return Scatter(tone, Once(), gain_db=gain_db, spread_db=0, pan=0, wide=0.8, variants=1)
