"""A thin line between two areas."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme


class Divider(QWidget):
    """1 px in the colour of lines; `length` in design pixels, else as long as there is room."""

    def __init__(
        self,
        theme: Theme,
        *,
        vertical: bool = False,
        length: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._vertical = vertical
        self._length = length
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("line"))

    def _refresh_from_theme(self) -> None:
        policy = QSizePolicy.Policy.Expanding
        fixed = QSizePolicy.Policy.Fixed
        if self._vertical:
            self.setFixedWidth(1)
            self.setSizePolicy(fixed, policy)
            if self._length is not None:
                self.setFixedHeight(self._theme.px(self._length))
        else:
            self.setFixedHeight(1)
            self.setSizePolicy(policy, fixed)
            if self._length is not None:
                self.setFixedWidth(self._theme.px(self._length))
        self.update()
