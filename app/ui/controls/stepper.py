"""A whole number between minus and plus."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.controls.painting import fill_rounded
from app.ui.theme import Theme


class Stepper(QWidget):
    """Minus, the number, plus; the number can be typed, and with the focus arrow keys and wheel move it.

    `changed` carries what the user chose. A typed number outside the range becomes the nearest one,
    and `clamped` says so in a sentence.
    """

    changed = Signal(int)
    clamped = Signal(str)

    def __init__(
        self,
        theme: Theme,
        label: str,
        *,
        minimum: int = 1,
        maximum: int = 4,
        value: int = 1,
        step: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._problem = False
        self._number = _Number(label, self)
        self._number.setSingleStep(step)
        self._less = _StepButton(theme, "minus", f"{label}: less", self)
        self._more = _StepButton(theme, "plus", f"{label}: more", self)
        self._row = QHBoxLayout(self)
        for widget in (self._less, self._number, self._more):
            self._row.addWidget(widget)
        self.setAccessibleName(label)
        self.setFocusProxy(self._number)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_range(minimum, maximum)
        self.set_value(value)
        self._less.clicked.connect(lambda: self._number.stepBy(-1))
        self._more.clicked.connect(lambda: self._number.stepBy(1))
        self._number.valueChanged.connect(self._on_value_changed)
        self._number.clamped.connect(self.clamped)
        self._refresh_from_theme()
        theme.changed.connect(self._refresh_from_theme)

    def value(self) -> int:
        """The number."""
        return self._number.value()

    def set_value(self, value: int) -> None:
        """Show a number, kept within the range, without saying so."""
        blocked = self._number.blockSignals(True)
        self._number.setValue(value)
        self._number.blockSignals(blocked)
        self._refresh()

    def set_range(self, minimum: int, maximum: int) -> None:
        """Other limits; the number is kept within them."""
        blocked = self._number.blockSignals(True)
        self._number.setRange(minimum, maximum)
        self._number.blockSignals(blocked)
        self._refresh()

    def range(self) -> tuple[int, int]:
        """Lowest and highest number."""
        return self._number.minimum(), self._number.maximum()

    def set_error(self, problem: str | bool | None) -> None:
        """Outline the control as wrong, or not."""
        self._problem = bool(problem)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        editing = self._number.hasFocus()
        role = "err" if self._problem else "accent" if editing else "line_field" if self.isEnabled() else "line"
        fill_rounded(
            painter,
            QRectF(self.rect()),
            self._theme.px(5),
            self._theme.color("field" if self.isEnabled() else "panel"),
            self._theme.color(role),
        )
        line = self._theme.color("line")
        for x in (self._less.geometry().right() + 1, self._more.geometry().left() - 1):
            painter.fillRect(x, 1, 1, self.height() - 2, line)

    def _on_value_changed(self, value: int) -> None:
        self._refresh()
        self.changed.emit(value)

    def _refresh(self) -> None:
        self._less.setEnabled(self.value() > self._number.minimum())
        self._more.setEnabled(self.value() < self._number.maximum())

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        for part in (self._number, self._number.lineEdit()):  # the inner one doesn't follow by itself
            part.setFont(self._theme.font("strong"))
        palette = self._theme.palette
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self._number.setPalette(palette)
        digits = len(str(self._number.maximum()))
        self._number.setFixedSize(px(32 + max(0, digits - 2) * 8), px(26))
        self._row.setContentsMargins(1, 0, 1, 0)
        self._row.setSpacing(1)
        self.setFixedHeight(px(28))
        self.update()


class _Number(QSpinBox):
    clamped = Signal(str)

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("stepperNumber")
        self.setFrame(False)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setAccessibleName(label)
        self.setKeyboardTracking(False)
        self.setAccessibleName(label)
        self.setProperty("ringTarget", True)
        self._mended = ""
        self.editingFinished.connect(self._tell_mended)
        self.lineEdit().textChanged.connect(self._take_over)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing: the control paints the frame, and the editor inside paints the number."""

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        """Any whole number may be typed; one outside the range is mended when the field is left."""
        number = _whole_number(text)
        if number is None:
            typing = text.strip() in ("", "-", "−", "+")
            return (QValidator.State.Intermediate if typing else QValidator.State.Invalid), text, pos
        if self.minimum() <= number <= self.maximum():
            return QValidator.State.Acceptable, text, pos
        return QValidator.State.Intermediate, text, pos

    def valueFromText(self, text: str) -> int:
        number = _whole_number(text)
        return self.value() if number is None else number

    def fixup(self, text: str) -> str:
        number = _whole_number(text)
        if number is None:
            return str(self.value())
        nearest = min(max(number, self.minimum()), self.maximum())
        limit = "lowest" if number < self.minimum() else "highest"
        self._mended = f"{number} is out of range. {nearest} is the {limit}."
        return str(nearest)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.OtherFocusReason:
            self.selectAll()  # as with Tab: what is typed replaces the number
        self._repaint_frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint_frame()

    def _take_over(self) -> None:
        """A number that a screen reader or dictation puts here, without giving the focus, counts as typed."""
        if not self.hasFocus():
            self.interpretText()
            self._tell_mended()

    def _tell_mended(self) -> None:
        # Only now has the number itself been announced: the sentence must not come before it.
        sentence, self._mended = self._mended, ""
        if sentence:
            self.clamped.emit(sentence)

    def _repaint_frame(self) -> None:
        frame = self.parentWidget()
        if frame is not None:
            frame.update()


class _StepButton(PaintedButton):
    """Half of the control; not a stop for Tab, since the arrow keys do the same."""

    def __init__(self, theme: Theme, icon: str, name: str, parent: QWidget) -> None:
        super().__init__(theme, "", Shape(26, 7, radius=4, icon_size=14), icon=icon, parent=parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoRepeat(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def look(self, *, hovered: bool, pressed: bool) -> Look:
        if not self.isEnabled():
            return Look("disabled")
        return Look("text" if hovered else "text2", fill="pressed" if pressed else "raised" if hovered else None)


def _whole_number(text: str) -> int | None:
    try:
        return int(text.strip().replace("−", "-"))
    except ValueError:
        return None
