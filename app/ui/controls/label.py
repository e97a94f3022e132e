"""Text in a font and a colour of the theme, with its line height, wrapped or cut off at the right."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.plain_tooltip import plain
from app.ui.theme import Theme


class Label(QLabel):
    """Plain text. A cut text is whole in the tooltip, and always whole for a screen reader."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        font: str = "body",
        role: str = "text",
        wrap: bool = False,
        elide: bool = False,
        medium: bool = False,
        bold: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._font_name = font
        self._role = role
        self._medium = medium
        self._bold = bold
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        # Wrapped, the height follows from the width; the hint, for an unknown width, must not be a limit.
        vertical = QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def set_role(self, role: str) -> None:
        """Another colour."""
        if role != self._role:
            self._role = role
            self.update()

    def set_medium(self, medium: bool) -> None:
        """Weight 500, or the usual one."""
        if medium != self._medium:
            self._medium = medium
            self._refresh_from_theme()

    @property
    def role(self) -> str:
        return self._role

    def hasHeightForWidth(self) -> bool:
        return self.wordWrap()

    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return self._line_height()
        margins = self.contentsMargins()
        lines = self._laid_out(width - margins.left() - margins.right()).lineCount()
        return max(1, lines) * self._line_height() + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        width = math.ceil(QFontMetrics(self.font()).horizontalAdvance(self.text())) + 1
        if self.wordWrap():
            width = min(width, self._theme.px(320))
        width += margins.left() + margins.right()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        if self._elide:
            return QSize(self._theme.px(20), hint.height())
        if self.wordWrap():
            return QSize(self._theme.px(60), self._line_height())
        return hint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color(self._role if self.isEnabled() else "disabled"))
        area = QRectF(self.contentsRect())
        if self.wordWrap():
            layout = self._laid_out(int(area.width()))
            layout.draw(painter, area.topLeft())
            return
        text = self.text()
        if self._elide:
            text = QFontMetrics(self.font()).elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
            self.setToolTip(plain(self.text()) if text != self.text() else "")
        painter.setFont(self.font())
        horizontal = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        painter.drawText(area, horizontal | Qt.AlignmentFlag.AlignVCenter, text)

    def _laid_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        step = self._line_height()
        layout.beginLayout()
        y = 0.0
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(width, 1))
            # Half of what the line height adds stands above the text.
            line.setPosition(QPointF(0, y + (step - line.height()) / 2))
            y += step
        layout.endLayout()
        return layout

    def _line_height(self) -> int:
        return self._theme.line_height(self._font_name)

    def _refresh_from_theme(self) -> None:
        self.setFont(self._theme.font(self._font_name, bold=self._bold, medium=self._medium))
        self.updateGeometry()
        self.update()
