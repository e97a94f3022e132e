"""How long to wait, and how long to hope."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import GenerationFailed, NotConnected, RateLimited, ResultGone, StorageError
from app.engine.pace import Pace
from app.engine.retry import AsTold, Doubling, Patience, Scatter, Setback, is_passing

BUSY = RateLimited("Busy.", retry_after_s=40)
counts = st.integers(1, 10_000)


def test_each_wait_is_twice_the_one_before_up_to_a_limit() -> None:
    wait = Doubling(first_s=1, most_s=10)

    assert [wait.seconds(Setback(n, BUSY)) for n in range(1, 7)] == [1, 2, 4, 8, 10, 10]


@given(counts)
def test_waits_add_up(count: int) -> None:
    setback = Setback(count, BUSY)
    one, other = Doubling(1, 60), AsTold()

    assert (one + other).seconds(setback) == one.seconds(setback) + other.seconds(setback)
    assert (one | other).seconds(setback) == max(one.seconds(setback), other.seconds(setback))


@given(counts, st.floats(), st.floats(0, 1))
def test_no_wait_is_negative_or_endless(count: int, told_s: float, dice: float) -> None:
    wait = (Doubling(1, 60) | AsTold(most_s=3600)) + Scatter(0.5, lambda: dice)

    assert 0 <= wait.seconds(Setback(count, RateLimited("Busy.", told_s))) <= 3600.5


def test_a_service_that_says_when_to_come_back_is_obeyed() -> None:
    assert AsTold().seconds(Setback(1, BUSY)) == 40
    assert AsTold().seconds(Setback(1, RateLimited("Busy."))) == 0
    assert AsTold().seconds(Setback(1, NotConnected("No connection."))) == 0


def test_patience_counts_from_the_first_failure_and_a_success_renews_it() -> None:
    seconds = [0.0]
    patience = Patience(Doubling(1, 60), 120, lambda: seconds[0])

    patience.failed(BUSY)
    seconds[0] = 100
    assert patience.failed(BUSY) == 2
    assert not patience.is_over(20)
    assert patience.is_over(21)
    patience.succeeded()
    assert not patience.is_over(500)
    assert patience.failed(BUSY) == 1


def test_only_the_word_that_nothing_is_left_ends_free_questions() -> None:
    assert is_passing(NotConnected("No connection."))
    assert is_passing(StorageError("The disk is full."))
    assert not is_passing(ResultGone("Gone."))
    assert not is_passing(GenerationFailed("Nothing was made."))


@given(st.integers(0, 1_000), st.none() | st.floats())
def test_polls_are_never_frantic_and_never_forgotten(polls: int, advice_s: float | None) -> None:
    assert 0.02 <= Pace().poll_after_s("service", polls, advice_s) <= 300


def test_the_users_interval_beats_the_services_advice() -> None:
    pace = Pace(own_first_poll_s={"service": 30})

    assert pace.poll_after_s("service", 0, 1.0) == 30
    assert pace.poll_after_s("other", 0, 1.0) == 1
