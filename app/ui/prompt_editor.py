"""The prompt's text box: names of clips stand out, are offered after an @, and follow their clips."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QRect, QRectF, QSignalBlocker, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QCompleter, QListView, QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.controls.text_area import TextArea
from app.ui.drop_zone import files_of
from app.ui.mentions import Mention, mentions_in, units, up_to
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.mention_highlighter import MentionHighlighter

_BEGUN = re.compile(r"(?<!\w)@\w*$")
_KEYS_OF_LIST = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)

_OFFER_PX = 26


@dataclass(slots=True)
class _Renaming:
    """A change of names in the text that belongs to a change of the clips.

    Attributes:
        before, after: How many steps could be undone without it, and with it.
        text: With it.
        token: Whatever tells the clips before and after.
    """

    before: int
    after: int
    text: str
    token: object
    is_done: bool = True


class PromptEditor(TextArea):
    """Files that are pasted or dropped here are `files_brought`, where the model takes some.

    `renaming_undone` and `renaming_redone` carry the token of a `rename_clips` that the user takes back.
    """

    files_brought = Signal(list)  # of Path
    renaming_undone = Signal(object)
    renaming_redone = Signal(object)

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, label, parent=parent)
        self._mention = ""
        self._names: tuple[str, ...] = ()
        self._takes_files = False
        self._renamings: list[_Renaming] = []
        self._is_renaming = False
        self._offers = QStringListModel(self)
        self._list = QListView()
        self._list.setAccessibleName("Clips")
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._completer = QCompleter(self._offers, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setPopup(self._list)
        self._completer.setWidget(self)
        self._completer.activated[str].connect(self._take_offer)  # type: ignore[index]  # an overload by its type
        self.textChanged.connect(self._follow_undo)
        theme.changed.connect(self._refresh_list)
        self._refresh_list()

    @cached_property
    def _highlighter(self) -> MentionHighlighter:
        """Made for the first model that has names for clips: what Qt needs for it is 2 ms."""
        from app.ui.mention_highlighter import MentionHighlighter  # late: see late_parts

        return MentionHighlighter(self._theme, self.document())

    def show_clips(self, mention: str, names: Sequence[str], *, takes_files: bool) -> None:
        """What the model calls a clip, empty where it doesn't; the names of those that there are."""
        self._mention, self._names, self._takes_files = mention, tuple(names), takes_files
        if mention or "_highlighter" in vars(self):
            self._highlighter.show_clips(mention, len(names))
            self.viewport().update()

    def show_text(self, text: str) -> None:
        """Show a text that isn't the user's; announces nothing, and what was before can't be undone."""
        self._renamings = []
        with QSignalBlocker(self):
            self.setPlainText(text)

    def insert_clip(self, number: int) -> None:
        """Name a clip at the cursor."""
        cursor = self.textCursor()
        before = self.document().characterAt(cursor.selectionStart() - 1) if cursor.selectionStart() > 0 else " "
        after = self.document().characterAt(cursor.selectionEnd())
        space_before = "" if before.isspace() or before == "\u2029" else " "
        cursor.insertText(f"{space_before}{self._mention}{number}{'' if after == ' ' else ' '}")
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def rename_clips(self, numbers: Mapping[int, int | None], left: int, token: object) -> None:
        """Let the names in the text follow their clips; one step of undo.

        Args:
            numbers: Old to new. A clip that is gone gets the first number without a clip, so that its name is
                marked and doesn't fall to another clip.
            left: How many clips there are now.
            token: Told when the user takes this back, or takes it back again.
        """
        new = {old: number if number is not None else left + 1 for old, number in numbers.items()}
        text = self.toPlainText()
        found = [each for each in mentions_in(text, self._mention) if new.get(each.number, each.number) != each.number]
        if not found:
            return
        before = self.document().availableUndoSteps()
        self._is_renaming = True
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for mention in reversed(found):
            cursor.setPosition(units(text[: mention.start]))
            cursor.setPosition(units(text[: mention.end]), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(f"{self._mention}{new[mention.number]}")
        cursor.endEditBlock()
        self._is_renaming = False
        self._renamings = [each for each in self._renamings if each.is_done]
        self._renamings.append(_Renaming(before, self.document().availableUndoSteps(), self.toPlainText(), token))

    def step_renaming(self, token: object, *, back: bool) -> bool:
        """Take back a renaming, or make it again, as undo and redo would; False if that isn't their next step."""
        steps = self.document().availableUndoSteps()
        found = next((each for each in self._renamings if each.token is token and each.is_done is back), None)
        if found is None or steps != (found.after if back else found.before):
            return False
        if back:
            self.undo()
        else:
            self.redo()
        return found.is_done is not back

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._list.isVisible() and event.key() in _KEYS_OF_LIST:
            event.ignore()  # the list takes them
            return
        super().keyPressEvent(event)
        if event.text() or self._list.isVisible():
            self._offer()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(self._takes_files and files_of(source)) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        paths = files_of(source) if self._takes_files else []
        if paths:
            self.files_brought.emit(paths)
        else:
            super().insertFromMimeData(source)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._mention:
            painter = QPainter(self.viewport())
            tint, radius = self._theme.color("accent_tint"), self._theme.px(3)
            for rect in self._rects_of_mentions(event.rect()):
                fill_rounded(painter, rect, radius, tint)
            painter.end()
        super().paintEvent(event)

    # Inside

    def _rects_of_mentions(self, seen: QRect) -> list[QRectF]:
        """Behind the names of clips that can be seen."""
        rects: list[QRectF] = []
        block = self.firstVisibleBlock()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if place.top() > seen.bottom():
                break
            for mention in self._highlighter.mentions(block.text()):
                if self._highlighter.has_clip(mention):
                    rects += [rect.translated(place.topLeft()) for rect in self._rects_in(block, mention)]
            block = block.next()
        return rects

    def _rects_in(self, block: QTextBlock, mention: Mention) -> list[QRectF]:
        """One a line: a name can be broken over two."""
        text, layout = block.text(), block.layout()
        start, end = units(text[: mention.start]), units(text[: mention.end])
        pad, rects = self._theme.px(2), []
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
            if first >= last:
                continue
            left, right = _x_of(line.cursorToX(first)), _x_of(line.cursorToX(last))
            rects.append(QRectF(left - pad, line.y(), right - left + 2 * pad, line.height()))
        return rects

    def _offer(self) -> None:
        """Show the clips that what stands before the cursor may become."""
        begun = self._begun()
        names = enumerate(self._names, start=1)
        offers = [f"{self._mention}{number}  {name}" for number, name in names if self._fits(begun, number, name)]
        if not self._mention or not begun or not offers:
            self._list.hide()
            return
        self._offers.setStringList(offers)
        self._list.setCurrentIndex(self._offers.index(0, 0))
        rect = self.cursorRect()
        rect.setWidth(self._list.sizeHintForColumn(0) + self._theme.px(24))
        self._completer.complete(rect)

    def _fits(self, begun: str, number: int, name: str) -> bool:
        tag, word = f"{self._mention}{number}".casefold(), begun.casefold()
        return word != tag and (tag.startswith(word) or word[1:] in name.casefold())

    def _begun(self) -> str:
        """The @ before the cursor, and what was typed after it."""
        cursor = self.textCursor()
        found = _BEGUN.search(up_to(cursor.block().text(), cursor.positionInBlock()))
        return found[0] if found is not None else ""

    def _take_offer(self, offer: str) -> None:
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, units(self._begun()))
        cursor.insertText(offer.split("  ", 1)[0])
        self.setTextCursor(cursor)

    def _follow_undo(self) -> None:
        """Tell when a renaming is taken back, so that the clips can go with their names."""
        steps = self.document().availableUndoSteps()
        for renaming in () if self._is_renaming else tuple(self._renamings):
            if renaming.is_done and steps < renaming.after:
                renaming.is_done = False
                self.renaming_undone.emit(renaming.token)
            elif not renaming.is_done and steps > renaming.before:
                renaming.is_done = steps == renaming.after and self.toPlainText() == renaming.text
                if renaming.is_done:
                    self.renaming_redone.emit(renaming.token)
                else:  # something new was typed instead: it can't be redone any more
                    self._renamings.remove(renaming)

    def _refresh_list(self) -> None:
        self._list.setFont(self._theme.font("small"))
        line = self._theme.color("line_field").name()
        row, pad = self._theme.px(_OFFER_PX), self._theme.px(8)
        self._list.setStyleSheet(
            f"QListView {{ border: 1px solid {line}; }} QListView::item {{ height: {row}px; padding: 0 {pad}px; }}"
        )


def _x_of(found: object) -> float:
    """The binding gives the position together with the place in the text that it was found at."""
    position = found[0] if isinstance(found, tuple) else found
    assert isinstance(position, float)
    return position
