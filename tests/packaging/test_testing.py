"""The suite is spread over workers where that helps, and pytest is left alone where a person steers it."""

from __future__ import annotations

import pytest
from testing import TOOLS, workers_for


@pytest.mark.parametrize("arguments", [[], ["-q"], ["-k", "rain"], ["--maxfail", "1"], ["-x", "-q"]])
def test_the_whole_suite_has_two_workers(root, arguments):
    assert workers_for(arguments, root) == ("-n", "2", "--dist", "loadfile")


@pytest.mark.parametrize(
    "arguments",
    [
        ["-n", "4"],
        ["-n0"],
        ["--dist=each"],
        ["--pdb"],
        ["tests/packaging"],
        ["tests/packaging/test_testing.py::test_x"],
    ],
)
def test_a_part_of_it_or_a_wish_of_ones_own_is_left_alone(root, arguments):
    assert workers_for(arguments, root) == ()


def test_no_tool_is_named_twice():
    assert len(set(TOOLS)) == len(TOOLS)
