"""Chips: filters with their count, and suggestions to start from."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.controls.numbers import number_text
from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.theme import Theme

_COUNT_GAP = 6


class FilterChip(PaintedButton):
    """A checkable filter with the number of things behind it.

    Args:
        needs_you: Drawn as a warning, and only there while its count is above zero.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str | None = None,
        needs_you: bool = False,
        name: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._count: int | None = None
        self._needs_you = needs_you
        self._name = name or text
        super().__init__(theme, text, Shape(26, 10, radius=13, icon_size=13, font="small"), icon=icon, parent=parent)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setVisible(not needs_you)
        self._refresh()

    def set_count(self, count: int | None) -> None:
        """How many things the filter shows; None leaves the number out."""
        self._count = count
        if self._needs_you:
            self.setVisible(bool(count))
        self._refresh()

    @property
    def count(self) -> int | None:
        return self._count

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        checked = self.isChecked()
        fill = "raised" if checked or pressed else "hover" if hovered else None
        if not self.isEnabled():
            return Look("disabled")
        if self._needs_you:
            return Look("warn", fill=fill, outline="warn", bold=checked)
        return Look("text" if checked else "text2", fill=fill, bold=checked)

    def text_font(self, *, bold: bool) -> QFont:
        return self._theme.font("small", bold=bold, medium=not bold)

    def extra_width(self) -> int:
        if self._count is None:
            return 0
        gap = self._theme.px(_COUNT_GAP) if self.text() or self.icon_name else 0
        return gap + QFontMetrics(self._theme.font("small")).horizontalAdvance(self._count_text())

    def paint_extra(self, painter: QPainter, rect: QRectF, color: QColor) -> None:
        quiet = "text2" if self.isChecked() else "text3"
        painter.setFont(self._theme.font("small"))
        painter.setPen(color if self._needs_you or not self.isEnabled() else self._theme.color(quiet))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(rect, flags, self._count_text())

    def _count_text(self) -> str:
        return "" if self._count is None else number_text(self._count)

    def _refresh(self) -> None:
        self.setAccessibleName(" ".join(part for part in (self._name, self._count_text()) if part))
        self.updateGeometry()
        self.update()


class SuggestionChip(PaintedButton):
    """Something to start from, outlined."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, text, Shape(26, 10, radius=13, font="small"), parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        if not self.isEnabled():
            return Look("disabled", outline="line")
        return Look("text", fill="pressed" if pressed else "hover" if hovered else None, outline="line_field")

    def text_font(self, *, bold: bool) -> QFont:  # noqa: ARG002 - suggestions have one weight
        return self._theme.font("small", medium=True)
