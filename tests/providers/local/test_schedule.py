"""When the sounds of a prompt begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.local.arrangement import Voice, arranged
from app.providers.local.modifiers import MODIFIERS
from app.providers.local.sounds import FAMILIES
from app.providers.local.words import understand

prompts = st.lists(
    st.sampled_from([*FAMILIES, *(modifier.name for modifier in MODIFIERS), ",", "and", "then", "before", "after"]),
    min_size=1,
    max_size=8,
).map(" ".join)


def voices(prompt: str, seconds: float = 4.0) -> dict[str, Voice]:
    return {voice.name: voice for voice in arranged(understand(prompt), seconds)}


def start_s(voice: Voice) -> float:
    return voice.span.start_s


@given(prompts, st.floats(0.1, 60.0))
def test_every_sound_begins_within_the_take_and_keeps_its_order(prompt, seconds):
    understood = understand(prompt)
    arrangement = arranged(understood, seconds)

    assert all(0.0 <= voice.span.start_s < seconds for voice in arrangement)
    assert all(0.0 < voice.span.length_s <= seconds - voice.span.start_s + 1e-6 for voice in arrangement)
    assert all(time_s < seconds for voice in arrangement for time_s in voice.span.times_s)
    firsts = {layer.family: layer.step for layer in understood.layers}
    if len(firsts) == len(understood.layers) == len(arrangement):
        begun = [(firsts[voice.name], voice.span.start_s) for voice in arrangement]
        assert all(one[1] <= other[1] for one in begun for other in begun if one[0] < other[0])


@pytest.mark.parametrize("prompt", ["whoosh and hit", "whoosh, hit", "whoosh then hit", "whoosh into hit"])
def test_events_told_one_after_the_other_do_not_begin_together(prompt):
    found = voices(prompt)

    assert start_s(found["hit"]) > start_s(found["whoosh"]) + 0.1


@pytest.mark.parametrize("prompt", ["whoosh with a hit", "whoosh + hit", "whoosh while hit"])
def test_events_said_to_be_together_begin_together(prompt):
    found = voices(prompt)

    assert start_s(found["hit"]) == start_s(found["whoosh"])


def test_the_next_event_waits_as_long_as_the_one_before_needs_and_no_longer():
    short, long = voices("short door creak, then door slam", 20.0), voices("long door creak, then door slam", 20.0)

    assert 0.3 < start_s(short["door slam"]) < 0.9
    assert start_s(short["door slam"]) + 0.5 < start_s(long["door slam"]) < 4.0


def test_in_a_short_take_everything_moves_together():
    tight = voices("door creak, then door slam, then a bell", 1.0)

    assert [start_s(tight[name]) < limit for name, limit in (("door slam", 0.7), ("bell", 0.9))] == [True, True]


def test_an_event_comes_a_moment_after_its_backdrop():
    found = voices("rain and a door slam")

    assert start_s(found["rain"]) == 0.0
    assert 0.2 < start_s(found["door slam"]) < 1.1


def test_what_goes_on_begins_when_the_event_before_has_been_heard():
    found = voices("a door slam, footsteps")

    assert start_s(found["footsteps"]) > 0.15
    assert found["footsteps"].span.start_s + found["footsteps"].span.length_s == pytest.approx(4.0)


def test_lasting_sounds_share_the_time_and_the_weather_stays():
    found = voices("footsteps, then an engine, then rain, then a siren", 8.0)

    assert [round(start_s(voice)) for voice in found.values()] == [0, 2, 4, 6]
    assert found["footsteps"].span.length_s == pytest.approx(2.0)
    assert found["rain"].span.length_s == pytest.approx(4.0)


def test_a_number_repeats_the_whole_event():
    assert len(voices("three explosions")["explosion"].span.times_s) == 3
    assert len(voices("explosion")["explosion"].span.times_s) == 1
    assert len(voices("explosions", 12.0)["explosion"].span.times_s) > 2
