"""The computer's own encoders: they write what soundfile's do, and where there are none soundfile's are used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.audio import system_encoder
from app.audio.encoding import encode
from app.audio.files import read_blocks, verify
from app.audio.formats import RATES
from app.domain.audio import AudioFormat
from app.domain.errors import StorageError
from tests.audio.conftest import Floats, noise
from tests.audio.tones import tone

QUICK = (AudioFormat.MP3, AudioFormat.OPUS)
CASES = [(each, rate_hz, channels) for each in QUICK for rate_hz in RATES[each] for channels in (1, 2)]
# LAME has been the same for years. A newer libopus may choose another bit rate for the same sound.
TOLERANCES = {AudioFormat.MP3: (0.001, 1e-6), AudioFormat.OPUS: (0.1, 2e-2)}

needs_them = pytest.mark.skipif(system_encoder._library() is None, reason="libsndfile 1.2 isn’t installed")


@pytest.fixture
def by_soundfile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """`encode` as it is where the computer has no encoders of its own."""

    def encode_so(blocks: list[Floats], target: Path, **settings: object) -> Path:
        with monkeypatch.context() as patch:
            patch.setattr(system_encoder, "_library", lambda: None)
            encode(blocks, target, **settings)  # type: ignore[arg-type]
        return target

    return encode_so


def read(path: Path) -> Floats:
    return np.concatenate(list(read_blocks(path)))


@needs_them
@pytest.mark.parametrize(("audio_format", "rate_hz", "channels"), CASES)
def test_what_they_write_is_what_soundfile_writes(
    tmp_path: Path, by_soundfile: Callable[..., Path], audio_format: AudioFormat, rate_hz: int, channels: int
) -> None:
    samples = tone(-12.0, 1.0, rate_hz=rate_hz, channels=channels) + noise(rate_hz, channels, level=0.05)
    settings = {"format": audio_format, "sample_rate_hz": rate_hz, "channels": channels}

    encode([samples], tmp_path / "ours", **settings)
    theirs = by_soundfile([samples], tmp_path / "theirs", **settings)

    ours, expected = read(tmp_path / "ours"), read(theirs)
    assert verify(tmp_path / "ours") == verify(theirs)
    size_off, power_off = TOLERANCES[audio_format]
    assert (tmp_path / "ours").stat().st_size == pytest.approx(theirs.stat().st_size, rel=size_off)
    assert ((ours - expected) ** 2).mean() < power_off * (expected**2).mean()


@needs_them
@pytest.mark.parametrize(("bitrate_kbps", "quality"), [(64, None), (320, None), (None, 0.0), (None, 7.0)])
def test_bit_rates_and_qualities_mean_the_same(
    tmp_path: Path, by_soundfile: Callable[..., Path], bitrate_kbps: int | None, quality: float | None
) -> None:
    settings = {"format": AudioFormat.MP3, "sample_rate_hz": 44_100, "channels": 2}
    settings |= {"bitrate_kbps": bitrate_kbps, "quality": quality}

    encode([noise(44_100)], tmp_path / "ours", **settings)
    theirs = by_soundfile([noise(44_100)], tmp_path / "theirs", **settings)

    assert (tmp_path / "ours").stat().st_size == pytest.approx(theirs.stat().st_size, rel=0.02)


@pytest.mark.parametrize("audio_format", QUICK)
def test_without_them_a_file_is_written_all_the_same(
    tmp_path: Path, by_soundfile: Callable[..., Path], audio_format: AudioFormat
) -> None:
    path = by_soundfile([noise(48_000)], tmp_path / "a", format=audio_format, sample_rate_hz=48_000, channels=2)

    assert verify(path).frames == 48_000


@needs_them
def test_settings_that_they_refuse_are_left_to_soundfile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_encoder._library(), "sf_command", lambda *_: 0)
    settings = {"format": AudioFormat.MP3, "sample_rate_hz": 44_100, "channels": 2, "bitrate_kbps": 320}

    encode([noise(44_100)], tmp_path / "a", **settings)

    assert verify(tmp_path / "a").frames == 44_100
    assert (tmp_path / "a").stat().st_size == pytest.approx(320_000 / 8, rel=0.1)


@needs_them
@pytest.mark.parametrize("audio_format", QUICK)
@pytest.mark.parametrize("place", ["/dev/full", "/nowhere/a"])
def test_what_cannot_be_written_is_told(audio_format: AudioFormat, place: str) -> None:
    with pytest.raises(StorageError, match="can’t be written: "):
        encode([noise(200_000)], Path(place), format=audio_format, sample_rate_hz=48_000, channels=2)


def test_a_version_is_read_off_the_name() -> None:
    assert system_encoder._version("libsndfile-1.2.0") == (1, 2)
    assert system_encoder._version("libsndfile-1.0.31") == (1, 0)
    assert system_encoder._version("") == ()
