"""What the sketch generator hears in a prompt."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.local.inflection import base_forms
from app.providers.local.merging import DUAL, MERGED, YIELDING
from app.providers.local.modifiers import MODIFIERS
from app.providers.local.sounds import FAMILIES
from app.providers.local.words import understand

words_of_all_kinds = st.lists(
    st.sampled_from(
        [word for family in FAMILIES.values() for word in family.words]
        + [word for modifier in MODIFIERS for word in modifier.words]
        + ["and", ",", "on", "in", "then", "the", "xyzzy", "frobnicated", "'s", "-", "\n"]
    ),
    max_size=12,
).map(" ".join)


def heard(prompt: str) -> list[str]:
    return [str(layer) for layer in understand(prompt).layers]


@pytest.mark.parametrize(
    ("prompt", "layers"),
    [
        ("heavy rain on a tin roof, distant thunder", ["rain (heavy, metal)", "thunder (distant)"]),
        ("light rain and heavy wind", ["rain (light)", "wind (heavy)"]),
        ("footsteps on wood in heavy rain", ["footsteps (wood)", "rain (heavy)"]),
        ("dog barking far away", ["dog (distant)"]),
        ("a tiny bell, a huge bell", ["bell (tiny)", "bell (huge)"]),
        ("in a cave, water drips slowly, deep rumble", ["water drip (slow; cave)", "earthquake (low; cave)"]),
        ("rain, distant", ["rain (distant)"]),
        (
            "a wooden ship creaks in slow swell, rope under tension, a single gull far away",
            ["ship (wood)", "sea (slow)", "rope", "gull (single, distant)"],
        ),
    ],
)
def test_a_modifier_belongs_to_the_sound_of_its_own_phrase(prompt, layers):
    assert heard(prompt) == layers


@pytest.mark.parametrize(
    ("prompt", "layers"),
    [
        ("rain on glass", ["rain (glass)"]),
        ("glass shatters", ["glass break"]),
        ("glass door slam", ["door slam (glass)"]),
        ("walking through snow", ["footsteps (snow)"]),
        ("snow", ["snow"]),
        ("wind in the leaves", ["wind", "leaves"]),
        ("footsteps in dry leaves", ["footsteps (leaves)"]),
        ("three knocks on a metal door", ["knock (three, metal)"]),
        ("dark metallic thing", ["hit (dark, metal)"]),
    ],
)
def test_a_word_for_a_sound_and_a_material_is_told_apart_by_what_stands_around_it(prompt, layers):
    assert heard(prompt) == layers


@pytest.mark.parametrize(
    ("prompt", "layers"),
    [
        ("old door creaks", ["door creak (old)"]),
        ("the waves crash on the beach", ["sea"]),
        ("laser gun", ["laser"]),
        ("thunder strikes", ["thunder"]),
        ("crickets chirping", ["insects"]),
        ("a church bell tolls", ["big bell"]),
        ("short hinge creak", ["door creak (short)"]),
        ("sword swing whoosh", ["whoosh"]),
        ("alarm clock ringing", ["alarm"]),
        ("elevator ding", ["notification"]),
        ("sparks and a spark", ["sparks"]),
        ("a jump in a retro game", ["jump"]),
        ("a stone is dropped into a well", ["splash (well)"]),
    ],
)
def test_two_words_for_one_sound_make_one_layer(prompt, layers):
    assert heard(prompt) == layers


@pytest.mark.parametrize("word", ["drip", "drips", "dripping", "dripped", "DRIPS", "Dripping!"])
def test_inflected_words_are_known(word):
    assert heard(word) == ["water drip"]


@pytest.mark.parametrize(
    ("prompt", "layers"),
    [
        ("schwerer Regen und ferner Donner", ["rain (heavy)", "thunder (distant)"]),
        ("oiseaux", ["birds"]),
        ("vent", []),
        ("Schritte, leise", ["footsteps (quiet)"]),
    ],
)
def test_some_german_and_french_is_known(prompt, layers):
    assert heard(prompt) == layers


def test_plurals_and_actions_that_go_on_mean_several_events_and_a_verb_means_one():
    assert understand("knocks, beeps").layers[1].traits.is_repeated
    assert understand("beeping").layers[0].traits.is_repeated
    assert not understand("beep").layers[0].traits.is_repeated
    assert not understand("a door slams").layers[0].traits.is_repeated


def test_a_number_is_counted():
    assert understand("two gunshots").layers[0].traits.count == 2
    assert understand("3 knocks").layers[0].traits.count == 3


@pytest.mark.parametrize(
    ("prompt", "steps"),
    [
        ("riser, then a huge impact, then silence and a bell", [["riser"], ["impact (huge)"], ["bell"]]),
        ("door slam, short hinge creak before", [["door creak (short)"], ["door slam"]]),
        ("door slam, and before that a gunshot", [["gun"], ["door slam"]]),
        ("thunder before heavy rain", [["thunder"], ["rain (heavy)"]]),
        ("before the explosion, a riser", [["riser"], ["explosion"]]),
        ("a bell after a door slam", [["door slam"], ["bell"]]),
        ("after the explosion, a siren", [["explosion"], ["siren"]]),
        ("explosion with debris afterwards", [["explosion"], ["rockfall"]]),
        ("two gunshots followed by a ricochet", [["gun (two)"], ["ricochet"]]),
        ("reversed gong into hit", [["gong (reversed)"], ["hit"]]),
        ("rain while a dog barks", [["rain", "dog"]]),
        ("water pouring into a glass", [["pouring (glass)"]]),
        ("bell then whoosh before", [["bell"], ["whoosh"]]),
        ("before", []),
        ("then rain then", [["rain"]]),
    ],
)
def test_words_of_order_put_sounds_in_order(prompt, steps):
    meaning = understand(prompt)

    by_step: dict[int, list[str]] = {}
    for layer in meaning.layers:
        by_step.setdefault(layer.step, []).append(str(layer))
    assert list(by_step) == list(range(len(steps)))
    assert list(by_step.values()) == steps
    assert meaning.ignored == ()


def test_the_summary_reads_like_a_sentence():
    meaning = understand("Heavy iron door slams shut in a long stone corridor, short hinge creak before")

    assert meaning.summary == "Understood: door creak (short), then door slam (heavy, metal; long stone corridor)"


def test_words_before_a_place_are_about_the_place():
    (long,), (plain,) = understand("bell in a long hall").layers, understand("long bell in a hall").layers

    assert long.traits.room > 0
    assert long.traits.length == 0
    assert plain.traits.room == 0
    assert plain.traits.length > 0


def test_it_says_what_it_used_and_what_it_passed_over():
    meaning = understand("heavy rain on a frobnicated roof")

    assert meaning.understood == ("heavy", "rain", "roof")
    assert meaning.ignored == ("frobnicated",)
    assert meaning.summary == "Understood: rain (heavy, stone). Not understood: frobnicated"


def test_unknown_words_are_a_texture_and_it_says_so():
    meaning = understand("dark xyzzy")

    assert meaning.is_texture
    assert meaning.ignored == ("xyzzy",)
    assert meaning.summary == "No known sound in these words. A texture is made that fits them (dark)"
    assert meaning.traits.tilt_db < 0


def test_an_empty_prompt_means_nothing_and_says_nothing():
    assert understand("").layers == ()
    assert understand(" ,, ").summary == ""


@given(words_of_all_kinds)
def test_any_mix_of_known_words_is_read_whole(prompt):
    meaning = understand(prompt)

    assert all(layer.family in FAMILIES for layer in meaning.layers)
    assert len(meaning.layers) <= 8
    assert not set(meaning.understood) & set(meaning.ignored)
    assert understand(prompt.upper().replace("SS", "ss")).layers is not None


@given(st.text(max_size=80))
def test_any_text_at_all_can_be_read(prompt):
    meaning = understand(prompt)

    assert meaning.is_texture == (not meaning.layers)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14))
def test_a_word_is_its_own_first_base_form_and_stems_are_no_stumps(word):
    first, *stems = base_forms(word)

    assert first == word
    assert all(len(stem) >= 3 for stem in stems)


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("creaking", "creak"),
        ("dripping", "drip"),
        ("waves", "wave"),
        ("leaves", "leaf"),
        ("cherries", "cherry"),
        ("slammed", "slam"),
        ("heavily", "heavy"),
        ("louder", "loud"),
        ("creaky", "creak"),
        ("slowly", "slow"),
    ],
)
def test_base_forms_of_common_endings(word, base):
    assert base in base_forms(word)


def test_every_family_is_known_by_its_own_name():
    assert [name for name in FAMILIES if heard(name) != [name]] == []


def test_tables_name_only_families_that_exist():
    named = {name for pair, into in MERGED.items() for name in (*pair, into)} | set(DUAL.values()) | YIELDING
    named |= {name for family in FAMILIES.values() for name, _ in family.scene}

    assert named <= set(FAMILIES)


def test_there_are_far_more_than_thirty_families():
    assert len(FAMILIES) > 100


def test_reading_words_needs_no_numpy():
    code = (
        "import sys; from app.providers.local.words import understand; understand('rain'); "
        "sys.exit('numpy' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
