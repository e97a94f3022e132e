from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audio.peaks import Peaks, PeaksBuilder
from app.ui.peak_columns import SampleBlock, needs_samples
from app.ui.view_span import ViewSpan
from app.ui.wave_columns import ColumnGrid, lane_columns
from app.ui.wave_samples import block_of, stretch_wanted
from app.ui.waveform_painter import LaneColumns

starts, lengths = st.floats(0, 900), st.floats(16, 100)


def peaks_of(samples: np.ndarray) -> Peaks:
    builder = PeaksBuilder(samples.shape[1], 48_000)
    builder.add(samples.astype(np.float32))
    return builder.so_far()


SILENCE = peaks_of(np.zeros((1000, 1)))


def columns_of(samples: np.ndarray, span: ViewSpan, columns: int) -> LaneColumns:
    (lane,) = lane_columns(SILENCE, span, columns, SampleBlock(0, samples.astype(np.float32)[None, :]))
    return lane


@given(starts, lengths, st.integers(10, 300))
def test_samples_are_drawn_where_the_ruler_has_them(start: float, length: float, columns: int) -> None:
    span = ViewSpan(start, start + length, 1000)
    frame = int(start) + 8
    samples = np.zeros(1000)
    samples[frame] = 1.0

    lane = columns_of(samples, span, columns)

    assert len(lane.highest) == columns
    assert abs(int(np.argmax(lane.highest)) + 0.5 - span.x_of(frame, columns)) <= 1.0 + 1e-6


@given(starts, st.floats(16, 100), st.integers(10, 400), st.integers(0, 2**32 - 1))
def test_columns_show_the_line_through_the_samples_and_touch(
    start: float, length: float, columns: int, seed: int
) -> None:
    span = ViewSpan(start, start + length, 1000)
    samples = np.random.default_rng(seed).uniform(-1, 1, 1000)

    lane = columns_of(samples, span, columns)

    edges = ColumnGrid.over(span, columns).edges()
    line = np.interp(edges, np.arange(1000), samples)
    assert (lane.lowest <= np.minimum(line[1:], line[:-1]) + 1e-5).all()
    assert (lane.highest >= np.maximum(line[1:], line[:-1]) - 1e-5).all()
    for column in (0, columns // 2, columns - 1):
        inside = samples[int(np.ceil(edges[column])) : int(np.ceil(edges[column + 1]))]
        reached = [line[column], line[column + 1], *inside]
        assert (lane.lowest[column], lane.highest[column]) == pytest.approx((min(reached), max(reached)), abs=1e-4)


def test_the_core_is_the_rms_and_from_close_by_all_of_the_line() -> None:
    samples = np.tile([1.0, -1.0, 0.0, 0.0], 250)

    far, close = columns_of(samples, ViewSpan(0, 800, 1000), 100), columns_of(samples, ViewSpan(100, 120, 1000), 100)

    assert far.rms is not None
    assert close.rms is not None
    assert far.rms[10] == pytest.approx(np.sqrt(0.5))
    assert (close.rms >= np.maximum(np.abs(close.lowest), np.abs(close.highest)) - 1e-6).all()


@given(st.integers(0, 2000), st.floats(1, 40), st.integers(1, 30))
def test_columns_keep_what_they_hold_while_the_view_scrolls(first: int, frames: float, steps: int) -> None:
    samples = np.random.default_rng(first).uniform(-1, 1, (100_000, 1))
    peaks, block = peaks_of(samples), SampleBlock(0, np.ascontiguousarray(samples.T.astype(np.float32)))
    length, columns = frames * 50, 50
    before = ViewSpan(first * frames, first * frames + length, 100_000)
    after = ViewSpan((first + steps) * frames, (first + steps) * frames + length, 100_000)
    if after.end > 90_000:
        return

    (one,), (other,) = (lane_columns(peaks, span, columns, block) for span in (before, after))

    kept = columns - steps
    if kept > 0:
        assert np.abs(one.highest[-kept:] - other.highest[:kept]).max() < 1e-3
        assert np.abs(one.lowest[-kept:] - other.lowest[:kept]).max() < 1e-3


def test_columns_that_are_not_read_yet_are_told() -> None:
    peaks = peaks_of(np.ones((1024, 2)))

    lanes = lane_columns(peaks, ViewSpan(0, 4096, 4096), 16)

    assert [lane.read for lane in lanes] == [4, 4]
    assert lane_columns(peaks, ViewSpan(0, 1024, 1024), 16)[0].read is None


def test_samples_are_asked_for_only_when_peaks_are_too_coarse() -> None:
    assert not needs_samples(ViewSpan(0, 48_000, 48_000), 100)
    assert needs_samples(ViewSpan(0, 4_800, 48_000), 100)
    assert not needs_samples(ViewSpan(0, 900_000, 10_000_000), 3_840)


def test_samples_around_the_view_are_read_ahead() -> None:
    span = ViewSpan(500_000, 500_100, 1_000_000)
    wanted = stretch_wanted(span, 1000, None)
    assert wanted is not None
    start, frames = wanted
    block = SampleBlock(start, np.zeros((1, frames), np.float32))

    assert start < 490_000
    assert start + frames > 510_000
    assert stretch_wanted(span, 1000, block) is None
    assert stretch_wanted(span.scrolled(10_000), 1000, block) is None
    near_the_end = ViewSpan(start + frames - 110, start + frames - 10, 1_000_000)
    assert block.covers(near_the_end)
    assert stretch_wanted(near_the_end, 1000, block) is not None


def test_what_is_no_number_is_drawn_as_peaks_have_it() -> None:
    block = block_of(7, np.array([[np.nan, np.inf, -np.inf, 1.5]], np.float32))

    assert block.samples.tolist() == [[0.0, 1.0, -1.0, 1.5]]


@pytest.mark.parametrize("total", [1, 2, 50])
def test_the_shortest_takes_are_read_whole(total: int) -> None:
    assert stretch_wanted(ViewSpan.whole(total), 1000, None) == (0, total)
    samples = np.linspace(0.1, 0.9, total)
    (lane,) = lane_columns(
        peaks_of(samples[:, None]), ViewSpan.whole(total), 100, SampleBlock(0, samples[None, :].astype(np.float32))
    )
    assert lane.highest[0] == pytest.approx(0.1, abs=0.02)
    assert lane.highest.max() == pytest.approx(samples[-1])
