"""The list of voices: choose one, hear it, mark it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip, QWidget

from app.ui.item_models.voices import VoiceItemModel
from app.ui.shortcuts import OWN_KEYS
from app.ui.theme import Theme
from app.ui.voice_delegate import ROW_PX, Hovered, VoiceDelegate, VoicePart

__all__ = ["ROW_PX", "VoiceList"]


class VoiceList(QListView):
    """One chosen voice; arrows choose another, Enter plays its sample, F marks it as a favourite.

    Other letters are keys of the window: there is a field to search in.
    """

    sample_wanted = Signal(object)  # Voice
    favourite_wanted = Signal(str, bool)  # voice id, whether it shall be one

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._quiet_words = ""
        self._pressed: tuple[QModelIndex, VoicePart] | None = None
        self.items = VoiceItemModel(self)
        self.setModel(self.items)
        self._delegate = VoiceDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Voices")
        self.setAccessibleDescription("Enter plays a sample, F marks a favourite")
        self.setProperty(OWN_KEYS, ["F"])
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.items.modelReset.connect(self._on_reset)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def say_while_empty(self, words: str) -> None:
        """What stands in the list while there is no row."""
        self._quiet_words = words
        self.setAccessibleDescription(words or "Enter plays a sample, F marks a favourite")
        self.viewport().update()

    def keyboardSearch(self, _search: str) -> None:
        """Nothing: half a name typed here would choose a voice, and the other half press keys of the window."""

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, is_plain = self.currentIndex(), event.modifiers() in _PLAIN
        if is_plain and index.isValid() and not event.isAutoRepeat():
            match event.key():
                case Qt.Key.Key_Return | Qt.Key.Key_Enter if index.data(VoiceItemModel.VOICE).sample:
                    self.sample_wanted.emit(index.data(VoiceItemModel.VOICE))
                    return
                case Qt.Key.Key_F:
                    self._toggle_favourite(index)
                    return
        super().keyPressEvent(event)

    def _toggle_favourite(self, index: QModelIndex) -> None:
        if not index.data(VoiceItemModel.IS_GONE) or index.data(VoiceItemModel.IS_FAVOURITE):
            self.favourite_wanted.emit(index.data(VoiceItemModel.ID), not index.data(VoiceItemModel.IS_FAVOURITE))

    # The pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The buttons of a row don't choose it."""
        index, part = self._at(event)
        self._pressed = None
        if event.button() is Qt.MouseButton.LeftButton and part is not VoicePart.ROW:
            self._pressed = (index, part)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick clicks on a button are two clicks."""
        if self._at(event)[1] is VoicePart.ROW:
            super().mouseDoubleClickEvent(event)
        else:
            self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
            return
        index, part = pressed
        if self._at(event) != pressed:
            return
        if part is VoicePart.PLAY:
            self.sample_wanted.emit(index.data(VoiceItemModel.VOICE))
        else:
            self._toggle_favourite(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:  # else a drag from a button would choose rows
            super().mouseMoveEvent(event)
        index, part = self._at(event)
        self._hover(Hovered(index.row(), part))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(Hovered())

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            index = self.indexAt(event.pos())
            part = self._delegate.part_at(index, event.pos()) if index.isValid() else VoicePart.ROW
            if part is not VoicePart.ROW:
                QToolTip.showText(event.globalPos(), part.value, self)
                return True
        return super().viewportEvent(event)

    def _at(self, event: QMouseEvent) -> tuple[QModelIndex, VoicePart]:
        place = event.position().toPoint()
        index = self.indexAt(place)
        return index, self._delegate.part_at(index, place) if index.isValid() else VoicePart.ROW

    def _hover(self, hovered: Hovered) -> None:
        if hovered != self._delegate.hovered:
            self._delegate.hovered = hovered
            self.viewport().update()

    # What is shown

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._quiet_words and not self.items.rowCount():
            painter = QPainter(self.viewport())
            painter.setFont(self._theme.font("small"))
            painter.setPen(self._theme.color("text3"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._quiet_words)

    def _on_reset(self) -> None:
        self._delegate.has_samples = self.items.has_samples
        self._delegate.hovered = Hovered()
        self._pressed = None


_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
