"""All keys of the window in one table: what the sheet shows is what the window does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from app.ui.controls.search_field import SearchField


class Deed(Enum):
    """What a key does."""

    GENERATE = "Generate"
    MODEL = "Choose the model"
    PLAY = "Play, pause"
    START = "To the start"
    TAKE = "Switch take at the same position"
    LOOP = "Loop on, off"
    LOOP_START = "Loop start here"
    LOOP_END = "Loop end here"
    ZOOM_IN = "Zoom in"
    ZOOM_OUT = "Zoom out"
    ZOOM_FIT = "Show the whole take"
    ZOOM_SELECTION = "Show the selection"
    MATCH = "Match loudness"
    BLIND = "Compare blind"
    PICK = "Pick, while blind"
    MONITOR = "Stereo, left, right, mono"
    SPECTROGRAM = "Waveform, spectrogram"
    OVERLAY = "Waveform over spectrogram"
    TRIM_START = "Trim start here"
    TRIM_END = "Trim end here"
    SNAP = "Snap to zero crossings"
    DECIBELS = "Waveform in dB, linear"
    FAVOURITE = "Favourite"
    RATING = "Rating"
    NOTE = "Note"
    EXPORT = "Export"
    EXPORT_AGAIN = "Export again, same settings"
    BATCH = "Import a script"
    SEARCH = "Search"
    FILTER = "Filters: all, pending, done, failed, favourites"
    CANCEL = "Cancel the selected task"
    DECIDE = "Decide about the selected task"
    RETRY = "Retry the same task"
    REUSE = "Take prompt and settings back into the panels"
    DELETE = "To the bin"
    UNDO = "Undo"
    REDO = "Redo"
    COPY = "Copy as files"
    PROMPT = "Go to the prompt"
    VOICE = "Go to the voice"
    AUDIO = "Go to the audio settings"
    NEXT_AREA = "Next area"
    PREVIOUS_AREA = "Previous area"
    MESSAGES = "All messages"
    SERVICES = "Services and keys"
    SPENDING = "Spending"
    SETTINGS = "Settings"
    MENU = "Menu"
    STOP = "Stop the sound, then leave the field"
    SHEET = "This sheet"
    QUIT = "Quit"


@dataclass(frozen=True, slots=True)
class Binding:
    """Keys for a deed. Several numbered ones share a deed: `number` tells them apart.

    Attributes:
        is_single: A key without Ctrl or Alt, or one that types a sign on some keyboards: it doesn't act while a
            text field has the focus.
    """

    keys: str
    deed: Deed
    number: int = 0
    is_single: bool = False


class KeyGroup(NamedTuple):
    """Bindings that belong together, in the order of the sheet."""

    title: str
    bindings: tuple[Binding, ...]


WAVEFORM = KeyGroup(
    "Waveform",
    (
        Binding("+", Deed.ZOOM_IN, is_single=True),
        Binding("-", Deed.ZOOM_OUT, is_single=True),
        Binding("0", Deed.ZOOM_FIT, is_single=True),
        Binding("E", Deed.ZOOM_SELECTION, is_single=True),
        Binding("S", Deed.SPECTROGRAM, is_single=True),
        Binding("Shift+S", Deed.OVERLAY, is_single=True),
        Binding("D", Deed.DECIBELS, is_single=True),
        Binding("Z", Deed.SNAP, is_single=True),
        Binding("[", Deed.TRIM_START, is_single=True),
        Binding("]", Deed.TRIM_END, is_single=True),
    ),
)

GROUPS: tuple[KeyGroup, ...] = (
    KeyGroup(
        "Listen",
        (
            Binding("Space", Deed.PLAY, is_single=True),
            Binding("Home", Deed.START, is_single=True),
            Binding("Esc", Deed.STOP, is_single=True),
            Binding("L", Deed.LOOP, is_single=True),
            Binding("I", Deed.LOOP_START, is_single=True),
            Binding("O", Deed.LOOP_END, is_single=True),
            Binding("C", Deed.MONITOR, is_single=True),
        ),
    ),
    KeyGroup(
        "Compare takes",
        (
            *(Binding(str(take), Deed.TAKE, take, is_single=True) for take in range(1, 10)),
            Binding("M", Deed.MATCH, is_single=True),
            Binding("B", Deed.BLIND, is_single=True),
            Binding("Return", Deed.PICK, is_single=True),
            Binding("Enter", Deed.PICK, is_single=True),
        ),
    ),
    KeyGroup(
        "Generate",
        (
            Binding("Ctrl+Return", Deed.GENERATE),
            Binding("Ctrl+Enter", Deed.GENERATE),
            Binding("Ctrl+L", Deed.MODEL),
            Binding("Alt+1", Deed.PROMPT),
            Binding("Alt+2", Deed.VOICE),
            Binding("Alt+3", Deed.AUDIO),
            Binding("Ctrl+B", Deed.BATCH),
        ),
    ),
    WAVEFORM,
    KeyGroup(
        "Window",
        (
            Binding("F6", Deed.NEXT_AREA),
            Binding("Shift+F6", Deed.PREVIOUS_AREA),
            Binding("Ctrl+Shift+M", Deed.MESSAGES),
            Binding("Ctrl+K", Deed.SERVICES),
            Binding("Ctrl+Shift+S", Deed.SPENDING),
            Binding("Ctrl+,", Deed.SETTINGS),
            Binding("F10", Deed.MENU),
            Binding("F1", Deed.SHEET),
            Binding("Ctrl+/", Deed.SHEET),
            Binding("Ctrl+Q", Deed.QUIT),
        ),
    ),
    KeyGroup(
        "Library",
        (
            Binding("F", Deed.FAVOURITE, is_single=True),
            # Ctrl+Alt is AltGr on Windows, where it types signs such as braces.
            *(Binding(f"Ctrl+Alt+{rating}", Deed.RATING, rating, is_single=True) for rating in range(6)),
            Binding("N", Deed.NOTE, is_single=True),
            Binding("Ctrl+F", Deed.SEARCH),
            *(Binding(f"Ctrl+{place}", Deed.FILTER, place) for place in range(1, 6)),
            Binding("Ctrl+.", Deed.CANCEL),
            Binding("Ctrl+D", Deed.DECIDE),
            Binding("Ctrl+R", Deed.RETRY),
            Binding("Ctrl+Shift+R", Deed.REUSE),
            Binding("Del", Deed.DELETE, is_single=True),
            Binding("Ctrl+Z", Deed.UNDO),
            Binding("Ctrl+Shift+Z", Deed.REDO),
        ),
    ),
    KeyGroup(
        "Hand over",
        (
            Binding("Ctrl+E", Deed.EXPORT),
            Binding("Ctrl+Shift+E", Deed.EXPORT_AGAIN),
            Binding("Ctrl+C", Deed.COPY, is_single=True),
        ),
    ),
)
BINDINGS: tuple[Binding, ...] = tuple(binding for group in GROUPS for binding in group.bindings)

OWN_KEYS = "ownKeys"
"""A widget's property: the single keys that mean something of its own while it has the focus."""

# Held down, these go on; everything else acts once.
_REPEATING = (Deed.ZOOM_IN, Deed.ZOOM_OUT)
# Their keys press a button that has the focus.
_PRESSING = (Deed.PLAY, Deed.PICK)
_TYPING = (QLineEdit, QPlainTextEdit, QAbstractSpinBox)


def is_typing() -> bool:
    """Whether a text field has the focus, so that letters belong to it; in a text to be read nobody types."""
    focused = QApplication.focusWidget()
    return isinstance(focused, _TYPING) and not focused.isReadOnly()


class Shortcuts(QObject):
    """Binds every key of the table to its deed.

    Keys with Ctrl, Alt or a function key are Qt shortcuts. Single keys are taken from the window's widgets before
    these see them, unless a text is being typed: a list would search with letters otherwise.

    Args:
        act: Carries out a deed; the number is that of its binding.
        can: Whether a deed can be done now; the key of one that can't is left to the widget with the focus.
    """

    def __init__(
        self, window: QWidget, act: Callable[[Deed, int], None], can: Callable[[Deed], bool] = lambda _deed: True
    ) -> None:
        super().__init__(window)
        self._window = window
        self._act = act
        self._can = can
        self._single: dict[int, Binding] = {}
        self._is_focus_from_mouse = False
        for binding in BINDINGS:
            sequence = QKeySequence(binding.keys)
            if binding.is_single:
                self._single[_first_key(sequence)] = binding
                continue
            shortcut = QShortcut(sequence, window)
            shortcut.activated.connect(lambda each=binding: self._act(each.deed, each.number))
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event:
            case QKeyEvent() if event.type() is QEvent.Type.KeyPress:
                return self._act_on(watched, event)
            case QFocusEvent() if event.gotFocus():
                self._is_focus_from_mouse = event.reason() is Qt.FocusReason.MouseFocusReason
        return False

    def _act_on(self, watched: QObject, event: QKeyEvent) -> bool:
        if not isinstance(watched, QWidget) or watched.window() is not self._window:
            return False
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            return False
        binding = self._single.get(_pressed(event))
        if binding is None or not self._can(binding.deed):
            return False
        if binding.keys in (watched.property(OWN_KEYS) or ()):
            return False
        if is_typing() and not (binding.deed is Deed.STOP and not _clears_with_escape()):
            return False
        focused = QApplication.focusWidget()
        if binding.deed in _PRESSING and self._presses_buttons(focused):
            return False
        if not event.isAutoRepeat() or binding.deed in _REPEATING:
            self._act(binding.deed, binding.number)
        return True

    def _presses_buttons(self, widget: QWidget | None) -> bool:
        """A button reached by keyboard is pressed by Space or Enter, as everywhere. One that was clicked isn't: the
        next Space is meant to play."""
        return isinstance(widget, QAbstractButton) and not self._is_focus_from_mouse


def _clears_with_escape() -> bool:
    """A search field with a text in it: the first Esc clears it."""
    focused = QApplication.focusWidget()
    return isinstance(focused, SearchField) and bool(focused.text())


def _first_key(sequence: QKeySequence) -> int:
    """The only key of a sequence, with its modifiers."""
    key = sequence[0]  # type: ignore[index]  # the stubs don't know that it has an order
    assert isinstance(key, QKeyCombination)
    return key.toCombined()


def _pressed(event: QKeyEvent) -> int:
    """The key as a shortcut names it: `+` is typed with Shift on many keyboards, and `[` with AltGr, which is Ctrl
    with Alt to some systems."""
    if event.text() in ("[", "]"):
        return int(event.key())
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.text() in ("+", "-") or event.text().isdecimal():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return int(event.key()) | modifiers.value
