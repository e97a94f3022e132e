"""What hangs at the pointer while files are dragged: the name of the first, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap

from app.ui.controls.painting import fill_rounded
from app.ui.readouts import counted
from app.ui.theme import Theme

_HEIGHT_PX, _PADDING_PX, _GAP_PX, _ICON_PX, _RADIUS_PX = 30, 10, 8, 16, 5
_NAME_PX = 280  # at most


def ghost(theme: Theme, names: Sequence[str], *, device_pixel_ratio: float = 1.0) -> QPixmap:
    """A picture of the files, sharp on its screen.

    Args:
        names: At least one.
    """
    px = theme.px
    font, small = theme.font("control"), theme.font("small")
    name = QFontMetrics(font).elidedText(names[0], Qt.TextElideMode.ElideMiddle, round(px(_NAME_PX)))
    more = counted(len(names), "file") if len(names) > 1 else ""
    name_width = QFontMetrics(font).horizontalAdvance(name)
    more_width = QFontMetrics(small).horizontalAdvance(more) + px(_GAP_PX) if more else 0
    before = px(_PADDING_PX) + px(_ICON_PX) + px(_GAP_PX)
    width, height = round(before + name_width + more_width + px(_PADDING_PX)) + 1, round(px(_HEIGHT_PX))
    picture = QPixmap(round(width * device_pixel_ratio), round(height * device_pixel_ratio))
    picture.setDevicePixelRatio(device_pixel_ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    fill_rounded(painter, QRectF(0, 0, width, height), px(_RADIUS_PX), theme.color("raised"), theme.color("accent"))
    icon = theme.pixmap("file-audio", "accent", size=_ICON_PX, device_pixel_ratio=device_pixel_ratio)
    painter.drawPixmap(round(px(_PADDING_PX)), round((height - px(_ICON_PX)) / 2), icon)
    centre = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setFont(font)
    painter.setPen(theme.color("text"))
    painter.drawText(QRectF(before, 0, name_width + 2, height), centre, name)
    if more:
        painter.setFont(small)
        painter.setPen(theme.color("text2"))
        painter.drawText(QRectF(before + name_width + px(_GAP_PX), 0, more_width, height), centre, more)
    painter.end()
    return picture
