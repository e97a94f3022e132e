"""Composition plans from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.plan_file import plan_of
from app.domain.composition import CompositionPlan, PlanSection
from app.domain.errors import RequestInvalid


def written(folder: Path, text: str) -> Path:
    path = folder / "plan.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plan_is_read_with_everything_in_it(tmp_path: Path) -> None:
    plan = plan_of(
        written(
            tmp_path,
            '{"styles": ["tense"], "avoided": ["vocals"], "sections": [{"name": "rise", "duration_s": 12,'
            ' "styles": ["tremolo"], "avoided": ["brass"], "lines": ["Hold on", ""]},'
            ' {"name": "hit", "duration_s": 8}]}',
        )
    )

    rise = PlanSection("rise", 12, ("tremolo",), ("brass",), ("Hold on", ""))
    assert plan == CompositionPlan(("tense",), ("vocals",), (rise, PlanSection("hit", 8)))
    assert plan.title == "tense: rise · hit"
    assert plan.duration_s == 20


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "isn’t a composition plan"),
        ("[]", "isn’t a composition plan"),
        ('{"styles": []}', "sections"),
        ('{"sections": [{"name": "rise", "duration_s": 4.5}]}', "duration_s"),
        ('{"sections": [{"name": "rise", "duration_s": 4, "mood": "calm"}]}', "mood"),
        ('{"sections": [], "sytles": []}', "sytles"),
    ],
)
def test_what_is_no_plan_is_refused_with_the_place(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(RequestInvalid, match=reason) as caught:
        plan_of(written(tmp_path, text))

    assert [problem.field for problem in caught.value.problems] == ["plan"]


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match="can’t be read"):
        plan_of(tmp_path / "none.json")
