"""What the list says when it has nothing to show; the first thing a new user sees."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from app.domain.model_spec import ModelSpec
from app.storage.library_queries import Filter, LibraryQuery
from app.ui.controls.button import Button
from app.ui.controls.label import Label
from app.ui.controls.primary_button import PrimaryButton
from app.ui.theme import Theme

_KEPT = "Every take you make is kept here, with its prompt and settings."
_FREE = f"The built-in generator needs no account and costs nothing.\n{_KEPT}"
_PAID = f"The button at the top says what a click costs.\n{_KEPT}"
_NOTHING = {
    Filter.ALL: "Nothing here.",
    Filter.PENDING: "Nothing is waiting.",
    Filter.DONE: "Nothing is done yet.",
    Filter.FAILED: "Nothing failed.",
    Filter.FAVOURITES: "No favourites yet. Press F on a take.",
    Filter.NEEDS_YOU: "Nothing needs you.",
    Filter.BIN: "The bin is empty.",
}


class SoundPicture(QWidget):
    """A sound as bars, its first third heard already: decoration."""

    _BARS = 62
    _HEARD = 0.36

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme)

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(8 * self._BARS), self._theme.px(96))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        pitch = self.width() / self._BARS
        for bar in range(self._BARS):
            height = max(3.0, self._height(bar / (self._BARS - 1)) * self.height())
            role = "accent" if bar < self._BARS * self._HEARD else "wpeakoff"
            painter.setBrush(self._theme.color(role))
            rect = QRectF(bar * pitch, (self.height() - height) / 2, pitch * 0.5, height)
            painter.drawRoundedRect(rect, pitch * 0.25, pitch * 0.25)
        painter.end()

    @staticmethod
    def _height(x: float) -> float:
        """Three swells that die away, from 0.0 to 1.0."""
        swell = 0.5 + 0.5 * math.cos(2 * math.pi * (3.2 * x - 0.12))
        grain = 0.75 + 0.25 * math.sin(37.0 * x)
        return max(0.03, math.pow(math.sin(math.pi * x), 0.7) * (0.18 + 0.82 * math.pow(swell, 1.5)) * grain)


class ListEmptyState(QWidget):
    """A title, a sentence and the next step, in the middle of the list."""

    generate_wanted = Signal()
    clear_search_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_built_in, self._is_first = True, False
        self._picture = SoundPicture(theme, self)
        self._title = Label(theme, font="time", parent=self)
        self._text = Label(theme, role="text2", wrap=True, parent=self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._generate = PrimaryButton(theme, "Generate this sound", icon="audio-lines", size="hero", parent=self)
        self._generate.set_key_hint("Ctrl+Return")
        self._clear = Button(theme, "Clear search", parent=self)
        self._generate.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons, self._column = QHBoxLayout(), QVBoxLayout(self)
        self._above_title, self._below_title = QSpacerItem(0, 0), QSpacerItem(0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Library")
        self._lay_out()
        self._refresh_sizes()
        theme.changed.connect(self._refresh_sizes)
        self._generate.clicked.connect(self.generate_wanted)
        self._clear.clicked.connect(self.clear_search_wanted)

    def _lay_out(self) -> None:
        self._buttons.addStretch(1)
        self._buttons.addWidget(self._generate)
        self._buttons.addWidget(self._clear)
        self._buttons.addStretch(1)
        column = self._column
        column.addStretch(1)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addItem(self._above_title)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addItem(self._below_title)
        column.addWidget(self._text, 0)
        column.addLayout(self._buttons)
        column.addStretch(1)

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._column.setSpacing(0)
        self._column.setContentsMargins(px(20), px(10), px(20), px(10))
        # Room around the title only while there is one.
        is_first = self._title.isVisibleTo(self)
        self._above_title.changeSize(0, px(32) if is_first else 0)
        self._below_title.changeSize(0, px(10) if is_first else 0)
        self._buttons.setContentsMargins(0, px(20), 0, 0)
        self._column.invalidate()

    def show_model(self, spec: ModelSpec) -> None:
        """What the next click asks: a click that may cost is offered beside its price only."""
        self._is_built_in = spec.provider == "local"
        if self._is_first:
            self._generate.setVisible(self._is_built_in)
            self._text.setText(_FREE if self._is_built_in else _PAID)
            self.setAccessibleDescription(self._text.text())

    def show_reason(self, query: LibraryQuery, *, library_is_empty: bool) -> None:
        """Say why the list is empty, and what to do about it."""
        is_first = library_is_empty and not query.text and query.filter is not Filter.BIN
        is_search = not is_first and bool(query.text.strip())
        self._is_first = is_first
        self._picture.setVisible(is_first)
        self._title.setVisible(is_first)
        self._generate.setVisible(is_first and self._is_built_in)
        self._clear.setVisible(is_search)
        self._refresh_sizes()
        if is_first:
            self._title.setText("Your first sound is one click away")
            self._text.setText(_FREE if self._is_built_in else _PAID)
        elif is_search:
            self._text.setText(f"No task matches “{query.text.strip()}”.")
        else:
            self._text.setText(_NOTHING[query.filter])
        self.setAccessibleDescription(self._text.text())
