"""A few choices side by side, one of them taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice. Without a text the icon stands alone and `name` is spoken."""

    key: str
    text: str
    icon: str | None = None
    name: str = ""


class SegmentedControl(QWidget):
    """Exclusive choices as real buttons: Tab enters at the taken one, arrows take the next.

    `changed` carries the key that the user took, never one set by the program.

    Args:
        fits_words: Each choice is as wide as its words need, instead of all the same.
    """

    changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        label: str,
        options: Sequence[Segment | tuple[str, str]] = (),
        *,
        fits_words: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stretch = 0 if fits_words else 1
        self._buttons: dict[str, _SegmentButton] = {}
        self._problem = False
        self._announced: str | None = None
        self._silent = False
        self._row = QHBoxLayout(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)
        self.set_label(label)
        self.set_options(options)

    def set_label(self, label: str) -> None:
        """What is chosen here, for screen readers."""
        self.setAccessibleName(label)
        for button in self._buttons.values():
            button.setAccessibleDescription(label)

    def set_options(self, options: Sequence[Segment | tuple[str, str]]) -> None:
        """Offer other choices; the taken one stays if it is still among them."""
        taken = self.value()
        for button in self._buttons.values():
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for option in options:
            segment = option if isinstance(option, Segment) else Segment(*option)
            button = _SegmentButton(self._theme, segment, self)
            button.setAccessibleDescription(self.accessibleName())
            # Not `clicked`: assistive technology toggles a button without clicking it.
            button.toggled.connect(lambda checked, key=segment.key: self._on_toggled(key, checked))
            self._buttons[segment.key] = button
            self._row.addWidget(button, self._stretch)
            button.show()  # at once: its width counts where room is looked for
        self.set_value(taken if taken in self._buttons else None)
        self.updateGeometry()

    def keys(self) -> tuple[str, ...]:
        """All choices, also the ones that can't be taken now."""
        return tuple(self._buttons)

    def value(self) -> str | None:
        """The key of the taken choice."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), None)

    def set_value(self, key: str | None) -> None:
        """Take a choice without saying so; None takes none. Raises KeyError for an unknown key."""
        self._silent = True
        if key is not None:
            self._buttons[key].setChecked(True)
        else:
            for button in self._buttons.values():
                button.setAutoExclusive(False)
                button.setChecked(False)
                button.setAutoExclusive(True)
        self._silent = False
        self._refresh()

    def set_option_enabled(self, key: str, enabled: bool, reason: str = "") -> None:
        """Close a choice, and say why in its tooltip."""
        button = self._buttons[key]
        button.setEnabled(enabled)
        button.setToolTip("" if enabled else reason)
        self._refresh()

    def set_tooltip(self, key: str, text: str) -> None:
        """Say more about a choice, such as its key, while it can be taken."""
        self._buttons[key].setToolTip(text)

    def set_error(self, problem: str | bool | None) -> None:
        """Outline the control as wrong, or not."""
        self._problem = bool(problem)
        self.update()

    def step(self, direction: int) -> None:
        """Take the next choice that can be taken, as the arrow keys do; stops at the ends."""
        keys = [key for key, button in self._buttons.items() if button.isEnabled()]
        if not keys:
            return
        taken = self.value()
        place = keys.index(taken) + direction if taken in keys else 0
        key = keys[min(max(place, 0), len(keys) - 1)]
        self._buttons[key].setFocus(Qt.FocusReason.TabFocusReason)
        self._buttons[key].setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        outline = "err" if self._problem else "line_field" if self.isEnabled() else "line"
        fill_rounded(
            QPainter(self),
            QRectF(self.rect()),
            self._theme.px(5),
            self._theme.color("field" if self.isEnabled() else "panel"),
            self._theme.color(outline),
        )

    def _on_toggled(self, key: str, checked: bool) -> None:
        if checked and not self._silent and key != self._announced:
            self._refresh()
            self.changed.emit(key)

    def _refresh(self) -> None:
        """One stop for Tab: the taken choice, else the first that can be taken."""
        self._announced = self.value()
        taken = self._buttons.get(self._announced or "")
        usable = [button for button in self._buttons.values() if button.isEnabled()]
        stop = taken if taken in usable else usable[0] if usable else None
        for button in self._buttons.values():
            on_tab = Qt.FocusPolicy.StrongFocus if button is stop else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(on_tab)
            button.update()
        if stop is not None:
            self.setFocusProxy(stop)
        self.update()

    def _refresh_from_theme(self) -> None:
        inset = self._theme.px(2)
        self._row.setContentsMargins(inset, inset, inset, inset)
        self._row.setSpacing(inset)
        self.setFixedHeight(self._theme.px(28))
        self.update()


class _SegmentButton(PaintedButton):
    def __init__(self, theme: Theme, segment: Segment, control: SegmentedControl) -> None:
        self._control = control
        super().__init__(theme, segment.text, Shape(24, 10, radius=3, gap=5), icon=segment.icon, parent=control)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # may become narrower than it likes
        self.setAccessibleName(segment.name or segment.text)
        if not segment.text:
            self.setToolTip(segment.name)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(24))

    def minimumSizeHint(self) -> QSize:
        # A narrow column takes from the padding before it cuts a word.
        hint = self.sizeHint()
        return QSize(hint.width() - 2 * self._theme.px(7), hint.height())

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        if not self.isEnabled():
            return Look("disabled")
        if self.isChecked():
            return Look("accent", fill="accent_tint", bold=True)
        return Look("text" if hovered or pressed else "text2")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._control.step(step)
            return
        super().keyPressEvent(event)
