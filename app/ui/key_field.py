"""Where a key is pasted: hidden unless asked for, and gone as soon as it is kept."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.controls.button import Button
from app.ui.controls.ghost_button import IconButton
from app.ui.controls.link import LinkButton
from app.ui.controls.note_line import NoteLine, NoteTone
from app.ui.controls.primary_button import PrimaryButton
from app.ui.controls.text_field import TextField
from app.ui.theme import Theme

_EYE_PX = 24
_FOR_SECRETS = (
    Qt.InputMethodHint.ImhSensitiveData
    | Qt.InputMethodHint.ImhHiddenText
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhNoAutoUppercase
)


class KeyField(TextField):
    """Dots instead of letters; the eye shows what was pasted. No keyboard that learns words is told about it."""

    def __init__(self, theme: Theme, service: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, f"Key for {service}", secret=True, parent=parent)
        self._service = service
        self._eye = IconButton(theme, "eye", "", size=_EYE_PX, icon_size=15, parent=self)
        self._eye.setCursor(Qt.CursorShape.ArrowCursor)
        self._eye.clicked.connect(self._toggle)
        self.textChanged.connect(self._refresh_from_theme)
        self._show_as(QLineEdit.EchoMode.Password)

    def forget(self) -> None:
        """Empty and hidden again; what was typed can't be brought back with undo either."""
        self.setText("")  # unlike `clear` this also empties the undo history
        self._show_as(QLineEdit.EchoMode.Password)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self._eye.sizeHint()
        left, top = self.width() - side.width() - 2, (self.height() - side.height()) // 2
        self._eye.setGeometry(QRect(left, top, side.width(), side.height()))

    def _right_room(self) -> int:
        return self._theme.px(_EYE_PX)

    def _refresh_from_theme(self) -> None:
        super()._refresh_from_theme()
        self._space_out(self.echoMode() is QLineEdit.EchoMode.Password and bool(self.text()))

    def _space_out(self, wanted: bool) -> None:
        """Dots stand apart; a placeholder and letters don't."""
        font = self.font()
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self._theme.px(1) if wanted else 0)
        self.setFont(font)

    def _toggle(self) -> None:
        is_hidden = self.echoMode() is QLineEdit.EchoMode.Password
        self._show_as(QLineEdit.EchoMode.Normal if is_hidden else QLineEdit.EchoMode.Password)

    def _show_as(self, mode: QLineEdit.EchoMode) -> None:
        is_hidden = mode is QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        self.setInputMethodHints(_FOR_SECRETS)  # changing the mode sets hints of its own
        self._refresh_from_theme()
        self._eye.set_icon("eye" if is_hidden else "eye-off")
        verb = "Show" if is_hidden else "Hide"
        self._eye.set_name(f"{verb} the key for {self._service}", f"{verb} the key")


class KeyEntry(QWidget):
    """The field with what can be done about a key in it, what is wrong with it, and where to get one.

    Args:
        service: The name people know it by.
        page: Where a key is had; empty for nowhere.
    """

    save_wanted = Signal(str)
    session_wanted = Signal(str)
    page_wanted = Signal()

    def __init__(self, theme: Theme, service: str, page: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._service = service
        self.field = KeyField(theme, service)
        self.field.setPlaceholderText("Paste the key")
        self._save = PrimaryButton(theme, "Save and test", size="control")
        self._session = Button(theme, "Until I quit")
        self._session.setAccessibleName(f"Use the key for {service} until I quit")
        self._session.setAccessibleDescription("Keeps the key in memory only")
        self._session.setToolTip("Keeps the key in memory only")
        self._problem = NoteLine(theme)
        self._page = LinkButton(theme, f"Get a key at {service}")
        self._has_page = bool(page)
        self._row, self._column = QHBoxLayout(), QVBoxLayout(self)
        self._lay_out()
        self._refresh_sizes()
        theme.changed.connect(self._refresh_sizes)
        self._save.clicked.connect(lambda: self.save_wanted.emit(self._typed()))
        self._session.clicked.connect(lambda: self.session_wanted.emit(self._typed()))
        self._page.clicked.connect(self.page_wanted)

    def show_test(self, can_test: bool) -> None:
        """Promise a test only where the service has one."""
        self._save.setText("Save and test" if can_test else "Save key")
        self._save.setAccessibleName(f"{'Save and test' if can_test else 'Save'} the key for {self._service}")

    def show_page(self, is_wanted: bool) -> None:
        """Say where a key is had, to those who have none."""
        self._page.setVisible(is_wanted and self._has_page)

    def show_problem(self, problem: str, *, is_refused: bool = False) -> None:
        """Say at the field what is wrong with what was typed; a refused key is told elsewhere in the row."""
        self._problem.say(problem, NoteTone.PROBLEM)
        self.field.set_error(bool(problem) or is_refused)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves; it doesn't reach the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.field.hasFocus():
            self._save.click()
            return
        super().keyPressEvent(event)

    def _typed(self) -> str:
        return self.field.text().strip()

    def _lay_out(self) -> None:
        self._row.addWidget(self.field, 1)
        self._row.addWidget(self._save)
        self._row.addWidget(self._session)
        self._column.addLayout(self._row)
        self._column.addWidget(self._problem)
        self._column.addWidget(self._page)

    def _refresh_sizes(self) -> None:
        px = self._theme.px
        self._row.setSpacing(px(8))
        self._column.setSpacing(px(4))
        self._column.setContentsMargins(0, 0, 0, 0)
