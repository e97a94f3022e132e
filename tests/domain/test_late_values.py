"""Values that are made when somebody asks for them."""

from __future__ import annotations

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
