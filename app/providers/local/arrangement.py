"""From layers to what is rendered: scenes unfolded, materials chosen, levels, space and filters settled."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from app.providers.local.recipe import Bed, Colour, Family, Part
from app.providers.local.schedule import AMBIENT, Sound, Span, scheduled
from app.providers.local.sounds import FAMILIES
from app.providers.local.texture import texture_for
from app.providers.local.traits import Traits, bent
from app.providers.local.words import Layer, Understanding

_MATERIAL_TILT_DB = {"metal": 0.7, "glass": 1.1, "stone": 0.3, "wood": -0.5, "cloth": -1.6, "snow": -1.0}
_BACKDROP_DB = 5.0
_THROUGH = {
    "telephone": Colour(420, 3200, 0.0, ((1500, 1.0, 5),), 30),
    "wall": Colour(40, 420, -2.0, (), 14),
    "water": Colour(40, 520, -1.0, ((210, 0.7, 5),), 12),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """One sound of the mix, ready to be rendered.

    Attributes:
        level_db: Beside the other voices.
        wet: How much of its space is heard; 1 is as loud as the sound itself.
        dry_db: How much of the sound itself is left.
        colour: What it is heard through, or None.
        span: When it sounds.
    """

    name: str
    parts: tuple[Part, ...]
    traits: Traits
    level_db: float
    space: str
    wet: float
    dry_db: float
    colour: Colour | None
    span: Span

    @property
    def is_lasting(self) -> bool:
        """It sounds from the first moment on, without a beginning of its own."""
        return any(isinstance(part, Bed) and part.onset_s == 0.0 for part in self.parts)


def arranged(understanding: Understanding, duration_s: float) -> tuple[Voice, ...]:
    """The voices of a prompt, at least one, each with its place in so many seconds."""
    if understanding.is_texture:
        family = texture_for(understanding.ignored + understanding.understood)
        chosen = [(family, Layer(family.name, (), understanding.traits), 0.0)]
    else:
        chosen = [
            (family, layer, level_db)
            for layer in understanding.layers
            for family, level_db in _unfolded(FAMILIES[layer.family])
        ]
    sounds = [_sound(family, layer) for family, layer, _ in chosen]
    spans = scheduled(sounds, duration_s)
    # A backdrop leaves room for what happens in front of it.
    has_action = any(sound.name not in AMBIENT for sound in sounds)
    return tuple(
        _voice(family, layer, level_db - _BACKDROP_DB * (has_action and sound.name in AMBIENT), sound.parts, span)
        for (family, layer, level_db), sound, span in zip(chosen, sounds, spans, strict=True)
    )


def _unfolded(family: Family) -> tuple[tuple[Family, float], ...]:
    """A place as its sounds with their levels, any other family as itself."""
    if not family.scene:
        return ((family, 0.0),)
    return tuple((FAMILIES[name], level_db) for name, level_db in family.scene)


def _sound(family: Family, layer: Layer) -> Sound:
    parts = family.materials.get(layer.traits.material, family.parts)
    bent_parts = tuple(bent(part, layer.traits) for part in parts)
    return Sound(family.name, bent_parts, layer.traits, layer.step, layer.is_together)


def _voice(family: Family, layer: Layer, level_db: float, parts: tuple[Part, ...], span: Span) -> Voice:
    traits = layer.traits
    far = max(0.0, traits.distance)
    space = traits.space or family.space
    wet = max(0.0, family.wet * (1.0 + 0.5 * min(0.0, traits.distance)) * (1.0 + min(0.0, traits.wet)))
    wet += max(0.0, traits.wet) * 0.8 + (0.12 if space == "open air" else 0.3) * far
    return Voice(
        family.name,
        parts,
        traits,
        family.level_db + level_db + 4.0 * traits.force - 6.0 * traits.distance,
        space,
        min(wet, 1.6),
        -3.0 * far,
        _colour(family, traits),
        span,
    )


def _colour(family: Family, traits: Traits) -> Colour | None:
    """Brightness, distance and what stands between, as one filter."""
    tilt_db = traits.tilt_db
    if traits.material and traits.material not in family.materials:
        tilt_db += _MATERIAL_TILT_DB.get(traits.material, 0.0)
    through = _THROUGH.get(traits.through)
    # Air swallows the highs of what is far, and distance takes the weight of the lows.
    far = traits.distance
    high_hz = 20_000.0 if far <= 0.0 else 20_000.0 * 0.115**far
    low_hz = 20.0 if far <= 0.0 else 20.0 + 70.0 * far
    tilt_db += -1.2 * max(0.0, far) + 0.6 * max(0.0, -far)
    if through is not None:
        return replace(through, high_hz=max(300.0, min(through.high_hz, high_hz)), tilt_db=through.tilt_db + tilt_db)
    if far <= 0.0 and abs(tilt_db) < 0.05:
        return None
    return Colour(low_hz, high_hz, tilt_db, (), 9.0)
