from __future__ import annotations

import pytest

from app.ui.following import goes_along
from app.ui.loop_region import LoopRegion
from app.ui.view_span import ViewSpan

RATE_HZ = 48_000
TOTAL = 60 * RATE_HZ


def s(seconds: float) -> int:
    return round(seconds * RATE_HZ)


SPAN = ViewSpan(s(20), s(30), TOTAL)
LOOP = LoopRegion(s(2), s(4))


@pytest.mark.parametrize(
    ("before", "now", "region", "expected"),
    [
        pytest.param(s(29.99), s(30.01), None, True, id="it plays out of the view"),
        pytest.param(s(25), s(25.02), None, False, id="it plays in the view"),
        pytest.param(s(40), s(40.02), None, False, id="it plays elsewhere"),
        pytest.param(s(19.99), s(20.01), None, False, id="it plays into the view"),
        pytest.param(s(40), s(0), None, True, id="it is sent to the start"),
        pytest.param(s(40), s(50), None, True, id="it is sent on"),
        pytest.param(s(25), s(2), LOOP, True, id="it goes from the view to the loop"),
        pytest.param(s(3.99), s(2.01), LOOP, False, id="it goes round in its loop elsewhere"),
        pytest.param(s(59.99), s(0.01), None, False, id="it goes round in the whole take elsewhere"),
        pytest.param(s(40), s(2.01), LOOP, True, id="it is sent into the loop"),
    ],
)
def test_the_view_goes_along_when_the_playhead_leaves_it_or_is_sent_away(
    before: int, now: int, region: LoopRegion | None, expected: bool
) -> None:
    assert goes_along(SPAN, before, now, region, RATE_HZ) is expected
