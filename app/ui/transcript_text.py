"""A transcript without times: plain text that can be read, searched and copied from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from app.ui.shortcuts import OWN_KEYS
from app.ui.text_search import Match
from app.ui.theme import Theme

_PARAGRAPH = 500  # characters: one that is much longer is slow to draw, and hard to read
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+|(?<=[。！？])")
_MARKED_AROUND = 100  # places before and after the one that is shown


class TranscriptText(QPlainTextEdit):
    """Read-only; Tab leaves it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._matches: tuple[Sequence[Match], Match | None] = ((), None)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName("Transcript")
        self.setTabChangesFocus(True)
        self.setProperty(OWN_KEYS, ("Ctrl+C",))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("transcript_text")
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()

    def show_text(self, text: str) -> None:
        """Show a text in paragraphs, as it has them, or broken where a sentence ends."""
        self._matches = ((), None)
        self.setPlainText(in_paragraphs(text))

    def show_matches(self, matches: Sequence[Match], at: Match | None) -> None:
        """Mark what a search found, and bring the place where it is into view."""
        self._matches = (matches, at)
        self._mark()
        if at is not None:
            cursor = self.textCursor()
            cursor.setPosition(at.start)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def _mark(self) -> None:
        matches, at = self._matches
        marks = []
        place = matches.index(at) if at is not None else 0
        for match in matches[max(0, place - _MARKED_AROUND) : place + _MARKED_AROUND]:
            mark, look, cursor = QTextEdit.ExtraSelection(), QTextCharFormat(), self.textCursor()
            look.setBackground(self._theme.color("accent_fill" if match == at else "accent_tint"))
            look.setForeground(self._theme.color("on_accent" if match == at else "accent"))
            cursor.setPosition(match.start)
            cursor.setPosition(match.start + match.length, QTextCursor.MoveMode.KeepAnchor)
            mark.format, mark.cursor = look, cursor
            marks.append(mark)
        self.setExtraSelections(marks)

    def _refresh_from_theme(self) -> None:
        window = self._theme.color("window").name()
        px = self._theme.px
        # Its ground is that of the list in whose place it stands.
        self.setStyleSheet(
            f"#transcript_text {{ background: {window}; border: 0; padding: 0; }}"
            f"#transcript_text:focus {{ border: 0; padding: 0; }}"
        )
        self.setFont(self._theme.font("body"))
        self.document().setDocumentMargin(px(10))
        self._mark()


def in_paragraphs(text: str) -> str:
    """A text with breaks after some of its sentences, so that no paragraph is much longer than one can read."""
    return "\n".join(part for line in text.splitlines() for part in _broken(line))


def _broken(line: str) -> list[str]:
    parts, start, end = [], 0, 0
    for sentence_end in (*(found.end() for found in _SENTENCE_END.finditer(line)), len(line)):
        if sentence_end - start > _PARAGRAPH and end > start:
            parts.append(line[start:end].rstrip())
            start = end
        end = sentence_end
    return [*parts, line[start:]]
