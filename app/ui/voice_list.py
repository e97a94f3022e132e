"""The list of voices: name at the left, traits at the right, a tick at the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.item_models.voices import VoiceItemModel
from app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROW_PX = 28
_TICK_PX = 14


class VoiceDelegate(QStyledItemDelegate):
    """Paints one voice."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._theme.px(100), self._theme.px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect = self._theme, QRect(option.rect)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        ground = "sel" if is_chosen else "hover" if is_hovered else "window"
        painter.fillRect(rect, theme.color(ground))
        if is_chosen:
            painter.fillRect(rect.left(), rect.top(), theme.px(3), rect.height(), theme.color("accent"))
        inner = rect.adjusted(theme.px(10), 0, -theme.px(10), 0)
        if is_chosen:
            inner.setRight(inner.right() - self._paint_tick(painter, inner))
        painter.setFont(theme.font("caption"))
        traits = index.data(VoiceItemModel.TRAITS)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.color("text3"))
        painter.drawText(inner, right, traits)
        inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(traits) - theme.px(8))
        painter.setFont(theme.font("control", medium=is_chosen))
        painter.setPen(theme.color("text"))
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()

    def _paint_tick(self, painter: QPainter, inner: QRect) -> int:
        """Mark the chosen voice with more than a colour; returns the width that it takes."""
        theme, side = self._theme, self._theme.px(_TICK_PX)
        view = self.parent()
        ratio = view.devicePixelRatioF() if isinstance(view, QWidget) else 1.0
        picture = theme.pixmap("check", "accent", size=_TICK_PX, device_pixel_ratio=ratio, stroke=2.0)
        painter.drawPixmap(QRect(inner.right() - side + 1, inner.center().y() - side // 2 + 1, side, side), picture)
        return side + theme.px(6)


class VoiceList(QListView):
    """One chosen voice; arrows choose another. Letters are keys of the window: there is a field to search in."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items = VoiceItemModel(self)
        self.setModel(self.items)
        self.setItemDelegate(VoiceDelegate(theme, self))
        self.setAccessibleName("Voices")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def keyboardSearch(self, _search: str) -> None:
        """Nothing: half a name typed here would choose a voice, and the other half press keys of the window."""
