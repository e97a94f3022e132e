"""Marks the clips that a prompt names, and those names that no clip has."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from app.ui.mentions import Mention, mentions_in, units
from app.ui.theme import Theme


class MentionHighlighter(QSyntaxHighlighter):
    """Writes names of clips in the accent; a dotted line is below those that have no clip."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme = theme
        self._mention, self._clips = "", 0
        theme.changed.connect(self.rehighlight)

    def show_clips(self, mention: str, clips: int) -> None:
        """What a clip is called, without its number, and how many there are."""
        if (mention, clips) != (self._mention, self._clips):
            self._mention, self._clips = mention, clips
            self.rehighlight()

    def has_clip(self, mention: Mention) -> bool:
        return 1 <= mention.number <= self._clips

    def mentions(self, text: str) -> Iterator[Mention]:
        return mentions_in(text, self._mention)

    def highlightBlock(self, text: str) -> None:
        for mention in self.mentions(text):
            # Qt counts letters beyond the first 65,536 as two.
            start, length = units(text[: mention.start]), mention.end - mention.start
            self.setFormat(start, length, self._format(has_clip=self.has_clip(mention)))

    def _format(self, *, has_clip: bool) -> QTextCharFormat:
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.Medium)
        look.setForeground(self._theme.color("accent" if has_clip else "text"))
        if not has_clip:
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            look.setUnderlineColor(self._theme.color("err"))
        return look
