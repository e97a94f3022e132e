"""A small square with an icon: the kind of a model, the sort of a service."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme


class Tile(QWidget):
    """28 px, tinted in the accent; `quiet` greys it for what is not set up. Decoration without a name."""

    def __init__(self, theme: Theme, icon: str, *, quiet: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._quiet = quiet
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def set_icon(self, icon: str, *, quiet: bool = False) -> None:
        """Show another icon."""
        self._icon, self._quiet = icon, quiet
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill = self._theme.color("field" if self._quiet else "accent_tint")
        fill_rounded(painter, QRectF(self.rect()), self._theme.px(6), fill)
        picture = self._theme.pixmap(
            self._icon,
            "text3" if self._quiet else "accent",
            device_pixel_ratio=self.devicePixelRatioF(),
        )
        inset = (self.width() - self._theme.px(16)) // 2
        painter.drawPixmap(inset, inset, picture)

    def _refresh_from_theme(self) -> None:
        side = self._theme.px(28)
        self.setFixedSize(side, side)
        self.update()
