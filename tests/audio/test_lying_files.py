"""What a file claims costs neither memory nor time: the bytes that are there count."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.audio import files
from app.audio.encoding import encode
from app.audio.files import inspect, verify
from app.audio.wav_head import NotAWav, read_wav_head
from app.domain.audio import AudioFormat
from app.domain.errors import BrokenAudio
from tests.audio.lying_files import FILES, deeds, encoded, wav

_CHECKOUT = Path(__file__).resolve().parents[2]
_MOST_MEGABYTES = 400  # NumPy and the decoders have 40 of them
_PATIENCE_S = 100  # for all files; a claim that is believed takes hours

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what a process had at the most is told by Linux")


@pytest.fixture(scope="module")
def told() -> dict[str, list[dict[str, Any]]]:
    """What came of each use of each file, in a process of its own: some decoders end it over what they are given."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.audio.lying_files"],
        cwd=_CHECKOUT,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    found = defaultdict(list)
    for line in done.stdout.splitlines():
        use = json.loads(line)
        found[use["file"]].append(use)
    assert done.returncode == 0, f"it ended after {list(found)[-1:]}: {done.stderr[-500:]}"
    return found


@pytest.mark.parametrize("file", FILES)
def test_a_lying_file_is_used_as_what_it_is_or_refused_with_a_sentence(
    told: dict[str, list[dict[str, Any]]], file: str, tmp_path: Path
) -> None:
    uses = told[file]

    assert [use["deed"] for use in uses] == [name for name, _ in deeds(tmp_path, tmp_path)]
    assert [use for use in uses if "fault" in use] == []
    assert all(use["refusal"].endswith(".") for use in uses if "refusal" in use)
    assert max(use["megabytes"] for use in uses) < _MOST_MEGABYTES


@pytest.mark.parametrize("file", FILES)
def test_no_lying_file_has_more_than_a_second(told: dict[str, list[dict[str, Any]]], file: str) -> None:
    facts, verified, *_ = told[file]

    assert (facts["result"] or 0) < 1.0
    assert verified.get("result", 0) < 50_000


def test_a_day_of_silence_in_a_few_bytes_is_not_decoded_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_MOST_SAMPLES", 10_000)
    path = tmp_path / "silence.wav"
    encode([np.zeros((20_000, 2), np.float32)], path, format=AudioFormat.WAV, sample_rate_hz=48_000, channels=2)

    with pytest.raises(BrokenAudio, match="longer than"):
        verify(path)


def test_a_long_silence_is_as_long_as_it_is(tmp_path: Path) -> None:
    """So few bytes a second are rare, and no lie."""
    path = tmp_path / "silence.flac"
    silence = np.zeros((48_000 * 60, 1), np.float32)
    encode([silence], path, format=AudioFormat.FLAC, sample_rate_hz=48_000, channels=1)

    assert inspect(path).frames == len(silence)


@pytest.mark.parametrize("audio_format", list(AudioFormat))
def test_samples_that_are_no_numbers_become_silence_in_every_format(tmp_path: Path, audio_format: AudioFormat) -> None:
    block = np.full((4_800, 1), 0.1, np.float32)
    block[1_000:3_000] = np.nan
    path = tmp_path / "out"

    encode([block], path, format=audio_format, sample_rate_hz=48_000, channels=1)

    (written,) = files.read_blocks(path)
    assert np.abs(written[1_500:2_500]).max() < 0.05


def test_a_head_of_countless_chunks_is_none_while_it_arrives() -> None:
    with pytest.raises(NotAWav):
        read_wav_head(wav(before=b"junk\0\0\0\0" * 100))

    assert read_wav_head(wav(before=b"junk\0\0\0\0" * 10)) is not None


def test_two_sounds_in_one_file_are_one(tmp_path: Path) -> None:
    path = tmp_path / "chained.ogg"
    path.write_bytes(encoded("OGG", "VORBIS") * 2)

    assert verify(path).frames == inspect(path).frames
