"""The line above the waveform: which take of what, in which format, how takes are compared, and how close one looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.audio import AudioInfo
from app.domain.take import Take
from app.ui.comparing import NEEDS_TWO, Comparing, letter
from app.ui.controls.ghost_button import GhostButton, IconButton
from app.ui.controls.label import Label
from app.ui.controls.primary_button import PrimaryButton
from app.ui.look_chooser import LookChooser
from app.ui.readouts import audio_line, level
from app.ui.take_switcher import MOST_BUTTONS, TakeSwitcher
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.domain.task import Task

HEIGHT_PX = 40
_LONGEST_TITLE = 160
_TITLE_PX, _SHORT_TITLE_PX = 140, 20  # of a title there is at least so much
_FEW_TAKES = 4
_MANY_TAKES_FROM_PX = 860
_LOOK_WORDS_FROM_PX = 800  # beside the buttons of the takes
_MATCH, _BLIND = "Match loudness", "Blind"
_WHILE_BLIND = "Which take is it?"
_COMPARE_BLIND = "Compare the takes without knowing which is which (B)"
_END_BLIND = "End the blind comparison without a choice (B or Esc)"


class PreviewHead(QWidget):
    """Announces what was clicked and shows what it is told.

    Where there is little room the words of the buttons go first, then the format and buttons of far takes.
    """

    take_chosen = Signal(str)
    match_toggled = Signal(bool)
    blind_toggled = Signal(bool)
    pick_wanted = Signal()
    zoom_out_wanted = Signal()
    zoom_in_wanted = Signal()
    fit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_comparable = True
        self._is_blind = False
        self._toggles: QWidget | None = None
        self._room_asked: tuple[object, ...] = ()
        self._range: QWidget | None = None
        self.switcher = TakeSwitcher(theme)
        self.pick = PrimaryButton(theme, "Pick", size="control")
        self.pick.setToolTip("Choose this one and see which take it is (Enter)")
        self.title = Label(theme, medium=True, elide=True)
        self.format = Label(theme, font="small", role="text3")
        self.match = GhostButton(theme, _MATCH, icon="scale", checkable=True)
        self.blind = GhostButton(theme, _BLIND, icon="eye-off", checkable=True)
        self.matched = Label(theme, font="small", role="text2")
        out = IconButton(theme, "zoom-out", "Zoom out", tooltip="Zoom out (−)")
        closer = IconButton(theme, "zoom-in", "Zoom in", tooltip="Zoom in (+)")
        fit = IconButton(theme, "maximize-2", "Show all", tooltip="Show all (0)", icon_size=15)
        self._zoom = (out, closer, fit)
        self.looks = LookChooser(theme)
        self.match.setAccessibleName(_MATCH)
        self.blind.setAccessibleName("Compare blind")
        self.switcher.chosen.connect(self.take_chosen)
        self.match.toggled.connect(self.match_toggled)
        self.blind.toggled.connect(self.blind_toggled)
        self.pick.clicked.connect(self.pick_wanted)
        out.clicked.connect(self.zoom_out_wanted)
        closer.clicked.connect(self.zoom_in_wanted)
        fit.clicked.connect(self.fit_wanted)
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()

    def show_task(self, task: Task | None, take: Take | None, comparing: Comparing) -> None:
        """Show the takes of a task, and of one of them what it is; nothing of that while they are hidden."""
        if comparing.is_blind and take is not None:
            hidden = comparing.hidden_takes
            self.switcher.show_takes(hidden, take.id, is_blind=True)
            self.title.setText(_WHILE_BLIND)
            how_loud = "equally loud" if comparing.is_fair else "not all of them measured yet"
            self.format.setText(f"{letter(0)} to {letter(len(hidden) - 1)} in a secret order, {how_loud}")
            self.pick.setText(f"Pick {comparing.letter_of(take)}")
        else:
            self.switcher.show_takes(task.takes if task else (), take.id if take else None)
            self.title.setText(" ".join(task.request.title.split())[:_LONGEST_TITLE] if task else "")
            self.format.setText(audio_line(take.info) if take and take.info else "")
        self._is_blind = comparing.is_blind
        self.pick.setVisible(comparing.is_blind)
        self._show_comparing(comparing, take)
        self._refresh_room()

    def show_recording(self, info: AudioInfo) -> None:
        """It is no take but a recording, with nothing to compare it to."""
        self._is_comparable = False
        self.show_format(info)

    def show_format(self, info: AudioInfo) -> None:
        """What is on show, where its take doesn’t say."""
        self.format.setText(audio_line(info))
        self._refresh_room()

    def show_toggles(self, toggles: QWidget) -> None:
        """Make room for what sets how the waveform is drawn and cut, before the choice of zoom."""
        self._row.insertWidget(self._row.indexOf(self.looks) + 1, toggles)
        self._toggles = toggles
        self._room_asked = ()
        self._refresh_room()

    def show_range(self, control: QWidget | None) -> None:
        """Make room for what sets the colours of a spectrogram, before the choice of looks; None: it isn't wanted."""
        if control is self._range:
            return
        if self._range is not None:
            self._range.hide()
        self._range = control
        if control is not None and self._row.indexOf(control) < 0:
            self._row.insertWidget(self._row.indexOf(self.looks), control)
        self._refresh_room()

    def set_zoomable(self, zoomable: bool) -> None:
        """Whether there is a waveform to look at."""
        self.looks.setEnabled(zoomable)
        if self._toggles is not None:
            self._toggles.setEnabled(zoomable)
        for button in self._zoom:
            button.setEnabled(zoomable)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._refresh_room()
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self._theme.px(HEIGHT_PX))

    def _show_comparing(self, comparing: Comparing, take: Take | None) -> None:
        self._is_comparable = take is not None
        is_blind = comparing.is_blind
        for button, is_on in ((self.match, comparing.is_matching), (self.blind, is_blind)):
            with QSignalBlocker(button):
                button.setChecked(is_on)
        words = comparing.words(take)
        self.match.setToolTip(words)
        self.match.setAccessibleDescription(words)
        self.match.setEnabled(not is_blind)
        self.blind.setEnabled(comparing.can_be_blind)
        why_not = "" if comparing.can_be_blind else NEEDS_TWO
        self.blind.setToolTip(why_not or (_END_BLIND if is_blind else _COMPARE_BLIND))
        self.blind.setAccessibleDescription(self.blind.toolTip())
        shows_gain = comparing.is_matching and not is_blind and len(comparing.takes) > 1
        self.matched.setText(f"{level(comparing.gain_db(take))} dB" if shows_gain else "")

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        for widget in (self.switcher, self.pick, self.title, self.format):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self.matched)
        self._row.addWidget(self.match)
        self._row.addWidget(self.blind)
        self._row.addWidget(self.looks)
        self._zooming = QHBoxLayout()
        self._zooming.setSpacing(0)
        for button in self._zoom:
            self._zooming.addWidget(button)
        self._row.addLayout(self._zooming)
        self.pick.hide()

    def _refresh_room(self) -> None:
        """What isn't needed to hear goes first: words that have an icon, the format, the number of decibels."""
        asked = (
            *(self.width(), self._theme.text_scale, self._is_comparable, self._is_blind, self.switcher.count),
            self._range is not None,
            *(label.text() for label in (self.matched, self.format)),
        )
        if asked == self._room_asked:  # each word that is tried out would be told to assistive technology
            return
        self._room_asked = asked
        for button in (self.match, self.blind):
            button.setVisible(self._is_comparable)
        self.matched.setVisible(self._is_comparable and bool(self.matched.text()))
        self.format.setVisible(bool(self.format.text()))
        self.looks.setVisible(not self._is_blind)
        self._show_toggles(shown=not self._is_blind)
        self._show_range(shown=not self._is_blind)
        self._set_words(shown=True)
        self.title.setMinimumWidth(self._theme.px(_TITLE_PX))
        self._show_zoom(shown=not self._is_blind)
        # These make new buttons each time, so they aren't tried out.
        self.switcher.set_most(MOST_BUTTONS if self.width() >= self._theme.px(_MANY_TAKES_FROM_PX) else _FEW_TAKES)
        beside = self.width() - self.switcher.sizeHint().width()
        self.looks.show_words(has_words=beside >= self._theme.px(_LOOK_WORDS_FROM_PX))
        sacrifices: tuple[Callable[[], None], ...] = (
            lambda: self._set_words(shown=False),
            self.format.hide,
            self.matched.hide,
            lambda: self._show_toggles(shown=False),
            lambda: self._show_range(shown=False),
            lambda: self.title.setMinimumWidth(self._theme.px(_SHORT_TITLE_PX)),
            lambda: self._show_zoom(shown=False),
        )
        for give_up in sacrifices:
            self._zooming.invalidate()  # a layout within another one isn't told
            if self._row.minimumSize().width() <= self.width():
                return
            give_up()

    def _set_words(self, *, shown: bool) -> None:
        self.match.setText(_MATCH if shown else "")
        self.blind.setText(_BLIND if shown else "")

    def _show_toggles(self, *, shown: bool) -> None:
        if self._toggles is not None:
            self._toggles.setVisible(shown)

    def _show_range(self, *, shown: bool) -> None:
        if self._range is not None:
            self._range.setVisible(shown)

    def _show_zoom(self, *, shown: bool) -> None:
        for button in self._zoom:
            button.setVisible(shown)

    def _refresh_from_theme(self) -> None:
        px = self._theme.px
        self.setFixedHeight(px(HEIGHT_PX))
        self._row.setContentsMargins(px(14), 0, px(12), 0)
        self._row.setSpacing(px(10))
        self._refresh_room()
