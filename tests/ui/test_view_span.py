from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.view_span import SHORTEST_FRAMES, ViewSpan

totals = st.integers(min_value=1, max_value=5_000_000_000)  # seven hours at 192 kHz
shares = st.floats(min_value=0, max_value=1)
factors = st.floats(min_value=0.01, max_value=100)


@st.composite
def spans(draw: st.DrawFn) -> ViewSpan:
    total = draw(totals)
    return ViewSpan.whole(total).between(draw(shares) * total, draw(shares) * total)


def is_inside(span: ViewSpan) -> bool:
    return 0 <= span.start < span.end <= span.total


@given(spans(), factors, shares)
def test_zooming_keeps_the_frame_below_the_pointer_unless_an_end_is_reached(
    span: ViewSpan, factor: float, share: float
) -> None:
    around = span.start + share * span.length

    zoomed = span.zoomed(factor, around)

    assert is_inside(zoomed)
    is_at_an_end = zoomed.start == 0 or zoomed.end == zoomed.total
    if not is_at_an_end:
        assert zoomed.x_of(around, 1000) == pytest.approx(share * 1000, abs=0.1)


@given(spans(), st.floats(min_value=-1e9, max_value=1e9))
def test_scrolling_keeps_the_zoom_and_stops_at_the_ends(span: ViewSpan, frames: float) -> None:
    scrolled = span.scrolled(frames)

    assert is_inside(scrolled)
    assert scrolled.length == pytest.approx(span.length)


@given(spans(), st.floats(min_value=1, max_value=5000), shares)
def test_a_pixel_and_its_frame_lead_to_each_other(span: ViewSpan, width: float, share: float) -> None:
    x = share * width

    assert span.x_of(span.frame_at(x, width), width) == pytest.approx(x, abs=0.01)


@given(spans(), st.floats(min_value=-1e9, max_value=1e9), st.floats(min_value=-1e9, max_value=1e9))
def test_any_two_frames_make_a_span_inside_the_take(span: ViewSpan, start: float, end: float) -> None:
    wanted = span.between(start, end)

    assert is_inside(wanted)
    assert wanted.length >= min(SHORTEST_FRAMES, span.total) - 1e-6


@given(spans(), shares)
def test_paging_brings_the_frame_into_view_and_leaves_a_visible_one_alone(span: ViewSpan, share: float) -> None:
    frame = share * (span.total - 1)

    paged = span.paged_to(frame)

    assert is_inside(paged)
    assert paged.start <= frame <= paged.end
    if span.start <= frame < span.end:
        assert paged == span


@given(totals, shares, st.integers(1, 40))
def test_zooming_in_and_out_again_at_one_place_leads_back(total: int, share: float, steps: int) -> None:
    span = ViewSpan.whole(total)
    around = share * total
    for _ in range(steps):
        span = span.zoomed(1.25, around)
    for _ in range(steps + 1):
        span = span.zoomed(1 / 1.25, around)

    assert span.length == pytest.approx(total)
    assert is_inside(span)


@given(totals, shares)
def test_the_closest_zoom_tells_single_samples_apart_also_at_the_end_of_hours(total: int, share: float) -> None:
    frame = int(share * (total - 1))
    span = ViewSpan.whole(total).zoomed(1e12, frame)

    assert span.length == pytest.approx(min(SHORTEST_FRAMES, total), abs=1e-5)
    assert span.x_of(frame + 1, 3840) - span.x_of(frame, 3840) == pytest.approx(3840 / span.length, rel=1e-3)
    assert round(span.frame_at(span.x_of(frame, 3840), 3840)) == frame


@pytest.mark.parametrize("total", [0, 1])
def test_a_take_without_a_second_sample_can_be_zoomed_and_scrolled(total: int) -> None:
    span = ViewSpan.whole(total)

    assert span.zoomed(4, 0.5) == span.scrolled(3) == span.between(0, 0) == span.paged_to(1) == span


def test_zooming_out_far_shows_the_whole_take() -> None:
    assert ViewSpan(100, 200, 1000).zoomed(1e-6, 150) == ViewSpan.whole(1000)
    assert ViewSpan.whole(1000).is_whole


def test_a_factor_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        ViewSpan.whole(10).zoomed(0, 5)
