"""Marks the clips that a prompt names, and those names that no clip has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a clip.

    Attributes:
        start, end: In the text, as Python counts letters.
        number: Of the clip, from 1.
    """

    start: int
    end: int
    number: int


def mentions_in(text: str, mention: str) -> Iterator[Mention]:
    """Every name of a clip in a text, as `ReferenceSpec.mentioned` reads them; none where clips have no names."""
    if not mention:
        return
    for found in re.finditer(rf"(?<!\w){re.escape(mention)}(\d{{1,6}})(?!\d)", text):
        yield Mention(found.start(), found.end(), int(found[1]))


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


def units(text: str) -> int:
    """How long a text is for Qt, which counts in UTF-16."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def up_to(text: str, length: int) -> str:
    """The beginning of a text, as long as Qt counts it."""
    return text.encode("utf-16-le", errors="surrogatepass")[: 2 * length].decode("utf-16-le", errors="surrogatepass")
