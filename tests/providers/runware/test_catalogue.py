"""The catalogue says of Runware's models what their documents say."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.draft import Draft
from app.domain.model_spec import Kind
from app.domain.request import InputFile, InputKind
from app.providers.runware import audio_settings
from app.providers.runware.request import DEFAULT_MUSIC_S
from app.storage.catalogue import Catalogue
from tests.providers.runware.faking import ELEVEN_MUSIC, KEY, SEED_AUDIO, request, runware

CATALOGUE = Catalogue.load([Path(__file__).parents[3] / "resources" / "catalogue"])
SEED = CATALOGUE.spec("runware", SEED_AUDIO)
MUSIC = CATALOGUE.spec("runware", ELEVEN_MUSIC)
UNLISTED = CATALOGUE.spec("runware", "mirelo:1@1")

COMMON_KBPS = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
# Copied from the model's page, apart from the tables of the provider: format, channels, then rate, lowest, highest.
PAGE = {
    (AudioFormat.MP3, (1, 2)): [
        (8000, 8, 64),
        (11025, 8, 64),
        (12000, 8, 64),
        (16000, 8, 160),
        (22050, 8, 160),
        (24000, 8, 160),
        (32000, 32, 320),
        (44100, 32, 320),
        (48000, 32, 320),
    ],
    (AudioFormat.OGG, (1,)): [(8000, 8, 40), (12000, 16, 48), (16000, 16, 96), (24000, 16, 80), (48000, 32, 224)],
    (AudioFormat.OGG, (2,)): [(8000, 16, 80), (12000, 16, 96), (16000, 24, 192), (24000, 32, 160), (48000, 48, 256)],
}
ROWS = {
    (audio_format, channels, rate): (low, high)
    for (audio_format, both), rows in PAGE.items()
    for channels in both
    for rate, low, high in rows
}
RATES_HZ = sorted({rate for _, _, rate in ROWS})

clips = [InputFile(Path(f"{n}.wav"), "ab" * 32, InputKind.CLIP, f"clip-{n}") for n in range(1, 5)]
picture = InputFile(Path("face.png"), "cd" * 32, InputKind.PICTURE, "face")


def problems(**more: Any) -> list[str]:
    return [f"{problem.field}: {problem.message}" for problem in SEED.check(request(**more))]


def test_the_file_is_in_order():
    assert [problem for problem in CATALOGUE.problems if problem.file.name == "runware.toml"] == []
    assert [spec.label for spec in CATALOGUE.of_provider("runware")] == ["Seed Audio 1.0", "Eleven Music v1"]


@given(st.sampled_from(sorted(ROWS, key=str)), st.data())
def test_every_combination_of_the_tables_can_be_asked_for(row: tuple[AudioFormat, int, int], data: st.DataObject):
    audio_format, channels, rate = row
    low, high = ROWS[row]
    kbps = data.draw(st.sampled_from([value for value in COMMON_KBPS if low <= value <= high]))

    assert problems(audio=AudioSettings(audio_format, rate, channels, kbps)) == []


@given(
    st.sampled_from([AudioFormat.MP3, AudioFormat.OGG]),
    st.sampled_from([*RATES_HZ, 96_000]),
    st.sampled_from([1, 2, 3]),
    st.sampled_from([*COMMON_KBPS, 4, 144, 384]),
)
def test_nothing_outside_the_tables_is_sent(audio_format: AudioFormat, rate: int, channels: int, kbps: int):
    low, high = ROWS.get((audio_format, channels, rate), (1, 0))
    is_allowed = low <= kbps <= high and kbps in COMMON_KBPS

    assert (problems(audio=AudioSettings(audio_format, rate, channels, kbps)) == []) is is_allowed


def test_the_provider_fills_up_from_the_same_tables():
    for (audio_format, channels, rate), row in ROWS.items():
        assert audio_settings.row(audio_format, rate, channels) == row
    assert audio_settings.row(AudioFormat.OGG, 44_100, 2) is None


@given(
    st.sampled_from([None, AudioFormat.MP3, AudioFormat.OGG]),
    st.sampled_from([None, *RATES_HZ]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, *COMMON_KBPS]),
)
def test_whatever_passes_the_check_is_sent_as_a_row_of_the_tables(
    audio_format: AudioFormat | None, rate: int | None, channels: int | None, kbps: int | None
):
    wanted = request(audio=AudioSettings(audio_format, rate, channels, kbps))
    if SEED.check(wanted):
        return

    task = json.loads(runware().provider.prepare(wanted, KEY).body)[0]

    sent = task.get("audioSettings")
    assert (sent is None) is (rate is None and channels is None and kbps is None)
    if sent is not None:
        low, high = ROWS[(AudioFormat(task["outputFormat"].lower()), sent["channels"], sent["sampleRate"])]
        assert low <= sent["bitrate"] <= high
        for chosen, value in zip((rate, channels, kbps), sent.values(), strict=True):
            assert chosen in (None, value)


@given(
    st.sampled_from([AudioFormat.MP3, AudioFormat.OGG]),
    st.sampled_from(RATES_HZ),
    st.sampled_from([1, 2]),
    st.sampled_from(COMMON_KBPS),
    st.sampled_from([AudioFormat.MP3, AudioFormat.OGG]),
)
def test_the_window_never_carries_settings_of_one_format_over_to_another_that_lacks_them(
    before: AudioFormat, rate: int, channels: int, kbps: int, after: AudioFormat
):
    draft = Draft("Rain", audio=AudioSettings(before, rate, channels, kbps))
    switched = Draft("Rain", audio=AudioSettings(after, *_values(draft.audio_for(SEED))))

    assert SEED.check(switched.request(SEED)) == ()


def _values(audio: AudioSettings) -> tuple[int | None, int | None, int | None]:
    return audio.sample_rate_hz, audio.channels, audio.bitrate_kbps


def test_ogg_has_no_44100():
    found = problems(audio=AudioSettings(AudioFormat.OGG, 44_100))

    assert found == [
        "sample_rate: The sample rate of OGG must be 8,000, 12,000, 16,000, 24,000 or 48,000 Hz; it is 44,100 Hz."
    ]


@pytest.mark.parametrize(
    ("audio", "allowed"),
    [
        (AudioSettings(AudioFormat.OGG, 16_000, 2, 16), "24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160 or 192 kbps"),
        (AudioSettings(AudioFormat.OGG, 48_000, 1, 256), "192 or 224 kbps"),
        (AudioSettings(AudioFormat.OGG, 24_000, 1, 96), "64 or 80 kbps"),
        (AudioSettings(AudioFormat.MP3, 12_000, 1, 80), "56 or 64 kbps"),
        (AudioSettings(AudioFormat.MP3, 32_000, 1, 24), "32, 40, 48"),
    ],
)
def test_a_bit_rate_outside_its_row_is_refused_with_those_that_are_in_it(audio: AudioSettings, allowed: str):
    (problem,) = problems(audio=audio)

    assert problem.startswith("bitrate: ")
    assert allowed in problem


@pytest.mark.parametrize("lossless", [AudioFormat.WAV, AudioFormat.FLAC])
@pytest.mark.parametrize(
    ("setting", "field"),
    [({"sample_rate_hz": 48_000}, "sample_rate"), ({"channels": 2}, "channels"), ({"bitrate_kbps": 128}, "bitrate")],
)
def test_lossless_formats_decide_everything_themselves(lossless: AudioFormat, setting: dict[str, int], field: str):
    (problem,) = problems(audio=AudioSettings(lossless, **setting))

    assert problem.startswith(f"{field}: ")


def test_opus_is_not_offered_since_nobody_promises_it():
    (problem,) = problems(audio=AudioSettings(AudioFormat.OPUS))

    assert "makes mp3, ogg, wav or flac" in problem


@pytest.mark.parametrize(("length", "is_fine"), [(1, True), (2048, True), (2049, False)])
def test_a_prompt_has_2048_characters_at_most(length: int, is_fine: bool):
    found = problems(prompt="é" * length)

    assert (found == []) is is_fine
    assert is_fine or found == ["prompt: Prompt may have 2,048 characters; it has 2,049."]


def test_a_prompt_is_needed():
    assert problems(prompt="  ") == ["prompt: Prompt is empty. Describe what you want to hear."]


def test_a_prompt_that_may_count_longer_elsewhere_is_warned_of():
    assert [warning.field for warning in SEED.warnings(request("é" * 2048))] == ["prompt"]
    assert SEED.warnings(request("e" * 2048)) == ()


@pytest.mark.parametrize(("takes", "is_fine"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_task_makes_four_takes_at_most(takes: int, is_fine: bool):
    found = problems(takes=takes)

    assert (found == []) is is_fine
    assert is_fine or "from 1 to 4" in found[0]


@pytest.mark.parametrize(("takes", "is_fine"), [(3, True), (4, False)])
@pytest.mark.parametrize("spec", [MUSIC, UNLISTED])
def test_other_models_make_three(spec: Any, takes: int, is_fine: bool):
    assert (spec.check(request("Piano", spec.id, takes=takes, duration_s=12.0)) == ()) is is_fine


@pytest.mark.parametrize(
    ("name", "value", "is_fine"),
    [
        ("speed", -50, True),
        ("speed", 100, True),
        ("speed", -51, False),
        ("speed", 101, False),
        ("speed", 1.0, False),
        ("volume", -50, True),
        ("volume", 100, True),
        ("volume", -51, False),
        ("volume", 101, False),
        ("pitch", -12, True),
        ("pitch", 12, True),
        ("pitch", -13, False),
        ("pitch", 13, False),
        ("ttl", 60, True),
        ("ttl", 59, False),
        ("output_type", "dataURI", True),
        ("output_type", "File", False),
        ("webhook_url", "https://hooks.example/in", True),
        ("webhook_url", "ftp://hooks.example/in", False),
        ("upload_endpoint", "http://bucket.example/x", False),
    ],
)
def test_parameters_have_their_ends(name: str, value: float | str, is_fine: bool):
    found = problems(parameters={name: value})

    assert (found == []) is is_fine
    assert is_fine or found[0].startswith(f"{name}: ")


def test_speed_101_is_told_what_is_allowed():
    assert problems(parameters={"speed": 101}) == ["speed: Speed must be a whole number from -50 to 100 %; it is 101."]


def test_a_link_lives_only_where_there_is_a_link():
    assert problems(parameters={"ttl": 3600, "output_type": "URL"}) == []
    (problem,) = problems(parameters={"ttl": 3600, "output_type": "base64Data"})
    assert problem.startswith("ttl: ")
    assert "URL" in problem


def test_one_upload_address_takes_one_file():
    parameters = {"upload_endpoint": "https://bucket.example/x"}

    assert problems(parameters=parameters) == []
    (problem,) = problems(parameters=parameters, takes=2)
    assert problem.startswith("upload_endpoint: ")


@pytest.mark.parametrize("spec", [SEED, MUSIC, UNLISTED])
def test_addresses_that_may_carry_credentials_are_secrets(spec: Any):
    for name in ("upload_endpoint", "webhook_url"):
        parameter = spec.parameter(name)
        assert parameter.is_secret
        assert parameter.is_address
        assert parameter.is_advanced


def test_three_clips_or_one_picture_but_never_both():
    named = "@Audio1 and @Audio2 and @Audio3 talk."
    assert problems(prompt=named, references=tuple(clips[:3])) == []
    assert problems(references=(picture,)) == []
    assert problems(references=tuple(clips)) == [
        "references: Seed Audio 1.0 takes 3 clips at most; there are 4.",
    ]
    assert problems(references=(picture, picture)) == [
        "references: Seed Audio 1.0 takes 1 picture at most; there are 2."
    ]
    assert problems(references=(clips[0], picture)) == [
        "references: Seed Audio 1.0 takes clips or a picture, not both. Remove one kind."
    ]


def test_a_clip_that_the_prompt_names_must_be_there():
    assert problems(prompt="@Audio4 laughs.", references=tuple(clips[:3])) == [
        "prompt: @Audio4 has no clip: there are 3 clips. Add one or change the text."
    ]
    assert problems(prompt="@Audio0 laughs.", references=tuple(clips[:1])) != []
    assert problems(prompt="@audio4 laughs.", references=tuple(clips[:3])) == []  # it is case as written


def test_a_clip_that_is_never_named_is_only_warned_of():
    (warning,) = SEED.warnings(request("@Audio1 laughs.", references=tuple(clips[:2])))

    assert warning.message == "The prompt never mentions @Audio2."


def test_lengths_and_sizes_of_clips_are_no_limits_of_the_service():
    assert SEED.references.longest_s == 30
    assert SEED.references.largest_bytes == 10_000_000
    assert not SEED.references.is_limit_of_service


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("duration", {"duration_s": 10.0}),
        ("seed", {"seed": 1}),
        ("negative_prompt", {"negative_prompt": "music"}),
        ("voice", {"voice": "ada"}),
        ("language", {"language": "en"}),
        ("plan", {"plan": CompositionPlan(("x",), (), (PlanSection("a", 10),)), "prompt": "x: a"}),
        ("steps", {"parameters": {"steps": 1}}),
    ],
)
def test_seed_audio_has_no_other_fields(field: str, more: dict[str, Any]):
    assert field in [problem.field for problem in SEED.check(request(**more))]


def test_seed_audio_costs_158_thousandths_a_minute_and_lasts_two_minutes_at_most():
    estimate = SEED.estimate(request("a" * 150, takes=2))

    assert estimate.expected == Decimal("0.052666667")  # ten seconds each
    assert estimate.most == Decimal("0.632")
    assert SEED.price is not None
    assert SEED.price.read_on == "2026-11-18"
    assert SEED.price.source.startswith("https://runware.ai/docs/models/")


def test_twelve_seconds_of_music_cost_eight_cents_as_in_the_documents():
    assert MUSIC.estimate(request("Rain", ELEVEN_MUSIC, duration_s=12.0)).most == Decimal("0.08")


@pytest.mark.parametrize(("seconds", "is_fine"), [(10.0, True), (300.0, True), (9.9, False), (300.5, False)])
@pytest.mark.parametrize("spec", [MUSIC, UNLISTED])
def test_music_lasts_ten_seconds_to_five_minutes(spec: Any, seconds: float, is_fine: bool):
    assert (spec.check(request("Piano", spec.id, duration_s=seconds)) == ()) is is_fine


def test_music_without_a_length_is_estimated_at_the_length_that_is_sent():
    assert MUSIC.duration is not None
    assert MUSIC.duration.default == DEFAULT_MUSIC_S


@given(st.integers(1, 6), st.data())
def test_a_plan_is_checked_section_by_section(sections: int, data: st.DataObject):
    lengths = data.draw(st.lists(st.integers(1, 125), min_size=sections, max_size=sections))
    plan = CompositionPlan(("tense",), (), tuple(PlanSection(f"part {n}", s) for n, s in enumerate(lengths)))

    found = MUSIC.check(request(plan.title, ELEVEN_MUSIC, plan=plan))

    assert len(found) == sum(not 3 <= seconds <= 120 for seconds in lengths)


@pytest.mark.parametrize(
    ("plan", "field", "said"),
    [
        (CompositionPlan(("tense",)), "plan", "no section"),
        (CompositionPlan(("tense",), (), (PlanSection(" ", 10),)), "plan.sections.1.name", "no name"),
        (CompositionPlan(("tense",), (), (PlanSection("n" * 101, 10),)), "plan.sections.1.name", "100 characters"),
        (CompositionPlan((), (), (PlanSection("rise", 10),)), "plan.styles", "no style"),
    ],
)
def test_a_plan_without_what_it_needs_is_refused(plan: CompositionPlan, field: str, said: str):
    (problem, *_) = MUSIC.check(request(plan.title, ELEVEN_MUSIC, plan=plan))

    assert (problem.field, said in problem.message) == (field, True)


def test_a_plan_takes_the_place_of_prompt_and_length():
    plan = CompositionPlan(("tense",), (), (PlanSection("rise", 10),))

    found = MUSIC.check(request("Also piano", ELEVEN_MUSIC, plan=plan, duration_s=12.0))

    assert {problem.field for problem in found} == {"prompt", "duration"}


def test_music_is_made_as_mp3_with_pairs_that_were_accepted():
    (mp3,) = MUSIC.formats

    assert mp3.format is AudioFormat.MP3
    assert mp3.sample_rates_hz == (22_050, 44_100)
    assert mp3.channels == ()
    assert mp3.bitrates_kbps(44_100, None) == (32, 64, 96, 128, 192)
    assert (mp3.default_sample_rate_hz, mp3.default_bitrate_kbps) == (44_100, 128)


@pytest.mark.parametrize(
    "model", ["elevenlabs:26@1", "runware:ace-step@v1.5-turbo", "alibaba:qwen@3-tts-1.7b-base", "mirelo:sfx@1.6"]
)
def test_any_air_id_can_be_typed(model: str):
    assert CATALOGUE.spec("runware", model).is_unlisted


@pytest.mark.parametrize("model", ["seed-audio", "bytedance:seed-audio", "a b:c@1", "bytedance:seed audio@1"])
def test_what_is_no_air_id_is_refused(model: str):
    with pytest.raises(Exception, match="has no model"):
        CATALOGUE.spec("runware", model)


def test_of_an_unlisted_model_nothing_is_required_and_no_price_is_known():
    assert UNLISTED.check(request("", UNLISTED.id, seed=7, negative_prompt="music", duration_s=12.5)) == ()
    assert not UNLISTED.estimate(request("", UNLISTED.id)).is_known
    assert [each.format.value for each in UNLISTED.formats] == ["mp3", "wav", "flac", "ogg"]


def test_seed_audio_is_for_scenes_and_speech():
    assert set(SEED.kinds) == {Kind.SCENE, Kind.SPEECH}
    assert SEED.default_takes == 3


def test_every_example_can_be_sent():
    for spec in CATALOGUE.of_provider("runware"):
        assert spec.examples
        for example in spec.examples:
            assert spec.check(request(example.prompt, spec.id, duration_s=None)) == ()
