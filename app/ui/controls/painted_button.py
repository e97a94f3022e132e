"""A push button that is painted from the theme: the base of every button, chip and segment."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.controls.painting import blend, fill_rounded
from app.ui.motion import HOVER_OUT_MS, duration_ms
from app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Look:
    """How a button is drawn in one state; colours by the names of the theme, None draws nothing."""

    text: str
    fill: str | None = None
    outline: str | None = None
    icon: str | None = None
    bold: bool = False

    @property
    def icon_role(self) -> str:
        return self.icon or self.text


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes in design pixels."""

    height: float
    padding: float
    radius: float = 5
    gap: float = 6
    icon_size: int = 16
    font: str = "control"
    min_width: float = 0


class PaintedButton(QPushButton):
    """Asks its subclass for a `look` and paints icon and text in the middle.

    Space and Enter press it. It is never the default of a dialog by accident.
    """

    def __init__(
        self, theme: Theme, text: str, shape: Shape, *, icon: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._shape = shape
        self._icon_name = icon
        self._icon_filled = False
        self._hover_out = QVariantAnimation(self)
        self._hover_out.setStartValue(1.0)
        self._hover_out.setEndValue(0.0)
        self._hover_out.valueChanged.connect(lambda _value: self.update())
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", shape.radius)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    # for subclasses

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        """The colours of a state; `isChecked` and `isEnabled` are to be asked."""
        raise NotImplementedError

    def extra_width(self) -> int:
        """Room, in pixels, that the subclass wants to the right of the text."""
        return 0

    def paint_extra(self, painter: QPainter, rect: QRectF, color: QColor) -> None:
        """Paint what stands to the right of the text, in its own room."""

    def text_font(self, *, bold: bool) -> QFont:
        """The font of the text; room is always kept for the bold one, so nothing moves when it is chosen."""
        return self._theme.font(self._shape.font, bold=bold)

    # what everybody may use

    def set_icon(self, name: str | None, *, filled: bool = False) -> None:
        """Show another icon."""
        self._icon_name = name
        self._icon_filled = filled
        self.updateGeometry()
        self.update()

    @property
    def icon_name(self) -> str | None:
        return self._icon_name

    # Qt

    def sizeHint(self) -> QSize:
        px = self._theme.px
        width = 2 * px(self._shape.padding) + self._content_width(bold=self._reserves_bold()) + self.extra_width()
        return QSize(max(width, px(self._shape.min_width)), px(self._shape.height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover_out.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        duration = duration_ms(self._theme, HOVER_OUT_MS)
        if duration and self.isEnabled() and self.isVisible():
            self._hover_out.setDuration(duration)
            self._hover_out.start()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        hovered = self.underMouse() and self.isEnabled()
        look = self.look(hovered=hovered, pressed=self.isDown())
        painter = QPainter(self)
        self._paint_box(painter, look, hovered=hovered)
        self._paint_content(painter, look)

    def _paint_box(self, painter: QPainter, look: Look, *, hovered: bool) -> None:
        fill = None if look.fill is None else self._theme.color(look.fill)
        running = self._hover_out.state() == QVariantAnimation.State.Running
        if running and not hovered and not self.isDown():
            before = self.look(hovered=True, pressed=False).fill
            if before is not None:
                was = self._theme.color(before)
                nothing = QColor(was)
                nothing.setAlpha(0)
                fill = blend(fill or nothing, was, float(self._hover_out.currentValue()))
        outline = None if look.outline is None else self._theme.color(look.outline)
        fill_rounded(painter, QRectF(self.rect()), self._theme.px(self._shape.radius), fill, outline)

    def _paint_content(self, painter: QPainter, look: Look) -> None:
        px = self._theme.px
        color = self._theme.color(look.text)
        total = self._content_width(bold=look.bold) + self.extra_width()
        x = max((self.width() - total) / 2, 0.0)
        if self._icon_name is not None:
            side = px(self._shape.icon_size)
            picture = self._theme.pixmap(
                self._icon_name,
                look.icon_role,
                size=self._shape.icon_size,
                device_pixel_ratio=self.devicePixelRatioF(),
                stroke=self._icon_stroke(),
                filled=self._icon_filled,
            )
            painter.drawPixmap(round(x), round((self.height() - side) / 2), picture)
            x += side + (px(self._shape.gap) if self.text() else 0)
        font = self.text_font(bold=look.bold)
        width = QFontMetrics(font).horizontalAdvance(self.text())
        painter.setFont(font)
        painter.setPen(color)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(x, 0, width + 2, self.height()), flags, self.text())
        x += width
        if self.extra_width():
            self.paint_extra(painter, QRectF(x, 0, self.extra_width(), self.height()), color)

    def _icon_stroke(self) -> float:
        return 1.75

    def _reserves_bold(self) -> bool:
        return self.isCheckable()

    def _content_width(self, *, bold: bool) -> int:
        width = QFontMetrics(self.text_font(bold=bold)).horizontalAdvance(self.text()) if self.text() else 0
        if self._icon_name is not None:
            width += self._theme.px(self._shape.icon_size)
            if self.text():
                width += self._theme.px(self._shape.gap)
        return width

    def _refresh_from_theme(self) -> None:
        self.setFont(self._theme.font(self._shape.font))
        self.updateGeometry()
        self.update()
