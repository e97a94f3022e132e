"""Every file of the catalogue is used whole, or left out and told with its line and reason."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.audio import AudioFormat
from app.domain.errors import RequestInvalid
from app.domain.model_spec import Example, Kind, ModelSpec
from app.domain.parameter_spec import BitrateSpec, FormatSpec, Panel, ParameterSpec, ParameterType, Range
from app.domain.price import Price, PriceUnit
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import GenerationRequest
from app.storage.catalogue import Catalogue
from app.storage.locations import resources_dir
from app.storage.toml_lines import line_of

GOOD = """\
provider = "acme"

[[model]]
id = "sounds-1"
label = "Sounds"
kinds = ["effect", "scene"]
summary = "Sounds of all kinds."
prompt_label = "Describe it"
prompt_placeholder = "Rain"
prompt_max = 500
max_takes = 4
default_takes = 2
has_negative_prompt = true
has_voices = true
default_voice = "anna"
languages = ["en-US", "de"]

[model.references]
max_clips = 3

[model.duration]
minimum = 1
maximum = 30.5
default = 8
step = 0.5
unit = "s"

[model.seed]
minimum = 0
maximum = 4294967295
default = 0

[[model.parameter]]
name = "mood"
label = "Mood"
type = "choice"
panel = "prompt"
choices = ["calm", "wild"]
default = "calm"
hint = "how it feels"
excludes = ["speed", "voice"]

[[model.parameter]]
name = "speed"
label = "Speed"
type = "int"
default = 12

[model.parameter.range]
minimum = 0
maximum = 100
default = 12

[[model.parameter]]
name = "style"
label = "Style"
type = "text"
max_length = 20

[[model.format]]
format = "mp3"
sample_rates_hz = [44100, 48000]
channels = [1, 2]
default_sample_rate_hz = 48000
default_channels = 2
default_bitrate_kbps = 192

[[model.format.bitrate]]
values_kbps = [192, 128]
sample_rates_hz = [48000]
channels = [2]

[[model.format]]
format = "wav"

[model.price]
amount = "0.158"
unit = "minute"
read_on = "2026-03-31"
source = "https://acme.example/prices"

[[model.example]]
label = "Rain"
prompt = "Heavy rain"
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path


def load(folder: Path, text: str | bytes) -> Catalogue:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "acme.toml").write_bytes(data)
    return Catalogue.load([folder])


def test_a_file_becomes_the_spec_that_it_describes(folder):
    catalogue = load(folder, GOOD)

    assert catalogue.problems == ()
    assert catalogue.models == (
        ModelSpec(
            provider="acme",
            id="sounds-1",
            label="Sounds",
            kinds=(Kind.EFFECT, Kind.SCENE),
            summary="Sounds of all kinds.",
            prompt_label="Describe it",
            prompt_placeholder="Rain",
            prompt_max=500,
            max_takes=4,
            default_takes=2,
            duration=Range(1, 30.5, 8, 0.5, "s"),
            seed=Range(0, 4294967295, 0),
            has_negative_prompt=True,
            has_voices=True,
            default_voice="anna",
            languages=("en-US", "de"),
            parameters=(
                ParameterSpec(
                    "mood",
                    "Mood",
                    ParameterType.CHOICE,
                    Panel.PROMPT,
                    choices=("calm", "wild"),
                    default="calm",
                    hint="how it feels",
                    excludes=("speed", "voice"),
                ),
                ParameterSpec("speed", "Speed", ParameterType.INT, range=Range(0, 100, 12), default=12),
                ParameterSpec("style", "Style", ParameterType.TEXT, max_length=20),
            ),
            formats=(
                FormatSpec(
                    AudioFormat.MP3, (44100, 48000), (1, 2), (BitrateSpec((128, 192), (48000,), (2,)),), 48000, 2, 192
                ),
                FormatSpec(AudioFormat.WAV),
            ),
            references=ReferenceSpec(max_clips=3),
            price=Price(Decimal("0.158"), PriceUnit.MINUTE, "2026-03-31", "https://acme.example/prices"),
            examples=(Example("Rain", "Heavy rain"),),
        ),
    )


def test_everything_but_the_name_of_a_model_may_be_left_out(folder):
    catalogue = load(folder, 'provider = "acme"\n[[model]]\nid = "a"\nlabel = "A"\nkinds = ["music"]\n')

    assert catalogue.models == (ModelSpec("acme", "a", "A", (Kind.MUSIC,)),)


def test_a_mark_at_the_beginning_as_some_editors_write_it_does_no_harm(folder):
    assert load(folder, "\ufeff" + GOOD).problems == ()


MISTAKES = [
    ("max_takes = 4", 'max_takes = "4"', "Expected `int`"),
    ("max_takes = 4", "max_takes = 0", "1 at least"),
    ("max_takes = 4", "max_takes = = 4", "TOML"),
    ("default_takes = 2", "default_takes = 5", "from 1 to 4"),
    ("prompt_max = 500", "prompt_max = 0", "1 at least"),
    ("prompt_max = 500", "promt_max = 500", "promt_max"),
    ('kinds = ["effect", "scene"]', 'kinds = ["effect", "noise"]', "noise"),
    ('kinds = ["effect", "scene"]', "kinds = []", "one kind"),
    ('kinds = ["effect", "scene"]', 'kinds = ["effect", "effect"]', "twice"),
    ('languages = ["en-US", "de"]', 'languages = ["de", "de"]', "twice"),
    ("max_clips = 3", "max_clips = -1", "0 at least"),
    ("has_voices = true", "has_voices = 1", "bool"),
    ('default = "calm"', 'default = "merry"', "calm or wild"),
    ('choices = ["calm", "wild"]', 'choices = ["calm", "calm"]', "twice"),
    ('excludes = ["speed", "voice"]', 'excludes = ["sped", "voice"]', "sped"),
    ('name = "mood"', 'name = "prompt"', "named"),
    ('name = "mood"', 'name = ""', "named"),
    ('languages = ["en-US", "de"]', 'default_language = "xx"\nlanguages = ["en-US", "de"]', "none of the languages"),
    ("default = 8", "default = 31", "from 1 to 30.5"),
    ("default = 8", "default = nan", "finite"),
    ("minimum = 1", "minimum = 99", "above the maximum"),
    ("step = 0.5", "step = 0", "above 0"),
    ("default = 12", "default = 101", "from 0 to 100"),
    ("max_length = 20", "max_length = 0", "1 at least"),
    ("max_length = 20", 'choices = ["a"]', "has none"),
    ('format = "wav"', 'format = "aac"', "aac"),
    ("default_sample_rate_hz = 48000", "default_sample_rate_hz = 47999", "48,000"),
    ("default_channels = 2", "default_channels = 3", "1 or 2"),
    ("default_bitrate_kbps = 192", "default_bitrate_kbps = 191", "128 or 192"),
    ("values_kbps = [192, 128]", "values_kbps = []", "no bit rate"),
    ("sample_rates_hz = [48000]", "sample_rates_hz = [32000]", "32,000"),
    ("sample_rates_hz = [44100, 48000]", "sample_rates_hz = [44100, 0]", "768,000"),
    ('amount = "0.158"', 'amount = "cheap"', "cheap"),
    ('amount = "0.158"', 'amount = "-1"', "-1"),
    ('amount = "0.158"', "amount = 0.158", "Expected `str`"),
    ('read_on = "2026-03-31"', 'read_on = "in March"', "in March"),
    ('unit = "minute"', 'unit = "hour"', "hour"),
    ('prompt = "Heavy rain"', 'prompt = " "', "empty"),
]


@pytest.mark.parametrize(("right", "wrong", "reason"), MISTAKES)
def test_a_mistake_is_told_with_its_line_and_reason_and_the_file_left_out(folder, right, wrong, reason):
    assert right in GOOD
    line = GOOD[: GOOD.index(right)].count("\n") + 1

    catalogue = load(folder, GOOD.replace(right, wrong, 1))

    assert catalogue.models == ()
    assert [problem for problem in catalogue.problems if problem.line == line and reason in problem.reason], [
        *map(str, catalogue.problems)
    ]
    assert {problem.file for problem in catalogue.problems} == {folder / "acme.toml"}


def test_what_is_missing_is_told_at_its_table(folder):
    catalogue = load(folder, GOOD.replace('name = "speed"\n', ""))

    (problem,) = catalogue.problems
    assert "name" in problem.reason
    assert GOOD.splitlines()[problem.line - 1] == "[[model.parameter]]"
    assert problem.line == GOOD[: GOOD.index('name = "speed"')].count("\n")


def test_a_broken_file_takes_no_other_with_it(folder):
    (folder / "broken.toml").write_text("provider = ")
    (folder / "notes.txt").write_text("not for us")

    catalogue = load(folder, GOOD)

    assert [spec.id for spec in catalogue.models] == ["sounds-1"]
    assert [problem.file.name for problem in catalogue.problems] == ["broken.toml"]


def test_a_later_folder_adds_models_and_takes_the_place_of_earlier_ones(tmp_path):
    ours, users = tmp_path / "ours", tmp_path / "users"
    for place in (ours, users):
        place.mkdir()
    (ours / "acme.toml").write_text(GOOD)
    (users / "mine.toml").write_text(
        GOOD.replace('label = "Sounds"', 'label = "My sounds"')
        + '[[model]]\nid = "more"\nlabel = "More"\nkinds = ["music"]\n'
    )

    catalogue = Catalogue.load([ours, users, tmp_path / "missing"])

    assert [(spec.id, spec.label) for spec in catalogue.models] == [("sounds-1", "My sounds"), ("more", "More")]
    assert catalogue.problems == ()


def test_a_users_broken_file_does_not_take_our_model_away(tmp_path):
    ours, users = tmp_path / "ours", tmp_path / "users"
    for place in (ours, users):
        place.mkdir()
    (ours / "acme.toml").write_text(GOOD)
    (users / "acme.toml").write_text(GOOD.replace("max_takes = 4", "max_takes = 0"))

    assert [spec.max_takes for spec in Catalogue.load([ours, users]).models] == [4]


def test_an_unknown_model_is_refused_with_those_that_there_are(folder):
    catalogue = load(folder, GOOD)

    with pytest.raises(RequestInvalid, match="sounds-1") as caught:
        catalogue.spec("acme", "sounds-9")
    assert [problem.field for problem in caught.value.problems] == ["model"]
    with pytest.raises(RequestInvalid, match="acme") as caught:
        catalogue.spec("nobody", "x")
    assert [problem.field for problem in caught.value.problems] == ["provider"]
    with pytest.raises(RequestInvalid):
        Catalogue([]).spec("acme", "x")


def test_a_model_is_found_by_provider_and_id(folder):
    catalogue = load(folder, GOOD)

    assert catalogue.spec("acme", "sounds-1") is catalogue.of_provider("acme")[0]
    assert catalogue.of_provider("nobody") == ()
    assert catalogue.providers == ("acme",)


def test_our_own_catalogue_is_without_a_fault_and_its_examples_can_be_sent():
    catalogue = Catalogue.load([resources_dir() / "catalogue"])

    assert catalogue.problems == ()
    assert {"sketch", "speech"} <= {spec.id for spec in catalogue.of_provider("local")}
    for spec in catalogue.models:
        for example in spec.examples:
            request = GenerationRequest(spec.provider, spec.id, example.prompt, takes=spec.default_takes)
            needed = {parameter.name for parameter in spec.parameters if parameter.is_required} | {"references"}
            assert [problem for problem in spec.check(request) if problem.field not in needed] == []


def test_a_folder_instead_of_a_file_is_told(folder):
    (folder / "acme.toml").mkdir()

    (problem,) = Catalogue.load([folder]).problems

    assert "can’t be read" in str(problem)


LINES = GOOD.splitlines(keepends=True)
TOML_LIKE = some.text(some.sampled_from("[]{}\"'=.,#\n\\ab1-:\"\"\"'''e+n_"), max_size=60)


@given(
    some.binary(max_size=200)
    | TOML_LIKE.map(str.encode)
    | some.permutations(LINES).map(lambda lines: "".join(lines).encode())
    | some.tuples(some.integers(0, len(GOOD)), TOML_LIKE).map(
        lambda at: (GOOD[: at[0]] + at[1] + GOOD[at[0] :]).encode()
    )
    | some.sampled_from([b"x = " + b"[" * 5_000, b"x = " + b"1" * 5_000, b"x = 1e999999", b"d = 0000-99-99"])
)
def test_nothing_that_can_be_in_a_file_fails(data):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.toml"
        path.write_bytes(data)

        catalogue = Catalogue.load([Path(folder)])

    assert bool(catalogue.models) != bool(catalogue.problems)
    for problem in catalogue.problems:
        assert problem.line is None or 1 <= problem.line <= data.count(b"\n") + 1
        assert str(problem)


WITH_LINES = """\
a = 1
[t]
b = 2
deep.c = 3
[[list]]
x = 1
[[ list ]]  # the second
x = [0, 1,
  2, 3]
[[list.inner]]
y = 1
[text]
t = \'\'\'
[t]
b = 9 \'\'\'
["quoted.key"]
z = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("t", "b"), 3),
        (("t", "deep", "c"), 4),
        (("list", 0, "x"), 6),
        (("list", 1), 7),
        (("list", 1, "x"), 8),
        (("list", 1, "x", 3), 8),
        (("list", 1, "inner", 0, "y"), 11),
        (("list", 1, "unknown"), 7),
        (("quoted.key", "z"), 17),
        (("nothing",), None),
    ],
)
def test_lines_of_keys_are_found(path, line):
    assert line_of(WITH_LINES, path) == line
