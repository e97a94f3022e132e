"""The order in which Tab and screen readers go through what is shown; Qt goes by when each thing was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def put_in_order(parts: Sequence[QWidget], followers: Sequence[QWidget]) -> None:
    """Bring siblings that come, go and move into the order in which they are shown.

    Args:
        followers: Their siblings that stand behind them, at least one with a stop for Tab.
    """
    for each in (*parts, *followers):
        each.raise_()  # nothing overlaps: this is only its place among the children of its parent
    stops = [stop for part in parts for stop in _stops(part)]
    behind = next(stop for follower in followers for stop in _stops(follower))
    before = behind.previousInFocusChain()
    while before is not None and (before in stops or not _is_stop(before)):
        before = before.previousInFocusChain()
    _chain([before, *stops] if before is not None else stops)


def tab_behind(leader: QWidget, follower: QWidget) -> None:
    """Let Tab come to a follower right behind the last stop in a leader, whichever of both was made later."""
    *_, last = _stops(leader)
    _chain([last, *_stops(follower)])


def tab_as_laid_out(parts: Iterable[QWidget]) -> None:
    """Let Tab go through these and all that is in them from top to bottom, also through what was made later."""
    _chain([stop for part in parts for stop in _stops(part)])


def _chain(stops: Sequence[QWidget]) -> None:
    for before, stop in pairwise(stops):
        QWidget.setTabOrder(before, stop)


def _stops(part: QWidget) -> Iterator[QWidget]:
    if _is_stop(part):
        yield part
    layout = part.layout()
    children = part.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    for each in children if layout is None else _laid_out(layout):
        if not each.isWindow():
            yield from _stops(each)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def _is_stop(widget: QWidget) -> bool:
    return widget.focusProxy() is None and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
