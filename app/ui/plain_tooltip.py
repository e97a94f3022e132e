"""Words of others in a tooltip, which takes whatever looks like HTML for HTML: pictures, colours, other words."""

from __future__ import annotations

import html


def plain(text: str) -> str:
    """A text that a tooltip shows as it is; one without “<” and “&” stays the same."""
    if "<" not in text and "&" not in text:
        return text
    lines = "<br>".join(html.escape(line, quote=False) for line in text.split("\n"))
    return f"<qt>{lines}</qt>"
