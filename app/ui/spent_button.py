"""What this month cost, in the toolbar, and how near that is to its limit; a click opens the ledger."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.receipt import Spent, dollars
from app.ui import readouts
from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

_BILLED = "What was billed this month"
_HELD = "What is held is the most that tasks can still cost of which that isn’t known yet"
_BAR_PX, _BAR_ABOVE_PX = 3, 5


class SpentButton(PaintedButton):
    """Hidden while the month cost nothing and has no limit, which leaves nothing to say, and where there is no room."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._amount = self._limit = self._held = ""
        self._share: float | None = None
        self._is_narrow = self._has_news = False
        self._has_room = True
        super().__init__(theme, "", Shape(36, 8, font="small"), parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_spent(self, month: str, spent: Spent, ceiling: Decimal | None, *, unknown: int = 0) -> None:
        """
        Args:
            unknown: How many tasks of the month are over without anybody telling what they cost.
        """
        limit = "" if ceiling is None else f" of {readouts.rounded(ceiling)}"
        self._amount = readouts.UNKNOWN if unknown and not spent.billed else dollars(spent.billed)
        held = f" · {dollars(spent.held)} held" if spent.held else ""
        self._limit, self._held = limit, held
        self._share = None if ceiling is None else float(spent.total / ceiling) if ceiling else 1.0
        also = f", and {readouts.counted(unknown, 'task')} of unknown cost" if unknown else ""
        about = f"{_BILLED}{also}. {_HELD}." if held else f"{_BILLED}{also}."
        self.setText(month)
        self.setToolTip(f"{about} Open the ledger.")
        self.setAccessibleName(f"Spending: {month} {self._amount}{limit}{held.replace(' · ', ', ')}")
        self.setAccessibleDescription(about)
        self._has_news = bool(spent.total) or bool(unknown) or ceiling is not None
        self.setVisible(self._has_news and self._has_room)
        self.updateGeometry()
        self.update()

    def set_narrow(self, is_narrow: bool) -> None:
        """Leave out what is held; the tooltip keeps it."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.updateGeometry()
            self.update()

    def set_room(self, has_room: bool) -> None:
        """The price on Generate comes first; the menu leads to the ledger, too."""
        self._has_room = has_room
        self.setVisible(self._has_news and has_room)

    # Painting

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        return Look("text2", fill="pressed" if pressed else "hover" if hovered else None)

    def extra_width(self) -> int:
        strong, plain = self._fonts()
        return sum(
            (
                QFontMetrics(strong).horizontalAdvance(f" {self._amount}"),
                QFontMetrics(plain).horizontalAdvance(self._rest_of_it()) + 1,
            )
        )

    def paint_extra(self, painter: QPainter, rect: QRectF, color: QColor) -> None:
        strong, plain = self._fonts()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.setFont(strong)
        painter.setPen(self._theme.color("text"))
        painter.drawText(rect, flags, f" {self._amount}")
        painter.setFont(plain)
        painter.setPen(color)
        rest = rect.adjusted(QFontMetrics(strong).horizontalAdvance(f" {self._amount}"), 0, 4, 0)
        painter.drawText(rest, flags, self._rest_of_it())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._share is None:
            return
        px = self._theme.px
        inset, high = px(self._shape.padding), px(_BAR_PX)
        bar = QRectF(inset, self.height() - px(_BAR_ABOVE_PX) - high, self.width() - 2 * inset, high)
        painter = QPainter(self)
        fill_rounded(painter, bar, high / 2, self._theme.color("raised"))
        bar.setWidth(bar.width() * min(max(self._share, 0.0), 1.0))
        fill_rounded(painter, bar, high / 2, self._theme.color("warn" if self._share >= 1 else "text2"))
        painter.end()

    def _rest_of_it(self) -> str:
        return self._limit if self._is_narrow else f"{self._limit}{self._held}"

    def _fonts(self) -> tuple[QFont, QFont]:
        return self._theme.font("small", bold=True), self._theme.font("small")
