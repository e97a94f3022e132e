from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.loop_region import Edge, LoopRegion

frames = st.integers(min_value=0, max_value=10_000)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(1, 10_000))
def test_a_drag_marks_a_part_of_the_take_whichever_way_it_goes(one: float, other: float, total: int) -> None:
    region = LoopRegion.between(one, other, total)

    assert region == LoopRegion.between(other, one, total)
    if region is not None:
        assert 0 <= region.start < region.end <= total


@given(frames, frames, st.sampled_from(Edge), st.floats(-20_000, 20_000))
def test_an_edge_follows_the_hand_and_may_be_pulled_over_the_other(
    one: int, other: int, edge: Edge, frame: float
) -> None:
    region = LoopRegion.between(one, other, 10_000)
    if region is None:
        return

    moved, held = region.with_edge(edge, frame, 10_000)

    fixed = region.end if edge is Edge.START else region.start
    assert fixed in (moved.start, moved.end)
    assert abs(moved.frame_of(held) - min(max(round(frame), 0), 10_000)) <= 1
    assert moved.frames >= 1


def test_a_region_is_never_empty() -> None:
    assert LoopRegion.between(5, 5, 10) is None
    with pytest.raises(ValueError, match="before its end"):
        LoopRegion(5, 5)
