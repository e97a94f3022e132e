"""Where lanes lie, what they are called, and which levels get a line."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.channel_names import channel_names
from app.ui.lane_place import LanePlace, lanes_for, places_in
from app.ui.wave_scale import Guide, WaveScale


@given(st.integers(20, 3000), st.integers(1, 8), st.integers(1, 3))
def test_lanes_share_the_height_and_keep_a_gap(height: int, lanes: int, gap: int) -> None:
    places = places_in(height, lanes, gap)

    assert len({place.height for place in places}) == 1
    assert all(below.top - above.top - above.height == gap for above, below in pairwise(places))
    if height >= 30:
        assert places[-1].top + places[-1].height <= height
        assert height - places[-1].top - places[-1].height < lanes


@pytest.mark.parametrize(
    ("channels", "height", "shown"),
    [(0, 200, 1), (1, 10, 1), (2, 10, 2), (6, 200, 6), (6, 100, 2), (8, 200, 8), (9, 2000, 2)],
)
def test_all_channels_are_shown_while_there_is_room(channels: int, height: int, shown: int) -> None:
    assert lanes_for(channels, height, 22) == shown


def test_channels_have_the_names_of_their_loudspeakers() -> None:
    assert channel_names(6) == ("L", "R", "C", "LFE", "Ls", "Rs")
    assert channel_names(2) == ("L", "R")
    assert channel_names(10)[-1] == "10"
    assert all(len(set(channel_names(count))) == max(count, 1) for count in range(40))


def test_full_scale_and_silence_stay_inside_a_lane() -> None:
    place = LanePlace(10, 101)

    assert place.row_of(0) == place.middle == 60
    assert 10 <= place.row_of(1.0) <= 12
    assert 108 <= place.row_of(-1.0) <= 110


def test_decibels_reach_from_minus_sixty_to_full_scale_both_ways() -> None:
    share = WaveScale.DECIBELS.share

    assert (share(1.0), share(0.001), share(0.0), share(1e-9)) == (1.0, pytest.approx(0), 0.0, 0.0)
    assert share(-0.1) == pytest.approx(-2 / 3)
    assert WaveScale.LINEAR.share(-0.1) == -0.1


@given(st.floats(1, 2000), st.floats(5, 40), st.sampled_from(WaveScale))
def test_levels_get_lines_only_as_far_as_labels_have_room(half_px: float, apart_px: float, scale: WaveScale) -> None:
    shares = [1.0, *(guide.share for guide in scale.guides(half_px, apart_px)), 0.0]

    gaps = [above - below for above, below in pairwise(shares)]
    assert len(gaps) == 1 or min(gaps) * half_px >= apart_px


def test_a_taller_lane_has_more_levels() -> None:
    for scale in WaveScale:
        few, many = scale.guides(45, 14), scale.guides(300, 14)
        assert 0 < len(few) < len(many)
    assert WaveScale.LINEAR.guides(45, 14) == (Guide(-6.0, pytest.approx(0.501, abs=0.001)),)
    assert Guide(-6.0, 0.5).label == "−6"
