"""Prompts to start from, as chips."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.model_spec import Example
from app.ui.controls.chip import SuggestionChip
from app.ui.controls.flow_layout import FlowLayout
from app.ui.theme import Theme

_GAP_PX = 6


class PromptExamples(QWidget):
    """One chip an example; a pressed one is `chosen`."""

    chosen = Signal(str)  # the prompt

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._flow = FlowLayout(theme.px(_GAP_PX))
        self.setLayout(self._flow)
        self.hide()
        theme.changed.connect(self._refresh_sizes)

    def show_examples(self, examples: Sequence[Example]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for example in examples:
            chip = SuggestionChip(self._theme, example.label, parent=self)
            chip.setToolTip(example.prompt)
            chip.clicked.connect(lambda _checked=False, prompt=example.prompt: self.chosen.emit(prompt))
            self._flow.addWidget(chip)

    def _refresh_sizes(self) -> None:
        self._flow.setSpacing(self._theme.px(_GAP_PX))
