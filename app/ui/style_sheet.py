"""The palette and the style sheet, both made from one set of tokens."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QPalette

from app.ui.tokens import Tokens

_PLACEHOLDER = re.compile(r"@([a-z][a-z0-9-]*)(?:\((\d+(?:\.\d+)?)\))?")

_ROLES = {
    QPalette.ColorRole.Window: "panel",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Base: "window",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Button: "field",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Highlight: "sel",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Mid: "line_field",
    QPalette.ColorRole.Dark: "line",
    QPalette.ColorRole.Midlight: "raised",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.BrightText: "err",
}

_TEXT_ROLES = (QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText, QPalette.ColorRole.Text)


def palette_of(tokens: Tokens) -> QPalette:
    """What widgets that the style sheet does not reach are drawn with."""
    values = tokens.named()
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, QColor(values[token]))
    for role in _TEXT_ROLES:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    return palette


def style_sheet_of(template: str, tokens: Tokens, *, text_scale: float) -> str:
    """Fill a template: `@accent-tint` is a colour, `@px(28)` a length that grows with the text.

    Raises:
        KeyError: The template names a token that does not exist.
    """
    values = tokens.named()

    def value(match: re.Match[str]) -> str:
        name, number = match.group(1), match.group(2)
        if name == "px" and number is not None:
            return f"{int(float(number) * text_scale + 0.5)}px"
        return values[name.replace("-", "_")]

    return _PLACEHOLDER.sub(value, template)
