"""One line of text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.ui.theme import Theme

_ICON = 14


class TextField(QLineEdit):
    """Named for screen readers; with an icon at the left if wished. The style sheet draws its states."""

    def __init__(
        self,
        theme: Theme,
        label: str,
        *,
        text: str = "",
        placeholder: str = "",
        icon: str | None = None,
        align_right: bool = False,
        secret: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon_name = icon
        self.setAccessibleName(label)
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if align_right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if secret:
            self.setEchoMode(QLineEdit.EchoMode.Password)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def set_error(self, problem: str | bool | None) -> None:
        """Outline the field as wrong, or not."""
        set_problem_property(self, bool(problem))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(40), self._theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._icon_name is not None:
            picture = self._theme.pixmap(
                self._icon_name, "text3", size=_ICON, device_pixel_ratio=self.devicePixelRatioF()
            )
            side = self._theme.px(_ICON)
            QPainter(self).drawPixmap(self._theme.px(9), (self.height() - side) // 2, picture)

    def _refresh_from_theme(self) -> None:
        self.setFont(self._theme.font("label"))
        self.setFixedHeight(self._theme.px(28))
        left = self._theme.px(_ICON + 6) if self._icon_name is not None else 0
        self.setTextMargins(left, 0, self._right_room(), 0)

    def _right_room(self) -> int:
        return 0


def set_problem_property(widget: QWidget, problem: bool) -> None:
    """Tell the style sheet that a field is wrong; it looks at properties only when it is asked to."""
    if bool(widget.property("problem")) != problem:
        widget.setProperty("problem", problem)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()
