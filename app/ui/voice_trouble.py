"""Where there is no list of voices: why, what to do, and a field for the id of a voice."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain import errors
from app.domain.errors import AppError
from app.ui.controls.button import Button
from app.ui.controls.label import Label
from app.ui.controls.text_field import TextField
from app.ui.error_messages import error_text
from app.ui.theme import Theme

_NOT_LOADED = "The voices couldn’t be loaded. Type a voice id or try again."
_NONE_LISTED = "This service lists no voices. Type a voice id."


@dataclass(frozen=True, slots=True)
class WhyNoVoices:
    """
    Attributes:
        reason: What happened, as a sentence.
        way: The words of a button that leads to the keys; empty where they don't matter.
    """

    reason: str = ""
    way: str = ""

    @classmethod
    def of(cls, error: AppError, service: str) -> WhyNoVoices:
        """
        Args:
            service: The name people know it by.
        """
        match error:
            case errors.KeyUnconfirmed():
                return cls(f"The key for {service} was given for another address.", "Open services")
            case errors.CredentialsMissing():
                return cls(f"{service} needs a key before it lists its voices.", "Add key")
            case errors.CredentialsRejected():
                return cls(f"{service} refused the key.", "Open services")
            case errors.NotConnected():
                return cls(f"There is no connection to {service}.")
            case _:
                return cls(error_text(error, service=service).sentence)


class VoiceTrouble(QWidget):
    """`typed` carries an id."""

    typed = Signal(str)
    reload_wanted = Signal()
    keys_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._known = ""  # the id that everybody knows of
        self._words = Label(theme, font="small", role="text2", wrap=True)
        self._reason = Label(theme, font="caption", role="text3", wrap=True)
        self.field = TextField(theme, "Voice id", placeholder="Voice id")
        self._again = Button(theme, "Try again")
        self._keys = Button(theme, "")
        self._buttons, self._column = QHBoxLayout(), QVBoxLayout(self)
        self._buttons.addWidget(self._keys)
        self._buttons.addWidget(self._again)
        self._buttons.addStretch(1)
        for part in (self._words, self._reason, self.field):
            self._column.addWidget(part)
        self._column.addLayout(self._buttons)
        self._column.setContentsMargins(0, 0, 0, 0)
        # With every letter, as in the prompt: what stands there when Generate is clicked is what is sent.
        self.field.textEdited.connect(lambda _text: self._announce())
        self.field.editingFinished.connect(self._announce)
        self._again.clicked.connect(self.reload_wanted)
        self._keys.clicked.connect(self.keys_wanted)
        theme.changed.connect(self._refresh_sizes)
        self._refresh_sizes()

    def explain(self, why: WhyNoVoices | None) -> None:
        """Say why there is no list; None where the service has none."""
        self._words.setText(_NOT_LOADED if why is not None else _NONE_LISTED)
        reason = why.reason if why is not None else ""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self._keys.setText(why.way if why is not None else "")
        self._keys.setVisible(bool(self._keys.text()))

    def show_chosen(self, voice: str | None) -> None:
        """The id that is chosen now; what is being typed isn't disturbed."""
        self._known = voice or ""
        if self.field.text().strip() != self._known:
            self.field.setText(self._known)

    def show_problem(self, problem: str | None) -> None:
        self.field.set_error(problem)

    def take_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _announce(self) -> None:
        voice = self.field.text().strip()
        if voice != self._known:
            self._known = voice
            self.typed.emit(voice)

    def _refresh_sizes(self) -> None:
        self._column.setSpacing(self._theme.px(6))
        self._buttons.setSpacing(self._theme.px(8))
