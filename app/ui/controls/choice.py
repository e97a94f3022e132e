"""One of many, from a menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

_OPENING_KEYS = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Space,
    Qt.Key.Key_Down,
    Qt.Key.Key_Up,
    Qt.Key.Key_F4,
)
_CHEVRON = 14


@dataclass(frozen=True, slots=True)
class ChoiceOption:
    """One entry; entries with the same group stand together under its name.

    Attributes:
        detail: Stands behind the text in the menu.
        reason: Why it can't be taken now, as tooltip.
    """

    key: str
    text: str
    detail: str = ""
    enabled: bool = True
    reason: str = ""
    group: str = ""


class Choice(QPushButton):
    """A button that shows what is taken and opens a menu of all; named by its label, described by its value.

    A button with a menu, since a combo box can't be operated through accessibility. `changed` carries the key
    that the user took, never one set by the program.
    """

    changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        label: str,
        options: Sequence[ChoiceOption | tuple[str, str]] = (),
        *,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._placeholder = placeholder
        self._options: dict[str, ChoiceOption] = {}
        self._value: str | None = None
        self._problem = False
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToHide.connect(self.update)
        self._group: QActionGroup | None = None
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_menu)
        self.set_label(label)
        self.set_options(options)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def set_label(self, label: str) -> None:
        """What is chosen here, for screen readers."""
        self.setAccessibleName(label)
        self._menu.setAccessibleName(label)

    def set_options(self, options: Sequence[ChoiceOption | tuple[str, str]]) -> None:
        """Offer other entries; the taken one stays if it is still among them."""
        entries = [option if isinstance(option, ChoiceOption) else ChoiceOption(*option) for option in options]
        self._options = {entry.key: entry for entry in entries}
        if self._value not in self._options:
            self._value = None
        self._fill_menu()
        self._refresh()

    def keys(self) -> tuple[str, ...]:
        """All entries, also the ones that can't be taken now."""
        return tuple(self._options)

    def value(self) -> str | None:
        """The key of the taken entry."""
        return self._value

    def set_value(self, key: str | None) -> None:
        """Take an entry without saying so; None takes none. Raises KeyError for an unknown key."""
        if key is not None and key not in self._options:
            raise KeyError(key)
        self._value = key
        self._refresh()

    def set_error(self, problem: str | bool | None) -> None:
        """Outline the control as wrong, or not."""
        self._problem = bool(problem)
        self.update()

    def current_text(self) -> str:
        """What the button shows."""
        return self._placeholder if self._value is None else self._options[self._value].text

    def open_menu(self) -> None:
        """Show all entries below the button, the taken one under the cursor."""
        if not self._options:
            return
        self._menu.setMinimumWidth(self.width())
        taken = next((a for a in self._menu.actions() if a.data() == self._value and a.isCheckable()), None)
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))
        if taken is not None:
            self._menu.setActiveAction(taken)
        self.update()

    def menu_actions(self) -> list[QAction]:
        """The entries of the menu, in order, without headings."""
        return [action for action in self._menu.actions() if action.isCheckable()]

    def sizeHint(self) -> QSize:
        px = self._theme.px
        metrics = QFontMetrics(self.font())
        texts = [option.text for option in self._options.values()] + [self._placeholder]
        widest = max(metrics.horizontalAdvance(text) for text in texts)
        return QSize(min(widest, px(240)) + px(8 + 6 + _CHEVRON + 9), px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(64), self._theme.px(28))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING_KEYS and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        px, color, enabled = self._theme.px, self._theme.color, self.isEnabled()
        fill_rounded(
            painter,
            QRectF(self.rect()),
            px(5),
            color("field" if enabled else "panel"),
            color(self._outline()),
        )
        left, right = px(8), px(_CHEVRON + 9)
        room = QRectF(left, 0, self.width() - left - right - px(4), self.height())
        painter.setFont(self.font())
        role = "disabled" if not enabled else "text3" if self._value is None else "text"
        painter.setPen(color(role))
        text = QFontMetrics(self.font()).elidedText(self.current_text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        chevron = self._theme.pixmap(
            "chevron-down",
            "text3" if enabled else "disabled",
            size=_CHEVRON,
            device_pixel_ratio=self.devicePixelRatioF(),
        )
        painter.drawPixmap(self.width() - right, (self.height() - px(_CHEVRON)) // 2, chevron)

    def _outline(self) -> str:
        if self._problem:
            return "err"
        if not self.isEnabled():
            return "line"
        if self._menu.isVisible():
            return "accent"
        return "line_control" if self.underMouse() else "line_field"

    def _fill_menu(self) -> None:
        self._menu.clear()
        self._group = QActionGroup(self._menu)
        heading = ""
        for option in self._options.values():
            if option.group != heading:
                heading = option.group
                if self._menu.actions():
                    self._menu.addSeparator()
                if heading:
                    title = self._menu.addAction(heading)
                    title.setEnabled(False)
            text = option.text.replace("&", "&&")
            action = self._menu.addAction(f"{text}\t{option.detail}" if option.detail else text)
            action.setData(option.key)
            action.setCheckable(True)
            action.setEnabled(option.enabled)
            action.setToolTip(option.reason if not option.enabled else "")
            self._group.addAction(action)
            action.triggered.connect(lambda _checked, key=option.key: self._take(key))

    def _take(self, key: str) -> None:
        if key == self._value:
            return
        self._value = key
        self._refresh()
        self.changed.emit(key)

    def _refresh(self) -> None:
        self.setAccessibleDescription(self.current_text())
        self.setToolTip("")
        for action in self.menu_actions():
            taken = action.data() == self._value
            action.setChecked(taken)
            action.setIcon(self._theme.icon("check" if taken else "blank", "accent", size=14))
        self.updateGeometry()
        self.update()

    def _refresh_from_theme(self) -> None:
        self.setFont(self._theme.font("label"))
        self.setFixedHeight(self._theme.px(28))
        self._refresh()
