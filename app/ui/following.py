"""When a view goes along with the playhead, and when it stays where somebody looks. Pure arithmetic."""

from __future__ import annotations

from app.ui.loop_region import LoopRegion
from app.ui.view_span import ViewSpan

_JUMP_S = 0.25  # a step that is longer isn't playing: the clock of the window is quicker, also on a busy computer


def goes_along(span: ViewSpan, before: int, now: int, region: LoopRegion | None, sample_rate_hz: int) -> bool:
    """Whether to turn the page to a playhead that has moved.

    It does if the playhead has just left the view, or was sent elsewhere. It doesn't while the playhead plays on
    out of sight, or goes round in its loop there: somebody has scrolled away to look at something else.
    """
    if span.start <= now <= span.end:
        return False
    if span.start <= before <= span.end:
        return True
    jump = _JUMP_S * sample_rate_hz
    start = region.start if region is not None else 0
    end = region.end if region is not None else span.total
    goes_round = start <= now <= start + jump and end - jump <= before <= end
    return abs(now - before) > jump and not goes_round
