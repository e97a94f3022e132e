"""The kill campaign, short: `python -m tests.campaigns.kills` runs it at length."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.campaigns.kills import report
from tests.campaigns.kills.campaign import Campaign
from tests.campaigns.kills.stand_ins import stand_ins
from tests.campaigns.kills.ways import ONE_OF_EACH_KIND

_KILLS, _SEED = 20, 7

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by POSIX signals here"),
    pytest.mark.timeout(600),
]


def test_twenty_kills_lose_nothing_that_was_paid_pay_nothing_twice_and_leave_the_library_whole(tmp_path: Path) -> None:
    with stand_ins() as services:
        campaign = Campaign(tmp_path, services, ONE_OF_EACH_KIND, random.Random(_SEED))

        findings = campaign.run(_KILLS)

    assert campaign.deaths.kills >= _KILLS
    assert findings.is_clean, "\n".join([*report.table(campaign.deaths.hits), *report.details(findings)])
