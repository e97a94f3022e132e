"""Files beyond a limit: refused where it is the service's own, doubted where it is only assumed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.input_facts import InputFacts
from app.domain.reference_spec import ReferenceSpec
from app.domain.request import InputFile, InputKind

CLIP = InputFile(Path("/sounds/long.wav"))
ASSUMED = ReferenceSpec(max_clips=1, shortest_s=3, longest_s=30, largest_bytes=10_000_000)
OWN = ReferenceSpec(max_clips=1, shortest_s=3, longest_s=30, largest_bytes=10_000_000, is_limit_of_service=True)


@pytest.mark.parametrize(
    ("seconds", "size", "doubted", "refused"),
    [
        (45, 1, "has 0:45; more than 0:30 may be refused.", "is too long: at most 30 s; it has 45 s."),
        (30.02, 1, "has 0:30.1; more than 0:30 may be refused.", "is too long: at most 30 s; it has 30.1 s."),
        (2.96, 1, "has 0:02.9; less than 0:03 may be refused.", "is too short: at least 3 s; it has 2.9 s."),
        (5, 12_000_000, "has 12 MB; more than 10 MB may be refused.", "may have 10 MB; it has 12."),
    ],
)
def test_a_limit_is_told_as_what_it_is(seconds, size, doubted, refused):
    facts = InputFacts(InputKind.CLIP, size, seconds)

    assert [problem.message for problem in facts.warnings(CLIP, ASSUMED)] == [f"long.wav {doubted}"]
    assert list(facts.problems(CLIP, ASSUMED)) == []
    assert [problem.message for problem in facts.problems(CLIP, OWN)] == [f"long.wav {refused}"]
    assert list(facts.warnings(CLIP, OWN)) == []


def test_a_clip_at_its_limit_is_fine():
    facts = InputFacts(InputKind.CLIP, 10_000_000, 30.0)

    assert [*facts.problems(CLIP, OWN), *facts.warnings(CLIP, ASSUMED)] == []
    assert not facts.is_too_long(ASSUMED)
