"""The frame of every dialog: heading, content, and a footer with what can be done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui.controls.button import Button, Tone
from app.ui.controls.divider import Divider
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.controls.painting import fill_rounded
from app.ui.controls.primary_button import PrimaryButton
from app.ui.theme import Theme

_PADDING = 20
_RADIUS = 10
_AROUND = 8


class Dialog(QDialog):
    """Opened with `open()`. Esc, the cross and the window manager all make the safe choice.

    `body` is the layout to fill. Connect what `add_button` returns; without a safe button Esc rejects.

    Args:
        icon: Stands before the title, for questions; the cross is then left out.
        width: In design pixels.
    """

    def __init__(
        self,
        theme: Theme,
        title: str,
        *,
        subtitle: str = "",
        icon: str | None = None,
        icon_role: str = "warn",
        width: float = 560,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._theme = theme
        self._design_width = width
        self._heading_icon_name, self._heading_icon_role = icon, icon_role
        self._safe_button: QAbstractButton | None = None
        self._primary_button: PrimaryButton | None = None
        self._footer_text = ""
        self._closed_reason = ""
        self._finishing = False
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._heading = Label(theme, title, font="title", wrap=True)
        self._subheading = Label(theme, subtitle, font="small" if icon is None else "body", role="text2", wrap=True)
        self._heading_icon = QLabel()
        self._close_button = IconButton(theme, "x", "Close", size=24, icon_size=15)
        self.body = QVBoxLayout()
        self._footer_note = Label(theme, "", font="small", role="text3", elide=True)
        self._footer_line = Divider(theme)
        self._lay_out_frame()
        self._close_button.clicked.connect(self._choose_safe)
        self.set_title(title)
        self.set_subtitle(subtitle)
        self._refresh_frame()
        theme.changed.connect(self._refresh_frame)

    def set_title(self, title: str) -> None:
        """Other words in the heading and for the window manager."""
        self._heading.setText(title)
        self.setWindowTitle(title)

    def set_subtitle(self, text: str) -> None:
        """A sentence below the title; empty hides it."""
        self._subheading.setText(text)
        self._subheading.setVisible(bool(text))

    def set_footer_note(self, text: str) -> None:
        """Quiet words at the left of the footer."""
        self._footer_text = text
        self._refresh_footer_note()

    def lead_footer(self, layout: QLayout) -> None:
        """Something of more than a line at the left of the footer, instead of the note."""
        self._footer_note.hide()
        self._footer_row.insertLayout(0, layout, 1)

    def add_button(
        self, text: str, *, primary: bool = False, tone: Tone = "normal", safe: bool = False
    ) -> Button | PrimaryButton:
        """A button in the footer; the primary one stands at the right end, whatever the order.

        Args:
            safe: Esc and the cross press it. Without any other wish it has the focus when the dialog opens.
        """
        button: Button | PrimaryButton
        if primary:
            button = self._primary_button = PrimaryButton(self._theme, text, size="dialog")
            button.setDefault(True)
            self._footer_buttons.addWidget(button)
        else:
            button = Button(self._theme, text, size="dialog", tone=tone)
            place = self._footer_buttons.count() - (1 if self._primary_button is not None else 0)
            self._footer_buttons.insertWidget(place, button)
        if safe:
            self._safe_button = button
        return button

    def set_primary_enabled(self, enabled: bool, reason: str = "") -> None:
        """Close the primary button and say why beside it."""
        if self._primary_button is not None:
            self._primary_button.setEnabled(enabled)
        self._closed_reason = "" if enabled else reason
        self._refresh_footer_note()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._choose_safe()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.isVisible() and self._safe_button is not None and not self._finishing:
            self._choose_safe()
            event.setAccepted(not self.isVisible())
            return
        super().closeEvent(event)

    def done(self, result: int) -> None:
        self._finishing = True
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        self._finishing = False
        self.setProperty("ringsNext", True)  # where Enter and Space go is seen from the start
        first = self.focusWidget() or self._first_field() or self._safe_button
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
        self._fit_words()
        super().showEvent(event)

    def _fit_words(self) -> None:
        """Be as high as wrapped words need at this width: Qt gives a new window no more than a part of the screen."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            needed = min(layout.totalHeightForWidth(self.width()), self.screen().availableGeometry().height())
            if self.height() < needed:
                self.resize(self.width(), needed)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self.windowHandle()
        in_heading = event.position().y() < self._footer_line.y() and self.childAt(event.position().toPoint()) in (
            None,
            self._heading,
            self._subheading,
            self._heading_icon,
        )
        if event.button() == Qt.MouseButton.LeftButton and in_heading and handle is not None:
            handle.startSystemMove()
        super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if QGuiApplication.platformName() == "xcb":
            # Without a compositor there is no transparency, and the corners would be black.
            outline = QPainterPath()
            radius = self._theme.px(_RADIUS)
            outline.addRoundedRect(QRectF(self.rect()), radius, radius)
            self.setMask(QRegion(outline.toFillPolygon().toPolygon()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        color = self._theme.color
        fill_rounded(QPainter(self), QRectF(self.rect()), self._theme.px(_RADIUS), color("panel"), color("line_field"))

    def _choose_safe(self) -> None:
        if self._safe_button is not None and self._safe_button.isEnabled():
            self._safe_button.click()
        else:
            self.reject()

    def _first_field(self) -> QWidget | None:
        kinds = (QLineEdit, QPlainTextEdit, QAbstractSpinBox)
        fields = (child for child in self.findChildren(QWidget) if isinstance(child, kinds))
        usable = (field for field in fields if field.isEnabled() and field.isVisibleTo(self))
        return next((field for field in usable if field.focusPolicy() & Qt.FocusPolicy.TabFocus), None)

    def _lay_out_frame(self) -> None:
        self._heading_row = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._heading)
        words.addWidget(self._subheading)
        words.addStretch(1)
        if self._heading_icon_name is not None:
            self._heading_row.addWidget(self._heading_icon, 0, Qt.AlignmentFlag.AlignTop)
        self._heading_row.addLayout(words, 1)
        if self._heading_icon_name is None:
            self._heading_row.addWidget(self._close_button, 0, Qt.AlignmentFlag.AlignTop)
        else:
            self._close_button.hide()
            self._close_button.setParent(self)
        self._footer_row = QHBoxLayout()
        self._footer_buttons = QHBoxLayout()
        self._footer_row.addWidget(self._footer_note, 1)
        self._footer_row.addLayout(self._footer_buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._heading_row)
        column.addLayout(self.body, 1)
        column.addWidget(self._footer_line)
        column.addLayout(self._footer_row)

    def _refresh_footer_note(self) -> None:
        self._footer_note.setText(self._closed_reason or self._footer_text)
        self._footer_note.set_role("text2" if self._closed_reason else "text3")

    def _refresh_frame(self) -> None:
        px = self._theme.px
        pad = px(_PADDING)
        room = self.screen().availableGeometry().width() - 2 * px(_AROUND)
        self.setMinimumWidth(min(px(self._design_width), room))
        self._heading_row.setContentsMargins(pad, px(16), px(14), px(12))
        self._heading_row.setSpacing(px(10))
        self.body.setContentsMargins(pad, 0, pad, px(14))
        self._footer_row.setContentsMargins(pad, px(12), pad, px(12))
        self._footer_row.setSpacing(px(8))
        self._footer_buttons.setSpacing(px(8))
        if self._heading_icon_name is not None:
            ratio = self.devicePixelRatioF()
            self._heading_icon.setPixmap(
                self._theme.pixmap(self._heading_icon_name, self._heading_icon_role, size=20, device_pixel_ratio=ratio)
            )
        self.update()
