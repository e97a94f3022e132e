"""One line of text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.ui.theme import Theme

_ICON = 14


class TextField(QLineEdit):
    """Named for screen readers; with an icon at the left if wished. The style sheet draws its states.

    A text that a screen reader or dictation puts into it, without ever giving it the focus, counts as typed.

    Args:
        selects_on_click: The first click selects the whole text, to be typed over; for short values.
    """

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
        selects_on_click: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._selects_on_click = selects_on_click
        self._was_clicked_into = False
        self._is_being_set = False
        self._icon_name = icon
        self.setAccessibleName(label)
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if align_right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if secret:
            self.setEchoMode(QLineEdit.EchoMode.Password)
        self.textChanged.connect(self._on_any_change)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def setText(self, text: str | None) -> None:
        """Show a text that isn't the user's; announces no typing."""
        self._is_being_set = True
        super().setText(text)
        self._is_being_set = False

    def clear(self) -> None:
        self._is_being_set = True
        super().clear()
        self._is_being_set = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._was_clicked_into = self._selects_on_click and event.reason() is Qt.FocusReason.MouseFocusReason

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._was_clicked_into and not self.hasSelectedText():
            self.selectAll()
        self._was_clicked_into = False

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

    def _on_any_change(self) -> None:
        if not self._is_being_set and not self.hasFocus():
            self.editingFinished.emit()


def set_problem_property(widget: QWidget, problem: bool) -> None:
    """Tell the style sheet that a field is wrong; it looks at properties only when it is asked to."""
    if bool(widget.property("problem")) != problem:
        widget.setProperty("problem", problem)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()
