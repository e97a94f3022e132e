"""The benchmarks run, on a small scale; how fast anything is, is no test."""

from __future__ import annotations

import shutil

import pytest

from tests.benchmarks import engine, exporting, first_paint, frames, listening, spectra, waves, window
from tests.benchmarks.__main__ import BENCHMARKS, main
from tests.benchmarks.table import Row, printed
from tests.sound_server import missing_tool


def test_a_row_is_judged_by_its_ratio_or_by_its_own_number() -> None:
    rows = [
        Row("fast", 30, "ms", 20, 2),
        Row("slow", 50, "ms", 20, 2),
        Row("short", 40, "ms", budget=50),
        Row("long", 60, "ms", budget=50),
        Row("told", 1.5, "KB"),
    ]

    assert printed(rows).splitlines() == [
        "what   measured  baseline  ratio  budget",
        "fast      30 ms     20 ms  1.50x      2x  met",
        "slow      50 ms     20 ms  2.50x      2x  missed",
        "short     40 ms                    50 ms  met",
        "long      60 ms                    50 ms  missed",
        "told    1.50 KB",
    ]


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["speed"])

    assert "there is no benchmark speed; there is engine, gaps" in capsys.readouterr().err


def test_help_names_every_benchmark_and_measures_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])

    told = " ".join(capsys.readouterr().out.split())
    assert ", ".join(BENCHMARKS) in told


def test_the_engine_is_measured_against_bare_calls() -> None:
    rows = engine.throughput(tasks=4, times=1)

    assert all(row.measured > 0 for row in rows)
    assert all(row.ratio is not None for row in rows)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg isn't installed")
def test_every_format_is_exported_beside_ffmpeg() -> None:
    rows = exporting.rows(seconds=1, times=1)

    assert len(rows) == 14
    assert all(row.measured > 0 and row.baseline for row in rows if not row.what.startswith("  "))


def test_waves_are_measured_beside_reading_and_decoding() -> None:
    rows = [*waves.peaks(seconds=2, times=1, kinds=()), *waves.reopen(seconds=2, times=1, kinds=("wav",))]

    assert len(rows) == 7
    assert all(row.measured > 0 for row in rows)


def test_a_click_on_play_is_measured_beside_the_device() -> None:
    if missing_tool() is not None:
        pytest.skip(f"{missing_tool()} isn't installed")

    rows = listening.rows(times=1, again=1, kinds=("3 h WAV",))

    assert len(rows) == 3


def test_a_start_is_measured_against_a_bare_window() -> None:
    rows = first_paint.rows(tasks=3, starts=1, stay_ms=100)

    assert [row.measured > 0 for row in rows] == [True] * len(rows)


def test_frames_are_measured_on_plain_and_on_sharp_screens() -> None:
    rows = frames.rows(seconds=20, frames=3)

    assert len([row for row in rows if "3,840 px" in row.what]) == 8
    assert len([row for row in rows if "ratio 2" in row.what]) == 4
    assert [row for row in rows if row.measured <= 0] == []


def test_a_spectrogram_is_measured_beside_bare_ffts_and_frame_by_frame() -> None:
    rows = spectra.rows(tiles=2, frames=3, seconds=3)

    assert len([row for row in rows if row.what.startswith("one tile")]) == 3
    assert len([row for row in rows if "3,840 px:" in row.what]) == 2
    assert len([row for row in rows if row.budget == 50]) == 2
    assert [row for row in rows if row.measured <= 0 and "gap" not in row.what] == []


def test_the_window_is_measured_while_tasks_run_and_letters_are_typed() -> None:
    rows = [*window.gaps(tasks=2, on_a_screen=False), *window.search(tasks=200, letters=1)]

    assert [row.what for row in rows if row.measured < 0] == []
    assert len([row for row in rows if row.what.startswith("one letter typed")]) == 7


def test_the_window_is_measured_while_somebody_does_something_large() -> None:
    rows = window.scenes(rows=3, tasks=3, receipts=3)

    assert [row.what for row in rows if row.measured < 0] == []
    assert sum(row.what.startswith("longest gap") for row in rows) == 12
