"""A number of which only some values can be had: dragged, stepped or typed from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.ui.controls.slider_field import SliderField
from app.ui.theme import Theme


class LadderField(SliderField):
    """A slider with places from the lowest to the highest value, as far apart as their values are.

    Between them it rests nowhere: the pointer takes the nearest one, a key or the wheel the next one, and a typed
    number becomes the nearest.
    """

    def __init__(
        self,
        theme: Theme,
        label: str,
        rungs: Sequence[int] = (0, 1),
        *,
        unit: str = "",
        field_width: float = 66,
        parent: QWidget | None = None,
    ) -> None:
        self._rungs = tuple(rungs)
        super().__init__(
            theme,
            label,
            minimum=rungs[0],
            maximum=rungs[-1],
            step=1,
            unit=unit,
            field_width=field_width,
            parent=parent,
        )

    def set_rungs(self, rungs: Sequence[int]) -> None:
        """Other values, rising; at least two. The value becomes the nearest of them."""
        if self._rungs != tuple(rungs):
            self._rungs = tuple(rungs)
            self.set_bounds(rungs[0], rungs[-1], step=1)

    def _nearest(self, value: float) -> float:
        return float(min(self._rungs, key=lambda rung: abs(rung - value)))

    def _on_slid(self, position: int) -> None:
        chosen = self._nearest(position)
        if chosen == self._value and not self._slider.isSliderDown():
            chosen = self._next(position)
        self._choose(chosen)

    def _next(self, position: int) -> float:
        """The rung that a step towards a position leads to."""
        place = self._rungs.index(round(self._value)) + (1 if position > self._value else -1)
        return float(self._rungs[min(max(place, 0), len(self._rungs) - 1)])
