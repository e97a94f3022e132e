from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.loudness_match import match_loudness
from app.domain.measures import LoudnessBasis, Measures
from tests.fakes.measures import SHORT, measures_of

LUFS = st.floats(-69.9, 10.0)
MEASURES = st.one_of(
    st.none(),
    st.just(measures_of(None)),
    st.builds(measures_of, LUFS),
    st.builds(lambda lufs: replace(SHORT, momentary_max_lufs=lufs), st.one_of(st.none(), LUFS)),
)


def test_the_quietest_take_plays_as_it_is_and_the_others_come_down_to_it() -> None:
    match = match_loudness({"a": measures_of(-12.8), "b": measures_of(-18.0), "c": measures_of(-14.5)})

    assert match.quietest == "b"
    assert match.gains_db == {"a": pytest.approx(-5.2), "b": 0.0, "c": pytest.approx(-3.5)}
    assert match.basis is LoudnessBasis.INTEGRATED


def test_where_one_take_is_too_short_all_are_compared_by_what_all_have() -> None:
    long = measures_of(-20.0)  # its highest momentary loudness is −14 LUFS

    match = match_loudness({"knock": SHORT, "rain": long})

    assert match.basis is LoudnessBasis.SHORT
    assert match.quietest == "knock"
    assert match.gains_db["rain"] == pytest.approx(-18.2 + 14.0)


def test_a_take_without_a_loudness_is_left_alone_and_pulls_nobody_down() -> None:
    silence = measures_of(None, None)

    match = match_loudness({"a": measures_of(-12.0), "new": None, "silent": silence, "b": measures_of(-13.0)})

    assert match.gains_db == {"a": pytest.approx(-1.0), "b": 0.0}
    assert (match.gain_db("new"), match.gain_db("silent"), match.gain_db(None)) == (0.0, 0.0, 0.0)


def test_without_anything_to_compare_nothing_is_changed() -> None:
    match = match_loudness({"a": None, "b": measures_of(None)})

    assert (match.quietest, match.basis, dict(match.gains_db)) == (None, LoudnessBasis.QUIET, {})


@given(st.dictionaries(st.integers(1, 20).map(str), MEASURES, max_size=8))
def test_no_gain_is_above_zero_and_all_that_are_compared_end_up_equally_loud(
    measures: dict[str, Measures | None],
) -> None:
    match = match_loudness(measures)

    assert all(match.gain_db(each) <= 0 for each in measures)
    if match.quietest is None:
        assert not match.gains_db
        return
    assert match.gain_db(match.quietest) == 0
    reached = set()
    for take_id, gain_db in match.gains_db.items():
        each = measures[take_id]
        assert each is not None
        lufs = each.momentary_max_lufs if match.basis is LoudnessBasis.SHORT else each.integrated_lufs
        assert lufs is not None
        reached.add(round(lufs + gain_db, 6))
    assert len(reached) == 1
