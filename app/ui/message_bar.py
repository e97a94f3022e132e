"""The quiet line at the bottom: news and problems at the left, what is under way at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPropertyAnimation, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsOpacityEffect, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui.announcement import announce
from app.ui.controls.button import Button
from app.ui.controls.divider import Divider
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.label import Label
from app.ui.message_log import Message, MessageLog, Tone
from app.ui.motion import FADE_MS, duration_ms
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.message_list import MessageList

HEIGHT_PX = 28
PASSING_MS = 8_000


class MessageBar(QWidget):
    """One message at a time. Errors and decisions stay until they were read, everything else for eight seconds.

    Args:
        passing_ms: How long news stays.
        now: For the times in the list of all messages.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        passing_ms: int = PASSING_MS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self._log = MessageLog()
        self._rest = Message("", now())
        self._shown: Message | None = None
        self._icon = QLabel()
        self._text = Label(theme, font="small", elide=True)
        self._action = Button(theme, "", size="row")
        self._dismiss = IconButton(theme, "x", "Dismiss", size=24, icon_size=14)
        self._summary = Label(theme, font="small", role="text2")
        self._list: MessageList | None = None
        self._veil = QGraphicsOpacityEffect(self._text)
        self._veil.setEnabled(False)
        self._text.setGraphicsEffect(self._veil)
        self._fade = QPropertyAnimation(self._veil, b"opacity", self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.finished.connect(self._on_faded)
        self._passing = QTimer(self, interval=passing_ms, singleShot=True)
        self._passing.timeout.connect(self._on_passed)
        self._action.clicked.connect(self._on_action)
        self._dismiss.clicked.connect(self._on_dismiss)
        self._lay_out()
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()
        self._refresh()

    # what is shown

    def say(
        self,
        text: str,
        tone: Tone = Tone.NEWS,
        *,
        icon: str | None = None,
        action: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        """Show a sentence and tell it to assistive technology, once.

        Args:
            icon: None is the usual one of the tone.
            action: Words of a button that does something about it; empty for none.
            act: What the button does.
        """
        self._say(Message(text, self._now(), tone, action, act, icon))

    def begin(self, text: str, *, action: str = "", act: Callable[[], None] | None = None) -> Message:
        """Show that something is under way; `go_on` tells how far it is. As `say` otherwise."""
        message = Message(text, self._now(), action=action, act=act)
        self._say(message)
        return message

    def _say(self, message: Message) -> None:
        self._log.say(message)
        if message is self._log.current and not message.tone.stays:
            self._passing.start()
        announce(self, message.text, assertive=message.tone.stays)
        self._refresh()

    def go_on(self, message: Message, text: str) -> Message:
        """Have what was begun tell how far it is, and stay as long as it goes on. It isn’t announced anew."""
        is_shown = message is self._shown
        message = self._log.go_on(message, text)
        if message is self._log.current:
            self._passing.start()
            if is_shown:
                self._shown = message  # it doesn't fade in anew
        self._refresh()
        return message

    def set_rest_text(self, text: str, icon: str = "info") -> None:
        """What stands here while there is no message."""
        self._rest = Message(text, self._now(), icon=icon)
        self._refresh()

    def set_summary(self, text: str) -> None:
        """What is under way: `1 running · 2 queued`, `Idle`."""
        self._summary.setText(text)

    def add_before_summary(self, widget: QWidget) -> None:
        """Put something beside what is under way."""
        self._row.insertWidget(self._row.indexOf(self._summary), widget)

    def add_trailing(self, widget: QWidget) -> None:
        """Put something at the right end, behind a line."""
        self._row.addWidget(Divider(self._theme, vertical=True, length=16), 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(widget)

    def open_all(self) -> None:
        """Show all messages since the start; they count as read."""
        from app.ui.message_list import MessageList  # late: see late_parts

        self._list = MessageList(self._theme, self._log.messages, self)
        self._list.open_above(self)
        self._log.read_all()
        self._refresh()

    @property
    def text(self) -> str:
        """The message on show; empty for none."""
        return self._shown.text if self._shown else ""

    @property
    def messages(self) -> tuple[Message, ...]:
        """All since the start, newest first."""
        return self._log.messages

    # reactions

    def _on_passed(self) -> None:
        if self.underMouse() or self._action.hasFocus():  # not from under somebody's hand
            self._passing.start()
            return
        self._log.pass_by()
        self._refresh()

    def _on_action(self) -> None:
        message = self._shown
        if message is not None:
            self._log.read(message)
            self._refresh()
            if message.act is not None:
                message.act()

    def _on_dismiss(self) -> None:
        if self._shown is not None:
            self._log.read(self._shown)
            self._refresh()

    def _refresh(self) -> None:
        message = self._log.current
        has_changed = message is not self._shown
        self._shown = message
        visible = message or self._rest
        self._text.setText(visible.text)
        self._text.set_role("text" if message else "text2")
        self._refresh_icon(visible)
        self._action.setText(visible.action)
        self._action.setAccessibleDescription(visible.text)
        self._action.setVisible(bool(visible.action))
        self._dismiss.setVisible(message is not None and message.tone.stays)
        if has_changed and message is not None:
            self._fade_in()
        self.update()

    def _refresh_icon(self, message: Message) -> None:
        self._icon.setVisible(bool(message.text))
        stroke = 2.0 if message.tone.stays else 1.75
        self._icon.setPixmap(
            self._theme.pixmap(
                message.icon_name,
                message.tone.role,
                size=14,
                stroke=stroke,
                device_pixel_ratio=self.devicePixelRatioF(),
            )
        )

    def _fade_in(self) -> None:
        duration = duration_ms(self._theme, FADE_MS) if self.isVisible() else 0
        if not duration:
            return
        self._veil.setEnabled(True)
        self._fade.stop()
        self._fade.setDuration(duration)
        self._fade.start()

    def _on_faded(self) -> None:
        self._veil.setEnabled(False)  # text drawn through an effect is never quite sharp

    # Qt

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        needs_decision = self._shown is not None and self._shown.tone is Tone.DECISION
        painter.fillRect(self.rect(), self._theme.color("warn_tint" if needs_decision else "panel"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line"))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(600), self._theme.px(HEIGHT_PX))

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._text)
        self._row.addWidget(self._action)
        self._row.addWidget(self._dismiss)
        self._row.addStretch(1)
        self._row.addWidget(self._summary)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        self.setFixedHeight(px(HEIGHT_PX))
        self._row.setContentsMargins(px(12), 1, px(12), 0)
        self._row.setSpacing(px(8))
        self._refresh_icon(self._shown or self._rest)
        self.update()
