"""Names of projects."""

from __future__ import annotations

import pytest

from app.domain.errors import RequestInvalid
from app.domain.project import LONGEST, project_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Night\n Storm ", "Night Storm"), ("", ""), (" \t", ""), ("夜の嵐", "夜の嵐"), ("a" * 80, "a" * 80)],
)
def test_a_name_is_kept_on_one_line_without_spaces_around_it(typed: str, kept: str) -> None:
    assert project_name(typed) == kept


@pytest.mark.parametrize("typed", ["a" * (LONGEST + 1), "night\x00storm", "\ud800"], ids=["long", "control", "half"])
def test_what_can_be_no_name_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(RequestInvalid) as refused:
        project_name(typed)

    assert [problem.field for problem in refused.value.problems] == ["project"]
