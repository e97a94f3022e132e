"""The tables of sounds, and what modifiers make of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from app.providers.local.arrangement import arranged
from app.providers.local.blocks.space import SPACES
from app.providers.local.blocks.tone import WAVES
from app.providers.local.modifiers import MODIFIERS
from app.providers.local.recipe import Bed, Burst, Colour, Modal, Motion, Points, Scatter, Tone, Train
from app.providers.local.sounds import FAMILIES
from app.providers.local.texture import texture_for
from app.providers.local.traits import Traits, bent
from app.providers.local.words import understand

recipes = [
    (name, part)
    for name, family in FAMILIES.items()
    for parts in (family.parts, *family.materials.values())
    for part in parts
]
any_traits = st.builds(
    lambda chosen: sum((modifier.traits for modifier in chosen), Traits()).within_reason,
    st.lists(st.sampled_from(MODIFIERS), max_size=6),
)


def pieces(value: object) -> Iterator[object]:
    """A recipe and everything inside it."""
    yield value
    if isinstance(value, tuple):
        for item in value:
            yield from pieces(item)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from pieces(getattr(value, name))


def is_sound(recipe: object) -> bool:
    """Every number of a recipe lies where the blocks can work with it."""
    for piece in pieces(recipe):
        match piece:
            case Colour():
                assert 10 <= piece.low_hz < piece.high_hz <= 20_000
                assert all(20 <= hz <= 20_000 and width > 0 for hz, width, _ in piece.peaks)
            case Motion():
                assert piece.rate_hz > 0
            case Burst() | Tone() | Train():
                assert piece.seconds is None or 0 < piece.seconds[0] <= piece.seconds[1] < 30
                assert_points(piece.glide)
                assert piece.shape is None or assert_points(piece.shape) is None
            case Modal():
                assert 20 <= piece.hz[0] <= piece.hz[1] <= 20_000
                assert 0 < piece.ring_s[0] <= piece.ring_s[1] < 60
            case Scatter():
                assert piece.variants >= 1
                assert 0 <= piece.pan <= 1
    return True


def assert_points(points: Points) -> None:
    places = [place for place, _ in points]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, 1)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_well_made(name):
    family = FAMILIES[name]

    assert bool(family.parts) != bool(family.scene)
    assert family.space in SPACES
    assert 0 <= family.wet <= 1
    assert all(is_sound(part) for parts in (family.parts, *family.materials.values()) for part in parts)
    waves = {piece.wave for piece in pieces(family.parts) if isinstance(piece, Tone)}
    assert waves <= set(WAVES)


@given(st.sampled_from(recipes), any_traits)
def test_a_recipe_bent_by_any_modifiers_is_still_sound(recipe, traits):
    _, part = recipe

    assert is_sound(bent(part, traits))


@given(st.sampled_from(MODIFIERS), st.sampled_from(MODIFIERS))
def test_modifiers_add_up_in_either_order(one, other):
    numbers = ("octaves", "length", "force", "density", "speed", "tilt_db", "distance", "wet")
    forth, back = one.traits + other.traits, other.traits + one.traits

    assert [getattr(forth, name) for name in numbers] == pytest.approx([getattr(back, name) for name in numbers])


def test_the_first_material_that_is_named_counts():
    (layer,) = understand("rain on a tin roof").layers

    assert layer.traits.material == "metal"


def test_every_space_that_words_can_name_exists():
    assert {modifier.traits.space for modifier in MODIFIERS} - {""} <= set(SPACES)


def test_a_scene_is_unfolded_into_its_sounds_with_the_modifiers_of_the_scene():
    voices = arranged(understand("distant storm"), 4.0)

    assert [voice.name for voice in voices] == ["rain", "wind", "thunder"]
    assert all(voice.traits.distance == 1.0 for voice in voices)


def test_distance_takes_level_and_highs_and_gives_space():
    (near,), (far,) = arranged(understand("close rain"), 4.0), arranged(understand("distant rain"), 4.0)

    assert far.level_db < near.level_db - 10
    assert far.wet > near.wet
    assert far.colour is not None
    assert far.colour.high_hz < 3_000


@given(st.lists(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=10), min_size=1, max_size=4))
def test_a_texture_can_be_made_for_any_words_and_is_always_the_same(words):
    family = texture_for(tuple(words))

    assert texture_for(tuple(words)) == family
    assert all(is_sound(part) for part in family.parts)


def test_hissing_words_give_noise_and_hard_words_give_strokes():
    air, _, strokes, _ = texture_for(("ssshhh",)).parts
    less_air, _, more_strokes, _ = texture_for(("katakpot",)).parts

    assert isinstance(air, Bed)
    assert air.gain_db > less_air.gain_db
    assert more_strokes.gain_db > strokes.gain_db
