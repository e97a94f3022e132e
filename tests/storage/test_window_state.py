"""How the window was left comes back; a file that can't be read is a fresh start."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as some

from app.domain.audio import AudioFormat, AudioSettings
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.draft import Draft
from app.domain.request import InputFile, InputKind
from app.storage.library_queries import Filter, LibraryQuery, SortKey
from app.storage.window_state import WindowState, WindowStateStore

LEFT = WindowState(
    layout={"splitter": "AAAB"},
    folded=("voice", "model"),
    provider="acme",
    model="sounds",
    draft=Draft(
        prompt="heavy rain",
        takes={"acme/sounds": 3, "acme/speech": 2},
        duration_s=4.5,
        seed=2**40,
        audio=AudioSettings(AudioFormat.MP3, 44_100, 2, 192),
        voices={"acme/speech": "anna"},
        voice_names={"acme/speech": "Anna"},
        parameters={"acme/sounds": {"mood": "calm", "speed": 12, "gain": 0.5, "is_wild": True}},
        references=(
            InputFile(Path("/sounds/Skipper, rough.wav"), "ab12"),
            InputFile(Path("face.png"), kind=InputKind.PICTURE),
        ),
        plans={"acme/music": CompositionPlan(("slow",), ("drums",), (PlanSection("Intro", 20, lines=("La", "la")),))},
        planned=("acme/music",),
    ),
    query=LibraryQuery("rain", Filter.DONE, SortKey.COST, descending=False),
    selected_task="0123456789ab",
    selected_take=2,
    spectrogram_range=(-90.0, -30.0),
    has_decibels=True,
    snaps=True,
)


def test_the_state_comes_back(tmp_path):
    path = tmp_path / "config" / "window.json"
    WindowStateStore(path).save(LEFT)

    assert WindowStateStore(path).load() == LEFT


def test_what_may_carry_credentials_is_never_written(tmp_path):
    path = tmp_path / "window.json"
    draft = Draft(prompt="rain", secrets={"acme/sounds": {"upload_to": "https://example.com/?key=s3cret"}})

    WindowStateStore(path).save(WindowState(draft=draft))

    assert b"s3cret" not in path.read_bytes()
    assert WindowStateStore(path).load().draft == Draft(prompt="rain")


def test_the_first_start_has_a_fresh_state(tmp_path):
    assert WindowStateStore(tmp_path / "window.json").load() == WindowState()


@given(
    some.binary(max_size=100)
    | some.sampled_from(
        [
            b"{}",
            b"[]",
            b"null",
            b"[" * 100_000,
            b'{"query": {"sort": "mood"}}',
            b'{"selected_take": 1e400}',
            b'{"draft": {"references": [{"path": 7}]}}',
        ]
    )
    | some.text(some.sampled_from('{}[]":,0aqury'), max_size=60).map(str.encode)
)
def test_nothing_that_can_be_in_the_file_fails(data):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "window.json"
        path.write_bytes(data)

        assert isinstance(WindowStateStore(path).load(), WindowState)


def test_a_file_nested_without_end_is_a_fresh_start(tmp_path: Path) -> None:
    (tmp_path / "window.json").write_bytes(b'{"layout":' * 20_000)

    assert WindowStateStore(tmp_path / "window.json").load() == WindowState()
