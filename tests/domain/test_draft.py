"""What the user sets is kept; each model gets the part of it that it understands."""

from __future__ import annotations

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.draft import Draft
from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import BitrateSpec, FormatSpec, Panel, ParameterSpec, ParameterType, Range

WAV = FormatSpec(AudioFormat.WAV, (44100, 48000), (1, 2), default_sample_rate_hz=48000, default_channels=2)
MP3 = FormatSpec(
    AudioFormat.MP3,
    (44100, 48000),
    (1, 2),
    (BitrateSpec((128, 320), sample_rates_hz=(48000,)), BitrateSpec((96,), sample_rates_hz=(44100,))),
    default_sample_rate_hz=48000,
    default_channels=2,
    default_bitrate_kbps=320,
)
SPEED = ParameterSpec("speed", "Speed", ParameterType.INT, Panel.VOICE, Range(80, 450, 175), default=175)
EFFECTS = ModelSpec(
    "acme",
    "effects",
    "Effects",
    (Kind.EFFECT,),
    max_takes=8,
    default_takes=3,
    duration=Range(0.1, 60, 4),
    seed=Range(0, 2**32 - 1, 0),
    formats=(WAV, MP3),
)
SPEECH = ModelSpec(
    "acme",
    "speech",
    "Speech",
    (Kind.SPEECH,),
    has_voices=True,
    default_voice="anna",
    parameters=(SPEED,),
    formats=(WAV,),
)


def test_a_fresh_draft_asks_for_what_the_model_makes_by_default():
    request = Draft(prompt=" rain ").request(EFFECTS)

    assert request.prompt == "rain"
    assert (request.takes, request.duration_s, request.seed) == (3, 4, None)
    assert request.audio == AudioSettings(AudioFormat.WAV, 48000, 2, None)
    assert EFFECTS.check(request) == ()


def test_what_a_model_lacks_is_left_out_and_comes_back_with_the_next_model():
    draft = Draft(prompt="hello", takes=5, duration_s=7.5, seed=11)

    spoken = draft.request(SPEECH)
    drawn = draft.request(EFFECTS)

    assert (spoken.takes, spoken.duration_s, spoken.seed, spoken.voice) == (1, None, None, "anna")
    assert (drawn.takes, drawn.duration_s, drawn.seed, drawn.voice) == (5, 7.5, 11, None)


def test_a_length_outside_the_range_of_a_model_becomes_the_nearest_it_makes():
    assert Draft(duration_s=500).request(EFFECTS).duration_s == 60


def test_a_format_that_a_model_lacks_is_replaced_and_kept():
    draft = Draft(prompt="hello", audio=AudioSettings(AudioFormat.MP3, 44100, 1, 96))

    assert draft.request(SPEECH).audio == AudioSettings(AudioFormat.WAV, 44100, 1, None)
    assert draft.request(EFFECTS).audio == AudioSettings(AudioFormat.MP3, 44100, 1, 96)


def test_a_bit_rate_that_the_rate_does_not_allow_becomes_one_that_it_allows():
    draft = Draft(prompt="x", audio=AudioSettings(AudioFormat.MP3, 44100, 2, 320))

    assert draft.request(EFFECTS).audio.bitrate_kbps == 96
    assert EFFECTS.check(draft.request(EFFECTS)) == ()


def test_parameters_belong_to_their_model_and_can_be_reset():
    draft = Draft(prompt="hello").with_value(SPEECH, "speed", 200).with_voice(SPEECH, "bert")

    assert dict(draft.request(SPEECH).parameters) == {"speed": 200}
    assert dict(draft.request(EFFECTS).parameters) == {}
    assert draft.value_for(SPEECH, SPEED) == 200
    assert draft.request(SPEECH).voice == "bert"
    assert draft.with_defaults(SPEECH).value_for(SPEECH, SPEED) == 175
    assert draft.with_value(SPEECH, "speed", None).value_for(SPEECH, SPEED) == 175


def test_an_earlier_request_comes_back_whole():
    earlier = Draft("door", takes=2, duration_s=3, seed=5, audio=AudioSettings(AudioFormat.MP3, 48000, 1, 128))
    request = earlier.request(EFFECTS)

    again = Draft("something else", takes=7).with_request(request).request(EFFECTS)

    assert again == request


GUIDE = ParameterSpec("guide", "Guide", ParameterType.BOOL, excludes=("seed", "steps"))
STEPS = ParameterSpec("steps", "Steps", ParameterType.INT, range=Range(1, 100, 20), default=20)
SINGER = ModelSpec(
    "acme", "singer", "Singer", (Kind.MUSIC,), seed=Range(0, 99, 0), parameters=(GUIDE, STEPS, SPEED), formats=(WAV,)
)


def test_a_value_that_is_put_back_to_its_default_counts_as_untouched():
    draft = Draft(prompt="la").with_value(SINGER, "steps", 50).with_value(SINGER, "guide", True)

    back = draft.with_value(SINGER, "steps", 20).with_value(SINGER, "guide", False)

    assert dict(draft.request(SINGER).parameters) == {"steps": 50, "guide": True}
    assert dict(back.request(SINGER).parameters) == {}


def test_resetting_some_parameters_leaves_the_others():
    draft = Draft(prompt="la").with_value(SINGER, "steps", 50).with_value(SINGER, "speed", 200)

    assert dict(draft.with_defaults(SINGER, ["steps"]).request(SINGER).parameters) == {"speed": 200}


def test_what_is_set_closes_what_it_cannot_be_combined_with():
    nothing, guided = Draft(prompt="la"), Draft(prompt="la").with_value(SINGER, "guide", True)

    assert nothing.closed_by_others(SINGER) == {}
    assert guided.closed_by_others(SINGER) == {
        "seed": "Can’t be combined with Guide.",
        "steps": "Can’t be combined with Guide.",
    }


def test_a_closed_combination_is_closed_from_both_sides():
    seeded = Draft(prompt="la", seed=5)

    assert seeded.closed_by_others(SINGER) == {"guide": "Can’t be combined with a seed."}


def test_what_is_not_closed_passes_the_check_of_the_model():
    guided = Draft(prompt="la").with_value(SINGER, "guide", True)

    assert SINGER.check(guided.request(SINGER)) == ()
    assert SINGER.check(guided.with_value(SINGER, "steps", 50).request(SINGER)) != ()
