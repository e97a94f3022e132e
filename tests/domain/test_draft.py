"""What the user sets is kept; each model gets the part of it that it understands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.draft import Draft
from app.domain.model_spec import Kind, ModelSpec
from app.domain.parameter_spec import BitrateSpec, FormatSpec, Panel, ParameterSpec, ParameterType, Range
from app.domain.plan_spec import PlanSpec
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import GenerationRequest, InputFile, InputKind

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
    draft = Draft(prompt="hello", takes={"acme/effects": 5}, duration_s=7.5, seed=11)

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
    audio = AudioSettings(AudioFormat.MP3, 48000, 1, 128)
    earlier = Draft("door", takes={"acme/effects": 2}, duration_s=3, seed=5, audio=audio)
    request = earlier.request(EFFECTS)

    again = Draft("something else", takes={"acme/effects": 7}).with_request(request, EFFECTS).request(EFFECTS)

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


def test_a_model_that_makes_one_take_a_request_is_asked_up_to_eight_times_a_click():
    assert Draft().with_takes(SPEECH, 20).takes_for(SPEECH) == 8
    four = replace(EFFECTS, max_takes=4)
    assert four.check(Draft("x").with_takes(four, 20).request(four)) == ()


def test_a_number_of_takes_stays_with_the_model_it_was_set_at():
    dear = replace(EFFECTS, id="dear", default_takes=1)
    draft = Draft().with_takes(EFFECTS, 8)

    assert draft.takes_for(EFFECTS) == 8
    assert draft.takes_for(dear) == 1
    assert draft.takes_for(SPEECH) == 1
    assert draft.with_takes(dear, 2).takes_for(EFFECTS) == 8


def test_an_earlier_request_brings_its_number_of_takes_to_its_own_model_alone():
    draft = Draft().with_takes(EFFECTS, 8).with_takes(SPEECH, 4)
    singing = replace(EFFECTS, id="singing")

    again = draft.with_request(replace(Draft("la").request(singing), takes=5), singing)
    spoken = draft.with_request(replace(Draft("la").request(SPEECH), takes=1), SPEECH)

    assert [again.takes_for(spec) for spec in (EFFECTS, SPEECH, singing)] == [8, 4, 5]
    assert [spoken.takes_for(spec) for spec in (EFFECTS, SPEECH)] == [8, 1]  # one of a click of several was asked for


VOICE, THUNDER = InputFile(Path("voice.wav")), InputFile(Path("thunder.wav"))
FACE = InputFile(Path("face.png"), kind=InputKind.PICTURE)
SCENES = ModelSpec(
    "acme", "scenes", "Scenes", (Kind.SCENE,), references=ReferenceSpec(max_clips=1, max_pictures=1, mention="@Audio")
)


def test_clips_and_pictures_go_to_the_models_that_take_them_and_are_kept_for_the_others():
    draft = Draft("x", references=(VOICE, FACE))
    only_clips = replace(SCENES, references=ReferenceSpec(max_clips=2))

    assert draft.request(SCENES).references == (VOICE, FACE)
    assert draft.request(only_clips).references == (VOICE,)
    assert draft.request(EFFECTS).references == ()


def test_a_clip_too_many_is_told_rather_than_left_out():
    request = Draft("x", references=(VOICE, THUNDER)).request(SCENES)

    assert request.clips == (VOICE, THUNDER)
    assert [problem.field for problem in SCENES.check(request)] == ["references"]


def test_an_optional_length_is_only_sent_when_it_was_set():
    song = replace(EFFECTS, is_duration_optional=True)

    assert Draft("x").request(song).duration_s is None
    assert Draft("x", duration_s=500).request(song).duration_s == 60


PLANNED = replace(EFFECTS, plan=PlanSpec(Range(3, 120, 30, is_whole=True)))
PLAN = CompositionPlan(("slow",), sections=(PlanSection("Intro", 20), PlanSection("Theme", 40)))


def test_a_plan_takes_the_place_of_prompt_and_length_and_gives_it_back():
    draft = Draft("low strings", duration_s=9).with_plan(PLANNED, PLAN)

    planned = draft.with_plan_wanted(PLANNED, is_wanted=True).request(PLANNED)
    back = draft.with_plan_wanted(PLANNED, is_wanted=True).with_plan_wanted(PLANNED, is_wanted=False).request(PLANNED)

    assert (planned.plan, planned.prompt, planned.duration_s) == (PLAN, "slow: Intro · Theme", None)
    assert PLANNED.check(planned) == ()
    assert (back.plan, back.prompt, back.duration_s) == (None, "low strings", 9)


def test_a_plan_belongs_to_its_model():
    draft = Draft("x").with_plan(PLANNED, PLAN).with_plan_wanted(PLANNED, is_wanted=True)

    assert draft.request(SPEECH).plan is None
    assert draft.request(SPEECH).prompt == "x"


def test_a_new_plan_begins_with_a_section_of_the_usual_length():
    plan = Draft().with_plan_wanted(PLANNED, is_wanted=True).plan_for(PLANNED)

    assert plan.sections == (PlanSection("Section 1", 30),)


UPLOAD = ParameterSpec("upload_to", "Upload to", ParameterType.TEXT, is_secret=True, is_for_one_take=True)
MODE = ParameterSpec("mode", "Mode", ParameterType.CHOICE, choices=("auto", "by_hand"), default="auto")
DEPTH = ParameterSpec("depth", "Depth", ParameterType.INT, range=Range(0, 9, 0), needs="mode=by_hand")
TUNED = replace(EFFECTS, id="tuned", parameters=(UPLOAD, MODE, DEPTH))


def test_a_parameter_that_means_nothing_now_is_closed_and_kept():
    draft = Draft("x").with_value(TUNED, "mode", "by_hand").with_value(TUNED, "depth", 5)
    back = draft.with_value(TUNED, "mode", "auto")

    assert dict(draft.request(TUNED).parameters) == {"mode": "by_hand", "depth": 5}
    assert dict(back.request(TUNED).parameters) == {}
    assert back.closed_by_others(TUNED)["depth"] == "Only with Mode by hand."
    assert "depth" not in draft.closed_by_others(TUNED)
    assert dict(back.with_value(TUNED, "mode", "by_hand").request(TUNED).parameters)["depth"] == 5


def test_a_number_without_a_default_is_sent_whatever_it_is():
    by_hand = Draft("x").with_value(TUNED, "mode", "by_hand")

    assert by_hand.with_value(TUNED, "depth", 0).request(TUNED).parameters["depth"] == 0
    assert "depth" not in by_hand.with_value(TUNED, "depth", None).request(TUNED).parameters


def test_what_goes_with_one_take_alone_is_closed_for_several_unless_it_is_set():
    several, single = Draft("x").with_takes(TUNED, 2), Draft("x").with_takes(TUNED, 1)
    filled = several.with_value(TUNED, "upload_to", "https://example.com/in")

    assert several.closed_by_others(TUNED)["upload_to"] == "Only with one take."
    assert "upload_to" not in single.closed_by_others(TUNED)
    assert "upload_to" not in filled.closed_by_others(TUNED)  # it can be emptied, and the check says what is wrong
    assert "upload_to" in {problem.field for problem in TUNED.check(filled.request(TUNED))}


def test_a_secret_is_sent_but_neither_written_down_nor_taken_from_an_earlier_request():
    draft = Draft("x").with_takes(TUNED, 1).with_value(TUNED, "upload_to", "https://example.com/?key=s3cret")
    request = draft.request(TUNED)

    assert request.parameters["upload_to"] == "https://example.com/?key=s3cret"
    assert "s3cret" not in repr(draft.without_secrets())
    assert "s3cret" not in repr(Draft().with_request(request, TUNED))
    assert "s3cret" not in repr(Draft().with_request(request, None))
    assert dict(draft.with_defaults(TUNED).request(TUNED).parameters) == {}


def test_an_earlier_plan_and_its_files_come_back_beside_the_prompt_of_today():
    earlier = Draft("x", references=(VOICE,)).with_plan(PLANNED, PLAN).with_plan_wanted(PLANNED, is_wanted=True)
    taking = replace(PLANNED, references=ReferenceSpec(max_clips=1))

    again = Draft("today").with_request(earlier.request(taking), taking)

    assert again.request(taking) == earlier.request(taking)
    assert again.prompt == "today"


def test_the_name_of_a_voice_goes_with_it_and_is_forgotten_with_it():
    spec = replace(SPEECH, takes_any_voice=True)
    named = Draft().with_voice(spec, "v-17", "Dora")
    reused = GenerationRequest(spec.provider, spec.id, "x", voice="v-17")

    assert named.voice_name_for(spec) == "Dora"
    assert named.with_voice(spec, "v-18").voice_name_for(spec) == ""
    assert named.with_voice(spec, "anna", "anna").voice_names == {}
    assert named.with_request(reused, spec).voice_name_for(spec) == "Dora"
    assert named.with_request(replace(reused, voice="v-18"), spec).voice_name_for(spec) == ""
