"""Names that every system takes, whatever the text."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.file_names import folded, free_name, is_device, numbered, safe_name

texts = st.one_of(
    st.text(max_size=400),
    st.text(alphabet='ab./\\:*?"<>|-~ \t\n\u202e\u200b\u0301é漢😀', max_size=200),
    st.sampled_from(["con", "NUL.txt", "com1", "Lpt9.wav", "aux ", "..", "../../etc/passwd", "COM¹.x", "CONIN$"]),
)


@given(texts)
def test_a_safe_name_has_nothing_that_any_system_refuses(text: str) -> None:
    name = safe_name(text)

    assert name
    assert len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(c)[0] == "C" for c in name)
    assert name[0] not in " .-~"
    assert name[-1] not in " ."
    assert not is_device(name)
    assert Path(name).name == name


@given(texts)
def test_a_safe_name_stays_as_it_is(text: str) -> None:
    name = safe_name(text)

    assert safe_name(name) == name


@given(texts, st.sampled_from([".wav", ".flac", ".opus"]), st.integers(1, 10_000))
def test_a_number_and_a_suffix_never_pass_the_limit(text: str, suffix: str, number: int) -> None:
    name = numbered(safe_name(text), suffix, number)

    assert len(name.encode()) <= 255
    assert name.endswith(suffix)
    assert number == 1 or f" {number}." in name


@given(texts, st.integers(0, 5))
def test_a_free_name_is_not_taken(text: str, before: int) -> None:
    taken: set[str] = set()
    for _ in range(before):
        taken.add(folded(free_name(safe_name(text), ".wav", taken)))

    assert len(taken) == before


@given(text=texts)
def test_every_safe_name_can_really_be_written(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "names"
    folder.mkdir(exist_ok=True)
    file = folder / numbered(safe_name(text), ".wav", 1)

    file.write_bytes(b"")

    assert file.name in {entry.name for entry in folder.iterdir()}
    file.unlink()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("heavy rain on a tin roof", "heavy rain on a tin roof"),
        ("rain\n\ton\u00a0tin", "rain on tin"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("what? who: me", "what_ who_ me"),
        ("NUL", "_NUL"),
        ("con.tin.ue", "_con.tin.ue"),
        ("-rf --no", "rf --no"),
        ("fade out...", "fade out"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("Cafe\u0301", "Café"),
        ("\u200b\u2066", "untitled"),
        ("雨と雷", "雨と雷"),
    ],
)
def test_names_read_like_their_text(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_a_long_name_is_cut_between_characters() -> None:
    assert safe_name("é" * 400) == "é" * 127


def test_names_that_differ_in_case_or_accents_form_only_are_one_file() -> None:
    assert folded("Café.WAV") == folded("cafe\u0301.wav")
    assert free_name("rain", ".wav", {"rain.wav", "rain 2.wav"}) == "rain 3.wav"


WINDOWS_DEVICES = {"CON", "PRN", "AUX", "NUL"} | {f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10)}


@given(st.lists(texts, min_size=1, max_size=8), st.sampled_from([".wav", ".flac", ".opus"]))
def test_names_of_one_folder_never_clash_on_any_system_and_never_lead_out_of_it(
    given_texts: list[str], suffix: str
) -> None:
    taken: set[str] = set()
    for text in given_texts:
        for twin in (text, unicodedata.normalize("NFD", text), text.upper(), f"{text}\u200b"):
            name = free_name(safe_name(twin), suffix, taken)
            taken.add(folded(name))

            assert PureWindowsPath(name).name == PurePosixPath(name).name == name
            assert PureWindowsPath(name).stem.rstrip(" .").upper() not in WINDOWS_DEVICES
            assert PureWindowsPath(name).stem.partition(".")[0].rstrip().upper() not in WINDOWS_DEVICES
            assert len(name.encode()) <= 255

    assert len(taken) == 4 * len(given_texts)
    assert len({unicodedata.normalize("NFC", each).lower() for each in taken}) == len(taken)
