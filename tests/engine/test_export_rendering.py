"""What is in an exported file, as a signal: part, fades, levels; and what odd takes become."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.audio.files import inspect, read_blocks
from app.audio.measures import measure
from app.domain.audio import AudioFormat, BitDepth
from app.domain.errors import AppError
from app.domain.export_settings import ExportSettings, FadeShape
from app.engine.export_plan import ExportSource, PlannedExport
from app.engine.export_rendering import Rendered, render
from tests.audio.conftest import Floats, noise
from tests.engine.export_takes import ExportTakes, takes_in

RATE_HZ = 48_000


class Desk:
    """Takes made of any samples, and what an export makes of them."""

    def __init__(self, folder: Path) -> None:
        self.takes: ExportTakes = takes_in(folder / "library")
        self.target = folder / "exported"

    def take(self, samples: Floats, *, rate_hz: int = RATE_HZ, subtype: str = "PCM_24") -> ExportSource:
        """A WAV take; its suffix and what the library knows of it fit."""
        source = self.takes.take()
        assert source.take.file is not None
        path = self.takes.files.path(source.take.file)
        soundfile.write(path, samples, rate_hz, subtype=subtype, format="WAV")
        return replace(source, take=replace(source.take, info=inspect(path)))

    def export(
        self, source: ExportSource, *, cancelled: Callable[[], bool] = lambda: False, **settings: object
    ) -> Rendered:
        """Write the one file."""
        wanted = ExportSettings(folder=self.target.parent, **settings)  # type: ignore[arg-type]
        assert source.take.file is not None
        return render(
            PlannedExport(source, wanted, self.target, self.target),
            self.takes.files.path(source.take.file),
            self.target,
            progress=lambda _fraction: None,
            cancelled=cancelled,
        )

    @property
    def samples(self) -> Floats:
        return np.concatenate(list(read_blocks(self.target)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def sound(seconds: float = 2.5, level: float = 0.2, rate_hz: int = RATE_HZ) -> Floats:
    """A tone that swells over noise: its loudness is no constant, and its true peak lies between samples."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    swell = 0.3 + 0.7 * np.sin(np.pi * time_s / seconds) ** 2
    tone = np.sin(2 * np.pi * rate_hz / 4.03 * time_s + 0.8) * 0.5 + np.sin(2 * np.pi * 440 * time_s) * 0.5
    grain = np.random.default_rng(5).standard_normal((len(time_s), 2)) * 0.05
    return (level * (swell * tone)[:, None] + level * grain).astype(np.float32)


# levels

LEVELLED = [
    {},
    {"sample_rate_hz": 44_100, "bit_depth": BitDepth.INT16},
    {"channels": 1, "start_s": 0.7, "end_s": 2.4},
    {"fade_in_s": 0.5, "fade_out_s": 1.5, "format": AudioFormat.FLAC},
    {"format": AudioFormat.MP3, "bitrate_kbps": 320},
    {"format": AudioFormat.OGG, "quality": 8.0},
    {"format": AudioFormat.OPUS, "bitrate_kbps": 256},
]


@pytest.mark.parametrize("how", LEVELLED, ids=lambda how: "-".join(how) or "as it is")
@pytest.mark.parametrize("wish", ["loudness_lufs", "momentary_lufs"])
def test_a_loudness_is_met_within_a_tenth_whatever_else_is_done(desk: Desk, how: dict[str, object], wish: str) -> None:
    rendered = desk.export(desk.take(sound()), **how, **{wish: -27.0})

    found = measure(desk.target)
    reached = found.integrated_lufs if wish == "loudness_lufs" else found.momentary_max_lufs
    assert reached == pytest.approx(-27.0, abs=0.1)
    assert rendered.remark == ""


@pytest.mark.parametrize(
    ("how", "is_known"),
    [
        ({}, True),
        ({"format": AudioFormat.MP3, "bitrate_kbps": 320}, True),
        ({"bit_depth": BitDepth.INT16}, True),
        ({"channels": 1}, False),
        ({"sample_rate_hz": 44_100}, False),
        ({"start_s": 0.2}, False),
        ({"fade_in_s": 0.2}, False),
        ({"silence_dbfs": -30.0, "margin_s": 0.0}, False),
    ],
    ids=lambda value: "-".join(value) or "as it is" if isinstance(value, dict) else "",
)
def test_what_is_known_of_a_take_is_not_measured_again(desk: Desk, how: dict[str, object], is_known: bool) -> None:
    source = desk.take(sound())
    true = measure(desk.takes.files.path(source.take.file))
    told = replace(true, integrated_lufs=true.integrated_lufs - 2.0)  # so that one sees what was believed

    desk.export(replace(source, take=replace(source.take, measures=told)), **how, loudness_lufs=-27.0)

    reached = measure(desk.target).integrated_lufs
    assert reached == pytest.approx(-25.0 if is_known else -27.0, abs=0.1)


def test_what_is_known_of_another_file_is_not_believed(desk: Desk) -> None:
    source = desk.take(sound())
    true = measure(desk.takes.files.path(source.take.file))
    told = replace(true, integrated_lufs=true.integrated_lufs - 2.0)
    was_longer = replace(source.take.info, frames=source.take.info.frames + 1)

    desk.export(replace(source, take=replace(source.take, measures=told, info=was_longer)), loudness_lufs=-27.0)

    assert measure(desk.target).integrated_lufs == pytest.approx(-27.0, abs=0.1)


WISHES = {"loudness_lufs": -3.0, "momentary_lufs": -3.0, "peak_dbfs": -0.5, "gain_db": 30.0}


@pytest.mark.parametrize(
    ("how", "wish"),
    [*((how, "loudness_lufs") for how in LEVELLED), *(({}, wish) for wish in WISHES), (LEVELLED[-1], "gain_db")],
    ids=lambda value: value if isinstance(value, str) else "-".join(value) or "as it is",
)
def test_the_true_peak_holds_under_every_wish_even_through_a_codec(
    desk: Desk, how: dict[str, object], wish: str
) -> None:
    wishes = {wish: WISHES[wish], "true_peak_dbtp": -2.0}

    rendered = desk.export(desk.take(sound()), **how, **wishes)

    assert -2.3 < measure(desk.target).true_peak_dbtp < -1.94
    assert rendered.remark.endswith("more would pass −2.0 dBTP.")


@pytest.mark.parametrize(
    "how",
    [
        {"format": AudioFormat.MP3, "bitrate_kbps": 64},
        {"format": AudioFormat.MP3, "quality": 9.0},
        {"format": AudioFormat.OGG, "quality": 0.0},
        {"format": AudioFormat.OPUS, "bitrate_kbps": 32},
    ],
    ids=lambda how: f"{how['format']}",
)
def test_what_a_coarse_codec_adds_is_taken_off_again(desk: Desk, how: dict[str, object]) -> None:
    """The flat tops of a clipped sound come out of it with humps."""
    rough = noise(60_000, 1, level=1.0)[:, 0]
    clipped = np.clip(4 * np.convolve(rough, np.ones(24) / 24, "same"), -0.5, 0.5)[:, None]

    rendered = desk.export(desk.take(clipped.astype(np.float32)), **how, peak_dbfs=-1.0, true_peak_dbtp=-1.0)

    assert rendered.remark.endswith("adds to its peaks would pass −1.0 dBTP.")
    assert -2.0 < measure(desk.target).true_peak_dbtp < -0.94


def test_a_peak_is_that_of_the_samples(desk: Desk) -> None:
    between = 0.5 * np.sin(np.pi / 2 * np.arange(48_000) + np.pi / 4).astype(np.float32)[:, None]

    desk.export(desk.take(between), peak_dbfs=-4.0)

    found = measure(desk.target)
    assert found.sample_peak_dbfs == pytest.approx(-4.0, abs=0.001)
    assert found.true_peak_dbtp == pytest.approx(-1.0, abs=0.2)


def test_a_gain_is_exact(desk: Desk) -> None:
    samples = sound()

    desk.export(desk.take(samples, subtype="FLOAT"), gain_db=-6.5)

    assert np.abs(desk.samples - samples * 10 ** (-6.5 / 20)).max() < 2**-24


def test_a_true_peak_as_high_as_the_peak_sets_the_true_peak(desk: Desk) -> None:
    rendered = desk.export(desk.take(sound()), peak_dbfs=-3.0, true_peak_dbtp=-3.0)

    assert measure(desk.target).true_peak_dbtp == pytest.approx(-3.0, abs=0.01)
    assert rendered.remark == ""


def test_what_is_cut_off_at_full_scale_is_told(desk: Desk) -> None:
    source = desk.take(sound(level=0.5))

    cut = desk.export(source, gain_db=12.0)
    desk.target.unlink()
    kept = desk.export(source, gain_db=12.0, bit_depth=BitDepth.FLOAT32)

    assert cut.remark.startswith("Take 1 goes ")
    assert "over full scale" in cut.remark
    assert kept.remark == ""
    assert np.abs(desk.samples).max() > 1.5


# part and fades


def silence_around(samples: Floats, head: int, tail: int) -> Floats:
    hiss = np.random.default_rng(2).uniform(-1, 1, (head + len(samples) + tail, 2)) * 10 ** (-70 / 20)
    hiss[head : head + len(samples)] += samples
    return hiss.astype(np.float32)


@pytest.mark.parametrize(("margin_s", "margin"), [(0.0, 0), (0.02, 960), (10.0, 100_000)])
def test_silence_is_trimmed_to_the_frame_and_the_margin_is_kept(desk: Desk, margin_s: float, margin: int) -> None:
    samples = silence_around(noise(30_000, level=0.3), 70_000, 90_000)

    desk.export(desk.take(samples, subtype="FLOAT"), silence_dbfs=-60.0, margin_s=margin_s)

    kept = samples[max(0, 70_000 - margin) : 100_000 + margin]
    assert np.array_equal(desk.samples, kept)


def test_only_the_selection_is_trimmed(desk: Desk) -> None:
    samples = silence_around(noise(96_000), 48_000, 48_000)

    desk.export(desk.take(samples, subtype="FLOAT"), start_s=1.5, end_s=3.5, silence_dbfs=-60.0, margin_s=0.0)

    assert np.array_equal(desk.samples, samples[72_000:144_000])


@pytest.mark.parametrize("level_dbfs", [-90.0, None])
def test_a_take_of_nothing_but_silence_stays_whole_and_says_so(desk: Desk, level_dbfs: float | None) -> None:
    samples = np.full((5_000, 2), 0.0 if level_dbfs is None else 10 ** (level_dbfs / 20), np.float32)

    rendered = desk.export(desk.take(samples), silence_dbfs=-60.0, loudness_lufs=-20.0)

    assert len(desk.samples) == 5_000
    assert "nothing was trimmed" in rendered.remark


def test_fades_lie_at_the_ends_of_what_is_left_before_the_rate_changes(desk: Desk) -> None:
    ones = np.zeros((48_000, 1), np.float32)
    ones[12_000:36_000] = 0.5

    desk.export(
        desk.take(ones, subtype="FLOAT"),
        silence_dbfs=-60.0,
        margin_s=0.0,
        fade_in_s=0.1,
        fade_out_s=0.2,
        fade_shape=FadeShape.LINEAR,
    )

    found = desk.samples[:, 0] * 2
    assert len(found) == 24_000
    assert np.allclose(found[:4_800], np.arange(4_800) / 4_800, atol=1e-6)
    assert np.array_equal(found[4_800:14_400], np.ones(9_600, np.float32))
    assert np.allclose(found[-9_600:], np.arange(9_599, -1, -1) / 9_600, atol=1e-6)


def test_fades_are_shortened_where_trimming_leaves_no_room_for_them(desk: Desk) -> None:
    samples = silence_around(noise(4_800), 48_000, 48_000)

    rendered = desk.export(
        desk.take(samples), silence_dbfs=-60.0, margin_s=0.0, fade_in_s=0.3, fade_out_s=0.1, bit_depth=BitDepth.FLOAT32
    )

    found = np.abs(desk.samples).max(axis=1)
    assert len(found) == 4_800
    assert rendered.remark == "Take 1 is only 0.100 s long without its silence; its fades were shortened."
    assert (found[0], found[-1]) == (0.0, 0.0)
    assert found[3_500:3_700].max() > 0.2


# nothing changed


@pytest.mark.parametrize("audio_format", list(AudioFormat))
@pytest.mark.parametrize("writes_tags", [False, True], ids=["without tags", "with tags"])
def test_where_nothing_changes_the_sound_is_the_very_same(
    desk: Desk, audio_format: AudioFormat, writes_tags: bool
) -> None:
    source = desk.takes.take(format=audio_format, prompt="Grüße, “rain”\n雨 " * 50)
    assert source.take.file is not None
    original = desk.takes.files.path(source.take.file)

    desk.export(source, format=audio_format, writes_tags=writes_tags)

    same_bytes = desk.target.read_bytes() == original.read_bytes()
    assert same_bytes is not writes_tags
    assert np.array_equal(desk.samples, np.concatenate(list(read_blocks(original))))


# odd takes

EVERYTHING: dict[str, object] = {
    "loudness_lufs": -20.0,
    "silence_dbfs": -60.0,
    "fade_in_s": 0.01,
    "fade_out_s": 0.01,
    "channels": 1,
}


def not_numbers() -> Floats:
    samples = sound(1.0)
    samples[1_000], samples[2_000], samples[3_000] = np.nan, np.inf, -np.inf
    return samples


ODD: dict[str, tuple[Callable[[], Floats], int, str]] = {
    "one sample": (lambda: np.full((1, 1), 0.5, np.float32), 48_000, "PCM_16"),
    "8 kHz mono": (lambda: noise(8_000, 1), 8_000, "PCM_16"),
    "192 kHz": (lambda: sound(0.5, rate_hz=192_000), 192_000, "PCM_24"),
    "6 channels": (lambda: noise(24_000, 6), 48_000, "PCM_16"),
    "above full scale": (lambda: sound(1.0, level=8.0), 48_000, "FLOAT"),
    "not numbers": (not_numbers, 48_000, "FLOAT"),
}


@pytest.mark.parametrize("audio_format", list(AudioFormat))
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("settings", [{}, EVERYTHING], ids=["as it is", "everything"])
def test_an_odd_take_becomes_a_sound_file(
    desk: Desk, odd: str, audio_format: AudioFormat, settings: dict[str, object]
) -> None:
    make, rate_hz, subtype = ODD[odd]

    rendered = desk.export(desk.take(make(), rate_hz=rate_hz, subtype=subtype), format=audio_format, **settings)

    is_copy = audio_format is AudioFormat.WAV and not settings  # byte by byte, whatever is in it
    assert rendered.info.format is audio_format
    assert rendered.info.frames >= 1
    assert is_copy or np.isfinite(desk.samples).all()
    assert is_copy or audio_format.is_lossless or rendered.info.channels <= 2 or odd == "6 channels"


def test_samples_that_are_no_numbers_stay_where_they_are(desk: Desk) -> None:
    """One of them must not spread over the whole block in a filter, nor silence the level."""
    samples = not_numbers()

    desk.export(desk.take(samples, subtype="FLOAT"), sample_rate_hz=44_100, true_peak_dbtp=-1.0)

    assert 0.1 < np.abs(desk.samples[20_000:40_000]).max() < 0.4


def make_empty(path: Path) -> None:
    soundfile.write(path, np.zeros((0, 2), np.float32), 48_000, subtype="PCM_16", format="WAV")


def cut_in_the_middle(path: Path) -> None:
    soundfile.write(path, noise(200_000), 48_000, subtype="PCM_16", format="FLAC")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("spoil", [make_empty, cut_in_the_middle, lambda path: path.write_bytes(b"no audio")])
@pytest.mark.parametrize("settings", [{}, EVERYTHING], ids=["as it is", "everything"])
def test_a_take_without_whole_sound_fails_with_a_sentence_and_leaves_nothing(
    desk: Desk, spoil: Callable[[Path], None], settings: dict[str, object]
) -> None:
    source = desk.takes.take()
    assert source.take.file is not None
    spoil(desk.takes.files.path(source.take.file))
    before = sorted(desk.target.parent.iterdir())

    with pytest.raises(AppError, match=r"\.$|:"):
        desk.export(source, format=AudioFormat.OGG, **settings)

    assert sorted(desk.target.parent.iterdir()) == before


def test_an_export_stopped_at_any_moment_leaves_nothing(desk: Desk) -> None:
    """While the silence is searched, the sound measured, the file written, or decoded for its true peak."""
    source = desk.take(silence_around(sound(), 20_000, 20_000))
    before = sorted(desk.target.parent.iterdir())
    moments = 0

    while True:
        asked = iter([False] * moments)
        try:
            desk.export(source, cancelled=lambda asked=asked: next(asked, True), format=AudioFormat.OGG, **EVERYTHING)
        except CancelledError:
            assert sorted(desk.target.parent.iterdir()) == before
            moments += 1
        else:
            break

    assert moments > 8
    assert desk.target.exists()


def test_a_file_is_what_its_bytes_are_whatever_it_is_called(desk: Desk) -> None:
    source = desk.takes.take()
    assert source.take.file is not None
    samples = noise(20_000)
    soundfile.write(desk.takes.files.path(source.take.file), samples, 48_000, subtype="PCM_16", format="FLAC")

    rendered = desk.export(source, format=AudioFormat.WAV, bit_depth=BitDepth.INT16)

    assert rendered.info.format is AudioFormat.WAV
    assert np.array_equal(desk.samples, samples)
