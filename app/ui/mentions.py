"""Names of clips in a prompt, and places in a text as Python and as Qt count them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


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


def units(text: str) -> int:
    """How long a text is for Qt, which counts in UTF-16."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def up_to(text: str, length: int) -> str:
    """The beginning of a text, as long as Qt counts it."""
    return text.encode("utf-16-le", errors="surrogatepass")[: 2 * length].decode("utf-16-le", errors="surrogatepass")
