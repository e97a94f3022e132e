"""Odd files do no harm: whatever is done with them works, or is refused with a sentence."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.audio.containers import missing_end
from app.audio.files import inspect, read_blocks
from app.domain.audio import AudioFormat
from tests.audio.conftest import Deck
from tests.audio.odd_files import FILES, cut, deeds, wave, written

_CHECKOUT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 100  # for all files; what hangs would hang longer

# What even a whole and honest file may be refused with, and where.
_REFUSALS = {
    r"The file can’t be heard before it is whole: .+": "playing while it grows",
    r"The tags of tagged (can’t be written|don’t read back).+": "tagging",
    r"The fades together take 0\.020 s; the sound is 0\.\d+ s long\.": "with everything",
}

Uses = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def told() -> dict[str, Uses]:
    """What came of each use of each file, in a process of its own: a fault in a decoder ends it."""
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-m", "tests.audio.odd_files"],
        cwd=_CHECKOUT,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    found: dict[str, Uses] = defaultdict(dict)
    for line in done.stdout.splitlines():
        use = json.loads(line)
        found[use["file"]][use["deed"]] = use
    assert done.returncode == 0, f"it ended after {list(found)[-1:]}: {done.stderr[-500:]}"
    return found


@pytest.mark.parametrize("file", FILES)
def test_everything_works_with_an_odd_file_or_is_refused_with_a_sentence(
    told: dict[str, Uses], file: str, tmp_path: Path
) -> None:
    uses, odd = told[file], FILES[file]
    refusals = {deed: use["refusal"] for deed, use in uses.items() if "refusal" in use}

    assert list(uses) == [name for name, _ in deeds(tmp_path, tmp_path)]
    assert [use for use in uses.values() if "fault" in use] == []
    assert [text for text in refusals.values() if not re.fullmatch(r"[A-Z].+\.", text)] == []
    assert [text for text in refusals.values() if ".partial" in text] == []
    if odd.is_whole and odd.is_read:
        assert [
            (deed, text)
            for deed, text in refusals.items()
            if not any(where in deed and re.fullmatch(words, text) for words, where in _REFUSALS.items())
        ] == []


@pytest.mark.parametrize("file", FILES)
def test_an_odd_file_is_taken_for_what_it_is(told: dict[str, Uses], file: str) -> None:
    uses, odd = told[file], FILES[file]

    if not odd.is_read:
        assert "refusal" in uses["inspecting"]
        assert "refusal" in uses["verifying"]
        return
    found = uses["inspecting"]["result"]
    assert (found["rate_hz"], found["channels"]) == (odd.rate_hz, odd.channels)
    assert odd.frames in (None, found["frames"])
    assert ("result" in uses["verifying"]) == odd.is_whole


@pytest.mark.parametrize("file", [name for name, odd in FILES.items() if odd.is_read and odd.frames != 0])
def test_what_is_exported_is_as_long_as_it_was_or_a_copy(told: dict[str, Uses], file: str) -> None:
    uses, odd = told[file], FILES[file]
    frames = uses["inspecting"]["result"]["frames"]

    exported = {deed: use["result"] for deed, use in uses.items() if deed.endswith("as it is") and "result" in use}

    if odd.is_whole:
        assert len(exported) == len(AudioFormat)
    for deed, written_file in exported.items():
        expected = frames * written_file["rate_hz"] / odd.rate_hz
        assert written_file["is_copy"] or abs(written_file["frames"] - expected) <= 1, deed


def test_a_file_that_can_hold_no_tags_is_copied_without(told: dict[str, Uses]) -> None:
    found = told["RF64"]["wav, as it is"]["result"]

    assert found["is_copy"]
    assert "a copy without tags" in found["remark"]


def test_samples_that_are_no_numbers_are_not_even_copied(told: dict[str, Uses]) -> None:
    for file in ("samples that are no numbers", "endless samples", "nothing but samples that are no numbers"):
        assert not told[file]["wav, as it is"]["result"]["is_copy"]


def test_what_is_far_over_full_scale_is_copied_all_the_same(told: dict[str, Uses], tmp_path: Path) -> None:
    assert told["float far above full scale"]["playing by hand"]["result"] <= 16.0
    assert told["float far above full scale"]["wav, as it is"]["result"]["remark"] == ""


@pytest.mark.parametrize("codec", ["VORBIS", "OPUS"])
@pytest.mark.parametrize("last", [b"O", b"Og", b"Ogg"])
def test_sound_may_end_with_what_a_page_begins_with(tmp_path: Path, codec: str, last: bytes) -> None:
    """One in 256 files does."""
    path, audio_format = tmp_path / "a.ogg", AudioFormat.OGG if codec == "VORBIS" else AudioFormat.OPUS
    whole = written(wave(9_600), "OGG", codec)
    path.write_bytes(whole[: -len(last)] + last)
    cut = tmp_path / "cut.ogg"
    cut.write_bytes(whole + last)

    assert missing_end(path, audio_format) is None
    assert missing_end(cut, audio_format) is not None


def test_a_file_that_cannot_be_sought_is_read_from_any_frame(tmp_path: Path) -> None:
    path = tmp_path / "gsm.wav"
    path.write_bytes(FILES["GSM"].make())
    whole = np.concatenate(list(read_blocks(path)))

    part = np.concatenate(list(read_blocks(path, 1_001, 500)))

    assert len(whole) == inspect(path).frames
    assert np.array_equal(part, whole[1_001:1_501])


def test_a_cut_flac_is_heard_up_to_where_it_was_cut(tmp_path: Path, deck: Deck) -> None:
    path = tmp_path / "a.flac"
    samples = wave(200_000)
    path.write_bytes(cut(written(samples, "FLAC"), 0.8))

    deck.start(path)
    heard = deck.take(100_000)

    assert np.abs(heard - samples[:100_000]).max() < 2**-14
