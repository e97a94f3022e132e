from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clip_edit import ClipEdit
from app.domain.export_settings import FadeShape

TOTAL = 1_000
places = st.floats(-3_000, 3_000)
totals = st.integers(1, 2_000)


@st.composite
def edits(draw: st.DrawFn) -> ClipEdit:
    """Edits of a take of 1,000 frames, made as a hand makes them."""
    edit = ClipEdit(shape=draw(st.sampled_from(FadeShape)))
    for move in draw(st.lists(st.sampled_from(("start", "end", "fade_in", "fade_out")), max_size=6)):
        edit = getattr(edit, f"with_{move}")(draw(places), TOTAL)
    return edit


def fits(edit: ClipEdit, total: int) -> bool:
    length = edit.end_in(total) - edit.start
    return (
        0 <= edit.start < edit.end_in(total) <= total
        and edit.fade_in >= 0
        and edit.fade_out >= 0
        and edit.fade_in + edit.fade_out <= length == edit.frames_in(total)
        and (edit.end is None or edit.end < total)
    )


@given(edits())
def test_however_it_is_pulled_a_clip_stays_inside_its_take_and_its_fades_never_overlap(edit: ClipEdit) -> None:
    assert fits(edit, TOTAL)


@given(edits(), totals)
def test_an_edit_fits_a_take_that_turns_out_shorter(edit: ClipEdit, total: int) -> None:
    fitted = edit.within(total)

    assert fits(fitted, total)
    assert fitted.within(total) == fitted
    assert edit.within(TOTAL) == edit


@given(edits(), places)
def test_an_end_goes_where_the_hand_goes_as_far_as_the_other_end_lets_it(edit: ClipEdit, place: float) -> None:
    started, ended = edit.with_start(place, TOTAL), edit.with_end(place, TOTAL)

    assert started.start == min(max(round(place), 0), edit.end_in(TOTAL) - 1)
    assert started.end_in(TOTAL) == edit.end_in(TOTAL)
    assert ended.end_in(TOTAL) == min(max(round(place), edit.start + 1), TOTAL)
    assert ended.start == edit.start


@given(edits(), places)
def test_a_fade_gives_no_way_to_the_other_one(edit: ClipEdit, length: float) -> None:
    longer_in, longer_out = edit.with_fade_in(length, TOTAL), edit.with_fade_out(length, TOTAL)

    assert longer_in.fade_out == edit.fade_out
    assert longer_in.fade_in == max(0, min(round(length), edit.frames_in(TOTAL) - edit.fade_out))
    assert longer_out.fade_in == edit.fade_in
    assert longer_out.fade_out == max(0, min(round(length), edit.frames_in(TOTAL) - edit.fade_in))


@given(edits(), st.integers(0, TOTAL - 1), st.integers(1, TOTAL))
def test_a_selection_takes_what_of_the_clip_lies_inside_it(edit: ClipEdit, start: int, length: int) -> None:
    end = min(start + length, TOTAL)

    part = edit.selected(start, end, TOTAL)

    chosen = set(range(start, end)) & set(range(edit.start, edit.end_in(TOTAL)))
    if part is None:
        assert not chosen
    else:
        assert fits(part, TOTAL)
        assert set(range(part.start, part.end_in(TOTAL))) == chosen
        assert part.fade_in == 0 or part.start == edit.start
        assert part.fade_out == 0 or part.end_in(TOTAL) == edit.end_in(TOTAL)


@given(edits())
def test_a_selection_of_everything_is_the_clip_itself(edit: ClipEdit) -> None:
    assert edit.selected(0, TOTAL, TOTAL) == edit


def test_a_clip_that_is_pulled_back_to_the_ends_of_its_take_is_plain_again() -> None:
    trimmed = ClipEdit().with_start(100, TOTAL).with_end(900, TOTAL).with_fade_in(50, TOTAL)
    assert not trimmed.is_plain

    whole = trimmed.with_fade_in(0, TOTAL).with_start(-5, TOTAL).with_end(TOTAL + 5, TOTAL)

    assert whole == ClipEdit()
    assert whole.is_plain


def test_a_shape_alone_changes_nothing_of_a_sound() -> None:
    assert ClipEdit().with_shape(FadeShape.LINEAR).is_plain


def test_an_empty_take_has_no_part() -> None:
    assert ClipEdit(5, 10, 2, 2).within(0) == ClipEdit()


@pytest.mark.parametrize("wrong", [(-1, None), (5, 5), (6, 5)], ids=["before", "empty", "backwards"])
def test_a_clip_is_never_empty(wrong: tuple[int, int | None]) -> None:
    with pytest.raises(ValueError, match="before its end"):
        ClipEdit(*wrong)


def test_a_fade_is_never_shorter_than_nothing() -> None:
    with pytest.raises(ValueError, match="fade"):
        ClipEdit(fade_in=-1)
