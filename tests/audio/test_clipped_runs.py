"""Clipped samples are found wherever they lie, and nothing else is taken for them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.audio.clipped_runs import CLIPPED_FRAMES, full_scale_of
from app.audio.peaks import BASE_FRAMES, Peaks, PeaksBuilder, build
from app.audio.peaks_cache import PeaksCache
from tests.audio.conftest import Floats, WriteWav, noise

TOP = 32_767 / 32_768
EDGES = st.integers(1, 7)  # of blocks, in points


def runs_of(peaks: Peaks, channel: int = 0) -> list[tuple[int, int]]:
    return [(int(start), int(end)) for start, end in peaks.clipped_runs.channels[channel].T]


def by_hand(samples: np.ndarray, highest: float, beyond: float | None) -> list[tuple[int, int]]:
    """Sample by sample."""
    runs: list[list[int]] = []
    for at, sample in enumerate(samples.astype(float)):
        if abs(sample) >= highest:
            if runs and runs[-1][1] == at:
                runs[-1][1] += 1
            else:
                runs.append([at, at + 1])
    return [
        (start, end)
        for start, end in runs
        if end - start >= CLIPPED_FRAMES or (beyond is not None and (np.abs(samples[start:end]) > beyond).any())
    ]


@settings(max_examples=120)
@given(
    runs=st.lists(
        st.tuples(
            st.integers(0, 2_100)
            | st.builds(lambda edge, before: edge * BASE_FRAMES - before, EDGES, st.integers(0, 3)),
            st.integers(1, 700) | st.integers(1, 5),
            st.sampled_from([-1, 1]),
        ),
        max_size=12,
    ),
    cuts=st.lists(EDGES, max_size=4),
    is_integer=st.booleans(),
    is_beyond=st.booleans(),
)
@example(runs=[(100, 5, 1), (2 * BASE_FRAMES - 2, 4, 1)], cuts=[1, 2, 3], is_integer=True, is_beyond=False)
def test_runs_are_found_to_the_sample_across_all_blocks(
    runs: list[tuple[int, int, int]], cuts: list[int], is_integer: bool, is_beyond: bool
) -> None:
    samples = noise(2_200, 2, seed=len(runs))
    for start, length, sign in runs:
        samples[start : start + length, start % 2] = sign * (1.25 if is_beyond and not is_integer else TOP)
    scale = full_scale_of("PCM_16" if is_integer else "FLOAT", np.int16 if is_integer else np.float32)
    block = np.round(samples * 32_768).astype(np.int16) if is_integer else samples
    builder = PeaksBuilder(2, 48_000, sample_type=block.dtype, full_scale=scale)

    edges = [0, *sorted({cut * BASE_FRAMES for cut in cuts}), len(block)]
    for start, end in pairwise(edges):
        builder.add(block[start:end])
        so_far = builder.so_far()
        for channel in range(2):
            assert runs_of(so_far, channel) == by_hand(block[:end, channel], *scale)

    assert so_far.clipped_runs.is_exact


@settings(max_examples=60)
@given(start=st.floats(-50, 1_900), length=st.floats(1, 2_500), columns=st.integers(1, 900))
def test_a_column_is_marked_if_one_of_its_samples_is_clipped(start: float, length: float, columns: int) -> None:
    samples = noise(1_800, 1)
    for at in (0, 300, 301, 900, 1_797):
        samples[at : at + 3] = TOP
    builder = PeaksBuilder(1, 48_000)
    builder.add(samples)
    is_clipped = np.zeros(1_800, bool)
    for first, after in runs_of(builder.so_far()):
        is_clipped[first:after] = True

    marked = builder.so_far().clipped(start, start + length, columns)

    edges = start + np.arange(columns + 1) * (length / columns)
    for column in range(columns):
        first = int(np.floor(edges[column]))
        after = max(int(np.floor(edges[column + 1])), first + 1)
        assert marked[0, column] == is_clipped[max(first, 0) : max(after, 0)].any()


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT"])
def test_a_file_normalised_to_its_peak_is_not_clipped_but_one_that_was_cut_off_is(
    write_wav: WriteWav, subtype: str
) -> None:
    time = np.arange(20_000)
    wave = np.sin(time / 40)
    highest = np.float32(1 if subtype == "FLOAT" else 1 - 2.0 ** -(7 if subtype == "PCM_U8" else 15))
    one_peak = (wave * 0.5).astype(np.float32)
    one_peak[5_000] = highest
    cut_off = np.clip(wave * 1.5, -1, 1).astype(np.float32)

    normalised = build(write_wav(one_peak[:, None], subtype=subtype, name="normalised.wav"))
    clipped = build(write_wav(cut_off[:, None], subtype=subtype, name="clipped.wav"))

    assert runs_of(normalised) == []
    assert len(runs_of(clipped)) == pytest.approx(20_000 / (40 * np.pi), abs=1)


def test_one_sample_beyond_full_scale_is_clipped(write_wav: WriteWav) -> None:
    samples = noise(1_000, 2)
    samples[700, 1] = -1.001

    peaks = build(write_wav(samples, subtype="FLOAT"))

    assert runs_of(peaks, 0) == []
    assert runs_of(peaks, 1) == [(700, 701)]


def test_too_many_runs_are_joined_where_they_lie_closest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.audio.clipped_runs._MOST_RUNS_A_BLOCK", 4)
    monkeypatch.setattr("app.audio.clipped_runs._MOST_RUNS", 6)
    samples: Floats = np.zeros((4 * 2_560, 1), np.float32)
    starts = [100, 110, 120, 400, 700, 2_000, 2_700, 3_000, 5_000, 5_500, 7_000, 7_700, 7_800]
    for start in starts:
        samples[start : start + 4] = 1
    builder = PeaksBuilder(1, 48_000)

    for at in range(0, len(samples), 2_560):
        builder.add(samples[at : at + 2_560])
    peaks = builder.so_far()

    assert not peaks.clipped_runs.is_exact
    found = runs_of(peaks)
    assert len(found) == 6
    assert all(any(first <= start and start + 4 <= after for first, after in found) for start in starts)
    assert found[0] == (100, 704)
    assert not peaks.clipped(2_100, 2_600, 5).any()


def test_the_cache_knows_them_too(tmp_path: Path, write_wav: WriteWav) -> None:
    samples = noise(100_000, 3)
    samples[5_000:5_010, 2] = 1
    samples[99_990:, 0] = -1
    path = write_wav(samples)
    cache = PeaksCache(tmp_path / "cache")

    built, kept = cache.load_or_build(path), cache.load_or_build(path)

    for peaks in (built, kept):
        assert [runs_of(peaks, channel) for channel in range(3)] == [[(99_990, 100_000)], [], [(5_000, 5_010)]]
        assert peaks.clipped_runs.is_exact
