"""What was said, one segment a row: its time at the left, and the speaker above where another one begins."""

from __future__ import annotations

import time

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.transcript import Segment
from app.ui.item_models.transcript import TranscriptItemModel
from app.ui.readouts import elapsed
from app.ui.shortcuts import OWN_KEYS
from app.ui.text_search import Match
from app.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_TIME_PX, _LONG_TIME_PX = 44, 58
_EDGE_PX = 10
_ABOVE_PX = 4
_ROWS_AT_ONCE = 120  # laid out before other events are looked at: a few milliseconds
_UNDISTURBED_S = 4.0  # after somebody scrolled or stepped, the list doesn't follow the sound for so long
_LONG_S = 3600.0


class SegmentDelegate(QStyledItemDelegate):
    """Paints one segment; knows how high each is at the width of the list."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._heights: dict[int, int] = {}
        self._width = 0
        self._time_px = _TIME_PX

    def forget(self, *, is_long: bool | None = None) -> None:
        """Other segments, or other fonts.

        Args:
            is_long: Whether some times have hours.
        """
        self._heights.clear()
        if is_long is not None:
            self._time_px = _LONG_TIME_PX if is_long else _TIME_PX

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        # With room for the bar, whether it is there or not: its coming would lay all rows out anew.
        width = self._view.width() - self._view.verticalScrollBar().sizeHint().width()
        if width != self._width:
            self._heights.clear()
            self._width = width
        height = self._heights.get(index.row())
        if height is None:
            height = self._heights[index.row()] = self._height(index)
        return QSize(width, height)

    def _height(self, index: Index) -> int:
        theme = self._theme
        lines = self._laid_out(index.data(), self._text_width()).lineCount()
        speaker = theme.line_height("small") if index.data(TranscriptItemModel.SPEAKER) else 0
        return max(1, lines) * theme.line_height("body") + speaker + 2 * theme.px(_ABOVE_PX)

    def _text_width(self) -> int:
        px = self._theme.px
        return max(px(40), self._width - px(2 * _EDGE_PX) - px(self._time_px))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect = self._theme, QRect(option.rect)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        is_heard = index.data(TranscriptItemModel.IS_HEARD)
        painter.save()
        ground = "sel" if is_selected else "accent_tint" if is_heard else "hover" if is_hovered else "window"
        painter.fillRect(rect, theme.color(ground))
        if is_heard:
            painter.fillRect(rect.left(), rect.top(), theme.px(3), rect.height(), theme.color("accent"))
        left, top = rect.left() + theme.px(_EDGE_PX), rect.top() + theme.px(_ABOVE_PX)
        speaker = index.data(TranscriptItemModel.SPEAKER)
        step = theme.line_height("body")
        time_top = top
        if speaker:
            height = theme.line_height("small")
            painter.setFont(theme.font("small", medium=True))
            painter.setPen(theme.color("text2"))
            line = QRect(left + theme.px(self._time_px), top, self._text_width(), height)
            name = painter.fontMetrics().elidedText(speaker, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            top += height
        self._paint_time(painter, QRect(left, time_top if not speaker else top, theme.px(self._time_px), step), index)
        self._paint_words(painter, QPointF(left + theme.px(self._time_px), top), index)
        painter.restore()

    def _paint_time(self, painter: QPainter, rect: QRect, index: Index) -> None:
        segment: Segment = index.data(TranscriptItemModel.SEGMENT)
        is_heard = index.data(TranscriptItemModel.IS_HEARD)
        painter.setFont(self._theme.font("small", medium=is_heard))
        painter.setPen(self._theme.color("accent" if is_heard else "text2"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elapsed(segment.start_s))

    def _paint_words(self, painter: QPainter, where: QPointF, index: Index) -> None:
        theme = self._theme
        layout = self._laid_out(index.data(), self._text_width())
        current = index.data(TranscriptItemModel.MATCH)
        formats = [
            self._marked(match, is_current=match == current) for match in index.data(TranscriptItemModel.MATCHES)
        ]
        painter.setPen(theme.color("text"))
        layout.draw(painter, where, formats)

    def _marked(self, match: Match, *, is_current: bool) -> QTextLayout.FormatRange:
        marked = QTextLayout.FormatRange()
        marked.start, marked.length = match
        look = QTextCharFormat()
        look.setBackground(self._theme.color("accent_fill" if is_current else "accent_tint"))
        look.setForeground(self._theme.color("on_accent" if is_current else "accent"))
        marked.format = look
        return marked

    def _laid_out(self, text: str, width: int) -> QTextLayout:
        layout = QTextLayout(text.replace("\n", "\u2028"), self._theme.font("body"))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        step = self._theme.line_height("body")
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y + (step - line.height()) / 2))
            y += step
        layout.endLayout()
        return layout


class TranscriptList(QListView):
    """`seek_wanted` carries the row that was clicked, or on which Enter was pressed; several can be selected."""

    seek_wanted = Signal(int)
    copy_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.items = TranscriptItemModel(self)
        self._delegate = SegmentDelegate(theme, self)
        self._touched_at_s = 0.0
        self._anchor: tuple[int, int] | None = None
        self._width = 0
        self.setModel(self.items)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Transcript")
        self.setProperty(OWN_KEYS, ("Ctrl+C",))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_ROWS_AT_ONCE)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.clicked.connect(self._on_click)
        theme.changed.connect(self._on_theme)

    def show_segments(self, segments: tuple[Segment, ...]) -> None:
        self._anchor = None
        self._delegate.forget(is_long=any(segment.start_s >= _LONG_S for segment in segments[-1:]))
        self.items.show(segments)

    def show_position(self, seconds: float, *, is_playing: bool) -> None:
        """Mark what is heard, and keep it in view while it plays, unless somebody looks elsewhere."""
        if not self.items.show_position(seconds) or not is_playing or self.items.heard is None:
            return
        if not self.underMouse() and time.monotonic() - self._touched_at_s > _UNDISTURBED_S:
            self.scrollTo(self.items.index(self.items.heard, 0))

    def go_to(self, row: int) -> None:
        """Make a row the current one, and bring it into view."""
        self.setCurrentIndex(self.items.index(row, 0))
        self.scrollTo(self.items.index(row, 0))

    def selected(self) -> list[int]:
        """The selected rows, from first to last."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def keyboardSearch(self, _search: str) -> None:
        """Nothing: letters are keys of the window, and there is a field to search in."""

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._touch()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
        if is_enter and self.currentIndex().isValid():
            self.seek_wanted.emit(self.currentIndex().row())
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The row that gets the focus with the list is also the selected one."""
        super().focusInEvent(event)
        is_clicked = event.reason() is Qt.FocusReason.MouseFocusReason
        if self.currentIndex().isValid() and not is_clicked and not self.selectionModel().hasSelection():
            self.setCurrentIndex(self.currentIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._touch()
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._touch()
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width lays the rows out anew, some at a time; what was at the top goes back there."""
        if self.width() == self._width:  # the bar came or went
            super().resizeEvent(event)
            return
        self._width = self.width()
        top = self.indexAt(self.viewport().rect().topLeft())
        is_scrolled = self.verticalScrollBar().value() > 0 and top.isValid()
        anchor = (top.row(), self.visualRect(top).top()) if is_scrolled else self._anchor
        self._anchor = None
        super().resizeEvent(event)
        self._anchor = anchor
        self.doItemsLayout()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        if self._anchor is None:
            return
        row, offset = self._anchor
        rect = self.visualRect(self.items.index(row, 0))
        bar = self.verticalScrollBar()
        wanted = bar.value() + rect.top() - offset
        if rect.height() > 0 and bar.maximum() >= wanted:
            self._anchor = None
            bar.setValue(wanted)

    # Inside

    def _touch(self) -> None:
        self._touched_at_s = time.monotonic()

    def _on_click(self, index: QModelIndex) -> None:
        """A click with Ctrl or Shift chooses rows, and so does dragging."""
        if len(self.selected()) == 1:
            self.seek_wanted.emit(index.row())

    def _on_theme(self) -> None:
        self._delegate.forget()
        self.scheduleDelayedItemsLayout()
