"""Takes as files of the user's: formats, names, levels, and nothing overwritten."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.audio.files import inspect, verify
from app.audio.measures import measure
from app.audio.tags import read_tags
from app.domain.audio import AudioFormat, BitDepth
from app.domain.errors import ExportError, RequestInvalid
from app.domain.export_settings import ExportSettings, IfExists
from app.domain.take import TakeState
from app.engine.export_plan import ExportSource
from app.engine.exporter import Exported, Exporter, ExportProgress
from tests.engine.export_takes import ExportTakes, takes_in


@pytest.fixture
def library(tmp_path: Path) -> ExportTakes:
    return takes_in(tmp_path / "library")


@pytest.fixture
async def exporter(library: ExportTakes) -> AsyncIterator[Exporter]:
    exporter = Exporter(library.files)
    yield exporter
    await exporter.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


async def export_one(exporter: Exporter, source: ExportSource, settings: ExportSettings) -> Exported:
    (exported,) = await exporter.export(await exporter.plan([source], settings))
    return exported


async def test_without_wishes_the_bytes_are_copied(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    source = library.take()

    exported = await export_one(exporter, source, ExportSettings(folder=out, writes_tags=False))

    assert exported.path == out / "Heavy rain_1.wav"
    assert source.take.file is not None
    assert exported.path.read_bytes() == library.files.path(source.take.file).read_bytes()
    assert exported.info == source.take.info


@pytest.mark.parametrize(
    ("settings", "rate_hz", "channels", "depth"),
    [
        (ExportSettings(AudioFormat.WAV, 44_100, 1, BitDepth.INT16), 44_100, 1, BitDepth.INT16),
        (ExportSettings(AudioFormat.WAV, bit_depth=BitDepth.FLOAT32), 48_000, 2, BitDepth.FLOAT32),
        (ExportSettings(AudioFormat.FLAC, 96_000), 96_000, 2, BitDepth.INT24),
        (ExportSettings(AudioFormat.MP3, bitrate_kbps=192), 48_000, 2, None),
        (ExportSettings(AudioFormat.OGG, channels=1), 48_000, 1, None),
        (ExportSettings(AudioFormat.OPUS, 24_000), 24_000, 2, None),
    ],
)
async def test_the_file_is_what_was_chosen(
    library: ExportTakes,
    exporter: Exporter,
    out: Path,
    settings: ExportSettings,
    rate_hz: int,
    channels: int,
    depth: BitDepth | None,
) -> None:
    exported = await export_one(exporter, library.take(), replace(settings, folder=out))

    info = verify(exported.path)
    assert (info.format, info.sample_rate_hz, info.channels, info.bit_depth) == (
        settings.format,
        rate_hz,
        channels,
        depth,
    )
    assert info.duration_s == pytest.approx(1.0, abs=0.05)
    assert exported.info == inspect(exported.path)


async def test_a_selection_is_cut_out(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    settings = ExportSettings(folder=out, start_s=0.25, end_s=0.75)

    exported = await export_one(exporter, library.take(), settings)

    assert verify(exported.path).frames == 24_000


async def test_tags_tell_how_it_was_made(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    exported = await export_one(exporter, library.take(), ExportSettings(AudioFormat.FLAC, folder=out))

    tags = read_tags(exported.path)
    assert (tags.title, tags.service, tags.model, tags.seed) == ("Heavy rain", "local", "sketch", "41")


async def test_a_loudness_is_reached(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    settings = ExportSettings(folder=out, loudness_lufs=-23.0)

    exported = await export_one(exporter, library.take(seconds=2.0), settings)

    measured = measure(exported.path).integrated_lufs
    assert measured == pytest.approx(-23.0, abs=0.1)
    assert exported.remark == ""


async def test_a_loudness_never_passes_the_peak_and_says_so(
    library: ExportTakes, exporter: Exporter, out: Path
) -> None:
    settings = ExportSettings(folder=out, channels=1, loudness_lufs=0.0, true_peak_dbtp=-3.0)

    exported = await export_one(exporter, library.take(seconds=2.0), settings)

    assert measure(exported.path).true_peak_dbtp == pytest.approx(-3.0, abs=0.1)
    assert exported.remark.startswith("Take 1 reaches −")
    assert exported.remark.endswith("only: more would pass −3.0 dBTP.")


async def test_the_loudness_is_that_of_the_selection(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    settings = ExportSettings(folder=out, start_s=0.5, end_s=2.5, channels=1, loudness_lufs=-30.0)

    exported = await export_one(exporter, library.take(seconds=3.0), settings)

    assert measure(exported.path).integrated_lufs == pytest.approx(-30.0, abs=0.1)
    assert verify(exported.path).frames == 96_000


async def test_a_peak_alone_is_the_level_of_the_loudest_point(
    library: ExportTakes, exporter: Exporter, out: Path
) -> None:
    exported = await export_one(exporter, library.take(), ExportSettings(folder=out, peak_dbfs=-1.0))

    assert measure(exported.path).true_peak_dbtp == pytest.approx(-1.0, abs=0.1)


async def test_an_existing_file_stays_and_the_new_one_is_counted(
    library: ExportTakes, exporter: Exporter, out: Path
) -> None:
    out.mkdir()
    (out / "HEAVY RAIN_1.wav").write_bytes(b"mine")
    settings = ExportSettings(folder=out)

    plan = await exporter.plan([library.take()], settings)
    (exported,) = await exporter.export(plan)

    assert plan[0].is_clash
    assert exported.path.name == "Heavy rain_1 2.wav"
    assert (out / "HEAVY RAIN_1.wav").read_bytes() == b"mine"


async def test_two_takes_never_share_a_name(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    settings = ExportSettings(folder=out, name="{prompt}")
    sources = [library.take(1), library.take(2, prompt="heavy RAIN"), library.take(3)]

    exported = await exporter.export(await exporter.plan(sources, settings, if_exists=IfExists.REPLACE))

    assert [file.path.name for file in exported] == ["Heavy rain.wav", "heavy RAIN 2.wav", "Heavy rain 3.wav"]


async def test_a_file_is_replaced_only_when_that_is_wished(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    out.mkdir()
    (out / "Heavy rain_1.wav").write_bytes(b"mine")

    (planned,) = plan = await exporter.plan([library.take()], ExportSettings(folder=out), if_exists=IfExists.REPLACE)
    await exporter.export(plan)

    assert planned.replaces
    assert verify(out / "Heavy rain_1.wav").frames == 48_000
    assert [file.name for file in out.iterdir()] == ["Heavy rain_1.wav"]


async def test_an_existing_file_is_skipped_where_that_is_wished(
    library: ExportTakes, exporter: Exporter, out: Path
) -> None:
    out.mkdir()
    (out / "Heavy rain_1.wav").write_bytes(b"mine")
    sources = [library.take(1), library.take(2)]

    plan = await exporter.plan(sources, ExportSettings(folder=out), if_exists=IfExists.SKIP)
    skipped, written = await exporter.export(plan)

    assert [planned.is_skipped for planned in plan] == [True, False]
    assert (skipped.is_skipped, skipped.info, skipped.failure) == (True, None, None)
    assert (out / "Heavy rain_1.wav").read_bytes() == b"mine"
    assert written.path == out / "Heavy rain_2.wav"
    assert sorted(out.iterdir()) == [skipped.path, written.path]


@pytest.mark.parametrize("if_exists", [IfExists.SKIP, IfExists.REPLACE])
async def test_a_file_that_appears_after_the_plan_is_never_replaced(
    library: ExportTakes, exporter: Exporter, out: Path, if_exists: IfExists
) -> None:
    """Nobody saw it when they said that files may be replaced."""
    plan = await exporter.plan([library.take()], ExportSettings(folder=out), if_exists=if_exists)
    out.mkdir()
    (out / "Heavy rain_1.wav").write_bytes(b"mine")

    (exported,) = await exporter.export(plan)

    assert (out / "Heavy rain_1.wav").read_bytes() == b"mine"
    assert exported.is_skipped is (if_exists is IfExists.SKIP)
    assert len(list(out.iterdir())) == (1 if exported.is_skipped else 2)


async def test_a_name_taken_after_the_plan_is_counted_too(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    plan = await exporter.plan([library.take()], ExportSettings(folder=out))
    out.mkdir()
    (out / "Heavy rain_1.wav").write_bytes(b"mine")

    (exported,) = await exporter.export(plan)

    assert exported.path.name == "Heavy rain_1 2.wav"
    assert (out / "Heavy rain_1.wav").read_bytes() == b"mine"


async def test_one_failure_does_not_stop_the_others(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    sources = [library.take(1), library.take(2)]
    assert sources[0].take.file is not None
    library.files.path(sources[0].take.file).unlink()

    exported = await exporter.export(await exporter.plan(sources, ExportSettings(folder=out)))

    assert exported[0].failure is not None
    assert "missing" in exported[0].failure.message
    assert exported[1].info is not None
    assert [file.name for file in out.iterdir()] == ["Heavy rain_2.wav"]


async def test_progress_rises_to_the_end(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    told: list[ExportProgress] = []
    settings = ExportSettings(AudioFormat.MP3, folder=out, loudness_lufs=-20.0)
    sources = [library.take(1, seconds=4.0), library.take(2, seconds=4.0)]

    await exporter.export(await exporter.plan(sources, settings), progress=told.append)

    assert [p.fraction for p in told] == sorted(p.fraction for p in told)
    assert told[-1] == ExportProgress(2, 2, 1.0)
    assert len(told) > 4


async def test_a_cancelled_export_leaves_nothing_half_written(
    library: ExportTakes, exporter: Exporter, out: Path
) -> None:
    begun = asyncio.Event()
    settings = ExportSettings(AudioFormat.OGG, folder=out, sample_rate_hz=96_000)
    plan = await exporter.plan([library.take(seconds=120.0, channels=1)], settings)

    exporting = asyncio.ensure_future(exporter.export(plan, progress=lambda _progress: begun.set()))
    await begun.wait()
    exporting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await exporting

    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (ExportSettings(AudioFormat.OPUS, 44_100), "sample_rate"),
        (ExportSettings(AudioFormat.MP3, 96_000), "sample_rate"),
        (ExportSettings(AudioFormat.MP3, bit_depth=BitDepth.INT16), "bit_depth"),
        (ExportSettings(AudioFormat.FLAC, bit_depth=BitDepth.FLOAT32), "bit_depth"),
        (ExportSettings(AudioFormat.MP3, bitrate_kbps=100), "bitrate"),
        (ExportSettings(AudioFormat.MP3, 16_000, bitrate_kbps=320), "bitrate"),
        (ExportSettings(AudioFormat.WAV, bitrate_kbps=320), "bitrate"),
        (ExportSettings(channels=3), "channels"),
        (ExportSettings(loudness_lufs=5.0), "loudness"),
        (ExportSettings(loudness_lufs=float("nan")), "loudness"),
        (ExportSettings(peak_dbfs=0.5), "peak"),
        (ExportSettings(loudness_lufs=-20.0, gain_db=3.0), "loudness"),
        (ExportSettings(momentary_lufs=-71.0), "momentary"),
        (ExportSettings(gain_db=float("inf")), "gain"),
        (ExportSettings(true_peak_dbtp=1.0), "true_peak"),
        (ExportSettings(AudioFormat.MP3, quality=9.5), "quality"),
        (ExportSettings(AudioFormat.MP3, quality=float("nan")), "quality"),
        (ExportSettings(AudioFormat.OGG, quality=4.0, bitrate_kbps=128), "quality"),
        (ExportSettings(AudioFormat.FLAC, quality=4.0), "quality"),
        (ExportSettings(AudioFormat.OPUS, quality=4.0), "quality"),
        (ExportSettings(silence_dbfs=0.0), "silence"),
        (ExportSettings(silence_dbfs=-60.0, margin_s=-1.0), "margin"),
        (ExportSettings(fade_in_s=-0.1), "fade_in"),
        (ExportSettings(fade_out_s=float("nan")), "fade_out"),
        (ExportSettings(fade_in_s=1.1), "fade_in"),
        (ExportSettings(fade_in_s=0.6, fade_out_s=0.5), "fade_out"),
        (ExportSettings(start_s=0.5, fade_out_s=0.6), "fade_out"),
        (ExportSettings(name="{artist}"), "name"),
        (ExportSettings(start_s=2.0), "start"),
        (ExportSettings(start_s=0.5, end_s=0.5), "end"),
        (ExportSettings(start_s=-1.0), "start"),
    ],
)
async def test_settings_that_cannot_be_met_are_refused_at_their_field(
    library: ExportTakes, exporter: Exporter, out: Path, settings: ExportSettings, field: str
) -> None:
    with pytest.raises(RequestInvalid) as caught:
        await exporter.plan([library.take()], replace(settings, folder=out))

    assert [problem.field for problem in caught.value.problems] == [field]
    assert not out.exists()


async def test_a_folder_is_needed_and_must_be_one(library: ExportTakes, exporter: Exporter, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    for folder in (None, tmp_path / "file"):
        with pytest.raises(RequestInvalid) as caught:
            await exporter.plan([library.take()], ExportSettings(folder=folder))
        assert [problem.field for problem in caught.value.problems] == ["folder"]


async def test_nothing_is_exported_over_the_takes_of_the_library(library: ExportTakes, exporter: Exporter) -> None:
    source = library.take()
    assert source.take.file is not None
    path = library.files.path(source.take.file)
    before = path.read_bytes()

    for folder in (path.parent, library.folder, path.parent / ".." / "new"):
        settings = ExportSettings(folder=folder, name="{id}", loudness_lufs=-30.0)
        with pytest.raises(RequestInvalid) as caught:
            await exporter.plan([source], settings, if_exists=IfExists.REPLACE)
        assert [problem.field for problem in caught.value.problems] == ["folder"]
    (beside,) = await exporter.export(await exporter.plan([source], replace(settings, folder=path.parent)))

    assert beside.path != path
    assert path.read_bytes() == before


async def test_a_take_without_audio_cannot_be_exported(library: ExportTakes, exporter: Exporter, out: Path) -> None:
    source = library.take()
    announced = replace(source, take=replace(source.take, state=TakeState.ANNOUNCED))

    with pytest.raises(ExportError):
        await exporter.plan([announced], ExportSettings(folder=out))


async def test_a_take_at_a_rate_that_the_format_lacks_gets_the_nearest(
    library: ExportTakes, exporter: Exporter, out: Path
) -> None:
    exported = await export_one(exporter, library.take(rate_hz=44_100), ExportSettings(AudioFormat.OPUS, folder=out))

    assert verify(exported.path).sample_rate_hz == 48_000


def test_the_preview_is_the_name_that_will_be_written(library: ExportTakes) -> None:
    exporter = Exporter(library.files)

    name = exporter.preview(library.take(), ExportSettings(AudioFormat.OPUS, name="{number:03} {prompt}"), number=7)

    assert name == "007 Heavy rain.opus"


_DIE_WHILE_WRITING = """
import os, sys
from pathlib import Path
from app.audio.publishing import written_beside

with written_beside(Path(sys.argv[1]), replace=False) as beside:
    beside.write_bytes(b"half")
    os._exit(9)
"""


def die_while_writing(target: Path) -> int:
    return subprocess.run([sys.executable, "-c", _DIE_WHILE_WRITING, target], check=False).returncode


async def test_what_a_killed_export_left_goes_with_a_later_one_and_nothing_of_the_user_does(
    library: ExportTakes, exporter: Exporter, out: Path
) -> None:
    out.mkdir()
    assert [die_while_writing(out / f"{number}.wav") for number in (1, 2)] == [9, 9]
    (old, young), others = (
        sorted(out.iterdir()),
        [f".cuesmith-{os.getpid()}-{'0' * 32}.partial", ".cuesmith-mine.partial"],
    )
    for name in others:
        (out / name).write_bytes(b"of a process that is alive, or of the user")
    before = time.time() - 2 * 24 * 3600
    for path in (old, *(out / name for name in others)):
        os.utime(path, (before, before))

    await export_one(exporter, library.take(), ExportSettings(folder=out, start_s=0.2, peak_dbfs=-1.0))

    assert {path.name for path in out.iterdir()} == {young.name, *others, "Heavy rain_1.wav"}
