"""Takes compared equally loud, and without knowing which is which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.measures import Measures
from app.domain.take import Take, TakeState
from app.domain.task import Task
from app.ui.comparing import Comparing, letter
from tests.fakes.measures import SHORT, measures_of
from tests.ui.listening_room import take_of, task_of, write_tone


@pytest.fixture
def takes(tmp_path) -> list[Take]:
    path = write_tone(tmp_path / "tone.wav", frames=4_800)
    loudness: list[Measures | None] = [measures_of(-12.8), measures_of(-18.0), None]
    return [take_of(path, number, measures=each) for number, each in enumerate(loudness, start=1)]


class Told:
    """Takes compared in reverse order while they are hidden, and what was told of it."""

    def __init__(self, task: Task) -> None:
        self.comparing = Comparing(shuffle=lambda ids: ids.reverse())
        self.comparing.show_task(task)
        self.changes = 0
        self.picked: list[tuple[str, Take]] = []
        self.comparing.changed.connect(self._count)
        self.comparing.picked.connect(lambda letter, take: self.picked.append((letter, take)))

    def _count(self) -> None:
        self.changes += 1


def test_nothing_is_changed_until_loudness_is_matched(takes):
    told = Told(task_of(*takes))

    assert [told.comparing.gain_db(take) for take in takes] == [0.0, 0.0, 0.0]
    told.comparing.set_matching(True)

    assert [told.comparing.gain_db(take) for take in takes] == [pytest.approx(-5.2), 0.0, 0.0]
    told.comparing.set_matching(False)
    assert [told.comparing.gain_db(take) for take in takes] == [0.0, 0.0, 0.0]
    assert told.changes == 2


def test_a_measure_that_arrives_counts_from_then_on(takes):
    told = Told(task_of(*takes))
    told.comparing.set_matching(True)

    told.comparing.show_task(task_of(*takes[:2], replace(takes[2], measures=measures_of(-20.0))))

    assert [told.comparing.gain_db(take) for take in takes] == [pytest.approx(-7.2), pytest.approx(-2.0), 0.0]


def test_it_says_what_happens_to_each_take(takes):
    told = Told(task_of(*takes))
    words = told.comparing.words
    assert words(takes[0]) == "Play all takes as loud as the quietest one (M)"

    told.comparing.set_matching(True)

    assert words(takes[0]) == "Take 1 plays 5.2 dB quieter, as loud as take 2. (M)"
    assert words(takes[1]) == "Take 2 plays unchanged, the others as loud as it. (M)"
    assert words(takes[2]) == "Take 3 plays unchanged until it is measured. (M)"


def test_one_take_alone_is_as_loud_as_it_is(takes):
    told = Told(task_of(takes[0]))
    told.comparing.set_matching(True)

    assert told.comparing.words(takes[0]) == "Takes play equally loud where a task has several (M)"


def test_a_comparison_is_fair_once_all_takes_are_measured(takes):
    told = Told(task_of(*takes))
    told.comparing.begin_blind()
    assert not told.comparing.is_fair

    told.comparing.show_task(task_of(*takes[:2], replace(takes[2], measures=measures_of(-20.0))))

    assert told.comparing.is_fair


def test_it_says_so_where_a_take_is_too_short_or_too_faint(takes):
    faint = replace(takes[1], measures=measures_of(None))
    told = Told(task_of(replace(takes[0], measures=measures_of(-14.0)), faint, replace(takes[2], measures=SHORT)))
    told.comparing.set_matching(True)

    assert told.comparing.words(faint) == "Take 2 plays unchanged: it is too faint to have a loudness. (M)"
    assert told.comparing.words(takes[0]) == (
        "Take 1 plays 10.2 dB quieter, as loud as take 3. "
        "Compared by the highest momentary loudness, since a take is shorter than 400 ms. (M)"
    )


def test_hidden_takes_come_in_an_order_of_their_own_and_equally_loud(takes):
    told = Told(task_of(*takes))

    told.comparing.begin_blind()

    assert [take.number for take in told.comparing.hidden_takes] == [3, 2, 1]
    assert [told.comparing.letter_of(take) for take in takes] == ["C", "B", "A"]
    assert told.comparing.gain_db(takes[0]) == pytest.approx(-5.2)
    assert "Take" not in told.comparing.words(takes[0])


@pytest.mark.parametrize("was_matching", [False, True])
def test_after_a_blind_comparison_matching_is_as_it_was(takes, was_matching):
    told = Told(task_of(*takes))
    told.comparing.set_matching(was_matching)

    told.comparing.begin_blind()
    assert told.comparing.is_matching
    told.comparing.end_blind()

    assert told.comparing.is_matching is was_matching
    assert told.picked == []


def test_a_pick_tells_which_take_it_was_and_ends_it(takes):
    told = Told(task_of(*takes))
    told.comparing.begin_blind()

    told.comparing.pick(takes[0])

    assert told.picked == [("C", takes[0])]
    assert not told.comparing.is_blind


def test_another_task_ends_it(takes, tmp_path):
    told = Told(task_of(*takes))
    told.comparing.begin_blind()

    told.comparing.show_task(task_of(take_of(tmp_path / "tone.wav", task_id="f" * 12), task_id="f" * 12))

    assert not told.comparing.is_blind
    assert not told.comparing.is_matching


def test_news_of_the_task_keep_the_order_and_add_nothing_to_it(takes, tmp_path):
    told = Told(task_of(*takes))
    told.comparing.begin_blind()
    fourth = take_of(tmp_path / "tone.wav", 4)

    told.comparing.show_task(task_of(*takes, fourth))
    assert [take.number for take in told.comparing.hidden_takes] == [3, 2, 1]
    told.comparing.show_task(task_of(takes[0], takes[2]))

    assert [take.number for take in told.comparing.hidden_takes] == [3, 1]


def test_one_take_left_is_nothing_to_compare(takes):
    told = Told(task_of(*takes))
    told.comparing.begin_blind()

    told.comparing.show_task(task_of(takes[0]))

    assert not told.comparing.is_blind


def test_takes_that_cannot_be_heard_are_not_compared(takes):
    told = Told(task_of(takes[0], replace(takes[1], state=TakeState.BROKEN)))

    told.comparing.begin_blind()

    assert not told.comparing.can_be_blind
    assert not told.comparing.is_blind


def test_the_usual_order_is_not_always_the_same(takes):
    comparing = Comparing()
    comparing.show_task(task_of(*takes))
    orders = set()
    for _ in range(100):
        comparing.begin_blind()
        orders.add(tuple(take.number for take in comparing.hidden_takes))
        comparing.end_blind()

    assert len(orders) == 6


def test_there_are_letters_for_any_number_of_takes():
    assert [letter(place) for place in (0, 1, 25, 26, 53)] == ["A", "B", "Z", "A2", "B3"]
