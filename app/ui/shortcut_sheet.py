"""All keys on one sheet."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.controls.label import Label
from app.ui.dialog import Dialog
from app.ui.shortcuts import BINDINGS, Binding, Deed
from app.ui.theme import Theme


def _keys_text(bindings: list[Binding]) -> str:
    """`1 to 9` for a row of numbers, else the keys with "or" between them."""
    shown = [QKeySequence(binding.keys).toString(QKeySequence.SequenceFormat.NativeText) for binding in bindings]
    if len(shown) > 2:
        return f"{shown[0]} to {shown[-1]}"
    return " or ".join(dict.fromkeys(shown))


class ShortcutSheet(Dialog):
    """Two columns of keys and what they do."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Keyboard", subtitle="Single keys never act while you type.", width=880, parent=parent)
        rows = [(deed, list(group)) for deed, group in groupby(BINDINGS, key=lambda binding: binding.deed)]
        rows.insert(4, (None, []))  # the list's own keys, which Qt handles
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(6))
        half = (len(rows) + 1) // 2
        for place, (deed, bindings) in enumerate(rows):
            keys, does = _texts(deed, bindings)
            row, column = place % half, 2 * (place // half)
            right, top = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignTop
            grid.addWidget(Label(theme, keys, font="control_strong", role="text2"), row, column, right)
            grid.addWidget(Label(theme, does, font="control", wrap=True), row, column + 1, top)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.body.addLayout(grid)
        self.add_button("Close", primary=True, safe=True).clicked.connect(self.accept)


def _texts(deed: Deed | None, bindings: list[Binding]) -> tuple[str, str]:
    if deed is None:
        return "Up, Down, Left, Right", "Step through the list, fold takes"
    return _keys_text(bindings), deed.value
