"""A part of a panel that can be folded under its heading."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.controls.divider import Divider
from app.ui.controls.label import Label
from app.ui.controls.painted_button import Look, PaintedButton, Shape
from app.ui.motion import animate_height
from app.ui.theme import Theme

_UNLIMITED_PX = 16_777_215


class Section(QWidget):
    """A heading with a chevron, a quiet note and actions at its right; below it the content, then a line.

    `content` is the layout to fill. The last section of a panel goes without the line: `set_line(False)`.
    """

    toggled = Signal(bool)

    def __init__(self, theme: Theme, title: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._heading = _Heading(theme, title, self)
        self._heading_note = Label(theme, "", font="small", role="text3")
        self._heading_note.hide()
        self._fold = QWidget()
        self.content = QVBoxLayout(self._fold)
        self._bottom_line = Divider(theme)
        self._heading_actions = QHBoxLayout()
        self._heading_row = QHBoxLayout()
        self._heading_row.addWidget(self._heading, 1)
        self._heading_row.addWidget(self._heading_note)
        self._heading_row.addLayout(self._heading_actions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._heading_row)
        column.addWidget(self._fold)
        column.addWidget(self._bottom_line)
        self._heading.toggled.connect(self._fold_or_unfold)
        self._refresh_frame()
        theme.changed.connect(self._refresh_frame)

    def add_action(self, widget: QWidget) -> None:
        """Put a small button at the right end of the heading."""
        self._heading_actions.addWidget(widget)
        self._refresh_frame()

    def set_title(self, title: str) -> None:
        """Other words in the heading."""
        self._heading.setText(title)

    def set_note(self, text: str) -> None:
        """A few quiet words at the right of the heading; empty hides them."""
        self._heading_note.setText(text)
        self._heading_note.setVisible(bool(text))

    def set_line(self, shown: bool) -> None:
        """Draw the line below, or not."""
        self._bottom_line.setVisible(shown)

    def is_open(self) -> bool:
        """Whether the content is unfolded."""
        return self._heading.isChecked()

    def set_open(self, wanted: bool) -> None:
        """Fold or unfold."""
        self._heading.setChecked(wanted)

    def _fold_or_unfold(self, wanted: bool) -> None:
        if wanted:
            self._fold.setMaximumHeight(0)
            self._fold.show()
            height = self._fold.sizeHint().height()
            if self._fold.hasHeightForWidth():
                height = self._fold.heightForWidth(self.width())
            animate_height(
                self._fold,
                height,
                theme=self._theme,
                on_done=lambda: self._fold.setMaximumHeight(_UNLIMITED_PX),
            )
        else:
            animate_height(self._fold, 0, theme=self._theme, on_done=self._fold.hide)
        self.toggled.emit(wanted)

    def _refresh_frame(self) -> None:
        px = self._theme.px
        # Words end where the fields below end; a button has room around its icon already.
        self._heading_row.setContentsMargins(px(10), 0, px(8 if self._heading_actions.count() else 14), 0)
        self._heading_row.setSpacing(px(6))
        self._heading_actions.setSpacing(px(4))
        self.content.setContentsMargins(px(14), 0, px(14), px(12))
        self.content.setSpacing(0)


class _Heading(PaintedButton):
    """Chevron and title; the whole line can be pressed."""

    def __init__(self, theme: Theme, title: str, parent: QWidget) -> None:
        super().__init__(theme, title, Shape(36, 0, icon_size=14, font="strong"), parent=parent)
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def look(self, *, hovered: bool, pressed: bool) -> Look:  # noqa: ARG002 - a heading is always the same
        return Look("text" if self.isEnabled() else "disabled")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() + self._theme.px(20), self._theme.px(36))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self._theme.px(14)
        picture = self._theme.pixmap(
            "chevron-down" if self.isChecked() else "chevron-right",
            "text2" if self.underMouse() else "text3",
            size=14,
            device_pixel_ratio=self.devicePixelRatioF(),
        )
        painter.drawPixmap(0, (self.height() - side) // 2, picture)
        painter.setFont(self._theme.font("strong"))
        painter.setPen(self._theme.color("text" if self.isEnabled() else "disabled"))
        left = side + self._theme.px(6)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
