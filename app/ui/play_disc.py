"""The round button that plays and pauses."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.theme import Theme

_DISC_PX, _ICON_PX = 36, 17
_HOVERED, _PRESSED = 0.92, 0.84


class PlayDisc(QAbstractButton):
    """Shows what a click will do: play, or pause while it plays."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_playing = False
        self._reason = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("ringRadius", _DISC_PX / 2)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)
        self.show_playing(is_playing=False)

    def show_playing(self, *, is_playing: bool) -> None:
        self._is_playing = is_playing
        word = "Pause" if is_playing else "Play"
        self.setAccessibleName(word)
        self._refresh_tip()
        self.update()

    def show_reason(self, reason: str) -> None:
        """Why it can't be pressed; empty while it can, or while that is plain to see."""
        self._reason = reason
        self.setAccessibleDescription(reason)
        self._refresh_tip()

    def _refresh_tip(self) -> None:
        self.setToolTip(self._reason or f"{self.accessibleName()} (Space)")

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_DISC_PX), self._theme.px(_DISC_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = theme.color("text" if self.isEnabled() else "raised")
        if self.isEnabled() and self.isDown():
            fill.setAlphaF(_PRESSED)
        elif self.isEnabled() and self.underMouse():
            fill.setAlphaF(_HOVERED)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(QRectF(self.rect()))
        icon = theme.pixmap(
            "pause" if self._is_playing else "play",
            "panel" if self.isEnabled() else "disabled",
            size=_ICON_PX,
            stroke=2.25,
            device_pixel_ratio=self.devicePixelRatioF(),
        )
        size = icon.deviceIndependentSize()
        # The triangle's weight lies left of its middle.
        aside = 0 if self._is_playing else theme.px(1)
        painter.drawPixmap(
            round((self.width() - size.width()) / 2) + aside, round((self.height() - size.height()) / 2), icon
        )
