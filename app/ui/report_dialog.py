"""A report of several sentences: short in the message bar, whole in a dialog."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.ui.controls.label import Label
from app.ui.dialog import Dialog
from app.ui.message_bar import MessageBar
from app.ui.message_log import Tone
from app.ui.theme import Theme

_LONGEST = 100  # characters that the bar shows in a window of the smallest size, beside a button
_LONGEST_TITLE = 60
_BETWEEN = re.compile(r"(?<=[.!?]) (?=[A-Z0-9“])")


class ReportDialog(Dialog):
    """Its first sentence is the title, unless that one is long; a line each for the others."""

    def __init__(self, theme: Theme, sentences: Sequence[str], parent: QWidget) -> None:
        has_title = len(sentences[0]) <= _LONGEST_TITLE
        title = sentences[0].removesuffix(".") if has_title else "What happened"
        super().__init__(theme, title, width=560, parent=parent)
        for sentence in sentences[has_title:]:
            self.body.addWidget(Label(theme, sentence, wrap=True))
        self.body.setSpacing(theme.px(8))
        copy = self.add_button("Copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(" ".join(sentences)))
        self.add_button("Close", safe=True).clicked.connect(self.reject)


def tell_report(theme: Theme, report: str, messages: MessageBar, window: QWidget) -> None:
    """Say what there is room for, with a button for the rest; nothing of it is cut off."""
    sentences = _BETWEEN.split(report)
    short = sentences[0]
    for sentence in sentences[1:]:
        if len(short) + len(sentence) >= _LONGEST:
            break
        short = f"{short} {sentence}"
    if short == report:
        messages.say(report, Tone.ERROR)
        return

    def show() -> None:
        dialog = ReportDialog(theme, sentences, window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    messages.say(short, Tone.ERROR, action="Read the report", act=show)
