"""How one voice looks in the list: play, name, traits, a tick at the chosen one, star."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.item_models.voices import VoiceItemModel
from app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROW_PX = 28
_EDGE_PX, _BUTTON_PX = 4, 26
_TICK_PX, _ICON_PX, _STAR_PX = 14, 13, 14
_TRAITS_SHARE = 0.45  # of the room beside the buttons that a long name leaves to the traits


class VoicePart(Enum):
    """What of a row the pointer is over; the value is the tooltip."""

    ROW = ""
    PLAY = "Play a sample (Enter)"
    STAR = "Favourite (F)"


@dataclass(frozen=True, slots=True)
class Hovered:
    """Where the pointer is; row -1 is nowhere."""

    row: int = -1
    part: VoicePart = VoicePart.ROW


class VoiceDelegate(QStyledItemDelegate):
    """Paints one voice, and knows where its buttons are.

    Attributes:
        hovered: Set by the list.
        has_samples: Whether there is room for a play button; the list sets it.
    """

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self.hovered = Hovered()
        self.has_samples = False

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._theme.px(100), self._theme.px(ROW_PX))

    def part_at(self, index: QModelIndex, place: QPoint) -> VoicePart:
        """What of a row is there."""
        rect = self._view.visualRect(index)
        if self._star(rect).contains(place) and not index.data(VoiceItemModel.IS_GONE):
            return VoicePart.STAR
        if self.has_samples and self._play(rect).contains(place) and index.data(VoiceItemModel.VOICE).sample:
            return VoicePart.PLAY
        return VoicePart.ROW

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect = self._theme, QRect(option.rect)
        from PySide6.QtWidgets import (
            QStyle,
        )  # late: PySide makes its 20 enums, 4 ms, and no row is in the first picture

        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = self.hovered.row == index.row()
        painter.save()
        ground = "sel" if is_chosen else "hover" if is_hovered else "window"
        painter.fillRect(rect, theme.color(ground))
        if is_chosen:
            painter.fillRect(rect.left(), rect.top(), theme.px(3), rect.height(), theme.color("accent"))
        if self.has_samples and index.data(VoiceItemModel.VOICE).sample:
            self._paint_play(painter, rect, index)
        has_focus = is_chosen and self._view.hasFocus()
        self._paint_star(painter, rect, index, is_offered=is_hovered or has_focus)
        self._paint_words(painter, self._words(rect), index, is_chosen=is_chosen)
        painter.restore()

    # Where things are

    def _play(self, rect: QRect) -> QRect:
        return QRect(rect.left() + self._theme.px(_EDGE_PX), rect.top(), self._theme.px(_BUTTON_PX), rect.height())

    def _star(self, rect: QRect) -> QRect:
        width = self._theme.px(_BUTTON_PX)
        return QRect(rect.right() - width + 1, rect.top(), width, rect.height())

    def _words(self, rect: QRect) -> QRect:
        px = self._theme.px
        left = px(_EDGE_PX + _BUTTON_PX + 2) if self.has_samples else px(10)
        return rect.adjusted(left, 0, -px(_BUTTON_PX + 2), 0)

    # Painting

    def _paint_play(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if index.data(VoiceItemModel.IS_FETCHING):
            icon, role = "loader-circle", "accent"
        elif index.data(VoiceItemModel.IS_SOUNDING):
            icon, role = "pause", "accent"
        else:
            icon, role = "play", "text" if self.hovered == Hovered(index.row(), VoicePart.PLAY) else "text2"
        self._paint_icon(painter, self._play(rect), icon, role, _ICON_PX)

    def _paint_star(self, painter: QPainter, rect: QRect, index: Index, *, is_offered: bool) -> None:
        is_set = bool(index.data(VoiceItemModel.IS_FAVOURITE))
        is_gone = bool(index.data(VoiceItemModel.IS_GONE))
        if is_gone or not (is_set or is_offered):
            return
        is_lit = is_set or self.hovered == Hovered(index.row(), VoicePart.STAR)
        self._paint_icon(painter, self._star(rect), "star", "text" if is_lit else "text3", _STAR_PX, filled=is_set)

    def _paint_words(self, painter: QPainter, room: QRect, index: Index, *, is_chosen: bool) -> None:
        """The name is cut last: it may take what the traits leave, and more than half where both are long."""
        theme = self._theme
        middle, gap = Qt.AlignmentFlag.AlignVCenter, theme.px(8)
        if is_chosen:
            side = theme.px(_TICK_PX)
            tick = QRect(room.right() - side + 1, room.top(), side, room.height())
            self._paint_icon(painter, tick, "check", "accent", _TICK_PX, stroke=2.0)
            room.setRight(tick.left() - theme.px(6))
        name_font, traits_font = theme.font("control", medium=is_chosen), theme.font("caption")
        painter.setFont(name_font)
        name_width = painter.fontMetrics().horizontalAdvance(index.data())
        painter.setFont(traits_font)
        left_over = max(room.width() - name_width - gap, round(room.width() * _TRAITS_SHARE))
        metrics = painter.fontMetrics()
        traits = metrics.elidedText(index.data(VoiceItemModel.TRAITS), Qt.TextElideMode.ElideRight, left_over)
        painter.setPen(theme.color("err" if index.data(VoiceItemModel.IS_GONE) else "text3"))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, traits)
        room.setRight(room.right() - metrics.horizontalAdvance(traits) - (gap if traits else 0))
        painter.setFont(name_font)
        painter.setPen(theme.color("text"))
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, name)

    def _paint_icon(
        self,
        painter: QPainter,
        room: QRect,
        name: str,
        role: str,
        size_px: int,
        *,
        filled: bool = False,
        stroke: float = 1.75,
    ) -> None:
        side, ratio = self._theme.px(size_px), self._view.devicePixelRatioF()
        picture = self._theme.pixmap(name, role, size=size_px, device_pixel_ratio=ratio, filled=filled, stroke=stroke)
        left, top = room.left() + (room.width() - side) // 2, room.top() + (room.height() - side) // 2
        painter.drawPixmap(QRect(left, top, side, side), picture)
