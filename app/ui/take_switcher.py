"""The numbers 1 2 3 ... of the takes of one task, or letters that don't tell which is which; one is on show."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from app.domain.take import Take, TakeState
from app.ui.comparing import letter
from app.ui.take_on_show import is_incomplete
from app.ui.theme import Theme

MOST_BUTTONS = 12


def window_around(current: int, count: int, most: int = MOST_BUTTONS) -> range:
    """Which of `count` places have a button when at most `most` fit: those around the current one."""
    first = min(max(0, current - most // 2), max(0, count - most))
    return range(first, min(count, first + most))


class TakeSwitcher(QWidget):
    """A button a take, at most twelve around the current one; `chosen` carries a take's id."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._shown: tuple[Sequence[Take], str | None, bool] = ((), None, False)
        self._most = MOST_BUTTONS
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self.setAccessibleName("Takes")
        self._group.buttonToggled.connect(self._on_toggled)
        self.hide()

    def show_takes(self, takes: Sequence[Take], current_id: str | None, *, is_blind: bool = False) -> None:
        """Show takes in this order. Announces nothing.

        Args:
            is_blind: Name them A, B, C ... by their place, and tell nothing else of them.
        """
        if self._shown != (takes, current_id, is_blind):
            self._shown = (takes, current_id, is_blind)
            self._refresh()

    @property
    def count(self) -> int:
        """How many takes there are."""
        return len(self._shown[0])

    def set_most(self, most: int) -> None:
        """How many buttons there may be."""
        if most != self._most:
            self._most = most
            self._refresh()

    def _refresh(self) -> None:
        takes, current_id, is_blind = self._shown
        current = next((place for place, take in enumerate(takes) if take.id == current_id), 0)
        places = window_around(current, len(takes), self._most)
        for button, place in zip(self._buttons(len(places)), places, strict=True):
            take = takes[place]
            if is_blind:
                button.show_hidden(take.id, place)
            else:
                button.show_take(take)
            button.setChecked(take.id == current_id)
        self.setVisible(bool(takes))
        self._row.invalidate()
        self.updateGeometry()

    def _buttons(self, count: int) -> list[_TakeButton]:
        """As many buttons as are needed; those that stay keep the keyboard focus."""
        buttons = [button for button in self._group.buttons() if isinstance(button, _TakeButton)]
        for button in buttons[count:]:
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        for _ in range(count - len(buttons)):
            button = _TakeButton(self._theme, self)
            self._group.addButton(button)
            self._row.addWidget(button)
            button.show()  # at once: its width counts where room is looked for
            buttons.append(button)
        return buttons[:count]

    def _on_toggled(self, button: QAbstractButton, checked: bool) -> None:
        """Assistive technology toggles a button without clicking it; what is on show already is no choice."""
        if checked and isinstance(button, _TakeButton) and button.take_id != self._shown[1]:
            self.chosen.emit(button.take_id)


class _TakeButton(QAbstractButton):
    """One number; an icon instead where there is nothing to hear."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = TakeState.STORED
        self._is_hovered = False
        self.take_id = ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ringRadius", 4)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    def show_take(self, take: Take) -> None:
        self.take_id = take.id
        self._state = take.state
        words = {
            TakeState.ANNOUNCED: "not here yet",
            TakeState.BROKEN: "broken file",
            TakeState.EXPIRED: "link expired",
            TakeState.FAILED: "failed",
        }.get(take.state, "")
        words = "incomplete" if is_incomplete(take) else words
        name, key = f"Take {take.number}", f" ({take.number})" if take.number <= 9 else ""
        self._name(
            str(take.number), name + (f", {words}" if words else ""), f"{name}{f': {words}' if words else ''}{key}"
        )

    def show_hidden(self, take_id: str, place: int) -> None:
        """A letter, and nothing that tells which take it is."""
        self.take_id, self._state = take_id, TakeState.STORED
        name, key = letter(place), f" ({place + 1})" if place < 9 else ""
        self._name(name, name, f"{name}{key}")

    def _name(self, text: str, accessible: str, tooltip: str) -> None:
        self.setText(text)
        self.setAccessibleName(accessible)
        self.setToolTip(tooltip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = self._theme.px(18) + self.fontMetrics().horizontalAdvance(self.text())
        return QSize(max(self._theme.px(28), width), self._theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._is_hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.setPen(theme.color("accent_fill"))
            painter.setBrush(theme.color("accent_fill"))
        else:
            painter.setPen(theme.color("line_field"))
            painter.setBrush(theme.color("raised") if self._is_hovered else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self._state in (TakeState.BROKEN, TakeState.EXPIRED, TakeState.FAILED):
            self._paint_icon(painter)
            return
        role = "on_accent" if self.isChecked() else "text3" if self._state is TakeState.ANNOUNCED else "text2"
        painter.setPen(theme.color(role))
        painter.setFont(theme.font("control_strong"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())

    def _paint_icon(self, painter: QPainter) -> None:
        role = "on_accent" if self.isChecked() else "err"
        icon = self._theme.pixmap("octagon-alert", role, size=14, stroke=2, device_pixel_ratio=self.devicePixelRatioF())
        size = icon.deviceIndependentSize()
        painter.drawPixmap(round((self.width() - size.width()) / 2), round((self.height() - size.height()) / 2), icon)
