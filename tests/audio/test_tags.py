from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.files import encode, read_blocks, verify
from app.audio.tags import Tags, read_tags, write_tags
from app.domain.audio import AudioFormat
from app.domain.errors import BrokenAudio
from tests.audio.conftest import noise

FULL = Tags(
    title="Regen auf Blech: schwer",
    artist="Cuesmith",
    comment="line one\nline two",
    prompt="雨, “heavy” – on a tin roof",
    model="Sketch 1",
    service="Built-in generator",
    seed="18446744073709551616",
    is_made_with_ai=True,
)
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60)


def sound(path: Path, audio_format: AudioFormat) -> Path:
    encode([noise(20_000)], path, format=audio_format, sample_rate_hz=48_000, channels=2)
    return path


@pytest.mark.parametrize("audio_format", list(AudioFormat))
def test_tags_read_back_and_the_audio_stays_as_it_was(tmp_path: Path, audio_format: AudioFormat) -> None:
    path = sound(tmp_path / "any name", audio_format)
    before = np.concatenate(list(read_blocks(path)))
    info = verify(path)

    write_tags(path, FULL)

    assert read_tags(path) == FULL
    assert verify(path) == info
    assert np.array_equal(np.concatenate(list(read_blocks(path))), before)


@pytest.mark.parametrize("audio_format", list(AudioFormat))
def test_new_tags_replace_the_old_ones(tmp_path: Path, audio_format: AudioFormat) -> None:
    path = sound(tmp_path / "a", audio_format)
    write_tags(path, FULL)

    write_tags(path, Tags(title="Other"))

    assert read_tags(path) == Tags(title="Other")


@pytest.mark.parametrize("audio_format", list(AudioFormat))
@given(title=TEXT, prompt=TEXT, seed=TEXT, is_made_with_ai=st.booleans())
@settings(max_examples=15)
def test_any_text_survives(
    tmp_path_factory: pytest.TempPathFactory,
    audio_format: AudioFormat,
    title: str,
    prompt: str,
    seed: str,
    is_made_with_ai: bool,
) -> None:
    path = tmp_path_factory.getbasetemp() / f"tagged.{audio_format}"
    if not path.exists():
        sound(path, audio_format)
    tags = Tags(title=title, prompt=prompt, seed=seed, is_made_with_ai=is_made_with_ai)

    write_tags(path, tags)

    assert read_tags(path) == tags
    assert verify(path).frames == 20_000


@pytest.mark.parametrize("audio_format", list(AudioFormat))
def test_a_file_without_tags_has_empty_ones(tmp_path: Path, audio_format: AudioFormat) -> None:
    assert read_tags(sound(tmp_path / "a", audio_format)) == Tags()


def test_other_programs_find_the_title(tmp_path: Path) -> None:
    for audio_format in (AudioFormat.FLAC, AudioFormat.OGG, AudioFormat.MP3):
        path = sound(tmp_path / f"a.{audio_format}", audio_format)
        write_tags(path, FULL)
        with soundfile.SoundFile(path) as file:
            assert file.title == FULL.title


def test_what_is_no_audio_gets_no_tags(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"not a sound")

    with pytest.raises(BrokenAudio):
        write_tags(path, FULL)
    assert path.read_bytes() == b"not a sound"
