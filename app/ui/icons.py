"""The icons: line drawings in `resources/icons`, tinted with a colour of the theme when they are drawn."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_STROKE = re.compile(r'stroke-width="[^"]*"')


class IconSet:
    """Draws icons by name. Raises KeyError for a name without a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._source = lru_cache(maxsize=None)(self._read)

    def pixmap(
        self,
        name: str,
        color: QColor,
        *,
        size_px: int,
        device_pixel_ratio: float,
        stroke: float,
        filled: bool,
    ) -> QPixmap:
        """One icon in one colour, `size_px` wide in device-independent pixels.

        Args:
            stroke: Width of the lines where the drawing is 24 wide.
            filled: Also fill the shape, as for a star that is set.
        """
        svg = self._source(name).replace("currentColor", color.name())
        svg = _STROKE.sub(f'stroke-width="{stroke:g}"', svg, count=1)
        if filled:
            svg = svg.replace('fill="none"', f'fill="{color.name()}"', 1)
        side = max(1, round(size_px * device_pixel_ratio))
        pixmap = QPixmap(QSize(side, side))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(device_pixel_ratio)
        return pixmap

    def icon(
        self,
        name: str,
        colors: dict[QIcon.Mode, QColor],
        *,
        size_px: int,
        device_pixel_ratios: frozenset[float],
        stroke: float,
        filled: bool,
    ) -> QIcon:
        """One icon for several modes, sharp on every screen whose ratio is given."""
        icon = QIcon()
        for mode, color in colors.items():
            for ratio in sorted(device_pixel_ratios):
                drawn = self.pixmap(
                    name, color, size_px=size_px, device_pixel_ratio=ratio, stroke=stroke, filled=filled
                )
                icon.addPixmap(drawn, mode)
        return icon

    def _read(self, name: str) -> str:
        path = self._folder / f"{name}.svg"
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError as exc:
            raise KeyError(f"no icon is called {name!r}") from exc
