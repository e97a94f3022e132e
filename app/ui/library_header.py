"""The headings of the list: aligned with their columns, with an arrow at the one that sorts."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from app.ui.item_models.row_text import COLUMNS, Column
from app.ui.theme import Theme

HEIGHT_PX = 28
_ARROW_PX = 12
_EDGE_PX = 14


def text_inset_px(column: Column, *, is_last: bool = False) -> tuple[int, int]:
    """Space left and right of a column's text, the same for headings and cells.

    Args:
        is_last: No column is shown at its right.
    """
    right = _EDGE_PX if is_last and column.is_number else 0
    return (0 if column.is_number or column is Column.PROMPT else 12), right


class LibraryHeader(QHeaderView):
    """Painted with tokens; a click on a heading sorts."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._sorted: tuple[Column, bool] = (Column.WHEN, True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setAccessibleName("Columns")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def is_last(self, column: Column) -> bool:
        """Whether no column is shown at the right of this one."""
        shown = [each for at, each in enumerate(COLUMNS) if not self.isSectionHidden(at)]
        return bool(shown) and shown[-1] is column

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(HEIGHT_PX))

    def show_sort(self, column: Column, *, descending: bool) -> None:
        self._sorted = (column, descending)
        if self.isVisible():  # else Qt makes Python classes of all its widgets to find out what this one is: 5 ms
            self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        theme, column = self._theme, COLUMNS[logical]
        is_sorted = column is self._sorted[0]
        painter.save()
        painter.fillRect(rect, theme.color("window"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        left, right = text_inset_px(column, is_last=self.is_last(column))
        inner = rect.adjusted(theme.px(left), 0, -theme.px(right), 0)
        painter.setFont(theme.font("caption", medium=True))
        painter.setPen(theme.color("text2" if is_sorted else "text3"))
        if is_sorted:
            self._paint_arrow(painter, inner, column)
            inner = inner.adjusted(0, 0, -theme.px(_ARROW_PX + 3), 0) if column.is_number else inner
        side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, column.heading)
        painter.restore()

    def _paint_arrow(self, painter: QPainter, inner: QRect, column: Column) -> None:
        theme = self._theme
        name = "arrow-down" if self._sorted[1] else "arrow-up"
        ratio = self.devicePixelRatioF()
        picture = theme.pixmap(name, "text2", size=_ARROW_PX, device_pixel_ratio=ratio)
        side = theme.px(_ARROW_PX)
        after_text = inner.left() + painter.fontMetrics().horizontalAdvance(column.heading) + theme.px(3)
        x = inner.right() - side + 1 if column.is_number else after_text
        painter.drawPixmap(QRect(x, inner.center().y() - side // 2, side, side), picture)
