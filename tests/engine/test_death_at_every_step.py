"""Whenever the process dies: one charge at most, and every take that was announced ends on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.campaign import SCENARIOS, Scenario, check, tell


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_dying_at_any_step_costs_nothing_twice_and_loses_nothing(quick_folder: Path, scenario: Scenario) -> None:
    whole = await tell(quick_folder / "whole", scenario, [])
    check(whole, scenario)

    for step in range(1, whole.steps + 1):
        story = await tell(quick_folder / str(step), scenario, [step])
        assert story.deaths <= 1
        check(story, scenario)
