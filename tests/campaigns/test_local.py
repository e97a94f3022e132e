"""Local faults with real processes, those that take little time: `python -m tests.campaigns.local` runs all."""

from __future__ import annotations

import pytest

from tests.campaigns.local.cases import CASES, Case
from tests.campaigns.local.ground import NoSmallDisk, ground

SHORT = (
    "disk full at the click",
    "disk full during an answer that comes once",
    "read-only library",
    "database locked at the answer of a paid submit",
    "database without its header",
    "damaged settings",
    "no network at the start",
)

pytestmark = pytest.mark.timeout(120)


@pytest.mark.parametrize("case", [case for case in CASES if case.name in SHORT], ids=str)
def test_a_local_fault_costs_nothing_twice_loses_nothing_and_is_told(case: Case) -> None:
    try:
        with ground() as place:
            case.run(place)
    except NoSmallDisk as reason:
        pytest.skip(str(reason))
