"""The colours of a spectrogram: “Deep water”, from nearly black over blue-green to sand, the same in light and dark.

Its lightness rises steadily, also for eyes that can't tell some colours apart, so louder is always lighter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtGui import QColor

from app.ui.controls.painting import blend

LOWEST_DBFS, HIGHEST_DBFS = -120.0, 0.0
LOW_DBFS, HIGH_DBFS = -98.0, -22.0
LEAST_RANGE_DB = 12.0
_STOPS = (
    (0.0, "#0D1012"),
    (0.18, "#112028"),
    (0.38, "#164654"),
    (0.56, "#2B7A8A"),
    (0.72, "#68B2B4"),
    (0.86, "#E2CD8A"),
    (1.0, "#FFF6DE"),
)
_CURVE = 1.45  # gives the loud half of the range more of the colours

GROUND = QColor(_STOPS[0][1])
"""What silence looks like."""
UNKNOWN = QColor("#1E2429")
"""What isn't computed yet: lighter than silence, and no colour of the map."""


def color_at(share: float) -> QColor:
    """The colour so far up in the range, 0 to 1; outside it that of the nearer end."""
    place = min(max(share, 0.0), 1.0) ** _CURVE
    right = min(max(bisect_right(_STOPS, place, key=lambda stop: stop[0]), 1), len(_STOPS) - 1)
    (start, dark), (end, bright) = _STOPS[right - 1], _STOPS[right]
    return blend(QColor(dark), QColor(bright), (place - start) / (end - start))


def color_table(low_dbfs: float, high_dbfs: float, dbfs_of: Callable[[int], float]) -> list[int]:
    """A colour for each stored level from 0 to 255, as the table of an image.

    Args:
        low_dbfs: What has the first colour, as has everything quieter.
        high_dbfs: What has the last one, as has everything louder.
        dbfs_of: What a stored level means.
    """
    reach = max(high_dbfs - low_dbfs, 1e-6)
    return [color_at((dbfs_of(level) - low_dbfs) / reach).rgb() for level in range(256)]
