"""Rendered sketches: what every one of them keeps to, and what modifiers do to the sound."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.providers.local.modifiers import MODIFIERS
from app.providers.local.sketch import SAMPLE_RATE_HZ, render
from app.providers.local.sounds import FAMILIES
from app.providers.local.watch import Cancelled

CEILING = 10 ** (-1 / 20)
Samples = npt.NDArray[np.float32]

prompts = st.lists(
    st.sampled_from([*FAMILIES, *(modifier.name for modifier in MODIFIERS), ",", "then", "xyzzy"]),
    min_size=1,
    max_size=5,
).map(" ".join)


def sound(prompt: str, duration_s: float = 1.0, seed: int = 7) -> Samples:
    return render(prompt, duration_s, seed).samples


def rms_db(samples: Samples) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9))


def centroid_hz(samples: Samples) -> float:
    """The balance point of the spectrum."""
    power = np.abs(np.fft.rfft(samples.mean(axis=1))) ** 2
    return float(np.sum(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ) * power) / np.sum(power))


def onsets(samples: Samples) -> int:
    """How many times the sound jumps up: 10 ms that are 10 dB above the 40 ms before and not far below the loudest."""
    blocks = len(samples) // 480
    power = np.mean(samples[: blocks * 480].reshape(blocks, -1) ** 2, axis=1) + 1e-10
    before = np.array([power[max(0, at - 4) : at].mean() if at else 1e-10 for at in range(blocks)])
    rises = (power > 10 * before) & (power > 0.01 * power.max())
    return int(np.sum(rises[1:] & ~rises[:-1]) + rises[0])


def part(samples: Samples, start_s: float, stop_s: float) -> Samples:
    return samples[int(start_s * SAMPLE_RATE_HZ) : int(stop_s * SAMPLE_RATE_HZ)]


def share_below(samples: Samples, hz: float) -> float:
    """How much of the power lies below a frequency, 0 to 1."""
    power = np.abs(np.fft.rfft(samples.mean(axis=1))) ** 2
    return float(np.sum(power[np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ) < hz]) / np.sum(power))


PROMPTS_WITH_A_NUMBER = [
    ("door knock three times, dry", 3),
    ("single gunshot, dry", 1),
    ("two gunshots, dry", 2),
    ("phone rings twice, dry", 2),
    ("three door slams, dry", 3),
    ("cat meows twice", 2),
]


@settings(max_examples=18)
@given(prompts, st.floats(0.1, 1.6), st.integers(0, 2**32 - 1))
def test_every_take_is_clean(prompt, duration_s, seed):
    samples = render(prompt, duration_s, seed).samples

    assert samples.dtype == np.float32
    assert samples.shape == (round(duration_s * SAMPLE_RATE_HZ), 2)
    assert np.isfinite(samples).all()
    assert np.max(np.abs(samples)) <= CEILING
    assert np.max(np.abs(samples.mean(axis=0, dtype=np.float64))) < 1e-4
    assert np.max(np.abs(samples[[0, -1]])) < 1e-4
    assert rms_db(samples) > -60


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_can_be_heard_in_stereo(name):
    sketch = render(name, 0.25, 3)

    assert not sketch.is_texture
    assert name in sketch.summary
    assert rms_db(sketch.samples) > -45
    assert np.max(np.abs(sketch.samples)) > 0.05


@settings(max_examples=8)
@given(prompts, st.integers(0, 2**32 - 1))
def test_the_same_words_and_seed_give_the_same_samples(prompt, seed):
    assert np.array_equal(sound(prompt, 0.5, seed), sound(f"  {prompt.upper()} ", 0.5, seed))


def test_another_seed_is_another_take():
    one, other = sound("footsteps on gravel", seed=1), sound("footsteps on gravel", seed=2)

    assert abs(np.corrcoef(one[:, 0], other[:, 0])[0, 1]) < 0.5


def test_takes_rendered_at_the_same_time_are_the_same_as_one_by_one():
    alone = [sound("rain, thunder", 0.6, seed) for seed in range(4)]

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda seed: sound("rain, thunder", 0.6, seed), range(4)))

    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


@pytest.mark.parametrize("prompt", ["rain", "wind", "sea", "explosion", "drone"])
def test_both_ears_hear_something_different(prompt):
    samples = sound(prompt)

    assert abs(np.corrcoef(samples.T)[0, 1]) < 0.95


@pytest.mark.parametrize("prompt", ["rain", "fire", "crowd", "wind", "explosion", "dog", "birds", "engine"])
def test_what_is_distant_is_darker_and_quieter_than_what_is_close(prompt):
    near, far = sound(f"close {prompt}"), sound(f"distant {prompt}")

    assert centroid_hz(far) < centroid_hz(near)
    assert rms_db(far) < rms_db(near)


@pytest.mark.parametrize("prompt", ["rain", "wind", "hail", "footsteps"])
def test_heavy_is_louder_than_light(prompt):
    assert rms_db(sound(f"heavy {prompt}")) > rms_db(sound(f"light {prompt}")) + 3


@pytest.mark.parametrize(
    ("lower", "higher"), [("dark", "bright"), ("low", "high"), ("huge", "tiny"), ("underwater", "")]
)
@pytest.mark.parametrize("prompt", ["stream", "metal hit", "engine", "bell"])
def test_dark_low_huge_and_underwater_sit_lower(prompt, lower, higher):
    assert centroid_hz(sound(f"{lower} {prompt}")) < centroid_hz(sound(f"{higher} {prompt}"))


@pytest.mark.parametrize("prompt", ["footsteps", "clock", "knocking", "horse"])
def test_fast_has_more_events_than_slow(prompt):
    assert onsets(sound(f"fast {prompt}", 5)) > onsets(sound(f"slow {prompt}", 5))


def test_a_cave_rings_longer_than_a_dry_place():
    ringing, dry = sound("single wood hit in a cave", 3), sound("single wood hit, dry", 3)
    late = slice(int(0.5 * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)

    assert rms_db(ringing[late]) > rms_db(dry[late]) + 20


def test_materials_change_what_rain_falls_on():
    assert centroid_hz(sound("rain on a tent")) < centroid_hz(sound("rain on a window"))


def test_several_are_more_than_one():
    assert onsets(sound("gunshot", 4)) < onsets(sound("gunshots", 4))
    assert onsets(sound("knock", 1.0)) >= 2
    assert onsets(sound("three beeps, dry", 3)) == 3


def test_a_reversed_hit_ends_loud():
    forth, back = sound("metal hit, dry", 2), sound("reversed metal hit, dry", 2)
    half = len(forth) // 2

    assert rms_db(forth[:half]) > rms_db(forth[half:]) + 6
    assert rms_db(back[half:]) > rms_db(back[:half]) + 6


def test_left_and_right_are_where_they_should_be():
    for words, loud, quiet in (("bell on the left", 0, 1), ("bell on the right", 1, 0)):
        samples = sound(words)
        assert rms_db(samples[:, [loud]]) > rms_db(samples[:, [quiet]]) + 3


def test_what_approaches_grows_and_what_recedes_fades():
    for words, loud_at_the_end in (("train approaching", True), ("train receding", False)):
        samples = sound(words, 3)
        first, last = rms_db(samples[: len(samples) // 3]), rms_db(samples[-len(samples) // 3 :])
        assert (last > first + 6) == loud_at_the_end


def test_a_heavy_door_creaks_once_and_slams_once_with_a_long_tail():
    samples = sound("Heavy iron door slams shut in a long stone corridor, short hinge creak before", 4)
    loudest = int(np.argmax(np.abs(samples).max(axis=1))) / SAMPLE_RATE_HZ
    creak, slam = part(samples, 0.0, loudest - 0.06), part(samples, loudest, loudest + 0.3)

    assert 0.3 < loudest < 1.0
    assert rms_db(slam) > rms_db(creak) + 4
    assert share_below(slam, 200) > 0.2 > share_below(creak, 200)
    assert all(rms_db(part(samples, at, at + 0.2)) < rms_db(slam) - 8 for at in (1.8, 2.2, 2.6, 3.0, 3.4))
    assert rms_db(part(samples, loudest + 1.0, loudest + 1.4)) > rms_db(slam) - 45


@pytest.mark.parametrize(("prompt", "count"), PROMPTS_WITH_A_NUMBER)
def test_as_many_events_as_the_words_say(prompt, count):
    assert [onsets(sound(prompt, 3, seed)) for seed in (1, 2)] == [count, count]


def test_events_that_are_counted_fit_into_a_short_take():
    assert onsets(sound("three metal hits, dry, short", 1)) == 3


@pytest.mark.parametrize(
    "prompt", ["door slam", "cat meow", "monster roar", "single gunshot", "a bell", "error", "jump"]
)
def test_a_one_shot_happens_once_and_is_not_stretched(prompt):
    short, long = sound(f"{prompt}, dry", 3), sound(f"{prompt}, dry", 9)

    assert rms_db(part(long, 5, 9)) < rms_db(long) - 25
    assert abs(rms_db(part(long, 0, 1)) - rms_db(part(short, 0, 1))) < 1


@pytest.mark.parametrize(
    "prompt", ["rain", "wind", "footsteps", "engine", "laser shots", "dog barking", "drone", "crowd", "knocking"]
)
def test_what_goes_on_fills_the_take(prompt):
    samples = sound(prompt, 4)

    assert rms_db(part(samples, 2, 4)) > rms_db(part(samples, 0, 2)) - 9


def test_one_shots_in_a_list_are_heard_in_turn():
    samples = sound("punch, glass break, dry", 3)
    whoosh, strike = part(samples, 0.0, 0.12), part(samples, 0.2, 0.5)

    assert centroid_hz(strike) > 3 * centroid_hz(whoosh)


def test_a_riser_leads_up_to_its_impact():
    samples = sound("riser into impact", 4)
    rising = [rms_db(part(samples, at, at + 0.4)) for at in (0.2, 1.0, 1.7)]

    assert rising == sorted(rising)
    assert share_below(part(samples, 2.4, 3.0), 150) > 5 * share_below(part(samples, 1.2, 1.8), 150)


def test_what_is_over_stops_when_the_next_begins_and_the_weather_goes_on():
    engine, rain = sound("engine, then a bell, dry", 4), sound("rain, then a bell, dry", 4)

    assert rms_db(part(engine, 3.6, 3.8)) < rms_db(part(engine, 0.5, 1)) - 12
    assert rms_db(part(rain, 3.4, 3.7)) > rms_db(part(rain, 0.2, 0.5)) - 8


def test_getting_faster_and_slower():
    for words, is_faster in (("getting faster", True), ("slowing down", False)):
        samples = sound(f"clock ticking, {words}", 6)
        early, late = onsets(part(samples, 0, 3)), onsets(part(samples, 3, 6))
        assert (late > early) == is_faster
        assert late != early


def test_what_passes_sinks_in_pitch():
    samples = sound("passing siren, dry", 2)
    still = sound("siren, dry", 2)

    assert centroid_hz(part(samples, 0.1, 0.5)) > 1.02 * centroid_hz(part(still, 0.1, 0.5))


def test_a_larger_hall_rings_longer():
    tails = [part(sound(f"door slam in a {size} hall", 4), 2, 3) for size in ("small", "huge")]

    assert rms_db(tails[1]) > rms_db(tails[0]) + 6


def test_an_echo_is_weaker_than_what_it_answers():
    samples = sound("single gunshot in a canyon", 3)

    assert np.max(np.abs(part(samples, 0.3, 3))) < 0.75 * np.max(np.abs(part(samples, 0, 0.2)))
    assert onsets(samples) >= 2


def test_what_is_in_front_stands_out_of_its_backdrop():
    both, rain = sound("rain, door slam", 4), sound("rain", 4)

    assert np.max(np.abs(both)) / np.sqrt(np.mean(both**2)) > 1.4 * np.max(np.abs(rain)) / np.sqrt(np.mean(rain**2))


def test_layers_are_all_heard():
    both = sound("heavy rain, church bell", 2)
    rain, bell = sound("heavy rain", 2), sound("church bell", 2)

    assert centroid_hz(bell) < centroid_hz(both) < centroid_hz(rain)


@pytest.mark.parametrize(("longer", "shorter"), [("explosion", "gunshot"), ("thunder", "whoosh"), ("gong", "coin")])
def test_one_shots_ring_as_long_as_their_kind(longer, shorter):
    late = slice(2 * SAMPLE_RATE_HZ, 3 * SAMPLE_RATE_HZ)

    assert rms_db(sound(longer, 3)[late]) > rms_db(sound(shorter, 3)[late])


def test_unknown_words_give_a_texture_of_their_own():
    one, other = render("xyzzy", 1.0, 1), render("grault", 1.0, 1)

    assert one.is_texture
    assert other.ignored == ("grault",)
    assert "texture" in one.summary
    assert abs(np.corrcoef(one.samples[:, 0], other.samples[:, 0])[0, 1]) < 0.5


def test_progress_rises_to_one():
    seen: list[float] = []

    render("heavy rain on a tin roof, distant thunder", 1.0, 1, progress=seen.append)

    assert seen == sorted(seen)
    assert seen[0] < 0.1
    assert seen[-1] == 1.0
    assert len(seen) > 6


def test_cancelling_beforehand_renders_nothing():
    stop = threading.Event()
    stop.set()

    with pytest.raises(Cancelled):
        render("rain", 60.0, 1, cancelled=stop)


def test_cancelling_under_way_stops_soon():
    stop = threading.Event()
    reached: list[float] = []

    def after_the_first_tenth(fraction: float) -> None:
        reached.append(fraction)
        if fraction > 0.1:
            stop.set()

    started = time.perf_counter()
    with pytest.raises(Cancelled):
        render("jungle, storm, café", 40.0, 1, progress=after_the_first_tenth, cancelled=stop)

    assert max(reached) < 0.5
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize("duration_s", [0.0, 0.05, 60.5, float("nan")])
def test_a_length_out_of_range_is_refused(duration_s):
    with pytest.raises(ValueError, match="duration"):
        render("rain", duration_s, 1)
