"""Tooltips show words, whatever these look like."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtGui import QTextDocument

from app.ui.plain_tooltip import plain


@pytest.mark.parametrize(
    "text",
    [
        "rain",
        "rain < wind & sea",
        "a\nb",
        '<img src="file:///etc/passwd">',
        "<b>Works</b>, $10.00 left",
        "first\n<h1>second</h1>",
        "<!-- nothing -->",
        "&lt;b&gt;",
        "<a href='https://a.example'>x",
    ],
)
def test_a_tooltip_shows_a_text_as_it_is(text: str) -> None:
    document = QTextDocument()
    shown = plain(text)

    if shown.startswith("<qt>"):
        document.setHtml(shown)
        assert document.toPlainText() == text
    else:
        assert shown == text
        assert "<" not in text  # so that Qt takes it for no HTML
