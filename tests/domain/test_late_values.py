"""Values that are made when somebody asks for them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from app.domain.late_values import LateValues


def late(made: list[str]) -> LateValues[str, str]:
    def maker(name: str) -> str:
        made.append(name)
        return name.upper()

    return LateValues({name: lambda name=name: maker(name) for name in ("bell", "drum")})  # type: ignore[misc]


def test_a_value_is_made_once_and_only_if_it_is_asked_for() -> None:
    made: list[str] = []
    values = late(made)

    assert (values["bell"], values.get("bell"), values.get("horn")) == ("BELL", "BELL", None)
    assert made == ["bell"]


def test_looking_which_there_are_makes_none() -> None:
    made: list[str] = []
    values = late(made)

    assert ("bell" in values, "horn" in values, list(values), len(values)) == (True, False, ["bell", "drum"], 2)
    assert made == []


def test_values_can_be_put_in_and_taken_out() -> None:
    values = late([])

    values["horn"] = "HORN"
    values["bell"] = "another"
    del values["drum"]

    assert dict(values) == {"bell": "another", "horn": "HORN"}
    assert values.pop("drum", None) is None


def test_a_value_that_two_threads_ask_for_is_made_once() -> None:
    is_making, may_go_on = threading.Event(), threading.Event()
    made: list[str] = []

    def slow() -> str:
        is_making.set()
        assert may_go_on.wait(10)
        made.append("bell")
        return "BELL"

    values = LateValues({"bell": slow})
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(values.__getitem__, "bell")
        assert is_making.wait(10)
        other = pool.submit(values.__getitem__, "bell")
        may_go_on.set()

        assert (one.result(10), other.result(10)) == ("BELL", "BELL")

    assert made == ["bell"]
