"""Garbage is looked for while nobody waits for the window."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.garbage import GarbageWatch

_SMALL_SEARCHES = 10


class Ring:
    """Only a search finds that nobody holds it any more."""

    def __init__(self) -> None:
        self.itself = self


class Worked:
    """How long the GUI thread has worked, as the test tells it."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def usual_searches() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.fixture
def worked() -> Worked:
    return Worked()


@pytest.fixture
def watch(qapp: QApplication, worked: Worked) -> GarbageWatch:
    watch = GarbageWatch(worked)
    watch.start()
    return watch


def old_garbage(searches: int = _SMALL_SEARCHES) -> weakref.ref[Ring]:
    """Something that has outlived the small searches before it was dropped."""
    ring = Ring()
    for _ in range(searches):
        gc.collect(1)
    return weakref.ref(ring)


def test_a_thread_that_works_is_not_held_up_by_a_search(watch: GarbageWatch, worked: Worked) -> None:
    ring = old_garbage()
    worked.seconds += 0.5

    assert not watch.look()
    assert ring() is not None


def test_garbage_goes_once_the_thread_has_nothing_to_do(watch: GarbageWatch, worked: Worked) -> None:
    ring = old_garbage()
    worked.seconds += 0.5
    watch.look()

    assert watch.look()
    assert ring() is None


def test_nothing_is_searched_again_before_there_is_something_new(watch: GarbageWatch) -> None:
    old_garbage()
    watch.look()

    assert not watch.look()


def test_a_thread_that_never_rests_does_not_fill_the_memory(watch: GarbageWatch, worked: Worked) -> None:
    ring = old_garbage(searches=1_000)
    worked.seconds += 0.5

    assert watch.look()
    assert ring() is None


def test_no_search_through_everything_comes_by_itself(watch: GarbageWatch) -> None:
    assert gc.isenabled()
    assert gc.get_threshold()[2] > 1_000_000
