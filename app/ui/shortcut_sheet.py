"""All keys on one sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.ui.controls.label import Label
from app.ui.dialog import Dialog
from app.ui.shortcuts import GROUPS, Binding, Deed, KeyGroup
from app.ui.theme import Theme

# Keys of a part that has the focus: it handles them itself.
_OWN_KEYS = {
    "Library": (("Up, Down, Left, Right", "Step through the list, fold takes"),),
    "Waveform": (
        ("Left, Right", "10 ms; Shift 1 s; Ctrl a sample"),
        ("Alt+Left, Right", "Selection’s end; Shift its start"),
    ),
}
_COLUMNS = 3


def _keys_text(bindings: list[Binding]) -> str:
    """`1 to 9` or `Ctrl+1 to 5` for a row of numbers, else the keys with "or" between them."""
    shown = [QKeySequence(binding.keys).toString(QKeySequence.SequenceFormat.NativeText) for binding in bindings]
    if len(shown) > 2:
        return f"{shown[0]} to {bindings[-1].number}"
    return " or ".join(dict.fromkeys(keys.replace("Enter", "Return") for keys in shown))


class ShortcutSheet(Dialog):
    """Keys and what they do, in groups, in columns of about the same length.

    Args:
        known: What the window can do; other keys are left out.
    """

    def __init__(self, theme: Theme, known: Collection[Deed], parent: QWidget | None = None) -> None:
        super().__init__(theme, "Keyboard", subtitle="Single keys never act while you type.", width=984, parent=parent)
        groups = [(group.title, rows) for group in GROUPS if (rows := list(_rows(group, known)))]
        fair_share = sum(len(rows) + 1 for _, rows in groups) / _COLUMNS
        columns = QHBoxLayout()
        columns.setSpacing(theme.px(28))
        grids: list[QGridLayout] = []
        placed = 0
        for title, rows in groups:
            if placed + len(rows) / 2 >= fair_share * len(grids):
                grids.append(_grid(theme))
                columns.addLayout(grids[-1], 1)
            _fill(theme, grids[-1], title, rows)
            placed += len(rows) + 1
        for grid in grids:
            grid.setRowStretch(grid.rowCount(), 1)
        self.body.addLayout(columns)
        self.add_button("Close", primary=True, safe=True).clicked.connect(self.accept)


def _rows(group: KeyGroup, known: Collection[Deed]) -> Iterator[tuple[str, str]]:
    """Keys and words for each deed of a group."""
    yield from _OWN_KEYS.get(group.title, ())
    for deed, bindings in groupby(group.bindings, key=lambda binding: binding.deed):
        if deed in known:
            yield _keys_text(list(bindings)), deed.value


def _grid(theme: Theme) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(14))
    grid.setVerticalSpacing(theme.px(4))
    grid.setColumnStretch(1, 1)
    return grid


def _fill(theme: Theme, grid: QGridLayout, title: str, rows: list[tuple[str, str]]) -> None:
    top = Qt.AlignmentFlag.AlignTop
    if grid.count():
        grid.setRowMinimumHeight(grid.rowCount(), theme.px(6))
    grid.addWidget(Label(theme, title, font="body", bold=True), grid.rowCount() + 1, 0, 1, 2)
    for keys, does in rows:
        row = grid.rowCount()
        grid.addWidget(Label(theme, keys, font="control_strong", role="text2"), row, 0, top)
        grid.addWidget(Label(theme, does, font="control", wrap=True), row, 1, top)
