"""Changes of the clips can be taken back, whatever has come since."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.request import InputFile, InputKind
from app.ui.clip_changes import ClipChange, ClipHistory, new_numbers

A, B, C, D = (InputFile(Path(f"/sounds/{each}.wav")) for each in "abcd")
FACE = InputFile(Path("/sounds/me.png"), kind=InputKind.PICTURE)
lists = some.lists(some.sampled_from([A, B, C, D]), unique=True, max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        ((A, B, C), (C, A, B), {1: 2, 2: 3, 3: 1}),
        ((A, B, C), (B, C), {1: None, 2: 1, 3: 2}),
        ((A, B), (D, B), {1: 1, 2: 2}),  # D stands in for A
        ((A, B), (A, B, C), {1: 1, 2: 2, 3: 3}),
        ((B, C), (A, B, C), {1: 2, 2: 3, 3: 1}),  # A is back, and with it the name that had no clip
        ((FACE,), (A,), {1: 1}),
    ],
)
def test_names_go_with_their_clips(before, after, numbers):
    assert new_numbers(before, after) == numbers


@given(lists, lists)
def test_what_is_taken_back_at_once_is_as_it_was(before, after):
    change = ClipChange(before, after)

    assert change.made(after, back=True) == before
    assert change.made(before, back=False) == after


def test_what_came_since_stays():
    assert ClipChange((A, B), (B,)).made((B, C), back=True) == (A, B, C)
    assert ClipChange((A,), (A, B)).made((A, B, C), back=True) == (A, C)


def test_a_change_is_taken_back_once_and_a_new_one_leaves_nothing_to_make_again():
    history, first, second = ClipHistory(), ClipChange((), (A,)), ClipChange((), (A,))
    history.add(first)
    history.add(second)

    history.step(second, back=True)
    history.step(second, back=True)

    assert (history.next(back=True), history.next(back=False)) == (first, second)
    assert not history.can_undo(second)
    history.add(ClipChange((A,), ()))
    assert history.next(back=False) is None
